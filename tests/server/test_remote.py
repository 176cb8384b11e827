"""A remote engine behind the server: Oxigraph's own, a real Virtuoso, and ones that misbehave on purpose."""

import json
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import quote
from urllib.request import urlopen

import pytest
from flask.testing import FlaskClient

from bench.servers import free_port
from server import create_app
from server.limits import CALLER, Caller, LeftError
from server.remote import Engine
from server.settings import complete
from tacit.errors import TacitError
from tacit.publish import publish
from tests.server.conftest import GRAPH, ID
from tests.server.engines import RESULTS, oxigraph, running, send, stub, virtuoso

ALL = "SELECT ?s WHERE { ?s ?p ?o }"
GRAPHS = ("urn:g:corpus", "urn:g:new")
YES = b'{"head":{},"boolean":true}'


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("graph") / "graph.nq"
    path.write_text(GRAPH, encoding="utf-8")
    return path


@pytest.fixture(scope="module", params=["oxigraph", "virtuoso"])
def client(
    request: pytest.FixtureRequest, graph: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[FlaskClient]:
    """Return a client of our server in front of an engine into which the graph was published."""
    if request.param == "oxigraph":
        with oxigraph() as engine:
            list(publish(graph, engine.store, union=True))
            with front(engine=engine.query) as client:
                yield client
    else:
        with virtuoso(tmp_path_factory.mktemp("virtuoso")) as engine:
            list(publish(graph, engine.store, user=engine.user, password=engine.password))
            with front(engine=engine.query, engine_graphs=GRAPHS) as client:
                yield client


@contextmanager
def front(**config: Any) -> Iterator[FlaskClient]:
    """Yield a client of our server in front of an engine; its connections are closed in the end."""
    engine = Engine(complete(config))
    try:
        yield create_app({"log": "off", **config}, engine.ask).test_client()
    finally:
        engine.close()


def ask(client: FlaskClient, query: str, accept: str = RESULTS, **parameters: Any) -> Any:
    return client.get("/sparql", query_string={"query": query, **parameters}, headers={"Accept": accept})


def count(answer: Any) -> int:
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return len(json.loads(answer.data)["results"]["bindings"])


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        (ALL, 4),
        ("SELECT * FROM <urn:g:new> { ?s ?p ?o }", 1),
        ("SELECT * { GRAPH <urn:g:corpus> { ?s ?p ?o } }", 3),
        ("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }", 2),
    ],
)
def test_the_data_set_is_that_of_our_own_engine(client: FlaskClient, query: str, rows: int) -> None:
    assert count(ask(client, query)) == rows


def test_the_data_set_of_the_protocol_is_forwarded(client: FlaskClient) -> None:
    assert count(ask(client, ALL, **{"default-graph-uri": "urn:g:new"})) == 1
    both: dict[str, Any] = {"default-graph-uri": ["urn:g:new", "urn:g:corpus"]}
    assert count(ask(client, ALL, **both)) == 4
    named = "SELECT * { GRAPH ?g { ?s ?p ?o } }"
    assert count(ask(client, named, **{"named-graph-uri": "urn:g:new"})) == 1


@pytest.mark.parametrize(
    ("accept", "body"),
    [
        (RESULTS, None),
        ("text/csv", f"s,o\r\n{ID}a,Tie <A>\r\n".encode()),
        ("text/tab-separated-values", f'?s\t?o\n<{ID}a>\t"Tie <A>"@en\n'.encode()),
        ("application/sparql-results+xml", None),
    ],
)
def test_results_are_in_our_formats_byte_for_byte(
    client: FlaskClient, accept: str, body: bytes | None
) -> None:
    query = 'SELECT ?s ?o { ?s ?p ?o FILTER(LANG(?o) = "en") }'
    answer = ask(client, query, accept)
    assert answer.mimetype == accept
    if body is not None:
        assert answer.data == body
    elif accept == RESULTS:
        label = {"type": "literal", "xml:lang": "en", "value": "Tie <A>"}
        row = {"s": {"type": "uri", "value": f"{ID}a"}, "o": label}
        assert answer.get_json(force=True) == {"head": {"vars": ["s", "o"]}, "results": {"bindings": [row]}}
    else:
        assert b'<literal xml:lang="en">Tie &lt;A&gt;</literal>' in answer.data


@pytest.mark.parametrize(
    "accept", ["text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"]
)
def test_graphs_are_in_our_formats(client: FlaskClient, accept: str) -> None:
    answer = ask(
        client, f"CONSTRUCT {{ ?s <{ID}p> ?o }} {{ ?s <https://w3id.org/tacit/ontology#note> ?o }}", accept
    )
    assert answer.mimetype == accept
    assert "été & 100% #1" in answer.get_data(as_text=True).replace("&amp;", "&")


def test_a_boolean_and_a_page(client: FlaskClient) -> None:
    assert ask(client, f"ASK {{ <{ID}a> ?p ?o }}").data == YES
    page = ask(client, ALL, "text/html")
    assert page.mimetype == "text/html"
    assert "Tie &lt;A&gt;" in page.get_data(as_text=True)


def test_a_syntax_error_names_the_line(client: FlaskClient) -> None:
    answer = ask(client, "SELECT *\n{ ?s nope:x ?o }")
    assert (answer.status_code, answer.get_json(force=True)["type"]) == (400, "syntax")
    problem = answer.get_json(force=True)
    assert (problem["line"], problem["text"]) == (2, "{ ?s nope:x ?o }")
    assert problem["column"] == 6


def test_a_relative_iri_is_resolved_against_our_base(client: FlaskClient) -> None:
    assert ask(client, "ASK { <id/a> ?p ?o }").data == YES


def test_updates_and_service_never_reach_it(client: FlaskClient) -> None:
    for query, name in [
        ("INSERT DATA { <urn:a> <urn:a> <urn:a> }", "read-only"),
        ("PREFIX a: <urn:a:> \\u0044ELETE WHERE { ?s ?p ?o }", "read-only"),
        ("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", "no-federation"),
        ("SELECT * { \\u0053ERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", "no-federation"),
    ]:
        answer = ask(client, query)
        assert (answer.status_code, answer.get_json(force=True)["type"]) == (403, name)
    assert count(ask(client, ALL)) == 4


def test_what_virtuoso_reads_beyond_the_standard_never_reaches_it(client: FlaskClient) -> None:
    for query in (
        'DEFINE get:soft "replacing" SELECT * FROM <http://127.0.0.1:1/> { ?s ?p ?o }',
        "SELECT (bif:concat('a', 'b') AS ?x) {}",
        "SELECT (<bif:concat>('a', 'b') AS ?x) {}",
        "PREFIX b: <b\\u0069f:> SELECT (b:concat('a', 'b') AS ?x) {}",
    ):
        assert ask(client, query).status_code == 400


def test_depth_is_bounded_before_a_parser_meets_it(client: FlaskClient) -> None:
    answer = ask(client, "ASK " + "{" * 5000 + "}" * 5000)
    assert (answer.status_code, answer.get_json(force=True)["type"]) == (507, "too-complex")


# Engines that misbehave -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "body", "headers", "expected"),
    [
        (500, b"boom", {}, (502, "engine-failed")),
        (404, b"", {}, (502, "engine-failed")),
        (401, b"", {}, (502, "engine-failed")),
        (503, b"", {"Retry_After": "7"}, (503, "busy")),
        (503, b"Query timed out", {}, (504, "timeout")),
        (
            500,
            b"The estimated execution time 500 (sec) exceeds the limit of 400 (sec).",
            {},
            (504, "timeout"),
        ),
        (500, b"java.lang.OutOfMemoryError", {}, (507, "memory")),
        (400, b'Encountered " "x" at line 1, column 3.', {}, (400, "syntax")),
        (400, b"no such function", {}, (400, "cannot-run")),
        (200, b"<html>", {"Content_Type": "text/html"}, (502, "engine-failed")),
        (200, b"{}, this is no answer", {}, (502, "engine-failed")),
        (200, YES, {"Content_Length": "500", "Connection": "close"}, (502, "engine-failed")),
        (200, YES, {"X_SPARQL_MaxRows": "10000"}, (507, "answer-too-large")),
        (200, YES, {"X_SQL_State": "S1TAT"}, (504, "timeout")),
    ],
)
def test_whatever_it_says_is_told_in_our_way(
    status: int, body: bytes, headers: dict[str, str], expected: tuple[int, str]
) -> None:
    def answer(handler: BaseHTTPRequestHandler, _: object) -> None:
        send(handler, status, body, **headers)
        handler.close_connection = "Connection" in headers

    with stub(answer) as address, front(engine=address) as client:
        told = ask(client, "ASK {}")
    problem = told.get_json(force=True)
    assert (told.status_code, problem["type"]) == expected
    assert "127.0.0.1" not in problem["detail"]
    if expected == (503, "busy"):
        assert told.headers["Retry-After"] == headers["Retry_After"]


def test_one_that_is_not_there_is_told_in_a_sentence() -> None:
    with front(engine="http://127.0.0.1:9/") as client:
        answer = ask(client, "ASK {}")
    assert (answer.status_code, answer.get_json(force=True)["type"]) == (502, "engine-failed")
    assert "cannot be reached" in answer.get_json(force=True)["detail"]


@pytest.mark.parametrize("drip", [False, True])
def test_the_time_limit_holds_however_slowly_it_drips(drip: bool) -> None:
    over = threading.Event()

    def answer(handler: BaseHTTPRequestHandler, _: object) -> None:
        if drip:
            handler.send_response(200)
            handler.send_header("Content-Type", RESULTS)
            handler.send_header("Content-Length", "1000")
            handler.end_headers()
        for _byte in range(100):
            if over.wait(0.05):
                return
            if drip:
                try:
                    handler.wfile.write(b" ")
                except OSError:
                    return

    with stub(answer) as address, front(engine=address, time_limit=0.5) as client:
        begin = time.monotonic()
        told = ask(client, "ASK {}")
        took = time.monotonic() - begin
        over.set()
    assert (told.status_code, told.get_json(force=True)["type"]) == (504, "timeout")
    assert took < 2


def test_an_answer_over_the_limit_is_read_no_further() -> None:
    sent = [0.0]

    def answer(handler: BaseHTTPRequestHandler, _: object) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", RESULTS)
        handler.send_header("Connection", "close")
        handler.end_headers()
        handler.close_connection = True
        row = b'{"s":{"type":"literal","value":"' + b"x" * 10_000 + b'"}}'
        try:
            handler.wfile.write(b'{"head":{"vars":["s"]},"results":{"bindings":[' + row)
            while sent[0] < 200:
                handler.wfile.write(b"," + row)
                sent[0] += 0.01  # MB
        except OSError:
            return

    with stub(answer) as address, front(engine=address, answer_limit=1) as client:
        told = ask(client, ALL)
    assert (told.status_code, told.get_json(force=True)["type"]) == (507, "answer-too-large")
    assert sent[0] < 20


def test_a_connection_is_kept_and_a_stale_one_replaced() -> None:
    connections: set[object] = set()

    def answer(handler: BaseHTTPRequestHandler, _: object) -> None:
        connections.add(handler.client_address)
        send(handler, 200, YES)
        handler.close_connection = len(connections) == 1 and len(asked) == 2

    asked: list[None] = []
    with stub(answer) as address:
        engine = Engine(complete({"engine": address}))
        for _ in range(5):
            asked.append(None)
            assert engine.ask("ASK {}").body == YES
        engine.close()
    assert len(connections) == 2


def test_a_client_that_leaves_ends_the_request_to_it() -> None:
    begun, ended = threading.Event(), threading.Event()

    def answer(handler: BaseHTTPRequestHandler, _: object) -> None:
        begun.set()
        handler.connection.settimeout(5)
        if handler.connection.recv(1) == b"":
            ended.set()

    with stub(answer) as address:
        engine, who, told = Engine(complete({"engine": address})), Caller("me"), []

        def run() -> None:
            CALLER.set(who)
            try:
                engine.ask("ASK {}")
            except LeftError as error:
                told.append(error)

        thread = threading.Thread(target=run)
        thread.start()
        assert begun.wait(5)
        who.leave()
        thread.join(5)
        assert ended.wait(5)
    assert len(told) == 1
    assert engine.slots.running == 0


@pytest.mark.parametrize(
    "address", ["", "ftp://x/", "http://me:secret@localhost/sparql", "localhost:80/sparql"]
)
def test_an_address_that_cannot_be_one_is_told(address: str) -> None:
    with pytest.raises(TacitError, match="TACIT_ENGINE_PASSWORD"):
        Engine(complete({"engine": address}))


def test_name_and_password_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str | None] = []

    def answer(handler: BaseHTTPRequestHandler, _: object) -> None:
        seen.append(handler.headers["Authorization"])
        send(handler, 200, YES)

    monkeypatch.setenv("TACIT_ENGINE_USER", "me")
    monkeypatch.setenv("TACIT_ENGINE_PASSWORD", "secret")
    with stub(answer) as address:
        engine = Engine(complete({"engine": address}))
        engine.ask("ASK {}")
        engine.close()
    assert seen == ["Basic bWU6c2VjcmV0"]


@pytest.mark.parametrize(
    ("answer", "logged"),
    [(YES, ""), (YES.replace(b"true", b"false"), "--union"), (b"", "does not answer yet")],
)
def test_what_an_operator_should_know_is_logged_at_the_start(
    answer: bytes, logged: str, caplog: pytest.LogCaptureFixture
) -> None:
    with stub(lambda handler, _: send(handler, 200 if answer else 500, answer)) as address:
        engine = Engine(complete({"engine": address}))
        engine.ready()
        engine.close()
    assert logged in caplog.text
    assert bool(caplog.text) == bool(logged)


def test_the_command_puts_itself_in_front_of_an_engine() -> None:
    port = free_port()
    with oxigraph() as engine:
        command = [
            sys.executable,
            "-m",
            "server",
            "--port",
            str(port),
            "--engine",
            engine.query,
            "--log",
            "off",
        ]
        with running(command, port):
            address = f"http://127.0.0.1:{port}/sparql?query={quote('ASK {}')}"
            with urlopen(address, timeout=10) as answer:
                assert answer.read() == YES
