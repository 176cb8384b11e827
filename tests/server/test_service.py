"""SERVICE reaches the endpoints of the list, within limits, and nobody else."""

import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from server.endpoints import Endpoints, is_public
from server.limits import LimitError
from server.service import MOST_CALLS, Kept
from server.settings import complete
from server.workers import Pool
from tacit.engine import RefusedError, evaluate
from tacit.errors import QuerySyntaxError, TacitError
from tacit.syntax import services
from tests.server.live import Until

LISTED = "https://query.wikidata.org/sparql"


class Endpoint(ThreadingHTTPServer):
    """A SPARQL endpoint that remembers its requests and can be told to misbehave."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.requests: list[tuple[str, dict[str, str], str]] = []
        self.reply: tuple[int, dict[str, str], bytes] | None = None
        self.release = threading.Event()
        self.release.set()
        self.store = ox.Store()
        self.store.add(ox.Quad(ox.NamedNode("urn:s:1"), ox.NamedNode("urn:label"), ox.Literal("one")))

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://localhost:{self.server_port}/sparql"


class _Handler(BaseHTTPRequestHandler):
    server: Endpoint

    def do_POST(self) -> None:
        query = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.requests.append((self.path, dict(self.headers), query))
        self.server.release.wait(30)
        media = "application/sparql-results+json"
        if self.server.reply:
            status, headers, body = self.server.reply
        else:
            answer = self.server.store.query(query)
            assert not isinstance(answer, ox.QueryTriples)
            body = bytes(answer.serialize(format=ox.QueryResultsFormat.JSON) or b"")
            status, headers = 200, {"Content-Type": media}
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    server = Endpoint()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.release.set()
    server.shutdown()
    thread.join()
    server.server_close()


def pool_of(tmp_path: Path, endpoint: Endpoint, **settings: Any) -> Pool:
    data = tmp_path / "data.nt"
    data.write_text("".join(f'<urn:s:{n}> <urn:p> "{n}" .\n' for n in range(100)), encoding="utf-8")
    defaults = {
        "data": [data],
        "service": (endpoint.url, LISTED),
        "service_private": ("localhost",),
        "contact": "mailto:graph@example.org",
        "answer_limit": 1,
        "workers": 2,
    }
    pool = Pool(complete(defaults | settings), None)
    pool.ready()
    return pool


def test_a_listed_endpoint_is_asked_with_a_name_and_a_contact(tmp_path: Path, endpoint: Endpoint) -> None:
    query = f"SELECT ?n ?l {{ SERVICE <{endpoint.url}> {{ ?s <urn:label> ?l }} ?s <urn:p> ?n }}"
    with closing(pool_of(tmp_path, endpoint)) as pool:
        assert pool.ask(query, results="csv").body == b"n,l\r\n1,one\r\n"
    ((path, headers, sent),) = endpoint.requests
    assert path == "/sparql"
    assert headers["User-Agent"] == "Tacit/0.1 (+mailto:graph@example.org)"
    assert headers["Host"] == f"localhost:{endpoint.server_port}"
    assert headers["Content-Type"] == "application/sparql-query"
    assert "urn:label" in sent


@pytest.mark.parametrize(
    "clause",
    [
        "SERVICE <http://127.0.0.1/> { ?s ?p ?o }",
        "service silent <http://127.0.0.1/> { ?s ?p ?o }",
        "SeRvIcE<http://127.0.0.1/>{ ?s ?p ?o }",
        "SERVICE ?where { ?s ?p ?o }",
        "SERVICE $where { ?s ?p ?o }",
        "SERVICE w: { ?s ?p ?o }",
        "SERVICE w:x { ?s ?p ?o }",
        "SERVICE <> { ?s ?p ?o }",
        "SERVICE <sparql> { ?s ?p ?o }",
        "SERVICE </sparql> { ?s ?p ?o }",
        "SERVICE <//query.wikidata.org/sparql> { ?s ?p ?o }",
        f"SERVICE <{LISTED}#> {{ ?s ?p ?o }}",
        f"SERVICE <{LISTED}?> {{ ?s ?p ?o }}",
        f"SERVICE <{LISTED}/> {{ ?s ?p ?o }}",
        f"SERVICE <{LISTED.upper()}> {{ ?s ?p ?o }}",
        "SERVICE <HTTPS://query.wikidata.org/sparql> { ?s ?p ?o }",
        "SERVICE <http://query.wikidata.org/sparql> { ?s ?p ?o }",
        "SERVICE <https://u:p@query.wikidata.org/sparql> { ?s ?p ?o }",
        "SERVICE <https://query.wikidata.org@127.0.0.1/sparql> { ?s ?p ?o }",
        "SERVICE <https://query.wikidata.org\\u002fsparql> { ?s ?p ?o }",
        "SERVICE <https://query.wikidata.org/\\U00000073parql> { ?s ?p ?o }",
        "SERVICE <https://query.wikidata.org/%73parql> { ?s ?p ?o }",
        "SERVICE <https://query.wikidata.org/x/../sparql> { ?s ?p ?o }",
        "SERVICE <https://query.wikidata.org:443/sparql> { ?s ?p ?o }",
        "SERVICE <https://query.wikidata.org./sparql> { ?s ?p ?o }",
        f"SERVICE # <{LISTED}> {{\n <http://127.0.0.1/> {{ ?s ?p ?o }}",
        f"# SERVICE <{LISTED}> {{\n SERVICE <http://127.0.0.1/> {{ ?s ?p ?o }}",
        f"?s ?p 'SERVICE <{LISTED}> {{' . SERVICE <http://127.0.0.1/> {{ ?s ?p ?o }}",
        f"SERVICE <{LISTED}> {{ SERVICE <http://127.0.0.1/> {{ ?s ?p ?o }} }}",
        f"SERVICE <{LISTED}> {{ ?s ?p ?o }} SERVICE <http://127.0.0.1/> {{ ?s ?p ?o }}",
        "{ { OPTIONAL { SERVICE <http://127.0.0.1/> { ?s ?p ?o } } } }",
        "FILTER EXISTS { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }",
        "{ SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } } }",
        "GRAPH ?g { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }",
        "FILTER(1SERVICE<http://127.0.0.1/>{ ?s ?p ?o })",
        "SERVICE file:///etc/passwd { ?s ?p ?o }",
        "SERVICE <file:///etc/passwd> { ?s ?p ?o }",
    ],
)
@pytest.mark.parametrize(
    "prologue",
    [
        "",
        f"BASE <{LISTED}>\n",
        f"BASE <https://query.wikidata.org/>\nPREFIX w: <{LISTED}>\nPREFIX : <{LISTED}>\n",
    ],
    ids=["plain", "base", "prefixes"],
)
def test_nothing_else_is_asked_whatever_it_looks_like(prologue: str, clause: str) -> None:
    with pytest.raises(RefusedError, match=LISTED) as refused:
        evaluate(ox.Store(), f"{prologue}SELECT * {{ {clause} }}", services={LISTED: "http://127.0.0.1:9/"})
    assert refused.value.name == "no-federation"


@pytest.mark.parametrize(
    "word", ["SERVICE", "service", "Service SILENT", "SERVICE#\n", "SERVICE\r\n\tsilent #x\n"]
)
def test_a_listed_endpoint_may_be_written_in_each_legal_way(word: str) -> None:
    (found,) = services(f"SELECT * {{ {{ {word} <{LISTED}> #\n{{ ?s ?p ?o }} }} }}") or []
    assert found.text == f"<{LISTED}>"


def test_the_detector_is_not_deceived_by_names_and_texts() -> None:
    text = 'PREFIX service: <urn:x> SELECT ?service { ?s service:of "SERVICE <urn:x> {" } # SERVICE ?x {'
    assert services(text) == []


def test_an_empty_list_refuses_all(tmp_path: Path, endpoint: Endpoint) -> None:
    with (
        closing(pool_of(tmp_path, endpoint, service=())) as pool,
        pytest.raises(RefusedError, match="remove"),
    ):
        pool.ask(f"ASK {{ SERVICE <{endpoint.url}> {{ ?s ?p ?o }} }}")
    assert not endpoint.requests


def test_a_private_network_is_refused_unless_the_operator_lists_the_host(
    tmp_path: Path, endpoint: Endpoint
) -> None:
    pool = pool_of(tmp_path, endpoint, service_private=())
    with closing(pool), pytest.raises(LimitError, match="private network") as failed:
        pool.ask(f"ASK {{ SERVICE <{endpoint.url}> {{ ?s ?p ?o }} }}")
    assert failed.value.name == "service-failed"
    assert not endpoint.requests


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("91.198.174.192", True),
        ("2620:0:860:ed1a::1", True),
        *((address, False) for address in (
            "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",  # noqa: S104
            "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1", "ff02::1",
            "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "fec0::1",
        )),
    ],
)  # fmt: skip
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert is_public(address) is public


def test_a_redirect_is_not_followed(tmp_path: Path, endpoint: Endpoint) -> None:
    endpoint.reply = (302, {"Location": endpoint.url + "2"}, b"")
    with closing(pool_of(tmp_path, endpoint)) as pool, pytest.raises(LimitError, match="status 302"):
        pool.ask(f"ASK {{ SERVICE <{endpoint.url}> {{ ?s ?p ?o }} }}")
    assert len(endpoint.requests) == 1


def test_retry_after_is_honoured_and_passed_on(tmp_path: Path, endpoint: Endpoint) -> None:
    endpoint.reply = (429, {"Retry-After": "30"}, b"")
    with closing(pool_of(tmp_path, endpoint)) as pool:
        for _ in range(3):
            with pytest.raises(LimitError, match=r"status 429|left alone") as failed:
                pool.ask(f"ASK {{ SERVICE <{endpoint.url}> {{ ?s ?p ?o }} }}")
            assert failed.value.retry_after in (29, 30)
    assert len(endpoint.requests) == 1


def test_an_alias_is_asked_in_the_place_of_an_endpoint(tmp_path: Path, endpoint: Endpoint) -> None:
    query = f"SELECT ?l {{ SERVICE <{LISTED}> {{ ?s <urn:label> ?l }} }}"
    pool = pool_of(tmp_path, endpoint, service=(LISTED,), service_alias=(f"{LISTED}={endpoint.url}?a=b",))
    with closing(pool):
        assert pool.ask(query, results="csv").body == b"l\r\none\r\n"
        with pytest.raises(RefusedError):  # an alias is no name
            pool.ask(f"ASK {{ SERVICE <{endpoint.url}> {{ ?s ?p ?o }} }}")
    ((path, headers, _),) = endpoint.requests
    assert (path, headers["Host"]) == ("/sparql?a=b", f"localhost:{endpoint.server_port}")


def test_an_alias_in_a_private_network_is_named_like_any_other(tmp_path: Path, endpoint: Endpoint) -> None:
    pool = pool_of(tmp_path, endpoint, service_alias=(f"{LISTED}={endpoint.url}",), service_private=())
    with closing(pool), pytest.raises(LimitError, match="private network") as failed:
        pool.ask(f"ASK {{ SERVICE <{LISTED}> {{ ?s ?p ?o }} }}")
    assert "localhost" not in str(failed.value)  # where it is really asked is not everybody's business


@pytest.mark.parametrize(
    "entry", [LISTED, f"{LISTED}=", f"{LISTED}=/sparql", f"{LISTED}=file:///x", "http://x.org/=http://y.org/"]
)
def test_an_alias_of_nothing_is_refused_at_the_start(entry: str) -> None:
    with pytest.raises(TacitError, match=f"IRI=ADDRESS.*{LISTED}"):
        Endpoints(complete({"service_alias": (entry,)}))


def test_an_answer_is_given_again_to_every_query_with_the_same_clause(
    tmp_path: Path, endpoint: Endpoint
) -> None:
    clause = f"SERVICE <{endpoint.url}> {{ ?s <urn:label> ?l }}"
    with closing(pool_of(tmp_path, endpoint)) as pool:
        for query in (f"SELECT ?l {{ {clause} }}", f'SELECT ?l {{ {clause} ?x <urn:p> "7" }}'):
            assert pool.ask(query, results="csv").body == b"l\r\none\r\n"
    assert len(endpoint.requests) == 1


@pytest.mark.parametrize(
    ("settings", "clause"), [({"service_cache": 0.0}, ""), ({}, "FILTER(NOW() > 0 || true)")]
)
def test_an_answer_is_not_given_again_if_it_may_have_changed(
    tmp_path: Path, endpoint: Endpoint, settings: dict[str, Any], clause: str
) -> None:
    query = f"SELECT ?l {{ SERVICE <{endpoint.url}> {{ ?s <urn:label> ?l {clause} }} }}"
    with closing(pool_of(tmp_path, endpoint, **settings)) as pool:
        for _ in range(2):
            assert pool.ask(query, results="csv").body == b"l\r\none\r\n"
    assert len(endpoint.requests) == 2


def test_a_failure_is_not_kept(tmp_path: Path, endpoint: Endpoint) -> None:
    query = f"SELECT ?l {{ SERVICE <{endpoint.url}> {{ ?s <urn:label> ?l }} }}"
    endpoint.reply = (500, {}, b"")
    with closing(pool_of(tmp_path, endpoint)) as pool:
        with pytest.raises(LimitError, match="status 500"):
            pool.ask(query)
        endpoint.reply = None
        assert pool.ask(query, results="csv").body == b"l\r\none\r\n"


def test_what_is_kept_has_its_time_and_its_size() -> None:
    kept = Kept(seconds=0.05, most=100)
    for name in (b"a", b"b", b"c"):
        kept.put(("e", name), ("text/plain", b"x" * 40))
    assert [kept.find(("e", name)) is not None for name in (b"a", b"b", b"c")] == [False, True, True]
    assert kept.size == 82
    kept.put(("e", b"d"), ("text/plain", b"x" * 200))
    assert (kept.find(("e", b"d")), kept.size) == (None, 0)
    kept.put(("e", b"f"), ("text/plain", b""))
    for _ in Until("it is too old"):
        if kept.find(("e", b"f")) is None:
            break


def test_an_answer_that_is_too_large_is_refused(tmp_path: Path, endpoint: Endpoint) -> None:
    endpoint.reply = (200, {"Content-Type": "application/sparql-results+json"}, b" " * 2_000_000)
    with closing(pool_of(tmp_path, endpoint)) as pool, pytest.raises(LimitError, match="larger than 1 MB"):
        pool.ask(f"ASK {{ SERVICE <{endpoint.url}> {{ ?s ?p ?o }} }}")


def test_an_endpoint_that_does_not_answer_has_its_time_and_no_more(
    tmp_path: Path, endpoint: Endpoint
) -> None:
    endpoint.release.clear()
    query = f"ASK {{ SERVICE <{endpoint.url}> {{ ?s ?p ?o }} }}"
    pool = pool_of(tmp_path, endpoint, service_time=0.3)
    with closing(pool), pytest.raises(LimitError, match=r"within its 0\.3 seconds\."):
        pool.ask(query)
    # with less time left than an endpoint has, it is still the endpoint that is named, and not the query
    with (
        closing(pool_of(tmp_path, endpoint, time_limit=0.3)) as pool,
        pytest.raises(LimitError, match=r"0\.\d+ seconds (that were left to|of) the query") as limit,
    ):
        pool.ask(query)
    assert (limit.value.name, LISTED in str(limit.value)) == ("service-failed", False)
    assert endpoint.url in str(limit.value)


def test_an_endpoint_that_is_not_there_is_told(tmp_path: Path, endpoint: Endpoint) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))  # and nobody listens
        gone = f"http://localhost:{other.getsockname()[1]}/"
        pool = pool_of(tmp_path, endpoint, service=(gone,))
        with closing(pool), pytest.raises(LimitError, match="cannot be reached") as failed:
            pool.ask(f"ASK {{ SERVICE <{gone}> {{ ?s ?p ?o }} }}")
    assert str(failed.value).endswith(".")


def test_one_query_calls_only_so_often(tmp_path: Path, endpoint: Endpoint) -> None:
    clause = f"SERVICE <{endpoint.url}> {{ ?s <urn:label> ?l FILTER(?l != ?n) }}"
    query = f"SELECT * {{ ?s <urn:p> ?n OPTIONAL {{ {clause} }} }}"
    with closing(pool_of(tmp_path, endpoint)) as pool:
        try:
            pool.ask(query)
        except LimitError as error:
            assert str(MOST_CALLS) in str(error)  # noqa: PT017
    assert 1 <= len(endpoint.requests) <= MOST_CALLS


def test_the_relay_serves_nobody_but_its_sessions(tmp_path: Path, endpoint: Endpoint) -> None:
    with closing(pool_of(tmp_path, endpoint)) as pool:
        with pool.relay.session(5) as session:
            address = session.addresses[endpoint.url]
            assert address.startswith("http://127.0.0.1:")
            assert len(session.token) >= 32
            path = address.partition("/sparql")[0].split("/", 3)[3]
            assert pool.relay.call(f"/{path}", b"ASK {}", "*/*")[1]
            for wrong in ("/x/0", f"/{session.token}/7"):
                with pytest.raises((LookupError, ValueError)):
                    pool.relay.call(wrong, b"ASK {}", "*/*")
        with pytest.raises(LookupError):
            pool.relay.call(f"/{path}", b"ASK {}", "*/*")


def test_a_syntax_error_names_the_place_in_the_query_as_it_was_sent(
    tmp_path: Path, endpoint: Endpoint
) -> None:
    query = f"SELECT *\n{{ SERVICE <{endpoint.url}> {{ ?s ?p }} }}"
    with closing(pool_of(tmp_path, endpoint)) as pool, pytest.raises(QuerySyntaxError) as fault:
        pool.ask(query)
    assert fault.value.text == query.split("\n")[1]
    assert (fault.value.line, fault.value.text[fault.value.column - 1]) == (2, "}")
    assert "127.0.0.1" not in str(fault.value)
    assert not endpoint.requests
