"""Names matched to things, over a few that are made up."""

import pytest
from rdflib import URIRef

from server import matching
from server.gathering import iri
from server.matching import PROPERTIES, TYPES, Index, Thing, fold
from tacit.files import Project
from tacit.names import ID, PREFIXES


def thing(id_: str, label: str, *others: str, type_: str = "State", **values: str) -> Thing:
    names = {id_: "id", label: "label", **dict.fromkeys(others, "other")}
    found = Thing(id_, label, type_, names)
    for property_, value in values.items():
        found.values[property_].append(value)
        if property_ == "cow":
            found.names[value] = "code"
    return found


@pytest.fixture
def index() -> Index:
    return Index(
        [
            thing("vietnam", "Vietnam", "Việt Nam", "Hanoi", "SRV", cow="816"),
            thing("north-vietnam", "North Vietnam", "Hanoi", "Việt Nam Dân chủ Cộng hòa", cow="816"),
            thing("laos", "Laos", "Lào", cow="812"),
            thing("lao", "a thing with a code", cow="LAO", type_="Place"),
            thing("union", "Soviet Union", "U.S.S.R."),
            thing("hanoi", "Hanoi", "Hà Nội", type_="Place"),
            thing("duan", "Le Duan", "Lê Duẩn", type_="Person"),
            thing("treaty", "Treaty of Laos and Vietnam, 1977", type_="Treaty"),
        ]
    )


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Việt Nam", "viet nam"),
        ("Đảng Cộng sản", "dang cong san"),
        ("U.S.S.R.", "ussr"),
        ("U.S. and U.K.", "us and uk"),
        ("Sino\u2013Soviet  split", "sino soviet split"),
        ("Ho Chi Minh", "ho chi minh"),
        ("", ""),
        ("…", ""),
        ("北京", "北京"),
    ],
)
def test_accents_case_and_punctuation_do_not_count(text: str, folded: str) -> None:
    assert fold(text) == folded
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("query", "best", "score"),
    [
        ("Vietnam", "vietnam", 100),
        ("VIETNAM", "vietnam", 100),
        ("Việt Nam", "vietnam", 98),
        ("Viet Nam", "vietnam", 96),
        ("Viet Nam Dan chu Cong hoa", "north-vietnam", 96),
        ("USSR", "union", 96),
        ("Le Duan", "duan", 100),
        ("Lê Duẩn", "duan", 98),
        ("812", "laos", 96),
        ("north-vietnam", "north-vietnam", 100),
        (f"{ID}vietnam", "vietnam", 100),
        ("  Laos  ", "laos", 100),
    ],
)
def test_a_name_in_any_spelling_is_a_certain_match(index: Index, query: str, best: str, score: float) -> None:
    first, *_ = index.match(query)
    assert (first.thing.id, first.score, first.certain) == (best, score, True)


@pytest.mark.parametrize("query", ["Hanoi", "816"])
def test_a_name_or_code_of_several_is_no_certain_match(index: Index, query: str) -> None:
    matches = index.match(query)
    assert len(matches) > 1
    assert not any(match.certain for match in matches)


def test_a_type_tells_namesakes_apart(index: Index) -> None:
    (place,) = index.match("Hanoi", ["Place"])
    assert (place.thing.id, place.certain) == ("hanoi", True)
    assert {match.thing.id for match in index.match("Hanoi", ["State"])} == {"vietnam", "north-vietnam"}
    assert {match.thing.id for match in index.match("Hanoi", ["PoliticalActor"])} == {
        "vietnam",
        "north-vietnam",
    }
    assert index.match("Hanoi", ["Nonsense"]) == []
    assert index.match("Hanoi", ["Place", "State"], every_type=True) == []


@pytest.mark.parametrize(("query", "best"), [("Le Duam", "duan"), ("Treaty Laos Vietnam", "treaty")])
def test_what_resembles_a_name_is_a_candidate_and_no_match(index: Index, query: str, best: str) -> None:
    first, *_ = index.match(query)
    assert first.thing.id == best
    assert not first.certain
    assert 40 < first.score < 90


def test_a_code_is_no_name_without_accents(index: Index) -> None:
    assert [match.thing.id for match in index.match("Lào") if match.certain] == ["laos"]


def test_what_is_known_besides_the_name_decides_between_namesakes(index: Index) -> None:
    first, *others = index.match("Hanoi", properties={"cow": ["816"]})
    assert first.score == pytest.approx(98 * 0.7 + 30, abs=0.1)
    assert all(match.score <= first.score for match in others)
    (only,) = index.match("", properties={"cow": ["812"]})
    assert (only.thing.id, only.score) == ("laos", 100)
    wrong, *_ = index.match("Laos", properties={"cow": ["999"]})
    assert not wrong.certain, "a code that disagrees"


@pytest.mark.parametrize("query", ["", " ", "…", "xyzzy", "a" * 5000, "\x00", "%", "((("])
def test_nonsense_finds_nothing_and_breaks_nothing(index: Index, query: str) -> None:
    assert not any(match.certain for match in index.match(query))


def test_what_is_far_longer_than_any_name_is_none(index: Index) -> None:
    name = "Treaty of Laos and Vietnam, 1977"
    assert [match.thing.id for match in index.match(f"{name} {name}")] == ["treaty"]
    assert index.match(" ".join([name] * 4)) == []


def test_what_is_known_is_read_once_however_many_things_there_are(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = list[str]()

    def noted(text: str) -> str:
        read.append(text)
        return fold(text)

    monkeypatch.setattr(matching, "fold", noted)
    index.match("", properties={"cow": ["816", "812"], "unknown": ["x"]})
    assert read == ["816", "812", "x"]


def test_the_limit_is_kept(index: Index) -> None:
    assert len(index.match("Vietnam", limit=1)) == 1


def test_completions_come_labels_first(index: Index) -> None:
    assert [thing.id for thing in index.beginning("viet")] == ["vietnam", "north-vietnam"]
    assert [thing.id for thing in index.beginning("Hà")] == ["hanoi", "north-vietnam", "vietnam"]
    assert [thing.id for thing in index.beginning("north-v")] == ["north-vietnam"]
    assert index.beginning("") == []


def test_types_and_properties_are_those_of_the_ontology() -> None:
    ontology = Project().union()
    declared = {str(subject) for subject in ontology.subjects()}
    wider = {(str(s), str(o)) for s, o in ontology.subject_objects(_iri("rdfs:subClassOf"))}
    for type_, (_, above) in TYPES.items():
        if "://" not in type_:
            assert iri(type_) in declared
        assert not above or (iri(type_), iri(above)) in wider
    for _, path in PROPERTIES.values():
        assert not path.startswith("tacit:") or str(_iri(path)) in declared


def _iri(name: str) -> URIRef:
    prefix, _, local = name.partition(":")
    return URIRef(PREFIXES[prefix] + local)
