"""The servers that are compared: how each is started on a graph, and where it answers."""

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from bench import others
from bench.memory import proportional
from bench.others import MissingError

#: Whether there is anything: the first answer.
_FIRST: Final = urlencode({"query": "ASK { ?s ?p ?o }"})


@dataclass(frozen=True)
class Server:
    """A server by *name*: *command* makes what starts it, from a port, the graph's file and a folder.

    *path* is where it answers; *load* brings the graph in, if the command does not.
    """

    name: str
    command: Callable[[int, Path, Path], list[str]]
    path: str = "/sparql"
    load: Callable[[int, Path, Path], None] | None = None


@dataclass(frozen=True)
class Running:
    """A server that answers at *address*, *start* seconds after its start, with *memory* bytes when idle."""

    name: str
    address: str
    start: float
    memory: int

    def at(self, address: str) -> "Running":
        """Return the same measurements, at another address: that of a restart."""
        return replace(self, address=address)


def _ours(port: int, graph: Path, folder: Path) -> list[str]:
    # two levels above the file: the folder of builds, whose `current` names the one of the file
    return [sys.executable, "-m", "server", "--port", str(port), "--build", str(graph.parent.parent)]


TACIT: Final = Server("Tacit", _ours)
OXIGRAPH: Final = Server("Oxigraph", others.oxigraph, "/query", others.load_oxigraph)
SERVERS: Final = (
    TACIT,
    OXIGRAPH,
    Server("rdflib-endpoint, memory", others.rdflib_memory, "/"),
    Server("rdflib-endpoint, Oxigraph", others.rdflib_oxigraph, "/"),
    Server("Virtuoso", others.virtuoso, "/sparql", others.load_virtuoso),
    Server("Fuseki", others.fuseki, "/tacit/query", others.load_fuseki),
)


@contextmanager
def started(server: Server, graph: Path, folder: Path, patience: float) -> Iterator[Running]:
    """Start *server* on *graph*, wait for its first answer, and stop it in the end.

    Raises MissingError if it is not installed, or does not answer within *patience* seconds.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    port = free_port()
    command = server.command(port, graph, folder)
    began = time.perf_counter()
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd=others.ROOT)  # noqa: S603
    try:
        address = f"http://127.0.0.1:{port}{server.path}"
        if server.load:
            _wait(process, lambda: _listens(port), patience, folder)
            server.load(port, graph, folder)
        _wait(process, lambda: _answers(address), patience, folder)
        start = time.perf_counter() - began
        time.sleep(1)
        yield Running(server.name, address, start, proportional(process.pid))
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(process: subprocess.Popen[bytes], ready: Callable[[], bool], patience: float, folder: Path) -> None:
    end = time.perf_counter() + patience
    while not ready():
        if process.poll() is not None:
            last = (folder / "log").read_text(errors="replace").strip().splitlines()[-1:]
            raise MissingError(f"ended at its start: {' '.join(last) or f'exit {process.returncode}'}")
        if time.perf_counter() > end:
            raise MissingError(f"no answer within {patience:.0f} s of its start")
        time.sleep(0.005)


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def _answers(address: str) -> bool:
    wanted = Request(f"{address}?{_FIRST}", headers={"Accept": "application/sparql-results+json"})  # noqa: S310
    try:
        with urlopen(wanted, timeout=30) as answer:  # noqa: S310
            return b"true" in answer.read()
    except (URLError, OSError):
        return False
