"""Questions after identifiers: each code finds its polities, with the years in which it stands for them."""

from functools import cache
from typing import Any

import pyoxigraph as ox
import pytest
from rdflib import RDF

from tacit import library
from tacit.names import TACIT, short
from tests.queries.test_federated import ours, store


@cache
def questions() -> dict[str, library.Query]:
    return {query.name: query for query in library.load() if query.topic == "identifiers"}


def answer(name: str, **values: str) -> list[dict[str, str]]:
    solutions: Any = store().query(questions()[name].bind(values))
    names = [variable.value for variable in solutions.variables]
    rows = []
    for solution in solutions:
        terms = {name: solution[name] for name in names if solution[name]}
        rows.append(
            {name: short(t.value) if isinstance(t, ox.NamedNode) else t.value for name, t in terms.items()}
        )
    return rows


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("816", {"id:north-vietnam", "id:vietnam"}),
        ("365", {"id:soviet-union", "id:russia"}),
        ("811", {"id:democratic-kampuchea", "id:peoples-republic-of-kampuchea", "id:cambodia"}),
        ("VNM", {"id:south-vietnam", "id:vietnam"}),
        ("vdr", {"id:north-vietnam"}),
        ("SU", {"id:soviet-union"}),
        ("Q148", {"id:china"}),
        ("q15180", {"id:soviet-union"}),
        ("999", set()),
        ("Q19188", set()),
    ],
)
def test_a_polity_is_found_by_any_identifier(code: str, expected: set[str]) -> None:
    assert {row["polity"] for row in answer("by-code", code=code)} == expected


def test_a_code_comes_with_its_years() -> None:
    assert {(row["polity"], row["years"]) for row in answer("by-code", code="816")} == {
        ("id:north-vietnam", "1954/1976~"),
        ("id:vietnam", "1976~/.."),
    }
    japan = [row["years"] for row in answer("by-code", code="740")]
    assert japan == ["1860/1945", "1952/.."], "out of the list under occupation"


def test_every_state_has_a_row_of_codes() -> None:
    rows = answer("codes")
    assert {row["polity"] for row in rows} == {
        short(str(state)) for state in ours().subjects(RDF.type, TACIT.State)
    }
    assert len(rows) == len({row["polity"] for row in rows}), "a state has one code of a kind"
    vietnam = next(row for row in rows if row["polity"] == "id:vietnam")
    assert (vietnam["cow"], vietnam["alpha2"], vietnam["alpha3"], vietnam["wikidata"]) == (
        "816",
        "VN",
        "VNM",
        "wd:Q881",
    )


def test_every_link_and_every_gap_has_a_row() -> None:
    for name, kind in (("wikidata-links", TACIT.Link), ("wikidata-gaps", TACIT.LinkGap)):
        assert len(answer(name)) == len(set(ours().subjects(RDF.type, kind)))


def test_what_is_not_exact_says_why() -> None:
    for row in answer("wikidata-links"):
        assert row["match"] == "skos:exactMatch" or row["note"]
        assert row["sources"]
