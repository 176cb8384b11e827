import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tacit.cli import main
from tacit.files import Project


@pytest.fixture
def tacit(project: Project) -> Callable[..., Result]:
    """Return a function that runs the command on the example."""

    def run(*arguments: str, stdin: str = "") -> Result:
        return CliRunner().invoke(main, ["--root", str(project.root), *arguments], input=stdin)

    return run


@pytest.fixture
def built(tacit: Callable[..., Result]) -> Callable[..., Result]:
    assert tacit("build", "--reasoner", "reasonable").exit_code == 0
    return tacit


def test_build_shows_stages_counts_and_the_file(tacit: Callable[..., Result]) -> None:
    result = tacit("build", "--reasoner", "reasonable")
    assert result.exit_code == 0
    assert [line.split()[0] for line in result.stderr.splitlines()][:6] == (
        ["load", "check", "derive", "close", "assess", "write"]
    )
    assert re.search(r"triples in https://w3id\.org/tacit/graph/inferred", result.stderr)
    assert "is reused" in tacit("build").stderr


def test_a_fault_goes_to_stderr_with_its_place_and_exits_with_1(
    tacit: Callable[..., Result], add: Callable[[str], None]
) -> None:
    add("id:x a tacit:Claim .\n")
    for command in ("build", "check"):
        result = tacit(command)
        assert result.exit_code == 1
        assert re.search(
            r"data/triples\.ttl:\d+: id:x: A claim has a stance\. \[ClaimHasStance\]", result.stderr
        )
        assert result.stdout == ""


def test_check_proves_the_evidence_where_it_is_given_the_texts(
    tacit: Callable[..., Result], corpus: Path
) -> None:
    assert tacit("check").stdout == "Every rule is kept.\n"
    assert "passages 1, claims that rest on them 1" in tacit("check", "--corpus", str(corpus)).stdout
    (corpus / "SHA256SUMS").unlink()
    (corpus / "003_made_up.txt").write_text("A reply\n\nNothing of the kind stands here any more.\n")
    result = tacit("check", "--corpus", str(corpus))
    assert result.exit_code == 1
    assert "now read 'ng of the kind'" in result.stderr


def test_a_query_of_the_library_takes_parameters(built: Callable[..., Result]) -> None:
    assert "id:claim-003-treaty" in built("query", "claims-of").stdout
    result = built("query", "claims-of", "--param", "source=id:atop", "--format", "csv")
    assert result.stdout.splitlines()[1:] == [
        "https://w3id.org/tacit/id/claim-atop-laos-vietnam-1977,https://w3id.org/tacit/ontology#Affirms"
    ]


def test_a_query_comes_from_a_file_or_from_standard_input(
    built: Callable[..., Result], tmp_path: Path
) -> None:
    ask = "PREFIX tacit: <https://w3id.org/tacit/ontology#> ASK { ?s tacit:result tacit:Holds }"
    (tmp_path / "holds.rq").write_text(ask)
    assert built("query", str(tmp_path / "holds.rq")).stdout == "yes\n"
    assert built("query", "-", stdin=ask).stdout == "yes\n"
    assert '"boolean":true' in built("query", "-", "--format", "json", stdin=ask).stdout


def test_a_graph_is_printed_as_turtle_unless_another_format_is_named(built: Callable[..., Result]) -> None:
    construct = "CONSTRUCT { ?s a ?o } WHERE { ?s a ?o . FILTER(?o = <https://w3id.org/tacit/ontology#Tie>) }"
    assert "id:tie-laos-vietnam a tacit:Tie" in built("query", "-", stdin=construct).stdout
    assert built("query", "-", "--format", "ntriples", stdin=construct).stdout.startswith(
        "<https://w3id.org/"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["query", "claim-of"], "did you mean claims-of"),
        (["query", "claims-of", "--param", "sauce=id:atop"], "did you mean source"),
        (["query", "claims-of", "--param", "source"], "write it as name=value"),
        (["query", "nothing.rq"], "There is no file nothing.rq"),
        (["query", "-", "--param", "a=b"], "Only a query of the library takes --param"),
        (["query", "-"], "line 1, column 8"),
        (["cite", "009", "x", "--corpus", "."], "holds no article"),
        (["cite", "003"], "Name an article and quote its words"),
        (["biuld"], "Did you mean 'build'?"),
    ],
)
def test_a_mistake_is_told_in_a_sentence(
    built: Callable[..., Result],
    monkeypatch: pytest.MonkeyPatch,
    corpus: Path,
    arguments: list[str],
    message: str,
) -> None:
    monkeypatch.chdir(corpus.parent)
    monkeypatch.setenv("TACIT_CORPUS", str(corpus))
    result = built(*arguments, stdin="SELECT { ?s ?p ?o }")
    assert result.exit_code in (1, 2)
    assert message in result.stderr
    assert "Traceback" not in result.output


def test_a_query_before_any_build_says_what_to_do(tacit: Callable[..., Result]) -> None:
    result = tacit("query", "claims-of")
    assert result.exit_code == 1
    assert "run tacit build" in result.stderr


def test_cite_prints_a_passage_from_the_folder_of_the_environment(
    tacit: Callable[..., Result], corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TACIT_CORPUS", str(corpus))
    result = tacit("cite", "003", "pact's\" clause")
    assert result.stdout.startswith(
        "id:passage-003-14-28 a oa:SpecificResource ; oa:hasSource id:article-003 ;"
    )
    assert tacit("cite", "003", "Nobody", "--paragraph", "3").stdout.startswith("id:passage-003-76-82 ")


def test_cite_fills_a_draft(tacit: Callable[..., Result], corpus: Path, tmp_path: Path) -> None:
    draft = tmp_path / "draft.ttl"
    draft.write_text('id:c tacit:source id:article-003 ; tacit:passage "A reply" .\n')
    result = tacit("cite", "--fill", str(draft), "--corpus", str(corpus))
    assert result.stdout.startswith(
        "id:c tacit:source id:article-003 ; tacit:passage id:passage-003-0-7 .\n\nid:passage-"
    )


def test_without_a_corpus_folder_there_is_a_sentence(
    tacit: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TACIT_CORPUS", raising=False)
    result = tacit("cite", "003", "x")
    assert result.exit_code == 1
    assert "--corpus or TACIT_CORPUS" in result.stderr


def test_explain_says_why_as_text_and_as_json(built: Callable[..., Result]) -> None:
    text = built("explain", "Vietnam and Laos", "--definition", "AllButName2020", "--source", "003")
    assert text.exit_code == 0
    assert "alliance in all but name (003) (def:AllButName2020) holds, because\n" in text.stdout
    assert "id:claim-003-no-clause, article-003, affirms" in text.stdout
    told = json.loads(built("explain", "laos-vietnam", "--format", "json").stdout)
    assert told["tie"] == "id:tie-laos-vietnam"


def test_what_if_says_what_changes_as_text_and_as_json(built: Callable[..., Result]) -> None:
    text = built("what-if", "--without", "claim-003-no-clause", "--without-condition", "Usual:BetweenStates")
    assert text.exit_code == 0
    assert "1 outcome changed:\n  alliance in all but name (003) (def:AllButName2020)" in text.stdout
    told = json.loads(built("what-if", "--without-implied", "--format", "json").stdout)
    assert told["changes"] == []


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ["explain", "loas-vietnam"],
            "no tie called loas-vietnam (did you mean tie-laos-vietnam?).",
        ),
        (["what-if"], "Nothing is left out: name a claim, a source or a condition."),
        (
            ["what-if", "--without", "003", "--without", "atop"],
            "That leaves no finding",
        ),
    ],
)
def test_a_why_that_cannot_be_told_is_a_sentence(
    built: Callable[..., Result], words: list[str], message: str
) -> None:
    result = built(*words)
    assert result.exit_code == 1
    assert message in result.stderr
    assert "Traceback" not in result.stderr


def test_a_why_needs_a_build(tacit: Callable[..., Result]) -> None:
    assert "There is no built graph: run tacit build." in tacit("explain", "laos-vietnam").stderr
