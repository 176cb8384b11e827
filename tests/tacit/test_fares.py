"""How conditions fare, held to the cells of the build; and what tells two ties apart."""

from types import SimpleNamespace
from typing import cast

import pytest
from rdflib import Graph

from tacit import fares
from tacit.fares import cells, results, separating
from tacit.model import Model
from tacit.names import DEF, ID, TACIT, short
from tests.tacit.test_whatif import ours
from tests.tacit.test_whatif import results as built


def test_the_conditions_of_a_definition_fare_as_the_definition_does() -> None:
    for definition, conditions in ours().judge.definitions.items():
        expected = {p: r.lower() for (p, d), r in built(ours()).items() if d == short(str(definition))}
        found = results(ours(), conditions)
        assert {short(str(p)): f"tacit:{result}" for p, result in found.items()} == expected


def test_cells_have_every_portrayal_once_and_those_that_hold_first() -> None:
    rows = cells(ours(), frozenset([DEF.OfficiallyDescribedAsPact]))
    names = [cell["id"] for row in rows for cell in row["portrayals"]]
    assert len(names) == len(set(names)) == len(set(ours().judge.graph.subjects(TACIT.portrays)))
    assert rows[0]["tie"] == "id:tie-laos-vietnam"
    held = [cell for cell in rows[0]["portrayals"] if cell["result"] == "holds"]
    assert [cell["id"] for cell in held] == ["id:portrayal-003-laos-vietnam-since"]
    assert held[0]["conditions"][0]["claims"] == ["id:claim-003-pact-2012", "id:claim-003-pact-2015"]


def test_single_conditions_tell_ties_apart_before_pairs_do() -> None:
    found = separating(ours(), ID["tie-laos-vietnam"], ID["tie-soviet-vietnam"])
    assert found == [
        frozenset([DEF.DefenceCooperationAgreed]),
        frozenset([DEF.NoAllianceClause]),
        frozenset([DEF.OfficiallyDescribedAsPact]),
    ]


def test_a_pair_has_to_be_met_in_one_portrayal(monkeypatch: pytest.MonkeyPatch) -> None:
    # made up, as no ties of the corpus take a pair: a1 and a2 describe the one tie, b1 and b2 the other
    sets = {"a1": [DEF.A, DEF.B], "a2": [DEF.C], "b1": [DEF.A, DEF.C], "b2": [DEF.B, DEF.C]}
    graph = Graph()
    for name in sets:
        graph.add((ID[name], TACIT.portrays, ID[name[0]]))
    monkeypatch.setattr(fares, "met", lambda _: {ID[name]: frozenset(own) for name, own in sets.items()})
    model = cast("Model", SimpleNamespace(judge=SimpleNamespace(graph=graph)))
    assert separating(model, ID["a"], ID["b"]) == [frozenset([DEF.A, DEF.B])]
    assert separating(model, ID["b"], ID["a"]) == [frozenset([DEF.A, DEF.C]), frozenset([DEF.B, DEF.C])]


def test_nothing_tells_a_tie_from_itself() -> None:
    assert separating(ours(), ID["tie-laos-vietnam"], ID["tie-laos-vietnam"]) == []
