"""World folder: a world as plain files, read with every fault at once and written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from circlesim.catalog.format_set import Formats
from circlesim.errors import Faults, WorldError
from circlesim.schema import (
    CENSUS,
    EDGES,
    FACILITIES,
    FORMAT_TABLE,
    HOMES,
    NODES,
    RESIDENTS,
    Cells,
    Table,
    check_table,
)
from circlesim.schema.check import SHOWN
from circlesim.world.census import census_columns, census_margins
from circlesim.world.checks import check_connected, check_hashes, check_streets
from circlesim.world.facilities import Facilities
from circlesim.world.facility_table import (
    build_facilities,
    check_money,
    facility_columns,
    money_scale,
    read_all_hours,
    write_facilities,
)
from circlesim.world.format_table import folder_formats, write_formats
from circlesim.world.margins import Margins
from circlesim.world.personal import personal_faults, without_columns
from circlesim.world.population import Population
from circlesim.world.resident_table import (
    build_population,
    check_children,
    check_means,
    resident_columns,
    write_residents,
)
from circlesim.world.settings import FILE as WORLD_FILE
from circlesim.world.settings import Settings, read_settings, settings_text
from circlesim.world.sheet import read_sheet
from circlesim.world.snapping import SnapReport, snap
from circlesim.world.street_table import build_streets, node_rows, unknown_nodes, write_streets
from circlesim.world.streets import Streets
from circlesim.world.world import World

if TYPE_CHECKING:
    from circlesim.world.census_fit import CensusFit
    from circlesim.world.census_people import CensusPeople, HouseholdTable

Cols = Mapping[str, Cells]
Rows = NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderReport:
    """
    A world folder as read, with what the reader filled in.

    Parameters
    ----------
    world : World
        The world.
    rows : dict of str to int
        Rows read, by file.
    filled : dict of str to dict of str to int
        By file and column: rows that took a default.
    filled_from : dict of str to str
        Where a column's default comes from, by ``file:column``.
    hours_ignored : int
        Outlets whose rules for holidays or comments in the hours were passed over.
    snapped : SnapReport or None
        How outlets given by lon and lat joined the streets.
    synthesised : int
        Residents drawn to the homes of ``homes.csv``.
    census : CensusFit or None, default: None
        How the residents drawn meet ``census.csv``.
    households : HouseholdTable or None, default: None
        What the census says of their households.
    dropped : tuple of str, default: ()
        Columns of ``residents.csv`` passed over because ``world.toml`` asks for it.
    """

    world: World
    rows: dict[str, int]
    filled: dict[str, dict[str, int]]
    filled_from: dict[str, str]
    hours_ignored: int
    snapped: SnapReport | None
    synthesised: int
    census: CensusFit | None = None
    households: HouseholdTable | None = None
    dropped: tuple[str, ...] = ()

    def lines(self) -> list[str]:
        """
        Say in sentences what was read and what was filled in.

        Returns
        -------
        list of str
            One sentence a line.
        """
        lines = [f"{file}: {count:,} rows" for file, count in self.rows.items()]
        for (file, source, count), columns in self._alike().items():
            lines.append(
                f"{file}: {', '.join(columns)} taken from {source} in {count:,} of {self.rows[file]:,} rows"
            )
        if self.hours_ignored:
            lines.append(
                f"{FACILITIES.file}: holiday rules or comments in hours passed over in {self.hours_ignored:,} rows"
            )
        if self.snapped:
            lines.append(f"{FACILITIES.file}: {self.snapped}")
        if self.synthesised:
            lines.append(f"{HOMES.file}: {self.synthesised:,} residents drawn to the homes by weight")
        if self.dropped:
            lines.append(f"{RESIDENTS.file}: columns passed over: {', '.join(self.dropped)}")
        if self.census:
            lines += self.census.lines()
        return lines

    def _alike(self) -> dict[tuple[str, str, int], list[str]]:
        """Columns filled from one source in equally many rows of a file."""
        alike: dict[tuple[str, str, int], list[str]] = {}
        for file, columns in self.filled.items():
            for column, count in columns.items():
                alike.setdefault((file, self.filled_from[f"{file}:{column}"], count), []).append(column)
        return alike


def read_world(path: str | os.PathLike[str]) -> World:
    """
    Read a world folder.

    Parameters
    ----------
    path : path
        Folder with ``world.toml``, ``nodes.csv``, ``edges.csv``, ``facilities.csv`` and ``residents.csv`` (or
        ``homes.csv`` with ``census.csv``, a number of residents in ``world.toml``, or both), and ``formats.csv``
        where it has formats of its own.

    Returns
    -------
    World
        The world.

    Raises
    ------
    WorldError
        Listing every fault of every file.
    """
    return open_folder(path).world


def open_folder(
    path: str | os.PathLike[str], *, residents: int | None = None, formats: Formats | None = None
) -> FolderReport:
    """
    Read a world folder and report what was filled in.

    Parameters
    ----------
    path : path
        See `read_world`.
    residents : int, optional
        Draw this many residents to the homes instead of the number in ``world.toml``.
    formats : Formats, optional
        Formats its outlets may have; those of the catalogue and of the folder's ``formats.csv`` where left out.

    Returns
    -------
    FolderReport
        The world and how it came about.

    Raises
    ------
    WorldError
        Listing every fault of every file.
    """
    return _Folder(Path(path), residents, formats).read()


class _Folder:
    """One reading of a folder: tables as cells, faults, and what was filled in."""

    def __init__(self, path: Path, residents: int | None, formats: Formats | None) -> None:
        self.path = path
        self.residents = residents
        self.given = formats
        self.faults = Faults(f"{path}: not a usable world folder", WorldError)
        self.rows: dict[str, int] = {}
        self.filled: dict[str, dict[str, int]] = {}
        self.filled_from: dict[str, str] = {}
        self.dropped: tuple[str, ...] = ()
        self.census: Margins | None = None
        self.drawn: CensusPeople | None = None

    def read(self) -> FolderReport:
        if not self.path.is_dir():
            self.faults.add(
                "no such folder",
                str(self.path),
                expected=f"a folder with {WORLD_FILE}",
                hint="demo worlds are named without / or .",
            )
            self.faults.raise_if_any()
        settings = read_settings(self.path, self.faults)
        streets = self._streets()
        formats = folder_formats(self.path, self.faults) if self.given is None else self.given
        if formats.own:
            self.rows[FORMAT_TABLE.file] = len(formats.own)
        outlets = self._table(facility_columns(formats))
        hours, ignored = read_all_hours(outlets["hours"], self.faults) if outlets else ([], 0)
        people = self._people(settings)
        self._check_places(outlets)
        if outlets and settings:
            drawn = people is not None and "home" in people
            check_money(outlets, settings.currency, self.faults, drawn=drawn)
        home_row = self._home_rows(streets, people)
        streets, node_row, snapped = self._outlet_rows(streets, outlets)
        self.faults.raise_if_any()
        # Nothing is missing: a missing table is a fault.
        assert settings is not None
        assert streets is not None
        assert outlets is not None
        assert people is not None
        facilities = build_facilities(outlets, node_row, hours, settings.currency, formats)
        population = self._population(settings, streets, people, home_row)
        check_hashes(facilities.facility, facilities.id64, FACILITIES.file, self.faults)
        check_hashes(population.resident, population.id64, RESIDENTS.file, self.faults)
        self.faults.raise_if_any()
        return FolderReport(
            world=_world(settings, streets, population, facilities, drawn="home" in people),
            rows=self.rows,
            filled=self.filled,
            filled_from=self.filled_from,
            hours_ignored=ignored,
            snapped=snapped,
            synthesised=len(population) if "home" in people else 0,
            census=self.drawn.fit if self.drawn else None,
            households=self.drawn.households if self.drawn else None,
            dropped=self.dropped,
        )

    def _table(self, table: Table, drop: Sequence[str] = ()) -> Cols | None:
        sheet = read_sheet(self.path / table.file, self.faults)
        if sheet is None:
            return None
        if table.file == RESIDENTS.file:
            sheet, self.dropped = without_columns(sheet, drop, self.faults)
            if personal_faults(sheet, self.faults):
                return None  # no later message may repeat what such a cell holds
        cells = check_table(table, sheet.header, sheet.rows, self.faults)
        if not set(sheet.header) & set(table.names):
            return None  # a table of something else: said once, not row by row
        self.rows[table.file] = len(sheet.rows)
        for column in table.columns:
            missing = int((~cells[column.name].given).sum())
            if column.filled_from and missing:
                self.filled.setdefault(table.file, {})[column.name] = missing
                self.filled_from[f"{table.file}:{column.name}"] = column.filled_from
        return cells

    def _streets(self) -> Streets | None:
        nodes, edges = self._table(NODES), self._table(EDGES)
        if nodes is None or edges is None:
            return None
        before = len(list(self.faults))
        streets = build_streets(nodes, edges, self.faults)
        whole = all(
            cells[c.name].given.all()
            for cells, t in ((nodes, NODES), (edges, EDGES))
            for c in t.columns
            if c.needed
        )
        if whole and len(list(self.faults)) == before:
            check_streets(streets, self.faults)
        return streets

    def _people(self, settings: Settings | None) -> Cols | None:
        """Residents, or homes to draw residents to; a table of homes has the column ``home``."""
        if (self.path / RESIDENTS.file).exists():
            people = self._table(resident_columns(), settings.drop if settings else ())
            if self.residents:
                self.faults.add(
                    "the number of residents cannot be changed",
                    "residents",
                    found=str(self.residents),
                    expected=f"nothing: {RESIDENTS.file} lists the residents one by one",
                )
            if people:
                check_means(people, self.faults)
                check_children(people, self.faults)
            return people
        counted = (self.path / CENSUS.file).exists()
        if (self.path / HOMES.file).exists() and (settings is None or settings.residents or counted):
            rows = self._table(census_columns()) if counted else None
            self.census = census_margins(rows, self.faults) if rows else None
            return self._table(HOMES)
        hint = f"{CENSUS.file} is there: a {HOMES.file} says where its people live" if counted else ""
        if (self.path / HOMES.file).exists():
            hint = f"{HOMES.file} is there: write [population] residents = … in {WORLD_FILE}, or add {CENSUS.file}"
        self.faults.add(
            "missing file",
            RESIDENTS.file,
            found="nothing",
            expected=f"a residents.csv in {self.path}",
            hint=hint,
        )
        return None

    def _check_places(self, outlets: Cols | None) -> None:
        if outlets is None:
            return
        node, lon, lat = (outlets[name].given for name in ("node", "lon", "lat"))
        nowhere = np.flatnonzero(~node & ~(lon & lat))
        for row in nowhere[:SHOWN].tolist():
            self.faults.add(
                "an outlet without a place",
                f"{FACILITIES.file} row {row + 2}",
                found="neither node nor lon and lat",
                expected="a node, or lon and lat",
            )
        if len(nowhere) > SHOWN:
            self.faults.add(f"an outlet without a place: {len(nowhere) - SHOWN} more rows", FACILITIES.file)

    def _home_rows(self, streets: Streets | None, people: Cols | None) -> Rows:
        if streets is None or people is None:
            return np.empty(0, np.int32)
        drawn = "home" in people
        file, who = (HOMES.file, "home") if drawn else (RESIDENTS.file, "resident")
        rows = node_rows(streets.node, people["node"].values)
        unknown_nodes(file, "node", people["node"], rows, self.faults)
        rows = np.where(people["node"].given, rows, -1).astype(np.int32)
        check_connected(streets, rows, people[who].values, "home", file, self.faults)
        return rows

    def _stop_rows(self, streets: Streets, people: Cols) -> Rows:
        """Node rows of the stops residents pass; -1 for none."""
        stops = people["stop"]
        named = Cells(values=stops.values, given=stops.given & (stops.values >= 0))
        rows = np.where(named.given, node_rows(streets.node, stops.values), -1).astype(np.int32)
        unknown_nodes(RESIDENTS.file, "stop", named, rows, self.faults)
        return rows

    def _outlet_rows(
        self, streets: Streets | None, outlets: Cols | None
    ) -> tuple[Streets | None, Rows, SnapReport | None]:
        if streets is None or outlets is None:
            return streets, np.empty(0, np.int32), None
        rows = node_rows(streets.node, outlets["node"].values)
        unknown_nodes(FACILITIES.file, "node", outlets["node"], rows, self.faults)
        rows = np.where(outlets["node"].given, rows, -1).astype(np.int32)
        check_connected(streets, rows, outlets["facility"].values, "outlet", FACILITIES.file, self.faults)
        by_degrees = np.flatnonzero(~outlets["node"].given & outlets["lon"].given & outlets["lat"].given)
        if self.faults or not len(by_degrees):
            return streets, rows, None
        lon, lat = (outlets[name].values[by_degrees] for name in ("lon", "lat"))
        streets, rows[by_degrees], report = snap(streets, lon=lon, lat=lat)
        self._refused(by_degrees[rows[by_degrees] < 0], outlets, report)
        return streets, rows, report

    def _refused(self, rows: NDArray[np.intp], outlets: Cols, report: SnapReport) -> None:
        for row in rows[:SHOWN].tolist():
            place = f"lon {outlets['lon'].values[row]}, lat {outlets['lat'].values[row]}"
            self.faults.add(
                "an outlet far from the streets",
                f"{FACILITIES.file} row {row + 2}",
                found=place,
                expected=f"a place within {report.limit_m:.0f} m of the connected streets",
                hint="are lon and lat swapped, or in GCJ-02 or BD-09 instead of WGS-84?",
            )
        if len(rows) > SHOWN:
            self.faults.add(f"an outlet far from the streets: {len(rows) - SHOWN} more rows", FACILITIES.file)

    def _population(self, settings: Settings, streets: Streets, people: Cols, home_row: Rows) -> Population:
        if "home" not in people:
            return build_population(people, home_row, self._stop_rows(streets, people))
        from circlesim.catalog.parameters import default_parameters
        from circlesim.world.synthesis import synthesise_from_census, synthesise_population

        law, weights = default_parameters(), people["weight"].values
        money = money_scale(settings.currency) or 1.0
        residents = self.residents or settings.residents
        if self.census is None:
            return synthesise_population(
                streets, home_row, weights, residents, law, settings.seed, money_per_yuan=money
            )
        residents = residents or round(self.census.people)
        self.drawn = synthesise_from_census(
            streets, home_row, weights, self.census, residents, law, settings.seed, money_per_yuan=money
        )
        return self.drawn.population


def _world(
    settings: Settings, streets: Streets, population: Population, facilities: Facilities, *, drawn: bool
) -> World:
    return World(
        name=settings.name,
        streets=streets,
        population=population,
        facilities=facilities,
        crs=settings.crs,
        currency=settings.currency,
        synthetic=settings.synthetic,
        title=settings.title,
        sources=settings.sources,
        licences=settings.licences,
        population_seed=settings.seed if drawn else None,
        supply_counted=settings.supply_counted,
    )


def write_world(world: World, path: str | os.PathLike[str]) -> None:
    """
    Write a world folder; the files appear together or not at all.

    Parameters
    ----------
    world : World
        The world.
    path : path
        Folder to write. An empty folder and an older world folder are replaced, anything else is left alone.

    Raises
    ------
    WorldError
        If something that is no world folder stands there.
    """
    target = Path(path)
    if target.exists() and not (target / WORLD_FILE).is_file() and (target.is_file() or any(target.iterdir())):
        raise WorldError(f"{target}: not written; it exists and is no world folder (it has no {WORLD_FILE})")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{target.name}-", dir=target.parent) as scratch:
        fresh = Path(scratch) / "new"
        fresh.mkdir()
        (fresh / WORLD_FILE).write_text(settings_text(world), encoding="utf-8")
        write_streets(world.streets, fresh)
        write_facilities(world.facilities, world.streets, fresh)
        write_formats(world.formats, fresh)
        write_residents(world.population, world.streets, fresh)
        if target.exists():
            target.rename(Path(scratch) / "old")
        fresh.rename(target)
