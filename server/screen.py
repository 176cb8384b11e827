"""What is looked at before a query leaves for a remote engine, which may read more than the standard says."""

import re
from typing import Final

from server.limits import LimitError
from tacit import syntax
from tacit.engine import READ_ONLY, RefusedError, not_federated
from tacit.errors import QuerySyntaxError, TacitError
from tacit.names import BASE
from tacit.syntax import first_word, words

#: Deeper than anybody writes; parsers which call themselves for each bracket die of some thousands.
DEPTH: Final = 200
#: Such chains (`!!!…`, `^^^…`, `1+1+1…`) take as much of a parser's stack as brackets do.
SIZE: Final = 20_000
_FORMS: Final = frozenset(("SELECT", "ASK", "CONSTRUCT", "DESCRIBE"))
#: Without VERSION, which our own engine reads and others may not.
_PROLOGUE: Final = {"PREFIX": 3, "BASE": 2}
#: Virtuoso's ways to its SQL: as prefixes that need no declaration, and as IRIs.
_INSIDE: Final = re.compile(r"<?(bif|sql|xsql):", re.IGNORECASE)
_SCHEME: Final = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*:")
_ESCAPE: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


def screened(query: str) -> str:
    """Return *query* as it may be forwarded.

    Raises RefusedError for updates and for SERVICE, which the engine would follow without our limits;
    QuerySyntaxError for what begins like no query; LimitError for what is too deep for a parser; and
    TacitError for functions that lead into the engine.
    """
    # the standard decodes these before anything else; our own engine does not, others do
    for text in (_decoded(query), query):
        _refuse(text)
    relative = any(word.kind == "iri" and not _SCHEME.match(word.text) for word in words(query))
    return f"BASE <{BASE}> {query}" if relative else query


def form(query: str) -> str:
    """Return SELECT, ASK, CONSTRUCT or DESCRIBE. Raises QuerySyntaxError if *query* is neither."""
    first = first_word(query, _PROLOGUE)
    if first is not None and first.text.upper() in _FORMS:
        return first.text.upper()
    start = first.start if first else len(query.rstrip())
    line = query.count("\n", 0, start)
    raise QuerySyntaxError(
        "a query begins with SELECT, ASK, CONSTRUCT or DESCRIBE, after its PREFIX lines",
        line + 1,
        start - query.rfind("\n", 0, start),
        query.split("\n")[line].rstrip("\r"),
    )


def names_data_set(query: str) -> bool:
    """Tell whether *query* may have a FROM clause."""
    return any(word.kind == "name" and word.text.upper() == "FROM" for word in words(query))


def _refuse(query: str) -> None:
    if syntax.is_update(query):
        raise RefusedError("read-only", READ_ONLY)
    if syntax.may_call_service(query):
        raise RefusedError("no-federation", not_federated(()))
    form(query)  # `DEFINE get:soft` would make Virtuoso fetch what FROM names
    depth = 0
    for count, word in enumerate(words(query)):
        if word.text in ("(", "[", "{"):
            depth += 1
        elif word.text in (")", "]", "}"):
            depth -= 1
        if depth > DEPTH or count > SIZE:
            raise LimitError(
                "too-complex",
                f"The query is nested deeper than {DEPTH} brackets, or has more than {SIZE:,} words; "
                "write it with fewer, or in several queries.",
            )
        if word.kind in ("iri", "name") and _INSIDE.match(word.text):
            raise TacitError(f"{word.text} is a function of the engine's own, which is not called from here.")


def _decoded(query: str) -> str:
    def character(match: re.Match[str]) -> str:
        number = int(match[1] or match[2], 16)
        return chr(number) if number <= 0x10FFFF else match[0]  # noqa: PLR2004

    return _ESCAPE.sub(character, query)
