"""Rows: a table of a world folder as text that can be corrected cell by cell."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from circlesim.errors import Faults
from circlesim.world.sheet import read_sheet, write_sheet


class Rows:
    """
    A table as text; what nobody corrects is written back as it was read.

    Parameters
    ----------
    path : Path
        The CSV file.
    faults : Faults
        Receives what is wrong with the file as a whole.
    """

    def __init__(self, path: Path, faults: Faults) -> None:
        sheet = read_sheet(path, faults)
        self.file = path.name
        self.header: list[str] = list(sheet.header) if sheet else []
        self.rows: list[dict[str, str]] = []
        for cells in sheet.rows if sheet else ():
            self.rows.append(dict(zip(self.header, cells, strict=True)))
        self.touched: dict[int, list[str]] = {}

    def column(self, name: str) -> list[str]:
        """
        Return a column.

        Parameters
        ----------
        name : str
            Header.

        Returns
        -------
        list of str
            Its cells without blanks around them; empty texts where the file has no such column.
        """
        return [row.get(name, "").strip() for row in self.rows]

    def put(self, position: int, cells: Mapping[str, str], where: str) -> bool:
        """
        Correct cells of a row.

        Parameters
        ----------
        position : int
            Row, from 0.
        cells : mapping of str to str
            Column to text; a column the file does not have yet is added where a text is to stand in it.
        where : str
            Entry of the edit file.

        Returns
        -------
        bool
            True where anything is different now.
        """
        row, changed = self.rows[position], False
        for name, text in cells.items():
            if row.get(name, "").strip() != text:
                changed = True
                row[name] = text
                if name not in self.header:
                    self.header.append(name)
        self.touched.setdefault(position, []).append(where)
        return changed

    def add(self, cells: Mapping[str, str], where: str) -> None:
        """
        Add a row at the end.

        Parameters
        ----------
        cells : mapping of str to str
            Column to text.
        where : str
            Entry of the edit file.
        """
        self.rows.append({})
        self.put(len(self.rows) - 1, cells, where)

    def drop(self, positions: set[int]) -> None:
        """
        Take rows out.

        Parameters
        ----------
        positions : set of int
            Rows, from 0.
        """
        kept = [place for place in range(len(self.rows)) if place not in positions]
        self.touched = {new: self.touched[old] for new, old in enumerate(kept) if old in self.touched}
        self.rows = [self.rows[place] for place in kept]

    def write(self, folder: Path) -> None:
        """
        Write the table.

        Parameters
        ----------
        folder : Path
            Folder; the file keeps its name.
        """
        cells = ([row.get(name, "") for name in self.header] for row in self.rows)
        write_sheet(folder / self.file, self.header, cells)
