"""Plain requests: the same answers as through Flask, whatever is asked, and whatever goes wrong."""

import os
import signal
from collections.abc import Iterator
from urllib.parse import quote

import pytest

from server import plain
from server.request import Request
from tests.server.live import NEVER_ENDS, TOO_MUCH, Server, Until, get, read, serving

SELECT = "SELECT * { ?s ?p ?o } ORDER BY ?s LIMIT 3"
CONSTRUCT = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } ORDER BY ?s LIMIT 3"
JSON = "application/sparql-results+json"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    # one slot per address: whoever does not get it back, is not answered again
    with serving("--time-limit", "1", "--memory-limit", "64", "--workers", "2", "--share", "1") as server:
        yield server


def request(
    query_string: str, accept: str | None = JSON, method: str = "GET", path: str = "/sparql"
) -> Request:
    return Request(method, f"{path}?{query_string}", {} if accept is None else {"accept": accept})


@pytest.mark.parametrize(
    ("query_string", "accept"),
    [
        ("query=ASK%7B%7D", JSON),
        ("query=ASK%7B%7D", None),
        ("query=ASK+%7B%7D&default-graph-uri=urn:a&default-graph-uri=urn:b&named-graph-uri=urn:c", "*/*"),
        ("query=", "text/csv"),
    ],
)
def test_one_query_for_a_program_is_plain(query_string: str, accept: str | None) -> None:
    assert plain.read(request(query_string, accept)) is not None


@pytest.mark.parametrize(
    ("query_string", "accept", "more"),
    [
        ("", JSON, {}),
        ("query=ASK%7B%7D&query=ASK%7B%7D", JSON, {}),
        ("query=ASK%7B%7D&update=x", JSON, {}),
        ("query=ASK%7B%7D&format=xml", JSON, {}),
        ("query=ASK%7B%7D", "text/html", {}),
        ("query=ASK%7B%7D", "text/html,*/*;q=0.1", {}),
        ("query=%FF", JSON, {}),
        ("query=é", JSON, {}),
        ("query=SELECT(NOW()AS?n)%7B%7D", JSON, {}),
        ("query=ASK%7BSERVICE<urn:a>%7B%7D%7D", JSON, {}),
        ("query=ASK%7B%7D", JSON, {"method": "HEAD"}),
        ("query=ASK%7B%7D", JSON, {"method": "POST"}),
        ("query=ASK%7B%7D", JSON, {"path": "/sparql/"}),
    ],
)
def test_all_else_is_not(query_string: str, accept: str, more: dict[str, str]) -> None:
    assert plain.read(request(query_string, accept, **more)) is None


@pytest.mark.parametrize(
    ("query", "accept", "more", "headers"),
    [
        (SELECT, JSON, "", ""),
        (SELECT, "", "", ""),
        (SELECT, "application/sparql-results+xml", "", "Accept-Encoding: gzip\r\n"),
        (SELECT, "text/csv", "", ""),
        (SELECT, "text/tab-separated-values;q=0.5, application/json", "", ""),
        (CONSTRUCT, "text/turtle", "", ""),
        (CONSTRUCT, "application/ld+json", "", "If-None-Match: *\r\n"),
        (SELECT, JSON, "&named-graph-uri=urn:g", ""),
        ("SELECT * { ?s ?p ?o }", JSON, "", ""),
        ("SELECT * { ?s ?p }", JSON, "", ""),
        ("ASK", "application/n-triples", "", ""),
        ("ASK {}", "image/png", "", ""),
        ("INSERT DATA { <urn:a> <urn:b> 1 }", JSON, "", ""),
        ("", JSON, "", ""),
        (SELECT, JSON, "&default-graph-uri=x", ""),
        ("{" * 10_000, JSON, "", ""),
    ],
)
def test_a_plain_request_is_answered_as_flask_does(
    server: Server, query: str, accept: str, more: str, headers: str
) -> None:
    asked = f"query={quote(query, safe='')}{more} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n{headers}"
    asked += f"Accept: {accept}\r\n\r\n" if accept else "\r\n"
    # the second address is never plain, and the cache tells the two apart
    direct, through = (server.raw(f"GET {path}?{asked}".encode()) for path in ("/sparql", "/sparql/"))
    for reply in (direct, through):
        reply.headers.pop("date", None)
    assert (direct.status, direct.headers, direct.body) == (through.status, through.headers, through.body)
    assert direct.status


def asks(server: Server, query: str) -> int:
    return server.raw(get(query, Accept=JSON)).status


@pytest.mark.parametrize(("query", "status"), [(NEVER_ENDS, 504), (TOO_MUCH, 507), ("SELECT * {", 400)])
def test_after_a_fault_the_next_query_is_answered(server: Server, query: str, status: int) -> None:
    assert [asks(server, query), asks(server, f"ASK {{}} # after {status}")] == [status, 200]


def test_an_answer_longer_than_a_socket_holds_is_whole(server: Server) -> None:
    reply = server.raw(get("SELECT * { ?s ?p ?o . ?t ?q ?r } LIMIT 20000", Accept="text/csv"))
    assert reply.status == 200
    assert reply.body.count(b"\r\n") == 20_001


def test_a_worker_that_dies_is_replaced_and_told() -> None:
    with serving("--time-limit", "20", "--workers", "1") as server:
        with server.send(get(NEVER_ENDS, Accept=JSON)) as client:
            os.kill(server.busy(), signal.SIGKILL)
            assert read(client).status == 507
        assert asks(server, "ASK { ?s ?p ?o }") == 200


def test_a_client_that_leaves_frees_its_worker() -> None:
    with serving("--time-limit", "20", "--workers", "1") as server:
        with server.send(get(NEVER_ENDS, Accept=JSON)):
            worker = server.busy()
        assert asks(server, "ASK { ?s ?p ?o }") == 200
        for _ in Until("the worker is gone"):
            if worker not in server.workers():
                break
