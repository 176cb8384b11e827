"""Answers that were given before come from memory: the same bytes, and only what may be kept."""

import gzip
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server import create_app
from server.cache import BODY, Cache
from tests.server.conftest import BROWSER, Client
from tests.server.live import Server, get, post, serving

ALL = "SELECT ?s ?p ?o WHERE { ?s ?p ?o }"
LONG = f"{ALL} ORDER BY ?s ?p ?o LIMIT 100"


class Counted:
    """A WSGI application that counts how often it is called."""

    def __init__(self, inner: Any) -> None:
        self.inner, self.calls = inner, 0

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        self.calls += 1
        return self.inner(environ, start_response)


@pytest.fixture
def counted(app: Flask) -> Counted:
    counted = Counted(app.extensions["tacit-cache"]._application)
    app.extensions["tacit-cache"]._application = counted
    return counted


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving("--log", "off", "--workers", "2") as running:
        yield running


def ask(client: FlaskClient, query: str = ALL, **headers: str) -> Any:
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.get("/sparql", query_string={"query": query}, headers=fields)


def test_the_second_answer_is_the_first_without_the_application(
    client: FlaskClient, counted: Counted
) -> None:
    first, second = ask(client), ask(client)
    assert counted.calls == 1
    assert first.data == second.data
    assert dict(first.headers) == dict(second.headers)


@pytest.mark.parametrize(
    "other",
    [
        {"query": ALL + " "},
        {"Accept": "text/csv"},
        {"Accept": BROWSER},
    ],
    ids=["another query", "another format", "a page"],
)
def test_another_query_or_format_is_another_answer(
    client: FlaskClient, counted: Counted, other: dict[str, str]
) -> None:
    first, second = ask(client), ask(client, **other)
    assert counted.calls == 2
    assert first.headers["ETag"] != second.headers["ETag"] or first.data == second.data


def test_data_set_parameters_are_part_of_the_key(client: FlaskClient, counted: Counted) -> None:
    whole = ask(client)
    part = client.get("/sparql", query_string={"query": ALL, "default-graph-uri": "urn:g:new"})
    assert counted.calls == 2
    assert len(part.get_json()["results"]["bindings"]) < len(whole.get_json()["results"]["bindings"])


def test_accept_headers_that_mean_the_same_share_an_answer(client: FlaskClient, counted: Counted) -> None:
    ask(client, Accept="text/csv")
    assert ask(client, Accept="text/csv;q=0.9, image/png").mimetype == "text/csv"
    assert counted.calls == 1


@pytest.mark.parametrize(
    "query",
    ["nonsense", "SELECT (NOW() AS ?x) {}", "SELECT (rand ( ) AS ?x) {}", "SELECT (struuid() AS ?x) {}"],
)
def test_errors_and_what_differs_each_time_are_not_kept(
    client: FlaskClient, counted: Counted, query: str
) -> None:
    ask(client, query)
    answer = ask(client, query)
    assert counted.calls == 2
    assert "ETag" not in answer.headers


def test_whoever_has_the_answer_gets_304_and_no_body(client: FlaskClient) -> None:
    etag = ask(client).headers["ETag"]
    for known in (etag, f'"x", W/{etag}', "*"):
        again = ask(client, If_None_Match=known)
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["ETag"] == etag
        assert "Accept" in again.headers["Vary"]
    assert ask(client, If_None_Match='"x"').status_code == 200


def test_it_is_packed_for_whom_takes_gzip_and_has_another_etag(client: FlaskClient) -> None:
    plain = ask(client)
    packed = ask(client, Accept_Encoding="br, gzip")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert "Content-Encoding" not in ask(client, Accept_Encoding="gzip;q=0").headers
    for accepted, is_packed in [
        ("x, " * 400 + "GZIP;q=0.1", True),
        ("*", True),
        ("br;q=1, gzip ; q=0, *", False),
    ]:
        assert ("Content-Encoding" in ask(client, Accept_Encoding=accepted).headers) is is_packed, accepted
    for answer in (plain, packed):
        assert {"Accept", "Accept-Encoding"} <= set(answer.headers["Vary"].split(", "))
        assert int(answer.headers["Content-Length"]) == len(answer.data)


def test_head_has_the_headers_of_get(client: FlaskClient, counted: Counted) -> None:
    whole = ask(client)
    head = client.head("/sparql", query_string={"query": ALL})
    assert (head.status_code, head.data, counted.calls) == (200, b"", 1)
    assert dict(head.headers) == dict(whole.headers)


def test_the_size_is_bounded_and_the_oldest_goes_first() -> None:
    def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        environ["tacit.keep"] = True
        start_response("200 OK", [("Content-Type", "text/csv")])
        return [environ["QUERY_STRING"].encode() * 50]

    cache = Cache(application, 0.1, "")
    keys = []
    for number in range(100):
        environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/sparql", "QUERY_STRING": f"{number:0200}"}
        list(cache(environ, lambda *_: None))
        keys.append(cache.key("/sparql", environ["QUERY_STRING"], None))
        assert 0 < cache.size <= 0.1 * 2**20
    assert cache.find(keys[0]) is None
    assert cache.find(keys[-1]) is not None


def test_a_cache_of_nothing_keeps_nothing(build: Any, queries: Any) -> None:
    app = create_app({"build": build, "queries": queries, "cache_mb": 0, "log": "off"})
    assert "ETag" not in ask(Client(app, app.response_class)).headers


def test_post_is_kept_where_the_server_has_read_the_body(app: Flask, counted: Counted) -> None:
    bodies = []
    for _ in range(2):
        answer = app.test_client().post(
            "/sparql",
            data=ALL,
            content_type="application/sparql-query",
            environ_overrides={BODY: ALL.encode()},
        )
        bodies.append(answer.data)
    assert counted.calls == 1
    assert bodies[0] == bodies[1]


def test_a_real_server_answers_from_it_by_get_post_and_head(server: Server) -> None:
    first = server.raw(get(LONG))
    assert first.status == 200
    for again in (server.raw(get(LONG)), server.ask(LONG)):
        assert again.body == first.body
        assert again.headers["etag"] == first.headers["etag"]
    assert server.raw(get(LONG, If_None_Match=first.headers["etag"])).status == 304
    head = server.raw(get(LONG, Connection="close").replace(b"GET", b"HEAD"))
    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-length"] == str(len(first.body))
    packed = server.raw(get(LONG, Accept_Encoding="gzip"))
    assert json.loads(gzip.decompress(packed.body)) == json.loads(first.body)


def test_what_is_kept_needs_no_worker(server: Server) -> None:
    slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f FILTER(STRLEN(STR(?a)) > STRLEN(STR(?d))) }"
    first = server.raw(post(slow))
    begin = time.monotonic()
    for _ in range(20):
        assert server.raw(post(slow)).body == first.body
    assert (time.monotonic() - begin) / 20 < first.seconds
