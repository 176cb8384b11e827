"""Headers that go with every answer: what a browser may do with it, and who may read it."""

from typing import Final

from flask import Response, request

#: Pages use what this server sends, and nothing else; nobody puts them into a frame.
PAGES: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
#: Anything else is not shown as a page at all, whatever it contains.
PROGRAMS: Final = "default-src 'none'; frame-ancestors 'none'; sandbox"

_ALWAYS: Final = (
    ("X-Content-Type-Options", "nosniff"),
    # a query stands in the address of its answer, and is nobody else's business
    ("Referrer-Policy", "no-referrer"),
    ("Access-Control-Allow-Origin", "*"),
)


def for_programs() -> list[tuple[str, str]]:
    """Return the headers of an answer that is no page."""
    return [*_ALWAYS, ("Content-Security-Policy", PROGRAMS)]


def add(response: Response) -> Response:
    """Let the pages of every other site read every answer (CORS), and caches tell the formats apart."""
    for name, value in _ALWAYS:
        response.headers[name] = value
    page = response.mimetype == "text/html"
    response.headers.setdefault("Content-Security-Policy", PAGES if page else PROGRAMS)
    response.vary.add("Accept")
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = response.headers.get("Allow", "")
        response.headers["Access-Control-Allow-Headers"] = "Accept, Content-Type"
        response.headers["Access-Control-Max-Age"] = "86400"
    return response
