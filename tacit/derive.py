"""What the build derives by rule before it reasons: OWL reads no stance, no "every" and no absence."""

from collections.abc import Iterator

from rdflib import RDF, RDFS, Graph
from rdflib.term import Node

from tacit.names import TACIT

Triple = tuple[Node, Node, Node]


def derive(graph: Graph) -> set[Triple]:
    """Return what follows by rule: types of ties, findings of portrayals, ties that claims are about."""
    return {*_types_of_ties(graph), *_findings(graph), *_ties_of_claims(graph)} - set(graph)


def instances(graph: Graph, cls: Node) -> set[Node]:
    """Return what is of *cls* or of a class below it, by asserted triples alone."""
    classes = graph.transitive_subjects(RDFS.subClassOf, cls)
    return {thing for sub in classes for thing in graph.subjects(RDF.type, sub)}


def _types_of_ties(graph: Graph) -> Iterator[Triple]:
    """Type a tie as between states if every party is one: OWL could never know that it has seen them all."""
    states = instances(graph, TACIT.State)
    for tie in graph.subjects(RDF.type, TACIT.Tie):
        between_states = states.issuperset(graph.objects(tie, TACIT.party))
        yield tie, RDF.type, TACIT.InterstateTie if between_states else TACIT.TieWithNonState


def _findings(graph: Graph) -> Iterator[Triple]:
    """Give each portrayal the findings that its source affirms, in its own voice and without condition.

    What only a verdict implies reaches readings alone, lest one author's verdict fill up all definitions; a
    reading has the findings of its plain portrayal, too.
    """
    affirmed = {
        finding
        for finding in instances(graph, TACIT.Finding)
        if (finding, TACIT.stance, TACIT.Affirms) in graph
        and (finding, TACIT.givenThat, None) not in graph
        and (finding, TACIT.ascribedTo, None) not in graph
    }
    implied = set(graph.subjects(TACIT.codingBasis, TACIT.ImpliedByVerdict))
    for portrayal in graph.subjects(RDF.type, TACIT.Portrayal):
        plain = graph.value(portrayal, TACIT.readingOf)
        findings = affirmed.intersection(graph.subjects(TACIT.ofPortrayal, portrayal))
        if plain is None:
            findings -= implied
        else:
            findings |= affirmed.intersection(graph.subjects(TACIT.ofPortrayal, plain)) - implied
        for finding in findings:
            yield portrayal, TACIT.hasFinding, finding


def _ties_of_claims(graph: Graph) -> Iterator[Triple]:
    """Say that a claim is about the ties of its portrayals, and those to which its instrument belongs."""
    for path in (TACIT.ofPortrayal / TACIT.portrays, TACIT.instrument / TACIT.instrumentOf):
        for claim, tie in graph.subject_objects(path):
            yield claim, TACIT.about, tie
