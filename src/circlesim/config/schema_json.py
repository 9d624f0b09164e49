"""Schema as JSON: what an editor needs to complete and check an experiment file while it is typed."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from pydantic import TypeAdapter

from circlesim.catalog.formats import FORMATS
from circlesim.config.reading import DIMENSIONS
from circlesim.config.stacking import known_policies
from circlesim.config.tables import (
    ClaimTable,
    ExperimentTable,
    FactorialTable,
    LawTable,
    PrecisionTable,
    ScenarioTable,
    SideTable,
    SurveyTable,
    WorldTable,
)
from circlesim.engine.mechanisms import Mechanisms
from circlesim.measures.catalogue import MEASURE_NAMES, PATTERNS
from circlesim.world.demo import DEMO_WORLDS

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_FORMAT = {"anyOf": [{"enum": list(FORMATS)}, {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"}]}
"""A format of the catalogue, which an editor offers, or one from a file of the user."""

_INTERNAL = frozenset({"resolved_from"})
"""Fields a run writes; nobody types them."""


def experiment_schema() -> dict[str, Any]:
    """
    Describe an experiment file.

    Returns
    -------
    dict of str to object
        JSON Schema; ``circlesim show schema`` prints it.
    """
    schema = TypeAdapter(ExperimentTable).json_schema()
    parts = schema.setdefault("$defs", {})
    for shape, table in ((ExperimentTable, schema), *((each, parts[each.__name__]) for each in _inner())):
        table["additionalProperties"] = False
        for each in fields(shape):
            table["properties"][each.name].setdefault("description", each.metadata["expected"])
    for name in known_policies():
        parts[name] = _policy(name)
    parts["Policy"] = {"oneOf": [_one_key(name) for name in known_policies()]}
    policy = {"$ref": "#/$defs/Policy"}
    parts["ScenarioTable"]["properties"]["policies"]["items"] = {"anyOf": [{"type": "string"}, policy]}
    schema["properties"]["policies"]["additionalProperties"] = policy
    _name_choices(schema["properties"])
    return {"$schema": DIALECT, **schema, "title": "circlesim experiment file"}


def _inner() -> tuple[type, ...]:
    return PrecisionTable, WorldTable, FactorialTable, ScenarioTable, SurveyTable, ClaimTable, LawTable, SideTable


def _one_key(name: str) -> dict[str, Any]:
    return {
        "type": "object",
        "required": [name],
        "additionalProperties": False,
        "properties": {name: {"$ref": f"#/$defs/{name}"}},
    }


def _policy(name: str) -> dict[str, Any]:
    policy = known_policies()[name]
    table = TypeAdapter(policy).json_schema()
    table["description"] = (policy.__doc__ or name).strip().partition("\n")[0]
    table.pop("$defs", None)
    table["properties"] = {key: value for key, value in table["properties"].items() if key not in _INTERNAL}
    table["additionalProperties"] = False
    _name_formats(table["properties"])
    return table


def _name_formats(properties: dict[str, Any]) -> None:
    for name in {"format", "to_format"} & properties.keys():
        properties[name] |= _FORMAT
    for name in {"formats", "beside"} & properties.keys():
        properties[name]["items"] = _FORMAT


def _name_choices(properties: dict[str, Any]) -> None:
    made = "|".join(dict.fromkeys(pattern.split(":")[0] for pattern in PATTERNS))
    measure = {"anyOf": [{"enum": list(MEASURE_NAMES)}, {"type": "string", "pattern": f"^({made})(:|$)"}]}
    properties["measures"] = {
        "type": "array",
        "items": measure,
        "description": properties["measures"]["description"],
    }
    properties["by"]["items"] = {"enum": list(DIMENSIONS)}
    properties["world"]["anyOf"].insert(0, {"enum": list(DEMO_WORLDS)})
    switches = {each.name: {"type": "boolean", "default": each.default} for each in fields(Mechanisms)}
    properties["mechanisms"] |= {"properties": switches, "additionalProperties": False}
