"""Each definition holds for one made-up portrayal, is silent on a second, and is contradicted by a third."""

from functools import cache
from typing import Final

import pytest
from rdflib import OWL, RDF, Graph
from rdflib.collection import Collection
from rdflib.term import Node

from tacit.assess import assess
from tacit.derive import derive
from tacit.names import DEF, ID, TACIT
from tacit.reason import REASONERS, close, premises
from tests.ontology.made_up import SEPARATOR, Merged, closed, derived, example, files, merged, ontology

#: Nothing that a source says negates their conditions: nobody writes that there is no practice.
_NEVER_CONTRADICTED: Final = {"Vu2021CloseCollaboration", "Walt1987"}


def definitions() -> list[str]:
    return sorted(str(d).removeprefix(DEF) for d in ontology().subjects(RDF.type, TACIT.Definition))


def conditions(name: str) -> set[Node]:
    (members,) = ontology().objects(DEF[name], OWL.equivalentClass / OWL.intersectionOf)
    return set(Collection(ontology(), members)) - {TACIT.Portrayal}


@cache
def cells(reasoner: str) -> Graph:
    graph = Graph()
    for triple in assess(closed(reasoner), premises(derived())):
        graph.add(triple)
    return graph


def cell(graph: Graph, name: str, which: str) -> tuple[Node | None, set[Node], set[Node]]:
    """Return result, reasons and lacks of the cell of a definition and one of its own portrayals."""
    own = ID[f"made-{which}{SEPARATOR}{name}"]
    (assessment,) = set(graph.subjects(TACIT.assesses, own)) & set(
        graph.subjects(TACIT.underDefinition, DEF[name])
    )
    because, lacks = (set(graph.objects(assessment, p)) for p in (TACIT.because, TACIT.lacks))
    return graph.value(assessment, TACIT.result), because, lacks


def portrayals(name: str) -> set[str]:
    made = example(files("definitions")[name]).subjects(RDF.type, TACIT.Portrayal)
    return {str(p).removeprefix(ID["made-"]).removesuffix(SEPARATOR + name) for p in made}


def findings(name: str, which: str) -> set[Node]:
    own = ID[f"made-{which}{SEPARATOR}{name}"]
    return set(example(files("definitions")[name]).subjects(TACIT.ofPortrayal, own))


def test_every_definition_has_examples_and_every_example_a_definition() -> None:
    assert sorted(files("definitions")) == definitions()


@pytest.mark.parametrize("name", definitions())
def test_definition_has_all_three_where_it_can(name: str) -> None:
    which = {"holds", "fails"} | ({"contradicted"} if name not in _NEVER_CONTRADICTED else set())
    assert {w for w in portrayals(name) if not w.startswith("fails-")} == which


@pytest.mark.parametrize("reasoner", REASONERS)
@pytest.mark.parametrize("name", definitions())
def test_definition_holds(name: str, reasoner: str) -> None:
    result, because, lacks = cell(cells(reasoner), name, "holds")
    assert (result, lacks) == (TACIT.Holds, set())
    assert because
    assert because <= findings(name, "holds")


@pytest.mark.parametrize("reasoner", REASONERS)
@pytest.mark.parametrize("name", definitions())
def test_definition_is_silent_for_want_of_one_condition(name: str, reasoner: str) -> None:
    """Each condition of the definition is the one that is lacking somewhere, so that each one matters."""
    made = example(files("definitions")[name])
    missing: list[Node] = []
    for which in portrayals(name) - {"holds", "contradicted"}:
        result, because, lacks = cell(cells(reasoner), name, which)
        assert result == TACIT.Silent, which
        assert because == {f for f in findings(name, which) if (f, RDF.type, TACIT.NotListed) in made}
        missing += lacks
        assert len(lacks) == 1, which
    assert sorted(missing, key=str) == sorted(conditions(name) - {DEF.BetweenStates}, key=str)


@pytest.mark.parametrize("reasoner", REASONERS)
@pytest.mark.parametrize("name", sorted({*definitions()} - _NEVER_CONTRADICTED))
def test_definition_is_contradicted_by_what_is_said(name: str, reasoner: str) -> None:
    result, because, lacks = cell(cells(reasoner), name, "contradicted")
    assert (result, lacks) == (TACIT.Contradicted, cell(cells(reasoner), name, "fails")[2])
    assert because
    assert because <= findings(name, "contradicted") - findings(name, "fails")


@pytest.mark.parametrize("name", definitions())
def test_definition_is_between_states_but_for_one(name: str) -> None:
    """With a movement for a state, all is contradicted, and by the tie: only 003 does not ask for states."""
    result, because, lacks = cell(_cells_of_movement(), name, "holds")
    if name == "AllButName2020":
        assert (result, lacks) == (TACIT.Holds, set())
    else:
        assert (result, because, lacks) == (TACIT.Contradicted, set(), {DEF.BetweenStates})


@cache
def _cells_of_movement() -> Graph:
    graph = merged("definitions")
    for portrayal in list(graph.subjects(TACIT.portrays, ID["made-tie"])):
        graph.set((portrayal, TACIT.portrays, ID["made-tie-band"]))
    for triple in derive(graph):
        graph.add(triple)
    told = premises(graph)
    for triple in close(Merged(graph), graph, "reasonable"):
        graph.add(triple)
    found = Graph()
    for triple in assess(graph, told):
        found.add(triple)
    return found
