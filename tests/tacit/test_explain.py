"""What is explained of three ties, read against what the articles and the data sets say of them."""

from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from tacit.account import changes, explanation
from tacit.errors import TacitError
from tacit.explain import explain
from tacit.files import REPOSITORY, Project
from tacit.lookup import UnknownNameError
from tacit.model import Model
from tacit.names import TACIT
from tacit.whatif import report, without
from tests.tacit.test_assess import made
from tests.tacit.test_justify import extend
from tests.tacit.test_whatif import model_of

Account = dict[str, Any]
Add = Callable[[str], None]


@cache
def ours() -> Model:
    return model_of(Project(REPOSITORY))


def cell(account: Account, portrayal: str, definition: str) -> Account:
    (found,) = [p for p in account["portrayals"] if p["id"] == f"id:portrayal-{portrayal}"]
    (one,) = [c for c in found["cells"] if c["definition"] == f"def:{definition}"]
    return dict(one)


def states(one: Account) -> dict[str, tuple[str, list[str]]]:
    return {c["id"].removeprefix("def:"): (c["state"], c["claims"]) for c in one["conditions"]}


# --- Laos and Vietnam


@cache
def laos() -> Account:
    return explain(ours(), "Laos and Vietnam")


def test_laos_is_an_alliance_in_all_but_name_to_003_in_four_ways() -> None:
    one = cell(laos(), "003-laos-vietnam-since", "AllButName2020")
    assert one["result"] == "holds"
    assert states(one) == {
        "DefenceCooperationAgreed": ("met", ["id:claim-003-treaty"]),
        "NoAllianceClause": ("met", ["id:claim-003-no-clause"]),
        "OfficiallyDescribedAsPact": ("met", ["id:claim-003-pact-2012", "id:claim-003-pact-2015"]),
        "PracticeObserved": ("met", ["id:claim-003-defence-cooperation", "id:claim-003-security-aid"]),
    }
    assert len(one["reasons"]) == 4
    assert all(len(reason["claims"]) == 4 for reason in one["reasons"])
    assert all(reason["premises"] == ["id:provision-003-laos-2"] for reason in one["reasons"])
    assert one["hangs_on"] == ["id:claim-003-no-clause", "id:claim-003-treaty"]


def test_it_was_none_in_the_cold_war_because_nobody_called_it_a_pact() -> None:
    one = cell(laos(), "003-laos-vietnam-cold-war", "AllButName2020")
    assert one["result"] == "contradicted"
    assert states(one)["OfficiallyDescribedAsPact"] == ("contradicted", ["id:claim-003-not-called-pact"])
    assert states(one)["NoAllianceClause"] == ("met", ["id:claim-003-no-clause"])


def test_it_is_no_true_alliance_to_000_for_want_of_a_guarantee() -> None:
    one = cell(laos(), "000-laos-vietnam", "ReplyTrueAlliance")
    assert (one["result"], one["hangs_on"]) == ("contradicted", ["id:claim-000-laos-no-guarantee"])
    claim = laos()["claims"]["id:claim-000-laos-no-guarantee"]
    assert (claim["source"], claim["paragraphs"], claim["stance"]) == ("id:article-000", [7], "affirms")
    assert "guarantee" in claim["paraphrase"]


def test_atop_does_not_list_it_until_1992_which_is_silence() -> None:
    one = cell(laos(), "atop-laos-vietnam-1977", "AtopAlliance")
    assert (one["result"], one["reasons"], one["hangs_on"]) == ("silent", [], [])
    assert one["looked_up"] == ["id:claim-atop-laos-vietnam-1977-not-listed"]
    assert states(one)["AtopObligation"] == ("lacking", [])
    assert cell(laos(), "atop-laos-vietnam-1992", "AtopNonAggression")["result"] == "holds"


# --- the Soviet Union and Vietnam


@cache
def soviet() -> Account:
    return explain(ours(), "soviet-vietnam")


def test_the_true_alliance_of_000_is_silent_under_its_own_test_and_holds_in_the_reading() -> None:
    plain = cell(soviet(), "000-soviet-vietnam", "ReplyTrueAlliance")
    assert (plain["result"], states(plain)["UnequivocalGuarantee"]) == ("silent", ("lacking", []))
    assert cell(soviet(), "000-soviet-vietnam", "ReplyTrueAsApplied")["hangs_on"] == [
        "id:claim-000-soviet-treaty"
    ]
    reading = cell(soviet(), "000-soviet-vietnam-reading", "ReplyTrueAlliance")
    assert (reading["result"], reading["hangs_on"]) == ("holds", ["id:claim-000-soviet-guarantee-implied"])
    assert soviet()["claims"]["id:claim-000-soviet-guarantee-implied"]["implied"]
    (found,) = [p for p in soviet()["portrayals"] if p["reading_of"]]
    assert found["reading_of"] == "id:portrayal-000-soviet-vietnam"


def test_consultation_is_an_entente_to_cow_and_no_defence() -> None:
    assert cell(soviet(), "cow-soviet-vietnam-1978", "CowTypeIII")["result"] == "holds"
    assert cell(soviet(), "cow-soviet-vietnam-1978", "CowTypeI")["result"] == "contradicted"


def test_the_treaty_of_1994_fails_the_necessary_test() -> None:
    failed = [
        (portrayal["id"], one["hangs_on"])
        for portrayal in soviet()["portrayals"]
        for one in portrayal["cells"]
        if one["necessary_test"] and one["result"] == "contradicted"
    ]
    assert any(portrayal.startswith("id:portrayal-002") for portrayal, _ in failed)


# --- the United States and Israel


@cache
def israel() -> Account:
    return explain(ours(), "US and Israel")


def test_israel_is_an_informal_ally_to_000_by_what_is_lacking_and_by_what_deters() -> None:
    one = cell(israel(), "000-israel-united-states", "ReplyInformalAlliance")
    assert states(one) == {
        "BetweenStates": ("met", []),
        "NoDefenceTreaty": ("met", ["id:claim-000-israel-no-treaty"]),
        "ProtectionOrCollaboration": ("met", ["id:claim-000-israel-deterrence"]),
    }
    (between,) = [c for c in one["conditions"] if c["by_tie"]]
    assert between["id"] == "def:BetweenStates"
    (reason,) = one["reasons"]
    assert reason["claims"] == ["id:claim-000-israel-deterrence", "id:claim-000-israel-no-treaty"]
    assert reason["premises"] == ["id:tie-israel-united-states"]
    assert "tacit:portrays some tacit:InterstateTie SubClassOf: def:BetweenStates" in reason["axioms"]


def test_it_fails_the_test_of_a_treaty_by_the_same_claim() -> None:
    one = cell(israel(), "000-israel-united-states", "Vu2021TreatyBound")
    assert (one["necessary_test"], one["result"]) == (True, "contradicted")
    assert one["hangs_on"] == ["id:claim-000-israel-no-treaty"]


def test_one_side_pledged_defence_by_atop_so_it_is_a_pact_to_atop_and_not_mutual() -> None:
    portrayal = "atop-israel-united-states-1981"
    assert cell(israel(), portrayal, "AtopDefence")["result"] == "holds"
    mutual = cell(israel(), portrayal, "CowTypeI")
    assert mutual["result"] == "contradicted"
    assert "one" in israel()["claims"][mutual["hangs_on"][0]]["paraphrase"]


# --- as a whole


@pytest.mark.parametrize("account", [laos, soviet, israel])
def test_an_account_is_what_the_assessments_say(account: Callable[[], Account]) -> None:
    told = account()
    rows = ours().rows(
        "SELECT ?portrayal ?definition ?result ?because { GRAPH graph:assessments { ?cell tacit:forTie "
        f"{told['tie']} ; tacit:assesses ?portrayal ; tacit:underDefinition ?definition ; "
        "tacit:result ?result OPTIONAL { ?cell tacit:because ?because } } }"
    )
    from_graph: dict[tuple[str, str], tuple[str, set[str]]] = {}
    for row in rows:
        key = row["portrayal"].rpartition("/")[2], row["definition"].rpartition("#")[2]
        result = row["result"].removeprefix(str(TACIT)).lower()
        from_graph.setdefault(key, (result, set()))[1].update(
            {f"id:{row['because'].rpartition('/')[2]}"} if "because" in row else set()
        )
    from_account = {}
    for portrayal in told["portrayals"]:
        for one in portrayal["cells"]:
            decisive = {"holds": "met", "contradicted": "contradicted", "silent": ""}[one["result"]]
            claims = {c for part in one["conditions"] if part["state"] == decisive for c in part["claims"]}
            assert {c for reason in one["reasons"] for c in reason["claims"]} <= claims
            claims |= set(one["looked_up"]) if one["result"] == "silent" else set()
            key = portrayal["id"].removeprefix("id:"), one["definition"].removeprefix("def:")
            from_account[key] = (one["result"], claims)
    assert from_account == from_graph


def test_definition_and_source_narrow_an_account() -> None:
    narrowed = explain(ours(), "laos-vietnam", definition="walt1987", source="atop")
    assert {p["source"] for p in narrowed["portrayals"]} == {"id:atop"}
    assert {c["definition"] for p in narrowed["portrayals"] for c in p["cells"]} == {"def:Walt1987"}
    assert set(narrowed["claims"]) == {"id:claim-atop-laos-vietnam-1977-not-listed"}


@pytest.mark.parametrize(
    ("asked", "error", "message"),
    [
        (
            {"tie": "loas-vietnam"},
            UnknownNameError,
            r"no tie called loas-vietnam .did you mean tie-laos",
        ),
        ({"tie": "quad-vietnam"}, TacitError, r"No source portrays id:tie-quad-vietnam"),
        ({"tie": "laos-vietnam", "definition": "Wald1987"}, UnknownNameError, r"did you mean Walt1987"),
        ({"tie": "laos-vietnam", "source": "005"}, UnknownNameError, r"no source called 005"),
        (
            {"tie": "israel-united-states", "source": "003"},
            UnknownNameError,
            r"id:article-003 does not portray \S+; these do: id:article-000, id:atop, id:cow",
        ),
    ],
)
def test_bad_input_gets_a_sentence(asked: dict[str, str], error: type[TacitError], message: str) -> None:
    with pytest.raises(error, match=message):
        explain(ours(), **asked)


# --- as text


def test_the_text_says_holds_against_and_silent_with_source_and_paragraph() -> None:
    text = explanation(explain(ours(), "laos-vietnam", source="003"))
    assert "  alliance in all but name (003) (def:AllButName2020) holds, because\n" in text
    assert "      id:claim-003-no-clause, article-003 ¶ 9, affirms: The treaty" in text
    assert "    4 sets of claims suffice, each by itself\n" in text
    assert "    hangs alone on: id:claim-003-no-clause, id:claim-003-treaty\n" in text
    assert (
        "    against officially described as a pact:\n      id:claim-003-not-called-pact, article-003" in text
    )
    assert "  silent, as nothing is said on\n" in text
    assert (
        "(def:Vu2021TreatyBound) is passed, which makes no alliance, because\n    between states: the tie"
        in text
    )
    assert max(map(len, text.splitlines())) <= 110


def test_the_text_tells_a_claim_once_per_portrayal() -> None:
    text = explanation(explain(ours(), "soviet-vietnam", source="000"))
    full = [line for line in text.splitlines() if line.lstrip().startswith("id:claim-000-soviet-treaty")]
    assert sum("as above" not in line for line in full) == 2, (
        "once in the plain portrayal, once in the reading"
    )
    assert "affirms, implied by a verdict only: " in text
    assert "a reading of id:portrayal-000-soviet-vietnam)" in text


def test_the_text_of_what_is_looked_up_failed_or_decided_by_the_tie() -> None:
    assert "  looked up, and not listed\n      id:claim-atop-laos-" in explanation(laos())
    assert "(def:Vu2021TreatyBound) is failed\n    against bound by treaty:\n" in explanation(israel())
    movement = explanation(explain(ours(), "north-vietnam-pathet-lao"))
    assert "    against between states: the tie itself\n" in movement


def test_claims_that_meet_a_condition_only_together_are_said_to(project: Project, add: Add) -> None:
    extend(
        project,
        """
def:AidAndProtection a tacit:Condition .
[ owl:intersectionOf (
    [ a owl:Restriction ; owl:onProperty tacit:hasFinding ; owl:someValuesFrom tacit:SecurityAid ]
    [ a owl:Restriction ; owl:onProperty tacit:hasFinding ; owl:someValuesFrom tacit:DeterrentProtection ] ) ]
    rdfs:subClassOf def:AidAndProtection .
def:Joint a owl:Class, tacit:Definition ; rdfs:subClassOf tacit:FormalOutcome ;
    owl:equivalentClass [ a owl:Class ; owl:intersectionOf ( tacit:Portrayal def:AidAndProtection ) ] .
""",
    )
    made(add, "SecurityAid", "DeterrentProtection")
    add("id:f0 tacit:source id:article-003 .\nid:f1 tacit:source id:article-003 .\n")
    account = explain(model_of(project), "laos-vietnam", definition="Joint")
    one = cell(account, "x", "Joint")
    assert states(one) == {"AidAndProtection": ("met", [])}
    assert [reason["claims"] for reason in one["reasons"]] == [["id:f0", "id:f1"]]
    assert one["hangs_on"] == ["id:f0", "id:f1"]
    assert "AidAndProtection: several claims together\n    hangs alone on: id:f0, id:f1" in explanation(
        account
    )


def test_a_what_if_as_text() -> None:
    text = changes(report(ours(), without(ours(), ["claim-003-no-clause", "claim-003-sole-ally"])))
    assert text.startswith(
        "Without id:claim-003-no-clause, id:claim-003-sole-ally.\n"
        "No outcome rests on id:claim-003-sole-ally.\n\n"
        "1 outcome changed:\n  alliance in all but name (003) (def:AllButName2020), "
    )
    assert "holds" in text
    assert "lacks def:NoAllianceClause" in text
    assert "    hung on id:claim-003-no-clause, id:claim-003-treaty alone\n" in text
    assert "8 touched outcomes as before:\n" in text
    unchanged = changes(report(ours(), without(ours(), ["claim-003-sole-ally"])))
    assert unchanged.endswith("0 outcomes changed.\n")
    others = without(ours(), ["003"], implied=True, conditions=["Walt1987:BetweenStates"])
    assert changes(report(ours(), others)).startswith(
        "Without all of id:article-003, id:claim-000-soviet-guarantee-implied (implied by a verdict), "
        "the condition\n    def:BetweenStates of def:Walt1987."
    )
