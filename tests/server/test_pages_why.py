"""Why, and what if, as pages."""

import re

from flask.testing import FlaskClient

from tests.server.conftest import BROWSER


def page(site: FlaskClient, address: str) -> str:
    answer = site.get(address, headers={"Accept": BROWSER})
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    return answer.text


def test_a_cell_is_explained_down_to_the_paragraph(site: FlaskClient) -> None:
    text = page(site, "/explain/laos-vietnam?definition=ReplyTrueAlliance&source=000")
    assert "unequivocal guarantee</a>: contradicted" in text
    assert 'href="/id/claim-000-laos-no-guarantee">¶ 7</a>' in text
    assert 'href="/what-if?without=claim-000-laos-no-guarantee"' in text
    assert "It hangs on " in text
    assert '<option value="ReplyTrueAlliance" selected>' in text


def test_a_page_has_every_portrayal_that_json_has(site: FlaskClient) -> None:
    told = site.get("/explain/soviet-vietnam").get_json()
    text = page(site, "/explain/soviet-vietnam")
    anchors = re.findall(r'<section class="portrayal" id="([^"]+)"', text)
    assert sorted(anchors) == sorted(p["id"].removeprefix("id:") for p in told["portrayals"])


def test_a_narrowed_page_lists_every_minimal_set(site: FlaskClient) -> None:
    address = "/explain/laos-vietnam?definition=AllButName2020&source=003"
    reasons = site.get(address).get_json()["portrayals"][-1]["cells"][0]["reasons"]
    text = page(site, address)
    part = text[text.index('id="portrayal-003-laos-vietnam-since"') :]
    sets = re.findall(r"<li>(.*?)</li>", part[part.index("Minimal sets") :].split("</ol>")[0])
    assert len(sets) == len(reasons) == 4
    assert all("claim-003-treaty" in one for one in sets)


def test_a_source_that_is_silent_says_what_is_lacking(site: FlaskClient) -> None:
    text = page(site, "/explain/laos-vietnam?source=002")
    assert "Silent: 19 definitions" in text
    assert "Lacking defence pledged: " in text


def test_a_what_if_shows_what_changes(site: FlaskClient) -> None:
    text = page(site, "/what-if?without=claim-003-no-clause&without=&without-condition=")
    assert "1 outcome changes" in text
    assert "</span> holds</span></td><td>" in text
    assert "The treaty of Vietnam and Laos has no clause" in text
    assert 'value="claim-003-no-clause"' in text


def test_the_form_keeps_what_was_chosen(site: FlaskClient) -> None:
    asked = "/what-if?without=003&without-implied=true&without-condition=Walt1987:SecurityArrangement"
    text = page(site, asked)
    assert 'value="article-003" checked' in text
    assert 'name="without-implied" value="true" checked' in text
    assert '<option value="Walt1987:SecurityArrangement" selected>' in text


def test_without_anything_it_is_a_form(site: FlaskClient) -> None:
    text = page(site, "/what-if")
    assert '<form method="get"' in text
    assert "Left out" not in text
    assert 'id="changes"' not in text


def test_what_a_verdict_implies_goes_with_it(site: FlaskClient) -> None:
    text = page(site, "/what-if?without=claim-000-true-alliance")
    assert "This goes with it, because nothing else implies it" in text
    assert "true alliance (000)" in text
