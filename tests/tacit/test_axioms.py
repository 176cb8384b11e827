from rdflib import RDF, Graph
from rdflib.term import Node

from tacit.axioms import axioms, relevant
from tacit.derive import derive
from tacit.files import Project
from tacit.judge import Judge
from tacit.names import DEF, TACIT
from tacit.reason import premises

PREFIXES = """
@prefix tacit: <https://w3id.org/tacit/ontology#> . @prefix def: <https://w3id.org/tacit/definition#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""


def parsed(turtle: str) -> Graph:
    return Graph().parse(data=PREFIXES + turtle)


def test_each_kind_of_axiom_is_written_in_manchester_syntax() -> None:
    found = axioms(
        parsed("""
tacit:A rdfs:subClassOf tacit:B . tacit:p rdfs:subPropertyOf tacit:q . tacit:p rdfs:range tacit:B .
tacit:p a owl:TransitiveProperty . tacit:A owl:disjointWith tacit:C . tacit:p owl:inverseOf tacit:r .
[ a owl:Restriction ; owl:onProperty tacit:p ; owl:someValuesFrom
    [ a owl:Restriction ; owl:onProperty tacit:q ; owl:hasValue tacit:v ] ] rdfs:subClassOf def:C .
def:D owl:equivalentClass [ owl:intersectionOf ( tacit:A [ owl:unionOf ( tacit:B def:C ) ] ) ] .
def:E rdfs:subClassOf [ a owl:Restriction ; owl:onProperty tacit:p ; owl:allValuesFrom tacit:A ] .
""")
    )
    assert sorted(found) == [
        "def:D EquivalentTo: tacit:A and (tacit:B or def:C)",
        "def:E SubClassOf: [owl:allValuesFrom tacit:A; owl:onProperty tacit:p]",
        "tacit:A DisjointWith: tacit:C",
        "tacit:A SubClassOf: tacit:B",
        "tacit:p Characteristics: owl:TransitiveProperty",
        "tacit:p InverseOf: tacit:r",
        "tacit:p Range: tacit:B",
        "tacit:p SubPropertyOf: tacit:q",
        "tacit:p some (tacit:q value tacit:v) SubClassOf: def:C",
    ]


def test_the_axioms_together_are_the_schema() -> None:
    """No axiom of ours is left out, or shares its name with another."""
    project = Project()
    graph = project.union()
    for triple in derive(graph):
        graph.add(triple)
    schema = Judge(graph, premises(graph)).schema
    whole = Graph()
    for axiom in axioms(schema).values():
        for triple in axiom.triples:
            whole.add(triple)
    assert set(whole) == set(schema)


def test_relevant_are_the_axioms_on_the_way() -> None:
    known = axioms(
        parsed("""
tacit:Aid rdfs:subClassOf tacit:Practice . tacit:Practice rdfs:subClassOf tacit:Finding .
tacit:Arms rdfs:subClassOf tacit:Practice .
[ owl:onProperty tacit:hasFinding ; owl:someValuesFrom tacit:Practice ] rdfs:subClassOf def:Practised .
[ owl:onProperty tacit:hasFinding ; owl:someValuesFrom tacit:Pledge ] rdfs:subClassOf def:Pledged .
def:D owl:equivalentClass [ owl:intersectionOf ( tacit:Portrayal def:Practised ) ] .
def:E owl:equivalentClass [ owl:intersectionOf ( tacit:Portrayal def:Practised ) ] .
""")
    ).values()
    given: set[Node] = {TACIT.Portrayal, TACIT.Aid, TACIT.hasFinding, RDF.type}
    assert [axiom.name for axiom in relevant(known, given, DEF.D)] == [
        "def:D EquivalentTo: tacit:Portrayal and def:Practised",
        "tacit:Aid SubClassOf: tacit:Practice",
        "tacit:hasFinding some tacit:Practice SubClassOf: def:Practised",
    ]
    assert relevant(known, {TACIT.Portrayal, TACIT.hasFinding}, DEF.D) == []
