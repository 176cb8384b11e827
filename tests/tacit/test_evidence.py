# ruff: noqa: RUF001 (signs that look like others are what is tested)
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tacit.errors import TacitError
from tacit.evidence import Article, Corpus, prove
from tacit.files import Project
from tests.conftest import shared

TEXT = "Title\n\nThe “pact’s” clause – a dry one – binds.\n \nIt binds nobody. Nobody\u00a0 asks.\n"


@pytest.fixture
def article() -> Article:
    return Article("007", TEXT)


def test_paragraphs_are_the_lines_that_are_not_empty(article: Article) -> None:
    assert [TEXT[first:last][:3] for first, last in article.paragraphs] == ["Tit", "The", "It "]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("The “pact’s” clause", "The “pact’s” clause"),
        ('The "pact\'s"   clause', "The “pact’s” clause"),
        ("clause - a dry", "clause – a dry"),
        ("Nobody asks.", "Nobody\u00a0 asks."),
        ("nobody", "nobody"),
    ],
)
def test_words_are_found_whatever_their_quotes_dashes_and_spaces(
    article: Article, words: str, found: str
) -> None:
    passage = article.find(words)
    assert TEXT[passage.start : passage.end] == found


def test_a_passage_is_ready_to_paste(article: Article) -> None:
    assert article.find("Title").turtle() == (
        "id:passage-007-0-5 a oa:SpecificResource ; oa:hasSource id:article-007 ; tacit:paragraph 1 ;\n"
        "    oa:hasSelector [ a oa:TextPositionSelector ; oa:start 0 ; oa:end 5 ] ;\n"
        '    tacit:sha256 "7e8cd2056da73a7fefb6cd91f4e5d199d08d9058c517b9a2476b1b520324d674" .\n'
    )


def test_words_that_stand_more_than_once_are_all_shown(article: Article) -> None:
    with pytest.raises(TacitError, match="stands 2 times") as raised:
        article.find("binds")
    assert "paragraph 2: …" in str(raised.value)
    assert "paragraph 3: …It binds nobody" in str(raised.value)
    assert article.find("binds", paragraph=3).paragraph == 3


def test_words_that_do_not_stand_there_bring_the_nearest(article: Article) -> None:
    with pytest.raises(TacitError, match=r"nearest, in paragraph 3: 'It binds nobody\.'"):
        article.find("It bound nobody")
    with pytest.raises(TacitError, match="nothing there is like them"):
        article.find("xyzzy")


@pytest.mark.parametrize("words", ["bind", "Title The", "", " "])
def test_words_are_whole_and_of_one_paragraph(article: Article, words: str) -> None:
    with pytest.raises(TacitError):
        article.find(words)


def test_an_article_that_the_folder_lacks_is_named(corpus: Path) -> None:
    with pytest.raises(TacitError, match="holds no article '004': it has 003"):
        Corpus(corpus).article("004")


def test_a_folder_without_texts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TacitError, match="holds no article"):
        Corpus(tmp_path)


def test_a_text_that_is_not_the_one_listed_is_refused(corpus: Path) -> None:
    (corpus / "003_made_up.txt").write_text("Another text.\n")
    with pytest.raises(TacitError, match=r"003_made_up\.txt is not the file which SHA256SUMS lists"):
        Corpus(corpus)


def test_the_example_is_proved(project: Project, corpus: Path) -> None:
    faults, summary = prove(project, Corpus(corpus))
    assert faults == []
    assert summary.endswith("passages 1, claims that rest on them 1.")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("oa:start 14", "oa:start 15", "characters 15 to 28 of article 003 now read 'act’s” clause'"),
        ("oa:end 28", "oa:end 2800", "Paragraph 2 is characters 9 to 74"),
        ("oa:start 14", "oa:start 2", "Paragraph 2 is characters 9 to 74; characters 2 to 28"),
        ("paragraph 2", "paragraph 3", "Paragraph 3 is characters 76 to 94"),
        ("paragraph 2", "paragraph 9", "There is no paragraph 9; .* now read 'pact’s” clause'"),
        ('sha256 "c6c3', 'sha256 "0000', "The digest is that of another text; .* now read 'pact’s” clause'"),
        ('identifier "003"', 'identifier "002"', "holds no article '002'"),
        ("oa:start 14 ;", "", "no whole number as oa:start"),
    ],
)
def test_a_passage_that_is_not_there_is_named_with_what_stands_there_now(
    project: Project, corpus: Path, old: str, new: str, message: str
) -> None:
    data = project.root / "data" / "triples.ttl"
    text = data.read_text(encoding="utf-8")
    assert old in text
    data.write_text(text.replace(old, new), encoding="utf-8")
    (fault,), summary = prove(project, Corpus(corpus))
    assert fault.entity == "id:passage-003-14-28"
    assert text.splitlines()[fault.line - 1].startswith("id:passage-003-14-28 ")
    assert re.search(message, fault.message), fault.message
    assert summary.endswith("passages 0, claims that rest on them 0.")


def test_every_failing_passage_is_named(project: Project, corpus: Path, add: Callable[[str], None]) -> None:
    for start in (15, 16):
        add(
            f"id:passage-003-{start}-28 a oa:SpecificResource ; oa:hasSource id:article-003 ;\n"
            f'  tacit:paragraph 2 ; oa:hasSelector [ oa:start {start} ; oa:end 28 ] ; tacit:sha256 "0" .\n'
        )
    faults, _ = prove(project, Corpus(corpus))
    assert [fault.entity for fault in faults] == ["id:passage-003-15-28", "id:passage-003-16-28"]


def test_our_data_is_proved() -> None:
    faults, _ = prove(Project(), Corpus(shared("corpus")))
    assert faults == []
