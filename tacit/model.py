"""What explanations and what-ifs know: the judge of the built graph, and what a reader may call its things.

All of it comes through SPARQL, so that it works wherever the built graph can be asked.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any, Final

from rdflib import RDF, BNode, Graph, URIRef
from rdflib.term import Node

from tacit.judge import Judge, classifying, in_order
from tacit.lookup import find
from tacit.names import PREFIXES, TACIT, short

#: Answers a SELECT query over the built graph with SPARQL results in JSON.
Ask = Callable[[str], bytes]

PROLOGUE: Final = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in PREFIXES.items())

_SCHEMA: Final = "SELECT ?s ?p ?o { GRAPH graph:ontology { ?s ?p ?o } FILTER(!ISLITERAL(?o)) }"
_EDGES: Final = "SELECT DISTINCT ?s ?p ?o { VALUES ?p { %s } GRAPH ?g { ?s ?p ?o } }"
_TYPES: Final = """SELECT DISTINCT ?s ?o { { SELECT DISTINCT ?s { VALUES ?p { %s } GRAPH ?g { ?x ?p ?s } } }
    GRAPH ?h { ?s a ?o } }"""
_CLAIMS: Final = """SELECT ?claim ?source ?basis ?from {
    GRAPH ?g { ?claim tacit:source ?source
        OPTIONAL { ?claim tacit:codingBasis ?basis } OPTIONAL { ?claim prov:wasDerivedFrom ?from } } }"""
_LABELS: Final = """SELECT DISTINCT ?thing ?label {
    VALUES ?kind { tacit:Tie tacit:Portrayal tacit:Article tacit:Dataset tacit:Definition tacit:Condition }
    VALUES ?property { rdfs:label skos:altLabel dcterms:identifier }
    GRAPH ?g { ?thing a ?kind } GRAPH ?h { ?thing ?property ?label } } ORDER BY ?thing ?property ?label"""

_MEANINGS: Final = """SELECT DISTINCT ?thing ?meaning {
    VALUES ?kind { tacit:Definition tacit:Condition }
    GRAPH ?g { ?thing a ?kind ; skos:definition ?meaning } FILTER(LANG(?meaning) IN ("", "en")) }"""
_TIES: Final = "SELECT DISTINCT ?tie { GRAPH ?g { ?tie a tacit:Tie } } ORDER BY ?tie"


class Claim:
    """A claim's source, whether only verdicts imply it, and the claims from which it is derived."""

    def __init__(self) -> None:
        self.source: Node = TACIT.Source
        self.implied = False
        self.derived_from: set[Node] = set()


class Model:
    """The built graph, as far as definitions, portrayals, findings and names go."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self.judge = self._judge()

    def rows(self, query: str) -> list[dict[str, str]]:
        """Return the answer to a SELECT query, with our prefixes, as the text of its values."""
        return [{name: str(term["value"]) for name, term in row.items()} for row in self._bindings(query)]

    @cached_property
    def claims(self) -> dict[Node, Claim]:
        """Return every claim by its IRI."""
        claims: dict[Node, Claim] = defaultdict(Claim)
        for row in self.rows(_CLAIMS):
            claim = claims[URIRef(row["claim"])]
            claim.source = URIRef(row["source"])
            claim.implied = row.get("basis") == str(TACIT.ImpliedByVerdict)
            if "from" in row:
                claim.derived_from.add(URIRef(row["from"]))
        return dict(claims)

    @cached_property
    def labels(self) -> dict[Node, list[str]]:
        """Return the labels of ties, portrayals, sources, definitions, conditions, the proper one first."""
        labels: dict[Node, list[str]] = defaultdict(list)
        for row in sorted(self.rows(_LABELS), key=lambda row: row["label"].isdigit()):
            if row["label"] not in labels[URIRef(row["thing"])]:
                labels[URIRef(row["thing"])].append(row["label"])
        return dict(labels)

    @cached_property
    def meanings(self) -> dict[Node, str]:
        """Return what each definition and condition says, in a sentence."""
        return {URIRef(row["thing"]): row["meaning"] for row in self.rows(_MEANINGS)}

    @cached_property
    def ties(self) -> list[Node]:
        """Return all ties, whether or not somebody portrays them."""
        return [URIRef(row["tie"]) for row in self.rows(_TIES)]

    @cached_property
    def sources(self) -> list[Node]:
        """Return the sources that portray something."""
        return in_order(self.judge.graph.objects(None, TACIT.evidenceBase))

    def label(self, thing: Node) -> str:
        """Return the label of *thing*, or else its name."""
        return self.labels.get(thing, [short(str(thing))])[0]

    def find(self, kind: str, things: Iterable[Node], name: str) -> Node:
        """Return the one of *things*, each a *kind*, that *name* means. Raises UnknownNameError."""
        return find(kind, {thing: self.labels.get(thing, []) for thing in things}, name)

    def _bindings(self, query: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self._ask(PROLOGUE + query))["results"]["bindings"]
        return found

    def _judge(self) -> Judge:
        graph, told = Graph(), Graph()
        for row in self._bindings(_SCHEMA):
            graph.add((_node(row["s"]), _node(row["p"]), _node(row["o"])))
        edges = {*classifying(graph), TACIT.hasFinding, TACIT.hasProvision, TACIT.portrays}
        names = " ".join(f"<{edge}>" for edge in sorted(edges, key=str))
        told += graph
        for row in self._bindings(_EDGES % f"{names} tacit:evidenceBase tacit:readingOf"):
            graph.add((_node(row["s"]), _node(row["p"]), _node(row["o"])))
        for row in self._bindings(_TYPES % names):
            graph.add((_node(row["s"]), RDF.type, _node(row["o"])))
        # of a portrayal nothing is told but that it is one: its inferred classes are what is asked for
        for portrayal in set(graph.subjects(TACIT.portrays)):
            graph.add((portrayal, RDF.type, TACIT.Portrayal))
        return Judge(graph, graph)


def _node(term: dict[str, str]) -> Node:
    return BNode(term["value"]) if term["type"] == "bnode" else URIRef(term["value"])
