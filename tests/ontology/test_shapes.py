"""Every shape can fail, and says why; a whole and well-formed file passes them all.

pySHACL calls data conforming where a target is mistyped, so that a shape proves nothing until it was seen
to fail. All bad examples are validated at once; their names keep them apart.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Final

import pytest
from rdflib import RDF, RDFS, SH, Graph, URIRef

from tacit.check import HOUSE_RULES, check
from tacit.derive import instances
from tacit.errors import Fault
from tacit.files import Project
from tacit.names import TACIT, short
from tests.ontology.made_up import SEPARATOR, SHAPE, Merged, example, files, good, merged, ontology

_TARGETS: Final = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)
_DECLARED: Final = re.compile(r"^# trips also: (.+)$", re.MULTILINE)
_BAD: Final = re.compile(r"(id:made-bad|tacit:Made|def:Made)")


@cache
def shapes() -> Graph:
    return Project().shapes()


def names() -> list[str]:
    """Return the names of the shapes, and of the house rules that stand in for two."""
    nodes = shapes().subjects(RDF.type, SH.NodeShape)
    return sorted({str(shape).removeprefix(SHAPE) for shape in nodes} | set(HOUSE_RULES))


def messages(name: str) -> set[str]:
    """Return the messages of a shape and of all that it is made of."""
    if name in HOUSE_RULES:
        return {HOUSE_RULES[name]}
    parts = shapes().transitive_objects(SHAPE[name], None)
    return {str(message) for part in set(parts) for message in shapes().objects(part, SH.message)}


@cache
def faults() -> dict[str, list[Fault]]:
    """Return the faults of the merged examples by example; by the entity itself where it is of none."""
    found = defaultdict(list)
    for fault in check(Merged(merged("shapes"))):
        found[fault.entity.partition(SEPARATOR)[2] or fault.entity].append(fault)
    return found


def also(name: str) -> set[str]:
    """Return the shapes which the example says must trip with its own."""
    declared = _DECLARED.search(files("shapes")[name].read_text(encoding="utf-8"))
    return set(declared[1].split(", ")) if declared else set()


def test_every_shape_has_a_bad_example_and_every_bad_example_a_shape() -> None:
    assert set(names()) - set(files("shapes")) == set(), "shapes without a bad example"
    assert set(files("shapes")) - set(names()) == set(), "bad examples without a shape"


@pytest.mark.parametrize("name", names())
def test_bad_example_trips_its_shape_alone(name: str) -> None:
    assert {fault.rule for fault in faults()[name]} == {name} | also(name)


@pytest.mark.parametrize("name", names())
def test_shape_speaks_with_one_message(name: str) -> None:
    own = messages(name)
    assert len(own) == 1
    assert {fault.message for fault in faults()[name] if fault.rule == name} == own


@pytest.mark.parametrize("name", names())
def test_every_bad_node_of_an_example_is_found(name: str) -> None:
    bad = {node for s, _, _ in example(files("shapes")[name]) if _BAD.match(node := short(str(s)))}
    assert bad <= {fault.entity for fault in faults()[name] if fault.rule == name}


def test_bad_examples_leave_the_good_one_alone() -> None:
    assert set(faults()) <= set(files("shapes")), "these are of the good example, or of the ontology"


def test_good_example_trips_nothing() -> None:
    assert check(Merged(ontology() + good())) == []


def test_good_example_has_every_kind_of_claim_and_provision() -> None:
    for kind in (TACIT.Claim, TACIT.Provision):
        kinds = set(ontology().transitive_subjects(RDFS.subClassOf, kind))
        leaves = {kind for kind in kinds if not set(ontology().subjects(RDFS.subClassOf, kind))}
        used = set(good().objects(None, RDF.type))
        assert leaves - used == set()


def targets() -> Iterator[tuple[str, URIRef, URIRef]]:
    for name in names():
        for kind in _TARGETS:
            for target in shapes().objects(SHAPE[name], kind):
                assert isinstance(target, URIRef)
                yield name, kind, target


@cache
def _everything() -> Graph:
    return merged("shapes")


@pytest.mark.parametrize(
    ("name", "kind", "target"), list(targets()), ids=lambda value: str(value).split("/")[-1]
)
def test_target_is_there(name: str, kind: URIRef, target: URIRef) -> None:
    """A target which nothing is meant by is mistyped, or no example exercises it."""
    focus = {
        SH.targetClass: instances(_everything(), target),
        SH.targetNode: set(_everything().objects(target)),
        SH.targetSubjectsOf: set(_everything().subjects(target)),
        SH.targetObjectsOf: set(_everything().objects(None, target)),
    }
    assert focus[kind]


def test_every_shape_has_a_target() -> None:
    assert {name for name, _, _ in targets()} == set(names()) - set(HOUSE_RULES)


def test_shapes_are_written_in_shacl() -> None:
    """A mistyped constraint constrains nothing, and pySHACL does not complain."""
    used = {node for triple in shapes() for node in triple if str(node).startswith(str(SH))}
    assert used - {SH[name] for name in (*SH.__annotations__, *SH._extras)} == set()


def test_shapes_speak_of_declared_terms() -> None:
    used = {n for triple in shapes() for n in triple if isinstance(n, URIRef) and n.startswith(TACIT)}
    assert {node for node in used if (node, RDF.type, None) not in ontology()} == set()
