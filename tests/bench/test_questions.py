"""What is asked, and when two answers are equal."""

import json
from pathlib import Path

import pytest

from bench.questions import content, questions
from tacit.engine import evaluate, load_graph

XSD = "http://www.w3.org/2001/XMLSchema#"


def table(*rows: dict[str, object]) -> bytes:
    return json.dumps({"head": {"vars": ["a"]}, "results": {"bindings": rows}}).encode()


def cell(value: str, **more: str) -> dict[str, object]:
    return {"a": {"type": "literal", "value": value, **more}}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (table(cell("x"), cell("y")), table(cell("y"), cell("x"))),
        (table(cell("x, y")), table(cell("y, x"))),
        (table({"a": {"type": "bnode", "value": "b0"}}), table({"a": {"type": "bnode", "value": "n7"}})),
        (table(cell("x")), table(cell("x", datatype=f"{XSD}string"))),
        (table(cell("1", datatype=f"{XSD}boolean")), table(cell("true", datatype=f"{XSD}boolean"))),
        (table(cell("x", **{"xml:lang": "EN"})), table(cell("x", **{"xml:lang": "en"}))),
    ],
)
def test_these_say_the_same(one: bytes, other: bytes) -> None:
    assert content("results", one) == content("results", other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (table(cell("x")), table(cell("x"), cell("x"))),
        (table(cell("x")), table(cell("y"))),
        (table(cell("1", datatype=f"{XSD}integer")), table(cell("1"))),
        (table(cell("x", **{"xml:lang": "en"})), table(cell("x"))),
        (table(cell("")), table({})),
        (b'{"head":{},"boolean":true}', b'{"head":{},"boolean":false}'),
    ],
)
def test_these_do_not(one: bytes, other: bytes) -> None:
    assert content("results", one) != content("results", other)


def test_graphs_are_equal_up_to_the_names_of_blank_nodes() -> None:
    one, other = (b"<urn:s> <urn:p> _:%s .\n_:%s <urn:p> <urn:o> .\n" % (n, n) for n in (b"a", b"z"))
    assert content("graph", one) == content("graph", other)
    assert content("graph", one) != content("graph", b"<urn:s> <urn:p> _:a .\n")


def test_there_are_three_heavier_queries_which_parse(tmp_path: Path) -> None:
    empty = tmp_path / "graph.nq"
    empty.write_text("")
    heavier = [question for question in questions() if question.name.startswith("heavier/")]
    assert len(heavier) == 3
    for question in heavier:
        assert evaluate(load_graph(empty), question.text).kind == question.kind


def test_nobody_outside_this_machine_is_asked() -> None:
    topics = {question.name.partition("/")[0] for question in questions()}
    assert "disagreement" in topics
    assert "federated" not in topics
