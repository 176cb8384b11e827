"""The federated questions, asked of our own graph and of a server of ours in Wikidata's place.

The text of each question is the one that runs live but for the address: here the endpoint's IRI is replaced
by that of a SPARQL server on this machine, and the engine is asked directly, as `tacit.engine.evaluate`
refuses every SERVICE. Where the server has a list of endpoints with aliases, let `answer` start it with that
alias and ask it instead.

Proved: the questions parse, ask in Wikidata's terms, join by our links, ask once and for bounded lists. Not
proved: what Wikidata answers, how fast, and that its statements are as complete as the made-up ones.
"""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
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

_DATA: Final = Path(__file__).parent / "federated" / "wikidata.ttl"
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


@contextmanager
def wikidata() -> Iterator[tuple[str, list[str]]]:
    """Serve the made-up data; give the address, and the list into which each query comes."""
    data, asked = ox.Store(), list[str]()
    data.load(path=_DATA, format=ox.RdfFormat.TURTLE)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
            answer: Any = data.query(asked[-1])
            body = answer.serialize(format=ox.QueryResultsFormat.JSON)
            self.send_response(200)
            self.send_header("Content-Type", "application/sparql-results+json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/sparql", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def answer(name: str, asked: list[str] | None = None, **values: str) -> list[tuple[str, ...]]:
    """Return the rows of a question, terms as short strings; *asked* takes what the endpoint was sent."""
    with wikidata() as (address, sent):
        text = questions()[name].bind(values).replace(ENDPOINTS[0], address)
        solutions: Any = store().query(text)
        rows = [
            tuple(short(v.value) if isinstance(v, ox.NamedNode) else v.value if v else "" for v in solution)
            for solution in solutions
        ]
        if asked is not None:
            asked += sent
    return rows


def test_there_are_eight_and_more() -> None:
    assert len(questions()) >= 8


def test_heads_of_government_at_signature() -> None:
    rows = answer("heads-of-government")
    laos = [row for row in rows if row[1] == "1977" and row[2] == "id:article-003"]
    treaty = "Treaty of Laos and Vietnam, 1977"
    assert laos == [
        (treaty, "1977", "id:article-003", "tacit:Affirms", "Laos", "head of government three", "1975", ""),
        (
            treaty,
            "1977",
            "id:article-003",
            "tacit:Affirms",
            "Vietnam",
            "head of government one",
            "1976",
            "1987",
        ),
    ]
    assert {row[4:6] for row in rows if row[1] == "1978"} == {
        ("Soviet Union", "head of government four"),
        ("Vietnam", "head of government one"),
    }
    assert {row[5] for row in rows if row[1] == "1994"} == {"head of government two"}, (
        "a label in `mul` alone"
    )


def test_capitals() -> None:
    assert answer("capitals") == [("id:vietnam", "Vietnam", "the capital of Vietnam", "Point(105.85 21.03)")]


def test_memberships() -> None:
    assert answer("memberships") == [
        ("Laos\u2013Vietnam", "the other organization", ""),
        ("Laos\u2013Vietnam", "the organization", "1997"),
    ]


def test_wars_together() -> None:
    assert answer("wars-together") == [
        ("China\u2013North Korea", "the war of the two", "wd:Q9000030"),
        ("China\u2013Soviet Union/Russia", "Sino-Soviet border conflict", "wd:Q244932"),
    ]


def test_articles() -> None:
    assert [row[0] for row in answer("articles")] == ["id:le-duan", "id:vietnam"]
    assert answer("articles", language="en") == [
        ("id:vietnam", "Vietnam", "<https://en.wikipedia.org/wiki/A>")
    ]
    assert answer("articles", language="zh") == []


def test_iso_codes() -> None:
    rows = {row[0]: row[1:] for row in answer("iso-codes")}
    assert rows["Vietnam"] == ("VNM", "VNM", "true")
    assert rows["Laos"] == ("LAO", "LAX", "false")
    assert rows["Soviet Union"] == ("SUN", "", "false")
    assert rows["Kingdom of Laos"] == ("LAO", "", "false")


def test_diplomatic_relations() -> None:
    assert answer("diplomatic-relations") == [("China\u2013Vietnam", "China", "Vietnam", "1950", "")]


def test_lifetimes() -> None:
    rows = {(row[0], row[4]): row for row in answer("lifetimes")}
    assert rows["Soviet Union", "1922"] == ("Soviet Union", "1922", "1991", "365", "1922", "1991")
    assert rows["Vietnam", "1975"] == ("Vietnam", "1976", "", "816", "1975", "")
    assert {row[0] for row in rows.values()} >= {"Japan"}, "states of which the endpoint knows nothing"
    assert {begin for state, begin in rows if state == "Japan"} == {"1860", "1952"}


def test_signatories() -> None:
    treaty = "Treaty of China and North Korea, 1961"
    other = "Treaty of China and the Soviet Union, 1950"
    assert answer("signatories") == [
        (treaty, "", "North Korea", "true"),
        (treaty, "", "somebody else", "false"),
        (other, "1950", "People's Republic of China", "true"),
        (other, "1950", "Soviet Union", "true"),
    ]


def test_positions() -> None:
    rows = answer("positions")
    assert {(row[0], row[5]) for row in rows} == {("Nguyen Phu Trong", "the position")}
    assert all(row[4].startswith("tacit:") for row in rows), "the stance is shown"


@pytest.mark.parametrize("name", questions())
def test_the_endpoint_is_asked_once_and_for_little(name: str) -> None:
    """Oxigraph sends a SERVICE as it stands and joins after, so the list of what it is about is in it."""
    asked: list[str] = []
    answer(name, asked)
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
    assert items(questions()["positions"]) == linked(TACIT.Person)
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
