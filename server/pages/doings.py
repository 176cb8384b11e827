"""The pages of events, policies and positions: each source's account, side by side."""

from collections import defaultdict
from typing import Any, Final

from server.labels import Cell
from server.pages.claims import Claim
from server.pages.reading import Facts, begin, facts, ordered, said
from server.resources import ABOUT
from server.thing import Thing
from tacit.names import TACIT


def _event(thing: Thing) -> dict[str, Any]:
    iri = str(thing.iri)
    return {
        "facts": facts([thing.iri.value])[thing.iri.value],
        "accounts": _with_facts(ordered(f"?claim a tacit:EventClaim ; tacit:event {iri}")),
        "motives": ordered(f"?claim a tacit:MotiveClaim ; tacit:event {iri}"),
        "said": said(f"{{ ?claim tacit:about {iri} }} UNION {{ ?claim tacit:event {iri} }}"),
    }


def _policy(thing: Thing) -> dict[str, Any]:
    iri = str(thing.iri)
    listed = _with_facts(
        ordered(f"?claim a tacit:PolicyClaim ; tacit:policy {iri} ; tacit:principle ?principle")
    )
    principles: dict[str, Cell] = {}
    by_source: dict[str, dict[str, Claim]] = defaultdict(dict)
    for claim, of in listed:
        for cell in of["principle"]:
            principles.setdefault(cell.title, cell)
            by_source[claim.source.iri].setdefault(cell.title, claim)
    sources = {claim.source.iri: claim.source for claim, _ in listed}
    exceptions = ordered(
        f"VALUES ?kind {{ tacit:PolicyClaim tacit:Argument tacit:Generalisation }} "
        f"?claim a ?kind ; tacit:about {iri}, ?tie ; tacit:source ?source . {iri} tacit:ofActor ?actor . "
        "?tie a tacit:Tie ; tacit:party ?actor . ?verdict a tacit:Verdict ; tacit:onTie ?tie ; "
        "tacit:source ?source ; tacit:stance tacit:Affirms ; tacit:category/skos:broader* tacit:Alliance"
    )
    return {
        "facts": facts([thing.iri.value])[thing.iri.value],
        "principles": [
            (cell, [by_source[source].get(name) for source in sources]) for name, cell in principles.items()
        ],
        "listing": list(sources.values()),
        "exceptions": exceptions,
        "said": said(f"{{ ?claim tacit:about {iri} }} UNION {{ ?claim tacit:policy {iri} }}"),
    }


def _principle(thing: Thing) -> dict[str, Any]:
    return {"said": said(f"?claim tacit:principle {thing.iri}")}


def _position(thing: Thing) -> dict[str, Any]:
    iri = str(thing.iri)
    sides: dict[str, list[Claim]] = defaultdict(list)
    for claim in ordered(f"?claim tacit:position {iri}"):
        sides[claim.stance].append(claim)
    order = ("affirms", "denies", "entertains", "reports")
    return {"sides": [(stance, sides[stance]) for stance in order if stance in sides]}


def _concept(thing: Thing) -> dict[str, Any]:
    iri = str(thing.iri)
    how = "tacit:concept|tacit:about|tacit:motive|tacit:necessary|tacit:sufficient"
    return {"said": said(f"?claim {how} {iri}")}


def _other(thing: Thing) -> dict[str, Any]:
    return {"said": said(f"?claim tacit:about|tacit:office|tacit:place|tacit:era {thing.iri}")}


def _with_facts(found: list[Claim]) -> list[tuple[Claim, Facts]]:
    of = facts(claim.iri for claim in found)
    return [(claim, of[claim.iri]) for claim in sorted(found, key=begin)]


_PAGES: Final = {
    f"{TACIT}Event": ("event.html", _event),
    f"{TACIT}Policy": ("policy.html", _policy),
    f"{TACIT}Principle": ("said.html", _principle),
    f"{TACIT}Position": ("position.html", _position),
    "http://www.w3.org/2004/02/skos/core#Concept": ("said.html", _concept),
    f"{TACIT}Office": ("said.html", _other),
    f"{TACIT}Place": ("said.html", _other),
    f"{TACIT}Era": ("said.html", _other),
}
ABOUT.update(_PAGES)
