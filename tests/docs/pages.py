"""The pages, and what stands in them: blocks of code, commands, names in backticks."""

import re
from functools import cache
from typing import Final

from tacit.files import REPOSITORY

PAGES: Final = (
    "README.md",
    "SECURITY.md",
    *sorted(f"docs/{path.name}" for path in (REPOSITORY / "docs").glob("*.md")),
)


@cache
def text(page: str) -> str:
    return (REPOSITORY / page).read_text(encoding="utf-8")


@cache
def _parts(page: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return the prose of a page, and its blocks of code by language, less the indentation of a list."""
    prose: list[str] = []
    found: list[tuple[str, str]] = []
    fence: str | None = None
    for line in text(page).splitlines(keepends=True):
        indent, ticks, language = line.partition("```")
        if not ticks or indent.strip():
            if fence is None:
                prose.append(line)
            else:
                found[-1] = (found[-1][0], found[-1][1] + line.removeprefix(fence))
        elif fence is None:
            fence = indent
            found.append((language.strip(), ""))
        else:
            fence = None
    assert fence is None, f"a block of {page} does not end"
    return "".join(prose), tuple(found)


def blocks(page: str, language: str) -> list[str]:
    """Return the blocks of code in a language; in none, if that is empty."""
    return [block for name, block in _parts(page)[1] if name == language]


def inline(page: str) -> list[str]:
    """Return what stands in backticks within the prose."""
    return [" ".join(code.split()) for code in re.findall(r"`([^`]+)`", _parts(page)[0])]


def commands(page: str) -> list[tuple[str, str]]:
    """Return each command of the console blocks with the output that the page shows for it."""
    found = []
    for block in blocks(page, "console"):
        for command, output in re.findall(r"^\$ (.+)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE):
            found.append((command.partition("  #")[0].strip(), output))
    return found
