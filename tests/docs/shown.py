"""The programs whose commands the pages show, each with the parser that knows its options."""

import argparse
import os
import re
import shlex
from argparse import ArgumentParser
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Final, NoReturn
from unittest.mock import patch

import click

import bench.__main__
import server.__main__
from server.settings import SETTINGS
from tacit.build import build
from tacit.cli import main
from tacit.files import REPOSITORY, Project

#: `python -m NAME`, by NAME: what reads its command line.
MODULES: Final = {"server": server.__main__.main, "bench": bench.__main__.main}
_VARIABLE: Final = re.compile(r"([A-Z_]+)=(.*)")
#: What the shell puts in the place of `$(cat FILE)`.
_CONTENT: Final = re.compile(r"\$\(cat ([^)]+)\)")


@dataclass(frozen=True)
class Command:
    """One command of a line: *variables* set for it, the *program*, and its *words*."""

    variables: tuple[str, ...]
    program: str
    words: tuple[str, ...]


def split(line: str) -> list[Command]:
    """Return the commands of a *line* that are joined by `&&`; `$(cat FILE)` is still one word of them."""
    found = []
    for part in line.split(" && "):
        words = shlex.split(_CONTENT.sub(r"'$(cat \1)'", part))
        variables = []
        while match := _VARIABLE.fullmatch(words[0]):
            variables.append(match[1])
            del words[0]
        program = words.pop(0).removeprefix(".venv/bin/")
        if program == "python":
            assert words.pop(0) == "-m", line
            program = f"python -m {words.pop(0)}"
        found.append(Command(tuple(variables), program, tuple(words)))
    return found


@cache
def parser(module: str) -> ArgumentParser:
    """Return the very parser of `python -m MODULE`, which knows no abbreviations here."""
    found = []

    class Found(Exception):  # noqa: N818
        pass

    def stop(itself: ArgumentParser) -> NoReturn:
        found.append(itself)
        raise Found

    with patch.object(argparse.ArgumentParser, "parse_args", stop), suppress(Found):
        MODULES[module]()
    found[0].allow_abbrev = False
    return found[0]


def options(module: str) -> set[str]:
    """Return the options of `python -m MODULE`."""
    return {option for action in parser(module)._actions for option in action.option_strings}


def tacit(command: Command) -> None:
    """Parse a command line of `tacit` without running it; a placeholder may stand for any value."""
    found: click.Command | None = main
    rest = list(command.words)
    while isinstance(found, click.Group) and rest:
        _, found, rest = found.resolve_command(click.Context(found), rest)
    assert found is not None
    if rest and rest[-1].startswith("--"):
        rest.append("…")  # prose may name an option without its value
    found.make_parser(click.Context(found)).parse_args(rest)
    assert set(command.variables) <= {param.envvar for param in found.params}


def python(command: Command) -> None:
    """Parse a command line of the server or the benchmark; `--NAME VALUE` stands for each setting."""
    assert not command.variables
    module = command.program.rpartition(" ")[2]
    words = [word for word in command.words if word != "…"]
    if "--NAME" in words:
        assert words == ["--NAME", "VALUE"]
        assert module == "server"
        assert options(module) - {"-h", "--help"} == {f"--{s.name.replace('_', '-')}" for s in SETTINGS}
    else:
        parser(module).parse_args(words)


def make(command: Command) -> None:
    """Look the targets up in the Makefile."""
    targets = re.findall(
        r"^\.PHONY: (.+)$", (REPOSITORY / "Makefile").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert command.words
    assert set(command.words) <= set(targets[0].split())
    assert not command.variables


def curl(command: Command) -> None:
    """Know the options that the pages use; what is sent from a file has to be a query of the library."""
    known = ArgumentParser("curl", allow_abbrev=False)
    known.add_argument("-H", action="append")
    known.add_argument("--data-urlencode")
    known.add_argument("address")
    given = known.parse_args(command.words)
    assert given.address.startswith("http://127.0.0.1:8000/")
    if given.data_urlencode is not None:
        assert given.address.endswith("/sparql")
        name, _, query = given.data_urlencode.partition("@")
        assert name == "query"
        assert (REPOSITORY / query).is_file()
    assert not command.variables


def rsync(command: Command) -> None:
    """Know the one option, and hold what is copied to a build; where it goes is another machine."""
    known = ArgumentParser("rsync", allow_abbrev=False)
    known.add_argument("-a", action="store_true")
    known.add_argument("source")
    known.add_argument("target")
    given = known.parse_args(command.words)
    build(Project(), "reasonable")
    source = _CONTENT.sub(lambda match: (REPOSITORY / match[1]).read_text(encoding="utf-8"), given.source)
    assert (REPOSITORY / source.strip()).exists(), source
    assert source.startswith("build" + os.sep)
    assert ":" in given.target
    assert not command.variables


#: Every program that a page may show, and what holds a command of it to the truth.
PROGRAMS: Final[dict[str, Callable[[Command], None]]] = {
    "tacit": tacit,
    "make": make,
    "curl": curl,
    "rsync": rsync,
    **dict.fromkeys((f"python -m {module}" for module in MODULES), python),
}


def check(line: str) -> None:
    """Hold every command of a *line* to the parser of its program."""
    for command in split(line):
        PROGRAMS[command.program](command)
