"""Engines for tests, on loopback, each on a graph of its own: Oxigraph's own server, and Virtuoso."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import parse_qs
from urllib.request import urlopen

import pytest

from bench import virtuoso as vt
from bench.servers import free_port

DEADLINE = 60.0
RESULTS = "application/sparql-results+json"


@dataclass(frozen=True)
class Started:
    """Where an engine answers queries, where it takes graphs, and who may send them."""

    query: str
    store: str
    user: str = ""
    password: str = ""


@contextmanager
def oxigraph() -> Iterator[Started]:
    """Run Oxigraph's own server, empty, in memory, its default graph no union."""
    port = free_port()
    program = Path(sys.executable).with_name("oxigraph")
    with running([str(program), "serve", "--bind", f"127.0.0.1:{port}"], port):
        yield Started(f"http://127.0.0.1:{port}/query", f"http://127.0.0.1:{port}/store")


@contextmanager
def virtuoso(folder: Path) -> Iterator[Started]:
    """Run a Virtuoso with a fresh database in *folder*; leave the test out where there is none."""
    if why := vt.missing():
        if os.environ.get("CI") == "true":
            pytest.fail(f"Virtuoso is {why}")
        pytest.skip(f"Virtuoso is {why}: what needs a real one is not run")
    port = free_port()
    with running(vt.command(folder, port, free_port(), rows=10_000, buffers=10_000), port):
        root = f"http://127.0.0.1:{port}"
        yield Started(f"{root}/sparql", f"{root}/sparql-graph-crud-auth", vt.USER, vt.PASSWORD)


@contextmanager
def running(command: list[str], port: int) -> Iterator[None]:
    """Run *command* until HTTP is answered on *port*, and end it."""
    process = subprocess.Popen(  # noqa: S603
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait(lambda: _answers(port), process)
        yield
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(ready: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + DEADLINE
    while not ready():
        assert process.poll() is None, "the engine ended"
        assert time.monotonic() < end, "the engine did not answer in time"
        time.sleep(0.05)


def _answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/", timeout=5):
            return True
    except HTTPError as error:
        error.close()
        return True
    except (URLError, OSError):
        return False


@contextmanager
def stub(answer: Callable[[BaseHTTPRequestHandler, dict[str, list[str]]], None]) -> Iterator[str]:
    """Run an engine that does whatever *answer* does with a request and its form; yield its address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            form = self.rfile.read(int(self.headers["Content-Length"])).decode()
            answer(self, parse_qs(form))

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/sparql"
    finally:
        server.shutdown()
        server.server_close()


def send(handler: BaseHTTPRequestHandler, status: int, body: bytes, **headers: str) -> None:
    """Let a `stub` answer with *body*, as JSON results unless *headers* say something else."""
    handler.send_response(status)
    for name, value in {"Content_Type": RESULTS, "Content_Length": str(len(body)), **headers}.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)
