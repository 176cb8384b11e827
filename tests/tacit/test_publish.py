"""Publishing: into Oxigraph's own server, a real Virtuoso, and graph stores that refuse."""

import base64
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from click.testing import CliRunner

from tacit.cli import main
from tacit.errors import TacitError
from tacit.files import Project
from tacit.publish import Published, publish
from tests.server.engines import oxigraph, virtuoso

GRAPH = """\
<urn:s> <urn:p> "é\\n\\"x\\"" <urn:g:one> .
<urn:s> <urn:p> _:b1 <urn:g:two> .
_:b1 <urn:p> "1"^^<http://www.w3.org/2001/XMLSchema#integer> <urn:g:two> .
"""


@pytest.fixture
def graph(tmp_path: Path) -> Path:
    path = tmp_path / "graph.nq"
    path.write_text(GRAPH, encoding="utf-8")
    return path


def rows(address: str, pattern: str) -> int:
    query = urlencode({"query": f"SELECT * {{ {pattern} }}"})
    wanted = Request(f"{address}?{query}", headers={"Accept": "application/sparql-results+json"})  # noqa: S310
    with urlopen(wanted, timeout=30) as answer:  # noqa: S310
        return len(json.load(answer)["results"]["bindings"])


def test_each_named_graph_is_replaced(graph: Path) -> None:
    with oxigraph() as engine:
        first = list(publish(graph, engine.store))
        assert first == [Published("urn:g:one", 1, True), Published("urn:g:two", 2, True)]
        graph.write_text(GRAPH.splitlines(keepends=True)[1].replace("_:b1", "<urn:o>"), encoding="utf-8")
        assert list(publish(graph, engine.store)) == [Published("urn:g:two", 1, False)]
        assert rows(engine.query, "GRAPH <urn:g:one> { ?s ?p ?o }") == 1
        assert rows(engine.query, "GRAPH <urn:g:two> { ?s ?p ?o }") == 1
        assert rows(engine.query, "?s ?p ?o") == 0


def test_the_union_is_put_into_the_default_graph_on_demand(graph: Path) -> None:
    with oxigraph() as engine:
        assert list(publish(graph, engine.store, union=True))[-1] == Published("", 3, False)
        assert rows(engine.query, "?s ?p ?o") == 3
        assert rows(engine.query, "?s <urn:p>/<urn:p> ?o") == 1


def test_virtuoso_takes_it_from_whom_it_knows_by_digest(graph: Path, tmp_path: Path) -> None:
    with virtuoso(tmp_path) as engine:
        done = list(publish(graph, engine.store, user=engine.user, password=engine.password))
        assert [(each.graph, each.triples) for each in done] == [("urn:g:one", 1), ("urn:g:two", 2)]
        assert rows(engine.query, 'GRAPH <urn:g:one> { ?s ?p ?o FILTER(?o = "é\\n\\"x\\"") }') == 1
        assert rows(engine.query, "GRAPH <urn:g:two> { ?s <urn:p>/<urn:p> 1 }") == 1
        for user, password in (("", ""), (engine.user, "wrong")):
            with pytest.raises(TacitError, match=r"TACIT_PASSWORD|right"):
                list(publish(graph, engine.store, user=user, password=password))


@contextmanager
def store(answer: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[str]:
    """Run a graph store which does what *answer* does after it has read the body; yield its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            answer(self)

        do_POST = do_PUT  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/store"
    finally:
        server.shutdown()
        server.server_close()


def refuse(status: int, said: bytes = b"", **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(said)

    return answer


@pytest.mark.parametrize(
    ("status", "said", "sentence"),
    [
        (401, b"", "who may write"),
        (403, b"", "who may write"),
        (404, b"", "and not of queries"),
        (413, b"", "larger bodies"),
        (500, b"disk\n full", "it says: disk full"),
        (301, b"", r"\(301\)"),
    ],
)
def test_what_it_does_not_take_is_told_in_a_sentence(
    graph: Path, status: int, said: bytes, sentence: str
) -> None:
    with (
        store(refuse(status, said, Location="http://127.0.0.1:9/")) as address,
        pytest.raises(TacitError, match=sentence) as told,
    ):
        list(publish(graph, address))
    assert "urn:g:one" in str(told.value)


def test_a_name_is_told_to_whom_asks_for_basic_authentication(graph: Path) -> None:
    seen: list[tuple[str, str | None]] = []

    def answer(handler: BaseHTTPRequestHandler) -> None:
        seen.append((handler.command, handler.headers["Authorization"]))
        known = handler.headers["Authorization"] is not None
        refuse(204 if known else 401, WWW_Authenticate='Basic realm="x"')(handler)

    with store(answer) as address:
        list(publish(graph, address, user="me", password="secret"))  # noqa: S106
    basic = "Basic " + base64.b64encode(b"me:secret").decode()
    assert seen == [("POST", None), ("PUT", basic)] * 2


def test_another_authentication_is_told(graph: Path) -> None:
    with (
        store(refuse(401, WWW_Authenticate="Negotiate")) as address,
        pytest.raises(TacitError, match="neither Basic nor Digest"),
    ):
        list(publish(graph, address, user="me"))


@pytest.mark.parametrize("address", ["localhost:1", "ftp://x/", "http://me:secret@localhost/store"])
def test_an_address_that_cannot_be_one_is_told(graph: Path, address: str) -> None:
    with pytest.raises(TacitError, match="no address of a graph store"):
        list(publish(graph, address))


def test_one_that_is_not_there_is_told(graph: Path) -> None:
    with pytest.raises(TacitError, match="cannot be reached"):
        list(publish(graph, "http://127.0.0.1:9/store"))


def test_the_command_says_what_it_did(graph: Path, project: Project) -> None:
    (project.build / "0123").mkdir(parents=True)
    (project.build / "current").write_text("0123\n", encoding="utf-8")
    (project.build / "0123" / "graph.nq").write_text(GRAPH, encoding="utf-8")
    with oxigraph() as engine:
        command = ["--root", str(project.root), "publish", engine.store, "--union"]
        first, second = (CliRunner().invoke(main, command) for _ in range(2))
    assert first.exit_code == second.exit_code == 0, first.output
    assert "      2 triples into new urn:g:two\n" in first.output
    assert "      2 triples replace urn:g:two\n" in second.output
    assert "the default graph" in first.output
    assert f"Published 0123 to {engine.store}." in first.output
    told = CliRunner().invoke(main, [*command[:3], "http://127.0.0.1:9/", "--user", "me"])
    assert told.exit_code == 1
    assert "cannot be reached" in told.output
