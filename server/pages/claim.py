"""The page of a claim: what is said where, what rests on it, and which claims it answers."""

from collections import defaultdict
from typing import Any, Final

from flask import url_for

from server.labels import Cell, iri_cell
from server.pages.answers import ANSWERS
from server.pages.claims import Claim, claims
from server.pages.kinds import page_of
from server.pages.outcomes import of_cell
from server.pages.reading import facts, things
from server.resources import ABOUT
from server.thing import Thing
from tacit.names import DEF, ID, TACIT, short

_PASSAGES: Final = """SELECT DISTINCT ?passage ?paragraph ?start ?end {
  %s tacit:passage ?passage . ?passage tacit:paragraph ?paragraph ; oa:hasSelector ?selector .
  ?selector oa:start ?start ; oa:end ?end } ORDER BY ?start ?end"""
_CELLS: Final = """SELECT DISTINCT ?cell ?portrayal ?name ?tie ?definition ?label ?result ?reason ?mine ?more
{
  ?cell tacit:justifiedBy/tacit:member %s ; tacit:assesses ?portrayal ; tacit:underDefinition ?definition ;
    tacit:forTie ?tie ; tacit:result ?result ; tacit:justifiedBy ?reason .
  ?portrayal rdfs:label ?name . ?definition rdfs:label ?label .
  BIND(EXISTS { ?reason tacit:member %s } AS ?mine)
  BIND(EXISTS { ?cell tacit:moreJustifications true } AS ?more)
} ORDER BY ?name ?portrayal ?label"""
_RELATED: Final = """SELECT DISTINCT ?how ?back ?other {
  VALUES ?how { cito:disputes cito:refutes cito:qualifies cito:supports tacit:concedes tacit:ground
    prov:wasDerivedFrom }
  { %s ?how ?other BIND(false AS ?back) } UNION { ?other ?how %s BIND(true AS ?back) }
  ?other tacit:source ?source } ORDER BY ?other"""
_DEFINITIONS: Final = """SELECT DISTINCT ?definition ?label {
  ?definition a tacit:Definition ; rdfs:label ?label ; prov:wasDerivedFrom %s } ORDER BY ?label"""
#: What a claim does to others, and others to it, in the order of the page.
_WORDS: Final = (
    *((name, f"It {does}", f"It is {done}") for name, does, done in ANSWERS),
    ("tacit:ground", "It rests on", "It is a ground of"),
    ("prov:wasDerivedFrom", "It is derived from", "From it is derived"),
)


def _about(thing: Thing) -> dict[str, Any]:
    iri = str(thing.iri)
    own = claims([thing.iri.value]).get(thing.iri.value)
    of = facts([thing.iri.value])[thing.iri.value]
    passages = things(_PASSAGES % iri)
    concerned = {cell.title: cell for name in ("onTie", "about") for cell in of.get(name, [])}
    return {
        "claim": own,
        "facts": of,
        "passages": passages,
        "concerned": sorted(concerned.values(), key=lambda cell: (cell.label or cell.text).casefold()),
        "cells": _cells(iri),
        "portrayals": of.get("ofPortrayal", []),
        "related": _related(iri),
        "definitions": [(page_of(row["definition"]), row["label"]) for row in things(_DEFINITIONS % iri)],
        "without": url_for("why.what_if", without=short(thing.iri.value)),
    }


def _cells(iri: str) -> list[tuple[Cell, list[dict[str, Any]]]]:
    """Return by portrayal the outcomes that rest on this claim, and whether they hang on it alone."""
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in things(_CELLS.replace("%s", iri)):
        found[row["cell"]].append(row)
    by_portrayal: dict[str, list[dict[str, Any]]] = defaultdict(list)
    names: dict[str, str] = {}
    for rows in found.values():
        row = rows[0]
        names[row["portrayal"]] = row["name"]
        by_portrayal[row["portrayal"]].append(
            {
                "label": row["label"],
                "outcome": of_cell(row["definition"], row["result"]),
                "alone": all(it["mine"] == "true" for it in rows) and row["more"] != "true",
                "link": page_of(row["definition"]),
                "why": url_for(
                    "why.explain",
                    tie=row["tie"].removeprefix(str(ID)),
                    definition=row["definition"].removeprefix(str(DEF)),
                ),
            }
        )
    return [(iri_cell(portrayal, names), rows) for portrayal, rows in by_portrayal.items()]


def _related(iri: str) -> list[tuple[str, list[Claim]]]:
    found = things(_RELATED.replace("%s", iri))
    known = claims(row["other"] for row in found)
    groups: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    for row in found:
        if row["other"] in known:
            groups[short(row["how"]), row["back"]].append(known[row["other"]])
    return [
        (words, groups[name, back])
        for name, forth, backward in _WORDS
        for words, back in ((forth, "false"), (backward, "true"))
        if (name, back) in groups
    ]


ABOUT[f"{TACIT}Claim"] = ("claim_page.html", _about)
