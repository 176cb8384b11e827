"""The network of ties in one year."""

import json
import re
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.server.conftest import BROWSER

HTML = {"Accept": BROWSER}


def data(page: str) -> Any:
    found = re.search(r'<script type="application/json" id="network-data">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    return json.loads(found[1])


def edges(site: FlaskClient, query: str, *ends: str) -> list[dict[str, Any]]:
    page = site.get(f"/network?{query}", headers=HTML).text
    return [edge for edge in data(page)["edges"] if {edge["from"], edge["to"]} == set(ends)]


def test_each_source_has_a_line_of_its_own(site: FlaskClient) -> None:
    found = edges(site, "year=1978", "soviet-union", "vietnam") or edges(
        site, "year=1978", "russia", "vietnam"
    )
    said = {(edge["title"].split(": ")[0].split(", ")[1], edge["key"]) for edge in found}
    assert {("Article 000", "formal"), ("Article 004", "not"), ("Article 002", "alliance")} <= said


def test_polities_in_one_line_are_one_actor(site: FlaskClient) -> None:
    page = site.get("/network?year=1978", headers=HTML).text
    actors = {actor["id"]: actor["label"] for actor in data(page)["actors"]}
    assert actors["vietnam"] == "North Vietnam/\nVietnam"
    assert actors["russia"] == "Soviet Union/\nRussia"
    assert not {"north-vietnam", "soviet-union"} & actors.keys()


def test_what_is_unknown_of_the_year_is_dashed(site: FlaskClient) -> None:
    for year, certain in (("1978", True), ("1990", False)):
        found = edges(site, f"year={year}&source=article-000", "russia", "vietnam")
        assert [edge["certainly"] for edge in found] == [certain]
        page = site.get(f"/network?year={year}&source=article-000", headers=HTML).text
        assert ('class="edge formal perhaps"' in page) is not certain
        assert f"<td>{'certainly' if certain else 'unknown'}</td>" in page


def test_what_is_certain_goes_before_what_is_unknown(site: FlaskClient) -> None:
    # of 2020 article 002 says so; what it says of the 1990s has no end
    (edge,) = edges(site, "year=2020&source=article-002", "russia", "vietnam")
    assert (edge["key"], edge["certainly"]) == ("not", True)


def test_what_certainly_was_not_is_left_out(site: FlaskClient) -> None:
    assert edges(site, "year=1974&source=article-001", "laos", "vietnam") == []
    assert len(edges(site, "year=1977&source=article-001", "laos", "vietnam")) == 2


def test_a_definition_colours_the_lines(site: FlaskClient) -> None:
    for lens, key in (("AllButName2020", "all-but-name"), ("AtopAlliance", "silent")):
        found = edges(site, f"year=2010&source=article-003&lens={lens}", "laos", "vietnam")
        assert [edge["key"] for edge in found] == [key]


def test_ties_are_told_on_which_sources_differ(site: FlaskClient) -> None:
    page = site.get("/network?year=1978", headers=HTML).text
    parts = re.findall(r'<th scope="rowgroup"[^>]*><a href="/id/([^"]+)">[^<]*</a>(<br>[^/]*)?', page)
    differ = {tie for tie, told in parts if "sources differ" in told}
    assert "tie-soviet-vietnam" in differ
    # an alliance of no stated kind and a formal one are no contradiction
    assert "tie-china-north-korea" in {tie for tie, _ in parts} - differ


def test_a_year_is_chosen_for_who_names_none(site: FlaskClient) -> None:
    page = site.get("/network", headers=HTML).text
    year = re.search(r'name="year"[^>]*value="(\d{4})"', page)
    assert year is not None
    assert f"The ties of {year[1]}" in page
    assert len(data(page)["edges"]) > 10


def test_a_year_of_which_nobody_speaks_has_no_picture(site: FlaskClient) -> None:
    page = site.get("/network?year=1815", headers=HTML).text
    assert "Nothing matches." in page
    assert "network-data" not in page


def test_the_address_keeps_its_filters_in_another_year(site: FlaskClient) -> None:
    page = unescape(site.get("/network?year=1978&lens=Walt1987&actor=laos", headers=HTML).text)
    assert 'href="/network?year=1979&lens=Walt1987&actor=laos"' in page


@pytest.mark.parametrize(("query", "told"), [("year=x", "A year is"), ("view=table", "no parameter view")])
def test_what_is_not_there_is_told(site: FlaskClient, query: str, told: str) -> None:
    answer = site.get(f"/network?{query}")
    assert answer.status_code == 400
    assert told in answer.get_json()["detail"]
