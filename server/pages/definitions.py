"""Each definition: its conditions, whose it is, and what falls under it."""

from collections import Counter
from typing import Any, Final

from flask import Blueprint, redirect, render_template, url_for
from rdflib import RDFS
from rdflib.term import Node
from werkzeug.wrappers import Response as BaseResponse

from server.errors import ProblemError
from server.labels import Cell, iri_cell, labels
from server.pages.behind import Behind, keep_page
from server.pages.claims import claims
from server.pages.outcomes import (
    ALLIANCE,
    BY_CLASS,
    CONTRADICTED,
    PASSED,
    SILENT,
    Outcome,
    outcomes_of_definitions,
    words,
)
from server.reasons import model
from tacit import define
from tacit.judge import in_order
from tacit.lookup import UnknownNameError, local
from tacit.model import Model
from tacit.names import DEF, TACIT

blueprint = Blueprint("definitions", __name__)

_LIST: Final = """SELECT ?definition ?label ?meaning ?whose ?basis ?ascribed_to ?conditions
    ?holds ?contradicted ?silent
WHERE {
  ?definition a tacit:Definition ; rdfs:label ?label ; skos:definition ?meaning ;
      tacit:definitionBasis ?basis ; prov:wasAttributedTo ?whose .
  OPTIONAL { ?definition tacit:ascribedTo ?ascribed_to }
  { SELECT ?definition (GROUP_CONCAT(STRAFTER(STR(?condition), STR(def:)); separator=" ") AS ?conditions)
    WHERE {
      ?definition owl:equivalentClass/owl:intersectionOf/rdf:rest*/rdf:first ?condition .
      ?condition a tacit:Condition
    } GROUP BY ?definition }
  { SELECT ?definition (SUM(IF(?result = tacit:Holds, 1, 0)) AS ?holds)
        (SUM(IF(?result = tacit:Contradicted, 1, 0)) AS ?contradicted)
        (SUM(IF(?result = tacit:Silent, 1, 0)) AS ?silent)
    WHERE { ?cell tacit:underDefinition ?definition ; tacit:result ?result } GROUP BY ?definition }
}
ORDER BY ?definition
"""
_CELLS: Final = """SELECT ?tie ?tie_label ?portrayal ?label ?source ?result
WHERE {
  VALUES ?definition { %s }
  ?cell tacit:underDefinition ?definition ; tacit:result ?result ; tacit:forTie ?tie ;
      tacit:forSource ?source ; tacit:assesses ?portrayal .
  ?tie rdfs:label ?tie_label . ?portrayal rdfs:label ?label
}
ORDER BY ?tie_label ?source ?portrayal
"""
_SAID: Final = """SELECT ?p ?o { VALUES ?definition { %s }
    VALUES ?p { prov:wasAttributedTo tacit:ascribedTo tacit:definitionBasis dcterms:bibliographicCitation
        skos:scopeNote skos:example tacit:counterExample prov:wasDerivedFrom }
    GRAPH graph:ontology { ?definition ?p ?o } } ORDER BY ?o"""
_OWN: Final = """CONSTRUCT {
  ?definition ?p ?o .
  ?definition owl:equivalentClass ?class .
  ?class a owl:Class ; owl:intersectionOf ?list .
  ?item rdf:first ?first ; rdf:rest ?rest
}
WHERE {
  %s
  GRAPH graph:ontology {
    ?definition a tacit:Definition .
    { ?definition ?p ?o FILTER(?p != owl:equivalentClass) } UNION {
      ?definition owl:equivalentClass ?class .
      ?class owl:intersectionOf ?list .
      ?list rdf:rest* ?item .
      ?item rdf:first ?first ; rdf:rest ?rest
    }
  }
}
"""
#: What a page about a definition says of it, in this order, beside its conditions and its claims.
_FACTS: Final = (
    ("wasAttributedTo", "whose"),
    ("definitionBasis", "how we have it"),
    ("ascribedTo", "ascribed to"),
    ("bibliographicCitation", "stands in"),
    ("scopeNote", "note"),
    ("example", "example"),
    ("counterExample", "counter-example"),
)
_BASES: Final = {
    "Stated": "stated by its author",
    "Reconstructed": "reconstructed by us from what its author says",
    "AttributedByOpponent": "attributed to the author by an opponent",
}
_RESULTS: Final = ("Holds", "Contradicted", "Silent")
#: The order of outcomes on the page.
_ORDER: Final = list(BY_CLASS.values())


@blueprint.get("/definitions")
def definitions() -> str:
    """List the definitions by what they make of a tie, with how many portrayals fall under each."""
    keep_page()
    known, outcomes = model(), outcomes_of_definitions()
    every = define.conditions(known).values()
    behind = Behind(_LIST, _OWN % "")
    groups: dict[Outcome, list[dict[str, Any]]] = {outcome: [] for outcome in _ORDER}
    found = behind.rows()
    names = labels({row[name]["value"] for row in found for name in ("whose", "ascribed_to") if name in row})
    for row in found:
        one: dict[str, Any] = {name: term["value"] for name, term in row.items()}
        iri = one["definition"]
        one |= {
            "name": iri.partition("#")[2],
            "basis": _BASES.get(one["basis"].partition("#")[2], ""),
            "whose": iri_cell(one["whose"], names),
            "ascribed_to": iri_cell(one["ascribed_to"], names) if "ascribed_to" in one else None,
            "conditions": [(c.name, c.label) for c in every if c.name in one["conditions"].split()],
            "within": [known.label(d) for d in _related(known, DEF[iri.partition("#")[2]])["wider"]],
        }
        groups[outcomes.get(iri, ALLIANCE)].append(one)
    return render_template(
        "definitions.html",
        groups=[(outcome, own) for outcome, own in groups.items() if own],
        total=sum(map(len, groups.values())),
        behind=behind,
    )


@blueprint.get("/definitions/<name>")
def definition(name: str) -> str | BaseResponse:
    """Show one definition, all that it rests on, and for what it holds; another of its names leads to it."""
    known = model()
    try:
        node = known.find("definition", known.judge.definitions, name[:200])
    except UnknownNameError as error:
        raise ProblemError("not-found", str(error)) from error
    if name != local(node):
        return redirect(url_for("definitions.definition", name=local(node)), 301)
    keep_page()
    said: dict[str, list[str]] = {}
    for row in known.rows(_SAID % f"<{node}>"):
        said.setdefault(row["p"].rpartition("/")[2].rpartition("#")[2], []).append(row["o"])
    behind = Behind(_CELLS % f"<{node}>", _OWN % f"VALUES ?definition {{ <{node}> }}")
    ties = _ties(behind)
    every = define.conditions(known)
    outcome = outcomes_of_definitions().get(str(node), ALLIANCE)
    return render_template(
        "definition.html",
        name=local(node),
        label=known.label(node),
        meaning=known.meanings.get(node, ""),
        outcome=outcome,
        test=outcome is PASSED,
        words=words(outcome),
        facts=_facts(said),
        claims=claims(said.get("wasDerivedFrom", ())).values(),
        conditions=[_condition(known, every[c]) for c in every if c in known.judge.definitions[node]],
        related={kind: _named(known, own) for kind, own in _related(known, node).items()},
        ties=ties,
        counts=Counter(cell["result"] for tie in ties for cell in tie["cells"]),
        marks=dict(zip(_RESULTS, (outcome, CONTRADICTED, SILENT), strict=True)),
        behind=behind,
    )


def _facts(said: dict[str, list[str]]) -> list[tuple[str, list[Cell]]]:
    names = labels(value for values in said.values() for value in values)

    def cell(value: str) -> Cell:
        if value.startswith("http"):
            return iri_cell(value, names)
        return Cell(value)

    told = {
        **said,
        "definitionBasis": [_BASES.get(b.partition("#")[2], b) for b in said.get("definitionBasis", ())],
    }
    return [(word, [cell(value) for value in told[name]]) for name, word in _FACTS if told.get(name)]


def _ties(behind: Behind) -> list[dict[str, Any]]:
    """Return the cells tie by tie; ties for which the definition holds come first."""
    ties: dict[str, dict[str, Any]] = {}
    for row in behind.rows():
        tie = ties.setdefault(
            row["tie"]["value"],
            {"name": row["tie"]["value"].rpartition("/")[2], "label": row["tie_label"]["value"], "cells": []},
        )
        result = row["result"]["value"].partition("#")[2]
        tie["cells"].append({"label": row["label"]["value"], "result": result})
    for tie in ties.values():
        tie["cells"].sort(key=lambda cell: _RESULTS.index(cell["result"]))
    return sorted(ties.values(), key=lambda tie: _RESULTS.index(tie["cells"][0]["result"]))


def _condition(known: Model, condition: define.Condition) -> dict[str, Any]:
    """Return what meets a condition, and what negates it or a weaker one, as links."""
    graph = known.judge.graph
    weaker = set(graph.transitive_objects(condition.node, RDFS.subClassOf))
    negating = {n for one in weaker for n in graph.subjects(TACIT.negates, one)}
    excluding = {o for p, o in _both(known) if p == condition.node}
    meeting = {cls for _, cls in condition.ways}
    names = labels(str(n) for n in meeting | negating)
    return {
        "condition": condition,
        "met": [iri_cell(str(n), names) for n in in_order(meeting)],
        "negated": [iri_cell(str(n), names) for n in in_order(negating)],
        "excluded": [iri_cell(str(n), {str(n): known.label(n)}) for n in in_order(excluding)],
        "any_of": [known.label(n) for n in in_order(graph.objects(condition.node, TACIT.anyOf))],
    }


def _both(known: Model) -> set[tuple[Node, Node]]:
    """Return the pairs of conditions of which each rules out the other."""
    pairs = set(known.judge.graph.subject_objects(TACIT.excludes))
    return pairs | {(b, a) for a, b in pairs}


def _related(known: Model, node: Node) -> dict[str, list[Node]]:
    """Return the definitions above and below it, and those that ask for the same."""
    graph, every = known.judge.graph, known.judge.definitions
    return {
        "wider": [d for d in every if d != node and (node, RDFS.subClassOf, d) in graph],
        "narrower": [d for d in every if d != node and (d, RDFS.subClassOf, node) in graph],
        "same": [d for d in every if d != node and every[d] == every.get(node)],
    }


def _named(known: Model, nodes: list[Node]) -> list[tuple[str, str]]:
    return [(local(node), known.label(node)) for node in nodes]
