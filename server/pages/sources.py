"""Each article and data set: what it claims, in reading order, and who disputes what."""

from collections import defaultdict
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from flask import Blueprint, render_template

from server.labels import Cell, iri_cell
from server.pages.answers import ANSWERS
from server.pages.behind import Behind, keep_page
from server.pages.choices import choice, only
from server.pages.claims import Claim, Source, claims, sources
from server.pages.kinds import page_of
from server.pages.reading import Facts, behind, facts, ordered, things
from server.resources import ABOUT
from server.thing import Thing
from tacit.names import ID, TACIT, short

blueprint = Blueprint("sources", __name__)

_SOURCES: Final = Behind(
    """SELECT ?source (COUNT(DISTINCT ?claim) AS ?claims)
WHERE {
  ?source a tacit:Source .
  OPTIONAL { ?claim tacit:source ?source ; a tacit:Claim }
}
GROUP BY ?source
ORDER BY ?source
""",
    "CONSTRUCT { ?source ?property ?value }\nWHERE { ?source a tacit:Source ; ?property ?value }\n",
)
_TIES: Final = """SELECT DISTINCT ?source ?tie ?label {
  ?portrayal tacit:evidenceBase ?source ; tacit:portrays ?tie . ?tie rdfs:label ?label }
ORDER BY ?source ?label"""
_PORTRAYED: Final = """SELECT DISTINCT ?tie ?label ?portrayal ?name ?reading ?verdict {
  { ?portrayal tacit:evidenceBase %s ; tacit:portrays ?tie ; rdfs:label ?name .
    OPTIONAL { ?portrayal tacit:readingOf ?reading } OPTIONAL { ?portrayal tacit:beginEarliest ?begin }
    OPTIONAL { ?verdict tacit:ofPortrayal ?portrayal ; a tacit:Verdict } }
  UNION { ?verdict tacit:source %s ; a tacit:Verdict ; tacit:onTie ?tie
    FILTER NOT EXISTS { ?verdict tacit:ofPortrayal ?any } }
  ?tie rdfs:label ?label
} ORDER BY ?label ?begin ?portrayal ?verdict"""
_ANSWERS: Final = """SELECT DISTINCT ?claim ?how ?other {
  VALUES ?how { cito:disputes cito:refutes cito:qualifies cito:supports tacit:concedes }
  ?claim ?how ?other ; tacit:source ?source . ?other tacit:source ?another
  FILTER(?source = %s || ?another = %s) } ORDER BY ?claim ?other"""
_DEFINITIONS: Final = """SELECT DISTINCT ?definition ?label ?meaning ?basis {
  { ?definition prov:wasDerivedFrom/tacit:source %s }
  UNION { %s a tacit:Dataset ; dcterms:creator ?author . ?definition prov:wasAttributedTo ?author }
  ?definition a tacit:Definition ; rdfs:label ?label .
  OPTIONAL { ?definition skos:definition ?meaning }
  OPTIONAL { ?definition tacit:definitionBasis/rdfs:label ?basis }
} ORDER BY ?label"""


_TITLES: Final = (
    _TO_OTHERS := "What it answers to other sources",
    _ASCRIBED := "What it answers to views that it ascribes to others",
    _FROM_OTHERS := "What other sources answer to it",
    _WITHIN := "How its own claims bear on each other",
)


@dataclass(frozen=True)
class Portrayed:
    """A tie as a source sees it: its *phases*, each with its verdicts, and the *verdicts* of no phase."""

    tie: Cell
    phases: list[tuple[Cell, bool, list[Claim]]]
    verdicts: list[Claim]


@blueprint.get("/sources")
def list_() -> str:
    """List the articles and data sets."""
    only()
    keep_page()
    counts = {row["source"]["value"]: int(row["claims"]["value"]) for row in _SOURCES.rows()}
    ties: dict[str, list[Cell]] = defaultdict(list)
    for row in things(_TIES):
        ties[row["source"]].append(iri_cell(row["tie"], {row["tie"]: row["label"]}))
    known = facts(counts)
    shown = [
        (source, known[iri], dated(known[iri]), counts[iri], ties[iri])
        for iri, source in sources().items()
        if iri in counts
    ]
    return render_template("sources.html", sources=shown, behind=_SOURCES)


def dated(of: Facts) -> str:
    """Return in a sentence of which time a source speaks, and how that is known."""

    def one(name: str) -> str:
        return of[name][0].text if of.get(name) else ""

    begin, end = one("asOfEarliest"), one("asOfLatest")
    if not begin:
        return f"Covers {one('coverageBegin')} to {one('coverageEnd')}" if one("coverageBegin") else ""
    years = begin if begin == end else f"{begin} or {end}"
    if one("issued"):
        kind = {"Page": "the date of the page", "Byline": "dated by the byline"}
        local = of["dateKind"][0].title.rpartition("#")[2] if of.get("dateKind") else ""
        return f"{one('issued')} ({kind.get(local, 'as dated')})"
    known = {str(TACIT.OutsideKnowledge): "known from outside, the text gives no date"}
    basis = of["asOfBasis"][0].title if of.get("asOfBasis") else ""
    return f"{years} ({known.get(basis, 'from the text')})"


def _about(thing: Thing) -> dict[str, Any]:
    iri = str(thing.iri)
    own = sources().get(thing.iri.value)
    if own is None:  # without the reasoner's classes there is nothing to tell
        return {"source": None}
    every = ordered(f"?claim tacit:source {iri}")
    definitions = [(iri_cell(row["definition"], {}), row) for row in things(_DEFINITIONS % (iri, iri))]
    of = facts([thing.iri.value])[thing.iri.value]
    return {
        "source": own,
        "facts": of,
        "dated": dated(of),
        "ties": _portrayed(iri),
        "answers": _answers(iri),
        "positions": _positions(iri),
        "definitions": [(page_of(cell.title), row) for cell, row in definitions],
        "behind": behind(f"?claim tacit:source {iri}"),
        **_narrowed(own, every),
    }


def _narrowed(own: Source, every: list[Claim]) -> dict[str, Any]:
    """Return the claims that ``?kind=``, ``?stance=`` and ``?tie=`` leave, by paragraph, and the choices."""
    kinds = {claim.kind: claim.kind for claim in sorted(every, key=lambda claim: claim.kind)}
    stances = {claim.stance: claim.stance for claim in sorted(every, key=lambda claim: claim.stance)}
    on: dict[str, set[str]] = defaultdict(set)
    names: dict[str, str] = {}
    query = f"SELECT DISTINCT ?claim ?tie ?label {{ ?claim tacit:source <{own.iri}> ; tacit:about ?tie . "
    for row in things(f"{query} ?tie a tacit:Tie ; rdfs:label ?label }} ORDER BY ?label"):
        on[row["tie"].removeprefix(str(ID))].add(row["claim"])
        names[row["tie"].removeprefix(str(ID))] = row["label"]
    kind, stance, tie = choice("kind", kinds), choice("stance", stances), choice("tie", names)
    left = [
        claim
        for claim in every
        if kind in ("", claim.kind) and stance in ("", claim.stance) and (not tie or claim.iri in on[tie])
    ]
    return {
        "paragraphs": [
            (number, list(group))
            for number, group in groupby(left, key=lambda c: c.paragraphs[0] if c.paragraphs else None)
        ],
        "left": len(left),
        "total": len(every),
        "filters": [
            ("tie", "Tie", names, tie),
            ("kind", "Kind", kinds, kind),
            ("stance", "Stance", stances, stance),
        ],
    }


def _portrayed(iri: str) -> list[Portrayed]:
    found = things(_PORTRAYED % (iri, iri))
    verdicts = claims(row["verdict"] for row in found if "verdict" in row)
    ties: dict[str, Portrayed] = {}
    for row in found:
        tie = ties.setdefault(row["tie"], Portrayed(iri_cell(row["tie"], {row["tie"]: row["label"]}), [], []))
        own = [verdicts[row["verdict"]]] if row.get("verdict") in verdicts else []
        if "portrayal" not in row:
            tie.verdicts.extend(own)
        elif tie.phases and tie.phases[-1][0].title == row["portrayal"]:
            tie.phases[-1][2].extend(own)
        else:
            cell = iri_cell(row["portrayal"], {row["portrayal"]: row["name"]})
            tie.phases.append((cell, "reading" in row, own))
    return list(ties.values())


def _answers(iri: str) -> list[tuple[str, list[tuple[Claim, list[tuple[str, Claim]]]]]]:
    """Return which claims answer which others and how, in reading order, below one of `_TITLES` each."""
    found = things(_ANSWERS % (iri, iri))
    known = claims(claim for row in found for claim in (row["claim"], row["other"]))
    words = {name: does for name, does, _ in ANSWERS}
    groups: dict[str, dict[str, list[tuple[str, Claim]]]] = defaultdict(lambda: defaultdict(list))
    for row in found:
        if row["claim"] in known and row["other"] in known:
            claim, other = known[row["claim"]], known[row["other"]]
            by_own = claim.source.iri == other.source.iri
            title = (
                _ASCRIBED
                if by_own and other.ascribed_to
                else _WITHIN
                if by_own
                else _TO_OTHERS
                if f"<{claim.source.iri}>" == iri
                else _FROM_OTHERS
            )
            groups[title][claim.iri].append((words[short(row["how"])], other))
    return [
        (
            title,
            sorted(
                ((known[claim], others) for claim, others in groups[title].items()),
                key=lambda pair: (pair[0].source.short, pair[0].paragraphs),
            ),
        )
        for title in _TITLES
        if title in groups
    ]


def _positions(iri: str) -> list[tuple[Cell, str, list[Claim]]]:
    query = "SELECT ?position ?thesis ?claim {{ ?claim tacit:source {} ; tacit:position ?position . "
    found = things(query.format(iri) + "?position skos:definition ?thesis } ORDER BY ?thesis ?claim")
    known = claims(row["claim"] for row in found)
    groups = groupby(found, key=lambda row: (row["position"], row["thesis"]))
    return [
        (
            iri_cell(position, {position: thesis}),
            thesis,
            [known[r["claim"]] for r in group if r["claim"] in known],
        )
        for (position, thesis), group in groups
    ]


for _class in ("Article", "Dataset"):
    ABOUT[f"{TACIT}{_class}"] = ("source.html", _about)
