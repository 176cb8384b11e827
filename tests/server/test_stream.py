"""Long answers of a remote engine, and files, are sent while they come, and a part is never taken for all."""

import http.client
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.request import urlopen

import pytest

from server.pipe import HELD, Begun, Pipe
from tacit.engine import Answer, TooLargeError
from tests.server.engines import RESULTS, stub
from tests.server.live import DEADLINE, Server, Until, get, serving

ROW = b'{"s":{"type":"literal","value":"' + b"x" * 1000 + b'"}}'
HEAD = b'{"head":{"vars":["s"]},"results":{"bindings":['
END = b"]}}"
#: Twice as many rows as are held back.
ROWS = 2 * HELD // 1000
QUERY = "SELECT ?s { ?s ?p ?o }"


class Engine:
    """An engine that sends *ROWS* rows, waits for leave, and ends its answer in one way or another."""

    def __init__(self) -> None:
        self.leave, self.gone = threading.Event(), threading.Event()
        self.end = b"," + ROW + END

    def answer(self, handler: BaseHTTPRequestHandler, form: dict[str, list[str]]) -> None:
        """Answer, in chunks."""
        handler.send_response(200)
        handler.send_header("Content-Type", RESULTS)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        if "ASK" in form["query"][0]:
            self._put(handler, b'{"head":{},"boolean":true}')
            handler.wfile.write(b"0\r\n\r\n")
            return
        self._put(handler, HEAD + b",".join([ROW] * ROWS))
        handler.connection.settimeout(0.05)
        ended = False
        for _ in Until("the test gives leave"):
            try:
                ended = handler.connection.recv(1) == b""
            except TimeoutError:
                if self.leave.is_set():
                    break
            except ConnectionResetError:
                ended = True
            if ended:
                self.gone.set()
                return
        if self.end:
            self._put(handler, self.end)
            handler.wfile.write(b"0\r\n\r\n")
        else:
            handler.close_connection = True

    @staticmethod
    def _put(handler: BaseHTTPRequestHandler, data: bytes) -> None:
        handler.wfile.write(b"%x\r\n%b\r\n" % (len(data), data))


@contextmanager
def engine(*options: str) -> Iterator[tuple[Engine, Server]]:
    """Yield an engine, and our server in front of it."""
    it = Engine()
    with stub(it.answer) as address, serving("--engine", address, *options, data=None) as server:
        yield it, server
        it.leave.set()


@contextmanager
def asked(server: Server, accept: str = RESULTS) -> Iterator[http.client.HTTPResponse]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=DEADLINE)
    connection.request(
        "GET", "/sparql?query=SELECT%20*%20%7B%3Fs%20%3Fp%20%3Fo%7D", headers={"Accept": accept}
    )
    try:
        yield connection.getresponse()
    finally:
        connection.close()


def metrics(server: Server) -> str:
    with urlopen(f"http://127.0.0.1:{server.port}/metrics", timeout=DEADLINE) as answer:
        return str(answer.read().decode())


def test_its_beginning_is_there_before_its_end() -> None:
    with engine() as (it, server), asked(server) as answer:
        assert answer.getheader("Transfer-Encoding") == "chunked"
        begin = answer.read(HELD // 2)
        assert not it.leave.is_set()
        it.leave.set()
        rows = json.loads(begin + answer.read())["results"]["bindings"]
    assert len(rows) == ROWS + 1
    assert {row["s"]["value"] for row in rows} == {"x" * 1000}


@pytest.mark.parametrize(
    "accept", ["text/csv", "text/tab-separated-values", "application/sparql-results+xml"]
)
def test_it_is_the_same_as_when_it_is_sent_whole(accept: str) -> None:
    with engine() as (it, server):
        it.leave.set()
        with asked(server, accept) as answer:
            assert answer.getheader("Transfer-Encoding") == "chunked"
            parts = answer.read()
        request = get("SELECT * {?s ?p ?o}", Accept=accept).replace(b"HTTP/1.1", b"HTTP/1.0")
        whole = server.raw(request)  # HTTP/1.0 has no chunks
    assert (whole.status, whole.headers["content-length"]) == (200, str(len(parts)))
    assert whole.body == parts


@pytest.mark.parametrize(
    ("end", "problem"),
    [(b"", "engine-failed"), (b"this is no JSON", "engine-failed")],
    ids=["it ends", "nonsense"],
)
def test_what_breaks_off_in_the_middle_is_seen_by_the_client_and_in_the_log(end: bytes, problem: str) -> None:
    with engine() as (it, server):
        it.end = end
        with asked(server) as answer:
            assert answer.status == 200
            answer.read(1000)
            it.leave.set()
            with pytest.raises((http.client.IncompleteRead, ConnectionResetError)):
                answer.read()
        for _ in Until("the log tells it"):
            if any("broken off" in line for line in server.lines()):
                break
        assert f'tacit_queries_total{{outcome="{problem}"}} 1' in metrics(server)
        assert "Traceback" not in "\n".join(server.lines())


def test_the_time_limit_breaks_it_off() -> None:
    with engine("--time-limit", "1") as (_, server), asked(server) as answer:
        with pytest.raises((http.client.IncompleteRead, ConnectionResetError)):
            answer.read()
        for _ in Until("the log tells it"):
            if any("stopped after 1 seconds" in line for line in server.lines()):
                break


def test_a_client_that_leaves_in_the_middle_ends_the_request_to_the_engine() -> None:
    with engine("--time-limit", "20") as (it, server):
        with asked(server) as answer:
            answer.read(1000)
        assert it.gone.wait(5)
        assert server.ask("ASK {}").status == 200


def test_errors_before_what_is_held_back_are_errors() -> None:
    with engine("--answer-limit", "1") as (_, server), asked(server) as answer:
        assert answer.status == 507
        assert json.loads(answer.read())["type"] == "answer-too-large"


def test_a_file_is_sent_in_parts_and_whole(build: Path) -> None:
    manifest = {"graphs": {"https://w3id.org/tacit/graph/corpus": 40_000}}
    lines = "".join(
        f"<urn:s:{n}> <urn:p> <urn:o> <https://w3id.org/tacit/graph/corpus> .\n" for n in range(40_000)
    )
    (build / "0123" / "graph.nq").write_text(lines, encoding="utf-8")
    (build / "0123" / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    with serving("--build", str(build), data=None) as server:
        address = f"http://127.0.0.1:{server.port}/graph/corpus.nq"
        with urlopen(address, timeout=DEADLINE) as answer:
            assert answer.headers["Content-Length"] == str(len(lines))
            assert answer.read().decode() == lines


def test_a_pipe_holds_back_and_tells_which_answer_it_is() -> None:
    pipe = Pipe(10 * HELD)
    pipe.begin("results", "csv")
    pipe.write(b"a" * 10)
    pipe.end(Answer("results", "csv", b""))
    assert pipe.answer() == Answer("results", "csv", b"a" * 10)
    pipe = Pipe(10 * HELD)
    pipe.end(Answer("graph", "turtle", b"whole"))
    assert pipe.answer() == Answer("graph", "turtle", b"whole")
    pipe = Pipe(2 * HELD)
    pipe.begin("results", "csv")
    pipe.write(b"a" * (HELD + 1))
    begun = pipe.answer()
    assert isinstance(begun, Begun)
    pipe.write(b"b")
    with pytest.raises(TooLargeError) as error:
        pipe.write(b"c" * HELD)
    pipe.fail(error.value)
    assert next(begun.parts) == b"a" * (HELD + 1)
    with pytest.raises(TooLargeError):
        next(begun.parts)
    pipe.close()
    with pytest.raises(BrokenPipeError):
        pipe.write(b"d")
