"""The schema tells an editor what the reader accepts."""

from __future__ import annotations

import json
import re

from circlesim.catalog.formats import FORMATS
from circlesim.config.reading import DIMENSIONS
from circlesim.config.schema_json import experiment_schema
from circlesim.config.tables import ExperimentTable
from circlesim.policies import POLICIES

SCHEMA = experiment_schema()


def test_every_key_of_a_file_stands_in_the_schema_with_words() -> None:
    assert list(SCHEMA["properties"]) == list(ExperimentTable.__dataclass_fields__)
    assert all(part.get("description") for part in SCHEMA["properties"].values())
    assert SCHEMA["required"] == ["world", "scenarios"]


def test_no_table_takes_an_unknown_key() -> None:
    tables = [SCHEMA, *(part for part in SCHEMA["$defs"].values() if part.get("type") == "object")]
    assert len(tables) >= 4 + len(POLICIES)
    assert all(table["additionalProperties"] is False for table in tables)


def test_an_editor_can_complete_policies_formats_and_dimensions() -> None:
    assert [each["required"] for each in SCHEMA["$defs"]["Policy"]["oneOf"]] == [[name] for name in POLICIES]
    offered, further = SCHEMA["$defs"]["add_facilities"]["properties"]["format"]["anyOf"]
    assert offered["enum"] == list(FORMATS)
    assert re.fullmatch(further["pattern"], "tea_house")
    assert SCHEMA["properties"]["by"]["items"]["enum"] == list(DIMENSIONS)


def test_what_a_run_writes_cannot_be_typed() -> None:
    assert "resolved_from" not in json.dumps(SCHEMA)


def test_every_reference_leads_somewhere() -> None:
    text = json.dumps(SCHEMA)
    names = {part.split('"')[0] for part in text.split("#/$defs/")[1:]}
    assert names <= set(SCHEMA["$defs"])
