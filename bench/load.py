"""The load generator: one event loop over keep-alive connections, and no more work per answer than is needed.

It is written twice: in C (load.c), for measuring, and here, for reading answers, and where no C compiler is.
In Python it takes longer for an answer than the fastest servers do: it would make them all alike.

Each client has an address of its own (127.0.0.1, 127.0.0.2, …), as eight users have: a server which
shares itself out by address is not measured as if one user were eight.
"""

import re
import select
import selectors
import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final
from urllib.parse import quote, urlsplit

#: Stands in a request for the number that makes it one that no server has seen.
_NUMBER: Final = b"0000000000"
_LENGTH: Final = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CHUNKED: Final = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
_CLOSE: Final = re.compile(rb"\r\nconnection: *close|^HTTP/1\.0", re.IGNORECASE)
_OK: Final = b"200"
_BLOCK: Final = 1 << 18
SOURCE: Final = Path(__file__).with_name("load.c")


class LoadError(Exception):
    """A server answered with an error, broke off, or did not answer in time."""


@dataclass(frozen=True)
class Measured:
    """The *count* of whole answers, the *seconds* until all were there, and the *median* of one."""

    count: int
    seconds: float
    median: float

    @property
    def rate(self) -> float:
        """Return the answers per second."""
        return self.count / self.seconds


def compiled(folder: Path) -> Path | None:
    """Return the program of load.c, compiled into *folder*; None where there is no C compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if not compiler:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / "load"
    try:
        subprocess.run([compiler, "-O2", "-o", program, SOURCE], check=True, capture_output=True)  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        return None
    return program


def measure(
    program: Path | None,
    address: str,
    make: Callable[[int], bytes],
    *,
    clients: int,
    seconds: float,
    least: int = 1,
    patience: float,
) -> Measured:
    """Ask for *seconds*, and until *least* answers came; raise LoadError after *patience* without one."""
    if program is None:
        load = Load(address, clients)
        try:
            return load.run(make, seconds, least, patience)
        finally:
            load.close()
    number = _first_number() if make(0) != make(1) else 0
    values = [urlsplit(address).port, clients, seconds, least, patience, number]
    done = subprocess.run([program, *map(str, values)], input=make(0), capture_output=True, check=False)  # noqa: S603
    word, _, rest = done.stdout.decode().strip().partition(" ")
    if word != "ok":
        raise LoadError(rest or "the load generator failed")
    count, took, middle = rest.split()
    return Measured(int(count), float(took), float(middle))


def _first_number() -> int:
    return time.time_ns() // 1000 % 10**10  # goes on where an earlier load ended


def request(address: str, query: str, accept: str, *, new: bool = False) -> Callable[[int], bytes]:
    """Return what makes the bytes of a request for *query*; if *new*, each number makes another text."""
    parts = urlsplit(address)
    text = query + ("\n#" + _NUMBER.decode() if new else "")
    head = (
        f"GET {parts.path}?query={quote(text, safe='')} HTTP/1.1\r\nHost: {parts.netloc}\r\n"
        f"Accept: {accept}\r\nUser-Agent: tacit-bench\r\n\r\n"
    ).encode()
    if not new:
        return lambda number: head
    before, after = head.split(_NUMBER)
    return lambda number: b"%s%010d%s" % (before, number, after)


class _Client:
    """One connection, and the answer that is on its way."""

    def __init__(self, server: tuple[str, int], own: str) -> None:
        self._server, self._own = server, own
        self.socket = self._connect()
        self.began = 0.0
        self._answer = bytearray()
        self._whole: int | None = None  # how long the answer will be, None: not known yet, or chunked
        self._head = False

    def _connect(self) -> socket.socket:
        connected = socket.create_connection(self._server, timeout=5, source_address=(self._own, 0))
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connected

    def send(self, data: bytes) -> None:
        self._answer.clear()
        self._whole, self._head = None, False
        self.began = time.perf_counter()
        self.socket.sendall(data)

    def receive(self) -> bool:
        """Read what is there; tell whether the answer is whole."""
        block = self.socket.recv(_BLOCK)
        if not block:
            raise LoadError("the server closed the connection within an answer")
        self._answer += block
        if not self._head and not self._read_head():
            return False
        if self._whole is not None:
            return len(self._answer) >= self._whole
        return self._answer.endswith(b"\r\n0\r\n\r\n")

    def _read_head(self) -> bool:
        end = self._answer.find(b"\r\n\r\n")
        if end < 0:
            return False
        head, self._head = bytes(self._answer[: end + 2]), True
        if head[9:12] != _OK:
            raise LoadError(f"the server answered {head[9:12].decode()}")
        if length := _LENGTH.search(head):
            self._whole = end + 4 + int(length[1])
        elif not _CHUNKED.search(head):
            raise LoadError("the answer does not say how long it is")
        return True

    def body(self) -> bytes:
        """Return the body of the whole answer."""
        head, _, rest = bytes(self._answer).partition(b"\r\n\r\n")
        if not _CHUNKED.search(head):
            return rest
        body, place = bytearray(), 0
        while size := int(rest[place : (line := rest.index(b"\r\n", place))].split(b";")[0], 16):
            body += rest[line + 2 : line + 2 + size]
            place = line + 4 + size
        return bytes(body)

    def wake(self) -> None:
        """Connect again if the server has closed it, as it was idle while others had their turn."""
        if select.select([self.socket], [], [], 0)[0]:
            self.socket.close()
            self.socket = self._connect()

    def renew(self) -> None:
        """Connect again if the server is about to close."""
        if _CLOSE.search(self._answer[: self._answer.find(b"\r\n\r\n") + 2]):
            self.socket.close()
            self.socket = self._connect()


class Load:
    """*clients* connections to the server at *address*, kept until `close`."""

    def __init__(self, address: str, clients: int) -> None:
        parts = urlsplit(address)
        server = (str(parts.hostname), int(parts.port or 80))
        self._clients = [_Client(server, f"127.0.0.{own + 1}") for own in range(clients)]
        self._number = _first_number()

    def ask(self, make: Callable[[int], bytes], patience: float) -> bytes:
        """Return the body of one answer to the first client."""
        self.run(make, 0, 1, patience, clients=1)
        return self._clients[0].body()

    def run(
        self,
        make: Callable[[int], bytes],
        seconds: float,
        least: int,
        patience: float,
        clients: int | None = None,
    ) -> Measured:
        """Ask for *seconds*, and until *least* answers came; raise LoadError after *patience* without one."""
        latencies: list[float] = []
        busy = 0
        began = time.perf_counter()
        with selectors.DefaultSelector() as selector:
            for client in self._clients[:clients]:
                client.wake()
                selector.register(client.socket, selectors.EVENT_READ, client)
                client.send(self._next(make))
                busy += 1
            while busy:
                ready = selector.select(patience)
                if not ready:
                    raise LoadError(f"no answer within {patience:.0f} s")
                for key, _ in ready:
                    client = key.data
                    if not client.receive():
                        continue
                    now = time.perf_counter()
                    latencies.append(now - client.began)
                    before = client.socket
                    client.renew()
                    if client.socket is not before:
                        selector.unregister(before)
                        selector.register(client.socket, selectors.EVENT_READ, client)
                    if now - began < seconds or len(latencies) + busy - 1 < least:
                        client.send(self._next(make))
                    else:
                        busy -= 1
        return Measured(len(latencies), time.perf_counter() - began, median(latencies))

    def _next(self, make: Callable[[int], bytes]) -> bytes:
        self._number += 1
        return make(self._number)

    def close(self) -> None:
        """Close all connections."""
        for client in self._clients:
            client.socket.close()
