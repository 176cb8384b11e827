"""The list of pages is held to the application, so that no page is left untried; this needs no browser."""

import re

import pytest
from flask.testing import FlaskClient

from server import create_app
from server.resources import ABOUT
from tacit.errors import TacitError
from tests.browser.addresses import EXAMPLES, PROGRAMS, THINGS, pages, routes
from tests.server.conftest import BROWSER


@pytest.fixture(scope="module")
def site() -> FlaskClient:
    """Return a client of a server of the built graph."""
    try:
        return create_app({"log": "off"}).test_client()
    except TacitError as error:
        pytest.skip(str(error))


def test_each_route_is_of_a_program_or_has_an_example() -> None:
    with_parameters = {route for route in routes() if "<" in route}
    assert set(EXAMPLES) == with_parameters - PROGRAMS
    assert routes() >= PROGRAMS


def test_each_class_with_a_page_of_its_own_has_an_example(site: FlaskClient) -> None:
    for class_ in ABOUT:
        query = f"SELECT ?thing {{ ?thing a <{class_}> }}"
        rows = site.get("/sparql", query_string={"query": query}).get_json()["results"]["bindings"]
        assert {row["thing"]["value"].rpartition("/")[2] for row in rows} & set(THINGS), class_


def test_a_program_gets_no_page_where_none_is_said_to_be(site: FlaskClient) -> None:
    for route in (route for route in PROGRAMS if not re.search("[<]|reconcile|sparql", route)):
        answer = site.get(route, headers={"Accept": BROWSER})
        assert answer.status_code != 200 or answer.mimetype != "text/html", route


def test_every_address_is_a_page(site: FlaskClient) -> None:
    for address in pages():
        answer = site.get(address, headers={"Accept": BROWSER})
        assert (answer.status_code, answer.mimetype) == (200, "text/html"), address
