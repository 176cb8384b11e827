"""The federated questions, as they run live: unchanged, through a real server and its relay, over HTTP.

What is asked is Oxigraph's own server with `wikidata.ttl`, at whose address `--service-alias` has Wikidata's
endpoint; all else is as in use.
"""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Final
from urllib.request import Request, urlopen

from tacit import library
from tacit.build import build
from tacit.federated import ENDPOINTS, TOPIC
from tacit.files import Project
from tacit.names import short
from tests.federated.endpoint import DATA
from tests.server.engines import oxigraph
from tests.server.live import Server, serving
from tests.test_questions import QUESTIONS, Row, load, written

TEXTS: Final = {query.name: query.text for query in library.load() if query.topic == TOPIC}


@contextmanager
def wikidata() -> Iterator[str]:
    """Run Oxigraph's own server with the data; give its address for queries."""
    with oxigraph() as engine:
        body, media = DATA.read_bytes(), {"Content-Type": "text/turtle"}
        request = Request(f"{engine.store}?default", body, media, method="PUT")  # noqa: S310
        urlopen(request, timeout=30).close()  # noqa: S310
        yield engine.query


def cell(term: dict[str, str] | None) -> str | None:
    if term is None:
        return None
    return short(term["value"]) if term["type"] == "uri" else term["value"]


def rows(server: Server, text: str, columns: list[str]) -> Counter[Row]:
    reply = server.ask(text, Accept="application/sparql-results+json")
    answer: Any = json.loads(reply.body)
    assert reply.status == 200, answer
    return Counter(
        tuple(cell(solution.get(column)) for column in columns) for solution in answer["results"]["bindings"]
    )


def test_all_have_their_answers_and_have_them_still_when_the_endpoint_is_gone() -> None:
    build(Project(), "reasonable")  # unless it is there
    with ExitStack() as endpoint:
        address = endpoint.enter_context(wikidata())
        alias = ("--service-alias", f"{ENDPOINTS[0]}={address}", "--service-private", "127.0.0.1")
        with serving("--log", "off", *alias, data=None) as server:
            assert len(TEXTS) >= 8
            for gone in (False, True):
                for name, text in TEXTS.items():
                    expected = load(QUESTIONS / TOPIC / f"{name}.yaml")
                    assert rows(server, text, expected["columns"]) == written(expected["rows"]), (name, gone)
                endpoint.close()
            # not because nobody is needed: what was not asked before is not answered now
            reply = server.ask(f"SELECT * {{ SERVICE <{ENDPOINTS[0]}> {{ ?s ?p ?o }} }}")
    problem = json.loads(reply.body)
    assert (reply.status, problem["type"].rpartition("/")[2]) == (502, "service-failed")
    assert problem["detail"] == f"<{ENDPOINTS[0]}> cannot be reached: Connection refused."
