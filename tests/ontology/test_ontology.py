"""The ontology stays within what both reasoners run soundly, and its definitions are those of the model."""

from collections.abc import Iterable
from functools import cache
from typing import Final

import pytest
from rdflib import OWL, RDF, RDFS, BNode, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from tacit.names import BASE, DEF, TACIT
from tacit.reason import AXIOMS
from tests.ontology.made_up import ontology

#: What classifies nothing, is unsound in one reasoner, or is missing from the other.
_FORBIDDEN: Final = (
    OWL.allValuesFrom,
    OWL.complementOf,
    OWL.datatypeComplementOf,
    OWL.disjointUnionOf,
    OWL.cardinality,
    OWL.minCardinality,
    OWL.maxCardinality,
    OWL.qualifiedCardinality,
    OWL.minQualifiedCardinality,
    OWL.maxQualifiedCardinality,
    OWL.oneOf,
    OWL.hasKey,
    OWL.hasSelf,
    OWL.propertyChainAxiom,
    OWL.members,
    OWL.distinctMembers,
    OWL.AllDifferent,
    OWL.AllDisjointClasses,
    OWL.AllDisjointProperties,
    OWL.NegativePropertyAssertion,
    OWL.sameAs,
    OWL.differentFrom,
    OWL.FunctionalProperty,
    OWL.InverseFunctionalProperty,
    RDFS.domain,
    RDFS.range,
)

#: What makes no axiom: names, prose and provenance.
_OUTSIDE_AXIOMS: Final = {
    RDFS.label,
    OWL.versionIRI,
    OWL.versionInfo,
    OWL.imports,
    *(URIRef(f"http://purl.org/dc/terms/{name}") for name in ("title", "description", "creator", "license")),
    *(URIRef(f"http://purl.org/dc/terms/{name}") for name in ("issued", "bibliographicCitation")),
    *(URIRef(f"http://www.w3.org/ns/prov#{name}") for name in ("wasAttributedTo", "wasDerivedFrom")),
    RDF.type,
}
_SKOS: Final = "http://www.w3.org/2004/02/skos/core#"

_SINGLE: Final = [
    "BetweenStates",
    "DefencePledged",
    "MutualDefencePledged",
    "UnequivocalGuarantee",
    "OffencePledged",
    "NeutralityPledged",
    "NonAggressionPledged",
    "CrisisConsultationPledged",
    "MeasuresOnAttackAgreed",
    "DefenceCooperationAgreed",
    "TreatyBound",
    "Assured",
    "PracticeObserved",
    "MilitaryCollaborationObserved",
    "ProtectionDeters",
    "OfficiallyDescribedAsPact",
    "NoAllianceClause",
    "NoDefenceTreaty",
]
_ANY_OF: Final = {
    "ForcePledged": "DefencePledged OffencePledged NeutralityPledged",
    "NeutralityOrNonAggression": "NeutralityPledged NonAggressionPledged",
    "AtopObligation": "DefencePledged OffencePledged NeutralityPledged NonAggressionPledged "
    "CrisisConsultationPledged",
    "CowClass": "MutualDefencePledged NeutralityPledged NonAggressionPledged CrisisConsultationPledged",
    "ObligedOnAttack": "DefencePledged MeasuresOnAttackAgreed",
    "ProtectionOrCollaboration": "ProtectionDeters MilitaryCollaborationObserved",
    "SecurityArrangement": "TreatyBound DefencePledged CrisisConsultationPledged Assured PracticeObserved "
    "ProtectionDeters",
}
_STRONGER: Final = {
    "MutualDefencePledged": "DefencePledged",
    "UnequivocalGuarantee": "DefencePledged",
    "MilitaryCollaborationObserved": "PracticeObserved",
}
#: Per class, the conditions which its members negate.
_NEGATES: Final = {
    "TieWithNonState": "BetweenStates",
    "NoDefenceGuaranteeFound": "UnequivocalGuarantee",
    "NoMilitaryCommitmentFound": "DefencePledged OffencePledged NeutralityPledged MeasuresOnAttackAgreed "
    "DefenceCooperationAgreed TreatyBound",
    "NoDefenceTreatyFound": "TreatyBound",
    "NotDescribedAsPactFound": "OfficiallyDescribedAsPact",
    "OneDirectionCoded": "MutualDefencePledged",
    "DefenceCodedZero": "DefencePledged",
    "OffenceCodedZero": "OffencePledged",
    "NeutralityCodedZero": "NeutralityPledged",
    "NonAggressionCodedZero": "NonAggressionPledged",
    "ConsultationCodedZero": "CrisisConsultationPledged",
}
_FORMAL, _STATED, _RECONSTRUCTED = "FormalOutcome", "Stated", "Reconstructed"
#: Per definition: conditions, the narrowest outcome, the basis.
_DEFINITIONS: Final = {
    "ReplyUsualAlliance": ("BetweenStates DefencePledged", _FORMAL, _STATED),
    "ReplyTrueAlliance": ("BetweenStates UnequivocalGuarantee", _FORMAL, _RECONSTRUCTED),
    "ReplyTrueAsApplied": ("BetweenStates ObligedOnAttack", _FORMAL, _RECONSTRUCTED),
    "ReplyInformalAlliance": (
        "BetweenStates NoDefenceTreaty ProtectionOrCollaboration",
        "InformalOutcome",
        _RECONSTRUCTED,
    ),
    "Vu2021TreatyBound": ("BetweenStates TreatyBound", "NecessaryTest", "AttributedByOpponent"),
    "Vu2021CloseCollaboration": ("BetweenStates MilitaryCollaborationObserved", "NecessaryTest", _STATED),
    "AllButName2020": (
        "NoAllianceClause DefenceCooperationAgreed PracticeObserved OfficiallyDescribedAsPact",
        "AllButNameOutcome",
        _RECONSTRUCTED,
    ),
    "AtopAlliance": ("BetweenStates AtopObligation", _FORMAL, _STATED),
    "AtopDefence": ("BetweenStates DefencePledged", _FORMAL, _STATED),
    "AtopOffence": ("BetweenStates OffencePledged", _FORMAL, _STATED),
    "AtopNeutrality": ("BetweenStates NeutralityPledged", _FORMAL, _STATED),
    "AtopNonAggression": ("BetweenStates NonAggressionPledged", _FORMAL, _STATED),
    "AtopConsultation": ("BetweenStates CrisisConsultationPledged", _FORMAL, _STATED),
    "CowAlliance": ("BetweenStates CowClass", _FORMAL, _STATED),
    "CowTypeI": ("BetweenStates MutualDefencePledged", _FORMAL, _STATED),
    "CowTypeII": ("BetweenStates NeutralityOrNonAggression", _FORMAL, _STATED),
    "CowTypeIII": ("BetweenStates CrisisConsultationPledged", _FORMAL, _STATED),
    "Walt1987": ("BetweenStates SecurityArrangement", "AllianceOutcome", _STATED),
    "Snyder1997": ("BetweenStates ForcePledged", _FORMAL, _STATED),
}
_NARROWER: Final = {
    "AtopAlliance": "AtopDefence AtopOffence AtopNeutrality AtopNonAggression AtopConsultation",
    "CowAlliance": "CowTypeI CowTypeII CowTypeIII",
}
_OUTCOMES: Final = {"AllianceOutcome", "FormalOutcome", "InformalOutcome", "AllButNameOutcome"}


def local(nodes: Iterable[Node]) -> set[str]:
    return {str(node).partition("#")[2] for node in nodes}


def definitions(*names: str) -> set[Node]:
    return {DEF[name] for name in " ".join(names).split()}


def wider(node: Node) -> set[Node]:
    return {n for n in ontology().transitive_objects(node, RDFS.subClassOf) if n not in (node, None)}


def members(definition: Node) -> list[Node]:
    (parts,) = ontology().objects(definition, OWL.equivalentClass / OWL.intersectionOf)
    return list(Collection(ontology(), parts))


def parts(node: Node) -> set[Node]:
    """Return what a class expression is made of."""
    if not isinstance(node, BNode):
        return {node}
    return {part for part in ontology().transitive_objects(node, None) if part is not None}


@cache
def mentioned() -> set[Node]:
    return {node for triple in ontology() for node in triple}


# --- what both reasoners run --------------------------------------------------------------------------------


@pytest.mark.parametrize("construct", _FORBIDDEN, ids=lambda term: str(term).partition("#")[2])
def test_construct_is_not_used(construct: URIRef) -> None:
    assert construct not in mentioned()


def test_every_axiom_is_of_a_known_kind() -> None:
    """A construct that nobody thought of forbidding is no axiom that both reasoners are known to run."""
    other = {p for p in ontology().predicates() if not str(p).startswith((BASE, _SKOS))}
    assert other - _OUTSIDE_AXIOMS - AXIOMS == set()


def test_existentials_stand_on_the_subclass_side_only() -> None:
    restrictions = set(ontology().subjects(OWL.someValuesFrom)) | set(ontology().subjects(OWL.hasValue))
    right = set(ontology().objects(None, RDFS.subClassOf)) | set(
        ontology().objects(None, OWL.equivalentClass)
    )
    right |= set(ontology().objects(None, OWL.disjointWith))
    assert restrictions
    assert not restrictions & {part for node in right for part in parts(node)}


def test_only_definitions_have_an_equivalent_class() -> None:
    assert set(ontology().subjects(OWL.equivalentClass)) == definitions(*_DEFINITIONS)
    assert set(ontology().objects(None, OWL.equivalentClass)) == set(ontology().subjects(OWL.intersectionOf))


def test_disjointness_is_between_named_classes() -> None:
    for pair in ontology().subject_objects(OWL.disjointWith):
        assert all(isinstance(cls, URIRef) for cls in pair)


# --- conditions ---------------------------------------------------------------------------------------------


def test_conditions_are_those_of_the_model() -> None:
    assert local(ontology().subjects(RDF.type, TACIT.Condition)) == {*_SINGLE, *_ANY_OF}


@pytest.mark.parametrize("name", [*_SINGLE, *_ANY_OF])
def test_condition_is_met_by_findings_or_by_alternatives(name: str) -> None:
    """No other class may lead to a condition: a verdict's class, or an outcome, least of all."""
    below = set(ontology().subjects(RDFS.subClassOf, DEF[name]))
    restrictions = {node for node in below if isinstance(node, BNode)}
    assert len(restrictions) == (name in _SINGLE)
    weaker = {stronger for stronger, condition in _STRONGER.items() if condition == name}
    assert below - restrictions == definitions(*weaker, _ANY_OF.get(name, ""))


@pytest.mark.parametrize("name", _SINGLE)
def test_condition_reads_findings_provisions_or_the_tie_alone(name: str) -> None:
    """A definition never reads a verdict: neither its class, nor anything that only other claims have."""
    (restriction,) = (n for n in ontology().subjects(RDFS.subClassOf, DEF[name]) if isinstance(n, BNode))
    path: list[Node] = []
    node: Node = restriction
    while isinstance(node, BNode):
        (on,) = ontology().objects(node, OWL.onProperty)
        (node,) = ontology().objects(node, OWL.someValuesFrom)
        path.append(on)
    read: dict[tuple[Node, ...], Node] = {
        (TACIT.portrays,): TACIT.Tie,
        (TACIT.hasFinding,): TACIT.Finding,
        (TACIT.hasFinding, TACIT.hasProvision): TACIT.Provision,
    }
    assert read[tuple(path)] in wider(node)


def test_verdicts_are_no_findings() -> None:
    for kind in (TACIT.Verdict, TACIT.Roster):
        assert wider(kind) == {TACIT.Claim}
    assert (TACIT.Verdict, OWL.disjointWith, TACIT.Finding) in ontology()


@pytest.mark.parametrize("name", _ANY_OF)
def test_alternatives_are_those_of_the_model(name: str) -> None:
    assert set(ontology().objects(DEF[name], TACIT.anyOf)) == definitions(_ANY_OF[name])


def test_only_the_model_s_conditions_have_alternatives() -> None:
    assert local(ontology().subjects(TACIT.anyOf)) == {*_ANY_OF}


def test_what_negates_a_condition_is_as_in_the_model() -> None:
    assert local(ontology().subjects(TACIT.negates)) == {*_NEGATES}
    for name, negated in _NEGATES.items():
        assert set(ontology().objects(TACIT[name], TACIT.negates)) == definitions(negated)


def test_what_excludes_a_condition_is_as_in_the_model() -> None:
    assert set(ontology().subject_objects(TACIT.excludes)) == {
        (DEF.DefencePledged, DEF.NoAllianceClause),
        (DEF.TreatyBound, DEF.NoDefenceTreaty),
    }


# --- definitions --------------------------------------------------------------------------------------------


def test_definitions_are_those_of_the_model() -> None:
    assert local(ontology().subjects(RDF.type, TACIT.Definition)) == {*_DEFINITIONS}


@pytest.mark.parametrize("name", _DEFINITIONS)
def test_definition_is_as_in_the_model(name: str) -> None:
    conditions, outcome, basis = _DEFINITIONS[name]
    assert members(DEF[name]) == [TACIT.Portrayal, *(DEF[c] for c in conditions.split())]
    assert local(ontology().objects(DEF[name], TACIT.definitionBasis)) == {basis}
    outcomes = local(wider(DEF[name])) & {*_OUTCOMES, "NecessaryTest"}
    assert outcomes == ({outcome, "AllianceOutcome"} if outcome in _OUTCOMES else {outcome})


def test_necessary_test_leads_to_no_outcome() -> None:
    assert wider(TACIT.NecessaryTest) == set()
    assert {name for name, (_, outcome, _) in _DEFINITIONS.items() if outcome == "NecessaryTest"} == local(
        ontology().subjects(RDFS.subClassOf, TACIT.NecessaryTest)
    )


def test_outcomes_are_three_under_one_and_not_disjoint() -> None:
    outcomes = {TACIT[name] for name in _OUTCOMES}
    below = set(ontology().subjects(RDFS.subClassOf, TACIT.AllianceOutcome))
    assert below == (outcomes - {TACIT.AllianceOutcome}) | {DEF.Walt1987}
    for outcome in outcomes:
        assert (outcome, OWL.disjointWith, None) not in ontology()
        assert (None, OWL.disjointWith, outcome) not in ontology()


@pytest.mark.parametrize("name", _NARROWER)
def test_types_of_a_data_set_are_narrower_definitions(name: str) -> None:
    assert set(ontology().subjects(RDFS.subClassOf, DEF[name])) == definitions(_NARROWER[name])


def test_definitions_lead_to_outcomes_only() -> None:
    """An outcome or a definition below a condition would be a verdict that feeds definitions."""
    for name in _DEFINITIONS:
        assert {n for n in wider(DEF[name]) if (n, RDF.type, TACIT.Condition) in ontology()} == set()
