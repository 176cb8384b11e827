from collections.abc import Callable

import pytest
from rdflib import RDF, RDFS, Graph, Literal, URIRef

from tacit.derive import Triple, derive
from tacit.errors import FaultsError
from tacit.files import Project
from tacit.names import BASE, DEF, ID, TACIT
from tacit.reason import REASONERS, close, premises

COLD_WAR, SINCE = (ID[f"portrayal-003-laos-vietnam-{phase}"] for phase in ("cold-war", "since"))
both = pytest.mark.parametrize("reasoner", list(REASONERS))


def derived(project: Project) -> Graph:
    graph = project.union()
    for triple in derive(graph):
        graph.add(triple)
    return graph


def closed(project: Project, reasoner: str = "reasonable") -> set[Triple]:
    return close(project, derived(project), reasoner)


@both
def test_all_but_name_holds_since_the_cold_war_and_not_before(project: Project, reasoner: str) -> None:
    new = closed(project, reasoner)
    for cls in (DEF.AllButName2020, TACIT.AllButNameOutcome, DEF.PracticeObserved):
        assert (SINCE, RDF.type, cls) in new
    assert (COLD_WAR, RDF.type, DEF.PracticeObserved) in new
    assert (COLD_WAR, RDF.type, DEF.AllButName2020) not in new


@both
def test_what_is_new_is_ours_and_worth_saying(project: Project, reasoner: str) -> None:
    graph = derived(project)
    new = close(project, graph, reasoner)
    assert not new & set(graph)
    assert (ID["claim-003-treaty"], TACIT.about, ID["treaty-laos-vietnam-1977"]) in new, (
        "a level of properties"
    )
    assert (DEF.Usual, RDFS.subClassOf, DEF.ForcePledged) in new, "classes below classes"
    for s, p, o in new:
        assert isinstance(s, URIRef)
        assert isinstance(o, URIRef)
        assert s != o
        assert p in {RDF.type, RDFS.subClassOf} or str(p) in TACIT
        assert "w3.org" not in o


def test_both_reasoners_agree_on_the_example(project: Project) -> None:
    assert closed(project, "owlrl") == closed(project, "reasonable")


def test_both_reasoners_agree_on_our_data() -> None:
    project = Project()
    assert closed(project, "owlrl") == closed(project, "reasonable")


def test_premises_leave_out_literals_and_what_no_axiom_mentions(project: Project) -> None:
    rest = premises(derived(project))
    assert not any(isinstance(o, Literal) for o in rest.objects())
    assert not {TACIT.passage, TACIT.party} & set(rest.predicates())
    assert TACIT.hasFinding in set(rest.predicates())


def test_nothing_that_the_premises_leave_out_matters(project: Project) -> None:
    """Hold our shortcut against the closure of all that is no literal."""
    graph = derived(project)
    everything = Graph()
    for s, p, o in graph:
        if not isinstance(o, Literal):
            everything.add((s, p, o))
    whole = REASONERS["owlrl"](everything)
    ours = {(s, p, o) for s, p, o in whole if str(s) in ID and p in (RDF.type, TACIT.about, TACIT.hasFinding)}
    ours = {(s, p, o) for s, p, o in ours if str(o).startswith(BASE)} - set(graph)
    new = {(s, p, o) for s, p, o in close(project, graph, "owlrl") if str(s) in ID}
    assert {triple for triple in ours if triple[0] != triple[2]} == new


@both
def test_members_of_disjoint_classes_are_a_fault(
    project: Project, add: Callable[[str], None], reasoner: str
) -> None:
    add("id:tie-laos-vietnam a tacit:TieWithNonState .\n")
    with pytest.raises(FaultsError) as raised:
        closed(project, reasoner)
    (fault,) = raised.value.faults
    assert (fault.entity, fault.rule) == ("id:tie-laos-vietnam", "disjoint")
    assert "both tacit:InterstateTie and tacit:TieWithNonState" in fault.message
    assert fault.line > 0


@both
def test_a_member_of_nothing_is_a_fault(project: Project, reasoner: str) -> None:
    with (project.root / "ontology" / "tacit.ttl").open("a", encoding="utf-8") as file:
        file.write("tacit:Roster rdfs:subClassOf owl:Nothing .\n")
    with pytest.raises(FaultsError) as raised:
        closed(project, reasoner)
    assert [(f.entity, f.rule) for f in raised.value.faults] == [("id:claim-003-sole-ally", "disjoint")]


def test_whatever_else_owlrl_reports_is_a_fault(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    def contradicted(graph: Graph) -> Graph:
        graph.parse(
            data="[] <http://www.daml.org/2002/03/agents/agent-ont#error>"
            f" 'Sense and nonsense at {ID.laos}' ."
        )
        return graph

    monkeypatch.setitem(REASONERS, "owlrl", contradicted)
    with pytest.raises(FaultsError, match=r"id:laos: Sense and nonsense") as raised:
        closed(project, "owlrl")
    assert [fault.rule for fault in raised.value.faults] == ["inconsistent"]
