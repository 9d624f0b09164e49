"""Verb ``export``: a run or a world for maps, spreadsheets and dashboards."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from circlesim.cli.screen import say
from circlesim.errors import Faults, WorldError

if TYPE_CHECKING:
    from circlesim.reporting.export.package import Export


def export(
    what: Annotated[
        str,
        typer.Argument(metavar="RUN|WORLD", help="Run folder, world folder or demo world.", show_default=False),
    ],
    out: Annotated[
        Path | None, typer.Option(help="Folder to write; outputs/<name>-export where missing.", show_default=False)
    ] = None,
    formats: Annotated[
        list[str] | None,
        typer.Option(
            "--format",
            metavar="FORMAT",
            show_default=False,
            help="geojson, gpkg, xlsx, csv, simwrapper or all, the default; may be repeated.",
        ),
    ] = None,
    people: Annotated[
        bool,
        typer.Option(
            "--people", help="Of a world: its homes or residents too, so that it reads back. Not for publishing."
        ),
    ] = False,
    lang: Annotated[Literal["en", "zh"], typer.Option(help="Language of titles.")] = "en",
) -> None:
    """Write streets, outlets and homes as GeoJSON, GeoPackage, XLSX, CSV or a SimWrapper folder."""
    from circlesim.reporting.export.package import check_formats, export_run

    wanted = tuple(formats or ("all",))
    check_formats(wanted)
    target = out or Path("outputs") / f"{Path(what).resolve().name}-export"
    if (Path(what) / "manifest.json").is_file() and not (Path(what) / "world.toml").is_file():
        faults = Faults(f"{what}: nothing is exported", WorldError)
        if people:
            faults.add("this is asked of a world", "--people", found=what, expected="a world folder or demo world")
        faults.raise_if_any()
        done = export_run(Path(what), target, wanted, lang)
    else:
        done = _world(what, target, wanted, lang, people=people)
    for name in done.files:
        say(str(done.folder / name))
    for reason in done.left_out:
        say(f"left out: {reason}")


def _world(what: str, target: Path, formats: tuple[str, ...], lang: str, *, people: bool) -> Export:
    from circlesim.config.place import open_world, world_faults
    from circlesim.config.tables import WorldTable
    from circlesim.reporting.export.package import export_world
    from circlesim.world.demo import demo_folder, is_path

    choice = WorldTable(name=what)
    faults = Faults(f"{what}: nothing is exported", WorldError)
    faults.extend(world_faults(choice, Path()))
    faults.raise_if_any()
    packaged = demo_folder(what) if not is_path(what) else Path(what)
    source = packaged if packaged.is_dir() else None
    return export_world(open_world(choice, Path()), source, target, formats, lang, people=people)
