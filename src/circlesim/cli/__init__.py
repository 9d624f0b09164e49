"""Command line: one thin function a verb."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """
    Run one command.

    Parameters
    ----------
    argv : sequence of str, optional
        Arguments after the program's name; those of the process where missing.

    Returns
    -------
    int
        0 fine, 1 the run failed, 2 the request was wrong.
    """
    from circlesim.cli.app import app
    from circlesim.cli.failure import tell, tell_defect, tell_system
    from circlesim.cli.screen import speak_utf8
    from circlesim.errors import CircleSimError

    speak_utf8()
    try:
        app(args=None if argv is None else list(argv), prog_name="circlesim")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except CircleSimError as error:
        return tell(error)
    except BrokenPipeError:
        return 0
    except OSError as error:
        return tell_system(error)
    except Exception as error:
        return tell_defect(error)
    return 0
