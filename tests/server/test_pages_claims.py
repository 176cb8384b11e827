"""Claims and periods as pages show them; the facts are those of `data/`."""

from collections.abc import Iterator

import pytest
from flask import get_template_attribute
from flask.testing import FlaskClient

from server.pages.claims import claims, sources
from server.pages.period import Period, in_words
from tacit.names import ID


@pytest.fixture
def context(site: FlaskClient) -> Iterator[None]:
    with site.application.test_request_context():
        yield


@pytest.mark.parametrize(
    ("period", "text"),
    [
        (Period(1978, 1978, 1978, 1978), "1978"),
        (Period(1954, 1954, 1975, 1975), "1954 to 1975"),
        (Period(1977, 1977, 1989, 1991), "1977 to between 1989 and 1991"),
        (Period(1970, 1973, 1970, 1973), "some time between 1970 and 1973"),
        (Period(1978, 1978, 1978, edtf="1978/"), "from 1978, no end given"),
        (Period(1977, 1977, 1980), "from 1977, at least to 1980, no end given"),
        (Period(1989, 1991, 2020, still=True), "from between 1989 and 1991, still so in 2020"),
        (Period(2021, 2021, 2021, still=True), "2021, the time of writing"),
        (Period(1977, 1977, 1977, edtf="1977-07/"), "from July 1977, no end given"),
        (Period(1979, 1979, 1979, 1979, edtf="1979-02-17"), "17 February 1979"),
    ],
)
def test_a_period_says_no_more_than_its_bounds(period: Period, text: str) -> None:
    assert period.text == text


@pytest.mark.parametrize(
    ("edtf", "text"),
    [
        ("1978", "1978"),
        ("1978-11/", "from November 1978, no end given"),
        ("1954~/1975~", "from about 1954 to about 1975"),
        ("1961/..", "from 1961, still so"),
        ("/..", "no begin given, still so"),
        ("[1970..1973]", "some time between 1970 and 1973"),
    ],
)
def test_a_date_in_edtf_is_told_in_words(edtf: str, text: str) -> None:
    assert in_words(edtf) == text


def test_years_that_are_ours_are_said_to_be_ours() -> None:
    assert "ours" in Period(2021, 2021, 2021, still=True, basis="OutsideKnowledge").note
    assert Period(1977, 1980, 2020, date_words="for the past 40 years").note == "“for the past 40 years”"


@pytest.mark.usefixtures("context")
def test_sources_have_short_names_and_articles_come_first() -> None:
    found = sources()
    assert [source.short for source in found.values()] == [
        *("000", "001", "002", "003", "004"),
        *("ATOP 5.1", "COW Formal Alliances 4.1"),
    ]
    assert found[f"{ID}article-003"].name == "Article 003 (Khang Vu, 2020)"
    assert found[f"{ID}article-000"].name == "Article 000 (author not named, 2021)"
    assert found[f"{ID}atop"].dataset


@pytest.mark.usefixtures("context")
def test_a_claim_keeps_attribution_hedge_condition_and_place() -> None:
    names = ("claim-000-china-us-informal", "claim-003-pact-2015", "claim-atop-laos-vietnam-1992-defense")
    hedged, official, coded = claims(f"{ID}{name}" for name in names).values()
    assert (hedged.stance, hedged.hedges) == ("entertains", ("one could reasonably argue",))
    assert [cell.text for cell in hedged.given] == ["id:claim-000-policy-not-only-formal"]
    assert hedged.given[0].label.startswith("Alliance policy should be understood")
    assert official.paragraphs
    assert [cell.label for cell in official.speakers] == ["Ministry of National Defence of Vietnam"]
    assert (coded.where, coded.paragraphs) == ("variable defense coded 0", ())


@pytest.mark.usefixtures("context")
def test_a_denied_category_is_named() -> None:
    (claim,) = claims([f"{ID}claim-000-laos-not-true"]).values()
    assert claim.said == "denies: true alliance"
    assert claim.basis == "follows from a list that the source calls complete"
    shown = get_template_attribute("claim.html", "show_claim")(claim)
    assert "denies: true alliance" in shown
    assert 'href="/id/claim-000-laos-not-true"' in shown


@pytest.mark.usefixtures("context")
def test_what_is_no_claim_is_left_out() -> None:
    assert claims([f"{ID}vietnam", "no IRI at all", f"{ID}nothing"]) == {}
