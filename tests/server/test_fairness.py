"""Whoever floods the server waits for himself; everyone else is answered."""

import asyncio
import socket
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any
from unittest.mock import Mock

import pytest
from flask import Flask, request

from server.fairness import Slots
from server.front import Front
from server.limits import Caller, LeftError, LimitError, key_of
from server.request import Request
from server.settings import complete
from tests.server.live import DEADLINE, NEVER_ENDS, Server, Until, post, read, serving

FLOOD = "127.0.0.2"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    options = ("--workers", "4", "--queue", "8", "--time-limit", "15", "--log", "off", "--cache-mb", "0")
    with serving(*options) as running:
        yield running


def hold(slots: Slots, key: str, release: threading.Event, order: list[str]) -> threading.Thread:
    """Start a thread that holds a slot for *key* until *release*."""

    def run() -> None:
        with slots.slot(Caller(key), DEADLINE):
            order.append(key)
            release.wait(DEADLINE)

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def wait_for(slots: Slots, running: int, waiting: int) -> None:
    for _ in Until(f"{running} run and {waiting} wait"):
        if (slots.running, slots.waiting) == (running, waiting):
            return


def test_one_address_has_its_share_and_no_more() -> None:
    slots, release, order = Slots(3, 2, 8), threading.Event(), list[str]()
    threads = [hold(slots, "a", release, order) for _ in range(4)]
    wait_for(slots, 2, 2)
    threads.append(hold(slots, "b", release, order))
    wait_for(slots, 3, 2)
    assert order == ["a", "a", "b"]
    release.set()
    for thread in threads:
        thread.join()
    assert (slots.running, slots.waiting) == (0, 0)


def test_a_free_slot_goes_to_the_address_with_the_fewest() -> None:
    slots, order = Slots(2, 2, 8), list[str]()
    first, second, rest = threading.Event(), threading.Event(), threading.Event()
    threads = [hold(slots, "a", first, order)]
    wait_for(slots, 1, 0)
    threads.append(hold(slots, "a", second, order))
    wait_for(slots, 2, 0)
    for count, key in enumerate(["a", "a", "b"], 1):
        threads.append(hold(slots, key, rest, order))
        wait_for(slots, 2, count)
    first.set()
    wait_for(slots, 2, 2)
    assert order == ["a", "a", "b"]
    second.set()
    rest.set()
    for thread in threads:
        thread.join()


def test_one_address_fills_half_the_queue_and_a_full_queue_refuses_at_once() -> None:
    slots, release, order = Slots(1, 1, 4), threading.Event(), list[str]()
    threads = [hold(slots, "a", release, order) for _ in range(3)]
    wait_for(slots, 1, 2)
    begin = time.monotonic()
    with pytest.raises(LimitError, match="of your address") as limit, slots.slot(Caller("a"), DEADLINE):
        pass
    assert (limit.value.name, limit.value.retry_after) == ("busy", 5)
    threads += [hold(slots, key, release, order) for key in ("b", "c")]
    wait_for(slots, 1, 4)
    with pytest.raises(LimitError, match="the queue"), slots.slot(Caller("d"), DEADLINE):
        pass
    assert time.monotonic() - begin < DEADLINE / 2
    release.set()
    for thread in threads:
        thread.join()


def test_who_waits_too_long_or_leaves_gives_up_the_place() -> None:
    slots, release = Slots(1, 1, 4), threading.Event()
    holder = hold(slots, "a", release, [])
    wait_for(slots, 1, 0)
    with pytest.raises(LimitError, match="in time"), slots.slot(Caller("b"), 0.05):
        pass
    who, left = Caller("c"), []

    def run() -> None:
        try:
            with slots.slot(who, DEADLINE):
                pass
        except LeftError as error:
            left.append(error)

    waiter = threading.Thread(target=run)
    waiter.start()
    wait_for(slots, 1, 1)
    who.leave()
    waiter.join()
    assert len(left) == 1
    assert slots.waiting == 0
    release.set()
    holder.join()
    assert slots.running == 0


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("10.0.0.1", "10.0.0.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("::ffff:10.0.0.1", "10.0.0.1"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unix", "unix"),
    ],
)
def test_an_address_counts_as_one_client(address: str, key: str) -> None:
    assert key_of(address) == key


def test_small_answers_come_soon_while_another_address_floods(server: Server) -> None:
    with ExitStack() as stack:
        flood = [stack.enter_context(server.open(NEVER_ENDS, FLOOD)) for _ in range(20)]
        for _ in Until("three workers are taken"):
            if len(server.workers()) >= 3:
                break
        seconds = []
        for number in range(20):
            reply = server.ask(f"SELECT * {{ ?s <urn:p:{number % 7}> ?o }} LIMIT {number + 1}", "127.0.0.3")
            assert reply.status == 200
            seconds.append(reply.seconds)
        assert statistics.median(seconds) < 0.3
        assert max(seconds) < 1
        # of twenty, three run, four wait, and the others were refused at once
        refused = [read(sock) for sock in _answered(flood, 13)]
        assert {reply.status for reply in refused} == {503}
        assert all(int(reply.headers["retry-after"]) > 0 for reply in refused)


def test_a_queue_that_many_addresses_fill_refuses_at_once(server: Server) -> None:
    with ExitStack() as stack:
        for number in range(24):
            stack.enter_context(server.open(NEVER_ENDS, f"127.0.2.{number + 1}"))
        for _ in Until("the queue is full"):
            reply = server.ask("ASK { ?s ?p ?o }", "127.0.0.4")
            if reply.status == 503:
                break
        assert reply.seconds < 1
        assert int(reply.headers["retry-after"]) > 0


def test_requests_of_one_address_beyond_its_number_are_refused(server: Server) -> None:
    for _ in Until("the clients of the test before have gone, and left the queue"):
        if server.ask("ASK { ?s ?p 4 }", "127.0.0.6").status == 200:
            break
    with ExitStack() as stack:
        slow = []
        for _ in range(40):
            sock = stack.enter_context(
                socket.create_connection(("127.0.0.1", server.port), DEADLINE, ("127.0.0.5", 0))
            )
            sock.sendall(post("ASK {}")[:-1])
            slow.append(sock)
        assert {read(sock).status for sock in _answered(slow, 8)} == {429}
        assert server.ask("ASK { ?s ?p 5 }", "127.0.0.6").status == 200


def test_pages_of_one_address_are_made_four_at_a_time_and_others_beside_them(app: Flask) -> None:
    begun, release = list[str | None](), threading.Event()

    @app.get("/slow")
    def slow() -> str:
        begun.append(request.remote_addr)
        release.wait(DEADLINE)
        return ""

    front = Front(app, complete({}), Mock())

    async def flood() -> list[Any]:
        peers = ["10.0.0.1"] * 6 + ["10.0.0.2"]
        asked = [asyncio.create_task(front.answer(Request("GET", "/slow", {}, peer=peer))) for peer in peers]
        for _ in Until("five are begun"):
            await asyncio.sleep(0)
            if len(begun) >= 5:
                break
        release.set()
        return [status for status, _, _ in await asyncio.gather(*asked)]

    assert asyncio.run(flood()) == [200] * 7
    assert sorted(map(str, begun[:5])) == ["10.0.0.1"] * 4 + ["10.0.0.2"]
    front.close()


def test_large_forms_of_one_address_are_read_one_at_a_time_and_all_else_beside_them(app: Flask) -> None:
    begun, release = list[int](), threading.Event()

    @app.before_request
    def slow() -> None:
        begun.append(len(request.get_data()))
        release.wait(DEADLINE)

    front = Front(app, complete({"cache_mb": 0}), Mock())
    form = {"content-type": "Application/x-www-form-urlencoded;charset=utf-8"}
    query = {"content-type": "application/sparql-query"}
    large, small = b"query=" + b"%20" * 40_000, b"query=ASK{}"
    sent = [(form, large)] * 3 + [(query, large)] * 2 + [(form, small)]

    async def flood() -> None:
        asked = [
            asyncio.create_task(front.answer(Request("POST", "/sparql", headers, body, "10.0.0.1")))
            for headers, body in sent
        ]
        for _ in Until("four are begun"):
            await asyncio.sleep(0)
            if len(begun) >= 4:
                break
        assert sorted(begun) == [len(small)] + [len(large)] * 3
        release.set()
        await asyncio.gather(*asked)

    asyncio.run(flood())
    assert len(begun) == len(sent)
    front.close()


def test_a_client_behind_a_known_proxy_is_known_by_its_own_address() -> None:
    options = ("--workers", "2", "--queue", "2", "--time-limit", "15", "--proxies", "127.0.0.1")
    with serving(*options) as server, ExitStack() as stack:
        for _ in range(2):
            sock = stack.enter_context(socket.create_connection(("127.0.0.1", server.port), DEADLINE))
            sock.sendall(post(NEVER_ENDS, X_Forwarded_For="9.9.9.9, 10.0.0.1"))
        for _ in Until("the address has its share"):
            if server.ask("ASK {}#1", X_Forwarded_For="8.8.8.8, 10.0.0.1").status == 503:
                break
        assert server.ask("ASK {}#2", X_Forwarded_For="10.0.0.1, 10.0.0.2").status == 200


def _answered(socks: list[socket.socket], count: int) -> list[socket.socket]:
    """Return *count* of *socks* on which a reply has come."""
    for _ in Until(f"{count} replies"):
        found = []
        for sock in socks:
            sock.settimeout(0.001)
            try:
                if sock.recv(1, socket.MSG_PEEK):
                    found.append(sock)
            except TimeoutError:
                pass
            sock.settimeout(DEADLINE)
        if len(found) >= count:
            return found
    raise AssertionError
