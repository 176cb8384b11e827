"""Whatever goes wrong is told in one shape."""

import logging

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server.errors import PROBLEMS
from server.state import State
from tests.server.conftest import BROWSER, Ask

#: A value for each part of a route.
VALUES = {
    **{"name": "a", "topic": "ties", "extension": "ttl", "version": "1", "filename": "tacit.css"},
    **{"tie": "a", "kind": "entity"},
}
FAULTY = "SELECT *\nWHERE { ?s tacit:party }"


def is_problem(answer: TestResponse, status: int) -> bool:
    """Tell whether *answer* is a problem of *status*, in the one shape of them all."""
    problem = answer.get_json()
    assert answer.mimetype == "application/problem+json"
    assert {"type", "title", "status", "detail"} <= problem.keys()
    assert PROBLEMS[problem["type"]] == (answer.status_code, problem["title"])
    assert problem["status"] == answer.status_code == status
    assert problem["detail"].endswith((".", "?"))
    assert "werkzeug" not in answer.text.lower()
    assert "Traceback" not in answer.text
    return True


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nowhere", 404),
        ("/nowhere/at/all", 404),
        ("/sparql/x", 404),
        ("/static/nothing", 404),
        ("/static/../server/settings.py", 404),
        ("/id/", 404),
        ("/id/nobody", 404),
        ("/id/nobody.ttl", 404),
        ("/ontology/9", 404),
        ("/ontology.xyz", 404),
        ("/graph/nothing", 404),
        ("/queries/ties/nothing", 404),
        ("/.well-known/other", 404),
        ("/sparql?default-graph-uri=x", 400),
        ("/sparql?query=x", 400),
        ("/sparql?update=x", 403),
        ("/query?question=x", 404),
        ("/queries/ties/said-of?tie=1", 400),
        ("/queries/ties/said-of?x=1", 400),
        ("/queries/ties/said-of?format=x", 406),
        ("/sparql?format=x", 406),
        ("/id/a?format=x", 406),
    ],
)
def test_every_error_has_the_same_shape(client: FlaskClient, path: str, status: int) -> None:
    assert is_problem(client.get(path), status)
    page = client.get(path, headers={"Accept": BROWSER})
    assert (page.status_code, page.mimetype) == (status, "text/html")
    assert '<section class="problem" role="alert"' in page.text


def test_every_route_tells_its_errors_in_that_shape(app: Flask, client: FlaskClient) -> None:
    adapter = app.url_map.bind("localhost")
    rules = list(app.url_map.iter_rules())
    assert len(rules) > 15
    for rule in rules:
        values = {name: VALUES[name] for name in rule.arguments}
        if rule.endpoint == "terms.vocabulary":
            values["name"] = "ontology"
        path = adapter.build(rule.endpoint, values)
        for method in ("PUT", "DELETE", "PATCH", "TRACE", "LINK"):
            answer = client.open(path, method=method)
            assert is_problem(answer, 405), path
            assert {"GET", "HEAD", "OPTIONS"} <= set(answer.headers["Allow"].split(", "))
        answer = client.get(path, headers={"Accept": "image/png"})
        assert answer.status_code < 400 or is_problem(answer, answer.status_code), path
        assert client.options(path).status_code == 200


def test_a_syntax_error_names_line_column_and_the_line_itself(ask: Ask) -> None:
    answer = ask(FAULTY)
    problem = answer.get_json()
    assert (answer.status_code, problem["type"]) == (400, "syntax")
    assert (problem["line"], problem["column"], problem["text"]) == (2, 12, "WHERE { ?s tacit:party }")
    assert "add PREFIX tacit: <https://w3id.org/tacit/ontology#>" in problem["detail"]


def test_a_function_that_does_not_exist_is_a_fault_of_the_query(ask: Ask) -> None:
    answer = ask("SELECT (<urn:f>(1) AS ?x) {}")
    assert (answer.status_code, answer.get_json()["type"]) == (400, "cannot-run")
    assert "urn:f" in answer.get_json()["detail"]


def test_a_browser_gets_a_page_that_keeps_the_query(ask: Ask) -> None:
    answer = ask(FAULTY, BROWSER)
    assert (answer.status_code, answer.mimetype) == (400, "text/html")
    assert '<textarea id="query" name="query"' in answer.text
    assert "\nSELECT *\nWHERE { ?s tacit:party }</textarea>" in answer.text
    assert "WHERE { ?s tacit:party }\n           ^" in answer.text


def test_a_query_in_an_error_page_is_text_and_no_markup(ask: Ask) -> None:
    page = ask("</textarea><script>alert(1)</script>", BROWSER).text
    assert "<script" not in page
    assert page.count("</textarea>") == 1


def test_what_nobody_expected_is_logged_and_not_shown(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ValueError("a secret")

    app.extensions["tacit"] = State(ask=fail, library=())  # type: ignore[arg-type]
    with caplog.at_level(logging.ERROR):
        answer = app.test_client().get("/sparql?query=ASK{}")
    assert (answer.status_code, answer.get_json()["type"]) == (500, "internal")
    assert "secret" not in answer.text
    assert "a secret" in caplog.text
