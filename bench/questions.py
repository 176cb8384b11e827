"""What is asked: the query library with its defaults, and three heavier queries of the benchmark's own."""

import json
import re
from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from tacit import federated, library

HEAVIER: Final = Path(__file__).parent / "queries"
#: What is accepted for either kind of answer; every server in the comparison can write these two.
ACCEPT: Final = {"results": "application/sparql-results+json", "graph": "application/n-triples"}
_XSD: Final = "http://www.w3.org/2001/XMLSchema#"


@dataclass(frozen=True)
class Question:
    """A query called *name*; *kind* is that of its answer, ``results`` or ``graph``."""

    name: str
    text: str
    kind: str = "results"


def questions() -> list[Question]:
    """Return the heavier queries, and those of the library that ask no other endpoint."""
    asked = [
        Question(query.path, query.text, "graph" if query.form in ("CONSTRUCT", "DESCRIBE") else "results")
        for query in library.load()
        if not federated.services(query.text)
    ]
    return asked + [
        Question(f"heavier/{path.stem}", path.read_text(encoding="utf-8"))
        for path in sorted(HEAVIER.glob("*.rq"))
    ]


def content(kind: str, body: bytes) -> Hashable:
    """Return what *body* says, so that equal answers are equal.

    Rows without an order may come in any, blank nodes have any label, and the members of a GROUP_CONCAT
    come in any order, so that of a text only the words count. ``1`` is another way to write true.
    """
    if kind == "graph":
        dataset = ox.Dataset(ox.Quad(*quad.triple) for quad in ox.parse(body, format=ox.RdfFormat.N_TRIPLES))
        dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        return frozenset(map(str, dataset))
    found = json.loads(body)
    if "boolean" in found:
        return bool(found["boolean"])
    rows = Counter(
        tuple(sorted((name, *_term(term)) for name, term in row.items()))
        for row in found["results"]["bindings"]
    )
    return frozenset(rows.items())


def _term(term: dict[str, Any]) -> tuple[str, ...]:
    if term["type"] == "bnode":
        return ("bnode",)
    if term["type"] == "uri":
        return "uri", term["value"]
    datatype = term.get("datatype", "").removeprefix(_XSD)
    value = (
        {"1": "true", "0": "false"}.get(term["value"], term["value"])
        if datatype == "boolean"
        else term["value"]
    )
    words = " ".join(sorted(re.findall(r"[\w#:./-]+", value)))
    return words, "" if datatype == "string" else datatype, term.get("xml:lang", "").lower()
