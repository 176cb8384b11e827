"""The cells: does a definition hold for a portrayal, is it contradicted, or is the portrayal silent, and why.

A definition is contradicted if something that the portrayal says negates, or rules out, a condition that
it does not meet. What negates a weaker condition negates every stronger one, never the reverse; a choice
is negated where every alternative is. What meets a condition is for the reasoner to say, here as everywhere.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from rdflib import RDF, RDFS, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from tacit.derive import Triple
from tacit.errors import TacitError
from tacit.judge import Judge, Judgement
from tacit.justify import Justified, Memory, justify
from tacit.names import ID, TACIT, short

_WORDS: Final[dict[Node, str]] = {
    TACIT.Holds: "holds",
    TACIT.Contradicted: "is contradicted",
    TACIT.Silent: "is silent",
}


def assess(graph: Graph, told: Graph, memory: Memory | None = None) -> set[Triple]:
    """Return one tacit:Assessment per portrayal and definition, with result, reasons and justifications.

    *graph* is closed; *told* are the premises (`tacit.reason`) from which it was. What *memory* recalls is
    not looked for again. Raises TacitError if a definition is inferred of a portrayal
    that lacks one of its conditions, or not of one that lacks none: then it is more than an intersection of
    conditions, and no cell could be trusted.
    """
    cells = _Cells(graph, told, memory or Memory())
    return {triple for cell in cells for triple in cell}


class _Cells:
    """All cells of a graph."""

    def __init__(self, graph: Graph, told: Graph, memory: Memory) -> None:
        self.graph = graph
        self.judge = Judge(graph, told)
        self.judge.ask((p, frozenset(f)) for p, own in self.judge.findings.items() for f in _parts(own))
        for portrayal, findings in self.judge.findings.items():
            for definition, conditions in self.judge.definitions.items():
                lacks = conditions - self.judge.types(portrayal, findings)
                if ((portrayal, RDF.type, definition) in graph) != (not lacks):
                    raise _disagreement(portrayal, definition, lacks)
        self.justified = justify(self.judge, memory)

    def __iter__(self) -> Iterator[Iterator[Triple]]:
        """Go through all cells."""
        for portrayal, findings in self.judge.findings.items():
            for definition, conditions in self.judge.definitions.items():
                judgement = self.judge.judge(portrayal, findings, conditions)
                justified = self.justified[portrayal].get(str(definition), Justified(()))
                because = self._because(portrayal, judgement, conditions)
                because.update(URIRef(member) for each in justified.sets for member in each.members)
                yield self._cell(portrayal, definition, judgement, because, justified)

    def _because(self, portrayal: Node, judgement: Judgement, conditions: frozenset[Node]) -> set[Node]:
        """Return the claims that alone meet one of the conditions, or speak against one that is not met."""
        findings = self.judge.findings[portrayal]
        if judgement.result == TACIT.Holds:
            conditions = conditions - self.judge.types(portrayal, ())
            return {f for f in findings if not conditions.isdisjoint(self.judge.types(portrayal, [f]))}
        if judgement.result == TACIT.Contradicted:
            return set().union(*judgement.against.values())
        return {f for f in findings if (f, RDF.type, TACIT.NotListed) in self.graph}

    def _cell(
        self,
        portrayal: Node,
        definition: Node,
        judgement: Judgement,
        because: set[Node],
        justified: Justified,
    ) -> Iterator[Triple]:
        name = f"{_local(portrayal).removeprefix('portrayal-')}-{_local(definition)}"
        cell = ID[f"assessment-{name}"]
        label = f"{self._label(definition)} {_WORDS[judgement.result]}: {self._label(portrayal)}"
        yield cell, RDF.type, TACIT.Assessment
        yield cell, RDFS.label, Literal(label, lang="en")
        yield cell, TACIT.assesses, portrayal
        yield cell, TACIT.underDefinition, definition
        yield cell, TACIT.result, judgement.result
        yield from ((cell, TACIT.because, claim) for claim in because)
        yield from ((cell, TACIT.lacks, condition) for condition in judgement.lacks)
        yield from ((cell, TACIT.forTie, tie) for tie in self.graph.objects(portrayal, TACIT.portrays))
        yield from ((cell, TACIT.forSource, s) for s in self.graph.objects(portrayal, TACIT.evidenceBase))
        for number, each in enumerate(justified.sets, 1):
            node = ID[f"justification-{name}-{number}"]
            yield cell, TACIT.justifiedBy, node
            yield node, RDF.type, TACIT.Justification
            yield node, RDFS.label, Literal(f"reason {number} of {len(justified.sets)}: {label}", lang="en")
            yield from ((node, TACIT.member, URIRef(claim)) for claim in each.members)
            yield from ((node, TACIT.premise, URIRef(thing)) for thing in each.premises)
            yield from ((node, TACIT.contradicts, URIRef(condition)) for condition in each.conditions)
            yield from ((node, TACIT.axiom, Literal(axiom)) for axiom in each.axioms)
        if not justified.complete:
            yield cell, TACIT.moreJustifications, Literal(True)

    def _label(self, thing: Node) -> str:
        return str(self.graph.value(thing, RDFS.label) or _local(thing))


def _parts(findings: frozenset[Node]) -> Iterator[Iterable[Node]]:
    """Return what `because` is asked of: nothing, each finding alone, all."""
    yield ()
    yield from ([finding] for finding in findings)
    yield findings


def _disagreement(portrayal: Node, definition: Node, lacks: frozenset[Node]) -> TacitError:
    names = {"an unnamed class" if isinstance(c, BNode) else short(str(c)) for c in lacks}
    missing = ", ".join(sorted(names)) or "none"
    return TacitError(
        f"{short(str(definition))} is {'inferred' if lacks else 'not inferred'} of {short(str(portrayal))}, "
        f"which lacks {missing} of its conditions: define it as the intersection of tacit:Portrayal and them."
    )


def _local(thing: Node) -> str:
    return short(str(thing)).split(":", 1)[-1]
