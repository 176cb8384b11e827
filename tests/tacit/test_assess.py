from collections.abc import Callable
from typing import NamedTuple

import pytest
from rdflib import RDF, RDFS, Graph, Literal
from rdflib.term import Node

from tacit.assess import assess
from tacit.derive import derive
from tacit.errors import TacitError
from tacit.files import Project
from tacit.names import DEF, ID, TACIT, short
from tacit.reason import close, premises

Add = Callable[[str], None]


class Cell(NamedTuple):
    result: str
    because: set[str]
    lacks: set[str]


def derived(project: Project) -> Graph:
    graph = project.union()
    for triple in derive(graph):
        graph.add(triple)
    return graph


def closed(project: Project) -> Graph:
    graph = derived(project)
    for triple in close(project, graph, "reasonable"):
        graph.add(triple)
    return graph


def assessed(project: Project) -> Graph:
    graph = Graph()
    for triple in assess(closed(project), premises(derived(project))):
        graph.add(triple)
    return graph


def cell(graph: Graph, portrayal: str, definition: str) -> Cell:
    iri = ID[f"assessment-{portrayal}-{definition}"]

    def names(predicate: Node) -> set[str]:
        return {short(str(o)).split(":")[1] for o in graph.objects(iri, predicate)}

    (result,) = names(TACIT.result)
    return Cell(result, names(TACIT.because), names(TACIT.lacks))


def made(add: Add, *findings: str, tie: str = "id:tie-laos-vietnam") -> None:
    """Add a portrayal id:portrayal-x with findings id:f0 …, a class each, or a treaty "+" a provision."""
    add(f"id:portrayal-x a tacit:Portrayal ; tacit:portrays {tie} ; tacit:evidenceBase id:article-003 .\n")
    for number, finding in enumerate(findings):
        kind, _, provision = finding.partition("+")
        if provision:
            add(f"id:f{number} tacit:hasProvision id:p{number} .\nid:p{number} a tacit:{provision} .\n")
            kind = "TreatyFound"
        add(
            f"id:f{number} a tacit:{kind} ; tacit:ofPortrayal id:portrayal-x ; tacit:stance tacit:Affirms .\n"
        )


def test_there_is_one_cell_per_portrayal_and_definition(project: Project) -> None:
    graph = assessed(project)
    assert len(set(graph.subjects(RDF.type, TACIT.Assessment))) == 3 * 5
    iri = ID["assessment-003-laos-vietnam-since-AllButName2020"]
    assert set(graph.predicate_objects(iri)) >= {
        (TACIT.assesses, ID["portrayal-003-laos-vietnam-since"]),
        (TACIT.underDefinition, DEF.AllButName2020),
        (TACIT.forTie, ID["tie-laos-vietnam"]),
        (TACIT.forSource, ID["article-003"]),
    }
    label = "alliance in all but name (003) holds: Laos and Vietnam in 003, since 1991"
    assert graph.value(iri, RDFS.label) == Literal(label, lang="en")


def test_the_example_holds_since_the_cold_war_and_is_contradicted_before(project: Project) -> None:
    graph = assessed(project)
    reasons = {f"claim-003-{name}" for name in ("treaty", "no-clause", "security-aid", "pact-2015")}
    assert cell(graph, "003-laos-vietnam-since", "AllButName2020") == ("Holds", reasons, set())
    assert cell(graph, "003-laos-vietnam-cold-war", "AllButName2020") == (
        "Contradicted",
        {"claim-003-not-called-pact"},
        {"OfficiallyDescribedAsPact"},
    )


def test_what_is_not_listed_is_silent_and_says_so(project: Project) -> None:
    found = cell(assessed(project), "atop-laos-vietnam-1977", "Usual")
    assert found == ("Silent", {"claim-atop-laos-vietnam-1977"}, {"DefencePledged"})


def test_silence_without_a_claim_has_no_reason(project: Project) -> None:
    assert cell(assessed(project), "003-laos-vietnam-since", "True") == (
        "Silent",
        set(),
        {"UnequivocalGuarantee"},
    )


def test_only_the_findings_that_meet_a_condition_are_reasons(project: Project, add: Add) -> None:
    made(add, "+UnequivocalGuarantee", "SecurityAid", "DeterrentProtection")
    graph = assessed(project)
    assert cell(graph, "x", "Usual") == ("Holds", {"f0"}, set()), "the stronger pledge is one, too"
    assert cell(graph, "x", "Any") == ("Holds", {"f0", "f1"}, set()), "either suffices, so both are reasons"


def test_negating_the_weaker_negates_the_stronger(project: Project, add: Add) -> None:
    made(add, "NoMilitaryCommitmentFound")
    graph = assessed(project)
    assert cell(graph, "x", "True") == ("Contradicted", {"f0"}, {"UnequivocalGuarantee"})
    assert cell(graph, "x", "Usual").result == "Contradicted"


def test_negating_the_stronger_leaves_the_weaker_silent(project: Project, add: Add) -> None:
    made(add, "NoDefenceGuaranteeFound")
    graph = assessed(project)
    assert cell(graph, "x", "True") == ("Contradicted", {"f0"}, {"UnequivocalGuarantee"})
    assert cell(graph, "x", "Usual") == ("Silent", set(), {"DefencePledged"})


def test_any_of_is_contradicted_only_if_every_alternative_is(project: Project, add: Add) -> None:
    made(add, "NoMilitaryCommitmentFound")
    assert cell(assessed(project), "x", "Force") == ("Silent", set(), {"ForcePledged"})
    add(
        "id:f9 a tacit:NeutralityCodedZero ; tacit:stance tacit:Affirms ;\n"
        "  tacit:ofPortrayal id:portrayal-x .\n"
    )
    graph = assessed(Project(project.root))
    assert cell(graph, "x", "Force") == ("Contradicted", {"f0", "f9"}, {"ForcePledged"})
    assert cell(graph, "x", "Any").result == "Silent", "an alternative of the wider one is still open"


def test_alternatives_may_be_any_of_themselves(project: Project, add: Add) -> None:
    ontology = project.root / "ontology" / "tacit.ttl"
    with ontology.open("a", encoding="utf-8") as file:
        file.write(
            "tacit:NoPracticeFound rdfs:subClassOf tacit:Finding ; tacit:negates def:PracticeObserved .\n"
        )
    made(add, "NoMilitaryCommitmentFound", "NeutralityCodedZero", "NoPracticeFound")
    assert cell(assessed(project), "x", "Any") == ("Contradicted", {"f0", "f1", "f2"}, {"Arrangement"})


def test_any_of_that_is_negated_itself_contradicts_its_alternatives(project: Project, add: Add) -> None:
    ontology = project.root / "ontology" / "tacit.ttl"
    with ontology.open("a", encoding="utf-8") as file:
        file.write(
            "tacit:NoForceFound rdfs:subClassOf tacit:AbsenceFinding ; tacit:negates def:ForcePledged .\n"
        )
    made(add, "NoForceFound")
    graph = assessed(project)
    for definition in ("Force", "Usual", "True"):
        assert cell(graph, "x", definition).because == {"f0"}


def test_presence_rules_out_the_absence_that_it_excludes(project: Project, add: Add) -> None:
    made(add, "+DefencePledge", "SecurityAid")
    found = cell(assessed(project), "x", "AllButName2020")
    assert (found.result, found.because) == ("Contradicted", {"f0"})
    assert "NoAllianceClause" in found.lacks


def test_a_condition_that_is_met_is_not_held_against_the_portrayal(project: Project, add: Add) -> None:
    made(add, "+DefencePledge", "NoMilitaryCommitmentFound")
    graph = assessed(project)
    assert cell(graph, "x", "Usual").result == "Holds"
    assert cell(graph, "x", "True").result == "Contradicted"


def test_what_negates_a_met_condition_says_nothing_on_the_unmet_ones(project: Project, add: Add) -> None:
    made(add, "+DefenceCooperation", "NoMilitaryCommitmentFound")
    assert cell(assessed(project), "x", "AllButName2020").result == "Silent"


def test_a_tie_with_a_non_state_contradicts_without_a_claim(project: Project, add: Add) -> None:
    add(
        "id:pathet-lao a tacit:ArmedMovement .\nid:tie-x a tacit:Tie ; tacit:party id:laos, id:pathet-lao .\n"
    )
    made(add, "+DefencePledge", tie="id:tie-x")
    assert cell(assessed(project), "x", "Usual") == ("Contradicted", set(), {"BetweenStates"})


def test_a_provision_may_negate(project: Project, add: Add) -> None:
    with (project.root / "ontology" / "tacit.ttl").open("a", encoding="utf-8") as file:
        file.write("tacit:Disclaimer rdfs:subClassOf tacit:Provision ; tacit:negates def:DefencePledged .\n")
    made(add, "+Disclaimer")
    assert cell(assessed(project), "x", "Usual") == ("Contradicted", {"f0"}, {"DefencePledged"})


def test_a_definition_with_an_unnamed_condition_is_refused(project: Project) -> None:
    path = project.root / "ontology" / "definitions.ttl"
    unnamed = "[ owl:unionOf ( def:ForcePledged def:PracticeObserved ) ]"
    path.write_text(path.read_text().replace("Portrayal def:Arrangement", f"Portrayal {unnamed}"))
    with pytest.raises(TacitError, match=r"def:Any is inferred of id:\S+, which lacks an unnamed class"):
        assessed(project)


def test_holds_is_the_inferred_type_and_lacks_nothing_in_every_cell(project: Project) -> None:
    union, graph = closed(project), assessed(project)
    for iri in graph.subjects(RDF.type, TACIT.Assessment):
        portrayal, definition = graph.value(iri, TACIT.assesses), graph.value(iri, TACIT.underDefinition)
        holds = (iri, TACIT.result, TACIT.Holds) in graph
        assert holds == ((portrayal, RDF.type, definition) in union)
        assert holds == ((iri, TACIT.lacks, None) not in graph)


def test_each_minimal_set_is_a_node_of_its_own(project: Project) -> None:
    graph = assessed(project)
    (node,) = graph.objects(ID["assessment-003-laos-vietnam-since-AllButName2020"], TACIT.justifiedBy)
    assert node == ID["justification-003-laos-vietnam-since-AllButName2020-1"]
    assert (node, RDF.type, TACIT.Justification) in graph
    label = "reason 1 of 1: alliance in all but name (003) holds: Laos and Vietnam in 003, since 1991"
    assert graph.value(node, RDFS.label) == Literal(label, lang="en")
    names = ("treaty", "no-clause", "security-aid", "pact-2015")
    assert set(graph.objects(node, TACIT.member)) == {ID[f"claim-003-{name}"] for name in names}
    assert set(graph.objects(node, TACIT.premise)) == {ID["provision-003-laos-2"]}
    assert Literal("tacit:SecurityAid SubClassOf: tacit:SecurityPractice") in set(
        graph.objects(node, TACIT.axiom)
    )
    (other,) = graph.objects(ID["assessment-003-laos-vietnam-cold-war-AllButName2020"], TACIT.justifiedBy)
    assert set(graph.objects(other, TACIT.contradicts)) == {DEF.OfficiallyDescribedAsPact}
    assert not set(graph.subjects(TACIT.moreJustifications))


def test_what_is_silent_has_no_justification(project: Project) -> None:
    graph = assessed(project)
    justified = set(graph.subjects(TACIT.justifiedBy))
    silent = set(graph.subjects(TACIT.result, TACIT.Silent))
    assert silent
    assert justified == set(graph.subjects(RDF.type, TACIT.Assessment)) - silent


def test_more_sets_than_are_listed_are_said_to_be_more(
    project: Project, add: Add, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tacit.minimal.MOST_SETS", 2)
    made(add, *["SecurityAid"] * 3)
    graph = assessed(project)
    assert graph.value(ID["assessment-x-Any"], TACIT.moreJustifications) == Literal(True)
    assert len(set(graph.objects(ID["assessment-x-Any"], TACIT.justifiedBy))) == 2
    assert cell(graph, "x", "Any").because == {"f0", "f1", "f2"}, "the reasons are all there"


def test_what_only_jointly_meets_a_condition_is_a_reason(project: Project, add: Add) -> None:
    with (project.root / "ontology" / "definitions.ttl").open("a", encoding="utf-8") as file:
        file.write("""
def:Both a tacit:Condition .
[ owl:intersectionOf (
    [ a owl:Restriction ; owl:onProperty tacit:hasFinding ; owl:someValuesFrom tacit:SecurityAid ]
    [ a owl:Restriction ; owl:onProperty tacit:hasFinding ; owl:someValuesFrom tacit:DeterrentProtection ] ) ]
    rdfs:subClassOf def:Both .
def:Joint a owl:Class, tacit:Definition ; rdfs:subClassOf tacit:FormalOutcome ;
    owl:equivalentClass [ a owl:Class ; owl:intersectionOf ( tacit:Portrayal def:Both ) ] .
""")
    made(add, "SecurityAid", "DeterrentProtection", "TroopStationing")
    assert cell(assessed(project), "x", "Joint") == ("Holds", {"f0", "f1"}, set())
