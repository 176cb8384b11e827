"""A query may end its worker, never the server, and what ended is replaced at once."""

import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from server.limits import CALLER, Caller, LeftError, LimitError
from server.settings import complete
from server.workers import Pool
from tacit.engine import FormatError
from tacit.errors import QuerySyntaxError, TacitError
from tests.server.live import NEVER_ENDS, TOO_MUCH, TRIPLES, Server, Until, children, post, read, serving

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the limits of the kernel are those of Linux")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "data.nt"
    path.write_text(TRIPLES, encoding="utf-8")
    return path


@pytest.fixture
def pool(data: Path) -> Iterator[Pool]:
    settings = complete(
        {
            "data": [data],
            "workers": 2,
            "time_limit": 1,
            "memory_limit": 64,
            "answer_limit": 1,
            "service": (),
        }
    )
    with closing(Pool(settings, None)) as pool:
        pool.ready()
        yield pool


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving("--time-limit", "20", "--workers", "2", "--share", "1") as running:
        yield running


def test_answers_and_errors_come_back_as_they_left(pool: Pool) -> None:
    assert pool.ask("ASK { ?s ?p ?o }", results="csv").body == b"true"
    with pytest.raises(QuerySyntaxError) as syntax:
        pool.ask("SELECT *\nWHERE { ?s tacit:x }")
    assert (syntax.value.line, syntax.value.text) == (2, "WHERE { ?s tacit:x }")
    with pytest.raises(FormatError) as format_:
        pool.ask("ASK {}", results=None)
    assert format_.value.kind == "results"
    with pytest.raises(TacitError, match="urn:f"):
        pool.ask("SELECT (<urn:f>(1) AS ?x) {}")


@pytest.mark.parametrize(
    ("query", "name"),
    [
        (NEVER_ENDS, "timeout"),
        (TOO_MUCH, "memory"),
        ("SELECT ?s " + "{" * 10_000 + "}" * 10_000, "too-complex"),
        ("SELECT * { ?a ?b ?c . ?d ?e ?f }", "answer-too-large"),
    ],
)
def test_each_limit_has_a_name_and_the_next_query_is_answered(pool: Pool, query: str, name: str) -> None:
    pool.ask("ASK {}")
    for _ in range(3):
        with pytest.raises(LimitError) as limit:
            pool.ask(query)
        assert limit.value.name == name
        assert pool.ask("ASK {}", results="csv").body == b"true"
    assert pool.slots.running == 0


def test_a_replaced_worker_is_told_in_one_line(pool: Pool, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(LimitError):
        pool.ask(NEVER_ENDS)
    assert [record.getMessage()[:21] for record in caplog.records] == ["worker replaced after"]


def test_a_caller_who_leaves_frees_the_worker(pool: Pool) -> None:
    who = Caller("somebody")
    ended = []

    def ask() -> None:
        CALLER.set(who)
        try:
            pool.ask(NEVER_ENDS)
        except LeftError as error:
            ended.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    for _ in Until("the query runs"):
        if pool.slots.running:
            break
    who.leave()
    thread.join()
    assert len(ended) == 1
    assert pool.slots.running == 0


def test_what_the_forker_cannot_load_is_told(tmp_path: Path) -> None:
    path = tmp_path / "bad.nt"
    path.write_text("<urn:a> <urn:b> .", encoding="utf-8")
    with (
        closing(Pool(complete({"data": [path]}), None)) as pool,
        pytest.raises(TacitError, match=r"bad\.nt:1"),
    ):
        pool.ready()


def test_a_worker_can_open_neither_sockets_nor_files(server: Server) -> None:
    server.ask("ASK {}")
    for worker in server.workers():
        limits = Path(f"/proc/{worker}/limits").read_text(encoding="ascii").splitlines()
        files = next(line for line in limits if line.startswith("Max open files")).split()[3:5]
        assert files == ["4", "4"]  # and four it has
        assert sorted(os.listdir(f"/proc/{worker}/fd")) == ["0", "1", "2", "3"]  # noqa: PTH208
        kinds = {os.readlink(f"/proc/{worker}/fd/{fd}") for fd in range(3)}  # noqa: PTH115
        assert kinds == {os.devnull}


def test_a_worker_that_is_killed_is_replaced_and_the_client_is_told(server: Server) -> None:
    with server.open(NEVER_ENDS) as client:
        worker = server.busy()
        os.kill(worker, signal.SIGKILL)
        assert read(client).status == 507
    assert server.ask("ASK { ?s ?p 1 }").status == 200
    assert worker not in server.workers()
    for _ in Until("the log tells it"):
        if any("worker replaced after" in line for line in server.lines()):
            break


def test_a_client_that_leaves_frees_its_worker(server: Server) -> None:
    client = server.open(NEVER_ENDS)
    worker = server.busy()
    client.close()
    for _ in Until("the worker is gone", 2):
        if worker not in server.workers():
            break


def test_a_client_that_leaves_later_on_its_connection_frees_its_worker(server: Server) -> None:
    with server.open("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f }") as client:
        assert read(client).status == 200
        client.sendall(post(NEVER_ENDS))
        worker = server.busy()
        client.shutdown(socket.SHUT_RDWR)
    for _ in Until("the worker is gone", 2):
        if worker not in server.workers():
            break


def test_the_graph_is_loaded_again_when_its_process_dies(server: Server) -> None:
    (forker,) = children(server.process.pid)
    with server.open(NEVER_ENDS) as client:
        server.busy()
        os.kill(forker, signal.SIGKILL)
        reply = read(client)
    assert (reply.status, reply.headers["retry-after"]) == (503, "5")
    for _ in Until("another process holds the graph", 10):
        if server.ask("ASK { ?s ?p 2 }").status == 200 and children(server.process.pid) - {forker}:
            break
    with server.open(NEVER_ENDS) as client:
        server.busy()
        client.shutdown(socket.SHUT_RDWR)
    for _ in Until("a new worker answers"):
        if server.ask("ASK { ?s ?p 3 }").status == 200:
            break


def test_nothing_is_left_when_the_server_ends() -> None:
    with serving("--time-limit", "20") as server, server.open(NEVER_ENDS):
        pids = {server.busy()} | server.workers()
    for _ in Until("all processes have ended"):
        if not any(Path(f"/proc/{pid}").exists() for pid in pids):
            break
