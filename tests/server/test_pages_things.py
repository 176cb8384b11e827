"""Actors, texts, policies, events, positions and claims: the lists, and what each page tells."""

import html
import re

import pytest
from flask.testing import FlaskClient

from tests.server.conftest import BROWSER
from tests.server.reading import page, part, rows


def row_with(text: str, *parts: str) -> str:
    """Return the one row of a table that has all *parts*."""
    (found,) = [row for row in re.findall(r"<tr>.*?</tr>", text, re.DOTALL) if all(p in row for p in parts)]
    return str(found)


# --- lists ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/actors", "/treaties", "/policies", "/events"])
def test_lists_say_when_there_is_nothing_and_refuse_what_they_do_not_know(
    client: FlaskClient, path: str
) -> None:
    assert "The data served here name no" in page(client, path)
    answer = client.get(f"{path}?nonsense=1")
    assert (answer.status_code, answer.get_json()["type"]) == (400, "bad-parameter")


def test_actors_are_grouped_by_kind_and_every_one_is_there(site: FlaskClient) -> None:
    text = page(site, "/actors")
    numbers = re.findall(r'<li><a href="#\w+">([\w ]+)</a> (\d+)</li>', text)
    assert dict(numbers) == {
        "States": "22",
        "Parties": "3",
        "Organisations": "11",
        "Armed movements": "3",
        "Persons": "22",
    }
    vietnam = row_with(part(text, "State"), 'href="/id/vietnam"')
    assert '<td class="number">9</td><td class="number">467</td>' in vietnam


def test_treaties_stand_by_tie_and_year(site: FlaskClient) -> None:
    text = page(site, "/treaties")
    first, second = text.index("/id/treaty-soviet-vietnam-1978"), text.index("/id/treaty-russia-vietnam-1994")
    assert text.index("/id/treaty-laos-vietnam-1977") < first < second
    assert ">1977</td>" in row_with(text, "treaty-laos-vietnam-1977")
    assert ">\N{EN DASH}</td>" in row_with(text, "treaty-china-soviet-1950")  # no source tells of its signing


def test_each_source_s_own_list_of_a_policy_s_principles_is_kept(site: FlaskClient) -> None:
    text = page(site, "/policies")
    three_nos = text[text.index("/id/policy-three-nos") :]
    lists = dict(re.findall(r"<dt>(00\d)</dt><dd>(.*?)</dd>", three_nos.partition("</dl>")[0]))
    assert "principle-no-aligning-against-others" in lists["002"]
    assert "principle-no-reliance-to-combat-others" not in lists["002"]
    assert lists["001"] == lists["003"]


def test_events_stand_in_order_of_time_with_what_has_no_date_last(site: FlaskClient) -> None:
    text = page(site, "/events")
    order = [
        text.index(f"/id/{name}")
        for name in (
            "independence-of-vietnam-938",
            "geneva-conference-1954",
            "signing-laos-vietnam-1977",
            "expiry-soviet-vietnam-treaty-2003",
            "visit-blinken-hanoi-2022",
        )
    ]
    assert order == sorted(order)
    dated = re.findall(r"<tr><td>(.*?)</td>", text)
    without = [number for number, when in enumerate(dated) if "no date" in when]
    assert without == list(range(len(dated) - len(without), len(dated)))
    assert len(dated) == 105


def test_events_are_narrowed_by_status(site: FlaskClient) -> None:
    text = page(site, "/events?status=cancelled")
    assert re.findall(r'<th scope="row"><a href="/id/([\w-]+)">', text) == ["visit-blinken-hanoi-2022"]
    assert site.get("/events?status=maybe").status_code == 400


# --- actors -----------------------------------------------------------------------------------------------


def test_an_actor_shows_its_ties_with_outcomes_from_plain_portrayals(site: FlaskClient) -> None:
    ties = part(page(site, "/id/vietnam"), "ties")
    soviet = row_with(ties, "/id/tie-soviet-vietnam")
    holding = rows(
        site,
        "SELECT DISTINCT ?d { ?c tacit:forTie id:tie-soviet-vietnam ; tacit:result tacit:Holds ; "
        "tacit:underDefinition ?d ; tacit:assesses ?p FILTER NOT EXISTS { ?p tacit:readingOf ?q } }",
    )
    marks = re.findall(r'<span class="chip ([\w-]+)">.*?: (\d+)</span>', soviet)
    assert sum(int(number) for key, number in marks if key != "not") == len(holding)
    assert "alliance in all but name: 1" in row_with(ties, "/id/tie-laos-vietnam")
    assert "nothing is found of it" in row_with(ties, "/id/tie-quad-vietnam")
    silent = part(page(site, "/id/democratic-kampuchea"), "ties")
    assert "silent under every definition" in row_with(silent, "/id/tie-china-democratic-kampuchea")


def test_what_is_said_of_an_actor_is_counted_by_source_and_shown_one_source_at_a_time(
    site: FlaskClient,
) -> None:
    assert len(re.findall(r"<li>[^\n]*¶ ", part(page(site, "/id/vietnam"), "said"))) == 53  # article 000
    text = part(page(site, "/id/vietnam?source=article-003"), "said")
    assert "467 claims" in text
    assert len(re.findall(r"<li>[^\n]*¶ ", text)) == 90
    assert text.count("<h3>") == 1
    unknown = site.get("/id/vietnam?source=article-009", headers={"Accept": BROWSER})
    assert unknown.status_code == 400


def test_few_claims_are_shown_of_all_sources(site: FlaskClient) -> None:
    text = part(page(site, "/id/laos"), "said")
    assert len(re.findall(r"<li>[^\n]*¶ ", text)) == 104


def test_predecessors_and_successors_are_linked_both_ways(site: FlaskClient) -> None:
    assert re.search(r'Successor of</dt><dd><a href="/id/soviet-union">', page(site, "/id/russia"))
    assert re.search(r'Succeeded by</dt><dd><a href="/id/russia">', page(site, "/id/soviet-union"))


def test_persons_have_offices_with_their_time_statements_and_views_ascribed_to_them(
    site: FlaskClient,
) -> None:
    assert "General Secretary of the Chinese Communist Party" in part(page(site, "/id/xi-jinping"), "offices")
    austin = part(page(site, "/id/lloyd-austin"), "offices")
    assert "these are ours" in austin  # the years: the source gives none
    assert part(page(site, "/id/nguyen-phu-trong"), "statements").count("<li>") == 2
    assert part(page(site, "/id/khang-vu"), "ascribed").count("<li>") == 7


# --- texts ------------------------------------------------------------------------------------------------


def test_provisions_stay_those_of_the_source_that_reports_them(site: FlaskClient) -> None:
    text = part(page(site, "/id/treaty-soviet-vietnam-1978"), "provisions")
    measures = row_with(text, "measures on attack")
    for told in ("clause 6", "if: an armed attack", "<q>effective measures</q>", "from 1978, no end given"):
        assert told in measures
    assert "only implied by a verdict of the source" in row_with(text, "unequivocal guarantee")
    assert text.index("measures on attack") < text.index("unequivocal guarantee")  # stated before implied
    assert "alliance 3825" in row_with(text, "ATOP 5.1")


def test_a_term_is_no_end_and_a_planned_expiry_is_marked_so(site: FlaskClient) -> None:
    life = part(page(site, "/id/treaty-soviet-vietnam-1978"), "life")
    for row in re.findall(r"<tr><td>2003</td>.*?</tr>", life):
        assert ">planned</td>" in row
    assert ">happened</td>" in row_with(life, "replacement by", "treaty-russia-vietnam-1994")


def test_names_used_are_given_with_their_sources(site: FlaskClient) -> None:
    names = part(page(site, "/id/treaty-laos-vietnam-1977"), "names")
    (item,) = re.findall(r"<li><q>Treaty of Friendship and Cooperation</q>.*?</li>", names)
    assert 'href="/id/article-' in item


def test_absences_are_told_with_what_is_absent(site: FlaskClient) -> None:
    text = part(page(site, "/id/treaty-laos-vietnam-1977"), "absences")
    (lacking,) = re.findall(
        r"<li>[^\n]*¶[^\n]*unequivocal[^\n]*</li>|<li>[^\n]*absent: unequivocal[^\n]*</li>", text
    )
    assert "/id/article-000" in lacking


# --- policies, events, positions --------------------------------------------------------------------------


def test_a_principle_that_a_source_does_not_list_is_silence(site: FlaskClient) -> None:
    text = part(page(site, "/id/policy-three-nos"), "principles")
    reliance = row_with(text, "principle-no-reliance-to-combat-others")
    assert [bool(re.search("affirms", cell)) for cell in re.findall(r"<td>(.*?)</td>", reliance)] == [
        True,
        False,
        True,
    ]
    assert '<span class="unseen">silent</span>' in reliance


def test_an_event_shows_each_source_s_date_and_whether_it_happened(site: FlaskClient) -> None:
    signing = part(page(site, "/id/signing-soviet-vietnam-1978"), "accounts")
    assert ">November 1978" in row_with(signing, "/id/article-004")
    assert ">1978" in row_with(signing, "/id/article-003")
    blinken = part(page(site, "/id/visit-blinken-hanoi-2022"), "accounts")
    assert ">cancelled</td>" in row_with(blinken, "/id/article-004")


def test_a_position_sets_the_sides_against_each_other(site: FlaskClient) -> None:
    text = page(site, "/id/position-similar-policies")
    assert "claim-001-similar-policies" in part(text, "affirms")
    assert "claim-000-disagrees" in part(text, "denies")
    assert "claim-000-ascribed-similar-policies" in part(text, "reports")


# --- claims -----------------------------------------------------------------------------------------------


def test_a_claim_begins_with_who_says_it_where_and_how_firmly(site: FlaskClient) -> None:
    text = page(site, "/id/claim-003-all-but-name")
    stated = text[text.index('class="stated"') :].partition("</p>")[0]
    assert "Article 003 (Khang Vu, 2020)" in stated
    assert "¶ 4" in stated
    assert "affirms: alliance in all but name" in stated


def test_what_hangs_on_a_claim_alone_is_told(site: FlaskClient) -> None:
    used = part(page(site, "/id/claim-003-treaty"), "used")
    alone = row_with(used, "/definitions/AllButName2020")
    assert "hangs on it alone" in alone
    assert "other reasons are left" in used
    assert re.search(r'<a href="(/what-if\?without=id:claim-003-treaty)">', used)


def test_the_link_to_what_if_answers(site: FlaskClient) -> None:
    answer = site.get("/what-if?without=id:claim-003-treaty", headers={"Accept": "application/json"})
    assert answer.status_code == 200


def test_a_claim_on_which_nothing_rests_says_so(site: FlaskClient) -> None:
    assert "No outcome of a definition rests on it" in part(page(site, "/id/claim-000-understudied"), "used")


def test_a_claim_shows_what_it_disputes_and_what_disputes_it(site: FlaskClient) -> None:
    disputing = page(site, "/id/claim-000-disagrees")
    assert re.search(r">It disputes</h2>.*?claim-001-similar-policies", disputing, re.DOTALL)
    disputed = page(site, "/id/claim-001-similar-policies")
    assert re.search(r">It is disputed by</h2>.*?claim-000-disagrees", disputed, re.DOTALL)


def test_every_kind_of_claim_has_the_page_of_a_claim(site: FlaskClient) -> None:
    found = rows(site, "SELECT (SAMPLE(?c) AS ?claim) ?kind { ?c a tacit:Claim ; a ?kind } GROUP BY ?kind")
    assert len(found) > 40
    for row in found:
        text = page(site, row["claim"].removeprefix("https://w3id.org/tacit"))
        assert 'class="stated"' in text, row


def test_nothing_of_a_name_is_taken_for_markup(site: FlaskClient) -> None:
    answer = site.get("/id/vietnam?source=<b>", headers={"Accept": BROWSER})
    assert "<b>" not in answer.text
    assert "<b>" in html.unescape(answer.text)
