"""A server over a made-up graph: two named graphs, four triples, one library query."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server import create_app
from tacit.build import nquads
from tacit.errors import TacitError
from tacit.files import Project

ID = "https://w3id.org/tacit/id/"
GRAPH = f"""\
<{ID}a> <http://www.w3.org/2000/01/rdf-schema#label> "Tie <A>"@en <urn:g:corpus> .
<{ID}a> <https://w3id.org/tacit/ontology#party> <{ID}b> <urn:g:corpus> .
<{ID}a> <https://w3id.org/tacit/ontology#note> "été & 100% #1" <urn:g:corpus> .
<{ID}a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://example.org/T> <urn:g:new> .
"""

QUERY = """\
#+ summary: What is said of a tie
#+ description: What is said of a tie, whoever says it?
#+ tags: [ties]
#+ params:
#+   - {name: tie, type: iri, default: "id:a", description: the tie}
PREFIX id: <https://w3id.org/tacit/id/>
SELECT ?property ?value WHERE {
  VALUES ?tie { id:a }  # param
  ?tie ?property ?value .
}
"""

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

Ask = Callable[..., TestResponse]


class Client(FlaskClient):
    """A client that takes each answer to its end, so that no file stays open."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Ask."""
        return super().open(*args, **{"buffered": True, **kwargs})


@pytest.fixture
def build(tmp_path: Path) -> Path:
    """Return a folder as `tacit build` leaves it."""
    folder = tmp_path / "build"
    (folder / "0123").mkdir(parents=True)
    (folder / "0123" / "graph.nq").write_text(GRAPH, encoding="utf-8")
    (folder / "current").write_text("0123\n", encoding="utf-8")
    return folder


@pytest.fixture
def queries(tmp_path: Path) -> Path:
    folder = tmp_path / "queries"
    (folder / "ties").mkdir(parents=True)
    (folder / "ties" / "said-of.rq").write_text(QUERY, encoding="utf-8")
    return folder


@pytest.fixture
def app(build: Path, queries: Path) -> Flask:
    return create_app({"build": build, "queries": queries, "log": "off"})


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return Client(app, app.response_class)


@pytest.fixture
def ask(client: FlaskClient) -> Ask:
    """Return a function that asks a query by GET, with an Accept header and further parameters."""

    def get(query: str, accept: str | None = None, **parameters: object) -> TestResponse:
        headers = {"Accept": accept} if accept else {}
        return client.get("/sparql", query_string={"query": query, **parameters}, headers=headers)

    return get


@pytest.fixture(scope="session")
def site() -> FlaskClient:
    """Return a client of a server over the graph that `tacit build` has made of the whole project."""
    try:
        app = create_app({"log": "off"})
    except TacitError as error:
        pytest.skip(str(error))
    return Client(app, app.response_class)


@pytest.fixture(scope="session")
def reconciler(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """Return a client of a server over the project's own data, as asserted."""
    folder: Path = tmp_path_factory.mktemp("build")
    (folder / "0123").mkdir()
    (folder / "0123" / "graph.nq").write_bytes(nquads(dict(Project().graphs)))
    (folder / "current").write_text("0123\n", encoding="utf-8")
    return create_app({"build": folder, "queries": folder, "log": "off"}).test_client()
