"""A definition that tells two ties apart, made by somebody with a browser."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Open


def test_a_definition_is_made_without_a_reload_and_its_link_gives_it_again(
    page: Page, open_tab: Open
) -> None:
    page.goto("/workbench")
    loads: list[str] = []
    page.on("load", lambda _: loads.append(page.url))
    page.get_by_label("It should hold for").select_option("tie-soviet-vietnam")
    page.get_by_label("It should not hold for").select_option("tie-laos-vietnam")
    page.get_by_role("link", name="Add “measures on attack agreed”").click()
    expect(page.get_by_role("checkbox", name="measures on attack agreed")).to_be_checked()
    page.get_by_role("checkbox", name="between states").check()
    page.get_by_label("Name").fill("Bound to act")
    page.get_by_label("Name").press("Tab")
    results = page.locator("#results")
    expect(results.get_by_role("heading", name="Bound to act")).to_be_visible()
    expect(results).to_contain_text("Laos\N{EN DASH}Vietnam: it does not hold: silent in 10.")
    expect(page.locator("#brief")).to_have_text("Holds for 2 of 89 portrayals")
    expect(page).to_have_url(re.compile(r"name=Bound\+to\+act.*MeasuresOnAttackAgreed"))
    assert loads == []
    again = open_tab(java_script_enabled=False)
    again.goto(page.url)
    expect(again.locator("#results")).to_contain_text(
        "Soviet Union/Russia\N{EN DASH}Vietnam: it holds in 2 portrayals"
    )
    expect(again.get_by_role("checkbox", checked=True)).to_have_count(2)


def test_without_a_script_a_button_shows_the_same(open_tab: Open) -> None:
    page = open_tab(java_script_enabled=False)
    page.goto("/workbench?condition=Assured")
    page.get_by_role("checkbox", name="between states").check()
    page.get_by_role("button", name="Show what it holds for").click()
    expect(page.locator("#brief")).to_have_text("Holds for 4 of 89 portrayals")
    page.get_by_label("Start from a published definition").select_option("Walt1987")
    page.get_by_role("button", name="Show what it holds for").click()
    expect(page.locator("#results")).to_contain_text("The same result for every portrayal.")


def test_what_is_shown_can_be_copied(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/workbench?condition=Assured")
    page.get_by_text("As SPARQL").click()
    page.locator("#results details[open] button", has_text="Copy").last.click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert "?portrayal a tacit:Portrayal , def:Assured" in page.evaluate("navigator.clipboard.readText()")


def test_a_published_definition_fills_in_the_form(page: Page) -> None:
    page.goto("/workbench")
    page.get_by_label("Start from a published definition").select_option("AllButName2020")
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(4)
    expect(page.get_by_label("What it makes of a tie")).to_have_value("all-but-name")


def test_the_filter_of_terms_leaves_those_with_the_words(page: Page) -> None:
    page.goto("/ontology")
    page.get_by_label("Find a term").fill("mutual pledge")
    expect(page.locator("#found")).to_have_text(re.compile(r"^\d of \d+ terms$"))
    expect(page.locator("#MutualDefencePledge")).to_be_visible()
    expect(page.locator("#State")).to_be_hidden()
    page.evaluate("location.hash = '#State'")
    expect(page.locator("#State")).to_be_visible()
