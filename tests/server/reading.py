"""Pages as tests read them."""

import html
import re

from flask.testing import FlaskClient

from tests.server.conftest import BROWSER


def page(site: FlaskClient, address: str) -> str:
    """Return the text of the page at *address*, which is there, with its entities replaced."""
    answer = site.get(address, headers={"Accept": BROWSER})
    assert answer.status_code == 200
    return html.unescape(answer.text)


def part(text: str, name: str) -> str:
    """Return the part of a page below the heading with this id."""
    found = re.search(rf'<h2 id="{name}">.*?(?=<h2|</main>)', text, re.DOTALL)
    assert found is not None
    return found[0]


def rows(site: FlaskClient, query: str) -> list[dict[str, str]]:
    """Return what a SELECT query, with our prefixes, finds, as text."""
    prologue = "PREFIX tacit: <https://w3id.org/tacit/ontology#> PREFIX id: <https://w3id.org/tacit/id/> "
    prologue += "PREFIX oa: <http://www.w3.org/ns/oa#> "
    answer = site.get("/sparql", query_string={"query": prologue + query}).get_json()
    return [{name: term["value"] for name, term in row.items()} for row in answer["results"]["bindings"]]
