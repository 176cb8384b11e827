"""The page of one tie; what it has to show was read in `data/`."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from server import create_app
from tests.server.conftest import BROWSER

Page = Callable[[str], str]


@pytest.fixture(scope="module")
def pages(site: FlaskClient) -> dict[str, str]:
    """Return the text of some pages, asked once."""
    names = ("laos-vietnam", "soviet-vietnam", "quad-vietnam")
    answers = {name: site.get(f"/id/tie-{name}", headers={"Accept": BROWSER}) for name in names}
    assert {answer.status_code for answer in answers.values()} == {200}
    return {name: answer.text for name, answer in answers.items()}


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html))


def section(page: str, name: str) -> str:
    """Return the part of *page* that *name* labels."""
    (part,) = re.findall(rf'<section[^>]*aria-labelledby="{name}".*?</section>', page, re.DOTALL)
    return str(part)


def test_the_disagreement_is_told_in_short(pages: dict[str, str]) -> None:
    told = words(section(pages["laos-vietnam"], "disagreement"))
    assert "Articles 001, 002 and 003 call it an alliance" in told
    assert "a formal alliance (001 1977\N{EN DASH})" in told
    assert "an alliance in all but name (003)" in told
    assert "Article 000 denies that it is a true alliance." in told
    assert "Article 003 relays, taking no side, that it is a security partnership." in told
    assert "Article 004 portrays it without such a verdict." in told
    assert "COW Formal Alliances 4.1 does not list it in 1977 to 2012." in told
    assert (
        "As the articles portray it, these hold: alliance (Walt 1987) and alliance in all but name (003)"
        in told
    )


def test_a_label_put_on_a_treaty_is_none_put_on_the_tie(pages: dict[str, str]) -> None:
    told = words(section(pages["soviet-vietnam"], "disagreement"))
    assert "Articles 000, 002 and 004 put on a treaty of it the label of a formal alliance" in told
    assert "Articles 000, 001 and 002 call it" in told


def test_the_counts_are_those_of_the_library(site: FlaskClient, pages: dict[str, str]) -> None:
    rows = site.get("/queries/reasons/definitions-per-tie?format=json").get_json()["results"]["bindings"]
    (row,) = [row for row in rows if row["tie"]["value"].endswith("/tie-soviet-vietnam")]
    told = words(section(pages["soviet-vietnam"], "disagreement"))
    assert (
        f"Of 17 definitions of an alliance, {row['holds']['value']} hold as some source portrays it in "
        f"some phase, and {row['contradicted']['value']} are contradicted, {row['both']['value']} of them"
        in told
    )


def test_the_same_source_stands_with_all_its_phases(pages: dict[str, str]) -> None:
    part = section(pages["laos-vietnam"], "phases")
    rows = [words(row) for row in re.findall(r"<tr>.*?</tr>", part, re.DOTALL)][1:]
    assert [row.split()[1] for row in rows if "Article" in row] == [
        *("000", "001", "002"),
        *("003", "003", "003", "003"),
        "004",
    ]
    cold_war, since = (
        next(row for row in rows if years in row) for years in ("1977 to between", "from between 1989")
    )
    assert "alliance in all but name (003)" not in cold_war
    assert "alliance in all but name (003)" in since
    assert part.count("not listed") == 2


def test_verdicts_have_stance_words_years_and_paragraph(pages: dict[str, str]) -> None:
    part = section(pages["laos-vietnam"], "verdicts")
    told = words(part)
    assert (
        "denied: true alliance true alliance 2021, the time of writing "
        "(the source gives no year; these are ours)" in told
    )
    # denied is one kind of alliance, and others are left open
    assert '<span class="swatch" aria-hidden="true">≠</span> denied: true alliance' in part
    assert "follows from a list that the source calls complete" in told
    assert "relayed: security partnership" in told
    assert "in the words of Vietnam" in told
    assert 'href="/id/claim-001-laos-formal">¶ 5</a>' in pages["laos-vietnam"]


def test_claims_that_answer_each_other_are_there(pages: dict[str, str]) -> None:
    part = section(pages["laos-vietnam"], "verdicts")
    (answer,) = re.findall(
        r"<details id=[^>]*><summary>[^<]*does not belong in one category.*?</details>", part, re.DOTALL
    )
    assert "disputes" in answer
    assert 'disputed by <a href="#answer-claim-000-laos-other-category"' in part
    assert "/id/claim-001-laos-formal" in answer


def test_conditions_on_which_it_turns_are_told_by_source(pages: dict[str, str]) -> None:
    part = section(pages["laos-vietnam"], "turns")
    rows = {
        words(row).split("✓")[0].split("✕")[0].strip(): row
        for row in re.findall(r"<tr><th.*?</tr>", part, re.DOTALL)
    }
    guarantee = rows["unequivocal guarantee"]
    assert 'href="#portrayal-000-laos-vietnam" class="against"' in guarantee
    described = rows["officially described as a pact"]
    assert "contradicted" in described
    assert "met" in described
    assert "No source reports anything on: " in words(part)


def test_treaties_show_what_is_present_and_what_is_expressly_absent(pages: dict[str, str]) -> None:
    told = words(section(pages["laos-vietnam"], "treaties"))
    assert "expressly not: unequivocal guarantee" in told
    assert "expressly not: alliance clause" in told
    assert "defence cooperation, clause 2 cooperate closely in order to increase defense capability" in told


def test_a_portrayal_shows_why(pages: dict[str, str]) -> None:
    page = pages["laos-vietnam"]
    (part,) = re.findall(
        r'<section class="portrayal" id="portrayal-003-laos-vietnam-since".*?</section>', page, re.DOTALL
    )
    (group,) = [
        g
        for g in re.findall(r"<details.*?</details>", part, re.DOTALL)
        if "all but name (003)" in g.split("</summary>")[0]
    ]
    assert group.count("<li><div") == 6
    assert "Each of these sets of claims suffices, with none to spare" in group
    assert group.count(";", group.index("with none to spare"), group.index("It hangs on")) == 3
    assert "It hangs on each of claims" in group
    assert 'href="/what-if?without=claim-003-no-clause"' in group
    assert (
        "/explain/tie-laos-vietnam?definition=AllButName2020&amp;source=003#portrayal-003-laos-vietnam-since"
        in group
    )
    assert "necessary test" in part


def test_a_reading_is_marked_as_what_a_verdict_implies(pages: dict[str, str]) -> None:
    page = pages["soviet-vietnam"]
    (part,) = re.findall(
        r'<section class="portrayal" id="portrayal-000-soviet-vietnam-reading".*?</section>', page, re.DOTALL
    )
    assert '<strong>A reading</strong>: <a href="#portrayal-000-soviet-vietnam">' in part
    assert "only implied by a verdict of the source" in part


def test_a_tie_that_nobody_portrays_has_its_verdicts(pages: dict[str, str]) -> None:
    told = words(pages["quad-vietnam"])
    assert "Article 002 denies that it is an alliance." in told
    assert "No source reports of it what a definition asks for." in told


def test_every_fragment_leads_to_an_anchor(pages: dict[str, str]) -> None:
    for page in pages.values():
        anchors = set(re.findall(r'id="([^"]+)"', page))
        assert set(re.findall(r'href="#([^"]+)"', page)) <= anchors


def test_other_data_may_have_a_tie_too(tmp_path: Path) -> None:
    path = tmp_path / "tie.ttl"
    path.write_text(
        "@prefix tacit: <https://w3id.org/tacit/ontology#> . @prefix id: <https://w3id.org/tacit/id/> ."
        "id:tie-x a tacit:Tie ; tacit:party id:a, id:b .",
        encoding="utf-8",
    )
    client = create_app({"data": [path], "log": "off"}).test_client()
    answer = client.get("/id/tie-x", headers={"Accept": BROWSER})
    assert answer.status_code == 200
    assert "No source passes a verdict on this tie." in answer.text
