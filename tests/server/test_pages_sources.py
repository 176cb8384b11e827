"""The sources, and what each claims: in reading order, with its ties, verdicts, answers and positions."""

import re

import pytest
from flask.testing import FlaskClient

from tests.server.conftest import BROWSER
from tests.server.reading import page, part, rows


def claims_of(text: str) -> list[str]:
    """Return the claims below the last heading, each with a link, in the order of the page."""
    return re.findall(r'<li>[^\n]*?<a href="/id/(claim-[\w-]+)">(?:¶|variable|claim)', part(text, "claims"))


def test_all_sources_are_listed_with_what_is_known_of_them(site: FlaskClient) -> None:
    text = page(site, "/sources")
    cards = dict(re.findall(r'<h2 id="source-\d"><a href="/id/([\w-]+)">(.*?)</section>', text, re.DOTALL))
    assert list(cards) == [*(f"article-00{n}" for n in range(5)), "atop", "cow"]
    assert "not named in the text" in cards["article-000"]
    assert "2021 (known from outside, the text gives no date)" in cards["article-000"]
    assert "Article 001: Do China and Vietnam" in cards["article-000"]  # which it replies to
    assert "2020-12-21 (dated by the byline)" in cards["article-003"]
    assert ">111</a>" in cards["article-003"]
    assert "Covers 1815 to 2018" in cards["atop"]


@pytest.mark.parametrize(("source", "number"), [("article-003", 111), ("article-001", 206), ("atop", 100)])
def test_every_claim_of_a_source_is_on_its_page(site: FlaskClient, source: str, number: int) -> None:
    found = claims_of(page(site, f"/id/{source}"))
    assert len(found) == len(set(found)) == number


def test_claims_stand_in_reading_order_below_their_paragraphs(site: FlaskClient) -> None:
    text = page(site, "/id/article-000")
    starts: dict[str, int] = {}
    passages = "?claim tacit:source id:article-000 ; tacit:passage/oa:hasSelector/oa:start ?start"
    for row in rows(site, f"SELECT ?claim ?start {{ {passages} }}"):
        name = row["claim"].rpartition("/")[2]
        starts[name] = min(starts.get(name, 10**6), int(row["start"]))
    in_order = [starts[name] for name in claims_of(text)]
    assert in_order == sorted(in_order)
    assert claims_of(text)[0] == "claim-000-understudied"
    headings = [int(n) for n in re.findall(r"<h3[^>]*>Paragraph (\d+)</h3>", text)]
    assert headings == sorted(set(headings))


def test_a_claim_keeps_kind_stance_hedge_and_who_is_quoted(site: FlaskClient) -> None:
    text = part(page(site, "/id/article-000"), "claims")
    (hedged,) = re.findall(r"<li>Khang Vu's article could bring .*?</li>", text)
    assert "characterisation" in hedged
    assert "entertains" in hedged
    assert "hedged: <q>could</q>" in hedged
    (ascribed,) = re.findall(r"<li>Khang Vu is said to conclude .*?</li>", text)
    assert "reports" in ascribed
    assert 'ascribed to <a href="/id/khang-vu"' in ascribed


@pytest.mark.parametrize(
    ("choice", "pattern"),
    [
        ("stance=denies", "tacit:stance tacit:Denies"),
        ("tie=tie-laos-vietnam", "tacit:about id:tie-laos-vietnam"),
        ("kind=verdict&stance=affirms", "a tacit:Verdict ; tacit:stance tacit:Affirms"),
    ],
)
def test_claims_are_narrowed_by_what_is_chosen(site: FlaskClient, choice: str, pattern: str) -> None:
    expected = rows(site, f"SELECT DISTINCT ?claim {{ ?claim tacit:source id:article-001 ; {pattern} }}")
    found = claims_of(page(site, f"/id/article-001?{choice}"))
    assert {f"https://w3id.org/tacit/id/{name}" for name in found} == {row["claim"] for row in expected}
    assert 0 < len(found) < 206


@pytest.mark.parametrize("wrong", ["stance=refuses", "tie=tie-loas-vietnam", "kind=verdicts"])
def test_what_cannot_be_chosen_is_refused(site: FlaskClient, wrong: str) -> None:
    answer = site.get(f"/id/article-001?{wrong}", headers={"Accept": BROWSER})
    assert answer.status_code == 400
    assert "There is no" in answer.text


def test_ties_are_shown_by_phase_with_the_verdicts_of_each(site: FlaskClient) -> None:
    ties = part(page(site, "/id/article-003"), "ties")
    (since,) = re.findall(r"<tr>(?:(?!<tr>).)*since the Cold War</a>.*?</tr>", ties, re.DOTALL)
    assert "affirms: alliance in all but name" in since
    assert "<q>alliance in everything but name</q>" in since
    (united,) = re.findall(r"<tr>(?:(?!<tr>).)*/id/tie-united-states-vietnam.*?</tr>", ties, re.DOTALL)
    assert "denies: alliance" in united


def test_a_verdict_on_a_tie_that_is_not_portrayed_is_not_lost(site: FlaskClient) -> None:
    (row,) = re.findall(
        r"<tr><th[^>]*><a href=\"/id/tie-china-vietnam\">.*?</tr>",
        part(page(site, "/id/article-003"), "ties"),
    )
    assert "not portrayed" in row
    assert "denies: alliance" in row


def test_answers_are_told_apart_by_whose_claims_they_answer(site: FlaskClient) -> None:
    reply = part(page(site, "/id/article-000"), "answers")
    groups = dict(re.findall(r"<summary>(.*?) <small.*?</summary>(.*?)</details>", reply, re.DOTALL))
    assert next(iter(groups)) == "What it answers to other sources"
    to_others = groups["What it answers to other sources"]
    answer = r'claim-000-disagrees">.*\n<ul>.*<strong>disputes</strong>.*claim-001-similar-policies'
    assert re.search(answer, to_others)
    ascribed = groups["What it answers to views that it ascribes to others"]
    assert "claim-000-ascribed-treaty-bound" in ascribed
    answered = part(page(site, "/id/article-001"), "answers")
    assert "claim-000-disagrees" in answered.partition("What other sources answer to it")[2]


def test_definitions_lead_to_their_pages_with_their_basis(site: FlaskClient) -> None:
    assert '<a href="/definitions/AllButName2020">' in part(page(site, "/id/article-003"), "definitions")
    reply = part(page(site, "/id/article-000"), "definitions")
    assert '<a href="/definitions/Vu2021TreatyBound">' in reply
    assert "attributed by an opponent" in reply
    assert part(page(site, "/id/cow"), "definitions").count("/definitions/Cow") == 4


def test_a_page_of_a_source_stays_light(site: FlaskClient) -> None:
    assert len(site.get("/id/article-001", headers={"Accept": BROWSER}).data) < 100_000


def test_data_without_sources_say_so(client: FlaskClient) -> None:
    assert "name no sources" in page(client, "/sources")
