"""Connections: answers in the order of the requests, limits that hold, and an end that one can read."""

import asyncio
import gc
import json
import socket
import time
import weakref
from collections.abc import Iterator
from contextlib import ExitStack
from types import SimpleNamespace
from typing import cast
from unittest.mock import Mock

import pytest

from server.connection import Connection
from server.front import Front
from server.listener import Connections
from server.reader import Reader
from tests.server.live import DEADLINE, Server, Until, get, post, read, serving

SOON = 1.0
#: 15 MB, which is more than the buffers of the kernel.
LARGE = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 300000"
#: Tenths of a second.
SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f FILTER(STR(?c) < STR(?f)) }"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    options = ("--read-timeout", "1", "--address-connections", "40", "--connections", "60", "--log", "off")
    with serving(*options) as running:
        yield running


def answers(sock: socket.socket, most: int = 1000) -> list[tuple[int, bytes]]:
    """Read so many answers, or those until the end of the connection."""
    data, found = b"", list[tuple[int, bytes]]()
    while len(found) < most:
        head, end, rest = data.partition(b"\r\n\r\n")
        lines = head.lower().split(b"\r\n")
        length = next((int(line[15:]) for line in lines if line.startswith(b"content-length:")), 0)
        if end and len(rest) >= length:
            found.append((int(head.split()[1]), rest[:length]))
            data = rest[length:]
        elif part := sock.recv(65536):
            data += part
        else:
            break
    assert data == b""
    return found


def connected(server: Server, source: str = "127.0.0.1") -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), DEADLINE, (source, 0))


def test_requests_sent_at_once_are_answered_in_their_order(server: Server) -> None:
    queries = [f"SELECT ?n {{ VALUES ?n {{ {n} }} }}" for n in range(30)]
    with connected(server) as sock:
        for _ in range(2):  # the second time from the cache
            sock.sendall(
                b"".join((get if n % 3 else post)(q, Accept="text/csv") for n, q in enumerate(queries))
            )
            assert answers(sock, 30) == [(200, b"n\r\n%d\r\n" % n) for n in range(30)]


def test_too_many_requests_at_once_are_refused_after_answers_to_the_others(server: Server) -> None:
    with connected(server) as sock:
        sock.sendall(get(SLOW) + get("ASK { ?s ?p 'x' }") * 70)
        statuses = [status for status, _ in answers(sock)]
    assert statuses == [200] * (len(statuses) - 1) + [429]
    assert len(statuses) > 65


def test_an_answer_for_head_has_no_body(server: Server) -> None:
    with connected(server) as sock:
        request = get("ASK { ?s ?p ?o }", Accept="text/csv")
        sock.sendall(request.replace(b"GET", b"HEAD") + request)
        data = b""
        while data.count(b"HTTP/1.1 200 OK") < 2 or not data.endswith(b"true"):
            part = sock.recv(65536)
            assert part
            data += part
    first, _, second = data.partition(b"\r\n\r\n")
    assert b"Content-Length: 4" in first
    assert second.startswith(b"HTTP/1.1 200")


def test_a_connection_closes_when_the_client_says_so_or_speaks_http_1_0(server: Server) -> None:
    for request in (get("ASK {}", Connection="close"), get("ASK {}").replace(b"HTTP/1.1", b"HTTP/1.0")):
        with connected(server) as sock:
            sock.sendall(request)
            reply = read(sock)
            assert (reply.status, reply.headers["connection"]) == (200, "close")
            assert sock.recv(1) == b""


def test_every_answer_has_a_date(server: Server) -> None:
    assert time.strptime(server.ask("ASK {}").headers["date"], "%a, %d %b %Y %H:%M:%S GMT")


def test_leave_to_send_a_body_is_given_or_denied_before_it_is_sent(server: Server) -> None:
    head, _, body = post("ASK {}", Expect="100-continue").partition(b"\r\n\r\n")
    with connected(server) as sock:
        sock.sendall(head + b"\r\n\r\n")
        assert sock.recv(65536) == b"HTTP/1.1 100 Continue\r\n\r\n"
        sock.sendall(body)
        assert read(sock).status == 200
    with connected(server) as sock:
        sock.sendall(head.replace(b"Content-Length: 6", b"Content-Length: 6000000") + b"\r\n\r\n")
        assert read(sock).status == 413


def test_who_has_asked_and_closed_one_way_is_answered(server: Server) -> None:
    with connected(server) as sock:
        sock.sendall(get("ASK { ?s ?p 'half' }"))
        sock.shutdown(socket.SHUT_WR)
        assert read(sock).status == 200
        assert sock.recv(1) == b""


def test_what_breaks_off_is_told(server: Server) -> None:
    for part in (post("ASK {}")[:-3], b"GET / HTTP/1.1\r\nHost: x"):
        with connected(server) as sock:
            sock.sendall(part)
            sock.shutdown(socket.SHUT_WR)
            reply = read(sock)
            assert reply.status == 400
            assert json.loads(reply.body)["detail"].startswith("The request breaks off")
            assert reply.seconds < SOON


def test_why_it_is_refused_can_be_read_by_who_still_sends(server: Server) -> None:
    with connected(server) as sock:
        sock.sendall(post("ASK {}").replace(b"Content-Length: 6", b"Content-Length: 8000000"))
        for _ in range(60):
            try:
                sock.sendall(b"#" * 100_000)
            except OSError:
                break
        assert read(sock).status == 413


def test_an_idle_connection_is_closed_without_a_word(server: Server) -> None:
    with connected(server) as sock:
        sock.sendall(get("ASK {}"))
        assert read(sock).status == 200
        begin = time.monotonic()
        assert sock.recv(1) == b""
        assert 0.5 < time.monotonic() - begin < 1 + SOON


def test_one_address_has_a_number_of_connections_and_others_have_the_rest(server: Server) -> None:
    with ExitStack() as stack:
        for _ in range(40):
            stack.enter_context(connected(server, "127.0.0.2"))
        for _ in Until("the connections are there"):
            reply = server.raw(get("ASK {}"), "127.0.0.2")
            if reply.status != 200:
                break
        assert (reply.status, reply.headers["retry-after"]) == (429, "5")
        assert "connections of your address" in json.loads(reply.body)["detail"]
        assert server.ask("ASK {}", "127.0.0.3").status == 200
        for _ in range(20):
            stack.enter_context(connected(server, "127.0.0.4"))
        for _ in Until("all connections are taken", SOON):
            reply = server.raw(get("ASK {}"), "127.0.0.3")
            if reply.status != 200:
                break
        assert (reply.status, reply.headers["retry-after"]) == (503, "5")
        assert reply.seconds < SOON
    for _ in Until("the connections are free again"):
        if server.raw(get("ASK {}"), "127.0.0.2").status == 200:
            break


def test_who_does_not_read_is_hung_up_on_and_who_reads_slowly_is_not(server: Server) -> None:
    with connected(server) as slow, connected(server) as deaf:
        for sock in (slow, deaf):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2**16)
            sock.sendall(get(LARGE, Accept="text/csv", Connection="close"))
        taken = bytearray()
        begin = time.monotonic()
        while time.monotonic() - begin < 3:
            taken += slow.recv(2**16)  # less at a time, and the system tells the server of it seldom
            time.sleep(0.05)
        whole = len(taken) + len(rest(slow))
        length = int(taken.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        assert whole == length + taken.index(b"\r\n\r\n") + 4
        assert 0 < len(rest(deaf)) < length


def test_answers_that_nobody_reads_have_their_share_of_memory() -> None:
    query = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 17000 #"  # 0.9 MB, of which the system takes a third
    options = ("--answer-limit", "1", "--cache-mb", "0", "--read-timeout", "30", "--queue", "64")
    with serving(*options) as server, ExitStack() as stack:
        socks = [stack.enter_context(connected(server)) for _ in range(24)]
        for _ in Until("all are there"):
            if server.sockets() == 24 + 1:
                break
        for number, sock in enumerate(socks):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2**16)
            sock.sendall(get(f"{query}{number}", Accept="text/csv", Connection="close"))
        for _ in Until("someone is hung up on"):
            if server.sockets() < 24 + 1:
                break
        whole = [sock for sock in socks if len(rest(sock)) > 800_000]
    # 8 MB in all; an answer counts whole, and the piece of it that is being sent, of 0.25 MB, once more
    assert 7 <= len(whole) < 24


def test_nothing_of_a_closed_connection_is_kept() -> None:
    async def closed() -> "weakref.ref[Reader]":
        others = SimpleNamespace(most_bytes=9, read_timeout=1, admit=lambda _: None, forget=lambda _: None)
        connection = Connection(cast("Front", None), cast("Connections", others))
        told = {"peername": ("127.0.0.1", 1), "sockname": ("127.0.0.1", 2), "socket": Mock()}
        connection.connection_made(Mock(get_extra_info=told.__getitem__))
        connection.connection_lost(None)
        return weakref.ref(connection._reader)

    gc.disable()  # which would come too late
    try:
        assert asyncio.run(closed())() is None
    finally:
        gc.enable()


def rest(sock: socket.socket) -> bytes:
    """Return all that is left to read."""
    parts = []
    try:
        while part := sock.recv(2**20):
            parts.append(part)
    except ConnectionResetError:
        pass
    return b"".join(parts)
