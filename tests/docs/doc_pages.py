"""
Pages of the documentation and what can be run in them.

``python tests/docs/doc_pages.py --write`` runs every page and writes the true output below each snippet;
``--main RUN`` takes the tables of the main experiment from a finished run folder into both READMEs.

A fence says what it is: ``python`` runs; ``text`` right below it is its output; ``console`` holds commands after a
dollar sign and their output; ``bash`` holds commands that must parse. A comment right above a fence says more:
``<!-- file: NAME -->`` writes it into the folder the page runs in, ``<!-- run -->`` runs a console fence,
``<!-- run: exit 2 -->`` expects that code, ``<!-- not run: REASON -->`` leaves a fence alone.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]

_FENCE = re.compile(r"(?:^<!-- (?P<note>[^\n]*?) -->\n)?^```(?P<kind>\w*)\n(?P<body>.*?)^```$", re.M | re.S)
_COMMAND = re.compile(r"^\$ (.*)$", re.M)
_PACE = re.compile(r"^It takes about .*$", re.M)
"""What depends on the machine and how busy it is; nothing else may."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fence:
    """One fenced block: its kind, the comment above, its text, and where the text stands in the page."""

    kind: str
    note: str
    body: str
    start: int
    end: int

    @property
    def is_left_alone(self) -> bool:
        return self.note.startswith("not run")

    @property
    def is_run(self) -> bool:
        return self.note.startswith("run")

    @property
    def exit_code(self) -> int:
        return int(self.note.removeprefix("run: exit ")) if self.note.startswith("run: exit ") else 0


def pages() -> list[Path]:
    """README in both languages and every page of docs."""
    return [ROOT / "README.md", ROOT / "README.zh.md", *sorted((ROOT / "docs").rglob("*.md"))]


def fences(text: str) -> list[Fence]:
    return [
        Fence(
            kind=found["kind"],
            note=found["note"] or "",
            body=found["body"],
            start=found.start("body"),
            end=found.end("body"),
        )
        for found in _FENCE.finditer(text)
    ]


def commands(text: str) -> Iterator[list[str]]:
    """Arguments of every call of circlesim in the bash and console fences of a page."""
    for fence in fences(text):
        if fence.kind == "bash":
            lines = fence.body.replace("\\\n", " ").splitlines()
        elif fence.kind == "console":
            lines = _COMMAND.findall(fence.body)
        else:
            continue
        for line in lines:
            yield from _calls(line)


def _calls(line: str) -> Iterator[list[str]]:
    words = shlex.split(line, comments=True)
    while words:
        cut = words.index("&&") if "&&" in words else len(words)
        call, words = words[:cut], words[cut + 1 :]
        if call and Path(call[0].replace("\\", "/")).name == "circlesim":
            yield call[1:]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Output a page shows beside what really came out; `start` and `end` place it in the page."""

    shown: str
    true: str
    start: int
    end: int

    @property
    def agrees(self) -> bool:
        return _PACE.sub("", self.shown) == _PACE.sub("", self.true)


def run_page(text: str, folder: Path) -> list[Shown]:
    """
    Run a page from top to bottom in one namespace and a folder of its own.

    Raises whatever a snippet raises, and AssertionError where a command ends with another code than it should.
    """
    found: list[Shown] = []
    blocks = fences(text)
    modules = set(sys.modules)
    with contextlib.chdir(folder), _on_path(folder):
        space: dict[str, Any] = {"__name__": "__page__"}
        for position, fence in enumerate(blocks):
            if fence.note.startswith("file: "):
                path = folder / fence.note.removeprefix("file: ")
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(fence.body, encoding="utf-8")
            elif fence.kind == "python" and not fence.is_left_alone:
                printed = _printed(fence.body, space)
                below = blocks[position + 1] if position + 1 < len(blocks) else None
                if (
                    below
                    and below.kind == "text"
                    and not text[fence.end + 3 : below.start - len("```text\n")].strip()
                ):
                    found.append(Shown(shown=below.body, true=printed, start=below.start, end=below.end))
            elif fence.kind == "console" and fence.is_run:
                true = "".join(_told(line, fence.exit_code) for line in _COMMAND.findall(fence.body))
                found.append(Shown(shown=fence.body, true=true, start=fence.start, end=fence.end))
    for name in set(sys.modules) - modules:
        # Modules that a page wrote for itself belong to no other page.
        if str(folder) in str(getattr(sys.modules[name], "__file__", "") or ""):
            del sys.modules[name]
    return found


@contextlib.contextmanager
def _on_path(folder: Path) -> Iterator[None]:
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))


def _printed(source: str, space: dict[str, Any]) -> str:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(source, "snippet", "exec"), space)
    return _tidy(out.getvalue())


def _told(line: str, code: int) -> str:
    """A command and what it says, on standard output where it is content and on standard error where it is not."""
    from circlesim.cli import main

    (arguments,) = _calls(line)
    out, error = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(error):
        found = main(arguments)
    assert found == code, f"{line}: exit {found}, expected {code}\n{error.getvalue()}"
    return f"$ {line}\n" + _tidy(out.getvalue() if code == 0 else error.getvalue())


def _tidy(text: str) -> str:
    lines = [line.rstrip() for line in text.strip("\n").splitlines()]
    return "".join(f"{line}\n" for line in lines)


def rewritten(text: str, found: list[Shown]) -> str:
    """The page with the true output in place of the one shown."""
    for each in reversed(found):
        if not each.agrees:
            text = text[: each.start] + each.true + text[each.end :]
    return text


def with_tables(text: str, run: Path, lang: str) -> str:
    """A README with its tables of the main experiment taken from a run folder."""
    parts = _told(f"circlesim compare {run} --lang {lang}", 0).partition("\n")[2].strip("\n").split("\n\n")
    for fence in reversed(fences(text)):
        shown = fence.body.strip("\n").split("\n\n")
        titles = {part.partition("\n")[0]: part for part in parts}
        if fence.kind == "text" and all(part.partition("\n")[0] in titles for part in shown):
            true = "\n\n".join(titles[part.partition("\n")[0]] for part in shown)
            text = f"{text[: fence.start]}{true}\n{text[fence.end :]}"
    return text


def main() -> None:
    """Run every page and write true output."""
    if "--main" in sys.argv:
        run = Path(sys.argv[sys.argv.index("--main") + 1])
        for name, lang in (("README.md", "en"), ("README.zh.md", "zh")):
            path = ROOT / name
            path.write_text(with_tables(path.read_text(encoding="utf-8"), run, lang), encoding="utf-8")
        return
    for path in pages():
        text = path.read_text(encoding="utf-8")
        with tempfile.TemporaryDirectory() as folder:
            new = rewritten(text, run_page(text, Path(folder)))
        if new != text and "--write" in sys.argv:
            path.write_text(new, encoding="utf-8")
        print("written" if new != text else "current", path.relative_to(ROOT))  # noqa: T201


if __name__ == "__main__":
    os.environ.setdefault("COLUMNS", "100")
    main()
