"""Through whose eyes ties are seen: each source's own words, or one definition for all of them.

A lens is what ``?lens=`` names. Without it a source is taken at its word: its verdicts on a tie, and for a
data set, which gives no verdicts, its coding under its own definition. A definition as lens makes of each
portrayal what the reasoner has assessed.
"""

from dataclasses import dataclass
from typing import Final

from flask import request
from rdflib import URIRef
from rdflib.term import Node

from server.errors import ProblemError
from server.pages import outcomes
from server.pages.behind import declared
from server.pages.outcomes import Outcome
from server.rdf import rows
from tacit.lookup import UnknownNameError, find, local
from tacit.names import TACIT, short


@dataclass(frozen=True)
class Lens:
    """*name* stands in an address, *label* on a page; *definition* is an IRI, or "" for their own words."""

    name: str
    label: str
    definition: str = ""

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What can be seen through this lens, in the order of a legend."""
        if not self.definition:
            return outcomes.SAID
        own = outcomes.outcomes_of_definitions().get(self.definition)
        return tuple(o for o in outcomes.OUTCOMES if o in (own, outcomes.CONTRADICTED, outcomes.SILENT))


@dataclass(frozen=True)
class Seen:
    """An *outcome* in the *words* of whoever sees it; *hedged* if entertained or reported, not affirmed."""

    outcome: Outcome
    words: str
    hedged: bool = False

    @property
    def mark(self) -> str:
        """The mark of the outcome, with a question mark if it is hedged."""
        return f"{self.outcome.mark}?" if self.hedged else self.outcome.mark


#: What each source says by itself.
SAYS: Final = Lens("", "what each source itself says")

_DEFINITIONS: Final = """SELECT ?definition ?label WHERE {
  ?definition a tacit:Definition ; rdfs:label ?label .
} ORDER BY ?label ?definition
"""
_CATEGORIES: Final = """SELECT ?category ?label ?wider WHERE {
  ?category a tacit:Category ; rdfs:label ?label ; skos:broader* ?wider .
} ORDER BY ?category ?label ?wider
"""
#: The outcome of a category, the most telling first: each has Alliance above it.
_BY_CATEGORY: Final = {
    str(TACIT.FormalAlliance): outcomes.FORMAL,
    str(TACIT.InformalAlliance): outcomes.INFORMAL,
    str(TACIT.AllianceInAllButName): outcomes.ALL_BUT_NAME,
    str(TACIT.Alliance): outcomes.ALLIANCE,
}
_HEDGES: Final = {str(TACIT.Entertains): "entertained", str(TACIT.Reports): "reported"}


def choices() -> list[Lens]:
    """Return every lens there is, the sources' own words first."""
    known = outcomes.outcomes_of_definitions()
    found = {row["definition"]["value"]: row["label"]["value"] for row in rows(declared(_DEFINITIONS))}
    return [SAYS, *(Lens(local(URIRef(iri)), label, iri) for iri, label in found.items() if iri in known)]


def chosen(lenses: list[Lens] | None = None) -> Lens:
    """Return the one of *lenses*, by default of all, that ``?lens=`` of this request names.

    Raises ProblemError with the nearest names for one that is not there.
    """
    name = request.args.get("lens", "").strip()
    if not name:
        return SAYS
    by_iri: dict[Node, Lens] = {
        URIRef(lens.definition): lens for lens in lenses or choices() if lens.definition
    }
    try:
        return by_iri[find("definition", {iri: [lens.label] for iri, lens in by_iri.items()}, name[:100])]
    except UnknownNameError as error:
        raise ProblemError(
            "bad-parameter", f"The lens is the name of a definition, or none. {error}"
        ) from error


class Verdicts:
    """What the categories of the graph make of verdicts."""

    def __init__(self) -> None:
        self._labels: dict[str, str] = {}
        self._wider: dict[str, set[str]] = {}
        for row in rows(declared(_CATEGORIES)):
            category = row["category"]["value"]
            self._labels.setdefault(category, row["label"]["value"])
            self._wider.setdefault(category, set()).add(row["wider"]["value"])

    def seen(self, category: str, stance: str, *, conditional: bool = False) -> Seen:
        """Return what a verdict with *category* and *stance*, both IRIs, says of its tie."""
        label = self._labels.get(category, short(category))
        wider = self._wider.get(category, {category})
        kind = next((outcome for iri, outcome in _BY_CATEGORY.items() if iri in wider), outcomes.OTHER)
        hedge = _HEDGES.get(stance, "")
        if stance == str(TACIT.Denies):
            label = f"not {'an' if label[:1] in 'aeiou' else 'a'} {label}"
            if kind is not outcomes.OTHER:
                kind = outcomes.NOT if category == str(TACIT.Alliance) else outcomes.NOT_OF_KIND
        words = ", ".join(part for part in (label, hedge, "on a condition" if conditional else "") if part)
        return Seen(kind, words, hedged=bool(hedge))


def of_cell(definition: str, label: str, result: str) -> Seen:
    """Return what *definition*, called *label*, makes of a portrayal by *result* (``tacit:Holds`` …)."""
    outcome = outcomes.of_cell(definition, result)
    how = {outcomes.CONTRADICTED: "contradicted: ", outcomes.SILENT: "neither shown nor contradicted: "}
    return Seen(outcome, how.get(outcome, "") + label)
