"""The axioms of an ontology one by one, each with a name: a triple, or a whole expression of blank nodes.

The name is the axiom in OWL's Manchester syntax, all on one line. It stands for the axiom wherever it is
published, as blank nodes have no names of their own.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from rdflib import OWL, RDF, RDFS, BNode, Graph
from rdflib.collection import Collection
from rdflib.term import Node

from tacit.derive import Triple
from tacit.names import short
from tacit.reason import CHARACTERISTICS

_KEYWORDS: Final[dict[Node, str]] = {
    RDFS.subClassOf: "SubClassOf",
    RDFS.subPropertyOf: "SubPropertyOf",
    RDFS.domain: "Domain",
    RDFS.range: "Range",
    OWL.equivalentClass: "EquivalentTo",
    OWL.equivalentProperty: "EquivalentTo",
    OWL.disjointWith: "DisjointWith",
    OWL.inverseOf: "InverseOf",
    RDF.type: "Characteristics",
}
_LISTS: Final[dict[Node, str]] = {OWL.intersectionOf: " and ", OWL.unionOf: " or "}
_RESTRICTIONS: Final[dict[Node, str]] = {OWL.someValuesFrom: "some", OWL.hasValue: "value"}
#: In these each side follows from the other.
_BOTH_WAYS: Final = {OWL.equivalentClass, OWL.equivalentProperty, OWL.inverseOf}


@dataclass(frozen=True)
class Axiom:
    """An axiom: what it is made of, and the classes and properties *from* which it concludes *to* others.

    *either* says that one of the sources suffices; else it takes all.
    """

    name: str
    triples: tuple[Triple, ...]
    sources: frozenset[Node]
    targets: frozenset[Node]
    either: bool


def axioms(schema: Graph) -> dict[str, Axiom]:
    """Return the axioms of *schema* by name, in the order of names."""
    found = {}
    for s, p, o in schema:
        if p in _KEYWORDS and (p != RDF.type or o in CHARACTERISTICS):
            axiom = _axiom(schema, (s, p, o))
            found[axiom.name] = axiom
    return dict(sorted(found.items()))


def relevant(known: Iterable[Axiom], given: set[Node], goal: Node) -> list[Axiom]:
    """Return the axioms on a way from *given* classes and properties to *goal*, as far as names can tell.

    This narrows a search and decides nothing: whether they suffice is for the reasoner to say.
    """
    known = list(known)
    reached, size = set(given), -1
    while size != (size := len(reached)):
        for axiom in known:
            if _starts(axiom, reached):
                reached |= axiom.targets
    usable = [axiom for axiom in known if _starts(axiom, reached)]
    wanted, size = {goal}, -1
    while size != (size := len(wanted)):
        for axiom in usable:
            if axiom.targets & wanted:
                wanted |= axiom.sources
    return [axiom for axiom in usable if axiom.targets & wanted]


def _starts(axiom: Axiom, reached: set[Node]) -> bool:
    return bool(axiom.sources & reached) if axiom.either else axiom.sources <= reached


def _axiom(schema: Graph, head: Triple) -> Axiom:
    s, p, o = head
    triples = [head, *_below(schema, s), *_below(schema, o)]
    sources, targets = _symbols(schema, s), _symbols(schema, o)
    either = any(predicate == OWL.unionOf for _, predicate, _ in triples)
    if p in _BOTH_WAYS and isinstance(s, BNode) == isinstance(o, BNode):
        sources = targets = sources | targets
        either = True
    elif p in _BOTH_WAYS and isinstance(o, BNode):  # a definition, as it concludes to what it defines
        sources, targets = targets, sources
    name = f"{_written(schema, s)} {_KEYWORDS[p]}: {_written(schema, o)}"
    return Axiom(name, tuple(triples), frozenset(sources), frozenset(targets), either)


def _below(schema: Graph, node: Node) -> list[Triple]:
    """Return the triples of the expression that is *node*, if it is a blank one."""
    if not isinstance(node, BNode):
        return []
    own = [triple for triple in schema.triples((node, None, None)) if triple[1] not in _KEYWORDS]
    return [*own, *(triple for _, _, o in own for triple in _below(schema, o))]


def _symbols(schema: Graph, node: Node) -> set[Node]:
    if not isinstance(node, BNode):
        return {node}
    return {o for _, _, o in _below(schema, node) if not isinstance(o, BNode) and o != RDF.nil}


def _written(schema: Graph, node: Node, *, inner: bool = False) -> str:
    """Return a class in Manchester syntax; an expression of a kind unknown here with all that it says."""
    if not isinstance(node, BNode):
        return short(str(node))
    said = {p: o for p, o in schema.predicate_objects(node) if p not in _KEYWORDS}
    kinds = said.keys() - {OWL.onProperty}
    if kinds <= _LISTS.keys() and len(kinds) == 1:
        (kind,) = kinds
        text = _LISTS[kind].join(
            _written(schema, part, inner=True) for part in Collection(schema, said[kind])
        )
    elif kinds <= _RESTRICTIONS.keys() and len(kinds) == 1 and OWL.onProperty in said:
        (kind,) = kinds
        filler = _written(schema, said[kind], inner=True)
        text = f"{short(str(said[OWL.onProperty]))} {_RESTRICTIONS[kind]} {filler}"
    else:
        parts = sorted(f"{short(str(p))} {_written(schema, o, inner=True)}" for p, o in said.items())
        return f"[{'; '.join(parts)}]"
    return f"({text})" if inner else text
