"""What-ifs on the corpus, held to full rebuilds of copies, and on the example."""

import re
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from rdflib import RDF

from tacit.build import build
from tacit.engine import evaluate, load_files
from tacit.errors import TacitError
from tacit.files import REPOSITORY, Project
from tacit.lookup import UnknownNameError
from tacit.model import Model
from tacit.names import DEF, ID, PREFIXES, TACIT, short
from tacit.whatif import MOST_NAMES, report, what_if, without

Results = dict[tuple[str, str], str]

_RESULTS = """SELECT ?portrayal ?definition ?result {
    ?cell tacit:assesses ?portrayal ; tacit:underDefinition ?definition ; tacit:result ?result }"""


def model_of(project: Project) -> Model:
    store = load_files([build(project, "reasonable").graph])
    return Model(lambda query: evaluate(store, query).body)


@cache
def ours() -> Model:
    return model_of(Project(REPOSITORY))


def results(model: Model) -> Results:
    rows = model.rows(_RESULTS.replace("{", "{ GRAPH graph:assessments {", 1) + "}")
    return {(short(r["portrayal"]), short(r["definition"])): short(r["result"]) for r in rows}


def changed(model: Model, *names: str, implied: bool = False, conditions: tuple[str, ...] = ()) -> Results:
    """Return all results as a what-if has them."""
    after = results(model)
    for one in what_if(model, without(model, names, implied=implied, conditions=conditions)):
        cell = short(str(one.portrayal)), short(str(one.definition))
        assert after[cell] == short(str(one.before.result))
        after[cell] = short(str(one.after.result))
    return after


# --- held to a rebuild


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a copy of the project's files, to be changed."""
    for folder in ("ontology", "data"):
        shutil.copytree(REPOSITORY / folder, tmp_path / folder)
    return tmp_path


def delete(root: Path, *claims: str) -> None:
    """Delete the blocks of claims, and what other claims say of them."""
    for path in (root / "data").glob("*.ttl"):
        text = path.read_text(encoding="utf-8")
        for claim in claims:
            text = re.sub(rf"^{claim} .*?\.\n(?=\n|[a-z@#]|\Z)", "", text, flags=re.MULTILINE | re.DOTALL)
            text = re.sub(rf"^ +[\w:]+ {claim} ;\n", "", text, flags=re.MULTILINE)
            text = re.sub(rf" ?[\w:]+ {claim} [;](?= )", "", text)
            text = re.sub(rf"{claim}, |, {claim}(?![\w-])", "", text)
        path.write_text(text, encoding="utf-8")


def rebuilt(root: Path, monkeypatch: pytest.MonkeyPatch) -> Results:
    # a claim that is gone can leave others without a ground: that is for check, and no outcome hangs on it
    monkeypatch.setattr("tacit.build.check", lambda project: [])
    return results(model_of(Project(root)))


@pytest.mark.parametrize(
    "claims",
    [
        ["id:claim-003-no-clause"],
        ["id:claim-003-treaty"],
        ["id:claim-000-israel-no-treaty"],
        ["id:claim-atop-laos-vietnam-1992-nonagg"],
        ["id:claim-000-true-alliance", "id:claim-000-soviet-guarantee-implied"],
    ],
)
def test_a_what_if_agrees_with_a_full_rebuild_without_the_claims(
    copy: Path, monkeypatch: pytest.MonkeyPatch, claims: list[str]
) -> None:
    delete(copy, *claims)
    left = {subject for graph in Project(copy).graphs.values() for subject in graph.subjects()}
    assert not {ID[claim.removeprefix("id:")] for claim in claims} & left
    expected = rebuilt(copy, monkeypatch)
    found = changed(ours(), claims[0])  # what the verdict implies goes with it, named or not
    assert found == expected
    assert found != results(ours())


def test_a_what_if_agrees_with_a_rebuild_without_a_condition(
    copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = copy / "ontology" / "definitions.ttl"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("def:PracticeObserved def:OfficiallyDescribedAsPact )", "def:PracticeObserved )")
    )
    expected = rebuilt(copy, monkeypatch)
    found = changed(ours(), conditions=("AllButName2020:OfficiallyDescribedAsPact",))
    assert found == expected != results(ours())


def test_without_what_verdicts_imply_readings_are_as_their_plain_portrayals() -> None:
    model = ours()
    found = changed(model, implied=True)
    readings = list(model.judge.graph.subject_objects(TACIT.readingOf))
    assert readings
    for reading, plain in readings:
        for definition in map(str, model.judge.definitions):
            name = short(definition)
            assert found[short(str(reading)), name] == found[short(str(plain)), name]
    assert found != results(model)


# --- what is told


def test_a_change_names_the_cell_what_it_lacks_and_on_what_it_hung() -> None:
    told = report(ours(), without(ours(), ["claim-003-no-clause"]))
    assert told["changes"] == [
        {
            "portrayal": "id:portrayal-003-laos-vietnam-since",
            "label": "Laos–Vietnam in article 003, since the Cold War",  # noqa: RUF001
            "tie": "id:tie-laos-vietnam",
            "source": "id:article-003",
            "definition": "def:AllButName2020",
            "name": "alliance in all but name (003)",
            "before": "holds",
            "after": "silent",
            "lacks": ["def:NoAllianceClause"],
            "hangs_on": ["id:claim-003-no-clause", "id:claim-003-treaty"],
        }
    ]
    assert told["without"]["claims"] == ["id:claim-003-no-clause"]
    stays = {(one["portrayal"], one["definition"]): one["hangs_on"] for one in told["stays"]}
    assert stays["id:portrayal-003-laos-vietnam-cold-war", "def:Vu2021CloseCollaboration"] == [
        "id:claim-003-troops"
    ]
    assert stays["id:portrayal-003-laos-vietnam-since", "def:Walt1987"] == []


def test_one_of_two_alternatives_changes_nothing_and_then_the_other_is_all() -> None:
    told = report(ours(), without(ours(), ["claim-003-pact-2015"]))
    assert told["changes"] == []
    (stays,) = [one for one in told["stays"] if one["definition"] == "def:AllButName2020"]
    assert "id:claim-003-pact-2012" in stays["hangs_on"]
    assert report(ours(), without(ours(), ["claim-003-pact-2015", "claim-003-pact-2012"]))["changes"]


def test_a_claim_on_which_nothing_rests_is_idle() -> None:
    told = report(ours(), without(ours(), ["claim-003-sole-ally"]))
    assert (told["idle"], told["changes"], told["stays"]) == (["id:claim-003-sole-ally"], [], [])


def test_a_verdict_takes_with_it_what_it_implies() -> None:
    told = report(ours(), without(ours(), ["id:claim-000-true-alliance"]))
    assert told["without"]["derived"] == ["id:claim-000-soviet-guarantee-implied"]
    assert told["idle"] == []
    assert {one["portrayal"] for one in told["changes"]} == {"id:portrayal-000-soviet-vietnam-reading"}


def test_without_a_source_its_portrayals_are_silent_or_as_the_tie_says() -> None:
    told = report(ours(), without(ours(), ["003"]))
    assert {one["source"] for one in told["changes"]} == {"id:article-003"}
    assert {one["after"] for one in told["changes"]} == {"silent"}
    assert {one["tie"] for one in told["stays"]} == {"id:tie-north-vietnam-pathet-lao"}


def test_a_tie_between_states_is_a_condition_like_others(
    project: Project, add: Callable[[str], None]
) -> None:
    add(
        "id:pathet-lao a tacit:ArmedMovement .\nid:tie-x a tacit:Tie ; tacit:party id:laos, id:pathet-lao .\n"
    )
    add("id:portrayal-x a tacit:Portrayal ; tacit:portrays id:tie-x ; tacit:evidenceBase id:article-003 .\n")
    add("id:f0 a tacit:TreatyFound ; tacit:hasProvision id:p0 ; tacit:ofPortrayal id:portrayal-x ;\n")
    add("    tacit:source id:article-003 ; tacit:stance tacit:Affirms .\nid:p0 a tacit:DefencePledge .\n")
    model = model_of(project)
    (one,) = [
        one
        for one in report(model, without(model, conditions=["Usual:BetweenStates"]))["changes"]
        if one["portrayal"] == "id:portrayal-x"
    ]
    assert (one["before"], one["after"]) == ("contradicted", "holds")


def test_nothing_is_remembered_between_what_ifs() -> None:
    before = results(ours())
    first = report(ours(), without(ours(), ["003"]))
    report(ours(), without(ours(), ["000"], implied=True))
    assert report(ours(), without(ours(), ["003"])) == first
    assert results(ours()) == before
    assert all(
        judgement.result == (TACIT.Holds if (p, RDF.type, d) in ours().judge.graph else judgement.result)
        for p, findings in ours().judge.findings.items()
        for d, conditions in ours().judge.definitions.items()
        for judgement in [ours().judge.judge(p, findings, conditions)]
    )


# --- bad input


@pytest.mark.parametrize(
    ("names", "conditions", "message"),
    [
        ([], [], r"Nothing is left out"),
        (
            ["claim-003-no-claus"],
            [],
            r"no claim or source called claim-003-no-claus .did you mean claim-003",
        ),
        (["005"], [], r"no claim or source called 005 .did you mean"),
        ([], ["AllButName2020"], r"write DEFINITION:CONDITION"),
        (
            [],
            ["AllButName:NoAllianceClause"],
            r"no definition called AllButName .did you mean AllBut",
        ),
        ([], ["Walt1987:DefencePledged"], r"no condition of Walt1987 called DefencePledged"),
        (
            [],
            ["Walt1987:BetweenStates", "def:Walt1987:def:SecurityArrangement"],
            r"leaves def:Walt1987 no",
        ),
        (["000", "001", "002", "003", "004", "atop", "cow"], [], r"That leaves no finding"),
        (["003"] * (MOST_NAMES + 1), [], r"more than 100 names"),
    ],
)
def test_bad_input_gets_a_sentence(names: list[str], conditions: list[str], message: str) -> None:
    with pytest.raises(TacitError, match=message):
        without(ours(), names, conditions=conditions)


def test_an_unknown_name_is_told_apart_from_other_faults() -> None:
    with pytest.raises(UnknownNameError):
        without(ours(), ["no-such-claim"])


def test_names_are_read_as_everywhere() -> None:
    assert without(ours(), ["ATOP 5.1"]).sources == {ID.atop}
    assert without(ours(), conditions=["def:Walt1987:def:BetweenStates"]).conditions == {
        DEF.Walt1987: {DEF.BetweenStates}
    }
    assert str(ID.atop).startswith(PREFIXES["id"])
