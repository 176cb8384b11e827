# ruff: noqa: RUF001 (signs that look like others are what is tested)
from pathlib import Path

import pytest
from rdflib import Graph

from tacit.draft import fill
from tacit.errors import FaultsError
from tacit.evidence import Corpus

HEAD = """@prefix tacit: <https://w3id.org/tacit/ontology#> .
@prefix id: <https://w3id.org/tacit/id/> .
@prefix oa: <http://www.w3.org/ns/oa#> .
"""
DRAFT = """# it's a comment: "no quotation" <
id:claim-b a tacit:Roster ; tacit:source id:article-003 ; tacit:count 1.5 ;
    tacit:passage "Nobody came, and nobody wrote." , # why not
        "The \\"pact's\\" clause"@en ;
    tacit:paraphrase "It's. a; \\"x\\" # no comment."@en .
id:claim-a tacit:passage 'Nobody came, and nobody wrote.', id:passage-003-0-7 ; tacit:source id:article-003.
"""


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    return tmp_path / "draft.ttl"


def test_quotations_become_names_and_all_else_stays(draft: Path, corpus: Path) -> None:
    draft.write_text(HEAD + DRAFT, encoding="utf-8")
    filled, passages = fill(draft, Corpus(corpus)).split("\n\n", 1)
    expected = DRAFT.replace('"Nobody came, and nobody wrote."', "id:passage-003-44-74")
    expected = expected.replace("'Nobody came, and nobody wrote.'", "id:passage-003-44-74")
    expected = expected.replace('"The \\"pact\'s\\" clause"@en', "id:passage-003-9-28")
    assert filled + "\n" == HEAD + expected
    names = [line.split()[0] for line in passages.splitlines() if line.startswith("id:")]
    assert names == ["id:passage-003-9-28", "id:passage-003-44-74"], "sorted by place, each once"
    assert len(Graph().parse(data=fill(draft, Corpus(corpus)), format="turtle")) > 20


def test_what_is_filled_once_stays_as_it_is(draft: Path, corpus: Path) -> None:
    draft.write_text(HEAD + DRAFT, encoding="utf-8")
    once = fill(draft, Corpus(corpus))
    draft.write_text(once, encoding="utf-8")
    assert fill(draft, Corpus(corpus)) == once
    draft.write_text(
        once + 'id:c tacit:source id:article-003 ; tacit:passage "The “pact’s” clause" .\n', encoding="utf-8"
    )
    assert fill(draft, Corpus(corpus)).count("id:passage-003-9-28 a ") == 1


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ('id:a tacit:source id:article-003 ;\n  tacit:passage "Nobody" .', (2, "id:a"), "stands 2 times"),
        (
            'id:a tacit:source id:article-003 ;\n\n  tacit:passage "Noone" .',
            (3, "id:a"),
            "does not stand in article 003",
        ),
        ('id:a a id:b .\nid:c tacit:passage "Nobody" .', (2, "id:c"), "give its subject tacit:source"),
        ('id:a tacit:source id:article-009 ; tacit:passage "x" .', (1, "id:a"), "holds no article '009'"),
        ('id:a a id:b ;\n  id:p "open .\n', (2, ""), 'A " stands here that nothing closes'),
        ('id:a a id:b .\nid:c a "x"', (2, "id:c"), "does not end"),
    ],
)
def test_an_error_names_the_line_of_the_draft(
    draft: Path, corpus: Path, text: str, place: tuple[int, str], message: str
) -> None:
    draft.write_text(text, encoding="utf-8")
    with pytest.raises(FaultsError, match=message) as raised:
        fill(draft, Corpus(corpus))
    assert [(fault.line, fault.entity) for fault in raised.value.faults] == [place]


def test_all_errors_are_told_at_once(draft: Path, corpus: Path) -> None:
    draft.write_text(
        'id:a tacit:source id:article-003 ; tacit:passage "x", "y" .\nid:b tacit:passage "z" .',
        encoding="utf-8",
    )
    with pytest.raises(FaultsError) as raised:
        fill(draft, Corpus(corpus))
    assert [fault.line for fault in raised.value.faults] == [1, 1, 2]
