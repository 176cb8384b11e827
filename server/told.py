"""What a remote engine says when it has no answer, told in our own way."""

import re
from collections.abc import Mapping
from html import unescape
from typing import Final

from server import limits
from server.limits import LimitError
from tacit import syntax
from tacit.errors import QuerySyntaxError, TacitError

_TIME: Final = re.compile(r"time[d ]*[ -]?out|cancel|exceeds the limit of \d+ \(m?sec", re.IGNORECASE)
_MEMORY: Final = re.compile(r"out of memory|memory limit|OutOfMemory|not enough memory", re.IGNORECASE)
#: How Oxigraph, then how Jena, RDF4J, GraphDB and Virtuoso say where a query goes wrong.
_PLACE: Final = re.compile(r"error at (\d+):(\d+)|[Ll]ine[ :]+(\d+)(?:,? column[ :]+(\d+))?")
_NEAR: Final = re.compile(r"(?:at|prefix) '([^']+)'|Encountered \"+ ?\"?([^\"]+?)\"")
_TAG: Final = re.compile(r"<[^<>]*>")
_LONGEST: Final = 300
#: Virtuoso writes the query, below lines of its own, behind its message.
_QUOTED: Final = "SPARQL query:\n"


def told(
    status: int, headers: Mapping[str, str], said: str, query: str, *, seconds: float, megabytes: int
) -> TacitError:
    """Return the error for an answer of the engine with *status*, which *said* something about *query*."""
    message, _, _ = said.replace("\r\n", "\n").partition(_QUOTED)
    if "html" in headers.get("Content-Type", ""):
        message = unescape(_TAG.sub(" ", message))
    if status in (408, 504) or _TIME.search(message):
        return limits.out_of_time(seconds)
    if status == 507 or _MEMORY.search(message):  # noqa: PLR2004
        return limits.out_of_memory(megabytes)
    if status in (429, 503):
        wait = headers.get("Retry-After", "")
        return limits.busy("The engine behind this endpoint is busy", int(wait) if wait.isdecimal() else 5)
    if status == 400 or (status == 500 and "SPARQL compiler" in message):  # noqa: PLR2004
        return _fault(message, query)
    if status in (401, 403):
        why = "wants a user name and a password that this server does not have"
    elif status in (404, 405, 406, 415):
        why = f"is not the endpoint that this server was told of ({status})"
    else:
        why = f"failed on this query ({status})"
    return LimitError("engine-failed", f"The engine behind this endpoint {why}; tell those who run it.")


def _fault(message: str, query: str) -> TacitError:
    sentence = " ".join(message.split())[:_LONGEST] or "it gives no reason"
    found = _PLACE.search(message)
    if not found:
        return TacitError(f"The query cannot be run; the engine says: {sentence}")
    if found[1]:
        complaint = message[found.start() :].strip()
        return syntax.explain(query, complaint, lambda text: None)  # never parsed here: it may be a bomb
    near = _NEAR.search(message)
    word = (near[1] or near[2]).strip() if near else ""
    line, column = _place(query.split("\n"), int(found[3]), int(found[4] or 0), word)
    return QuerySyntaxError(sentence, line, column, query.split("\n")[line - 1].rstrip("\r"))


def _place(lines: list[str], line: int, column: int, word: str) -> tuple[int, int]:
    """Return line and column; without a *column* they are where *word* is, in or just above *line*.

    Virtuoso names no column, and sometimes the line below, as it has put one of its own before the query.
    """
    if column and line <= len(lines):
        return line, column
    for number in (line, line - 1, *range(len(lines), 0, -1)):
        if word and 0 < number <= len(lines) and word in lines[number - 1]:
            return number, lines[number - 1].index(word) + 1
    return len(lines), len(lines[-1]) + 1
