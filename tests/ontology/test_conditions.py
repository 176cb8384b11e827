"""Each condition has a pair of made-up portrayals, alike in all else: one meets it, one only seems to.

The corpus cannot show that every condition matters; these pairs hold what coders keep apart.
"""

import re
from typing import Final

import pytest
from rdflib import PROV, RDF, RDFS, Graph
from rdflib.term import Node

from tacit.check import check
from tacit.names import BASE, DEF, ID, TACIT
from tacit.reason import REASONERS
from tests.ontology.made_up import SEPARATOR, Merged, closed, example, files, merged, ontology

_TRIPS: Final = re.compile(r"^# trips: (.+)$", re.MULTILINE)

#: What a pair may differ in, besides its findings: the tie where the tie is the condition; a reading is one.
_DIFFERS: Final = {"BetweenStates": {TACIT.portrays}, "UnequivocalGuarantee": {TACIT.readingOf}}


def conditions() -> list[str]:
    return sorted(str(c).removeprefix(DEF) for c in ontology().subjects(RDF.type, TACIT.Condition))


def portrayal(name: str, which: str) -> Node:
    return ID[f"made-{which}{SEPARATOR}{name}"]


def test_every_condition_has_a_pair_and_every_pair_a_condition() -> None:
    assert sorted(files("conditions")) == conditions()


@pytest.mark.parametrize("name", conditions())
def test_pair_is_two_portrayals_alike_but_for_findings(name: str) -> None:
    graph = example(files("conditions")[name])
    pair = {portrayal(name, "holds"), portrayal(name, "fails")}
    assert set(graph.subjects(RDF.type, TACIT.Portrayal)) == pair
    holds, fails = (
        {(p, o) for p, o in graph.predicate_objects(portrayal(name, which)) if p != RDFS.label}
        for which in ("holds", "fails")
    )
    assert {p for p, _ in holds ^ fails} == _DIFFERS.get(name, set())


@pytest.mark.parametrize("name", sorted({*conditions()} - {"BetweenStates", "UnequivocalGuarantee"}))
def test_portrayal_that_fails_has_something_of_its_own_to_mislead(name: str) -> None:
    graph = example(files("conditions")[name])
    holds, fails = (set(graph.subjects(TACIT.ofPortrayal, portrayal(name, w))) for w in ("holds", "fails"))
    assert fails - holds
    assert holds - fails


@pytest.mark.parametrize("reasoner", REASONERS)
@pytest.mark.parametrize("name", conditions())
def test_condition_holds_for_the_first_alone(name: str, reasoner: str) -> None:
    met = {
        which
        for which in ("holds", "fails")
        if (portrayal(name, which), RDF.type, DEF[name]) in closed(reasoner)
    }
    assert met == {"holds"}


def test_findings_are_derived_not_written() -> None:
    for folder in ("conditions", "definitions"):
        for path in files(folder).values():
            assert (None, TACIT.hasFinding, None) not in example(path), path.name


def test_both_reasoners_agree() -> None:
    def ours(graph: Graph) -> set[tuple[Node, Node]]:
        return {(s, o) for s, o in graph.subject_objects(RDF.type) if str(s).startswith(BASE)}

    assert ours(closed("owlrl")) == ours(closed("reasonable"))


def test_reading_alone_has_what_its_verdict_implies() -> None:
    graph = closed("reasonable")
    plain, reading = (
        set(graph.objects(portrayal("UnequivocalGuarantee", which), TACIT.hasFinding))
        for which in ("fails", "holds")
    )
    assert plain < reading
    (implied,) = reading - plain
    assert set(graph.objects(implied, PROV.wasDerivedFrom)) <= set(graph.subjects(RDF.type, TACIT.Verdict))


def test_pairs_are_well_formed_data() -> None:
    """What no shape lets through is no proof: only what a file itself declares may trip."""
    expected = {
        (name, rule)
        for folder in ("conditions", "definitions")
        for name, path in files(folder).items()
        if (declared := _TRIPS.search(path.read_text(encoding="utf-8")))
        for rule in declared[1].split(", ")
    }
    faults = check(Merged(merged("conditions", "definitions")))
    assert {(fault.entity.partition(SEPARATOR)[2], fault.rule) for fault in faults} == expected
