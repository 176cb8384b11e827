"""The guide on adding an article, docs/encoding.md, followed step by step on an article that is made up.

Its commands are run as they are printed, in a copy of the project that has a folder of texts beside it.
"""

import csv
import hashlib
import io
import re
import shlex
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import pytest
from click.testing import CliRunner, Result
from rdflib import DCTERMS, RDF, Graph

from tacit.cli import main
from tacit.evidence import Corpus, prove
from tacit.files import REPOSITORY, Project
from tacit.names import OA, TACIT, short
from tests.conftest import shared

HERE: Final = Path(__file__).parent
GUIDE: Final = (REPOSITORY / "docs" / "encoding.md").read_text(encoding="utf-8")
FILES: Final = ("005.things.ttl", "005.draft.ttl")
COMMANDS: Final = re.findall(r"^\$ tacit (.+)$", GUIDE, re.MULTILINE)

#: What the definitions should make of the tie, thought out from their conditions; all the rest is silent.
BOTH: Final = ("AtopAlliance", "AtopConsultation", "CowAlliance", "CowTypeIII", "Walt1987")  # article 4
EXPECTED: Final = {
    **{(phase, f"def:{name}"): "tacit:Holds" for phase in ("before", "since") for name in BOTH},
    # the garrison, which is reported; not the fleet, which never came, nor the troops that are denied
    ("since", "def:Vu2021CloseCollaboration"): "tacit:Holds",
    # the guarantee, which is said to be lacking
    ("before", "def:ReplyTrueAlliance"): "tacit:Contradicted",
    ("since", "def:ReplyTrueAlliance"): "tacit:Contradicted",
}


@dataclass(frozen=True)
class Workplace:
    """A copy of the project in `main`, and a folder of texts in `shared/corpus`, as the guide supposes."""

    folder: Path

    @classmethod
    def before_any_step(cls, folder: Path) -> Self:
        """Return one in which the text is in place and the draft is written."""
        for part in ("ontology", "data", "queries"):
            shutil.copytree(REPOSITORY / part, folder / "main" / part)
        (folder / "shared" / "corpus").mkdir(parents=True)
        shutil.copy(HERE / "005_harbour.txt", folder / "shared" / "corpus")
        shutil.copy(HERE / "005.draft.ttl", folder / "main")
        return cls(folder)

    def copy(self, folder: Path) -> Self:
        """Return a copy, which a test may change."""
        return type(self)(
            shutil.copytree(self.folder, folder / "copy", ignore=shutil.ignore_patterns("build"))
        )

    @property
    def root(self) -> Path:
        return self.folder / "main"

    @property
    def corpus(self) -> Path:
        return self.folder / "shared" / "corpus"

    @property
    def data(self) -> Path:
        return self.root / "data" / "triples.ttl"

    def run(self, command: str) -> Result:
        """Run a command of the guide, by the faster of the two reasoners, which give the same graph."""
        faster = " --reasoner reasonable" if command == "build" else ""
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(self.root)
            patch.delenv("TACIT_CORPUS", raising=False)
            return CliRunner().invoke(main, ["--root", str(self.root), *shlex.split(command + faster)])

    def append(self, turtle: str) -> None:
        """Append Turtle to the data, less its prefixes."""
        lines = [line for line in turtle.splitlines() if not line.startswith("@prefix ")]
        with self.data.open("a", encoding="utf-8") as file:
            file.write("\n".join(["", *lines, ""]))


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Workplace:
    """Return the project after steps 1 to 4: text in place, draft filled in, all appended to the data."""
    place = Workplace.before_any_step(tmp_path_factory.mktemp("encoding"))
    place.append((HERE / "005.things.ttl").read_text(encoding="utf-8"))
    filled = place.run(command("cite --fill"))
    assert filled.exit_code == 0, filled.output
    place.append(filled.stdout)
    return place


@pytest.fixture(scope="module")
def built(workplace: Workplace) -> Workplace:
    result = workplace.run(command("build"))
    assert result.exit_code == 0, result.output
    return workplace


@pytest.fixture
def fresh(tmp_path: Path) -> Workplace:
    """Return the project before any step but those of the editor."""
    return Workplace.before_any_step(tmp_path)


def command(begin: str) -> str:
    """Return the one command of the guide that begins so, as the guide prints it."""
    (found,) = [str(line) for line in COMMANDS if line.startswith(begin)]
    return found


def rows(result: Result) -> list[dict[str, str]]:
    assert result.exit_code == 0, result.output
    return list(csv.DictReader(io.StringIO(result.stdout)))


def turtle() -> Graph:
    """Return the files of the made-up article as one graph, quotations and all."""
    graph = Graph()
    for name in FILES:
        graph.parse(HERE / name)
    return graph


def _squeezed(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("block", re.findall(r"^```turtle\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL))
def test_turtle_of_the_guide_is_that_of_the_files(block: str) -> None:
    text = _squeezed("\n".join((HERE / name).read_text(encoding="utf-8") for name in FILES))
    assert _squeezed(block) in text


def test_the_guide_shows_turtle_and_commands() -> None:
    assert GUIDE.count("```turtle") >= 2
    assert [line.split()[0] for line in COMMANDS] == ["cite", "check", "build", "query", "query"]


def test_the_example_uses_all_that_the_guide_names() -> None:
    """Each kind of claim, stance, property … which step 3 names stands in the made-up article."""
    step = GUIDE.partition("\n## 3. ")[2].partition("\n## ")[0].partition("\nKinds that coders confuse")[0]
    named = {word.removeprefix("tacit:") for word in re.findall(r"`((?:tacit:)?[A-Za-z]+)(?: true)?`", step)}
    named |= set(re.findall(r"\*([A-Z][a-z]+s)\*", step))  # the stances
    assert {"Verdict", "Argument", "hedge", "ascribedTo", "Denies", "NotNamed"} <= named
    used = {short(str(node)).removeprefix("tacit:") for triple in turtle() for node in triple}
    assert named - used == set()


def test_every_paragraph_of_the_article_but_its_title_is_encoded(built: Workplace) -> None:
    found = rows(built.run(f"{command('query claims-of-source')} --format csv"))
    text = Corpus(built.corpus).article("005")
    assert {int(row["paragraph"]) for row in found} == set(range(2, len(text.paragraphs) + 1))


def test_claims_come_back_in_reading_order(built: Workplace) -> None:
    found = rows(built.run(f"{command('query claims-of-source')} --format csv"))
    starts = [int(row["start"]) for row in found]
    assert starts == sorted(starts)
    graph = turtle()
    claims = {
        str(claim): kind
        for claim, kind in graph.subject_objects(RDF.type)
        if (claim, TACIT.stance, None) in graph
    }
    assert {row["claim"]: row["kind"] for row in found} == {
        claim: str(kind) for claim, kind in claims.items()
    }
    assert {row["claim"]: row["paraphrase"] for row in found} == {
        str(claim): str(words) for claim, words in graph.subject_objects(TACIT.paraphrase)
    }


def test_each_claim_rests_on_the_words_that_the_draft_quotes(built: Workplace) -> None:
    """Whatever the form of its quotes: the article has printed ones, the draft typed ones."""
    text = Corpus(built.corpus).article("005").text
    found = rows(built.run(f"{command('query claims-of-source')} --format csv"))
    quoted = {
        (row["claim"], text[int(row["start"]) : int(row["end"])].replace("\u2019", "'")) for row in found
    }
    draft = Graph().parse(HERE / "005.draft.ttl")
    assert quoted == {(str(claim), str(words)) for claim, words in draft.subject_objects(TACIT.passage)}


def test_definitions_make_of_the_tie_what_their_conditions_say(built: Workplace) -> None:
    found = rows(built.run(f"{command('query tie-under-definitions')} --format csv"))
    cells = {
        (row["portrayal"].rpartition("-")[2], short(row["definition"])): short(row["result"]) for row in found
    }
    definitions = set(
        Graph().parse(REPOSITORY / "ontology/definitions.ttl").subjects(RDF.type, TACIT.Definition)
    )
    assert cells.keys() == {(phase, short(str(d))) for phase in ("before", "since") for d in definitions}
    assert {cell: result for cell, result in cells.items() if result != "tacit:Silent"} == EXPECTED


def test_the_table_names_what_is_lacking(built: Workplace) -> None:
    result = built.run(command("query tie-under-definitions"))
    assert re.search(
        r"id:portrayal-005-since +def:ReplyTrueAlliance +tacit:Contradicted +def:UnequivocalGuarantee$",
        result.stdout,
        re.MULTILINE,
    )


def test_a_single_passage_is_cited(workplace: Workplace) -> None:
    (inline,) = re.findall(r"`tacit (cite 005 .+?)`", GUIDE)
    result = workplace.run(inline)
    assert result.stdout.startswith("id:passage-005-")
    assert "tacit:paragraph 5 ;" in result.stdout


def test_things_that_exist_are_found_by_name(built: Workplace) -> None:
    (inline,) = re.findall(r"`tacit (query names .+?)`", GUIDE)
    assert "id:vietnam " in built.run(inline).stdout
    assert "id:lemuria " in built.run(inline.replace("vietnam", "lemuria")).stdout


def test_check_proves_the_new_passages_beside_the_old(workplace: Workplace, tmp_path: Path) -> None:
    """Check with the texts of all articles, the new one's digest added to those of the others."""
    texts = shared("corpus")
    place = workplace.copy(tmp_path)
    for file in (*texts.glob("*.txt"), texts / "SHA256SUMS"):
        (place.corpus / file.name).write_bytes(file.read_bytes())
    digest = hashlib.sha256((place.corpus / "005_harbour.txt").read_bytes()).hexdigest()
    with (place.corpus / "SHA256SUMS").open("a", encoding="utf-8") as sums:
        sums.write(f"{digest}  005_harbour.txt\n")
    result = place.run(command("check"))
    assert result.exit_code == 0, result.output
    passages = set(Project(place.root).union().subjects(RDF.type, OA.SpecificResource))
    assert f"passages {len(passages)}, claims" in result.stdout


def test_without_the_other_texts_the_new_passages_are_proved_and_the_others_named(
    workplace: Workplace,
) -> None:
    project = Project(workplace.root)
    faults, summary = prove(project, Corpus(workplace.corpus))
    data = project.union()
    of = {
        short(str(passage)): str(data.value(source, DCTERMS.identifier))
        for passage, source in data.subject_objects(OA.hasSource)
    }
    assert {fault.entity for fault in faults} == {
        passage for passage, article in of.items() if article != "005"
    }
    assert all(f"holds no article '{of[fault.entity]}': it has 005." in fault.message for fault in faults)
    assert f"passages {list(of.values()).count('005')}, claims" in summary


def test_a_wrong_quotation_names_its_line_and_what_is_near(fresh: Workplace) -> None:
    draft = fresh.root / "005.draft.ttl"
    right, wrong = (
        "three hundred Atlantean soldiers guard the port",
        "three hundred Atlantean sailors guard the port",
    )
    text = draft.read_text(encoding="utf-8").replace(right, wrong)
    draft.write_text(text, encoding="utf-8")
    line = 1 + next(n for n, words in enumerate(text.splitlines()) if wrong in words)
    result = fresh.run(command("cite --fill"))
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr == (
        f"Error: 005.draft.ttl:{line}: id:claim-005-troops: {wrong!r} does not stand in article 005; "
        f"nearest, in paragraph 5: {right + '.'!r}. [quotation]\n"
    )


def test_words_that_stand_more_than_once_are_told_with_their_surroundings(fresh: Workplace) -> None:
    result = fresh.run("cite 005 garrison")
    assert result.exit_code == 1
    assert "stands 4 times in article 005; quote more words, or name the paragraph" in result.stderr
    assert [int(n) for n in re.findall(r"^  paragraph (\d): …", result.stderr, re.MULTILINE)] == [5, 6, 7, 8]


#: A claim of the draft, what is changed in it, the rule which that breaks, and its cure.
BROKEN: Final = (
    ("troops", "tacit:stance tacit:Affirms ;", "", "ClaimHasStance", "Entertains or Reports"),
    ("troops-rumoured", ' ; tacit:unit "troops"@en', "", "FigureHasUnit", "say what is counted"),
    ("assurance", "tacit:ofPortrayal", "tacit:about", "FindingHasPortrayal", "needs a tacit:ofPortrayal"),
)


def test_a_broken_rule_names_file_line_thing_and_cure(workplace: Workplace, tmp_path: Path) -> None:
    place = workplace.copy(tmp_path)
    blocks = place.data.read_text(encoding="utf-8").split("\n\n")
    for claim, old, new, _, _ in BROKEN:
        (at,) = [n for n, block in enumerate(blocks) if block.startswith(f"id:claim-005-{claim} a ")]
        assert old in blocks[at]
        blocks[at] = blocks[at].replace(old, new)
    text = "\n\n".join(blocks)
    place.data.write_text(text, encoding="utf-8")
    result = place.run("check")
    assert result.exit_code == 1
    told = result.stderr.removeprefix("Error: ").splitlines()
    assert len(told) == len(BROKEN), result.stderr
    for fault, (claim, _, _, rule, cure) in zip(told, BROKEN, strict=True):
        line = 1 + text[: text.index(f"\nid:claim-005-{claim} a ") + 1].count("\n")
        assert fault.startswith(f"data/triples.ttl:{line}: id:claim-005-{claim}: ")
        assert cure in fault
        assert fault.endswith(f"[{rule}]")
