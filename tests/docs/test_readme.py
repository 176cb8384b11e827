"""The README's table of one tie, its worked answer, and what it says of them, held to the built graph."""

import re
from collections.abc import Callable
from typing import Final

from tacit.names import short
from tests.docs.conftest import Rows
from tests.docs.pages import text

PROLOGUE: Final = """
PREFIX tacit: <https://w3id.org/tacit/ontology#>
PREFIX id: <https://w3id.org/tacit/id/>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX graph: <https://w3id.org/tacit/graph/>
PREFIX prov: <http://www.w3.org/ns/prov#>
"""
COLUMNS: Final = {
    "usual alliance (000)": "def:ReplyUsualAlliance",
    "true alliance (000)": "def:ReplyTrueAlliance",
    "all but name (003)": "def:AllButName2020",
    "ATOP": "def:AtopAlliance",
    "Walt 1987": "def:Walt1987",
}
ROWS: Final = {
    "000, a reply to 001": "id:portrayal-000-laos-vietnam",
    "001, Khang Vu 2021": "id:portrayal-001-laos-vietnam",
    "002, Khang Vu": "id:portrayal-002-laos-vietnam",
    "003, Khang Vu 2020: before the treaty": "id:portrayal-003-laos-vietnam-after-1975",
    "003: the Cold War": "id:portrayal-003-laos-vietnam-cold-war",
    "003: since then": "id:portrayal-003-laos-vietnam-since",
    "004": "id:portrayal-004-laos-vietnam",
    "ATOP, 1977–1991": "id:portrayal-atop-laos-vietnam-1977",  # noqa: RUF001
    "ATOP, 1992–2018": "id:portrayal-atop-laos-vietnam-1992",  # noqa: RUF001
    "COW, 1977–2012": "id:portrayal-cow-laos-vietnam-1977",  # noqa: RUF001
}
SIGNS: Final = {"tacit:Holds": "+", "tacit:Contradicted": "−", "tacit:Silent": "·"}  # noqa: RUF001

Ask = Callable[[str], Rows]


def table() -> tuple[list[str], dict[str, list[str]]]:
    """Return the head of the README's table, and its rows by their first cell."""
    head, _, *rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in text("README.md").splitlines()
        if line.startswith("|")
    ]
    return head, {row[0]: row[1:] for row in rows}


def test_signs_are_those_of_the_assessments(ask: Ask) -> None:
    cells = ask(f"""{PROLOGUE} SELECT ?portrayal ?definition ?result WHERE {{ GRAPH graph:assessments {{
        ?cell tacit:forTie id:tie-laos-vietnam ; tacit:assesses ?portrayal ;
            tacit:underDefinition ?definition ; tacit:result ?result }} }}""")
    signs = {
        (short(cell["portrayal"]), short(cell["definition"])): SIGNS[short(cell["result"])] for cell in cells
    }
    derived = {
        label: [signs[portrayal, definition] for definition in COLUMNS.values()]
        for label, portrayal in ROWS.items()
    }
    head, rows = table()
    assert head[2:] == list(COLUMNS)
    assert {label: [sign.strip("*") for sign in row[1:]] for label, row in rows.items()} == derived
    assert {portrayal for portrayal, _ in signs} == set(ROWS.values()), "each portrayal of the tie has a row"


def test_years_of_the_data_sets_are_those_of_their_portrayals(ask: Ask) -> None:
    for row in ask(f"""{PROLOGUE} SELECT ?portrayal ?begin ?end WHERE {{
        ?set a tacit:Dataset . ?portrayal tacit:portrays id:tie-laos-vietnam ; tacit:evidenceBase ?set ;
            tacit:beginEarliest ?begin ; tacit:endEarliest ?end }}"""):
        (label,) = [label for label, portrayal in ROWS.items() if portrayal == short(row["portrayal"])]
        assert label.endswith(f", {row['begin']}–{row['end']}")  # noqa: RUF001


def test_quoted_labels_are_terms_that_the_source_uses_of_the_tie(ask: Ask) -> None:
    used = {
        (row["article"], row["term"])
        for row in ask(f"""{PROLOGUE} SELECT ?article ?term WHERE {{ ?verdict a tacit:Verdict ;
            tacit:onTie id:tie-laos-vietnam ; tacit:stance ?stance ; tacit:termUsed ?term ;
            tacit:source/dcterms:identifier ?article }}""")
    }
    quoted = {
        (label[:3], term) for label, row in table()[1].items() for term in re.findall("“(.+?)”", row[0])
    }
    assert len(quoted) >= 3
    assert quoted <= used


def test_sources_without_a_label_pass_no_verdict(ask: Ask) -> None:
    judging = {
        row["article"]
        for row in ask(f"""{PROLOGUE} SELECT ?article WHERE {{ ?verdict a tacit:Verdict ;
            tacit:stance ?stance ; tacit:onTie id:tie-laos-vietnam ;
            tacit:source/dcterms:identifier ?article }}""")
    }
    labelled = {label[:3] for label, row in table()[1].items() if row[0] != "—" and label[0] == "0"}
    assert labelled == judging


def test_one_article_meets_its_own_definition_and_contradicts_it(ask: Ask) -> None:
    """Hold the sentence below the table: a definition is an article's own if derived from its claims."""
    own = {
        (short(row["portrayal"]), short(row["result"]))
        for row in ask(f"""{PROLOGUE} SELECT ?portrayal ?result WHERE {{
            ?cell tacit:forTie id:tie-laos-vietnam ; tacit:forSource ?source ; tacit:assesses ?portrayal ;
                tacit:underDefinition ?definition ; tacit:result ?result .
            ?source a tacit:Article . FILTER(?result != tacit:Silent)
            FILTER EXISTS {{ ?definition prov:wasDerivedFrom/tacit:source ?source }} }}""")
    }
    assert {portrayal for portrayal, result in own if result == "tacit:Holds"} == {
        "id:portrayal-003-laos-vietnam-since"
    }
    assert ("id:portrayal-003-laos-vietnam-cold-war", "tacit:Contradicted") in own
