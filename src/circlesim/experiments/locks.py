"""Locks: who is at work on what in a folder that several runners share."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

_REFUSED = (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP)
"""What file systems answer that know no locks."""


class Lock:
    """
    A claim on one thing, held as long as this process lives and the file is open.

    The operating system lets go of it when the process ends, however it ends: what a dead runner had claimed is
    free at once. Where the file system knows no locks every claim is granted; then two runners may do the same
    work twice, which costs time and changes nothing: a unit is written whole, and is the same whoever runs it.

    Parameters
    ----------
    path : Path
        File that stands for the thing.
    handle : int
        The file, open and locked.
    """

    def __init__(self, path: Path, handle: int) -> None:
        self.path, self._handle = path, handle

    def release(self) -> None:
        """Give the claim up."""
        # Removed while still locked: who opened it before finds another file, or none, under its name.
        with suppress(PermissionError):
            self.path.unlink(missing_ok=True)
        os.close(self._handle)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def try_lock(path: Path, *, wait: bool = False) -> Lock | None:
    """
    Claim something.

    Parameters
    ----------
    path : Path
        File that stands for it; made where missing.
    wait : bool, default: False
        Wait until it is free.

    Returns
    -------
    Lock or None
        None where somebody else holds it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        if not _locked(handle, wait=wait):
            os.close(handle)
            return None
        if _is_at(handle, path):
            os.truncate(handle, 0)
            os.write(handle, f"{os.getpid()}\n".encode())
            return Lock(path, handle)
        os.close(handle)


def is_held(path: Path) -> bool:
    """
    Tell whether somebody alive holds a claim.

    Parameters
    ----------
    path : Path
        File that stands for the thing.

    Returns
    -------
    bool
        False for a file that a dead process left behind.
    """
    try:
        handle = os.open(path, os.O_RDWR)
    except OSError:
        return False
    try:
        return not _locked(handle, wait=False)
    finally:
        os.close(handle)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """
    Do something that only one process may do at a time.

    Parameters
    ----------
    path : Path
        File that stands for it.

    Yields
    ------
    None
        Once it is free.
    """
    lock = try_lock(path, wait=True)
    assert lock is not None, "waited for"
    with lock:
        yield


def _locked(handle: int, *, wait: bool) -> bool:
    """Lock an open file; true as well where the system knows no locks."""
    try:
        import fcntl
    except ImportError:
        return _locked_by_region(handle, wait=wait)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        if error.errno not in _REFUSED:
            raise
    return True


def _locked_by_region(handle: int, *, wait: bool) -> bool:
    """The same on Windows: a byte far beyond the content is locked."""
    import importlib
    import time

    msvcrt = importlib.import_module("msvcrt")
    while True:
        os.lseek(handle, 1 << 30, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            if not wait:
                return False
            time.sleep(0.1)
        else:
            os.lseek(handle, 0, os.SEEK_SET)
            return True


def _is_at(handle: int, path: Path) -> bool:
    """Whether an open file still stands under its name; its last holder may have removed it."""
    try:
        there = os.stat(path)  # noqa: PTH116 - the twin of fstat
    except FileNotFoundError:
        return False
    here = os.fstat(handle)
    return (here.st_ino, here.st_dev) == (there.st_ino, there.st_dev)
