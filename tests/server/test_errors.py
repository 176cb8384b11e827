"""Whatever goes wrong is told in one shape."""

import logging

import pytest
from flask import Flask
from flask.testing import FlaskClient

from server.errors import PROBLEMS
from server.state import State
from tests.server.conftest import BROWSER, Ask

FAULTY = "SELECT *\nWHERE { ?s tacit:party }"


@pytest.mark.parametrize(
    "path", ["/nowhere", "/sparql?default-graph-uri=x", "/sparql?query=x", "/sparql?update=x", "/?query=x"]
)
def test_every_error_has_the_same_shape(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    problem = answer.get_json()
    assert answer.mimetype == "application/problem+json"
    assert {"type", "title", "status", "detail"} <= problem.keys()
    assert PROBLEMS[problem["type"]] == (answer.status_code, problem["title"])
    assert problem["status"] == answer.status_code
    assert problem["detail"].endswith((".", "?"))


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
