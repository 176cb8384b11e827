"""What every answer says to browsers."""

import pytest
from flask.testing import FlaskClient

from server.headers import PAGES, PROGRAMS
from tests.server.conftest import BROWSER


@pytest.mark.parametrize("path", ["/", "/sparql?query=ASK{}", "/sparql?query=x", "/nowhere", "/health"])
def test_every_answer_is_shut_to_scripts_and_open_for_reading(client: FlaskClient, path: str) -> None:
    for accept in ("*/*", BROWSER):
        answer = client.get(path, headers={"Accept": accept})
        page = answer.mimetype == "text/html"
        assert answer.headers["Content-Security-Policy"] == (PAGES if page else PROGRAMS)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_no_page_needs_what_the_policy_forbids(client: FlaskClient) -> None:
    for path in ("/", "/sparql?query=SELECT * { ?s ?p ?o }", "/sparql?query=x"):
        text = client.get(path, headers={"Accept": BROWSER}).text
        assert "<script>" not in text
        assert "<style" not in text
        assert " style=" not in text
        assert " onclick=" not in text
    assert "'unsafe" not in PAGES
