"""The links to Wikidata: every one with its match, its check and its date; what is missing, and why."""

import re

import pytest
from flask.testing import FlaskClient

from server.pages.identity import checked
from tests.server.conftest import BROWSER
from tests.server.reading import page, part


def test_all_links_gaps_and_codes_are_there(site: FlaskClient) -> None:
    text = page(site, "/links")
    assert part(text, "links").count("<tr><th") - 1 == 92
    assert part(text, "gaps").count('<tr><th scope="row">') == 20
    assert part(text, "codes").count('<tr><th scope="row">') == 61


def test_a_link_shows_item_match_status_where_it_was_checked_and_when(site: FlaskClient) -> None:
    links = part(page(site, "/links"), "links")
    (row,) = re.findall(r'<tr><th scope="row"><a href="/id/vietnam">.*?</tr>', links, re.DOTALL)
    for part_ in (
        '<a href="https://www.wikidata.org/entity/Q881"',
        ">exact ",
        "North and South Vietnam are items of their own.",
        ">verified</td>",
        "https://github.com/datasets/country-codes/blob/caa72d1e/data/country-codes.csv",
        "2026-11-21",
    ):
        assert part_ in row


def test_a_link_that_is_not_exact_says_why(site: FlaskClient) -> None:
    links = part(page(site, "/links?match=related&kind=actor"), "links")
    assert links.count('<tr><th scope="row">') == 1
    assert "Khmer Rouge" in links
    assert "The party behind the movement: another actor." in links


def test_filters_narrow_the_links_and_stay_chosen(site: FlaskClient) -> None:
    text = page(site, "/links?status=candidate")
    assert part(text, "links").count('<tr><th scope="row">') == 2
    assert "<option selected>candidate</option>" in text


@pytest.mark.parametrize("wrong", ["match=clos", "kind=treatys", "status=yes"])
def test_an_unknown_filter_is_refused(site: FlaskClient, wrong: str) -> None:
    answer = site.get(f"/links?{wrong}")
    assert (answer.status_code, answer.get_json()["type"]) == (400, "bad-parameter")


def test_what_has_neither_link_nor_gap_is_listed(site: FlaskClient) -> None:
    unlinked = part(page(site, "/links"), "unlinked")
    for name in ("Lloyd Austin", "Glenn H. Snyder", "Stephen M. Walt", "Khang Vu"):
        assert f">{name}</a>" in unlinked
    for name in ("Xi Jinping", "Sino-Soviet split"):  # linked, and a gap
        assert f">{name}</a>" not in unlinked
    assert "No home for an informal dyad" in unlinked
    assert '<a href="/links?kind=event#unlinked">Show all 89</a>' in unlinked
    events = part(page(site, "/links?kind=event"), "unlinked")
    assert events.count('<a href="/id/') == 89


def test_the_page_stays_light(site: FlaskClient) -> None:
    assert len(site.get("/links", headers={"Accept": BROWSER}).data) < 100_000


@pytest.mark.parametrize(
    ("thing", "sentence"),
    [
        ("laos", '<a href="https://www.wikidata.org/entity/Q819"'),
        ("laos", "COW country code"),
        ("tie-laos-vietnam", "Q6487997"),
        ("sino-soviet-split", "Wikidata has no item for it, as far as is known."),
        ("lloyd-austin", "No link to Wikidata yet"),
    ],
)
def test_the_page_of_a_thing_says_what_it_is_elsewhere(site: FlaskClient, thing: str, sentence: str) -> None:
    assert sentence in part(page(site, f"/id/{thing}"), "elsewhere")


def test_a_thing_that_nobody_would_link_says_nothing_of_it(site: FlaskClient) -> None:
    assert 'id="elsewhere"' not in page(site, "/id/claim-003-all-but-name")


def test_a_source_of_a_check_that_is_no_file_is_shown_as_it_is() -> None:
    assert checked("stored copies, searched by name").address == ""
    assert checked("github.com/a/b:c d/é.json@0123abcd").address.endswith(
        "/a/b/blob/0123abcd/c%20d/%C3%A9.json"
    )


def test_data_without_links_say_so(client: FlaskClient) -> None:
    assert "have no links" in page(client, "/links")
