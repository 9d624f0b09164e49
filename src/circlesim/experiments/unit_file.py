"""Unit file: the tables of one finished unit, in one file that knows its own digests."""

from __future__ import annotations

import hashlib
import io
import json
import os
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from threading import get_ident
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

Tables = Mapping[str, "pd.DataFrame"]
"""Tables of one unit by name."""

CONTENTS = "contents.json"
"""Member that lists the tables of a unit with their digests, so that one that is damaged or missing is noticed."""

_SUFFIX = ".feather"
_EPOCH = (1980, 1, 1, 0, 0, 0)


class DamagedUnitError(Exception):
    """A unit file does not hold what it was written with."""


class UnitFile(Mapping[str, "pd.DataFrame"]):
    """
    The tables of a finished unit, read one by one when they are looked at and not kept.

    A unit file is a plain zip of Feather files (Arrow IPC, LZ4), which pandas, R and DuckDB read, and of
    `CONTENTS`.

    Parameters
    ----------
    path : Path
        The file.

    Raises
    ------
    DamagedUnitError
        If it cannot be opened, here or when a table is read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with self._opened() as file:
            self.contents: dict[str, Any] = json.loads(file.read(CONTENTS))

    def _opened(self) -> zipfile.ZipFile:
        try:
            return zipfile.ZipFile(self.path)
        except (OSError, zipfile.BadZipFile) as error:
            raise DamagedUnitError(f"{self.path}: {error}") from error

    def __getitem__(self, name: str) -> pd.DataFrame:
        """Read one table."""
        from pyarrow import ArrowInvalid, ipc

        digest = self.contents["tables"][name]
        with self._opened() as file:
            content = _sound(file, name, digest, self.path)
        try:
            table = ipc.open_file(content).read_all()
        except ArrowInvalid as error:
            raise DamagedUnitError(f"{self.path}: {name}: {error}") from error
        frame: pd.DataFrame = _spelled_out(table).to_pandas()
        return frame

    def __iter__(self) -> Iterator[str]:
        return iter(self.contents["tables"])

    def __len__(self) -> int:
        return len(self.contents["tables"])

    def check(self) -> None:
        """
        Compare every table with its digest.

        Raises
        ------
        DamagedUnitError
            At the first that differs or is missing.
        """
        with self._opened() as file:
            for name, digest in self.contents["tables"].items():
                _sound(file, name, digest, self.path)


def open_unit(path: Path) -> UnitFile:
    """
    Open a unit file and make sure that it is whole.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    UnitFile
        Its tables.

    Raises
    ------
    DamagedUnitError
        If anything in it is not as it was written.
    """
    try:
        unit = UnitFile(path)
        unit.check()
    except (KeyError, TypeError, ValueError, AttributeError, zipfile.BadZipFile) as error:
        raise DamagedUnitError(f"{path}: {error}") from error
    return unit


def write_unit(path: Path, tables: Tables, facts: Mapping[str, Any]) -> None:
    """
    Write a unit to the disk, whole or not at all, and see that it is there.

    Parameters
    ----------
    path : Path
        The file.
    tables : mapping of str to DataFrame
        Its tables.
    facts : mapping
        What else to say in `CONTENTS`.
    """
    making = making_path(path)
    members = {name: _encoded(table) for name, table in tables.items()}
    contents = {**facts, "tables": {name: digest_of(content) for name, content in members.items()}}
    try:
        with making.open("wb") as file:
            _pack(file, contents, members)
            file.flush()
            os.fsync(file.fileno())
        making.replace(path)
    except OSError:
        making.unlink(missing_ok=True)
        raise


def making_path(path: Path) -> Path:
    """
    Name the file under which another one is written.

    Parameters
    ----------
    path : Path
        The file to be.

    Returns
    -------
    Path
        Beside it, hidden, of this process and thread.
    """
    return path.with_name(f".{path.name}.{os.getpid()}-{get_ident()}")


def digest_of(content: bytes) -> str:
    """
    Digest some bytes.

    Parameters
    ----------
    content : bytes
        Whatever they are.

    Returns
    -------
    str
        32 hexadecimal digits (BLAKE2b).
    """
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def _pack(file: IO[bytes], contents: Mapping[str, Any], members: Mapping[str, bytes]) -> None:
    """Write a zip whose members carry no time of day, so that equal units are equal files."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as pack:
        pack.writestr(zipfile.ZipInfo(CONTENTS, _EPOCH), json.dumps(contents, indent=1))
        for name, content in members.items():
            pack.writestr(zipfile.ZipInfo(name + _SUFFIX, _EPOCH), content)


def _sound(file: zipfile.ZipFile, name: str, digest: str, path: Path) -> bytes:
    try:
        content = file.read(name + _SUFFIX)
    except (KeyError, OSError, zipfile.BadZipFile) as error:
        raise DamagedUnitError(f"{path}: {name}: {error}") from error
    if digest_of(content) != digest:
        raise DamagedUnitError(f"{path}: {name}: the digest differs")
    return content


def _encoded(table: pd.DataFrame) -> bytes:
    """A table as Feather; columns of words as codes and a list of words."""
    import pyarrow as pa
    from pyarrow import ipc

    columns = {str(name): _column(pa.array(column.array, from_pandas=True)) for name, column in table.items()}
    whole = pa.table(columns)
    sink = io.BytesIO()
    with ipc.new_file(sink, whole.schema, options=ipc.IpcWriteOptions(compression="lz4")) as writer:
        writer.write_table(whole)
    return sink.getvalue()


def _column(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    import pyarrow as pa

    whole = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    words = pa.types.is_string(whole.type) or pa.types.is_large_string(whole.type)
    return whole.dictionary_encode() if words else whole


def _spelled_out(table: pa.Table) -> pa.Table:
    """Codes back into words."""
    import pyarrow as pa

    for at, field in enumerate(table.schema):
        if pa.types.is_dictionary(field.type):
            table = table.set_column(at, field.name, table.column(at).cast(field.type.value_type))
    return table
