"""Each hostile input ends as it must, and the next question is answered at once."""

import itertools
import json
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.server.hostile import QUERIES, REQUESTS
from tests.server.live import DEADLINE, Reply, Server, Until, get, post, read, serving

#: "At once", on a machine that runs other tests as well.
SOON = 1.0
_NUMBER = itertools.count()


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    limits = ("--time-limit", "0.5", "--memory-limit", "128", "--answer-limit", "1", "--read-timeout", "1")
    with serving(*limits, "--workers", "4", "--log", "off", "--connections", "300") as running:
        yield running


def must_be_told_well(reply: Reply) -> None:
    """Hold an error to the one shape."""
    assert b"Traceback" not in reply.body
    if reply.status >= 400:
        problem = json.loads(reply.body)
        assert reply.headers["content-type"] == "application/problem+json"
        assert problem["status"] == reply.status
        assert problem["detail"].endswith((".", "?"))
        assert reply.headers["x-content-type-options"] == "nosniff"


def must_be_alive(server: Server) -> None:
    """Ask something small that no cache knows."""
    reply = server.ask(f"ASK {{ ?s ?p ?o }} # {next(_NUMBER)}")
    assert reply.status == 200
    assert reply.seconds < SOON


def test_the_tables_are_long_enough() -> None:
    assert len(QUERIES) + len(REQUESTS) >= 120
    assert len({name for name, *_ in [*QUERIES, *REQUESTS]}) == len(QUERIES) + len(REQUESTS)


@pytest.mark.parametrize(("query", "statuses"), [row[1:] for row in QUERIES], ids=[row[0] for row in QUERIES])
def test_a_hostile_query_ends_and_the_next_is_answered(
    server: Server, query: str, statuses: set[int]
) -> None:
    reply = server.ask(query)
    assert reply.status in statuses, reply.body[:300]
    assert reply.seconds < 0.5 + SOON
    must_be_told_well(reply)
    must_be_alive(server)


@pytest.mark.parametrize(
    ("request_", "statuses"), [row[1:] for row in REQUESTS], ids=[row[0] for row in REQUESTS]
)
def test_a_hostile_request_ends_and_the_next_is_answered(
    server: Server, request_: bytes, statuses: set[int]
) -> None:
    reply = server.raw(request_)
    assert reply.status in statuses, (reply.status, reply.body[:300])
    assert reply.seconds < 2 + SOON
    must_be_told_well(reply)
    must_be_alive(server)


@pytest.mark.parametrize(
    ("part", "status"),
    [
        (b"", 0),
        (b"GET /sparql?query=ASK", 408),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ", 408),
        (post("ASK {}")[:-3], 408),
        (post("ASK {}").replace(b"Content-Length: 6", b"Transfer-Encoding: chunked"), 400),
    ],
    ids=["nothing", "half an address", "half a header", "half a body", "a body that is no chunk"],
)
def test_what_does_not_go_on_is_ended(server: Server, part: bytes, status: int) -> None:
    reply = server.raw(part)
    assert reply.status == status
    assert reply.seconds < 1 + SOON


def test_a_body_that_drips_is_ended(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port), DEADLINE) as sock:
        sock.sendall(post("ASK {}").replace(b"Content-Length: 6", b"Content-Length: 600"))
        begin = time.monotonic()
        sock.settimeout(0.1)
        for _ in Until("the body that drips is refused"):
            try:
                sock.sendall(b" ")
                if sock.recv(1, socket.MSG_PEEK):
                    break
            except TimeoutError:
                continue
        sock.settimeout(DEADLINE)
        assert read(sock).status == 408
        assert time.monotonic() - begin < 1 + SOON


def test_200_half_open_connections_keep_nobody_out(server: Server) -> None:
    slow = [socket.create_connection(("127.0.0.1", server.port), DEADLINE) for _ in range(200)]
    try:
        for number, sock in enumerate(slow):
            sock.sendall([b"GET /", b"", post("ASK {}")[:-1]][number % 3])
        other = server.raw(get("ASK { ?s ?p ?o }"), "127.0.0.9")
        assert other.status == 200
        assert other.seconds < SOON
    finally:
        for sock in slow:
            sock.close()


def test_everything_at_once(server: Server) -> None:
    queries = [query for _, query, _ in QUERIES][:32]
    with ThreadPoolExecutor(32) as threads:
        replies = list(
            threads.map(lambda n: server.ask(queries[n], f"127.0.1.{n % 8 + 1}").status, range(len(queries)))
        )
    assert 500 not in replies
    assert 0 not in replies
    must_be_alive(server)


def test_no_trace_of_an_exception_is_in_the_log(server: Server) -> None:
    must_be_alive(server)
    assert not [line for line in server.lines() if "Traceback" in line or "panicked" in line]
