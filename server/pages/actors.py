"""The page of an actor: its ties with what follows for them, its predecessors, offices and statements."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Final

from server.labels import Cell, iri_cell
from server.pages.claims import Claim
from server.pages.outcomes import CONTRADICTED, OUTCOMES, SILENT, Outcome, of_cell
from server.pages.reading import facts, ordered, said, things
from server.resources import ABOUT
from server.thing import Thing
from tacit.names import TACIT

_TIES: Final = """SELECT DISTINCT ?tie ?label { ?tie a tacit:Tie ; tacit:party %s ; rdfs:label ?label }
ORDER BY ?label"""
#: Readings hold what only a verdict implies, and are left out.
_CELLS: Final = """SELECT DISTINCT ?tie ?definition ?result {
  ?tie tacit:party %s . ?cell tacit:forTie ?tie ; tacit:underDefinition ?definition ; tacit:result ?result ;
    tacit:assesses ?portrayal
  FILTER NOT EXISTS { ?portrayal tacit:readingOf ?plain } }"""
_LINES: Final = """SELECT DISTINCT ?how ?other ?label {
  { %s tacit:successorOf ?other BIND("after" AS ?how) }
  UNION { ?other tacit:successorOf %s BIND("before" AS ?how) }
  UNION { ?other tacit:ofActor %s ; a tacit:Policy BIND("policy" AS ?how) }
  UNION { ?other tacit:signatory|tacit:issuedBy %s BIND("text" AS ?how) }
  UNION { ?other dcterms:creator %s BIND("wrote" AS ?how) }
  UNION { ?other prov:wasAttributedTo %s ; a tacit:Definition BIND("definition" AS ?how) }
  ?other rdfs:label ?label } ORDER BY ?how ?label"""


@dataclass(frozen=True)
class Ranked:
    """A tie, and by how many definitions each outcome follows for a portrayal of it; None: it has none."""

    tie: Cell
    outcomes: list[tuple[Outcome, int]] | None


def tally(cells: list[dict[str, str]]) -> dict[str, list[tuple[Outcome, int]]]:
    """Return for each tie by how many definitions each outcome follows; *cells* are such results."""
    seen: dict[str, dict[Outcome, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in cells:
        seen[row["tie"]][of_cell(row["definition"], row["result"])].add(row["definition"])
    order = [outcome for outcome in OUTCOMES if outcome not in (SILENT, CONTRADICTED)] + [CONTRADICTED]
    return {
        tie: [(outcome, len(of[outcome])) for outcome in order if outcome in of] for tie, of in seen.items()
    }


def _about(thing: Thing) -> dict[str, Any]:
    iri = str(thing.iri)
    marks = tally(things(_CELLS % iri))
    lines: dict[str, list[Cell]] = defaultdict(list)
    for row in things(_LINES.replace("%s", iri)):
        lines[row["how"]].append(iri_cell(row["other"], {row["other"]: row["label"]}))
    held = ordered(f"?claim a tacit:OfficeClaim ; tacit:holder {iri}")
    offices = facts(claim.iri for claim in held)
    return {
        "ties": [
            Ranked(iri_cell(row["tie"], {row["tie"]: row["label"]}), marks.get(row["tie"]))
            for row in things(_TIES % iri)
        ],
        "lines": lines,
        "names": facts([thing.iri.value])[thing.iri.value].get("altLabel", []),
        "offices": [(claim, offices[claim.iri]) for claim in held],
        "statements": _spoken(iri),
        "ascribed": ordered(f"?claim tacit:ascribedTo {iri}"),
        "said": said(f"?claim tacit:about {iri}"),
    }


def _spoken(iri: str) -> list[Claim]:
    return ordered(f"?claim tacit:speaker {iri}")


ABOUT[f"{TACIT}PoliticalActor"] = ("actor.html", _about)
