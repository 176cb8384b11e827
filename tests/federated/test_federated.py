"""The federated questions: what each asks of the endpoint; `tests/questions/federated` has the answers."""

import re
from functools import cache
from typing import Any, Final

import pyoxigraph as ox
import pytest
from rdflib import RDF, SKOS, Graph
from rdflib.term import Node

from tacit import library
from tacit.build import nquads
from tacit.federated import ENDPOINTS, TOPIC, services, without_services
from tacit.files import Project
from tacit.library import Query
from tacit.names import CORPUS, TACIT, short
from tests.federated.endpoint import local, wikidata

#: Wikidata's operators ask for fewer, smaller questions; POST has no limit of its own.
_MOST_BYTES: Final = 4000


@cache
def questions() -> dict[str, Query]:
    return {query.name: query for query in library.load() if query.topic == TOPIC}


@cache
def ours() -> Graph:
    return Project().union()


@cache
def store() -> ox.Store:
    """Return our asserted triples as the server's engine has them: all in the default graph."""
    store = ox.Store()
    store.load(nquads({CORPUS: ours()}), format=ox.RdfFormat.N_QUADS)
    store.update("INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }")
    return store


def test_there_are_eight_and_more() -> None:
    assert len(questions()) >= 8


@pytest.mark.parametrize("name", questions())
def test_the_endpoint_is_asked_once_and_for_little(name: str) -> None:
    """Oxigraph sends a SERVICE as it stands and joins after, so the list of what it is about is in it."""
    with wikidata() as (address, asked):
        solutions: Any = store().query(local(questions()[name].text, address))
        assert list(solutions)
    assert len(asked) == 1
    assert len(asked[0]) < _MOST_BYTES
    assert "VALUES" in asked[0]


def items(query: Query) -> set[str]:
    return set(re.findall(r"\bwd:(Q\d+)", query.text))


def linked(*kinds: Node) -> set[str]:
    """Return the items of exact matches of our things, those of *kinds* if there are any."""
    return {
        short(str(item)).removeprefix("wd:")
        for thing, item in ours().subject_objects(SKOS.exactMatch)
        if not kinds or any((thing, RDF.type, kind) in ours() for kind in kinds)
    }


@pytest.mark.parametrize("name", ["heads-of-government", "capitals", "iso-codes", "lifetimes"])
def test_questions_about_states_name_every_linked_state(name: str) -> None:
    assert items(questions()[name]) == linked(TACIT.State)


def test_other_lists_name_all_that_is_linked() -> None:
    assert items(questions()["offices-held"]) == linked(TACIT.Person)
    assert items(questions()["signatories"]) == linked(TACIT.Treaty)
    assert items(questions()["articles"]) == linked()


def lines(state: Node) -> set[Node]:
    graph = ours()
    after = set(graph.transitive_subjects(TACIT.successorOf, state))
    return {node for node in (after | set(graph.transitive_objects(state, TACIT.successorOf))) if node}


@pytest.mark.parametrize("name", ["memberships", "wars-together", "diplomatic-relations"])
def test_questions_about_pairs_name_every_pair_of_linked_parties(name: str) -> None:
    expected = set()
    for tie in ours().subjects(RDF.type, TACIT.Tie):
        states = [
            party for party in ours().objects(tie, TACIT.party) if (party, RDF.type, TACIT.State) in ours()
        ]
        for one in states:
            for two in states:
                pair = [ours().value(state, SKOS.exactMatch) for state in (one, two)]
                if all(pair) and two not in lines(one):
                    expected.add(frozenset(short(str(item)) for item in pair))
    found = re.findall(r"\((wd:Q\d+) (wd:Q\d+)\)", questions()[name].text)
    assert {frozenset(pair) for pair in found} == expected
    assert len(found) == len(expected)


@pytest.mark.parametrize("name", questions())
def test_the_text_names_wikidata_and_parses(name: str) -> None:
    text = questions()[name].text
    assert services(text) == list(ENDPOINTS)
    assert len(without_services(text)) == len(text)
    ox.Store().query(without_services(text))
