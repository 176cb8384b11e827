"""What follows for a portrayal from a set of its findings: conditions that it meets, or speaks against.

Every set is a question to the fast reasoner, put as a stand-in portrayal which has these findings and no
others; many stand-ins share one closure. Nothing here knows how a condition is written.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final

from rdflib import OWL, RDF, RDFS, Graph, URIRef
from rdflib.collection import Collection
from rdflib.paths import MulPath
from rdflib.term import Node

from tacit.derive import Triple
from tacit.names import TACIT
from tacit.reason import AXIOMS, CHARACTERISTICS, consequences

#: A portrayal, and the findings that it is left with.
Case = tuple[Node, frozenset[Node]]

#: Claims by the condition which they speak against; none where it is the tie that does.
Grounds = dict[Node, set[Node]]

#: So many answers are remembered, lest a server that is asked ever new what-ifs grow.
MOST_CASES: Final = 50_000

#: What no class follows from in the direction of an edge alone: then a stand-in can change its findings.
_BACKWARD: Final = {OWL.inverseOf, RDFS.range}


@dataclass(frozen=True)
class Judgement:
    """A result, the conditions that are lacking, and for those spoken against the claims that do so."""

    result: URIRef
    lacks: frozenset[Node]
    against: Grounds


class Judge:
    """Definitions, conditions, what negates them, and the portrayals that are judged by them.

    *graph* holds all of these and is closed: it has the inferred classes of findings, provisions and ties.
    *told* are the premises from which the reasoner starts, without what it inferred of portrayals.
    """

    def __init__(self, graph: Graph, told: Graph) -> None:
        self.graph = graph
        self.definitions = {
            definition: frozenset(Collection(graph, members)) - {TACIT.Portrayal}
            for definition in in_order(graph.subjects(RDF.type, TACIT.Definition))
            for members in graph.objects(definition, OWL.equivalentClass / OWL.intersectionOf)
        }
        portrayals = in_order(graph.subjects(RDF.type, TACIT.Portrayal))
        self.findings = {p: frozenset(graph.objects(p, TACIT.hasFinding)) for p in portrayals}
        self.schema, self._facts = _parted(told)
        self._flows_back = any(p in _BACKWARD or o == OWL.SymmetricProperty for _, p, o in self.schema)
        self._stronger = _grouped((c, s) for s, c in graph.subject_objects(MulPath(RDFS.subClassOf, "+")))
        self._alternatives = _grouped(graph.subject_objects(TACIT.anyOf))
        self._negates = _grouped(graph.subject_objects(TACIT.negates))
        self._excludes = _grouped(graph.subject_objects(TACIT.excludes))
        self._negated = cache(self._negated_by)
        self._types: dict[Case, frozenset[Node]] = {}

    def ask(self, cases: Iterable[Case]) -> None:
        """Have the reasoner classify *cases*, those that are new to it in one closure."""
        if len(self._types) > MOST_CASES:
            self._types = {}
        new = [case for case in dict.fromkeys(cases) if case not in self._types]
        # a stand-in that changes what it has found must not meet another
        for batch in [[case] for case in new] if self._flows_back else [new]:
            if batch:
                self._classify(batch)

    def types(self, portrayal: Node, findings: Iterable[Node]) -> frozenset[Node]:
        """Return the named classes of which *portrayal* would be with these *findings* alone."""
        case = (portrayal, frozenset(findings))
        while (types := self._types.get(case)) is None:  # another thread can make it forget
            self.ask([case])
        return types

    def local(self, portrayal: Node, findings: Iterable[Node]) -> list[Triple]:
        """Return what is told of *portrayal* with these *findings* alone, and of whatever they lead to."""
        own = self._own(portrayal, findings)
        return [*own, *self._reached(o for _, _, o in own)]

    def rules(self) -> list[str]:
        """Return, as text in a fixed order, what decides contradictions, and is no axiom."""
        rules = {TACIT.anyOf, TACIT.negates, TACIT.excludes}
        return sorted(f"{s} {p} {o}" for rule in rules for s, p, o in self.graph.triples((None, rule, None)))

    def judge(self, portrayal: Node, findings: frozenset[Node], conditions: frozenset[Node]) -> Judgement:
        """Return how a definition by these *conditions* fares for *portrayal* with these *findings* alone."""
        types = self.types(portrayal, findings)
        lacks = conditions - types
        against = self.against(portrayal, findings) if lacks else {}
        against = {condition: against[condition] for condition in lacks & against.keys()}
        result = TACIT.Contradicted if against else TACIT.Silent
        return Judgement(result if lacks else TACIT.Holds, lacks, against)

    def suffices(
        self, portrayal: Node, findings: frozenset[Node], conditions: frozenset[Node], judgement: Judgement
    ) -> bool:
        """Tell whether these *findings* alone give a *judgement* that holds, or contradicts, what it does.

        What is lacking is fixed: with fewer findings more would be, which nobody has contradicted.
        """
        if judgement.result == TACIT.Holds:
            return conditions <= self.types(portrayal, findings)
        return not judgement.lacks.isdisjoint(self.against(portrayal, findings))

    def needed(
        self, portrayal: Node, findings: frozenset[Node], conditions: frozenset[Node], judgement: Judgement
    ) -> frozenset[Node]:
        """Return the *findings* without any one of which the *judgement* of all of them is lost."""
        if judgement.result == TACIT.Silent:
            return frozenset()
        return frozenset(
            f for f in findings if not self.suffices(portrayal, findings - {f}, conditions, judgement)
        )

    def against(self, portrayal: Node, findings: frozenset[Node]) -> Grounds:
        """Return each condition that *portrayal* contradicts with these *findings*, with those that do so."""
        against: Grounds = defaultdict(set)
        for finding in findings:
            for thing in (finding, *self.graph.objects(finding, TACIT.hasProvision)):
                for condition in self._negated(thing):
                    against[condition].add(finding)
        for tie in self.graph.objects(portrayal, TACIT.portrays):
            for condition in self._negated(tie):
                against[condition].update()
        for met in self.types(portrayal, findings) & self._excludes.keys():
            for condition in self._excludes[met]:
                against[condition].update(f for f in findings if met in self.types(portrayal, [f]))
        return self._spread(against)

    def _classify(self, batch: list[Case]) -> None:
        stand_ins = {URIRef(f"{case[0]}/{number}"): case for number, case in enumerate(batch)}
        said = [
            (stand_in, p, o)
            for stand_in, (portrayal, findings) in stand_ins.items()
            for _, p, o in self._own(portrayal, findings)
        ]
        types = defaultdict(set)
        for s, p, o in consequences([*self.schema, *said, *self._reached(o for _, _, o in said)]):
            if p == RDF.type and s in stand_ins and isinstance(o, URIRef):
                types[s].add(o)
        self._types.update({case: frozenset(types[stand_in]) for stand_in, case in stand_ins.items()})

    def _own(self, portrayal: Node, findings: Iterable[Node]) -> list[Triple]:
        own = [(portrayal, p, o) for p, o in self._facts[portrayal] if p != TACIT.hasFinding]
        return own + [(portrayal, TACIT.hasFinding, finding) for finding in findings]

    def _reached(self, starts: Iterable[Node]) -> list[Triple]:
        """Return what is told of the things to which *starts* lead, themselves included."""
        seen: dict[Node, None] = dict.fromkeys(starts)
        queue = list(seen)
        triples: list[Triple] = []
        while queue:
            thing = queue.pop()
            for p, o in self._facts.get(thing, ()):
                triples.append((thing, p, o))
                if p != RDF.type and o not in seen:
                    seen[o] = None
                    queue.append(o)
        return triples

    def _negated_by(self, thing: Node) -> frozenset[Node]:
        """Return the conditions which the classes of a finding, provision or tie negate."""
        return frozenset().union(*(self._negates.get(c, ()) for c in self.graph.objects(thing, RDF.type)))

    def _spread(self, against: Grounds) -> Grounds:
        """Carry contradictions from weaker conditions to stronger, then from all alternatives to the whole.

        Not back again from such a whole: each alternative has its own reasons, and the others' are not its.
        """
        for weaker, claims in list(against.items()):
            for stronger in self._stronger.get(weaker, ()):
                against[stronger] |= claims
        size = -1
        while size != (size := len(against)):  # an alternative can be a choice itself
            for whole, alternatives in self._alternatives.items():
                if whole not in against and alternatives <= against.keys():
                    against[whole] = set().union(*(against[alternative] for alternative in alternatives))
        return against


def in_order(nodes: Iterable[Node]) -> list[Node]:
    """Return *nodes* without doubles, in the order of their names."""
    return sorted(set(nodes), key=str)


def classifying(schema: Graph) -> set[Node]:
    """Return the properties from which a class can follow: of restrictions, domains, ranges, and below."""
    found = set(schema.objects(None, OWL.onProperty))
    found.update(schema.subjects(RDFS.domain), schema.subjects(RDFS.range))
    size = -1
    while size != (size := len(found)):
        for p in (RDFS.subPropertyOf, OWL.equivalentProperty, OWL.inverseOf):
            found |= {narrow for narrow, wide in schema.subject_objects(p) if wide in found}
            if p != RDFS.subPropertyOf:
                found |= {b for a, b in schema.subject_objects(p) if a in found}
    return found


def _parted(told: Graph) -> tuple[Graph, dict[Node, list[tuple[Node, Node]]]]:
    """Part the premises into axioms, and by subject what is said of single things and can classify them."""
    schema = Graph()
    for s, p, o in told:
        if p in AXIOMS or o in CHARACTERISTICS:
            schema.add((s, p, o))
    classify = classifying(schema)
    facts: dict[Node, list[tuple[Node, Node]]] = defaultdict(list)
    for s, p, o in told:
        if (p == RDF.type or p in classify) and o not in CHARACTERISTICS:
            facts[s].append((p, o))
    return schema, facts


def _grouped(pairs: Iterable[tuple[Node, Node]]) -> dict[Node, set[Node]]:
    groups: dict[Node, set[Node]] = defaultdict(set)
    for key, value in pairs:
        groups[key].add(value)
    return dict(groups)
