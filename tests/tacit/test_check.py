from collections.abc import Callable

import pytest

from tacit.check import check
from tacit.errors import TacitError
from tacit.files import Project


def test_the_example_keeps_every_rule(project: Project) -> None:
    assert check(project) == []


def test_a_fault_names_file_line_entity_rule_and_message(
    project: Project, add: Callable[[str], None]
) -> None:
    line = len((project.root / "data" / "triples.ttl").read_text(encoding="utf-8").splitlines()) + 2
    add("\nid:claim-x a tacit:TreatyFound .\n")
    (fault,) = check(project)
    assert (str(fault.file), fault.line, fault.entity) == ("data/triples.ttl", line, "id:claim-x")
    assert (fault.rule, fault.message) == ("ClaimHasStance", "A claim has a stance.")


def test_subclasses_of_the_ontology_are_seen(project: Project, add: Callable[[str], None]) -> None:
    add("id:claim-x a tacit:TroopStationing .\n")
    assert [fault.rule for fault in check(project)] == ["ClaimHasStance"]


def test_a_rule_run_once_names_what_it_found_and_not_the_ontology(
    project: Project, add: Callable[[str], None]
) -> None:
    add("id:claim-x a tacit:Roster ; tacit:source id:claim-x ; tacit:stance tacit:Affirms .\n")
    (fault,) = check(project)
    assert (fault.entity, fault.message) == ("id:claim-x", "id:claim-x is its own source.")


def test_a_blank_node_is_named_by_what_it_belongs_to(project: Project, add: Callable[[str], None]) -> None:
    add("id:passage-x oa:hasSelector [ a oa:TextPositionSelector ; oa:start 9 ; oa:end 3 ] .\n")
    (fault,) = check(project)
    assert (fault.entity, fault.rule) == ("id:passage-x", "SelectorIsARange")


def test_without_shapes_nothing_passes(project: Project) -> None:
    (project.root / "ontology" / "shapes.ttl").write_text("")
    with pytest.raises(TacitError, match="nothing would be checked"):
        check(project)


def test_our_data_keeps_every_rule() -> None:
    assert check(Project()) == []
