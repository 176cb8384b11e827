"""What the engine knows of the things that can be matched, asked once, when the server starts."""

import json
from collections.abc import Callable, Iterator
from typing import Final

from server.matching import PROPERTIES, TYPES, Index, Thing
from tacit.engine import Answer
from tacit.names import ID, PREFIXES, TACIT

_PROLOGUE: Final = "".join(f"PREFIX {prefix}: <{PREFIXES[prefix]}>\n" for prefix in ("tacit", "rdfs", "skos"))
_NAMES: Final = """
SELECT DISTINCT ?thing ?type ?kind ?name WHERE {
  VALUES ?type { %s }
  ?thing a ?type .
  { ?thing rdfs:label ?name BIND("label" AS ?kind) }
  UNION { ?thing skos:altLabel ?name BIND("other" AS ?kind) }
  # what Wikidata calls it, and what the articles call an instrument
  UNION {
    { ?link tacit:linkOf ?thing ; tacit:matchType skos:exactMatch ; tacit:itemLabel ?name }
    UNION { ?claim tacit:instrument ?thing ; tacit:nameUsed ?name }
    BIND("other" AS ?kind)
  }
}
ORDER BY ?thing ?kind ?name
"""
_VALUES: Final = (
    "SELECT DISTINCT ?thing ?p ?value WHERE { VALUES ?p { %s } ?thing ?p ?value } ORDER BY ?thing ?p ?value"
)
_CODES: Final = ("wikidata", "cow", "iso-alpha-2", "iso-alpha-3")


def gather(ask: Callable[..., Answer]) -> Index:
    """Return the index of all things of our types which the data behind *ask* names."""
    things: dict[str, Thing] = {}
    types = " ".join(f"<{iri(type_)}>" for type_ in TYPES)
    for row in _rows(ask, _NAMES % types):
        id_ = row["thing"].removeprefix(str(ID))
        if id_ == row["thing"]:
            continue  # not one of our names
        type_ = next(type_ for type_ in TYPES if iri(type_) == row["type"])
        thing = things.setdefault(id_, Thing(id_, "", type_, {id_: "id"}))
        if thing.type in _above(type_):
            thing.type = type_  # the reasoner adds the wider ones
        if row["kind"] == "label" and not thing.name:
            thing.name = row["name"]
            thing.names[row["name"]] = "label"
        thing.names.setdefault(row["name"], "other")
    names = {iri_: name for name, (_, path) in PROPERTIES.items() for iri_ in [_expanded(path)]}
    for row in _rows(ask, _VALUES % " ".join(f"<{iri_}>" for iri_ in names)):
        found = things.get(row["thing"].removeprefix(str(ID)))
        if found is None:
            continue
        property_ = names[row["p"]]
        value = row["value"].removeprefix(str(ID)).removeprefix(PREFIXES["wd"])
        found.values[property_].append(value)
        if property_ in _CODES:
            found.names.setdefault(value, "code")
    return Index(thing for thing in things.values() if thing.name)


def iri(type_: str) -> str:
    """Return the IRI of a type of `TYPES`."""
    return type_ if "://" in type_ else str(TACIT[type_])


def _above(type_: str) -> Iterator[str]:
    while above := TYPES[type_][1]:
        yield above
        type_ = above


def _expanded(name: str) -> str:
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local


def _rows(ask: Callable[..., Answer], query: str) -> Iterator[dict[str, str]]:
    for row in json.loads(ask(_PROLOGUE + query, results="json").body)["results"]["bindings"]:
        yield {name: term["value"] for name, term in row.items()}
