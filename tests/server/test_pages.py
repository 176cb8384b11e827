"""The pages for people."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from server import create_app
from server.pages.answer import MOST_ROWS
from server.state import State
from tacit.engine import Answer
from tests.server.conftest import BROWSER, Ask


def test_the_home_page_offers_the_library(client: FlaskClient) -> None:
    assert '<a href="/queries">' in client.get("/").text.partition("<main")[2]


def test_a_browser_that_asks_nothing_gets_the_form(client: FlaskClient) -> None:
    answer = client.get("/sparql", headers={"Accept": BROWSER})
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    assert "<textarea" in answer.text


def test_a_table_shortens_our_names_shows_labels_and_keeps_the_query(ask: Ask) -> None:
    query = "SELECT ?tie ?o WHERE { ?tie ?p ?o } # <kept>"
    page = ask(query, BROWSER).text
    assert '<a href="/id/a" title="https://w3id.org/tacit/id/a">Tie &lt;A&gt;</a>' in page
    assert '<a href="http://example.org/T" rel="nofollow noopener">http://example.org/T</a>' in page
    assert '<th scope="col">tie</th>' in page
    assert "# &lt;kept&gt;</textarea>" in page
    assert "<p>4 rows.</p>" in page


def test_only_web_addresses_become_links(ask: Ask) -> None:
    page = ask("SELECT ?x { VALUES ?x { <javascript:alert(1)> } }", BROWSER).text
    assert "javascript:alert(1)" in page
    assert 'href="javascript' not in page


def test_the_links_below_a_table_have_the_same_answer(ask: Ask, client: FlaskClient) -> None:
    query = 'SELECT * WHERE { ?s ?p ?o FILTER(?o != "a&b+c #%20é") }'
    page = ask(query, BROWSER, **{"default-graph-uri": "urn:g:new"}).text
    link = re.search(r'href="(/sparql[^"]*format=json)"', page)
    assert link is not None
    answer = client.get(link[1].replace("&amp;", "&"))
    assert len(answer.get_json()["results"]["bindings"]) == 1


def test_yes_no_nothing_and_graphs_have_their_words(ask: Ask) -> None:
    assert "<strong>Yes</strong>" in ask("ASK {}", BROWSER).text
    assert "<strong>No</strong>" in ask("ASK { FILTER(false) }", BROWSER).text
    assert "Nothing in the data matches." in ask("SELECT * { ?s <urn:no> ?o }", BROWSER).text
    assert "tacit:party id:b" in ask("DESCRIBE <https://w3id.org/tacit/id/a>", BROWSER).text


def test_a_long_table_says_that_it_is_cut(ask: Ask) -> None:
    product = " ".join(f"?a{n} ?b{n} ?c{n} ." for n in range(6))  # of four triples, six times
    page = ask(f"SELECT * {{ {product} }}", BROWSER).text
    assert f"4,096 rows, of which the first {MOST_ROWS:,} are shown" in page
    assert page.count("<tr>") == MOST_ROWS + 1


def test_a_page_asks_for_no_more_rows_than_it_shows(client: FlaskClient, ask: Ask) -> None:
    state: State = client.application.extensions["tacit"]
    asked = list[dict[str, Any]]()

    def noted(query: str, **options: Any) -> Answer:
        asked.append(options)
        return state.ask(query, **options)

    client.application.extensions["tacit"] = replace(state, ask=noted)
    ask("SELECT * { ?s ?p ?o }", BROWSER)
    ask("SELECT * { ?s ?p ?o }", "application/json")
    assert [options.get("most_rows") for options in asked if "default_graphs" in options] == [MOST_ROWS, None]


def test_a_long_graph_says_that_it_is_cut(ask: Ask) -> None:
    product = " ".join(f"?a{n} ?b{n} ?c{n} ." for n in range(6))
    page = ask(f"CONSTRUCT {{ [] ?b0 ?c0 }} {{ {product} }}", BROWSER).text
    assert re.search(r"[45],\d{3} lines, of which the first 1,000 are shown", page)
    assert page.count("_:") < 1100
    assert "are shown" not in ask("CONSTRUCT WHERE { ?s ?p ?o }", BROWSER).text


def test_triple_terms_may_be_nested_as_deeply_as_a_page_can_show(ask: Ask) -> None:
    def nested(times: int) -> str:
        term = "TRIPLE(<urn:a>, <urn:b>, " * times + "1" + ")" * times
        return f"SELECT ?t {{ BIND({term} AS ?t) }}"

    assert "<td>urn:a urn:b urn:a urn:b 1</td>" in ask(nested(2), BROWSER).text
    assert ask(nested(500), "text/csv").status_code == 200
    answer = ask(nested(500), BROWSER)
    assert answer.status_code == 507
    assert "deeper than a page can show; ask for another format" in answer.text


def test_files_are_served_as_they_are_and_without_the_library(tmp_path: Path) -> None:
    path = tmp_path / "x.nq"
    path.write_text("<urn:a> <urn:b> <urn:c> <urn:g> .\n", encoding="utf-8")
    client = create_app({"data": [path], "log": "off"}).test_client()
    assert client.get("/sparql?query=ASK { ?s ?p ?o }").get_json()["boolean"] is False
    assert '<a href="/queries">' not in client.get("/").text.partition("<main")[2]
