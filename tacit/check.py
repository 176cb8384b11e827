"""Rules: the SHACL shapes, applied to data and ontology together, and two that SHACL would be slow to ask."""

import re
from collections.abc import Iterator
from typing import Final

import pyshacl
from rdflib import RDF, SH, BNode, Graph, URIRef
from rdflib.term import Node

from tacit.errors import Fault, TacitError
from tacit.files import SHAPES, Project
from tacit.names import BASE, DEF, ID, TACIT, short

#: A rule over all the data runs once, on the ontology as its focus node, and names its finds as sh:value.
_ONCE: Final = {URIRef(BASE + "ontology"), URIRef(BASE + "ontology#")}
#: What every name must satisfy: a look at each triple, which through pySHACL takes longer than all shapes.
HOUSE_RULES: Final = {
    "ReferenceResolves": "This is mentioned and nowhere described: give it a type, or mend its name.",
    "TermIsDeclared": "There is no such term in the ontology: mend its name, or declare it.",
}
_OURS: Final = re.compile(re.escape(BASE) + r"[\w/#-]+")


def check(project: Project) -> list[Fault]:
    """Return what breaks the project's shapes, by file and line; an empty list if nothing does.

    A fault's rule is the local name of its shape, its message the shape's sh:message. Raises TacitError if
    there are no shapes, for then any data would conform.
    """
    shapes = project.shapes()
    if (None, RDF.type, SH.NodeShape) not in shapes:
        raise TacitError(f"{SHAPES} holds no sh:NodeShape, so nothing would be checked: put the shapes back.")
    data = project.union()
    # In place: the union is ours alone, and a copy of it would take as long as many a shape.
    _, report, text = pyshacl.validate(data, shacl_graph=shapes, inplace=True)
    if not isinstance(report, Graph):
        raise TacitError(f"{SHAPES} cannot be applied: {text}")
    faults = []
    for result in report.subjects(RDF.type, SH.ValidationResult):
        focus, value = report.value(result, SH.focusNode), report.value(result, SH.value)
        entity = value if focus in _ONCE and value is not None else focus
        shape, message = report.value(result, SH.sourceShape), report.value(result, SH.resultMessage)
        rule = re.split(r"[#/]", str(_named(shapes, shape)))[-1]
        words = _OURS.sub(lambda iri: short(iri[0]), str(message))
        faults.append(project.fault(_named(data, entity), rule, words))
    for node, rule in _undescribed(data):
        faults.append(project.fault(node, rule, HOUSE_RULES[rule]))
    return sorted(faults, key=lambda fault: (fault.file, fault.line, fault.entity, fault.rule))


def _undescribed(data: Graph) -> Iterator[tuple[Node, str]]:
    """Go through the names of ours that nothing has a type for, each with the house rule that it breaks."""
    for node in {*data.predicates(unique=True), *data.objects(unique=True)} - set(data.subjects(RDF.type)):
        if isinstance(node, URIRef) and node.startswith(ID):
            yield node, "ReferenceResolves"
        elif isinstance(node, URIRef) and str(node).startswith((str(TACIT), str(DEF))):
            yield node, "TermIsDeclared"


def _named(graph: Graph, node: Node | None) -> Node:
    """Return *node*, or for a blank one the first node with an IRI that leads to it."""
    seen = set()
    while isinstance(node, BNode) and node not in seen:
        seen.add(node)
        node = min(graph.subjects(None, node), key=str, default=node)
    return node or BNode()
