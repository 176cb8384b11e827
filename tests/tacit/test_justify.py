"""Each justification suffices by itself and hangs on every member: in the corpus, and in made-up data."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import pytest
from rdflib import RDF, Graph, URIRef
from rdflib.term import Node

from tacit import justify as module
from tacit import minimal
from tacit.axioms import axioms
from tacit.derive import derive
from tacit.files import Project
from tacit.judge import Case, Judge
from tacit.justify import Justification, Justified, Memory, justify
from tacit.names import DEF, ID, TACIT, short
from tacit.reason import REASONERS, close, premises
from tests.tacit.test_assess import made

Outcomes = dict[Node, dict[str, Justified]]
Add = Callable[[str], None]


class Subject(NamedTuple):
    """A graph to justify: its premises, all that follows, and the judge of both."""

    told: Graph
    closed: Graph
    judge: Judge


def subject(project: Project) -> Subject:
    graph = project.union()
    for triple in derive(graph):
        graph.add(triple)
    told = premises(graph)
    for triple in close(project, graph, "reasonable"):
        graph.add(triple)
    return Subject(told, graph, Judge(graph, told))


@cache
def ours() -> tuple[Subject, Outcomes]:
    found = subject(Project())
    return found, justify(found.judge, Memory())


def each(outcomes: Outcomes, *, holding: bool) -> Iterator[tuple[Node, URIRef, Justification]]:
    for portrayal, definitions in outcomes.items():
        for definition, justified in definitions.items():
            for one in justified.sets:
                if bool(one.axioms) == holding:
                    yield portrayal, URIRef(definition), one


# --- the corpus


def test_what_holds_or_is_contradicted_is_justified_and_nothing_else() -> None:
    (_, _, judge), outcomes = ours()
    for portrayal, findings in judge.findings.items():
        decided = {
            str(definition)
            for definition, conditions in judge.definitions.items()
            if judge.judge(portrayal, findings, conditions).result != TACIT.Silent
        }
        assert outcomes[portrayal].keys() == decided
        assert all(justified.sets and justified.complete for justified in outcomes[portrayal].values())


def test_each_set_alone_entails_the_outcome_under_owlrl_and_less_does_not() -> None:
    """Stand-in portrayals with exactly these claims, and with all but one of them, in one closure."""
    (told, _, _), outcomes = ours()
    graph = Graph() + told
    for triple in told.triples((None, TACIT.hasFinding, None)):
        graph.remove(triple)
    expected: dict[tuple[Node, Node], bool] = {}
    number = 0
    for portrayal, definition, one in each(outcomes, holding=True):
        tried = [(one.members, True)]
        tried += [(tuple(m for m in one.members if m != left), False) for left in one.members]
        for members, suffices in tried:
            number += 1
            stand_in = ID[f"stand-in-{number}"]
            graph.add((stand_in, RDF.type, TACIT.Portrayal))
            for tie in told.objects(portrayal, TACIT.portrays):
                graph.add((stand_in, TACIT.portrays, tie))
            for member in members:
                graph.add((stand_in, TACIT.hasFinding, URIRef(member)))
            expected[stand_in, definition] = suffices
    assert sum(expected.values()) > 300
    closure = REASONERS["owlrl"](graph)
    wrong = [
        pair for pair, suffices in expected.items() if ((pair[0], RDF.type, pair[1]) in closure) != suffices
    ]
    assert not wrong


def test_the_axioms_and_premises_suffice_under_owlrl_and_less_does_not() -> None:
    """One justification of each kind: what is alike but for names is the same to a reasoner."""
    (told, _, judge), outcomes = ours()
    known = axioms(judge.schema)
    kinds = {
        (definition, one.axioms): (p, definition, one) for p, definition, one in each(outcomes, holding=True)
    }
    assert len(kinds) > 30
    for portrayal, definition, one in kinds.values():

        def entails(one: Justification, portrayal: Node = portrayal, definition: Node = definition) -> bool:
            graph = Graph()
            graph.add((portrayal, RDF.type, TACIT.Portrayal))
            for name in one.axioms:
                for triple in known[name].triples:
                    graph.add(triple)
            for thing in map(URIRef, (*one.members, *one.premises)):
                for whole in (portrayal, *map(URIRef, one.members)):
                    for p in told.predicates(whole, thing):
                        graph.add((whole, p, thing))
                for cls in told.objects(thing, RDF.type):
                    graph.add((thing, RDF.type, cls))
            return (portrayal, RDF.type, definition) in REASONERS["owlrl"](graph)

        assert entails(one)
        for kept in ("axioms", "premises"):
            names = getattr(one, kept)
            for left in names:
                fewer = replace(one, **{kept: tuple(name for name in names if name != left)})
                assert not entails(fewer), f"{short(str(definition))} does not need {left}"


def test_each_set_alone_contradicts_what_is_lacking_and_less_does_not() -> None:
    (_, _, judge), outcomes = ours()
    count = 0
    for portrayal, definition, one in each(outcomes, holding=False):
        conditions = judge.definitions[definition]
        lacks = judge.judge(portrayal, judge.findings[portrayal], conditions).lacks
        members = frozenset(map(URIRef, one.members))
        assert set(map(URIRef, one.conditions)) == judge.against(portrayal, members).keys() & lacks != set()
        for member in members:
            assert not judge.against(portrayal, members - {member}).keys() & lacks
        assert one.members or one.premises, "what no claim contradicts, the tie does"
        count += 1
    assert count > 200


def test_no_set_is_part_of_another() -> None:
    _, outcomes = ours()
    for definitions in outcomes.values():
        for justified in definitions.values():
            sets = [set(one.members) for one in justified.sets]
            assert not any(a <= b for a in sets for b in sets if a is not b)
            assert all(len(a) <= len(b) for a, b in pairwise(sets))


def test_the_three_of_003_are_three_ways_to_be_officially_a_pact() -> None:
    (_, _, _), outcomes = ours()
    found = outcomes[ID["portrayal-003-laos-vietnam-since"]][str(DEF.AllButName2020)]
    shared = set.intersection(*(set(one.members) for one in found.sets))
    assert {str(ID["claim-003-no-clause"]), str(ID["claim-003-treaty"])} <= shared
    for one in found.sets:
        assert one.premises == (str(ID["provision-003-laos-2"]),)
        assert (
            "tacit:hasFinding some tacit:OfficialPactDescription SubClassOf: def:OfficiallyDescribedAsPact"
            in (one.axioms)
        )


# --- made up

_BOTH = """
def:AidAndProtection a tacit:Condition .
[ owl:intersectionOf (
    [ a owl:Restriction ; owl:onProperty tacit:hasFinding ; owl:someValuesFrom tacit:SecurityAid ]
    [ a owl:Restriction ; owl:onProperty tacit:hasFinding ; owl:someValuesFrom tacit:DeterrentProtection ] ) ]
    rdfs:subClassOf def:AidAndProtection .
def:Joint a owl:Class, tacit:Definition ; rdfs:subClassOf tacit:FormalOutcome ;
    owl:equivalentClass [ a owl:Class ; owl:intersectionOf ( tacit:Portrayal def:AidAndProtection ) ] .
"""


def extend(project: Project, turtle: str) -> None:
    with (project.root / "ontology" / "definitions.ttl").open("a", encoding="utf-8") as file:
        file.write(turtle)


def members(justified: Justified) -> set[frozenset[str]]:
    return {frozenset(short(name).split(":")[1] for name in one.members) for one in justified.sets}


def of_x(project: Project, definition: str) -> Justified:
    outcomes = justify(subject(project).judge, Memory())
    return outcomes[ID["portrayal-x"]][str(DEF[definition])]


def test_alternatives_stand_apart(project: Project, add: Add) -> None:
    made(add, "+DefencePledge", "SecurityAid", "TroopStationing", "DeterrentProtection")
    assert members(of_x(project, "Any")) == {frozenset({"f0"}), frozenset({"f1"}), frozenset({"f2"})}
    assert members(of_x(project, "Usual")) == {frozenset({"f0"})}


def test_conditions_multiply(project: Project, add: Add) -> None:
    made(
        add,
        "+DefenceCooperation",
        "NoAllianceClauseFound",
        *["SecurityAid"] * 2,
        *["OfficialPactDescription"] * 3,
    )
    found = members(of_x(project, "AllButName2020"))
    assert found == {
        frozenset({"f0", "f1", aid, pact}) for aid in ("f2", "f3") for pact in ("f4", "f5", "f6")
    }


def test_a_condition_that_takes_two_findings_jointly_is_justified_by_both(project: Project, add: Add) -> None:
    extend(project, _BOTH)
    made(add, "SecurityAid", "SecurityAid", "DeterrentProtection", "TroopStationing")
    found = of_x(project, "Joint")
    assert members(found) == {frozenset({"f0", "f2"}), frozenset({"f1", "f2"})}
    assert any(
        "and (tacit:hasFinding some tacit:DeterrentProtection)" in name for name in found.sets[0].axioms
    )


def test_one_finding_that_meets_all_at_once_is_enough(project: Project, add: Add) -> None:
    """Two conditions, each met by a finding of its own, and both by a third: no product of the three."""
    extend(project, _BOTH.replace("Portrayal def:Aid", "Portrayal def:PracticeObserved def:Aid"))
    made(add, "SecurityAid", "DeterrentProtection", "TroopStationing")
    assert members(of_x(project, "Joint")) == {frozenset({"f0", "f1"})}


def test_what_the_tie_and_a_finding_meet_only_together_is_found(project: Project, add: Add) -> None:
    extend(
        project,
        _BOTH.replace(
            "hasFinding ; owl:someValuesFrom tacit:SecurityAid",
            "portrays ; owl:someValuesFrom tacit:InterstateTie",
        ),
    )
    made(add, "SecurityAid", "DeterrentProtection")
    found = of_x(project, "Joint")
    assert members(found) == {frozenset({"f1"})}
    assert found.sets[0].premises == (str(ID["tie-laos-vietnam"]),)


def test_a_finding_changed_by_its_portrayal_is_not_shared(project: Project, add: Add) -> None:
    """Through an inverse, aid beside a protection is made a commitment; alone it is none."""
    extend(
        project,
        """
tacit:foundBy owl:inverseOf tacit:hasFinding .
[ a owl:Restriction ; owl:onProperty tacit:hasFinding ; owl:someValuesFrom tacit:DeterrentProtection ]
    rdfs:subClassOf tacit:Protected .
[ owl:intersectionOf ( tacit:SecurityAid [ a owl:Restriction ; owl:onProperty tacit:foundBy ;
    owl:someValuesFrom tacit:Protected ] ) ] rdfs:subClassOf tacit:OfficialPactDescription .
def:Changed a owl:Class, tacit:Definition ; rdfs:subClassOf tacit:FormalOutcome ;
    owl:equivalentClass [ owl:intersectionOf ( tacit:Portrayal def:OfficiallyDescribedAsPact ) ] .
""",
    )
    made(add, "SecurityAid", "DeterrentProtection")
    assert members(of_x(project, "Changed")) == {frozenset({"f0", "f1"})}


def test_what_several_absences_contradict_takes_them_all(project: Project, add: Add) -> None:
    made(add, "NoMilitaryCommitmentFound", "NeutralityCodedZero", "NeutralityCodedZero")
    found = of_x(project, "Force")
    assert members(found) == {frozenset({"f0", "f1"}), frozenset({"f0", "f2"})}
    assert {one.conditions for one in found.sets} == {(str(DEF.ForcePledged),)}


def test_what_a_pledge_rules_out_is_contradicted_by_the_pledge(project: Project, add: Add) -> None:
    made(add, "+DefencePledge", "SecurityAid")
    found = of_x(project, "AllButName2020")
    assert members(found) == {frozenset({"f0"})}
    assert found.sets[0].conditions == (str(DEF.NoAllianceClause),)


def test_where_the_tie_contradicts_it_is_the_premise(project: Project, add: Add) -> None:
    add(
        "id:pathet-lao a tacit:ArmedMovement .\nid:tie-x a tacit:Tie ; tacit:party id:laos, id:pathet-lao .\n"
    )
    made(add, "+DefencePledge", tie="id:tie-x")
    (one,) = of_x(project, "Usual").sets
    assert one == Justification((), (str(ID["tie-x"]),), (), (str(DEF.BetweenStates),))


def test_too_many_sets_are_said_to_be_more(
    project: Project, add: Add, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(minimal, "MOST_SETS", 2)
    made(add, *["SecurityAid"] * 3)
    found = of_x(project, "Any")
    assert (len(found.sets), found.complete) == (2, False)


def test_axioms_are_found_although_names_do_not_lead_to_them(
    project: Project, add: Add, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(add, "SecurityAid")
    expected = of_x(project, "Any")
    monkeypatch.setattr(module, "relevant", lambda known, given, goal: [])
    assert of_x(project, "Any") == expected


# --- what is remembered


def remembered(
    project: Project, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> tuple[Outcomes, set[str]]:
    """Return the outcomes, and of which portrayals the reasoner was asked."""
    judge = subject(project).judge
    asked: set[str] = set()
    ask = judge.ask

    def spy(cases: Iterable[Case]) -> None:
        cases = list(cases)
        asked.update(short(str(portrayal)) for portrayal, _ in cases)
        ask(cases)

    monkeypatch.setattr(judge, "ask", spy)
    return justify(judge, memory), asked


def test_only_what_an_edit_touches_is_looked_for_again(
    project: Project, add: Add, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(add, "SecurityAid")
    first = Memory()
    before, asked = remembered(project, first, monkeypatch)
    assert len(asked) == 4
    second = Memory(first.written())
    assert remembered(Project(project.root), second, monkeypatch) == (before, set())
    assert second.written() == first.written()
    add("id:f0 a tacit:DeterrentProtection .\n")
    add("id:f1 a tacit:TroopStationing ; tacit:ofPortrayal id:portrayal-x ; tacit:stance tacit:Affirms .\n")
    third = Memory(second.written())
    after, asked = remembered(Project(project.root), third, monkeypatch)
    assert asked == {"id:portrayal-x"}
    assert after == remembered(Project(project.root), Memory(), monkeypatch)[0] != before
    assert len(third.written()) != len(first.written())


@pytest.mark.parametrize(
    "turtle",
    [
        "tacit:SecurityAid rdfs:subClassOf tacit:OfficialPactDescription .\n",
        "tacit:SecurityAid tacit:negates def:DefencePledged .\n",
        _BOTH,
    ],
)
def test_a_change_of_the_ontology_touches_all(
    project: Project, add: Add, monkeypatch: pytest.MonkeyPatch, turtle: str
) -> None:
    made(add, "SecurityAid")
    memory = Memory()
    remembered(project, memory, monkeypatch)
    extend(project, turtle)
    _, asked = remembered(Project(project.root), Memory(memory.written()), monkeypatch)
    assert len(asked) == 4


@pytest.mark.parametrize("written", [b"", b"{", b"[1]", b"\xff"])
def test_a_spoilt_memory_is_no_memory(
    project: Project, monkeypatch: pytest.MonkeyPatch, written: bytes
) -> None:
    outcomes, _ = remembered(project, Memory(), monkeypatch)
    assert remembered(project, Memory(written), monkeypatch)[0] == outcomes
