"""A real server process with limits to a test's measure, and raw requests to it."""

import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

#: Nothing in these tests takes longer, however slow the machine.
DEADLINE = 30.0

#: Three quarters of a million rows squared: no engine gets to the end of it.
TRIPLES = "".join(f"<urn:s:{n}> <urn:p:{n % 7}> <urn:o:{n % 50}> .\n" for n in range(900))
NEVER_ENDS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
TOO_MUCH = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f"


@dataclass
class Reply:
    """What came back: *status* 0 is a connection that was closed without a word."""

    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float


@dataclass
class Server:
    """A running server."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path

    def raw(self, data: bytes, source: str = "127.0.0.1", timeout: float = DEADLINE) -> Reply:
        """Send *data* from the address *source* and return the reply."""
        begin = time.monotonic()
        with socket.create_connection(("127.0.0.1", self.port), timeout, (source, 0)) as sock:
            with suppress(BrokenPipeError, ConnectionResetError):  # refused before all of it was sent
                sock.sendall(data)
            return read(sock, begin)

    def open(self, query: str, source: str = "127.0.0.1") -> socket.socket:
        """Send a query and return the socket, on which the reply will come."""
        return self.send(post(query), source)

    def send(self, data: bytes, source: str = "127.0.0.1") -> socket.socket:
        """Send *data* and return the socket, on which the reply will come."""
        sock = socket.create_connection(("127.0.0.1", self.port), DEADLINE, (source, 0))
        sock.sendall(data)
        return sock

    def ask(self, query: str, source: str = "127.0.0.1", **headers: str) -> Reply:
        """Ask *query* by POST."""
        return self.raw(post(query, **headers), source)

    def lines(self) -> list[str]:
        """Return what the server has written so far."""
        return self.log.read_text(encoding="utf-8").splitlines()

    def sockets(self) -> int:
        """Return how many connections to it the server has open, and its listener."""
        lines = (line.split() for line in Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:])
        # its own port, and an inode: what is closed has none
        return sum(int(line[1].rpartition(":")[2], 16) == self.port and line[9] != "0" for line in lines)

    def workers(self) -> set[int]:
        """Return the numbers of the worker processes: the children of the forker, a child of the server."""
        return {worker for forker in children(self.process.pid) for worker in children(forker)}

    def busy(self) -> int:
        """Wait for a worker that burns the processor, and return its number."""
        for _ in Until("a worker is busy"):
            for pid in self.workers():
                fields = _stat(pid)
                if fields and fields[0] == "R" and int(fields[11]) > 5:
                    return pid
        raise AssertionError


def read(sock: socket.socket, begin: float | None = None) -> Reply:
    """Return the reply that comes on *sock*."""
    begin = time.monotonic() if begin is None else begin
    data = bytearray()
    while True:
        try:
            part = sock.recv(65536)
        except ConnectionResetError:
            part = b""
        data += part
        head, found, body = bytes(data).partition(b"\r\n\r\n")
        if head.startswith(b"HTTP/1.1 100"):
            data = bytearray(body)
            continue
        headers = {
            name.lower(): value.strip()
            for name, _, value in (line.partition(":") for line in head.decode("latin-1").split("\r\n")[1:])
        }
        status = int(head.split()[1]) if found else 0
        length = int(headers.get("content-length", "0")) if status not in (304,) else 0
        if not part or (found and len(body) >= length and "transfer-encoding" not in headers):
            return Reply(status, headers, body, time.monotonic() - begin)


def post(query: str, **headers: str) -> bytes:
    """Return the request that asks *query*."""
    body = query.encode("utf-8", "surrogatepass")
    lines = [
        "POST /sparql HTTP/1.1",
        "Host: localhost",
        "Content-Type: application/sparql-query",
        f"Content-Length: {len(body)}",
        *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def get(query: str, **headers: str) -> bytes:
    """Return the request that asks *query* by GET."""
    lines = [
        f"GET /sparql?query={quote(query)} HTTP/1.1",
        "Host: localhost",
        *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n"


def children(pid: int) -> set[int]:
    """Return the children of the process *pid*."""
    pids = (int(path.name) for path in Path("/proc").glob("[0-9]*"))
    return {other for other in pids if _stat(other)[1:2] == [str(pid)]}


def _stat(pid: int) -> list[str]:
    """Return what the system tells of the process *pid*, from its state on; nothing if it has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="latin-1").rpartition(")")[2].split()
    except OSError:
        return []


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(*options: str, data: str | None = TRIPLES) -> Iterator[Server]:
    """Run a server of *data* (N-Triples), or else of the built graph, with *options* of the command line."""
    with tempfile.TemporaryDirectory() as folder:
        path, log = Path(folder, "data.nt"), Path(folder, "log")
        if data is not None:
            path.write_text(data, encoding="utf-8")
            options = ("--data", str(path), *options)
        server = _start(log, *options)
        try:
            yield server
        finally:
            server.process.send_signal(signal.SIGINT)
            server.process.wait(DEADLINE)


def _start(log: Path, *options: str) -> Server:
    while True:
        port = free_port()
        command = [sys.executable, "-m", "server", "--port", str(port), *options]
        with log.open("wb") as output:
            process = subprocess.Popen(command, stdout=output, stderr=output)  # noqa: S603
        try:
            _await(port, process, log)
        except AssertionError:
            if "cannot be used" not in log.read_text(encoding="utf-8"):
                raise  # else somebody took the port since we saw it free
        else:
            return Server(port, process, log)


def _await(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + DEADLINE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert process.poll() is None, log.read_text(encoding="utf-8")
            assert time.monotonic() < end, "the server did not answer in time"
            time.sleep(0.02)
        else:
            return


class Until:
    """`for _ in Until(): …` tries again until the deadline, then fails."""

    def __init__(self, what: str, seconds: float = DEADLINE) -> None:
        self._what, self._end = what, time.monotonic() + seconds

    def __iter__(self) -> Iterator[None]:
        while time.monotonic() < self._end:
            yield
            time.sleep(0.02)
        raise AssertionError(f"not in time: {self._what}")
