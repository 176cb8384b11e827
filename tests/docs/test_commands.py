"""The commands that README and docs show: they parse, and those that only need the graph run as shown."""

import re
import shlex
from typing import Final

import click
import pytest
from click.testing import CliRunner

from server.settings import SETTINGS
from tacit.build import build
from tacit.cli import main
from tacit.files import REPOSITORY, Project
from tests.docs.pages import PAGES, commands, inline, text

#: Commands by page: those of console blocks, and those in backticks.
SHOWN: Final = [(page, command, output) for page in PAGES for command, output in commands(page)]
NAMED: Final = [code for page in PAGES for code in inline(page) if code.startswith(("tacit ", "make "))]
#: What the guide on adding an article queries exists only after its steps; tests/encoding runs those.
GUIDE: Final = "docs/encoding.md"


def parse(words: list[str]) -> None:
    """Parse a command line of `tacit` without running it; a placeholder may stand for any value."""
    _, command, rest = main.resolve_command(click.Context(main), words)
    assert command is not None
    if rest and rest[-1].startswith("--"):
        rest.append("…")  # prose may name an option without its value
    command.make_parser(click.Context(command)).parse_args(rest)


def _program(command: str) -> tuple[str, list[str]]:
    program, *words = shlex.split(command)
    return program.removeprefix(".venv/bin/"), words


def test_each_kind_of_command_is_known() -> None:
    assert {_program(command)[0] for _, command, _ in SHOWN} <= {"tacit", "make", "curl"}
    assert len(SHOWN) >= 8


@pytest.mark.parametrize("command", [command for _, command, _ in SHOWN] + NAMED)
def test_command_parses(command: str) -> None:
    program, words = _program(command)
    if program == "tacit":
        parse(words)
    elif program == "make":
        targets = re.findall(
            r"^([a-z]+):", (REPOSITORY / "Makefile").read_text(encoding="utf-8"), re.MULTILINE
        )
        assert words[0] in targets
    elif program == "curl":
        assert words[-1].endswith("/sparql")
        (query,) = [word.partition("@")[2] for word in words if "@" in word]
        assert (REPOSITORY / query).is_file()


def test_a_command_that_is_not_there_does_not_parse() -> None:
    for command in ("biuld", "check --corpse x", "query a --params b"):
        with pytest.raises(click.UsageError):
            parse(command.split())


@pytest.mark.parametrize(
    ("command", "output"),
    [
        (command, output)
        for page, command, output in SHOWN
        if _program(command)[0] == "tacit" and _program(command)[1][0] == "query" and page != GUIDE
    ],
)
def test_query_answers_as_shown(command: str, output: str) -> None:
    build(Project(), "reasonable")
    result = CliRunner().invoke(main, _program(command)[1])
    assert result.exit_code == 0, result.output
    assert output == result.stdout


def test_the_readme_shows_an_answer() -> None:
    assert any(output.endswith("rows)\n") for page, _, output in SHOWN if page == "README.md")


@pytest.mark.parametrize("page", PAGES)
def test_options_in_backticks_exist(page: str) -> None:
    ours = {option for command in main.commands.values() for param in command.params for option in param.opts}
    ours |= {f"--{setting.name}" for setting in SETTINGS}
    named = {code.split()[0] for code in inline(page) if code.startswith("--")}
    assert named - ours == set()


def test_environment_variables_exist() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in (REPOSITORY / "tacit").glob("*.py"))
    for page in PAGES:
        for name in set(re.findall(r"\bTACIT_[A-Z]+\b", text(page))):
            assert f'"{name}"' in code
