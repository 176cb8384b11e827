"""Search: every word, whatever its accents; ties and actors first; codes; what is said for nothing found."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from server.pages.finding import marked
from server.pages.search import MOST_LETTERS
from tests.server.conftest import BROWSER


def found(site: FlaskClient, query: str, **more: str) -> dict[str, Any]:
    answer: dict[str, Any] = site.get("/search", query_string={"q": query, **more}).get_json()
    return answer


def names(answer: dict[str, Any], kind: str) -> list[str]:
    return [thing["name"] for group in answer["groups"] if group["kind"] == kind for thing in group["things"]]


def page(site: FlaskClient, query: str, **more: str) -> str:
    answer = site.get("/search", query_string={"q": query, **more}, headers={"Accept": BROWSER})
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    return answer.text


@pytest.mark.parametrize("query", ["Việt Nam", "viet nam", "VIET  NAM", "viet-nam"])
def test_accents_case_and_signs_do_not_matter(site: FlaskClient, query: str) -> None:
    assert names(found(site, query), "actor")[0] == "Vietnam"


def test_ties_come_first_then_actors(site: FlaskClient) -> None:
    assert [group["kind"] for group in found(site, "vietnam")["groups"]][:2] == ["tie", "actor"]


@pytest.mark.parametrize(
    ("code", "actors"),
    [("816", {"Vietnam", "North Vietnam"}), ("VNM", {"Vietnam", "South Vietnam"}), ("Q881", {"Vietnam"})],
)
def test_a_code_finds_its_polities_alone(site: FlaskClient, code: str, actors: set[str]) -> None:
    assert set(names(found(site, code), "actor")) == actors


def test_a_code_is_found_as_a_whole_only(site: FlaskClient) -> None:
    assert names(found(site, "81"), "actor") == []
    assert names(found(site, "2"), "actor") == ["United States"]


def test_a_short_word_is_found_as_a_whole_only(site: FlaskClient) -> None:
    assert "Soviet Union" not in names(found(site, "us"), "actor")
    assert "United States" in names(found(site, "us"), "actor")


def test_all_words_have_to_occur_in_whatever_names_a_thing_has(site: FlaskClient) -> None:
    assert names(found(site, "ussr vietnam"), "tie") == ["Soviet Union/Russia\N{EN DASH}Vietnam"]
    assert found(site, "vietnam xyzzy")["total"] == 0


def test_american_spelling_finds_british_words(site: FlaskClient) -> None:
    american, british = found(site, "mutual defense pact"), found(site, "mutual defence pact")
    assert names(american, "claim") == names(british, "claim") != []


def test_a_name_that_a_source_uses_finds_the_treaty_and_says_where(site: FlaskClient) -> None:
    answer = found(site, "basic principles")
    (treaty,) = [
        thing for group in answer["groups"] if group["kind"] == "treaty" for thing in group["things"]
    ]
    assert treaty["name"] == "Treaty of Russia and Vietnam, 1994"
    assert any("Basic Principles" in also["text"] for also in treaty["also"])


def test_a_claim_comes_with_source_paragraph_and_stance(site: FlaskClient) -> None:
    (claim,) = found(site, "Laos alliance all but name")["groups"][0]["things"][:1]
    assert (claim["stance"], claim["paragraph"]) == ("affirms", "4")
    assert claim["source"].startswith("Article 003")
    assert "paragraph 4 · affirms" in page(site, "Laos alliance all but name")


def test_the_page_marks_what_was_found(site: FlaskClient) -> None:
    text = page(site, "viet nam")
    assert '<a href="/id/vietnam"><mark>Viet</mark>nam</a>' in text
    assert "also called: <mark>Việt</mark> <mark>Nam</mark>" in text


def test_marks_keep_the_letters_of_the_text() -> None:
    assert marked("the U.S. and Việt", ["us", "viet"]) == (
        ("the ", False),
        ("U.S.", True),
        (" and ", False),
        ("Việt", True),
    )
    assert marked("alliances", ["alli"]) == (("alli", True), ("ances", False))


def test_another_name_leads_to_the_name_that_claims_use(site: FlaskClient) -> None:
    assert 'viet nam is another name of Vietnam: <a href="/search?q=Vietnam">' in page(site, "viet nam")


def test_definitions_lead_to_their_own_pages(site: FlaskClient) -> None:
    assert '<a href="/definitions/Walt1987">' in page(site, "walt 1987")


def test_nothing_found_is_said_with_the_nearest_names(site: FlaskClient) -> None:
    assert found(site, "Vietnan")["nearest"][0] == "Vietnam"
    assert '<a href="/search?q=Vietnam">Vietnam</a>' in page(site, "Vietnan")
    assert "No name resembles it" in page(site, "qqqqqqq")


@pytest.mark.parametrize("query", ["", "   ", "?!"])
def test_an_empty_search_gets_a_hint(site: FlaskClient, query: str) -> None:
    assert "All words have to occur" in page(site, query)


def test_what_is_asked_is_shown_as_text(site: FlaskClient) -> None:
    assert "<script>" not in page(site, "<script>alert(1)</script> vietnam").replace(
        '<script type="module"', ""
    )


def test_a_search_is_bounded(site: FlaskClient) -> None:
    assert site.get("/search", query_string={"q": "a" * MOST_LETTERS}).status_code == 200
    answer = site.get("/search", query_string={"q": "a" * (MOST_LETTERS + 1)})
    assert (answer.status_code, answer.get_json()["type"]) == (400, "bad-parameter")


def test_many_finds_are_bounded_and_all_of_a_kind_can_be_had(site: FlaskClient) -> None:
    text = page(site, "vietnam")
    link = re.search(r'<a href="(/search\?q=vietnam&amp;kind=claim)">All (\d+) claims</a>', text)
    assert link is not None
    alone = page(site, "vietnam", kind="claim")
    assert alone.count('<li><a href="/id/claim-') == min(int(link[2]), 300)
    assert '<h2 id="actor">' not in alone


def test_an_unknown_kind_is_told_with_the_nearest(site: FlaskClient) -> None:
    answer = site.get("/search?q=vietnam&kind=actors")
    assert (answer.status_code, answer.get_json()["type"]) == (400, "bad-parameter")
    assert "actor" in answer.get_json()["detail"]


def test_data_of_others_can_be_searched(client: FlaskClient) -> None:
    assert client.get("/search?q=tie").get_json()["total"] == 0
