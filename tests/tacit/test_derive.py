from collections.abc import Callable

import pytest
from rdflib import RDF
from rdflib.term import Node

from tacit.derive import derive
from tacit.files import Project
from tacit.names import ID, TACIT

SINCE = ID["portrayal-003-laos-vietnam-since"]


def findings(project: Project, portrayal: Node) -> set[Node]:
    return {o for s, p, o in derive(project.union()) if (s, p) == (portrayal, TACIT.hasFinding)}


def test_a_portrayal_has_the_findings_of_its_phase_and_no_conclusions(project: Project) -> None:
    names = ("treaty", "no-clause", "security-aid", "pact-2015")
    assert findings(project, SINCE) == {ID[f"claim-003-{name}"] for name in names}


@pytest.mark.parametrize(
    "claim",
    [
        "a tacit:SecurityAid ; tacit:stance tacit:Denies",
        "a tacit:SecurityAid ; tacit:stance tacit:Entertains",
        'a tacit:SecurityAid ; tacit:stance tacit:Affirms ; tacit:givenThat "the treaty is renewed"@en',
        "a tacit:SecurityAid ; tacit:stance tacit:Affirms ; tacit:ascribedTo id:somebody",
        "a tacit:SecurityAid ; tacit:stance tacit:Affirms ; tacit:codingBasis tacit:ImpliedByVerdict",
        "a tacit:Verdict ; tacit:stance tacit:Affirms",
    ],
)
def test_what_is_not_affirmed_outright_is_no_finding(
    project: Project, add: Callable[[str], None], claim: str
) -> None:
    before = findings(project, SINCE)
    add(f"id:claim-x {claim} ; tacit:ofPortrayal id:{SINCE.rpartition('/')[2]} .\n")
    assert findings(Project(project.root), SINCE) == before


def test_a_reading_has_its_plain_portrayals_findings_and_what_a_verdict_implies(
    project: Project, add: Callable[[str], None]
) -> None:
    add(
        "id:reading a tacit:Portrayal ; tacit:readingOf id:portrayal-003-laos-vietnam-since .\n"
        "id:claim-x a tacit:SecurityAid ; tacit:stance tacit:Affirms ; tacit:ofPortrayal id:reading ;\n"
        "  tacit:codingBasis tacit:ImpliedByVerdict .\n"
        "id:claim-y a tacit:SecurityAid ; tacit:stance tacit:Affirms ;\n"
        "  tacit:ofPortrayal id:portrayal-003-laos-vietnam-since ;\n"
        "  tacit:codingBasis tacit:ImpliedByVerdict .\n"
    )
    assert findings(project, ID.reading) == findings(project, SINCE) | {ID["claim-x"]}
    assert ID["claim-y"] not in findings(project, SINCE)


def test_a_tie_is_between_states_only_if_every_party_is_one(
    project: Project, add: Callable[[str], None]
) -> None:
    add(
        "id:pathet-lao a tacit:ArmedMovement .\n"
        "id:tie-x a tacit:Tie ; tacit:party id:vietnam, id:pathet-lao .\n"
    )
    types = {(s, o) for s, p, o in derive(project.union()) if p == RDF.type}
    assert types == {(ID["tie-laos-vietnam"], TACIT.InterstateTie), (ID["tie-x"], TACIT.TieWithNonState)}


def test_a_claim_is_about_the_tie_of_its_portrayal_and_of_its_instrument(
    project: Project, add: Callable[[str], None]
) -> None:
    add("id:claim-event a tacit:EventClaim ; tacit:instrument id:treaty-laos-vietnam-1977 .\n")
    about = {(s, o) for s, p, o in derive(project.union()) if p == TACIT.about}
    tie = ID["tie-laos-vietnam"]
    assert {(ID["claim-003-troops"], tie), (ID["claim-event"], tie)} <= about
    assert (ID["claim-003-sole-ally"], tie) not in about


def test_nothing_asserted_is_derived_again(project: Project, add: Callable[[str], None]) -> None:
    add("id:tie-laos-vietnam a tacit:InterstateTie .\n")
    assert (ID["tie-laos-vietnam"], RDF.type, TACIT.InterstateTie) not in derive(project.union())
