"""The load generator, against a server that answers in every way that HTTP/1.1 allows."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

import pytest

from bench.load import Load, LoadError, compiled, measure, request


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    asked: ClassVar[list[tuple[str, str]]] = []

    def do_GET(self) -> None:
        query = parse_qs(urlsplit(self.path).query)["query"][0]
        self.asked.append((self.client_address[0], query))
        how = query.split("\n")[0]
        if how == "slow":
            time.sleep(0.6)
        self.send_response(500 if how == "fails" else 200)
        if how == "chunked":
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for part in (b"5\r\nhello\r\n", b"b;x=y\r\n\r\n0 world\r\n\r\r\n", b"0\r\n\r\n"):
                self.wfile.write(part)
                time.sleep(0.002)
            return
        if how == "closes":
            self.send_header("Connection", "close")
            self.close_connection = True
        self.send_header("Content-Length", "500" if how == "breaks" else "5")
        self.end_headers()
        self.wfile.write(b"hello")
        if how in ("breaks", "hangs up"):
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def load(clients: int) -> Iterator[tuple[Load, str]]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    _Handler.asked = []
    address = f"http://127.0.0.1:{server.server_port}/sparql"
    made = Load(address, clients)
    try:
        yield made, address
    finally:
        made.close()
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    ("how", "body"), [("plain", b"hello"), ("closes", b"hello"), ("chunked", b"hello\r\n0 world\r\n")]
)
def test_whole_answers_are_read(how: str, body: bytes) -> None:
    with load(1) as (made, address):
        for _ in range(3):
            assert made.ask(request(address, how, "*/*"), 5) == body


@pytest.mark.parametrize(
    ("how", "why"), [("fails", "answered 500"), ("breaks", "within an answer"), ("slow", "no answer")]
)
def test_what_is_no_whole_answer_is_an_error(how: str, why: str) -> None:
    with load(1) as (made, address), pytest.raises(LoadError, match=why):
        made.ask(request(address, how, "*/*"), 0.3)


def test_a_connection_that_was_closed_while_idle_is_made_anew() -> None:
    with load(1) as (made, address):
        assert made.ask(request(address, "hangs up", "*/*"), 5) == b"hello"
        time.sleep(0.2)
        assert made.ask(request(address, "plain", "*/*"), 5) == b"hello"


def test_every_client_has_an_address_and_all_are_busy() -> None:
    with load(8) as (made, address):
        measured = made.run(request(address, "plain", "*/*"), 0.2, 1, 5)
    assert {who for who, _ in _Handler.asked} == {f"127.0.0.{number}" for number in range(1, 9)}
    assert measured.count == len(_Handler.asked) >= 8
    assert measured.rate == measured.count / measured.seconds
    assert 0 < measured.median <= measured.seconds


@pytest.fixture(params=["compiled", "Python"])
def program(request: pytest.FixtureRequest, tmp_path: Path) -> Path | None:
    """Return the compiled load generator, or None for the one in Python."""
    if request.param == "Python":
        return None
    made = compiled(tmp_path)
    if made is None:
        pytest.skip("there is no C compiler: the compiled load generator is not tested")
    return made


@pytest.mark.parametrize("how", ["plain", "closes", "chunked"])
@pytest.mark.parametrize("clients", [1, 8])
def test_both_generators_measure_whole_answers(program: Path | None, how: str, clients: int) -> None:
    with load(1) as (_, address):
        make = request(address, how, "*/*", new=True)
        measured = measure(program, address, make, clients=clients, seconds=0.1, least=10, patience=5)
    assert measured.count == len(_Handler.asked) == len({query for _, query in _Handler.asked}) >= 10
    assert {who for who, _ in _Handler.asked} == {f"127.0.0.{number + 1}" for number in range(clients)}
    assert 0 < measured.median <= measured.seconds


@pytest.mark.parametrize(
    ("how", "why"), [("fails", "answered 500"), ("breaks", "within an answer"), ("slow", "no answer")]
)
def test_both_generators_tell_what_is_no_whole_answer(program: Path | None, how: str, why: str) -> None:
    with load(1) as (_, address), pytest.raises(LoadError, match=why):
        measure(program, address, request(address, how, "*/*"), clients=2, seconds=0, patience=0.3)


def test_new_queries_are_new_and_repeated_ones_are_not() -> None:
    with load(2) as (made, address):
        made.run(request(address, "plain", "*/*", new=True), 0.1, 4, 5)
        new = [query for _, query in _Handler.asked]
        made.run(request(address, "plain", "*/*"), 0.1, 4, 5)
    assert len(set(new)) == len(new) >= 4
    assert all(query.startswith("plain\n#") for query in new)
    assert {query for _, query in _Handler.asked[len(new) :]} == {"plain"}
