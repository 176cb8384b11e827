"""The home page."""

import re
from pathlib import Path

from flask.testing import FlaskClient

from server import create_app
from tests.server.conftest import BROWSER

HTML = {"Accept": BROWSER}


def test_it_shows_ties_on_which_sources_differ_and_one_on_which_they_agree(site: FlaskClient) -> None:
    page = site.get("/", headers=HTML).text
    assert re.findall(r'<section class="tie" aria-labelledby="([^"]+)"', page) == [
        "tie-laos-vietnam",
        "tie-soviet-vietnam",
        "tie-china-north-korea",
    ]
    laos = page[page.index('id="tie-laos-vietnam"') : page.index('id="tie-soviet-vietnam"')]
    shown = set(re.findall(r'class="bar ([\w-]+)', laos))
    assert {"formal", "all-but-name", "alliance", "not-of-kind", "silent"} <= shown


def test_its_numbers_are_those_of_the_graph(site: FlaskClient) -> None:
    page = site.get("/", headers=HTML).text
    shown = {name: int(n.replace(",", "")) for n, name in re.findall(r"<b>([\d,]+)</b> (\w+)", page)}
    assert shown.keys() == {"claims", "sources", "ties", "definitions"}
    for name, kind in (("claims", "Claim"), ("ties", "Tie"), ("definitions", "Definition")):
        query = f"SELECT DISTINCT ?x {{ ?x a <https://w3id.org/tacit/ontology#{kind}> }}"
        found = site.get("/sparql", query_string={"query": query, "format": "json"}).get_json()
        assert shown[name] == len(found["results"]["bindings"])
    assert shown["sources"] == 7  # five articles and two data sets


def test_it_leads_to_where_one_begins(site: FlaskClient) -> None:
    page = site.get("/", headers=HTML).text
    begin = re.search(r'<ul class="begin">(.*?)</ul>', page, re.DOTALL)
    assert begin is not None
    assert set(re.findall(r'href="([^"]+)"', begin[1])) == {
        "/id/tie-laos-vietnam",
        "/id/tie-soviet-vietnam",
        "/matrix",
        "/workbench",
        "/queries",
        "/query",
        "/.well-known/void",
    }


def test_an_old_address_of_a_question_leads_to_the_editor(site: FlaskClient) -> None:
    answer = site.get("/?query=disagreement/verdicts-on-tie", headers=HTML)
    assert (answer.status_code, answer.location) == (303, "/query?query=disagreement/verdicts-on-tie")


def test_who_wants_rdf_is_sent_to_the_description(site: FlaskClient) -> None:
    answer = site.get("/", headers={"Accept": "text/turtle"})
    assert (answer.status_code, answer.location) == (303, "/.well-known/void")


def test_it_is_light(site: FlaskClient) -> None:
    assert len(site.get("/", headers=HTML).data) < 60_000


def test_other_data_have_a_home_without_a_picture(tmp_path: Path) -> None:
    path = tmp_path / "x.nq"
    path.write_text("<urn:a> <urn:b> <urn:c> <urn:g> .\n", encoding="utf-8")
    page = create_app({"data": [path], "log": "off"}).test_client().get("/", headers=HTML).text
    assert "<b>0</b> ties" in page
    assert 'class="timeline"' not in page
