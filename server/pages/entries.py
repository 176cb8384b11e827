"""What there is to see of the ties through a lens: who says what of which tie, and for which years."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from server.labels import address, labels
from server.pages import outcomes
from server.pages.behind import Behind
from server.pages.claims import Source
from server.pages.lens import Lens, Seen, Verdicts, of_cell
from server.pages.period import Period, period
from server.rdf import Row
from tacit.names import short


@dataclass(frozen=True)
class Entry:
    """One verdict of *source* on *tie*, or one portrayal, as *seen* through a lens.

    *claim* is the verdict, or ""; *portrayals* are the phases that it speaks of, or the one that is seen. A
    *reading* is a portrayal with what a verdict implies. Without *period* no time is given. *detail* says how
    the verdict is worded and known.
    """

    tie: str
    source: str
    portrayals: tuple[str, ...]
    seen: Seen
    period: Period | None
    claim: str = ""
    reading: bool = False
    detail: str = ""


@dataclass(frozen=True)
class Phase:
    """A stretch that a source sets apart, with the label of its portrayal."""

    tie: str
    source: str
    portrayal: str
    period: Period
    label: str


@dataclass(frozen=True)
class Wanted:
    """What a reader wants to see: IRIs of an actor and a source, the key of an outcome, a year; or all."""

    actor: str = ""
    source: str = ""
    outcome: str = ""
    year: int | None = None

    @property
    def patterns(self) -> str:
        """The part of a query that leaves out other actors and sources."""
        actor = f"  ?tie tacit:party <{self.actor}> .\n" if self.actor else ""
        return actor + (f"  VALUES ?source {{ <{self.source}> }}\n" if self.source else "")


@dataclass(frozen=True)
class Sight:
    """All that is seen: entries, the phases that they are set in, and the query that found them."""

    entries: list[Entry]
    phases: list[Phase]
    behind: Behind


_BOUNDS: Final = """  OPTIONAL { ?thing tacit:beginEarliest ?beginEarliest ;
             tacit:beginLatest ?beginLatest ; tacit:endEarliest ?endEarliest }
  OPTIONAL { ?thing tacit:endLatest ?endLatest }
  OPTIONAL { ?thing tacit:endOpen ?endOpen }
  OPTIONAL { ?thing tacit:edtf ?edtf }
"""
#: A data set gives no verdicts: what it says is its coding, under the widest of its own definitions.
_SAID: Final = f"""  {{ ?portrayal tacit:portrays ?tie ; tacit:evidenceBase ?source .
    FILTER NOT EXISTS {{ ?portrayal tacit:readingOf ?plain }}
    BIND(?portrayal AS ?thing)
    OPTIONAL {{ ?portrayal rdfs:label ?label }}
    OPTIONAL {{ ?source a tacit:Dataset ; dcterms:creator ?coder .
      ?definition a tacit:Definition ; prov:wasAttributedTo ?coder ; rdfs:label ?definition_label .
      FILTER NOT EXISTS {{ ?definition rdfs:subClassOf ?wider . ?wider a tacit:Definition
                          FILTER(?wider != ?definition) }}
      ?cell tacit:assesses ?portrayal ; tacit:underDefinition ?definition ; tacit:result ?result }}
    OPTIONAL {{ ?portrayal tacit:hasFinding ?unlisted . ?unlisted a tacit:NotListed }}
  }} UNION {{
    ?claim a tacit:Verdict ; tacit:onTie ?tie ; tacit:source ?source ; tacit:category ?category ;
        tacit:stance ?stance .
    BIND(?claim AS ?thing)
    OPTIONAL {{ ?claim tacit:ofPortrayal ?portrayal }}
    OPTIONAL {{ ?claim tacit:termUsed ?term }}
    OPTIONAL {{ ?claim tacit:instrument ?treaty }}
    OPTIONAL {{ ?claim tacit:givenThat ?condition }}
    OPTIONAL {{ ?claim tacit:codingBasis ?basis }}
  }}
{_BOUNDS}"""
_ASSESSED: Final = f"""  ?cell tacit:forTie ?tie ; tacit:forSource ?source ; tacit:assesses ?portrayal ;
      tacit:underDefinition ?definition ; tacit:result ?result .
  BIND(?portrayal AS ?thing)
  OPTIONAL {{ ?definition rdfs:label ?definition_label }}
  OPTIONAL {{ ?portrayal rdfs:label ?label }}
  OPTIONAL {{ ?portrayal tacit:readingOf ?reading_of }}
  OPTIONAL {{ ?portrayal tacit:hasFinding ?unlisted . ?unlisted a tacit:NotListed }}
{_BOUNDS}"""
_NAMES: Final = (
    "?tie ?source ?portrayal ?beginEarliest ?beginLatest ?endEarliest ?endLatest ?endOpen ?edtf ?label "
    "?definition ?definition_label ?result ?unlisted"
)
_GRAPH: Final = """CONSTRUCT {
  ?thing ?property ?value . ?cell tacit:assesses ?portrayal ; tacit:underDefinition ?definition ;
      tacit:result ?result .
}
WHERE {
%s  ?thing ?property ?value .
}
"""
_BASES: Final = {
    "tacit:ImpliedInPassage": "implied",
    "tacit:FollowsFromList": "follows from a list",
    "tacit:Computed": "computed",
}


def look(lens: Lens, wanted: Wanted) -> Sight:
    """Return what *lens* shows of what is *wanted*."""
    if lens.definition:
        where = f"{wanted.patterns}  VALUES ?definition {{ <{lens.definition}> }}\n{_ASSESSED}"
        names = f"{_NAMES} ?reading_of"
    else:
        where = wanted.patterns + _SAID
        names = f"{_NAMES} ?claim ?category ?stance ?term ?treaty ?condition ?basis"
    order = "?tie ?source ?beginEarliest ?endEarliest ?portrayal"
    order += "" if lens.definition else " ?claim ?term"
    behind = Behind(
        f"SELECT DISTINCT {names}\nWHERE {{\n{where}}}\nORDER BY {order}\n",
        _GRAPH % where,
    )
    found = behind.rows()
    entries = [*_verdicts(found), *_portrayals(found)]
    phases = {p.portrayal: p for row in found if "claim" not in row for p in _phase(row)}
    if not lens.definition:  # the phase of a verdict is no entry of its own, but its frame
        spoken = {portrayal for entry in entries if entry.claim for portrayal in entry.portrayals}
        entries = [e for e in entries if e.claim or e.portrayals[0] not in spoken]
    year = wanted.year
    if year is not None:
        entries = [e for e in entries if e.period is None or e.period.covers(year) is not False]
        phases = {iri: p for iri, p in phases.items() if p.period.covers(year) is not False}
    if wanted.outcome:
        entries = [entry for entry in entries if entry.seen.outcome.key == wanted.outcome]
    return Sight(entries, list(phases.values()), behind)


def names_of(things: Iterable[str]) -> dict[str, str]:
    """Return the labels of *things*, or else their names."""
    wanted = set(things)
    return {iri: short(iri) for iri in wanted} | labels(wanted)


def source_of(sources: Mapping[str, Source], iri: str) -> Source:
    """Return the one of *sources* that *iri* names; data of others may have one that is not described."""
    name = short(iri)
    return sources.get(iri) or Source(iri, name, name, name, address(iri), dataset=False)


def rank(sources: Mapping[str, Source]) -> Callable[[str], int]:
    """Return what says at which place of *sources* an IRI is; what is not there is last."""
    order = {iri: number for number, iri in enumerate(sources)}
    return lambda iri: order.get(iri, len(order))


def called(source: Source) -> str:
    """Return the name of *source* without its author."""
    return source.name.partition(" (")[0]


def _verdicts(found: list[Row]) -> Iterable[Entry]:
    grouped: dict[str, list[Row]] = defaultdict(list)
    for row in found:
        if "claim" in row:
            grouped[row["claim"]["value"]].append(row)
    if not grouped:
        return
    known = Verdicts()
    for claim, rows in grouped.items():
        row = rows[0]
        yield Entry(
            row["tie"]["value"],
            row["source"]["value"],
            tuple(dict.fromkeys(r["portrayal"]["value"] for r in rows if "portrayal" in r)),
            known.seen(row["category"]["value"], row["stance"]["value"], conditional="condition" in row),
            period(_facts(row)),
            claim=claim,
            detail=_detail(rows),
        )


def _portrayals(found: list[Row]) -> Iterable[Entry]:
    """Return what is seen of portrayals; an article without verdicts on one is silent about it."""
    for row in found:
        if "claim" in row:
            continue
        if "result" in row:
            name = row.get("definition_label", row["definition"])["value"]
            seen = of_cell(row["definition"]["value"], name, row["result"]["value"])
        else:
            seen = Seen(outcomes.SILENT, "no verdict")
        yield Entry(
            row["tie"]["value"],
            row["source"]["value"],
            (row["portrayal"]["value"],),
            seen,
            period(_facts(row)),
            reading="reading_of" in row,
            detail="looked up, and not listed" if "unlisted" in row else "",
        )


def _phase(row: Row) -> Iterable[Phase]:
    found = period(_facts(row))
    if found:
        portrayal = row["portrayal"]["value"]
        label = row["label"]["value"] if "label" in row else short(portrayal)
        yield Phase(row["tie"]["value"], row["source"]["value"], portrayal, found, label)


def _facts(row: Row) -> dict[str, str]:
    return {name: term["value"] for name, term in row.items()}


def _detail(rows: list[Row]) -> str:
    terms = dict.fromkeys(row["term"]["value"] for row in rows if "term" in row)
    parts = [" or ".join(f"“{term}”" for term in terms), "of its treaty" if "treaty" in rows[0] else ""]
    parts.append(_BASES.get(short(rows[0].get("basis", {}).get("value", "")), ""))
    return ", ".join(part for part in parts if part)
