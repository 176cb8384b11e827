"""Why each definition holds for a tie, is contradicted, or is silent, down to claims and paragraphs."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final

from rdflib import RDF, RDFS, URIRef
from rdflib.term import Node

from tacit.errors import TacitError
from tacit.judge import Judgement, in_order
from tacit.lookup import UnknownNameError, local
from tacit.model import Model
from tacit.names import TACIT, short

_REASONS: Final = """SELECT ?portrayal ?definition ?reason ?property ?value {
    VALUES ?tie { <%s> } VALUES ?property { tacit:member tacit:premise tacit:axiom }
    GRAPH graph:assessments {
        ?cell tacit:forTie ?tie ; tacit:assesses ?portrayal ; tacit:underDefinition ?definition ;
            tacit:justifiedBy ?reason .
        ?reason ?property ?value } }"""
_MORE: Final = """SELECT ?portrayal ?definition { VALUES ?tie { <%s> }
    GRAPH graph:assessments { ?cell tacit:forTie ?tie ; tacit:assesses ?portrayal ;
        tacit:underDefinition ?definition ; tacit:moreJustifications true } }"""
_CLAIMS: Final = """SELECT DISTINCT ?claim ?stance ?paraphrase ?paragraph {
    VALUES ?tie { <%s> }
    GRAPH ?f { ?portrayal tacit:portrays ?tie } GRAPH graph:inferred { ?portrayal tacit:hasFinding ?claim }
    GRAPH ?g { ?claim tacit:stance ?stance OPTIONAL { ?claim tacit:paraphrase ?paraphrase }
        OPTIONAL { ?claim tacit:passage/tacit:paragraph ?paragraph } } } ORDER BY ?claim ?paragraph"""

#: What a justification lists under each property.
_PARTS: Final = {str(TACIT.member): "claims", str(TACIT.premise): "premises", str(TACIT.axiom): "axioms"}

Account = dict[str, Any]


def explain(model: Model, tie: str, *, definition: str | None = None, source: str | None = None) -> Account:
    """Return how *tie* fares under all definitions, or one, as all sources portray it, or one.

    ``{tie, label, portrayals: [{id, label, source, reading_of, cells: [{definition, name, meaning,
    necessary_test, result, conditions: [{id, name, state, by_tie, claims}], looked_up, reasons: [{claims,
    premises, axioms}], more_reasons, hangs_on}]}], claims: {id: {source, name, paragraphs, stance, implied,
    paraphrase}}}``. A condition's *state* is ``met``, ``contradicted`` or ``lacking``; *claims* are those
    that meet or contradict it by themselves, unless the tie does, *by_tie*. *reasons* are minimal sets, each
    of which suffices. Raises UnknownNameError, with the nearest names, for a tie, definition or source, and
    TacitError for a tie that nobody portrays.
    """
    judge = model.judge
    found = model.find("tie", model.ties, tie)
    definitions = (
        [model.find("definition", judge.definitions, definition)] if definition else judge.definitions
    )
    portrayals = in_order(judge.graph.subjects(TACIT.portrays, found))
    if not portrayals:
        raise TacitError(f"No source portrays {short(str(found))}, so no definition is applied to it.")
    if source:
        portrayals = _of_source(model, found, portrayals, source)
    judge.ask(
        (portrayal, frozenset(part))
        for portrayal in portrayals
        for own in [judge.findings[portrayal]]
        for part in (own, (), *([f] for f in own), *(own - {f} for f in own))
    )
    account = _Account(model, found)
    accounts = [account.portrayal(portrayal, definitions) for portrayal in portrayals]
    return {
        "tie": short(str(found)),
        "label": model.label(found),
        "portrayals": accounts,
        "claims": {name: account.claims[name] for name in sorted({n for p in accounts for n in _named(p)})},
    }


class _Account:
    """What the graph says of one tie's cells."""

    def __init__(self, model: Model, tie: Node) -> None:
        self._model = model
        self._judge = model.judge
        self._reasons = _reasons(model, tie)
        self._more = {(row["portrayal"], row["definition"]) for row in model.rows(_MORE % tie)}
        self.claims = _claims(model, tie)

    def portrayal(self, portrayal: Node, definitions: Iterable[Node]) -> Account:
        graph = self._judge.graph
        return {
            "id": short(str(portrayal)),
            "label": self._model.label(portrayal),
            "source": _names(graph.objects(portrayal, TACIT.evidenceBase))[0],
            "reading_of": next(iter(_names(graph.objects(portrayal, TACIT.readingOf))), None),
            "cells": [self._cell(portrayal, definition) for definition in definitions],
        }

    def _cell(self, portrayal: Node, definition: Node) -> Account:
        graph, findings = self._judge.graph, self._judge.findings[portrayal]
        conditions = self._judge.definitions[definition]
        judgement = self._judge.judge(portrayal, findings, conditions)
        cell = (str(portrayal), str(definition))
        return {
            "definition": short(str(definition)),
            "name": self._model.label(definition),
            "meaning": self._model.meanings.get(definition, ""),
            "necessary_test": (definition, RDFS.subClassOf, TACIT.NecessaryTest) in graph,
            "result": local(judgement.result).lower(),
            "conditions": [told(self._model, portrayal, c, judgement) for c in in_order(conditions)],
            "looked_up": _names(f for f in findings if (f, RDF.type, TACIT.NotListed) in graph),
            "reasons": self._reasons.get(cell, []),
            "more_reasons": cell in self._more,
            "hangs_on": _names(self._judge.needed(portrayal, findings, conditions, judgement)),
        }


def told(model: Model, portrayal: Node, condition: Node, judgement: Judgement) -> Account:
    """Return the state of one *condition* of a definition that was judged, as a cell of `explain` has it."""
    judge = model.judge
    if condition in judgement.against:
        state, claims = "contradicted", judgement.against[condition]
        by_tie = condition in judge.against(portrayal, frozenset())
    elif condition in judgement.lacks:
        state, claims, by_tie = "lacking", set(), False
    else:
        state, by_tie = "met", condition in judge.types(portrayal, ())
        own = judge.findings[portrayal]
        claims = {f for f in own if not by_tie and condition in judge.types(portrayal, [f])}
    return {
        "id": short(str(condition)),
        "name": model.label(condition),
        "state": state,
        "by_tie": by_tie,
        "claims": _names(claims),
    }


def _reasons(model: Model, tie: Node) -> dict[tuple[str, str], list[Account]]:
    """Return the justifications of each cell, in the order in which the build numbered them."""
    found: dict[tuple[str, str], dict[str, dict[str, list[str]]]] = defaultdict(dict)
    for row in model.rows(_REASONS % tie):
        cell = found[row["portrayal"], row["definition"]]
        reason = cell.setdefault(row["reason"], {part: [] for part in _PARTS.values()})
        part = _PARTS[row["property"]]
        reason[part].append(row["value"] if part == "axioms" else short(row["value"]))
    for cell in found.values():
        for reason in cell.values():
            for names in reason.values():
                names.sort()
    numbered = {key: sorted(cell, key=lambda iri: int(iri.rpartition("-")[2])) for key, cell in found.items()}
    return {key: [found[key][iri] for iri in iris] for key, iris in numbered.items()}


def _claims(model: Model, tie: Node) -> dict[str, Account]:
    claims: dict[str, Account] = {}
    for row in model.rows(_CLAIMS % tie):
        known = model.claims[URIRef(row["claim"])]
        claim = claims.setdefault(
            short(row["claim"]),
            {
                "source": short(str(known.source)),
                "name": model.label(known.source),
                "paragraphs": [],
                "stance": local(URIRef(row["stance"])).lower(),
                "implied": known.implied,
                "paraphrase": row.get("paraphrase", ""),
            },
        )
        if "paragraph" in row:
            claim["paragraphs"].append(int(row["paragraph"]))
    return claims


def _of_source(model: Model, tie: Node, portrayals: list[Node], name: str) -> list[Node]:
    source = model.find("source", model.sources, name)
    bases = {p: set(model.judge.graph.objects(p, TACIT.evidenceBase)) for p in portrayals}
    found = [portrayal for portrayal in portrayals if source in bases[portrayal]]
    if not found:
        others = ", ".join(_names(set().union(*bases.values())))
        raise UnknownNameError(
            f"{short(str(source))} does not portray {short(str(tie))}; these do: {others}."
        )
    return found


def _named(portrayal: Account) -> Iterable[str]:
    for cell in portrayal["cells"]:
        yield from cell["looked_up"]
        yield from (name for part in (*cell["conditions"], *cell["reasons"]) for name in part["claims"])


def _names(things: Iterable[Node]) -> list[str]:
    return [short(str(thing)) for thing in in_order(things)]
