"""Definitions of one's own: what conditions are about, which add nothing, which rule each other out."""

from rdflib import OWL, Graph
from rdflib.collection import Collection

from tacit.define import Condition, Own, conditions, entailed, notes
from tacit.names import DEF, TACIT
from tests.tacit.test_whatif import ours


def named(*names: str) -> list[Condition]:
    every = conditions(ours())
    return [every[DEF[name]] for name in names]


def test_conditions_are_grouped_by_what_meets_them() -> None:
    groups: dict[str, list[str]] = {}
    for condition in conditions(ours()).values():
        groups.setdefault(condition.group, []).append(condition.name)
    assert list(groups) == ["parties", "treaty", "practice", "description", "absence", "choice"]
    assert groups["parties"] == ["BetweenStates"]
    assert groups["absence"] == ["NoAllianceClause", "NoDefenceTreaty"]
    assert groups["description"] == ["OfficiallyDescribedAsPact"]
    assert groups["practice"] == [
        "Assured",
        "MilitaryCollaborationObserved",
        "PracticeObserved",
        "ProtectionDeters",
    ]
    assert {"TreatyBound", "DefenceCooperationAgreed"} <= set(groups["treaty"])
    assert len(groups["choice"]) == 7


def test_a_condition_entails_what_everything_that_meets_it_meets() -> None:
    (cooperation,) = named("DefenceCooperationAgreed")
    every = conditions(ours()).values()
    # cooperation is a military commitment; neutrality is none
    assert entailed(ours(), cooperation, every) == {DEF.TreatyBound, DEF.SecurityArrangement}
    (neutrality,) = named("NeutralityPledged")
    assert DEF.TreatyBound not in entailed(ours(), neutrality, every)
    # every alternative of the one is met by the other's, not the reverse
    (cow,) = named("CowClass")
    (atop,) = named("AtopObligation")
    assert DEF.AtopObligation in entailed(ours(), cow, every)
    assert DEF.CowClass not in entailed(ours(), atop, every)


def test_notes_do_not_depend_on_the_order_of_the_choice() -> None:
    for pair in (("TreatyBound", "NoDefenceTreaty"), ("NoDefenceTreaty", "TreatyBound")):
        (note,) = notes(ours(), named(*pair))
        assert "rule each other out" in note
    assert not notes(ours(), named("BetweenStates", "DefencePledged", "OfficiallyDescribedAsPact"))


def test_the_turtle_says_what_was_chosen() -> None:
    own = Own('A "b"\\', TACIT.InformalOutcome, frozenset([DEF.Assured, DEF.BetweenStates]))
    graph = Graph().parse(data=own.turtle("https://example.org/x#y", "What\nit is."), format="turtle")
    (members,) = graph.objects(None, OWL.intersectionOf)
    assert list(Collection(graph, members)) == [TACIT.Portrayal, DEF.Assured, DEF.BetweenStates]
    assert {'A "b"\\', "What\nit is."} <= set(map(str, graph.objects()))
