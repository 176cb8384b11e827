"""`make screenshots`: the pictures in docs/screenshots, of the pages as they are now."""

import sys
from typing import Any, Final

from tacit.files import REPOSITORY
from tests.browser.watch import browsing, chromium, tab
from tests.server.live import serving

FOLDER: Final = REPOSITORY / "docs" / "screenshots"
#: Whoever clones the repository takes them along.
MOST_BYTES: Final = 200_000
_DESK: Final = {"viewport": {"width": 1400, "height": 1000}, "device_scale_factor": 0.75}
_PHONE: Final = {"viewport": {"width": 390, "height": 844}}
_DARK: Final = {"color_scheme": "dark"}


_WORKBENCH: Final = (
    "/workbench?condition=BetweenStates&condition=CrisisConsultationPledged"
    "&holds=tie-soviet-vietnam&fails=tie-laos-vietnam"
)

#: By the name of the file: the address of the page, and the options of the browser.
PICTURES: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "home": ("/", _PHONE),
    "timeline": ("/ties", _DESK),
    "tie": ("/id/tie-laos-vietnam", _DESK),
    "matrix": ("/matrix", _DESK | _DARK),
    "workbench": (_WORKBENCH, _DESK),
    "query": ("/query", _DESK),
}


def main() -> None:
    """Take each picture; exit with 1 if a page does something wrong, or if a picture is too large."""
    executable = chromium()
    if executable is None:
        sys.exit("There is no Chromium (Debian: `apt install chromium`; CHROMIUM=PATH names another).")
    FOLDER.mkdir(exist_ok=True)
    faults: list[str] = []
    with serving("--log", "off", data=None) as server, browsing(executable) as browser:
        for name, (address, options) in PICTURES.items():
            path = FOLDER / f"{name}.png"
            with tab(browser, f"http://127.0.0.1:{server.port}", faults, **options) as page:
                page.goto(address, wait_until="networkidle")
                page.screenshot(path=path)
            size = path.stat().st_size
            if size > MOST_BYTES:
                faults.append(f"{path.name} has {size:,} bytes, more than {MOST_BYTES:,}")
            sys.stdout.write(f"{path.relative_to(REPOSITORY)}  {size:,} bytes\n")
    sys.exit("\n".join(faults) or None)


if __name__ == "__main__":
    main()
