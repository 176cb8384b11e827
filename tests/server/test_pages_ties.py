"""The timeline of all ties, and the lens through which they are seen."""

import re
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from server import create_app
from server.pages.entries import Entry, Wanted, look
from server.pages.lens import SAYS, Lens
from server.pages.period import Period
from server.pages.timeline import link_of
from tacit.names import DEF, ID, TACIT
from tests.server.conftest import BROWSER

HTML = {"Accept": BROWSER}


def entries(site: FlaskClient, tie: str, lens: Lens = SAYS, year: int | None = None) -> list[Entry]:
    with site.application.test_request_context("/ties"):
        return [entry for entry in look(lens, Wanted(year=year)).entries if entry.tie == f"{ID}{tie}"]


def through(name: str) -> Lens:
    return Lens(name, name, str(DEF[name]))


def seen(entries: list[Entry], source: str) -> set[tuple[str, str]]:
    return {(e.seen.outcome.key, e.seen.words) for e in entries if e.source == f"{ID}{source}"}


def titles(page: str) -> list[str]:
    return [unescape(title) for title in re.findall(r"<title>([^<]*)</title>", page)]


def test_all_verdicts_of_a_phase_are_seen(site: FlaskClient) -> None:
    found = entries(site, "tie-laos-vietnam")
    assert seen(found, "article-001") == {("alliance", "alliance"), ("formal", "formal alliance")}
    assert ("all-but-name", "alliance in all but name") in seen(found, "article-003")


def test_a_narrower_kind_denied_is_no_alliance_denied(site: FlaskClient) -> None:
    assert seen(entries(site, "tie-laos-vietnam"), "article-000") == {("not-of-kind", "not a true alliance")}
    assert seen(entries(site, "tie-soviet-vietnam"), "article-003") == {("not", "not an alliance")}


def test_what_is_entertained_or_reported_is_hedged(site: FlaskClient) -> None:
    (verdict,) = (e for e in entries(site, "tie-china-united-states") if e.source == f"{ID}article-000")
    assert (verdict.seen.mark, verdict.seen.words) == ("I?", "informal alliance, entertained, on a condition")
    hedged = {e.seen.words for e in entries(site, "tie-laos-vietnam") if e.seen.hedged}
    assert hedged == {"security partnership, reported"}


def test_a_phase_without_a_verdict_is_silent_and_not_denied(site: FlaskClient) -> None:
    assert seen(entries(site, "tie-laos-vietnam"), "article-004") == {("silent", "no verdict")}


def test_a_verdict_outside_any_phase_is_seen(site: FlaskClient) -> None:
    (verdict,) = (e for e in entries(site, "tie-north-korea-vietnam") if e.source == f"{ID}article-002")
    assert verdict.portrayals == ()
    assert verdict.period == Period(1954, 1954, 2020, None, still=True, edtf=verdict.period.edtf)  # type: ignore[union-attr]
    with site.application.test_request_context("/ties"):
        assert link_of(verdict) == "/id/claim-002-not-allied-north-korea"


def test_a_data_set_is_taken_at_the_widest_of_its_own_definitions(site: FlaskClient) -> None:
    found = entries(site, "tie-laos-vietnam")
    assert {(key, words) for key, words in seen(found, "atop") if key == "formal"} == {
        ("formal", "alliance (ATOP)")
    }
    (cow,) = (entry for entry in found if entry.source == f"{ID}cow")
    assert (cow.seen.outcome.key, cow.detail) == ("silent", "looked up, and not listed")


def test_a_definition_assesses_every_portrayal_and_its_readings(site: FlaskClient) -> None:
    found = [
        (entry.reading, entry.seen.outcome.key)
        for entry in entries(site, "tie-soviet-vietnam", through("ReplyTrueAlliance"))
        if entry.source == f"{ID}article-000"
    ]
    # what its own verdict implies, and that alone, makes it a true alliance
    assert sorted(found) == [(False, "silent"), (True, "formal")]


def test_readings_are_no_words_of_a_source(site: FlaskClient) -> None:
    found = entries(site, "tie-soviet-vietnam")
    assert f"{ID}portrayal-000-soviet-vietnam" in {iri for entry in found for iri in entry.portrayals}
    assert f"{ID}portrayal-000-soviet-vietnam-reading" not in {iri for e in found for iri in e.portrayals}


@pytest.mark.parametrize(
    ("period", "year", "covered"),
    [
        (Period(1977, 1977, 1989, 1991), 1988, True),
        (Period(1977, 1977, 1989, 1991), 1990, None),
        (Period(1977, 1977, 1989, 1991), 1992, False),
        (Period(1977, 1980, 1989, 1991), 1978, None),
        (Period(1977, 1977, 1989, 1991), 1976, False),
        (Period(1978, 1978, 1978), 2020, None),
        (Period(1977, 1977, 2021, None, still=True), 2022, None),
    ],
)
def test_a_year_is_certain_excluded_or_unknown(period: Period, year: int, covered: bool | None) -> None:
    assert period.covers(year) is covered


def test_a_year_leaves_what_may_have_been(site: FlaskClient) -> None:
    of_1976 = seen(entries(site, "tie-soviet-vietnam", year=1976), "article-004")
    assert of_1976 == {("not", "not an alliance")}
    assert ("formal", "formal alliance") in seen(
        entries(site, "tie-soviet-vietnam", year=1990), "article-004"
    )


def test_every_bar_says_who_and_leads_to_its_portrayal(site: FlaskClient) -> None:
    page = site.get("/ties", headers=HTML).text
    assert any(
        title.startswith("Article 003: alliance in all but name (“alliance in everything but name”)")
        for title in titles(page)
    )
    assert 'href="/id/tie-laos-vietnam#portrayal-003-laos-vietnam-since" class="bar all-but-name"' in page
    # no word without time is lost
    untimed = re.search(r'id="tie-laos-vietnam">.*?class="untimed">(.*?)</p>', page, re.DOTALL)
    assert untimed is not None
    assert "security partnership, reported" in untimed[1]


def test_bars_lead_to_sections_that_are_there(site: FlaskClient) -> None:
    page = site.get("/ties?actor=laos", headers=HTML).text
    anchors = set(re.findall(r'href="/id/tie-laos-vietnam#([^"]+)"', page))
    tie = site.get("/id/tie-laos-vietnam", headers=HTML).text
    assert len(anchors) == 10
    assert {anchor for anchor in anchors if f'id="{anchor}"' not in tie} == set()


def test_open_unknown_and_uncertain_ends_are_drawn(site: FlaskClient) -> None:
    def bar(query: str, words: str) -> str:
        page = site.get(f"/ties?{query}", headers=HTML).text
        return next(part for part in page.split("<a ") if words in part and "<title>" in part)

    assert 'class="arrow"' in bar("actor=laos&source=article-001", "formal alliance commitment")
    assert 'class="tail"' in bar("actor=vietnam&source=article-004", "alliance treaty")
    assert 'class="maybe"' in bar("actor=vietnam&source=article-003", "follows from a list")
    settled = bar("actor=china&source=article-001", "1950 to 1969")
    assert not {"arrow", "tail", "maybe"} & set(re.findall(r'class="(\w+)"', settled))


def test_filters_narrow_what_is_shown(site: FlaskClient) -> None:
    page = site.get("/ties?actor=israel&source=cow&view=table", headers=HTML).text
    assert page.count('<tr><th scope="row">') == 1
    assert "1981 to 1991" in page
    page = site.get("/ties?outcome=all-but-name&view=table", headers=HTML).text
    assert re.findall(r'<th scope="row"><a href="([^"]+)', page) == ["/id/tie-laos-vietnam"]


def test_the_table_has_as_many_rows_as_there_are_cells_of_a_definition(site: FlaskClient) -> None:
    page = site.get("/ties?lens=Walt1987&view=table", headers=HTML).text
    query = f"SELECT (COUNT(*) AS ?n) {{ ?cell <{TACIT.underDefinition}> <{DEF.Walt1987}> }}"
    cells = site.get("/sparql", query_string={"query": query, "format": "json"}).get_json()
    assert page.count('<tr><th scope="row">') == int(cells["results"]["bindings"][0]["n"]["value"])


def test_a_lens_may_be_named_as_readers_do(site: FlaskClient) -> None:
    assert "alliance (Walt 1987)</a> makes of" in site.get("/ties?lens=def:Walt1987", headers=HTML).text


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("lens=Walt1978", "Walt1987"),
        ("actor=vietnamm", "vietnam"),
        ("source=article-00", "article-00"),
        ("outcome=fromal", "formal"),
        ("outcome=passed&lens=Walt1987", "there are alliance, not, silent"),
        ("year=70s", "A year is a number such as 1978"),
        ("view=map", "A view is table"),
        ("yaer=1978", "year"),
    ],
)
def test_what_is_not_there_is_told_with_what_is_near(site: FlaskClient, query: str, told: str) -> None:
    answer = site.get(f"/ties?{query}")
    assert answer.status_code == 400
    assert told in answer.get_json()["detail"]


def test_the_data_behind_are_what_is_shown(site: FlaskClient) -> None:
    page = site.get("/ties?lens=AtopAlliance&source=cow", headers=HTML).text
    links = [unescape(link) for link in re.findall(r'href="(/sparql[^"]*)"', page)]
    table = next(site.get(link).get_json() for link in links if link.endswith("format=json"))
    assert len(table["results"]["bindings"]) == len(re.findall(r'class="bar ', page.split("</ul>", 3)[-1]))
    graph = next(site.get(link) for link in links if link.endswith("format=turtle"))
    assert "portrayal-cow-laos-vietnam-1977" in graph.text


def test_the_page_is_light_and_has_no_style_of_its_own(site: FlaskClient) -> None:
    for address in ("/ties", "/ties?view=table"):
        page = site.get(address, headers=HTML)
        assert len(page.data) < 100_000
        assert not re.search(r"<style|\sstyle=|\son\w+=", page.text)


def test_other_data_have_no_ties_and_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "x.nq"
    path.write_text("<urn:a> <urn:b> <urn:c> <urn:g> .\n", encoding="utf-8")
    client = create_app({"data": [path], "log": "off"}).test_client()
    for address in ("/ties", "/ties?view=table", "/network", "/network?year=1978"):
        assert "These data have no ties." in client.get(address, headers=HTML).text
    assert client.get("/ties?lens=Walt1987").status_code == 400
