"""The SPARQL 1.1 Protocol, as a client meets it."""

import importlib.util
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from server import create_app
from tests.conftest import shared
from tests.server.conftest import Ask

ALL = "SELECT ?s WHERE { ?s ?p ?o }"
YES = {"head": {}, "boolean": True}
FORM = "application/x-www-form-urlencoded"
#: How many of its W3C query tests the server of Oxigraph passes, asked by the same runner.
OXIGRAPH = 761


def count(response: object) -> int:
    return len(response.get_json()["results"]["bindings"])  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", ["/sparql", "/sparql/"])
def test_a_query_is_asked_by_get_by_form_and_as_body(client: FlaskClient, path: str) -> None:
    answers = [
        client.get(path, query_string={"query": ALL}),
        client.post(path, data={"query": ALL}),
        client.post(path, data=ALL, content_type="application/sparql-query"),
        client.post(path, data=ALL.encode(), content_type="application/sparql-query; charset=UTF-8"),
    ]
    assert [(answer.status_code, count(answer)) for answer in answers] == [(200, 4)] * 4


def test_percent_plus_hash_and_accents_arrive_once_decoded_either_way(client: FlaskClient) -> None:
    query = 'ASK { ?s ?p ?o FILTER(?o = "été & 100% #1") FILTER("a+b%20" = "a\\u002Bb%20") }'
    assert client.get("/sparql", query_string={"query": query}).get_json() == YES
    assert client.post("/sparql", data={"query": query}).get_json() == YES
    assert client.post("/sparql", data=query, content_type="application/sparql-query").get_json() == YES


def test_without_a_data_set_clause_a_query_sees_the_union(ask: Ask) -> None:
    assert count(ask(ALL)) == 4


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("SELECT * FROM <urn:g:new> { ?s ?p ?o }", 1),
        ("SELECT * FROM NAMED <urn:g:new> { ?s ?p ?o }", 0),
        ("SELECT * FROM NAMED <urn:g:new> { GRAPH ?g { ?s ?p ?o } }", 1),
        ("SELECT * { GRAPH <urn:g:corpus> { ?s ?p ?o } }", 3),
        ("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }", 2),
    ],
)
def test_from_and_graph_narrow_the_union(ask: Ask, query: str, rows: int) -> None:
    assert count(ask(query)) == rows


def test_the_data_set_of_the_protocol_overrides_that_of_the_query(client: FlaskClient) -> None:
    query = "SELECT * FROM <urn:g:corpus> { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
    new = {"default-graph-uri": "urn:g:new"}
    assert count(client.get("/sparql", query_string={"query": query, **new})) == 1
    assert count(client.post("/sparql", data={"query": query, **new})) == 1
    body = {"data": query, "content_type": "application/sparql-query"}
    assert count(client.post("/sparql", query_string=new, **body)) == 1
    both = {"default-graph-uri": ["urn:g:new", "urn:g:corpus"], "named-graph-uri": "urn:g:new"}
    assert count(client.post("/sparql", query_string=both, **body)) == 5


def test_a_graph_that_is_no_iri_is_a_fault_of_the_request(ask: Ask) -> None:
    answer = ask(ALL, **{"default-graph-uri": "not an iri"})
    assert answer.status_code == 400
    assert "full IRI" in answer.get_json()["detail"]


def test_a_missing_query_is_a_fault_of_the_request(client: FlaskClient) -> None:
    for answer in (client.get("/sparql?quary=ASK{}"), client.post("/sparql", data={"x": "y"})):
        assert answer.status_code == 400
        assert "query is missing" in answer.get_json()["detail"]


def test_two_queries_are_a_fault_of_the_request(client: FlaskClient) -> None:
    two = {"query": [ALL, ALL]}
    answers = [
        client.get("/sparql", query_string=two),
        client.post("/sparql", data=two),
        client.post("/sparql", query_string={"query": ALL}, data={"query": ALL}),
        client.post(
            "/sparql", query_string={"query": ALL}, data=ALL, content_type="application/sparql-query"
        ),
    ]
    assert [answer.status_code for answer in answers] == [400] * 4


def test_updates_are_refused_in_every_form(client: FlaskClient, ask: Ask) -> None:
    update = "PREFIX a: <urn:a:> # DELETE\nINSERT DATA { a:b a:c a:d }"
    answers = [
        client.get("/sparql", query_string={"update": update}),
        client.post("/sparql", data={"update": update}),
        client.post("/sparql", data=update, content_type="application/sparql-update"),
        ask(update),
    ]
    assert [(answer.status_code, answer.get_json()["type"]) for answer in answers] == [(403, "read-only")] * 4
    assert count(ask(ALL)) == 4


def test_service_is_refused(ask: Ask) -> None:
    answer = ask("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }")
    assert (answer.status_code, answer.get_json()["type"]) == (403, "no-federation")


@pytest.mark.parametrize("kind", ["text/plain", "multipart/form-data", "application/json", None])
def test_other_bodies_are_not_read(client: FlaskClient, kind: str | None) -> None:
    answer = client.post("/sparql", data=ALL.encode(), content_type=kind)
    assert answer.status_code == 415
    assert "application/sparql-query" in answer.get_json()["detail"]


def test_bodies_in_other_encodings_are_not_read(client: FlaskClient) -> None:
    kind = "application/sparql-query; charset=UTF-16"
    assert client.post("/sparql", data=ALL.encode("utf-16"), content_type=kind).status_code == 415


def test_what_is_not_utf_8_is_a_fault_of_the_request(client: FlaskClient) -> None:
    answers = [
        client.get("/sparql?query=ASK%20%7B%7D%20%23%ff"),
        client.post("/sparql", data="query=ASK%20%7B%7D%20%23%ff", content_type=FORM),
        client.post("/sparql", data=b"ASK {} #\xff", content_type="application/sparql-query"),
    ]
    assert [answer.status_code for answer in answers] == [400] * 3


def test_other_methods_are_told_which_ones_there_are(client: FlaskClient) -> None:
    for method in ("PUT", "DELETE", "PATCH"):
        answer = client.open("/sparql", method=method)
        assert answer.status_code == 405
        assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}


def test_head_is_get_without_the_body(client: FlaskClient) -> None:
    head, get = (client.open("/sparql", method=m, query_string={"query": ALL}) for m in ("HEAD", "GET"))
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["Content-Type"] == get.headers["Content-Type"]
    assert head.headers["Content-Length"] == str(len(get.data))


def test_every_site_may_read_answers_and_errors(client: FlaskClient, ask: Ask) -> None:
    preflight = client.options(
        "/sparql", headers={"Origin": "http://x", "Access-Control-Request-Method": "POST"}
    )
    assert preflight.status_code == 200
    assert "POST" in preflight.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in preflight.headers["Access-Control-Allow-Headers"]
    for answer in (preflight, ask(ALL), ask("nonsense"), client.get("/nowhere")):
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.fixture
def w3c(tmp_path: Path) -> Iterator[tuple[object, Path, str]]:
    """Yield the W3C test runner, its suite, and the address of a server of the suite's data."""
    tool, suite = shared("tools/w3c.py"), shared("w3c")
    spec = importlib.util.spec_from_file_location("w3c", tool)
    assert spec is not None
    assert spec.loader is not None
    runner = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(runner)
    data = tmp_path / "w3c.nq"
    runner.dataset(suite, str(data))
    server = make_server("127.0.0.1", 0, create_app({"data": [data], "log": "off"}), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield runner, suite, f"http://127.0.0.1:{server.server_port}/sparql"
    server.shutdown()
    thread.join()
    server.server_close()


def test_all_w3c_protocol_tests_pass(
    w3c: tuple[object, Path, str], capsys: pytest.CaptureFixture[str]
) -> None:
    runner, suite, address = w3c
    capsys.readouterr()
    runner.protocol(suite, address, True)  # type: ignore[attr-defined]
    output = capsys.readouterr().out
    found = re.search(r"^(\d+)/(\d+)$", output, re.MULTILINE)
    assert found is not None
    assert found[1] == found[2] == "34", output


def test_no_fewer_w3c_query_tests_pass_than_on_the_server_of_oxigraph(
    w3c: tuple[object, Path, str], capsys: pytest.CaptureFixture[str]
) -> None:
    runner, suite, address = w3c
    capsys.readouterr()
    runner.run(suite, address, True)  # type: ignore[attr-defined]
    output = capsys.readouterr().out
    found = re.search(r"^(\d+)/(\d+)$", output, re.MULTILINE)
    assert found is not None
    assert int(found[1]) >= OXIGRAPH, output
