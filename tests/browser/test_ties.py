"""What the scripts of the timeline and of the network do."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Open


def test_a_lens_changes_the_picture_without_a_reload(page: Page) -> None:
    page.goto("/ties?actor=laos")
    page.evaluate("window.kept = true")
    bar = page.locator("a.bar.all-but-name")
    expect(bar).to_have_count(1)
    page.get_by_label("Seen as").select_option("AtopAlliance")
    expect(bar).to_have_count(0)
    expect(page.locator("#shown")).to_contain_text("alliance (ATOP) makes of the findings")
    expect(page).to_have_url(re.compile(r"/ties\?lens=AtopAlliance&actor=laos$"))
    assert page.get_by_label("Outcome").locator("option").all_inner_texts() == [
        "all",
        "formal alliance",
        "contradicted",
        "silent",
    ]
    page.go_back()
    expect(bar).to_have_count(1)
    expect(page.get_by_label("Seen as")).to_have_value("")
    assert page.evaluate("window.kept") is True


def test_a_year_that_is_none_is_told(page: Page, faults: list[str]) -> None:
    page.goto("/ties")
    page.evaluate("document.getElementById('f-year').type = 'text'")
    page.get_by_label("Year").fill("70s")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("alert")).to_contain_text("A year is a number such as 1978")
    faults.clear()  # the browser notes the 400, which is what this is about


def test_bars_are_links_with_words_for_who_hears_them(page: Page) -> None:
    page.goto("/ties?actor=laos")
    link = page.get_by_role("link", name=re.compile("^Article 003: alliance in all but name"))
    link.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/id/tie-laos-vietnam#portrayal-003-laos-vietnam-since$"))


def test_years_are_of_one_width_on_a_phone(open_tab: Open) -> None:
    page = open_tab(viewport={"width": 390, "height": 800})
    page.goto("/ties?actor=israel&source=cow")
    box = page.locator("a.bar rect").bounding_box()
    whole = page.locator(".row svg.track").bounding_box()
    assert box is not None
    assert whole is not None
    assert whole["width"] > 250
    assert 13 < box["height"] < 17  # letters and lines keep their size
    assert whole["x"] <= box["x"] < box["x"] + box["width"] <= whole["x"] + whole["width"]


def test_the_network_moves_when_asked(page: Page) -> None:
    page.goto("/network?year=1978")
    place = page.locator("#network")
    size = "(place) => [place.offsetWidth, place.offsetHeight]"
    before = place.evaluate(size)
    assert page.locator("#network canvas").count() == 0
    page.get_by_role("button", name="Move the actors about").click()
    expect(page.locator("#network canvas").first).to_be_visible()
    assert place.evaluate(size) == before
    page.get_by_label("Year").fill("1990")
    page.get_by_label("Year").press("Enter")
    expect(page.get_by_role("heading", name="The ties of 1990")).to_be_visible()
    expect(page.get_by_role("button", name="Move the actors about")).to_be_visible()
