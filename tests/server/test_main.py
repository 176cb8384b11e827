"""The command `python -m server`, as a process of its own."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import Request, urlopen

import pytest

DEADLINE = 20.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(port: int, *more: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "server", "--port", str(port), *more]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)  # noqa: S603


@pytest.fixture
def running(build: Path, queries: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Yield a server process that answers, and its port."""
    port = free_port()
    process = start(port, "--build", str(build), "--queries", str(queries), "--log", "off")
    end = time.monotonic() + DEADLINE
    while True:
        try:
            with urlopen(f"http://127.0.0.1:{port}/", timeout=5):
                break
        except URLError:
            assert process.poll() is None, process.communicate()[0]
            assert time.monotonic() < end, "the server did not answer in time"
            time.sleep(0.02)
    yield process, port
    if process.poll() is None:
        process.kill()
    process.communicate()


def test_it_answers_queries_says_where_and_ends_cleanly(
    running: tuple[subprocess.Popen[str], int],
) -> None:
    process, port = running
    request = Request(
        f"http://127.0.0.1:{port}/sparql",
        data=b"ASK { ?s a <http://example.org/T> }",
        headers={"Content-Type": "application/sparql-query", "Accept": "text/csv"},
    )
    with urlopen(request, timeout=5) as answer:  # noqa: S310
        assert answer.read() == b"true"
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=DEADLINE)
    assert output == f"Tacit answers at http://127.0.0.1:{port}\n"
    assert process.returncode == 0


def test_it_ends_cleanly_although_a_query_still_runs(running: tuple[subprocess.Popen[str], int]) -> None:
    process, port = running
    pairs = " ".join(f"?a{n} ?b{n} ?c{n} ." for n in range(20))
    query = quote(f"SELECT (COUNT(*) AS ?n) {{ {pairs} }}")
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(f"GET /sparql?query={query} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        client.settimeout(0.5)  # long enough to know that it runs
        with pytest.raises(TimeoutError):
            client.recv(1)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=DEADLINE)
    assert process.returncode == 0


def test_a_port_in_use_is_told_in_a_sentence(build: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = int(other.getsockname()[1])
        process = start(port, "--build", str(build))
        output, _ = process.communicate(timeout=DEADLINE)
    assert output.startswith(f"Port {port} of 127.0.0.1 cannot be used")
    assert "--port" in output
    assert process.returncode == 1


def test_data_that_cannot_be_read_is_told_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "bad.ttl"
    path.write_text("<urn:a> <urn:b> .", encoding="utf-8")
    process = start(free_port(), "--data", str(path))
    output, _ = process.communicate(timeout=DEADLINE)
    assert output.startswith(f"{path}:1: ")
    assert len(output.splitlines()) == 1
    assert process.returncode == 1
