"""Schema: the columns of every table a user may write, declared once."""

from circlesim.schema.check import Cells, check_table
from circlesim.schema.column import NEEDED, Column, Table
from circlesim.schema.formats import FORMAT_TABLE
from circlesim.schema.tables import CENSUS, EDGES, FACILITIES, HOMES, NODES, RESIDENTS, TABLES

__all__ = [
    "CENSUS",
    "EDGES",
    "FACILITIES",
    "FORMAT_TABLE",
    "HOMES",
    "NEEDED",
    "NODES",
    "RESIDENTS",
    "TABLES",
    "Cells",
    "Column",
    "Table",
    "check_table",
]
