"""What the filters above a picture of ties ask for, and what may be chosen there."""

import re
from functools import cached_property
from typing import Final

from flask import request
from rdflib import URIRef
from rdflib.term import Node

from server.errors import ProblemError
from server.pages.behind import declared
from server.pages.choices import only
from server.pages.claims import Source, sources
from server.pages.entries import Wanted
from server.pages.lens import Lens, choices, chosen
from server.rdf import rows
from tacit.lookup import UnknownNameError, find, local
from tacit.params import nearest

_ACTORS: Final = """SELECT DISTINCT ?thing ?label WHERE {
  ?tie a tacit:Tie ; tacit:party ?thing . ?thing rdfs:label ?label . FILTER(LANG(?label) IN ("", "en"))
} ORDER BY ?label ?thing
"""
_YEAR: Final = re.compile(r"[12][0-9]{3}")


class Asked:
    """What the address of this request asks to see, checked: a lens, the other filters, and *more* of a page.

    Raises ProblemError, with the nearest names, for what does not exist.
    """

    def __init__(self, *more: str) -> None:
        only("lens", "actor", "source", "outcome", "year", *more)
        self.lens: Lens = chosen(self.lenses)
        self.wanted = Wanted(
            self._one("actor", self.actors),
            self._one("source", {iri: source.name for iri, source in self.sources.items()}),
            self._outcome(),
            year_of(request.args.get("year", "")),
        )

    @cached_property
    def lenses(self) -> list[Lens]:
        """All lenses."""
        return choices()

    @cached_property
    def actors(self) -> dict[str, str]:
        """The labels of all actors that are party to a tie, by IRI."""
        return {row["thing"]["value"]: row["label"]["value"] for row in rows(declared(_ACTORS))}

    @cached_property
    def sources(self) -> dict[str, Source]:
        """All sources that say something of ties, articles first."""
        return sources()

    @property
    def fields(self) -> list[tuple[str, str, list[tuple[str, str]], str]]:
        """The choices of a form: name, label, values with their labels, and the value that is chosen."""
        actors = [(local(URIRef(iri)), label) for iri, label in self.actors.items()]
        sources = [(local(URIRef(iri)), source.name) for iri, source in self.sources.items()]
        return [
            ("lens", "Seen as", [(lens.name, lens.label) for lens in self.lenses], self.lens.name),
            ("actor", "Actor", [("", "all"), *actors], local(URIRef(self.wanted.actor))),
            ("source", "Source", [("", "all"), *sources], local(URIRef(self.wanted.source))),
            (
                "outcome",
                "Outcome",
                [("", "all"), *((outcome.key, outcome.label) for outcome in self.lens.outcomes)],
                self.wanted.outcome,
            ),
        ]

    def _one(self, kind: str, things: dict[str, str]) -> str:
        name = request.args.get(kind, "").strip()
        if not name:
            return ""
        known: dict[Node, list[str]] = {URIRef(iri): [label] for iri, label in things.items()}
        try:
            return str(find(kind, known, name[:100]))
        except UnknownNameError as error:
            raise ProblemError("bad-parameter", str(error)) from error

    def _outcome(self) -> str:
        key = request.args.get("outcome", "").strip()
        keys = [outcome.key for outcome in self.lens.outcomes]
        if key and key not in keys:
            raise ProblemError(
                "bad-parameter",
                f"There is no outcome {key[:100]} under this lens{nearest(key[:100], keys)}; "
                f"there are {', '.join(keys)}.",
            )
        return key


def year_of(text: str) -> int | None:
    """Return the year that *text* is, or None for none. Raises ProblemError for what is no year."""
    if not text.strip():
        return None
    if not _YEAR.fullmatch(text.strip()):
        raise ProblemError("bad-parameter", f"A year is a number such as 1978; {text[:100]} is not.")
    return int(text)
