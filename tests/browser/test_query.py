"""The editor for queries, as its reader uses it."""

import json
import re
from typing import Final

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Open
from tests.server.live import NEVER_ENDS

#: How a page says that an answer was asked for and refused.
_REFUSED: Final = "400: /sparql"
_TIES: Final = """\
PREFIX tacit: <https://w3id.org/tacit/ontology#>
PREFIX id: <https://w3id.org/tacit/id/>
SELECT ?tie { ?tie a tacit:Tie ; tacit:party id:laos } ORDER BY ?tie
"""


@pytest.fixture
def editor(page: Page) -> Page:
    page.goto("/query")
    expect(cells(page).first).to_be_visible()
    return page


def cells(page: Page) -> Locator:
    return page.locator("#result tbody td")


def write(page: Page, text: str) -> None:
    """Put *text* in the place of what the editor holds, as a reader does who pastes it."""
    page.locator(".CodeMirror-lines").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)


def holds(page: Page) -> str:
    found: str = page.evaluate("document.querySelector('.CodeMirror').CodeMirror.getValue()")
    return found


def ask(page: Page) -> None:
    page.get_by_role("button", name="Ask", exact=True).click()


def test_it_opens_with_a_question_and_its_answer_in_labels(editor: Page) -> None:
    assert "tacit:Verdict" in holds(editor)
    link = cells(editor).get_by_role("link", name="denies").first
    expect(link).to_have_attribute("href", "/ontology#Denies")


def test_a_query_is_written_and_asked_with_the_keyboard_alone(editor: Page) -> None:
    write(editor, _TIES)
    editor.keyboard.press("Control+Enter")
    expect(cells(editor).get_by_role("link", name="Laos–Vietnam")).to_have_attribute(  # noqa: RUF001
        "href", "/id/tie-laos-vietnam"
    )
    editor.keyboard.press("Tab")  # leaves the editor
    expect(editor.get_by_role("button", name="Ask", exact=True)).to_be_focused()


def test_a_link_opened_anew_has_the_query_and_its_answer(editor: Page, open_tab: Open) -> None:
    write(editor, _TIES)
    ask(editor)
    expect(cells(editor).get_by_role("link", name="Laos–Vietnam")).to_be_visible()  # noqa: RUF001
    editor.get_by_role("button", name="Bars").click()
    expect(editor.locator("svg.plot")).to_be_visible()
    other = open_tab()
    other.goto(editor.url)
    expect(other.locator("svg.plot")).to_be_visible()
    assert holds(other) == _TIES
    expect(other.get_by_role("heading", level=1)).to_have_text("Your query")


def test_a_fault_is_marked_in_its_line_and_the_text_survives_it_and_a_reload(
    editor: Page, faults: list[str]
) -> None:
    wrong = _TIES.replace("ORDER BY", "ODER BY")
    write(editor, wrong)
    ask(editor)
    expect(editor.get_by_role("alert").filter(has_text="Line 3, column")).to_be_visible()
    expect(editor.locator(".CodeMirror-code > *").nth(2).locator(".faulty")).to_have_count(1)
    expect(cells(editor)).to_have_count(0)  # of another query
    assert holds(editor) == wrong
    editor.reload()
    expect(editor.get_by_role("alert").filter(has_text="Line 3, column")).to_be_visible()
    assert holds(editor) == wrong
    assert faults.count(_REFUSED) == 2
    faults.clear()


def test_what_was_not_yet_asked_survives_a_reload_too(editor: Page) -> None:
    write(editor, "SELECT half of")
    editor.reload()
    expect(editor.get_by_text("The text that you were writing is back.")).to_be_visible()
    assert holds(editor) == "SELECT half of"
    editor.get_by_role("button", name="Begin anew").click()
    expect(cells(editor).first).to_be_visible()
    assert "tacit:Verdict" in holds(editor)


def test_a_query_that_runs_can_be_stopped(editor: Page) -> None:
    write(editor, NEVER_ENDS)
    ask(editor)
    editor.get_by_role("button", name="Stop").click()
    expect(editor.get_by_role("status").filter(has_text="Stopped.")).to_be_visible()
    assert holds(editor) == NEVER_ENDS


def test_the_sentence_of_a_limit_is_shown(editor: Page, faults: list[str]) -> None:
    problem = {
        "type": "timeout",
        "title": "The query ran out of time",
        "status": 504,
        "detail": "Ask for less.",
    }
    editor.route(
        "**/sparql",
        lambda route: route.fulfill(
            status=504, content_type="application/problem+json", body=json.dumps(problem)
        ),
    )
    ask(editor)
    expect(editor.get_by_role("alert").filter(has_text="Ask for less.")).to_be_visible()
    editor.unroute("**/sparql")
    editor.route("**/sparql", lambda route: route.abort())
    ask(editor)
    expect(editor.get_by_role("alert").filter(has_text="Your text is kept.")).to_be_visible()
    assert len(faults) == 2
    faults.clear()


def test_the_fields_of_a_question_rewrite_its_query(editor: Page, faults: list[str]) -> None:
    tie = editor.get_by_label("tie", exact=True)
    tie.fill("id:tie-laos-vietnam")
    tie.press("Enter")
    expect(editor).to_have_url(re.compile(r"tie=id%3Atie-laos-vietnam"))
    assert "VALUES ?tie { <https://w3id.org/tacit/id/tie-laos-vietnam> }" in holds(editor)
    expect(cells(editor).filter(has_text="alliance in all but name").first).to_be_visible()
    editor.reload()
    assert "VALUES ?tie { <https://w3id.org/tacit/id/tie-laos-vietnam> }" in holds(editor)
    tie.fill("laos")
    tie.press("Enter")
    expect(editor.get_by_role("alert").filter(has_text="Parameter tie is a prefixed name")).to_be_visible()
    assert faults.pop().startswith("400: /queries/disagreement/verdicts-on-tie.rq")


def test_a_link_to_a_part_of_the_page_leaves_the_text_alone(editor: Page) -> None:
    write(editor, "SELECT half of")
    editor.evaluate("location.hash = 'main'")
    editor.wait_for_timeout(500)  # for nothing to happen
    assert holds(editor) == "SELECT half of"
    expect(cells(editor).first).to_be_visible()


def test_the_library_can_be_searched_and_fills_the_editor(editor: Page) -> None:
    editor.get_by_label("Find among them").fill("troops")
    editor.get_by_role("complementary").get_by_role(
        "link", name=re.compile("troops", re.IGNORECASE)
    ).first.click()
    expect(cells(editor).first).to_be_visible()
    assert "TroopStationing" in holds(editor)


def test_terms_are_completed_by_name_and_by_label(editor: Page) -> None:
    write(editor, "SELECT * { ?x a ")
    editor.keyboard.type("tacit:troops st")
    editor.keyboard.press("Backspace")
    editor.keyboard.press("Backspace")
    editor.keyboard.press("Backspace")
    hints = editor.locator(".CodeMirror-hint")
    expect(hints.filter(has_text="tacit:TroopStationing")).to_be_visible()
    editor.keyboard.press("Enter")
    assert holds(editor).startswith("PREFIX tacit: <https://w3id.org/tacit/ontology#>")
    assert "?x a tacit:Troop" in holds(editor)


def test_pictures_say_what_they_need_and_keep_the_stance(editor: Page) -> None:
    editor.get_by_role("button", name="Timeline").click()
    expect(editor.locator("svg.plot text").filter(has_text="1954/1991 affirms").first).to_be_visible()
    expect(editor.locator("svg.plot text").filter(has_text="1975/1978 denies")).to_be_visible()
    editor.get_by_role("button", name="Network").click()
    expect(editor.get_by_role("img", name="A network of")).to_be_visible()
    expect(editor.locator(".network canvas").first).to_be_visible()
    write(editor, 'SELECT ?x { VALUES ?x { "only words" } }')
    ask(editor)
    expect(editor.get_by_text("A network needs two columns of things.")).to_be_visible()


def test_an_answer_is_downloaded_whatever_the_length_of_its_query(editor: Page) -> None:
    for query in (_TIES, f"# {'long ' * 2000}\n{_TIES}"):
        write(editor, query)
        ask(editor)
        expect(cells(editor).get_by_role("link", name="Laos–Vietnam")).to_be_visible()  # noqa: RUF001
        with editor.expect_download() as waiting:
            editor.get_by_role("link", name="CSV").click()
        assert waiting.value.suggested_filename == "tacit.csv"
        assert "id/tie-laos-vietnam" in waiting.value.path().read_text(encoding="utf-8")


def test_the_query_is_copied_as_a_program(open_tab: Open) -> None:
    page = open_tab(permissions=["clipboard-read", "clipboard-write"])
    page.goto("/query")
    write(page, _TIES)
    ask(page)
    page.get_by_text("Ask this from a program").click()
    expect(page.locator("pre[data-language=Python]")).to_contain_text("tacit:party id:laos")
    page.locator(".code").get_by_role("button", name="Copy").nth(1).click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert "tacit:party id:laos" in page.evaluate("navigator.clipboard.readText()")


def test_an_answer_of_the_library_leads_to_its_programs(page: Page) -> None:
    page.goto("/queries/disagreement/verdicts-on-tie?tie=id:tie-laos-vietnam")
    page.get_by_role("link", name="as a program").click()
    expect(page.locator("pre[data-language=curl]")).to_contain_text("id/tie-laos-vietnam")
    expect(page.locator("pre[data-language=curl]")).to_be_visible()


def test_graphs_and_yes_or_no_are_shown(editor: Page) -> None:
    write(editor, "ASK {}")
    ask(editor)
    expect(editor.locator("#result strong")).to_have_text("Yes")
    write(editor, "DESCRIBE <https://w3id.org/tacit/id/tie-laos-vietnam>")
    ask(editor)
    expect(editor.locator("#result pre")).to_contain_text("tacit:party")
    expect(editor.get_by_role("link", name="Turtle")).to_be_visible()
