"""The commands that README and docs show: they parse, and those that only need the graph run as shown."""

import ast
import re
import subprocess
import sys
from pathlib import Path
from typing import Final

import click
import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from server import create_app
from tacit.build import build
from tacit.cli import main
from tacit.files import REPOSITORY, Project
from tests.docs.pages import PAGES, blocks, commands, inline, text
from tests.docs.shown import PROGRAMS, check, options, parser, split

#: Commands by page: those of console blocks, and those in backticks.
SHOWN: Final = [(page, command, output) for page in PAGES for command, output in commands(page)]
#: A command of `tacit` may stand in backticks without it, if it is there with an option.
NAMED: Final = [
    code if code.startswith(("tacit ", "make ", "python ")) else f"tacit {code}"
    for page in PAGES
    for code in inline(page)
    if code.startswith(("tacit ", "make ", "python ")) or re.match(rf"({'|'.join(main.commands)}) --", code)
]
#: What the guide on adding an article queries exists only after its steps; tests/encoding runs those.
GUIDE: Final = "docs/encoding.md"
#: Options of other programs that the pages name, and what lists them.
FOREIGN: Final = {"--timeout-s": ("oxigraph", "serve", "--help")}


def test_each_kind_of_command_is_known() -> None:
    assert {part.program for _, command, _ in SHOWN for part in split(command)} == PROGRAMS.keys() - {
        "python -m bench"  # is called by make only, see below
    }
    assert len(SHOWN) >= 12


def test_commands_are_written_as_such() -> None:
    """What stands in a block without a language is checked by nothing, so it is no command."""
    for page in PAGES:
        for block in blocks(page, ""):
            assert not re.match(rf"(\$ )?({'|'.join(PROGRAMS)}) ", block), page


@pytest.mark.parametrize("command", [command for _, command, _ in SHOWN] + NAMED)
def test_command_parses(command: str) -> None:
    check(command)


@pytest.mark.parametrize(
    "command",
    [
        "tacit biuld",
        "tacit check --corpse x",
        "tacit query a --params b",
        "tacit link chek",
        "tacit link check --frish",
        "TACIT_PASSWROD=x tacit publish http://engine:8890/",
        "TACIT_PASSWORD=x tacit build",
        "python -m server --prot 8000",
        "python -m server --port VALUE",
        "python -m server --time 3",  # no abbreviations
        "python -m bench --quickly",
        "make bnech",
        "make serve && make tset",
        "curl --data-urlencode query@queries/none.rq http://127.0.0.1:8000/sparql",
        "curl --haeder x http://127.0.0.1:8000/sparql",
        "rsync -z build/current server:tacit/build/",
        "rsync -a build/$(cat build/current)s server:tacit/build/",
    ],
)
def test_a_command_that_is_not_there_does_not_parse(command: str) -> None:
    with pytest.raises((click.UsageError, AssertionError, SystemExit)):
        check(command)


def test_what_make_calls_parses() -> None:
    recipes = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    for words in re.findall(r"^bench[\w-]*: BENCH =(.*)$", recipes, re.MULTILINE):
        check(f"python -m bench{words}")
    for words in re.findall(r"^\t\$\(BIN\)/python -m server (.+)$", recipes, re.MULTILINE):
        check("python -m server " + words.replace("$(PORT)", "8000"))


@pytest.mark.parametrize(
    ("command", "output"),
    [
        (command, output)
        for page, command, output in SHOWN
        if split(command)[0].program == "tacit" and split(command)[0].words[0] == "query" and page != GUIDE
    ],
)
def test_query_answers_as_shown(command: str, output: str) -> None:
    build(Project(), "reasonable")
    (asked,) = split(command)
    result = CliRunner().invoke(main, asked.words)
    assert result.exit_code == 0, result.output
    assert output == result.stdout


def test_the_readme_shows_an_answer() -> None:
    assert any(output.endswith("rows)\n") for page, _, output in SHOWN if page == "README.md")


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    build(Project(), "reasonable")
    return create_app({"log": "off"}).test_client()


@pytest.mark.parametrize("command", [command for _, command, _ in SHOWN if command.startswith("curl ")])
def test_addresses_for_curl_answer(command: str, client: FlaskClient) -> None:
    """What curl would fetch is fetched without a socket: the address, its parameters, and the format."""
    (asked,) = split(command)
    (address,) = [word for word in asked.words if word.startswith("http://")]
    (accept,) = [word.partition(": ")[2] for word in asked.words if word.startswith("Accept: ")]
    query = [word.partition("@")[2] for word in asked.words if word.startswith("query@")]
    form = {"query": (REPOSITORY / query[0]).read_text(encoding="utf-8")} if query else None
    answer = client.open(address, method="POST" if form else "GET", data=form, headers={"Accept": accept})
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == accept
    assert len(answer.text.splitlines()) > 1


def test_addresses_of_things_and_questions_answer(client: FlaskClient) -> None:
    named = {
        code for page in PAGES for code in inline(page) if re.fullmatch(r"/(id|queries)/[a-z][\w./-]*", code)
    }
    assert len(named) >= 2
    assert [address for address in sorted(named) if client.get(address).status_code != 200] == []


@pytest.mark.parametrize("page", PAGES)
def test_options_in_backticks_exist(page: str) -> None:
    commands_ = list(main.commands.values())
    for group in main.commands.values():
        commands_ += group.commands.values() if isinstance(group, click.Group) else ()
    ours = {option for command in commands_ for param in command.params for option in param.opts}
    ours |= options("server") | options("bench")
    for code in inline(page):
        if code.startswith("--") and code.split()[0] not in FOREIGN:
            option, *values = code.split()
            assert option in ours
            if values and option in options("server"):
                parser("server").parse_args([option, *(value for value in values if value != "…")])


def test_options_in_comments_of_a_configuration_exist() -> None:
    named = {
        name for page in PAGES for block in blocks(page, "nginx") for name in re.findall(r"--[a-z-]+", block)
    }
    assert len(named) >= 2
    assert named <= options("server")


@pytest.mark.parametrize("option", FOREIGN)
def test_options_of_other_programs_exist(option: str) -> None:
    program, *words = FOREIGN[option]
    command = [str(Path(sys.executable).with_name(program)), *words]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603
    assert option in re.findall(r"--[\w-]+", told)
    assert any(code.split()[0] == option for page in PAGES for code in inline(page))


def test_environment_variables_exist() -> None:
    code = {
        node.value
        for folder in ("tacit", "server")
        for path in (REPOSITORY / folder).glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant)
    }
    named = {name for page in PAGES for name in re.findall(r"\bTACIT_[A-Z_]+\b", text(page))}
    assert len(named) >= 4
    assert named <= code
