"""A plain GET of /sparql, answered without Flask, which would cost more than most queries do.

What is not plain is left to `server.protocol`, and so is whatever goes wrong; the answers are the same.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from werkzeug.utils import get_content_type

from server import log
from server.cache import Cache, Entry, Headers, Key, choices, is_constant
from server.formats import HTML
from server.headers import for_programs
from server.request import Request
from tacit.engine import Answer

PATH: Final = "/sparql"
#: The parameters of a plain request (SPARQL 1.1 Protocol, 2.1).
_PARAMETERS: Final = {"query", "default-graph-uri", "named-graph-uri"}


@dataclass(frozen=True)
class Plain:
    """A plain request: a *query*, the *options* of `tacit.engine.evaluate`, media types by kind of answer."""

    query: str
    options: dict[str, Any]
    media: dict[str, str]
    key: Key

    def entry(self, found: Answer, cache: Cache) -> Entry:
        """Return the answer *found* as it is sent; the cache keeps it."""
        return cache.put(self.key, _headers(self.media[found.kind]), found.body)

    def notes(self) -> dict[str, Any]:
        """Return the environment of this request, as far as the log reads it."""
        notes = {"route": PATH, "query": log.digest(self.query)}
        return {"REQUEST_METHOD": "GET", "PATH_INFO": PATH, log.NOTES: notes}


def read(request: Request) -> Plain | None:
    """Return what *request* asks if it is plain, else None.

    It is if it is GET, of one query whose answer is the same each time, in a format for programs.
    """
    query_string, accept = request.query_string, request.headers.get("accept")
    if (request.method, request.path) != ("GET", PATH) or not query_string.isascii():
        return None
    given = _parameters(query_string)
    query, *more = given.get("query") or ["", ""]
    results, graph = choices(accept)
    media = {"results": results.media, "graph": graph.media}
    if more or not given.keys() <= _PARAMETERS or not is_constant(query) or HTML in media.values():
        return None
    options = {
        "default_graphs": given.get("default-graph-uri", []),
        "named_graphs": given.get("named-graph-uri", []),
        "results": results.name,
        "graph": graph.name,
    }
    return Plain(query, options, media, Cache.key(PATH, query_string, accept))


def _parameters(query_string: str) -> dict[str, list[str]]:
    """Return the parameters, none if one is not plain text in UTF-8.

    JSON's reader undoes the escapes (RFC 3986, 2.1): urllib's takes twenty times as long for a query, and
    longer than a worker does for many answers.
    """
    found: dict[str, list[str]] = {}
    if '"' in query_string or "\\" in query_string:
        return found
    try:
        for part in query_string.replace("+", " ").split("&"):
            name, _, value = part.partition("=")
            text = json.loads('"{}"'.format(value.replace("%", "\\u00")))
            found.setdefault(name, []).append(text.encode("latin-1").decode())
    except ValueError:  # Flask says what is wrong
        return {}
    return found


@lru_cache
def _headers(media: str) -> Headers:
    return [("Content-Type", get_content_type(media, "utf-8")), *for_programs()]
