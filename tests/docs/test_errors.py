"""docs/errors.md: a paragraph for every stable name in the code, and none besides."""

import ast
import re
from collections.abc import Iterator
from typing import Final

from rdflib import RDF, SH

from server import connection, reader, screen, service
from server.errors import PROBLEMS
from tacit.check import HOUSE_RULES
from tacit.files import REPOSITORY, Project
from tacit.names import BASE
from tests.docs.pages import text
from tests.docs.shown import options

PAGE: Final = text("docs/errors.md")
FAULTS, _, PROBLEM_PART = PAGE.partition("## Problems of the server")
#: Where the name of a rule stands among the arguments of `Fault(…)` and of `project.fault(…)`.
PLACES: Final = {"Fault": 3, "fault": 1}


def calls() -> Iterator[tuple[str, ast.expr]]:
    """Yield the file and the rule of every call that makes a fault."""
    for path in sorted((REPOSITORY / "tacit").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                if name in PLACES:
                    yield path.name, node.args[PLACES[name]]


def strings() -> str:
    """Return all string constants of the code, one per line."""
    constants = []
    for folder in ("tacit", "server"):
        for path in (REPOSITORY / folder).glob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    constants.append(node.value)
    return "\n".join(constants)


def test_every_fault_has_a_paragraph_and_every_paragraph_a_fault() -> None:
    named = {rule.value for _, rule in calls() if isinstance(rule, ast.Constant)}
    assert len(named) >= 7
    assert set(re.findall(r"^### `([\w-]+)`$", FAULTS, re.MULTILINE)) == named | HOUSE_RULES.keys()


def test_only_check_names_faults_by_shapes() -> None:
    """A rule that is no constant is that of a shape or a house rule; files.py hands on what it is given."""
    assert {file for file, rule in calls() if not isinstance(rule, ast.Constant)} == {"check.py", "files.py"}


def test_faults_that_begin_with_a_capital_are_rules_of_the_data() -> None:
    shapes = {str(s).rpartition("#")[2] for s in Project().shapes().subjects(RDF.type, SH.NodeShape)}
    assert {name for name in shapes if not name[0].isupper()} == set()
    assert not shapes & HOUSE_RULES.keys()
    assert set(re.findall(r"^### `([A-Z]\w*)`$", FAULTS, re.MULTILINE)) == HOUSE_RULES.keys()


def test_the_example_of_a_fault_is_one() -> None:
    entity, message, rule = re.findall(r"^data/triples\.ttl:\d+: (\S+): (.+) \[(\w+)\]$", PAGE, re.MULTILINE)[
        0
    ]
    shapes = Project().shapes()
    (shape,) = [s for s in shapes.subjects(RDF.type, SH.NodeShape) if str(s) == f"{BASE}shape#{rule}"]
    assert str(shapes.value(shape, SH.message)) == message
    assert f"\n{entity} a " in (REPOSITORY / "tests/encoding/005.draft.ttl").read_text(encoding="utf-8")


def test_sentences_are_those_of_the_code() -> None:
    _, *sentences = re.findall(r"^\| (.+?) \|", FAULTS, re.MULTILINE)
    assert len(sentences) >= 8
    there = strings()
    assert [sentence for sentence in sentences if sentence not in there] == []


def test_every_problem_has_a_paragraph_with_its_status() -> None:
    told = re.findall(r"^### `([\w-]+)` \((\d+)\)$", PROBLEM_PART, re.MULTILINE)
    assert dict(told) == {name: str(status) for name, (status, _) in PROBLEMS.items()}
    assert len(told) == len(PROBLEMS)


def test_numbers_are_those_of_the_code() -> None:
    prose = " ".join(PROBLEM_PART.split())
    assert f"longer than {reader.LONGEST_HEADER:,} bytes" in prose
    assert (
        f"more than {reader.MOST_HEADERS}, or all together are longer than {reader.LONGEST_HEAD:,}" in prose
    )
    assert f"at most {reader.LONGEST_TARGET:,} bytes" in prose
    assert f"more than {connection.MOST_WAITING} requests before" in prose
    assert f"more than {service.MOST_CALLS} times" in prose
    assert f"deeper than {screen.DEPTH} brackets or longer than {screen.SIZE:,} words" in prose


def test_options_exist() -> None:
    named = set(re.findall(r"`(--[\w-]+)`", PROBLEM_PART))
    assert len(named) >= 10
    assert named <= options("server")


def test_every_paragraph_says_something() -> None:
    headings = re.findall(r"^### .+$", PAGE, re.MULTILINE)
    assert headings == re.findall(r"^(### .+)\n\n\w.{39}", PAGE, re.MULTILINE)
