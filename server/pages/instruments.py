"""The page of a treaty or another text: its names, clauses and life as each source reports them."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Final

from server.pages.claims import Claim, claims
from server.pages.reading import Facts, begin, facts, ordered, said, things
from server.resources import ABOUT
from server.thing import Thing
from tacit.names import TACIT

#: Of a provision its own kind only; the wider ones are inferred.
_PROVISIONS: Final = """SELECT DISTINCT ?claim ?provision ?kind ?label {
  ?claim tacit:instrument %s ; tacit:hasProvision ?provision .
  GRAPH ?g { ?provision a ?kind } FILTER(?g != graph:inferred) ?kind rdfs:label ?label }"""
_NAMES: Final = """SELECT DISTINCT ?claim ?name { ?claim tacit:instrument %s ; tacit:nameUsed ?name
  FILTER NOT EXISTS { ?claim tacit:instrument ?second FILTER(?second != %s) } } ORDER BY ?name ?claim"""


@dataclass(frozen=True)
class Provision:
    """A clause as the source of *claim* reports it: its *kind*, and what else is told of it.

    Where a source finds the text in force and reports no clause, the kind is "".
    """

    claim: Claim
    kind: str
    facts: Facts


def _about(thing: Thing) -> dict[str, Any]:
    iri = str(thing.iri)
    events = ordered(f"?claim a tacit:EventClaim ; tacit:instrument {iri}")
    replaced = ordered(f"?claim tacit:replacedBy {iri}")
    life = sorted({claim.iri: claim for claim in (*events, *replaced)}.values(), key=begin)
    absences = ordered(f"?claim a tacit:AbsenceFinding ; tacit:instrument {iri}")
    labels = ordered(
        "VALUES ?kind { tacit:Verdict tacit:OfficialDescription tacit:NotDescribedAsPactFound "
        "tacit:StatementClaim } "
        f"?claim a ?kind ; tacit:instrument {iri}"
    )
    told = facts(claim.iri for claim in (*life, *absences))
    return {
        "facts": facts([thing.iri.value])[thing.iri.value],
        "names": _names(iri),
        "provisions": _provisions(iri),
        "absences": [(claim, told[claim.iri]) for claim in absences],
        "life": [(claim, told[claim.iri]) for claim in life],
        "labels": labels,
        "said": said(f"?claim tacit:about {iri}"),
    }


def _names(iri: str) -> list[tuple[str, list[Claim]]]:
    """Return what the sources call it, each name with the claims that use it."""
    found = things(_NAMES.replace("%s", iri))
    known = claims(row["claim"] for row in found)
    names: dict[str, list[Claim]] = defaultdict(list)
    for row in found:
        if row["claim"] in known:
            names[row["name"]].append(known[row["claim"]])
    return list(names.items())


def _provisions(iri: str) -> list[tuple[str, list[Provision]]]:
    """Return the clauses by source; what only a verdict implies comes last."""
    found = things(_PROVISIONS % iri)
    told = facts(row["provision"] for row in found)
    by_source: dict[str, list[Provision]] = defaultdict(list)
    for claim in ordered(f"?claim a tacit:TreatyFound ; tacit:instrument {iri}"):
        own = sorted((row for row in found if row["claim"] == claim.iri), key=lambda row: row["label"])
        by_source[claim.source.name] += [
            Provision(claim, row["label"], told[row["provision"]]) for row in own
        ] or [Provision(claim, "", {})]
    return [(source, sorted(own, key=lambda it: bool(it.claim.basis))) for source, own in by_source.items()]


ABOUT[f"{TACIT}Instrument"] = ("instrument.html", _about)
