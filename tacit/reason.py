"""The closure: what follows by OWL 2 RL from the ontology's axioms, in either of two reasoners."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final, cast

import owlrl
import reasonable
from rdflib import OWL, RDF, RDFS, BNode, Graph, URIRef
from rdflib.namespace import Namespace
from rdflib.paths import MulPath
from rdflib.term import Node

from tacit.derive import Triple
from tacit.errors import Fault, FaultsError
from tacit.files import Project
from tacit.names import BASE, short

#: The properties of which an axiom is made, as far as both reasoners know them.
AXIOMS: Final = {
    RDFS.subClassOf,
    RDFS.subPropertyOf,
    RDFS.domain,
    RDFS.range,
    OWL.equivalentClass,
    OWL.equivalentProperty,
    OWL.disjointWith,
    OWL.inverseOf,
    OWL.intersectionOf,
    OWL.unionOf,
    OWL.onProperty,
    OWL.someValuesFrom,
    OWL.hasValue,
    RDF.first,
    RDF.rest,
}
_BUILT_IN: Final = (str(OWL), str(RDFS), str(RDF))
CHARACTERISTICS: Final = {OWL.TransitiveProperty, OWL.SymmetricProperty}

#: From a class to those which it is part of, an intersection's members included.
_MEMBER: Final = OWL.equivalentClass / OWL.intersectionOf / MulPath(RDF.rest, "*") / RDF.first
_WIDER: Final = MulPath(RDFS.subClassOf | _MEMBER, "+")

_IRI: Final = re.compile(re.escape(BASE) + r"[\w/#-]+")
_ERROR: Final = Namespace("http://www.daml.org/2002/03/agents/agent-ont#").error


def _owlrl(graph: Graph) -> Graph:
    closure = Graph()
    closure += graph
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(closure)
    return closure


def _reasonable(graph: Graph) -> Graph:
    closure = Graph()
    for triple in consequences(graph):
        closure.add(triple)
    return closure


def consequences(triples: Iterable[Triple]) -> list[Triple]:
    """Return *triples* and what the fast reasoner infers from them, for whoever looks through it once."""
    reasoner = reasonable.PyReasoner()
    reasoner.from_graph(triples)
    return cast("list[Triple]", reasoner.reason())


#: The reference, and one that is many times faster; both give the same answer.
REASONERS: Final[dict[str, Callable[[Graph], Graph]]] = {"owlrl": _owlrl, "reasonable": _reasonable}


def close(project: Project, graph: Graph, reasoner: str) -> set[Triple]:
    """Return what *graph* entails and does not say: types, our properties, classes below classes; all IRIs.

    Raises FaultsError if the graph contradicts itself.
    """
    closure = REASONERS[reasoner](premises(graph))
    faults = _contradictions(project, closure)
    if faults:
        raise FaultsError(faults)
    return {triple for triple in (*closure, *_wider_classes(graph)) if _worth_saying(*triple)} - set(graph)


def premises(graph: Graph) -> Graph:
    """Return the part of *graph* from which anything can follow: axioms, types, and what axioms speak of.

    It holds no literal, which owlrl would make a subject. A property that no axiom mentions entails nothing
    as long as nothing is the same as anything else, and owlrl needs time for each of its triples.
    """
    live = set(graph.objects(None, OWL.onProperty))
    for axiom in (RDFS.subPropertyOf, RDFS.domain, RDFS.range, OWL.equivalentProperty, OWL.inverseOf):
        live.update(graph.subjects(axiom), graph.objects(None, axiom))
    for characteristic in CHARACTERISTICS:
        live.update(graph.subjects(RDF.type, characteristic))
    premises = Graph()
    for s, p, o in graph:
        between_ours = (p in live or p == RDF.type) and _ours(s) and _ours(o)
        if between_ours or p in AXIOMS or o in CHARACTERISTICS:
            premises.add((s, p, o))
    return premises


def _ours(node: Node) -> bool:
    return isinstance(node, URIRef) and node.startswith(BASE)


def _wider_classes(graph: Graph) -> Iterator[Triple]:
    """Walk the classes by hand: reasonable does not relate classes to each other, owlrl does."""
    for cls, wider in graph.subject_objects(_WIDER):
        yield cls, RDFS.subClassOf, wider


def _worth_saying(s: Node, p: Node, o: Node) -> bool:
    """Tell our news from a closure's noise, such as x p x, or that all is an owl:Thing."""
    if s == o or not _ours(s) or not isinstance(o, URIRef):
        return False
    if p == RDF.type:
        return not str(o).startswith(_BUILT_IN)
    return _ours(p) or (p == RDFS.subClassOf and _ours(o))


def _contradictions(project: Project, closure: Graph) -> list[Fault]:
    """Find members of disjoint classes ourselves, as reasonable reports none; then see what owlrl reports."""
    faults = []
    for a, b in (*closure.subject_objects(OWL.disjointWith), (OWL.Nothing, OWL.Nothing)):
        for entity in set(closure.subjects(RDF.type, a)) & set(closure.subjects(RDF.type, b)):
            first, second = sorted((short(str(a)), short(str(b))))
            message = f"It is inferred to be both {first} and {second}, of which nothing is both."
            cure = "Mend the type, or a claim from which it follows."
            faults.append(project.fault(entity, "disjoint", message, cure))
    if not faults:
        for text in closure.objects(None, _ERROR):
            iri = _IRI.search(str(text))
            entity = URIRef(iri[0]) if iri else BNode()
            faults.append(project.fault(entity, "inconsistent", f"{text}.", "Mend the axiom or the data."))
    return sorted(set(faults), key=str)
