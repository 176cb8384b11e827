"""The links and codes of data/wikidata.ttl: what the shapes cannot know of them.

This proves that the file says what its sources, as listed by the maintainers, say. That an item is still
there, and still what its label says, only Wikidata can tell: `tacit link check`.
"""

import csv
import re
from collections import Counter
from functools import cache
from itertools import pairwise
from typing import Final

import pytest
from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS, Graph, URIRef

from tacit.files import REPOSITORY, SERVED, Project
from tacit.names import ID, TACIT, WIKIDATA
from tests.conftest import shared

_WD: Final = "http://www.wikidata.org/entity/"
#: Items that others confuse with ours: what they are instead.
_TRAPS: Final = {
    "Q19188": "mainland China, the territory",
    "Q1854": "Ho Chi Minh City",
    "Q955199": "the bandwagon effect of psychology",
    "Q4849967": "a title of unknown sense",
}


@cache
def links() -> Graph:
    return Project().graphs[WIKIDATA]


@cache
def everything() -> Graph:
    return Project().union()


def items(match: URIRef) -> dict[str, str]:
    """Return our things by the identifiers of their items."""
    return {
        str(links().value(link, TACIT.item)).removeprefix(_WD): str(links().value(link, TACIT.linkOf))
        for link in links().subjects(TACIT.matchType, match)
    }


def test_there_are_forty_exact_matches_and_more() -> None:
    assert len(items(SKOS.exactMatch)) >= 40
    assert len(set(links().subjects(RDF.type, TACIT.Link))) == len(items(SKOS.exactMatch)) + sum(
        1
        for m in ("closeMatch", "relatedMatch", "broadMatch", "narrowMatch")
        for _ in links().subjects(TACIT.matchType, SKOS[m])
    )


def test_nothing_is_said_to_be_the_same() -> None:
    assert (None, OWL.sameAs, None) not in links()


@pytest.mark.parametrize("item", _TRAPS)
def test_no_link_falls_into_a_known_trap(item: str) -> None:
    assert (None, None, URIRef(_WD + item)) not in links(), _TRAPS[item]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("soviet-union", "russia"),
        ("north-vietnam", "vietnam"),
        ("south-vietnam", "vietnam"),
        ("kingdom-of-laos", "laos"),
        ("democratic-kampuchea", "peoples-republic-of-kampuchea"),
    ],
)
def test_a_state_and_its_successor_have_an_item_each(before: str, after: str) -> None:
    one, two = (set(links().objects(ID[name], SKOS.exactMatch)) for name in (before, after))
    assert one
    assert two
    assert not one & two


def test_every_state_person_and_party_that_can_have_a_link_has_one_or_is_known_to_lack_one() -> None:
    """Those without: realms and authors of whom the corpus knows only a word, and people yet to be found."""
    known = {"dynastic-vietnam", "imperial-china", "lloyd-austin", "glenn-snyder", "stephen-walt", "khang-vu"}
    known |= {"author-of-000", "author-of-004", "atop-authors", "cow-authors"}
    for kind in (TACIT.State, TACIT.Person, TACIT.Party):
        unlinked = {
            str(thing).removeprefix(ID)
            for thing in everything().subjects(RDF.type, kind)
            if (thing, SKOS.exactMatch, None) not in everything()
        }
        assert unlinked <= known


def test_the_list_of_the_maintainers_is_followed() -> None:
    """Every exact match is a verified row; a candidate is never more than close; nothing else is invented.

    Two items are of other sources, which the entries name.
    """
    with shared("wikidata-links.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    status = {row["id"]: row["status"] for row in rows}
    sources = {row["id"]: set(row["source"].split("; ")) for row in rows}
    added = {"Q252", "P1365"}
    for link in links().subjects(RDF.type, TACIT.Link):
        item = str(links().value(link, TACIT.item)).removeprefix(_WD)
        if item in added:
            assert any(map(str, links().objects(link, DCTERMS.source)))
            continue
        assert links().value(link, TACIT.linkStatus) == TACIT[status[item].capitalize()]
        if item != "Q83201":  # two rows, one for the organization and one for the policy
            assert set(map(str, links().objects(link, DCTERMS.source))) <= sources[item]
        if status[item] == "candidate":
            assert links().value(link, TACIT.matchType) == SKOS.closeMatch


def test_gaps_name_what_wikidata_has_no_home_for() -> None:
    gaps = {str(links().value(gap, TACIT.linkOf)) for gap in links().subjects(RDF.type, TACIT.LinkGap)}
    for term in ("Tie", "InformalAlliance", "Provision", "Definition"):
        assert str(TACIT[term]) in gaps


def test_a_gap_is_none_for_which_there_is_an_exact_match() -> None:
    for gap in links().subjects(RDF.type, TACIT.LinkGap):
        assert (links().value(gap, TACIT.linkOf), SKOS.exactMatch, None) not in links()


def test_one_code_covers_two_polities_and_never_in_the_same_years() -> None:
    """What the model says of codes; the years may touch, as nobody counts the days of a change."""
    by_code: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for code in links().subjects(RDF.type, TACIT.Code):
        key = str(links().value(code, TACIT.codeScheme)), str(links().value(code, SKOS.notation))
        begin = int(str(links().value(code, TACIT.beginLatest)))
        by_code.setdefault(key, []).append((begin, int(str(links().value(code, TACIT.endEarliest)))))
    shared_by = Counter({key: len(years) for key, years in by_code.items()})
    assert shared_by[str(TACIT.cowCode), "816"] == 2
    assert shared_by[str(TACIT.cowCode), "365"] == 2
    assert shared_by[str(TACIT.isoAlpha2), "VN"] == 2
    for years in by_code.values():
        ordered = sorted(years)
        for (_, end), (begin, _) in pairwise(ordered):
            assert end <= begin


@pytest.mark.parametrize(
    ("polity", "cow", "letters"),
    [
        ("vietnam", "816", "VNM"),
        ("north-vietnam", "816", "VDR"),
        ("south-vietnam", "817", "VNM"),
        ("laos", "812", "LAO"),
        ("china", "710", "CHN"),
        ("taiwan", "713", "TWN"),
        ("north-korea", "731", "PRK"),
        ("soviet-union", "365", "SUN"),
        ("russia", "365", "RUS"),
        ("united-states", "2", "USA"),
        ("israel", "666", "ISR"),
        ("cambodia", "811", "KHM"),
        ("japan", "740", "JPN"),
        ("australia", "900", "AUS"),
        ("india", "750", "IND"),
        ("ukraine", "369", "UKR"),
        ("indonesia", "850", "IDN"),
    ],
)
def test_codes_are_those_of_the_lists(polity: str, cow: str, letters: str) -> None:
    assert {str(code) for code in links().objects(ID[polity], TACIT.cowCode)} == {cow}
    assert {str(code) for code in links().objects(ID[polity], TACIT.isoAlpha3)} == {letters}


def test_the_file_describes_no_thing_of_its_own() -> None:
    """A thing has its place in the corpus; here stand entries, and triples on what is described there."""
    entries = set(links().subjects(RDF.type, None))
    for subject in set(links().subjects()) - entries:
        assert (subject, RDFS.label, None) in everything()
    text = (REPOSITORY / "data/wikidata.ttl").read_text(encoding="utf-8")
    assert set(re.findall(r"^(\w+:\w+)-", text, re.MULTILINE)) == {"id:link", "id:gap", "id:code"}
    assert SERVED["data/wikidata.ttl"] == WIKIDATA
