"""Crate: a run folder as a Process Run Crate, so that archives and other tools know what made what."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from circlesim.experiments.store import write_json

CRATE = "ro-crate-metadata.json"

PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
"""Process Run Crate: a program was run on some files and made others (RO-Crate 1.1)."""

_CONTEXT = ["https://w3id.org/ro/crate/1.1/context", "https://w3id.org/ro/terms/workflow-run/context"]
_LICENCE = "https://www.apache.org/licenses/LICENSE-2.0"
_INPUTS = ("experiment.toml", "constants.json")
_FORMATS = {
    ".csv": "text/csv", ".json": "application/json", ".toml": "application/toml", ".html": "text/html",
    ".parquet": "application/vnd.apache.parquet",
}  # fmt: skip
_CHUNK = 1 << 20

Entity = dict[str, Any]


def write_crate(folder: Path) -> None:
    """
    Write `CRATE` for what stands in a run folder.

    Parameters
    ----------
    folder : Path
        A run folder with its manifest; units and claims, which only serve to go on, are not part of the crate.
    """
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    write_json(folder / CRATE, {"@context": _CONTEXT, "@graph": list(_graph(folder, manifest))})


def _graph(folder: Path, manifest: Mapping[str, Any]) -> Iterator[Entity]:
    files = [_file(folder, path) for path in _files(folder)]
    inputs = [each for each in files if each["@id"] in _INPUTS]
    outputs = [each for each in files if each["@id"] not in _INPUTS]
    world, programs = _world(manifest), list(_programs(manifest))
    yield {
        "@id": CRATE, "@type": "CreativeWork", "about": {"@id": "./"},
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
    }  # fmt: skip
    yield _root(manifest, files)
    yield {"@id": PROFILE, "@type": "CreativeWork", "name": "Process Run Crate", "version": "0.5"}
    yield _action(manifest, [*inputs, world], outputs)
    yield from (world, *programs, *files)


def _root(manifest: Mapping[str, Any], files: list[Entity]) -> Entity:
    question = manifest.get("question") or "A comparison of scenarios for a 15-minute living circle."
    licences = manifest["world"].get("licences") or []
    return {
        "@id": "./", "@type": "Dataset", "conformsTo": {"@id": PROFILE}, "name": question,
        "description": f"Scenarios {', '.join(manifest['scenarios'])} on the world {manifest['world']['name']}, "
                       f"{manifest['days']} days from {manifest['start']}, run by circlesim.",
        "datePublished": manifest["ended"], "hasPart": _refer(files), "mentions": [{"@id": "#run"}],
        "license": "; ".join(licences) or "No licence is stated by the world.",
    }  # fmt: skip


def _action(manifest: Mapping[str, Any], inputs: list[Entity], outputs: list[Entity]) -> Entity:
    end = datetime.fromisoformat(manifest["ended"])
    whole = manifest["units"]["done"] == manifest["units"]["planned"]
    return {
        "@id": "#run", "@type": "CreateAction", "name": "Run of the experiment",
        "description": manifest.get("command") or "Experiment.run() in Python",
        "instrument": {"@id": "#circlesim"}, "object": _refer(inputs), "result": _refer(outputs),
        "startTime": (end - timedelta(seconds=manifest["seconds"])).isoformat(timespec="seconds"),
        "endTime": manifest["ended"],
        "actionStatus": {"@id": f"http://schema.org/{'Completed' if whole else 'Failed'}ActionStatus"},
        **({} if whole else {"error": f"{manifest['units']['failed']} units failed"}),
    }  # fmt: skip


def _world(manifest: Mapping[str, Any]) -> Entity:
    world = manifest["world"]
    return {
        "@id": "#world", "@type": "CreativeWork", "name": _named(world),
        "identifier": manifest["digests"]["world"], "citation": list(world.get("sources") or []),
        "description": f"{world['residents']} residents and {world['facilities']} outlets"
                       + (", synthetic" if world.get("synthetic") else ""),
    }  # fmt: skip


def _named(world: Mapping[str, Any]) -> str:
    """The English title of a world, or its name."""
    title = world.get("title")
    found = title.get("en") if isinstance(title, Mapping) else title
    return str(found or world["name"])


def _programs(manifest: Mapping[str, Any]) -> Iterator[Entity]:
    """The program, and what it ran on, each with its version."""
    versions = dict(manifest["versions"])
    own = versions.pop("circlesim")
    needs = [{"@id": f"#{name}"} for name in versions]
    yield {
        "@id": "#circlesim", "@type": "SoftwareApplication", "name": "circlesim", "softwareVersion": own,
        "identifier": manifest["digests"]["rules"], "license": {"@id": _LICENCE}, "softwareRequirements": needs,
        "operatingSystem": manifest["platform"],
    }  # fmt: skip
    yield {"@id": _LICENCE, "@type": "CreativeWork", "name": "Apache License 2.0"}
    for name, version in versions.items():
        yield {"@id": f"#{name}", "@type": "SoftwareApplication", "name": name, "softwareVersion": version}


def _files(folder: Path) -> list[Path]:
    """Files of a run that mean something to others."""
    found = [path for pattern in ("*", "map/*", "ledger/*") for path in folder.glob(pattern)]
    return sorted(
        path for path in found
        if path.suffix in _FORMATS and path.name not in (CRATE, "run.json", "plan.json") and path.name[0] != "."
    )  # fmt: skip


def _file(folder: Path, path: Path) -> Entity:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    name = path.relative_to(folder).as_posix()
    return {
        "@id": name, "@type": "File", "name": name, "encodingFormat": _FORMATS[path.suffix],
        "contentSize": str(path.stat().st_size), "sha256": digest.hexdigest(),
    }  # fmt: skip


def _refer(entities: list[Entity]) -> list[Entity]:
    return [{"@id": each["@id"]} for each in entities]
