"""Package: an export as a folder, written whole or not at all."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from circlesim.errors import ConfigError, Fault, Faults, did_you_mean
from circlesim.reporting.export.geojson import write_geojson
from circlesim.reporting.export.geopackage import can_write_geopackage, write_geopackage
from circlesim.reporting.export.layer import DIGITS, Collection, Sheet
from circlesim.reporting.export.qgis_style import style_text
from circlesim.reporting.export.run_layers import run_collection
from circlesim.reporting.export.simwrapper import write_simwrapper
from circlesim.reporting.export.spreadsheet import write_csv, write_workbook
from circlesim.reporting.export.world_layers import typed_rows, whole_folder, world_collection
from circlesim.reporting.vocabulary import Vocabulary
from circlesim.schema import TABLES

if TYPE_CHECKING:
    from circlesim.world.world import World

FORMATS: tuple[str, ...] = ("geojson", "gpkg", "xlsx", "csv", "simwrapper")
"""What can be written; ``all`` is all of them."""

STAMP = "export.json"
"""File by which an export is known, so that it may be replaced."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """
    What was written.

    Parameters
    ----------
    folder : Path
        Where.
    files : tuple of str
        Files below it.
    left_out : tuple of str
        Formats asked for by ``all`` that could not be written, with the reason.
    """

    folder: Path
    files: tuple[str, ...]
    left_out: tuple[str, ...] = ()


def check_formats(asked: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """
    Read which formats are wanted.

    Parameters
    ----------
    asked : sequence of str
        Names of `FORMATS`, or ``all``.

    Returns
    -------
    tuple of tuple of str
        Formats to write, and what ``all`` leaves out because an extra is not installed.

    Raises
    ------
    ConfigError
        Listing every name that is none.
    """
    faults = Faults("nothing is exported", ConfigError)
    known = (*FORMATS, "all")
    for name in asked:
        if name not in known:
            faults.add(
                "no such format of an export",
                "--format",
                found=f"'{name}'",
                expected="one of " + ", ".join(known),
                hint=did_you_mean(name, known),
            )
    faults.raise_if_any()
    if "all" not in asked:
        return tuple(name for name in FORMATS if name in asked), ()
    if can_write_geopackage():
        return FORMATS, ()
    reason = "gpkg: geopandas and pyogrio are not installed (pip install 'circlesim[geo]')"
    return tuple(name for name in FORMATS if name != "gpkg"), (reason,)


def export_run(run: Path, out: Path, formats: Sequence[str] = ("all",), lang: str = "en") -> Export:
    """
    Export what a run found.

    Parameters
    ----------
    run : Path
        Run folder.
    out : Path
        Folder to write; an empty folder and an older export are replaced.
    formats : sequence of str, default: ("all",)
        See `FORMATS`.
    lang : {"en", "zh"}, default: "en"
        Language of titles.

    Returns
    -------
    Export
        What was written.

    Raises
    ------
    RunError
        If the folder is no run.
    ConfigError
        If a format cannot be written, or something else stands at `out`.
    """
    wanted, left_out = check_formats(formats)
    _check_out(out)
    collection = run_collection(run, lang)

    def fill(folder: Path) -> None:
        _write(collection, folder, wanted, lang)
        if "csv" in wanted:
            (folder / "tables").mkdir()
            for each in collection.sheets:
                write_csv(each.table, folder / "tables" / f"{each.name}.csv")

    return _whole(out, fill, left_out)


def export_world(
    world: World,
    source: Path | None,
    out: Path,
    formats: Sequence[str] = ("all",),
    lang: str = "en",
    *,
    people: bool = False,
) -> Export:
    """
    Export a world.

    Parameters
    ----------
    world : World
        The world.
    source : Path or None
        Folder it was read from; None for a demo world that is generated.
    out : Path
        Folder to write; an empty folder and an older export are replaced.
    formats : sequence of str, default: ("all",)
        See `FORMATS`.
    lang : {"en", "zh"}, default: "en"
        Language of titles.
    people : bool, default: False
        Whether homes or residents come too. Then ``world/`` (csv) and ``gis/`` (geojson) read back to the same
        world; without, no group of fewer than 30 residents is written.

    Returns
    -------
    Export
        What was written.

    Raises
    ------
    ConfigError
        If a format cannot be written, or something else stands at `out`.
    """
    wanted, left_out = check_formats(formats)
    _check_out(out)

    def fill(folder: Path) -> None:
        with tempfile.TemporaryDirectory() as scratch:
            whole = whole_folder(world, source, Path(scratch) / "world", people=people)
            collection = world_collection(world, whole, lang)
            _write(collection, folder, wanted, lang, digits=None)
            if "geojson" in wanted:
                shutil.copyfile(whole / "world.toml", folder / "gis" / "world.toml")
                if (whole / "census.csv").is_file():
                    shutil.copyfile(whole / "census.csv", folder / "gis" / "census.csv")
            if "csv" in wanted:
                _write_world_tables(whole, folder / "world")

    return _whole(out, fill, left_out)


def _write_world_tables(whole: Path, folder: Path) -> None:
    """The world folder again, with the mark by which Excel knows UTF-8; the reader takes it."""
    folder.mkdir()
    declared = {table.file: table for table in TABLES}
    for path in sorted(whole.iterdir()):
        if path.name in declared:
            write_csv(typed_rows(whole, declared[path.name]), folder / path.name)
        else:
            shutil.copyfile(path, folder / path.name)


def _write(
    collection: Collection, folder: Path, wanted: Sequence[str], lang: str, digits: int | None = DIGITS
) -> None:
    """Write what both kinds of export share."""
    words = Vocabulary.of(lang).words
    if "geojson" in wanted:
        (folder / "gis").mkdir()
        for layer in collection.layers:
            write_geojson(layer, folder / "gis" / f"{layer.name}.geojson", digits)
            style = style_text(layer, collection.layers)
            if style:
                (folder / "gis" / f"{layer.name}.qml").write_text(style, encoding="utf-8", newline="\n")
    if "gpkg" in wanted:
        write_geopackage(collection.layers, folder / "circle.gpkg")
    if "xlsx" in wanted:
        about = pd.DataFrame(collection.about, columns=[words("export.what"), words("export.text")])
        first = Sheet(name="about", title=words("export.about"), table=about)
        write_workbook([first, *collection.sheets], folder / "circle.xlsx")
    if "simwrapper" in wanted:
        write_simwrapper(collection, folder / "simwrapper", lang)
    lines = [collection.title, "", *(f"{label}: {text}" for label, text in collection.about)]
    (folder / "about.txt").write_text("\n".join(lines) + "\n", encoding="utf-8-sig", newline="\r\n")


def _check_out(out: Path) -> None:
    if out.is_file() or (out.is_dir() and any(out.iterdir()) and not (out / STAMP).is_file()):
        raise ConfigError(
            "nothing is exported",
            [
                Fault(
                    what="something else stands there",
                    where="--out",
                    found=str(out),
                    expected="a new folder, an empty one, or an older export",
                )
            ],
        )


def _whole(out: Path, fill: Callable[[Path], None], left_out: tuple[str, ...]) -> Export:
    """Fill a folder beside its place and put it there."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as scratch:
        fresh = Path(scratch) / "new"
        fresh.mkdir()
        fill(fresh)
        files = tuple(sorted(str(path.relative_to(fresh)) for path in fresh.rglob("*") if path.is_file()))
        body = {"written_by": "circlesim export", "files": list(files), "left_out": list(left_out)}
        (fresh / STAMP).write_text(json.dumps(body, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        if out.exists():
            out.rename(Path(scratch) / "old")
        fresh.rename(out)
    return Export(folder=out, files=files, left_out=left_out)
