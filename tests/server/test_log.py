"""One line of JSON per request, which knows neither who asked nor what."""

import json
import re
import time
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from server import create_app
from server.log import Lines, Observed
from server.metrics import Metrics
from tests.server.conftest import Client


@pytest.fixture
def watched(build: Path, queries: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """Return a client, and a function that returns the lines of its requests."""
    app = create_app({"build": build, "queries": queries})

    def lines() -> list[dict[str, Any]]:
        app.wsgi_app.flush()  # type: ignore[attr-defined]
        return [json.loads(line) for line in capsys.readouterr().err.splitlines()]

    return Client(app, app.response_class), lines


def test_a_line_has_what_an_operator_needs(watched: Any) -> None:
    client, lines = watched
    body = client.get("/sparql?query=ASK{}").data
    (line,) = lines()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line.pop("time"))
    assert line.pop("ms") >= 0
    digest = line.pop("query")
    assert re.fullmatch("[0-9a-f]{16}", digest)
    assert line == {"method": "GET", "route": "/sparql", "status": 200, "bytes": len(body)}


def test_the_same_query_has_the_same_digest(watched: Any) -> None:
    client, lines = watched
    client.get("/sparql?query=ASK{}")
    client.post("/sparql", data={"query": "ASK{}"})
    client.get("/sparql?query=ASK{ }")
    first, second, third = (line["query"] for line in lines())
    assert first == second != third


def test_a_problem_is_named(watched: Any) -> None:
    client, lines = watched
    client.get("/sparql?query=nonsense")
    client.get("/queries/ties/said-of?tie=1")
    assert [(line["status"], line["problem"]) for line in lines()] == [
        (400, "syntax"),
        (400, "bad-parameter"),
    ]


def test_no_line_has_an_address_a_name_or_the_text_of_a_query(watched: Any) -> None:
    client, lines = watched
    secret = {
        "headers": {
            "User-Agent": "secret",
            "Referer": "http://secret/",
            "Cookie": "a=secret",
            "From": "secret",
        },
        "environ_base": {"REMOTE_ADDR": "203.0.113.9"},
    }
    for path in (
        "/sparql?query=ASK{<urn:secret> ?p ?o}",
        "/id/secret",
        "/secret?secret=secret",
        "/queries/ties/said-of?tie=id:secret",
        "/queries/ties/secret",
    ):
        client.get(path, **secret)
    client.open("/", method="SECRET", **secret)
    told = json.dumps(lines()).lower()
    assert "secret" not in told
    assert "203.0.113.9" not in told


def test_nothing_is_told_when_the_log_is_off(build: Path, capsys: pytest.CaptureFixture[str]) -> None:
    app = create_app({"build": build, "log": "off"})
    app.test_client().get("/")
    app.wsgi_app.flush()  # type: ignore[attr-defined]
    assert capsys.readouterr().err == ""


def test_lines_are_written_without_being_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    lines = Lines()
    lines.add((0.5, "GET", 'a "b"', 200, 1.234, 5, None, None))
    for _ in range(100):
        if written := capsys.readouterr().err:
            break
        time.sleep(0.02)
    assert json.loads(written) == {
        "time": "1970-01-01T00:00:00.500Z",
        "method": "GET",
        "route": 'a "b"',
        "status": 200,
        "ms": 1.23,
        "bytes": 5,
    }


def test_an_answer_is_told_even_if_its_reader_leaves_halfway() -> None:
    def application(_: Any, start: Any) -> Any:
        start("200 OK", [])
        yield b"half"
        yield b"never taken"

    metrics = Metrics()
    body = Observed(application, metrics, None)({"REQUEST_METHOD": "GET"}, lambda *_: None)
    assert next(iter(body)) == b"half"
    body.close()  # type: ignore[attr-defined]
    assert 'tacit_requests_total{route="unknown",status="200"} 1' in metrics.text({})


def test_a_cached_answer_counts_as_one(client: FlaskClient) -> None:
    def cache(_: Any, start: Any) -> Any:
        start("200 OK", [])
        return [b"{}"]

    metrics = Metrics()
    body = Observed(cache, metrics, None)({"REQUEST_METHOD": "GET", "PATH_INFO": "/sparql"}, lambda *_: None)
    body.close()  # type: ignore[attr-defined]
    assert 'tacit_queries_total{outcome="cached"} 1' in metrics.text({})
