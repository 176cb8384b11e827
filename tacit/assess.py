"""The cells: does a definition hold for a portrayal, is it contradicted, or is the portrayal silent, and why.

A definition is contradicted if something that the portrayal says negates, or rules out, a condition that
it does not meet. What negates a weaker condition negates every stronger one, never the reverse; a choice
is negated where every alternative is. What meets a condition is for the reasoner to say, here as everywhere.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from rdflib import OWL, RDF, RDFS, BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.paths import MulPath
from rdflib.term import Node

from tacit.derive import Triple
from tacit.errors import TacitError
from tacit.names import ID, TACIT, short
from tacit.reason import REASONERS, premises

#: Claims by the condition which they meet, or speak against; none where it is the tie that does.
Grounds = dict[Node, set[Node]]

_WORDS: Final = {TACIT.Holds: "holds", TACIT.Contradicted: "is contradicted", TACIT.Silent: "is silent"}


def assess(graph: Graph) -> set[Triple]:
    """Return one tacit:Assessment per portrayal and definition of a closed graph, with result and reasons.

    Raises TacitError if a definition is inferred of a portrayal that lacks one of its conditions, or not of
    one that lacks none: then it is more than an intersection of conditions, and no cell could be trusted.
    """
    return {triple for cell in _Cells(graph) for triple in cell}


class _Cells:
    """What all cells share: definitions, conditions, what negates them, what each finding meets alone."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.definitions = {
            definition: set(Collection(graph, members)) - {TACIT.Portrayal}
            for definition in _sorted(graph.subjects(RDF.type, TACIT.Definition))
            for members in graph.objects(definition, OWL.equivalentClass / OWL.intersectionOf)
        }
        self.stronger = _grouped((c, s) for s, c in graph.subject_objects(MulPath(RDFS.subClassOf, "+")))
        self.alternatives = _grouped(graph.subject_objects(TACIT.anyOf))
        self.negates = _grouped(graph.subject_objects(TACIT.negates))
        self.excludes = _grouped(graph.subject_objects(TACIT.excludes))
        self.met_by = _met_by_findings(graph)

    def __iter__(self) -> Iterator[Iterator[Triple]]:
        """Go through all cells."""
        for portrayal in _sorted(self.graph.subjects(RDF.type, TACIT.Portrayal)):
            findings = set(self.graph.objects(portrayal, TACIT.hasFinding))
            types = set(self.graph.objects(portrayal, RDF.type))
            against = self._against(portrayal, findings, types)
            for definition, conditions in self.definitions.items():
                lacks = conditions - types
                if (definition in types) != (not lacks):
                    raise _disagreement(portrayal, definition, lacks)
                because: set[Node] = set()
                if not lacks:
                    result = TACIT.Holds
                    because.update(f for f in findings if self.met_by[f] & conditions)
                elif lacks & against.keys():
                    result = TACIT.Contradicted
                    because.update(*(against[condition] for condition in lacks & against.keys()))
                else:
                    result = TACIT.Silent
                    because.update(f for f in findings if (f, RDF.type, TACIT.NotListed) in self.graph)
                yield self._cell(portrayal, definition, result, because, lacks)

    def _cell(
        self, portrayal: Node, definition: Node, result: URIRef, because: set[Node], lacks: set[Node]
    ) -> Iterator[Triple]:
        name = f"{_local(portrayal).removeprefix('portrayal-')}-{_local(definition)}"
        cell = ID[f"assessment-{name}"]
        label = f"{self._label(definition)} {_WORDS[result]}: {self._label(portrayal)}"
        yield cell, RDF.type, TACIT.Assessment
        yield cell, RDFS.label, Literal(label, lang="en")
        yield cell, TACIT.assesses, portrayal
        yield cell, TACIT.underDefinition, definition
        yield cell, TACIT.result, result
        yield from ((cell, TACIT.because, claim) for claim in because)
        yield from ((cell, TACIT.lacks, condition) for condition in lacks)
        yield from ((cell, TACIT.forTie, tie) for tie in self.graph.objects(portrayal, TACIT.portrays))
        yield from ((cell, TACIT.forSource, s) for s in self.graph.objects(portrayal, TACIT.evidenceBase))

    def _label(self, thing: Node) -> str:
        return str(self.graph.value(thing, RDFS.label) or _local(thing))

    def _against(self, portrayal: Node, findings: set[Node], types: set[Node]) -> Grounds:
        """Return each condition that the portrayal contradicts, with the claims that do so."""
        against: Grounds = defaultdict(set)
        for finding in findings:
            for thing in (finding, *self.graph.objects(finding, TACIT.hasProvision)):
                for condition in self._negated(thing):
                    against[condition].add(finding)
        for tie in self.graph.objects(portrayal, TACIT.portrays):
            for condition in self._negated(tie):
                against[condition].update()
        for met in types & self.excludes.keys():
            for condition in self.excludes[met]:
                against[condition].update(f for f in findings if met in self.met_by[f])
        return self._spread(against)

    def _negated(self, thing: Node) -> set[Node]:
        """Return the conditions which the classes of a finding, provision or tie negate."""
        return set().union(*(self.negates.get(cls, ()) for cls in self.graph.objects(thing, RDF.type)))

    def _spread(self, against: Grounds) -> Grounds:
        """Carry contradictions from weaker conditions to stronger, then from all alternatives to the whole.

        Not back again from such a whole: each alternative has its own reasons, and the others' are not its.
        """
        for weaker, claims in list(against.items()):
            for stronger in self.stronger.get(weaker, ()):
                against[stronger] |= claims
        size = -1
        while size != (size := len(against)):  # an alternative can be a choice itself
            for whole, alternatives in self.alternatives.items():
                if whole not in against and alternatives <= against.keys():
                    against[whole] = set().union(*(against[alternative] for alternative in alternatives))
        return against


def _disagreement(portrayal: Node, definition: Node, lacks: set[Node]) -> TacitError:
    names = {"an unnamed class" if isinstance(c, BNode) else short(str(c)) for c in lacks}
    missing = ", ".join(sorted(names)) or "none"
    return TacitError(
        f"{short(str(definition))} is {'inferred' if lacks else 'not inferred'} of {short(str(portrayal))}, "
        f"which lacks {missing} of its conditions: define it as the intersection of tacit:Portrayal and them."
    )


def _met_by_findings(graph: Graph) -> Grounds:
    """Return the conditions that each finding meets by itself, whatever the tie.

    The reasoner is asked, once for all: about stand-in portrayals that have one finding each and no tie.
    """
    alone = premises(graph)
    stand_ins = {finding: URIRef(f"{finding}/alone") for finding in graph.objects(None, TACIT.hasFinding)}
    for finding, stand_in in stand_ins.items():
        alone.add((stand_in, RDF.type, TACIT.Portrayal))
        alone.add((stand_in, TACIT.hasFinding, finding))
    closure = REASONERS["reasonable"](alone)
    return {finding: set(closure.objects(stand_in, RDF.type)) for finding, stand_in in stand_ins.items()}


def _grouped(pairs: Iterable[tuple[Node, Node]]) -> dict[Node, set[Node]]:
    groups: dict[Node, set[Node]] = defaultdict(set)
    for key, value in pairs:
        groups[key].add(value)
    return dict(groups)


def _sorted(nodes: Iterable[Node]) -> list[Node]:
    return sorted(set(nodes), key=str)


def _local(thing: Node) -> str:
    return short(str(thing)).split(":", 1)[-1]
