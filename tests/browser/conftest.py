"""One browser and one server for all tests in this folder; a page that fails its test if it does wrong."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page

from server.settings import built_graph
from tacit.errors import TacitError
from tacit.files import REPOSITORY
from tests.browser.watch import browsing, chromium, tab
from tests.server.live import serving

Open = Callable[..., Page]

#: `make setup` puts it there.
AXE = REPOSITORY / "web" / "node_modules" / "axe-core" / "axe.min.js"


def _left_out(why: str) -> None:
    tell = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
    tell(f"NOT TESTED in a browser: {why}")


# These live as long as this folder's tests: Playwright's event loop would be in the way of those that follow.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Return the browser; without one a test is skipped, or fails if CI=true."""
    executable = chromium()
    if executable is None:
        _left_out("there is no Chromium (Debian: `apt install chromium`; CHROMIUM=PATH names another)")
    with browsing(str(executable)) as running:
        yield running


@pytest.fixture(scope="package")
def server() -> Iterator[str]:
    """Return the address of a server of the built graph."""
    try:
        built_graph(REPOSITORY / "build")
    except TacitError as error:
        _left_out(str(error))
    with serving("--log", "off", data=None) as running:
        yield f"http://127.0.0.1:{running.port}"


@pytest.fixture(scope="package")
def axe() -> str:
    """Return the program of axe-core; without it a test is skipped, or fails if CI=true."""
    if not AXE.is_file():
        _left_out(f"there is no {AXE.relative_to(REPOSITORY)}; run `make setup`")
    return AXE.read_text(encoding="utf-8")


@pytest.fixture
def faults() -> Iterator[list[str]]:
    """Return what the pages of a test did wrong; whatever is in it at the end fails the test."""
    found: list[str] = []
    yield found
    assert not found, "\n".join(found)


@pytest.fixture
def open_tab(browser: Browser, server: str, faults: list[str]) -> Iterator[Open]:
    """Return a function that opens an empty watched page, with options of a Playwright context."""
    with ExitStack() as stack:
        yield lambda **options: stack.enter_context(tab(browser, server, faults, **options))


@pytest.fixture
def page(open_tab: Open) -> Page:
    """Return an empty watched page, 1400 pixels wide; `page.goto("/ties")` is on the server."""
    return open_tab()
