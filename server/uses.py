"""How often the data use a term, how to ask where, and which questions of the library name it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from flask import url_for

from server.rdf import rows
from server.state import state
from tacit.library import Query
from tacit.names import short

#: What a use is, and the pattern of one with the term in the place of ``{}``: the first that has any counts.
_PATTERNS: Final = {"member": "?x a {}", "statement": "?x {} ?y", "mention": "?x ?y {}"}


@dataclass(frozen=True)
class Uses:
    """The uses of a term: so many of a *kind*, asked for at *address*, and by *questions* of the library."""

    count: int
    kind: str
    address: str
    questions: tuple[Query, ...]


def uses(terms: Iterable[str]) -> dict[str, Uses]:
    """Return the uses of *terms*, which are IRIs of the ontology, by IRI.

    Those of a class are its members, asserted or inferred; those of a property the statements with it; those
    of anything else the statements about it.
    """
    questions, found = _questions(), dict.fromkeys(terms, Uses(0, "", "", ()))
    for kind, pattern in _PATTERNS.items():
        left = " ".join(f"<{term}>" for term, own in found.items() if not own.count)
        # without values this one would walk over everything
        values = f"VALUES ?t {{ {left} }}" if kind == "mention" else ""
        query = f"SELECT ?t (COUNT(*) AS ?n) {{ {values} {pattern.format('?t')} }} GROUP BY ?t"
        for row in rows(query):
            term, count = row["t"]["value"], int(row["n"]["value"])
            if term in found and not found[term].count:
                address = url_for("protocol.sparql", query=f"SELECT * {{ {pattern.format(f'<{term}>')} }}")
                found[term] = Uses(count, kind, address, ())
    return {
        term: replace(own, questions=tuple(questions.get(short(term), ()))) for term, own in found.items()
    }


def _questions() -> dict[str, list[Query]]:
    """Return by prefixed name of a term the questions whose text names it."""
    found: dict[str, list[Query]] = {}
    for query in state().library:
        for name in sorted(set(re.findall(r"\b(?:tacit|def):\w+", query.text))):
            found.setdefault(name, []).append(query)
    return found
