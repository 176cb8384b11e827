"""A browser whose pages are watched: whatever a page does wrong is written down."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, sync_playwright

#: Debian's name of it, and others'. The variable CHROMIUM names one that is elsewhere.
_NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "chrome")
#: No name leads anywhere: what a page loads from elsewhere is missing, with or without a network.
_OPTIONS: Final = ("--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--force-color-profile=srgb")
_BAD: Final = 400


def chromium() -> str | None:
    """Return the path of this machine's browser, or None."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)


@contextmanager
def browsing(executable: str) -> Iterator[Browser]:
    """Run a browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=_OPTIONS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def tab(browser: Browser, server: str, faults: list[str], **options: Any) -> Iterator[Page]:
    """Open an empty page with nothing in its cache; relative addresses are those of *server*.

    Into *faults* goes each error on the console (a violation of the CSP is one), each exception that nobody
    caught, each request that failed or was refused, and each that went to somebody else. *options* are those
    of a context of Playwright.
    """
    context = browser.new_context(base_url=server, **{"viewport": {"width": 1400, "height": 900}, **options})
    try:
        page = context.new_page()
        watch(page, server, faults)
        yield page
    finally:
        context.close()


def watch(page: Page, server: str, faults: list[str]) -> None:
    """Write down into *faults* what *page* does wrong."""

    def said(message: ConsoleMessage) -> None:
        # of an answer of 400 or more we know from the answer itself
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            faults.append(f"console: {message.text}")

    def asked(request: Request) -> None:
        if not request.url.startswith((f"{server}/", "data:", "blob:")):
            faults.append(f"request to somebody else: {request.url}")

    def answered(response: Response) -> None:
        if response.status >= _BAD:
            faults.append(f"{response.status}: {response.url.removeprefix(server)}")

    def failed(request: Request) -> None:
        # a script may give up a request that nobody waits for any more, and so does a tab that is closed
        if request.failure != "net::ERR_ABORTED":
            faults.append(f"failed: {request.url.removeprefix(server)}: {request.failure}")

    page.on("console", said)
    page.on("pageerror", lambda error: faults.append(f"exception: {error}"))
    page.on("request", asked)
    page.on("requestfailed", failed)
    page.on("response", answered)
