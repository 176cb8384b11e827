"""What holds for every page, in light and dark, on a phone and on a desk, with a script and without."""

from collections.abc import Iterator
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.addresses import ERRORS, pages
from tests.browser.watch import tab

WIDTHS: Final = (390, 800, 1400)
#: With style, script and all, uncached. The vocabulary is one page on purpose, and the editor is large.
MOST_BYTES: Final = 100_000
HEAVY: Final = ("/query", "/sparql", "/ontology", "/definition")
MOST_SHIFT: Final = 0.1

_BYTES: Final = """() => ["navigation", "resource"].flatMap(type => performance.getEntriesByType(type))
  .reduce((sum, entry) => sum + entry.transferSize, 0)"""
_SHIFT: Final = """() => new Promise(done => {
  const observer = new PerformanceObserver(() => {});
  observer.observe({type: "layout-shift", buffered: true});
  requestAnimationFrame(() => requestAnimationFrame(() =>
    done(observer.takeRecords().reduce((sum, entry) => sum + entry.value, 0))));
})"""
#: What reaches beyond the right edge, outermost first; empty where the page does not scroll sideways.
_TOO_WIDE: Final = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
  [...document.querySelectorAll("body *")]
    .filter(node => node.getBoundingClientRect().right > innerWidth && !node.closest(".scroll, pre, .unseen"))
    .slice(0, 3).map(node => node.outerHTML.slice(0, 120)).concat("the page scrolls sideways")"""
_AXE: Final = """async options => {
  const brief = {resultTypes: ["violations"], selectors: false, preload: false};
  const found = await axe.run(document, {...brief, ...options});
  return found.violations
    .filter(fault => ["serious", "critical"].includes(fault.impact))
    .flatMap(({id, nodes}) => nodes.map(node => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary}`));
}"""
#: What axe looks at, where it is not everything. Contrast takes it longer than all else together; in the dark
#: only colours are different, and no style sheet has other colours between 800 and 1400.
_ONLY: Final[dict[tuple[int, str], dict[str, object]]] = {
    **{(width, "dark"): {"runOnly": ["color-contrast", "link-in-text-block"]} for width in WIDTHS},
    (800, "light"): {"rules": {"color-contrast": {"enabled": False}}},
}


@pytest.fixture(scope="module", params=[*pages(), *ERRORS])
def address(request: Any) -> str:
    """Return the address of each page in turn."""
    found: str = request.param
    return found


@pytest.fixture(scope="module")
def noted() -> list[str]:
    """Return what the page that is open now has done wrong so far."""
    return []


@pytest.fixture(scope="module")
def shown(browser: Browser, server: str, noted: list[str]) -> Iterator[Page]:
    """Return a tab that keeps nothing of the pages before."""
    with tab(browser, server, noted) as page:
        page.context.new_cdp_session(page).send("Network.setCacheDisabled", {"cacheDisabled": True})
        yield page


@pytest.fixture(scope="module")
def seen(address: str, shown: Page, noted: list[str]) -> Page:
    """Return each page in turn, which is loaded once for all tests of it."""
    shown.set_viewport_size({"width": 1400, "height": 900})
    shown.emulate_media(media="screen", color_scheme="light")
    noted.clear()
    answer = shown.goto(address)
    assert answer is not None
    assert answer.status == ERRORS.get(address, 200)
    return shown


@pytest.fixture(scope="module")
def bare(browser: Browser, server: str) -> Iterator[Page]:
    """Return a tab without scripts."""
    with tab(browser, server, [], java_script_enabled=False) as page:
        yield page


def test_it_is_light(seen: Page, address: str) -> None:
    if address not in HEAVY and not address.startswith("/query?"):
        assert 1000 < seen.evaluate(_BYTES) < MOST_BYTES


def test_nothing_moves_while_it_loads(seen: Page) -> None:
    assert seen.evaluate(_SHIFT) < MOST_SHIFT


def test_the_keyboard_skips_what_every_page_has(seen: Page) -> None:
    seen.keyboard.press("Tab")
    skip = seen.get_by_role("link", name="To the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    seen.keyboard.press("Enter")
    seen.keyboard.press("Tab")
    within = seen.locator("main").get_by_role("link").or_(seen.locator("main").get_by_role("button"))
    assert seen.evaluate("document.activeElement.closest('main') !== null") or within.count() == 0


@pytest.mark.parametrize("width", WIDTHS)
def test_it_does_not_scroll_sideways(seen: Page, width: int) -> None:
    seen.set_viewport_size({"width": width, "height": 900})
    assert seen.evaluate(_TOO_WIDE) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_serious(seen: Page, axe: str, width: int, scheme: Any) -> None:
    seen.set_viewport_size({"width": width, "height": 900})
    seen.emulate_media(color_scheme=scheme)
    if not seen.evaluate("'axe' in window"):
        seen.evaluate(axe)
    assert seen.evaluate(_AXE, _ONLY.get((width, scheme), {})) == []


def test_it_can_be_printed(seen: Page) -> None:
    seen.emulate_media(media="print", color_scheme="light")
    assert seen.locator("main h1").is_visible()
    assert len(seen.locator("main").inner_text()) > 100
    assert not seen.locator("header nav").is_visible()


def test_it_comes_from_this_server_and_without_an_error(seen: Page, address: str, noted: list[str]) -> None:
    # the last test of a page, so that it knows of all that the others have met
    assert [fault for fault in noted if fault != f"{ERRORS.get(address)}: {address}"] == []


def test_it_is_there_without_a_script(bare: Page, address: str) -> None:
    bare.goto(address)
    for landmark in ("banner", "main", "contentinfo"):
        expect(bare.get_by_role(landmark)).to_be_visible()
    expect(bare.get_by_role("heading", level=1)).to_be_visible()
    assert len(bare.get_by_role("main").inner_text()) > 100
