"""The watch itself: what a page does wrong does not pass unseen."""

import pytest
from playwright.sync_api import Browser, Page

from server.headers import PAGES
from tests.browser.watch import tab

WRONG = {
    "<p onclick='0'>": "Content Security Policy",
    "<script>1</script>": "Content Security Policy",
    "<style>p { color: red }</style>": "Content Security Policy",
    "<img src='/static/nothing.png' alt=''>": "404: /static/nothing.png",
    "<link rel='stylesheet' href='https://example.org/a.css'>": "example.org",
}


def body_of(page: Page, html: str) -> None:
    """Let the address /wrong answer with *html*."""
    page.route("/wrong", lambda route: route.fulfill(body=html, headers={"Content-Security-Policy": PAGES}))


@pytest.mark.parametrize(("html", "fault"), WRONG.items())
def test_what_is_wrong_is_written_down(browser: Browser, server: str, html: str, fault: str) -> None:
    faults: list[str] = []
    with tab(browser, server, faults) as page:
        body_of(page, f"<!doctype html><title>x</title>{html}")
        page.goto("/wrong")
    assert any(fault in told for told in faults), faults


def test_an_exception_and_a_request_to_somebody_else_are_written_down(browser: Browser, server: str) -> None:
    faults: list[str] = []
    with tab(browser, server, faults, bypass_csp=True) as page:
        body_of(page, "<!doctype html><img src='http://example.org/x.png' alt=''><script>nothing()</script>")
        page.goto("/wrong")
    assert [fault.partition(":")[0] for fault in sorted(faults)] == [
        "exception",
        "failed",
        "request to somebody else",
    ]
