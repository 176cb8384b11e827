"""A definition of one's own: named conditions, put together as an OWL class and as a query."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from rdflib import OWL, RDF, RDFS, BNode, Graph, Literal
from rdflib.term import Node

from tacit.judge import in_order
from tacit.lookup import local
from tacit.model import Model
from tacit.names import PREFIXES, TACIT, short

Set = frozenset[Node]

#: The path from a portrayal to what meets a condition, and the class of that.
Way = tuple[tuple[Node, ...], Node]

#: What conditions are about, in the order in which a reader meets them.
GROUPS: Final = {
    "parties": "The parties",
    "treaty": "What an instrument provides",
    "practice": "What is done, or promised outside an instrument",
    "description": "What officials call it",
    "absence": "What is expressly said to be lacking",
    "choice": "Any of several",
}


_FOUND: Final = "?tie ?source ?portrayal"


@dataclass(frozen=True)
class Condition:
    """A condition for a reader; *group* is a key of `GROUPS`, *ways* are those in which it is met."""

    node: Node
    name: str
    label: str
    meaning: str
    group: str
    ways: frozenset[Way]


@dataclass(frozen=True)
class Own:
    """A definition: a *label*, the class of *outcome* that it gives, the *conditions* that it asks for."""

    label: str
    outcome: Node
    conditions: Set

    def turtle(self, iri: str, meaning: str) -> str:
        """Return it as Turtle, as `ontology/definitions.ttl` writes definitions; *iri* is its name."""
        prefixes = ("tacit", "def", "owl", "rdfs", "skos")
        declared = "".join(f"@prefix {prefix}: <{PREFIXES[prefix]}> .\n" for prefix in prefixes)
        members = " ".join(short(str(c)) for c in (TACIT.Portrayal, *in_order(self.conditions)))
        return (
            f"{declared}\n<{iri}> a owl:Class, tacit:Definition ;\n"
            f"    rdfs:subClassOf {short(str(self.outcome))} ; rdfs:label {_text(self.label)} ;\n"
            f"    skos:definition {_text(meaning)} ;\n"
            "    tacit:definitionBasis tacit:Stated ;\n"
            f"    owl:equivalentClass [ a owl:Class ; owl:intersectionOf ( {members} ) ] .\n"
        )

    @property
    def sparql(self) -> str:
        """The query for the portrayals for which it holds; what meets a condition is inferred to be one."""
        return (
            f"SELECT ?tie ?source ?portrayal\nWHERE {{\n{self._pattern}}}\nORDER BY ?tie ?source ?portrayal\n"
        )

    @property
    def construct(self) -> str:
        """The query for the same as a graph."""
        return f"CONSTRUCT {{\n{self._pattern}}}\nWHERE {{\n{self._pattern}}}\n"

    @property
    def _pattern(self) -> str:
        types = " , ".join(short(str(c)) for c in (TACIT.Portrayal, *in_order(self.conditions)))
        return f"  ?portrayal a {types} ;\n    tacit:portrays ?tie ; tacit:evidenceBase ?source .\n"


def conditions(model: Model) -> dict[Node, Condition]:
    """Return the conditions of the ontology, in the order of `GROUPS` and, within one, of their names."""
    graph = model.judge.graph
    found = []
    for node in in_order(graph.subjects(RDF.type, TACIT.Condition)):
        name = local(node)
        meaning = model.meanings.get(node, "")
        ways = frozenset(_ways(graph, _below(graph, node)))
        found.append(Condition(node, name, model.label(node), meaning, _group(graph, node), ways))
    order = list(GROUPS)
    return {c.node: c for c in sorted(found, key=lambda c: order.index(c.group))}


def entailed(model: Model, condition: Condition, others: Iterable[Condition]) -> Set:
    """Return those of *others* that every portrayal meets which meets *condition*.

    That is so for a weaker condition, and where what meets the one is of a kind that meets the other.
    """
    graph = model.judge.graph
    return frozenset(
        other.node
        for other in others
        if other.node != condition.node
        and condition.ways
        and all(
            any(path == wider_path and cls in _below(graph, wider) for wider_path, wider in other.ways)
            for path, cls in condition.ways
        )
    )


def notes(model: Model, chosen: Iterable[Condition]) -> list[str]:
    """Return a sentence for each choice that adds nothing, and for those that rule each other out."""
    chosen = list(chosen)
    every = list(conditions(model).values())
    implied = {c.node: entailed(model, c, every) | {c.node} for c in chosen}
    excludes = set(model.judge.graph.subject_objects(TACIT.excludes))
    excludes |= {(b, a) for a, b in excludes}
    sentences = [
        f"“{one.label}” and “{other.label}” rule each other out: a source that reports both contradicts "
        "itself, so expect that this holds for nothing."
        for one, other in combinations(chosen, 2)
        if any((a, b) in excludes for a in implied[one.node] for b in implied[other.node])
    ]
    for weaker in chosen:
        stronger = [c.label for c in chosen if c != weaker and weaker.node in implied[c.node]]
        if stronger:
            sentences.append(f"“{weaker.label}” adds nothing: whatever meets “{stronger[0]}” meets it, too.")
    return sentences


def _text(text: str) -> str:
    return Literal(text, lang="en").n3()


def _group(graph: Graph, node: Node) -> str:
    """Tell what a condition is about from the ways in which it is met by itself."""
    if (node, TACIT.anyOf, None) in graph:
        return "choice"
    for path, cls in _ways(graph, graph.subjects(RDFS.subClassOf, node)):
        if TACIT.hasFinding not in path:
            return "parties"
        if TACIT.hasProvision in path:
            return "treaty"
        for kind, group in ((TACIT.AbsenceFinding, "absence"), (TACIT.OfficialDescription, "description")):
            if cls in _below(graph, kind):
                return group
    return "practice"


def _ways(graph: Graph, classes: Iterable[Node]) -> Iterator[Way]:
    """Return path and class of each of the *classes* that is nameless: ``has some x that has some y``."""
    for cls in classes:
        path: list[Node] = []
        node: Node | None = cls
        while isinstance(node, BNode) and (step := graph.value(node, OWL.onProperty)):
            path.append(step)
            node = graph.value(node, OWL.someValuesFrom)
        if path and node is not None:
            yield tuple(path), node


def _below(graph: Graph, cls: Node) -> set[Node]:
    return {node for node in graph.transitive_subjects(RDFS.subClassOf, cls) if node is not None}
