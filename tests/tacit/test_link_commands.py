"""`tacit link` against a server of ours.

See `tests.tacit.wikidata_api` for what that proves, and what only the live service can.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tacit.cli import main
from tacit.files import Project
from tacit.link import links
from tacit.link_commands import CHANGED
from tests.tacit.wikidata_api import Api, item, serving

WIKIDATA = """\
@prefix tacit: <https://w3id.org/tacit/ontology#> .
@prefix id: <https://w3id.org/tacit/id/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix wd: <http://www.wikidata.org/entity/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

id:link-laos-q1 a tacit:Link ; tacit:linkOf id:laos ; tacit:item wd:Q1 ; tacit:matchType skos:exactMatch ;
    tacit:ourLabel "Laos"@en ; tacit:itemLabel "Laos"@en ; tacit:linkStatus tacit:Verified ;
    dcterms:source "made up" ; dcterms:date "2026-01-01"^^xsd:date .
    id:laos skos:exactMatch wd:Q1 .
"""
TERMS = "Link Verified Candidate linkOf item matchType ourLabel itemLabel linkStatus"

Tacit = Callable[..., Result]


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    monkeypatch.setenv("no_proxy", "*")
    items = [
        item("Q1", "Laos", types=("Q6256",)),
        item("Q2", "Vietnam", types=("Q6256",)),
        item("Q3", "Vietnam War"),
    ]
    with serving(Api(items)) as api:
        yield api


@pytest.fixture
def tacit(project: Project, api: Api) -> Tacit:
    """Return a function that runs `tacit link` on the example, which has a link and names."""
    (project.root / "data/wikidata.ttl").write_text(WIKIDATA, encoding="utf-8")
    with (project.root / "ontology/tacit.ttl").open("a", encoding="utf-8") as file:
        file.writelines(f"\ntacit:{term} a owl:Class ." for term in TERMS.split())
    with (project.root / "data/triples.ttl").open("a", encoding="utf-8") as file:
        file.write('id:laos rdfs:label "Laos"@en . id:vietnam rdfs:label "Vietnam"@en .\n')

    def run(*arguments: str, stdin: str = "") -> Result:
        command = ["--root", str(project.root), "link", *arguments, "--endpoint", api.address]
        return CliRunner().invoke(main, command, input=stdin)

    return run


def test_a_check_in_which_all_holds_says_so(tacit: Tacit, project: Project) -> None:
    result = tacit("check")
    assert result.exit_code == 0, result.output
    assert result.stdout == "1 links: none changed, 0 remarks.\n"
    assert not (project.build / "link-check.json").exists()


def test_a_change_is_a_row_and_an_exit_status_of_its_own(tacit: Tacit, api: Api) -> None:
    api.items["Q1"] = item("Q1", "Lao kingdom", "Laos", types=("Q5",))
    result = tacit("check")
    assert result.exit_code == CHANGED
    first, _, *rows, _ = (re.split(r"  +", line.strip()) for line in result.stdout.splitlines())
    assert first == ["link", "item", "what", "recorded", "now"]
    assert rows == [
        ["id:laos", "Q1", "type", "tacit:State", "Q5"],
        ["id:laos", "Q1", "(another label first)", "Laos", "Lao kingdom"],
    ]
    assert "1 links: 1 changed, 1 remarks." in result.stdout


def test_without_a_network_there_is_a_sentence_and_status_1(project: Project) -> None:
    (project.root / "data/wikidata.ttl").write_text(WIKIDATA, encoding="utf-8")
    command = ["--root", str(project.root), "link", "check", "--endpoint", "http://127.0.0.1:1/"]
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 1
    assert "Wikidata cannot be reached" in result.stderr
    assert "Traceback" not in result.output


def test_the_contact_comes_from_the_option_or_the_environment(
    tacit: Tacit, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TACIT_CONTACT", "env@example.org")
    tacit("check")
    tacit("check", "--contact", "option@example.org")
    assert [agent.split("(")[1].split(")")[0] for agent in api.agents] == [
        "env@example.org",
        "option@example.org",
    ]


def test_a_check_that_was_interrupted_says_that_it_goes_on(tacit: Tacit, api: Api) -> None:
    api.items["Q1"] = item("Q1", "Laos", types=("Q90",))  # so that a second request is needed
    api.items["Q90"] = item("Q90", "country of a kind", wider=("Q6256",))
    api.fails_after = 1
    assert tacit("check").exit_code == 1
    api.fails_after = None
    again = tacit("check")
    assert "Going on with the check of" in again.stderr
    assert again.exit_code == 0
    assert "Going on" not in tacit("check", "--fresh").stderr


def test_find_proposes_candidates_and_writes_the_chosen_one(tacit: Tacit, project: Project) -> None:
    result = tacit("find", "Vietnam", stdin="1\nexactMatch\ny\n")
    assert result.exit_code == 0, result.output
    assert "  1  Q2         Vietnam — made up" in result.stdout
    assert "  2  Q3         Vietnam War — made up" in result.stdout
    assert [(link.thing, link.item) for link in links(Project(project.root))] == [
        ("id:laos", "Q1"),
        ("id:vietnam", "Q2"),
    ]
    text = (project.root / "data/wikidata.ttl").read_text(encoding="utf-8")
    assert text.startswith(WIKIDATA)
    assert "api.php?action=wbsearchentities&search=Vietnam" in text


def test_what_is_not_exact_needs_a_reason(tacit: Tacit, project: Project) -> None:
    result = tacit(
        "find", "Vietnam War", "--for", "id:vietnam", stdin="1\ncloseMatch\nA war, and no state.\ny\n"
    )
    assert result.exit_code == 0, result.output
    text = (project.root / "data/wikidata.ttl").read_text(encoding="utf-8")
    assert 'skos:note "A war, and no state."@en' in text
    assert "tacit:Candidate" in text


@pytest.mark.parametrize("stdin", ["0\n", "\n", "1\nexactMatch\nn\n"])
def test_nothing_is_written_without_a_yes(tacit: Tacit, project: Project, stdin: str) -> None:
    result = tacit("find", "Vietnam", stdin=stdin)
    assert result.exit_code == 0
    assert "Nothing is written." in result.stdout
    assert (project.root / "data/wikidata.ttl").read_text(encoding="utf-8") == WIKIDATA


def test_what_breaks_a_rule_is_not_kept(tacit: Tacit, project: Project) -> None:
    with (project.root / "ontology/shapes.ttl").open("a", encoding="utf-8") as file:
        file.write(
            "\n<https://w3id.org/tacit/shape#Refuse> a <http://www.w3.org/ns/shacl#NodeShape> ;"
            " <http://www.w3.org/ns/shacl#targetClass> <https://w3id.org/tacit/ontology#Link> ;"
            ' <http://www.w3.org/ns/shacl#message> "No links." ; <http://www.w3.org/ns/shacl#maxLength> 1 .\n'
        )
    result = tacit("find", "Vietnam", stdin="1\nexactMatch\ny\n")
    assert result.exit_code == 1
    assert "No links." in result.stderr
    assert (project.root / "data/wikidata.ttl").read_text(encoding="utf-8") == WIKIDATA


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["find", "Atlantis"], "Wikidata has no item whose name begins with Atlantis"),
        (["find", "Vietnam", "--for", "id:nobody"], "Nothing is called id:nobody"),
        (["find", "Vietnam War"], "Nothing is called Vietnam War"),
    ],
)
def test_a_mistake_is_told_in_a_sentence(tacit: Tacit, arguments: list[str], message: str) -> None:
    result = tacit(*arguments, stdin="1\nexactMatch\ny\n")
    assert result.exit_code == 1
    assert message in result.stderr


def test_a_thing_that_is_linked_already_is_marked(tacit: Tacit) -> None:
    assert "Laos — made up  [linked to id:laos]" in tacit("find", "Laos", stdin="0\n").stdout


def test_a_project_without_links_gets_its_file(tacit: Tacit, project: Project) -> None:
    path: Path = project.root / "data/wikidata.ttl"
    path.unlink()
    assert tacit("find", "Vietnam", stdin="1\nexactMatch\ny\n").exit_code == 0
    assert path.read_text(encoding="utf-8").startswith("@prefix tacit:")
    assert [link.item for link in links(Project(project.root))] == ["Q2"]
