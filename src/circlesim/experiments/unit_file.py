"""Unit file: the tables of one finished unit, in one file that knows its own digests."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
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

_SUFFIX = ".arrow.zst"
_EPOCH = (1980, 1, 1, 0, 0, 0)


class DamagedUnitError(Exception):
    """A unit file does not hold what it was written with."""


_BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, KeyError, TypeError, ValueError, AttributeError, EOFError,
    NotImplementedError, RuntimeError, OverflowError,
)  # fmt: skip
"""What the readers of zip, JSON and Arrow raise at bytes that make no sense."""

_UNREADABLE = (errno.EIO, errno.EINVAL)
"""A bad place on the disk, and a position before its beginning. Other faults of the system are not the file's."""


@contextmanager
def _telling_damage(path: Path) -> Iterator[None]:
    """Turn whatever broken bytes cause into one error."""
    try:
        yield
    except OSError as error:
        if error.errno not in _UNREADABLE:
            raise
        raise DamagedUnitError(f"{path}: {error}") from error
    except _BROKEN as error:
        raise DamagedUnitError(f"{path}: {type(error).__name__}: {error}") from error


class UnitFile(Mapping[str, "pd.DataFrame"]):
    """
    The tables of a finished unit, read one by one when they are looked at and not kept.

    A unit file is a plain zip of Arrow files, each compressed by Zstandard, and of `CONTENTS`.

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
        with _telling_damage(path), zipfile.ZipFile(path) as file:
            self.contents: dict[str, Any] = json.loads(file.read(CONTENTS))

    def __getitem__(self, name: str) -> pd.DataFrame:
        """Read one table."""
        frame: pd.DataFrame = self.arrow(name).to_pandas()
        return frame

    def arrow(self, name: str) -> pa.Table:
        """
        Read one table as it is stored.

        Parameters
        ----------
        name : str
            Name of the table.

        Returns
        -------
        pyarrow.Table
            The table.
        """
        from pyarrow import Codec, ipc

        facts = self.contents["tables"][name]
        with _telling_damage(self.path), zipfile.ZipFile(self.path) as file:
            content = _sound(file, name, facts["digest"])
            return ipc.open_file(Codec("zstd").decompress(content, facts["bytes"])).read_all()

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
        with _telling_damage(self.path), zipfile.ZipFile(self.path) as file:
            for name, facts in self.contents["tables"].items():
                _sound(file, name, facts["digest"])


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
    unit = UnitFile(path)
    unit.check()
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
    listed = {name: {"digest": digest_of(content), "bytes": size} for name, (content, size) in members.items()}
    contents = {**facts, "tables": listed}
    try:
        with making.open("wb") as file:
            _pack(file, contents, {name: content for name, (content, _) in members.items()})
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


def _sound(file: zipfile.ZipFile, name: str, digest: str) -> bytes:
    """One member, if it is what was written."""
    content = file.read(name + _SUFFIX)
    if digest_of(content) != digest:
        raise ValueError(f"{name}: the digest differs")
    return content


def _encoded(table: pd.DataFrame) -> tuple[bytes, int]:
    """A table as Arrow, compressed, and its size before."""
    import pyarrow as pa
    from pyarrow import ipc

    whole = pa.table({str(name): _column(table[name].array) for name in table.columns})
    sink = pa.BufferOutputStream()
    with ipc.new_file(sink, whole.schema) as writer:
        writer.write_table(whole)
    plain = sink.getvalue()
    return pa.Codec("zstd").compress(plain, asbytes=True), plain.size


def _column(values: Any) -> pa.Array | pa.ChunkedArray:
    """A column as Arrow, by the shortest way: a unit has near a hundred, and they are small."""
    import numpy as np
    import pyarrow as pa

    if hasattr(values, "__arrow_array__"):
        return values.__arrow_array__()
    return pa.array(np.asarray(values), from_pandas=values.dtype == object)


def stacked(units: Sequence[Tables], name: str) -> pd.DataFrame:
    """
    Put one table of several units together.

    Parameters
    ----------
    units : sequence of tables
        Units, at least one.
    name : str
        Name of the table.

    Returns
    -------
    DataFrame
        Rows in the order of the units.
    """
    import pandas as pd
    import pyarrow as pa

    if not all(isinstance(unit, UnitFile) for unit in units):
        return pd.concat([unit[name] for unit in units], ignore_index=True)
    # As codes until the end: words would take several times the memory, and twice over.
    parts = [_coded(unit.arrow(name)) for unit in units if isinstance(unit, UnitFile)]
    whole = pa.concat_tables(parts).unify_dictionaries().combine_chunks()
    frame: pd.DataFrame = _spelled_out(whole).to_pandas()
    return frame


def _changed(table: pa.Table, old: Callable[[pa.DataType], bool], new: Callable[[Any], Any]) -> pa.Table:
    """A table with the columns of some types changed."""
    for at, field in enumerate(table.schema):
        if old(field.type):
            table = table.set_column(at, field.name, new(table.column(at)))
    return table


def _coded(table: pa.Table) -> pa.Table:
    """Words as codes and a list of words."""
    import pyarrow as pa

    def words(kind: pa.DataType) -> bool:
        return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))

    return _changed(table, words, lambda column: column.dictionary_encode())


def _spelled_out(table: pa.Table) -> pa.Table:
    """Codes back into words."""
    import pyarrow as pa

    return _changed(table, pa.types.is_dictionary, lambda column: column.cast(column.type.value_type))
