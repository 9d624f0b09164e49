"""One decorator for everything Numba compiles, with a cache that can never be stale."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
from platformdirs import user_cache_path

Function = TypeVar("Function", bound=Callable[..., Any])

# Read when a function is decorated; typed loosely because Numba fills its settings at run time.
_CONFIG: Any = numba.config
_PACKAGE = Path(__file__).parent
# Kernels also freeze numbers of these modules: fates, barriers, need kinds, services, means of payment.
_FROZEN = ("ledger.py", "catalog/needs.py", "catalog/services.py", "catalog/constants.py", "world/population.py")
_SOURCES = ("compiled.py", "draws.py", "behaviour", "engine", *_FROZEN)


@cache
def source_digest() -> str:
    """
    Digest of every source a compiled kernel can contain.

    Numba stamps a cached kernel with its own file only: editing a rule would leave the kernel that calls
    it as it was. So the cache folder is named by the text of *all* rule, draw and engine sources.

    Returns
    -------
    str
        Twenty hexadecimal digits.
    """
    digest = hashlib.sha256()
    for name in _SOURCES:
        path = _PACKAGE / name
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            digest.update(file.relative_to(_PACKAGE).as_posix().encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()[:20]


def compiled(
    signature: str | None = None, *, inline: bool = False, borrow: bool = False
) -> Callable[[Function], Function]:
    """
    Compile a scalar rule or a kernel: float64 arithmetic as written, no fast-math, lock released.

    Parameters
    ----------
    signature : str, optional
        Numba signature such as ``"float64(float64,float64)"``. Rules state one, so that a float32 column is
        widened before the arithmetic and both engines compute the same number.
    inline : bool, default: False
        Let LLVM copy the body into each caller.
    borrow : bool, default: False
        Count no references: the kernel only borrows arrays that its caller holds, and may not make any. A kernel
        that takes a town of thirty arrays spends 0.4 us a call on counting otherwise.

    Returns
    -------
    callable
        The decorator.
    """
    options: dict[str, Any] = {"cache": True, "nogil": True, "error_model": "python", "fastmath": False}
    if borrow:
        options["_nrt"] = False
    if inline:
        options["forceinline"] = True

    def decorate(function: Function) -> Function:
        before = _CONFIG.CACHE_DIR
        _CONFIG.CACHE_DIR = str(user_cache_path("circlesim") / f"kernels-{source_digest()}")
        try:
            made: Any = (
                numba.njit(signature, **options)(function) if signature else numba.njit(**options)(function)
            )
        finally:
            _CONFIG.CACHE_DIR = before
        return cast(Function, made)

    return decorate
