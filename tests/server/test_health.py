"""Health, numbers, and the word to robots."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.limits import LimitError
from server.state import State
from tacit.errors import TacitError
from tests.server.conftest import Ask


def test_health_names_the_build_and_counts_its_triples(site: FlaskClient) -> None:
    health = site.get("/health").get_json()
    assert health["status"] == "ok"
    assert re.fullmatch("[0-9a-f]{16}", health["digest"])
    total = site.get("/sparql?query=SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }").get_json()
    assert str(health["triples"]) == total["results"]["bindings"][0]["n"]["value"]


def test_a_build_without_counts_is_counted(client: FlaskClient) -> None:
    assert client.get("/health").get_json()["triples"] == 4


@pytest.mark.parametrize("error", [TacitError("gone"), OSError("gone")])
def test_health_is_503_when_the_engine_does_not_answer(app: Flask, error: Exception) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    app.extensions["tacit"] = State(ask=fail, library=())  # type: ignore[arg-type]
    answer = app.test_client().get("/health")
    assert (answer.status_code, answer.get_json()["type"]) == (503, "unavailable")
    assert "gone" not in answer.text


def test_a_full_queue_is_no_fault(app: Flask) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise LimitError("busy", "All workers are at work.", 1)

    app.extensions["tacit"] = State(ask=refuse, library=())  # type: ignore[arg-type]
    answer = app.test_client().get("/health")
    assert (answer.status_code, answer.get_json()["status"]) == (200, "busy")


def number(client: FlaskClient, line: str) -> float:
    found = re.search(rf"^{re.escape(line)} (\S+)$", client.get("/metrics").text, re.MULTILINE)
    return float(found[1]) if found else 0.0


def test_requests_are_counted_by_route_and_status(client: FlaskClient) -> None:
    client.get("/id/a")
    client.get("/id/b")  # only an object
    client.get("/nowhere/at/all")
    assert number(client, 'tacit_requests_total{route="/id/<name>",status="200"}') == 1
    assert number(client, 'tacit_requests_total{route="/id/<name>",status="404"}') == 1
    assert number(client, 'tacit_requests_total{route="unknown",status="404"}') == 1


def test_queries_are_counted_by_outcome(client: FlaskClient, ask: Ask) -> None:
    ask("ASK {}")
    ask("nonsense")
    client.get("/queries/ties/said-of")
    assert number(client, 'tacit_queries_total{outcome="answered"}') == 2
    assert number(client, 'tacit_queries_total{outcome="syntax"}') == 1


def test_the_histogram_is_cumulative_and_ends_with_all(client: FlaskClient, ask: Ask) -> None:
    for _ in range(3):
        ask("ASK {}")
    text = client.get("/metrics").text
    counts = [int(n) for n in re.findall(r'_bucket\{route="/sparql",le="[^"]+"\} (\d+)', text)]
    assert counts == sorted(counts)
    assert counts[-1] == number(client, 'tacit_request_seconds_count{route="/sparql"}') == 3
    assert number(client, 'tacit_request_seconds_sum{route="/sparql"}') > 0


def test_every_line_is_one_that_prometheus_reads(client: FlaskClient) -> None:
    client.get("/id/a")
    answer = client.get("/metrics")
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    line = re.compile(r'#( HELP| TYPE) tacit_\w+ .+|tacit_\w+(\{\w+="[^"]*"(,\w+="[^"]*")*\})? [0-9.e+-]+')
    assert all(line.fullmatch(text) for text in answer.text.splitlines())


def test_the_numbers_know_no_addresses_and_no_names(client: FlaskClient) -> None:
    client.get("/id/secret-name", environ_base={"REMOTE_ADDR": "203.0.113.9"})
    text = client.get("/metrics").text
    assert "203.0.113.9" not in text
    assert "secret" not in text


def test_robots_are_kept_from_queries(client: FlaskClient) -> None:
    answer = client.get("/robots.txt")
    assert answer.mimetype == "text/plain"
    assert "Disallow: /sparql" in answer.text
