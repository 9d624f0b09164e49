"""Failure: how a command ends where something is wrong."""

from __future__ import annotations

import traceback

from circlesim.cli.screen import say
from circlesim.errors import CircleSimError, RunError

FINE, FAILED, WRONG_REQUEST = 0, 1, 2
"""Exit codes: all is well, the run failed, the request was wrong."""


def exit_code(error: CircleSimError) -> int:
    """
    Say what an error means for the caller.

    Parameters
    ----------
    error : CircleSimError
        What was raised.

    Returns
    -------
    int
        1 where a run failed that was asked for correctly, else 2.
    """
    return FAILED if isinstance(error, RunError) else WRONG_REQUEST


def tell(error: CircleSimError) -> int:
    """
    Print every fault of an error to standard error.

    Parameters
    ----------
    error : CircleSimError
        What was raised.

    Returns
    -------
    int
        The exit code.
    """
    count = len(error.faults)
    say(error.message + (f" ({count} faults)" if count > 1 else ""), error=True)
    for fault in error.faults:
        say(f"  {fault.where}", error=True)
        parts = [
            fault.what,
            fault.found and f"found {fault.found}",
            fault.expected and f"expected {fault.expected}",
        ]
        say("    " + "; ".join(part for part in parts if part), error=True)
        if fault.hint:
            say(f"    {fault.hint}", error=True)
    return exit_code(error)


def tell_system(error: OSError) -> int:
    """
    Say what the system refused: a full disk, a folder that may not be written, a name that is too long.

    Parameters
    ----------
    error : OSError
        What was raised.

    Returns
    -------
    int
        1.
    """
    place = f": {error.filename}" if error.filename else ""
    say(f"a file or folder could not be used: {error.strerror or error}{place}", error=True)
    say("Finished parts of a run are kept; once this is mended, the same command goes on from there.", error=True)
    return FAILED


def tell_defect(error: Exception) -> int:
    """
    Print an error nobody foresaw, with everything needed to report it.

    Parameters
    ----------
    error : Exception
        What was raised.

    Returns
    -------
    int
        1.
    """
    say("".join(traceback.format_exception(error)).rstrip(), error=True)
    say("This is a defect of circlesim, not of your files; please report the lines above.", error=True)
    return FAILED
