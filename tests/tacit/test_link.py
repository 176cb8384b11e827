"""Links checked against a server of ours.

See `tests.tacit.wikidata_api` for what that proves, and what only the live service can.
"""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from rdflib import Graph

from tacit.errors import TacitError
from tacit.files import Project
from tacit.link import Finding, Link, Reading, check, links, named, turtle
from tacit.names import TACIT
from tacit.wikidata import BATCH, Client
from tests.tacit.wikidata_api import Api, item, serving

STATE = Link("id:north", "Q1", "exactMatch", "Northland", "en", TACIT.State)
NEAR = Link("id:policy", "Q3", "closeMatch", "isolation", "en", None)


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    monkeypatch.setenv("no_proxy", "*")
    items = [
        item("Q1", "Northland", "Kingdom of the North", types=("Q90",)),
        item("Q3", "isolation"),
        item("Q90", "island state", wider=("Q91", "Q92")),
        item("Q91", "sovereign island", wider=("Q3624078",)),
        item("Q92", "island", wider=("Q90",)),  # a circle: there are some
        item("Q93", "song"),
    ]
    with serving(Api(items)) as api:
        yield api


@pytest.fixture
def client(api: Api) -> Client:
    return Client(api.address, "you@example.org", lambda _: None)


@pytest.fixture
def reading(api: Api, tmp_path: Path) -> Reading:
    return Reading(tmp_path / "build" / "link-check.json", api.address)


def found(client: Client, reading: Reading, *recorded: Link) -> list[Finding]:
    return check(recorded, client, reading, lambda _: None)


def test_what_holds_is_not_told(client: Client, reading: Reading) -> None:
    assert found(client, reading, STATE, NEAR) == []


def test_an_item_that_is_gone_redirected_or_renamed_is_told(
    client: Client, reading: Reading, api: Api
) -> None:
    api.redirects["Q7"] = "Q1"
    gone = Link("id:gone", "Q404", "exactMatch", "Atlantis", "en", TACIT.State)
    moved = Link("id:moved", "Q7", "exactMatch", "Northland", "en", TACIT.State)
    renamed = Link("id:renamed", "Q3", "closeMatch", "solitude", "en", None)
    assert [(f.what, f.recorded, f.now, f.remark) for f in found(client, reading, gone, moved, renamed)] == [
        ("no such item", "Q404", "deleted, or never was", False),
        ("redirected", "Q7", "Q1", False),
        ("label", "solitude", "isolation", False),
    ]


def test_a_recorded_label_that_is_now_another_name_is_only_a_remark(client: Client, reading: Reading) -> None:
    link = Link("id:north", "Q1", "exactMatch", "Kingdom of the North", "en", TACIT.State)
    (finding,) = found(client, reading, link)
    assert (finding.what, finding.now, finding.remark) == ("another label first", "Northland", True)


def test_a_type_fits_through_wider_classes_and_circles_end(
    client: Client, reading: Reading, api: Api
) -> None:
    assert found(client, reading, STATE) == []
    asked = [request["ids"] for request in api.requests]
    assert asked == ["Q1", "Q90", "Q91|Q92"], "what we look for is not itself read"
    api.items["Q1"]["claims"] = item("Q1", "", types=("Q93",))["claims"]
    (finding,) = found(client, Reading(reading.file.with_name("new"), api.address), STATE)
    assert (finding.what, finding.recorded, finding.now) == ("type", "tacit:State", "Q93 (song)")


def test_what_is_only_near_may_be_of_any_type(client: Client, reading: Reading) -> None:
    near = Link("id:north", "Q3", "closeMatch", "isolation", "en", TACIT.State)
    assert found(client, reading, near) == []
    exact = Link("id:north", "Q3", "exactMatch", "isolation", "en", TACIT.State)
    assert [f.now for f in found(client, reading, exact)] == ["no class"]


def test_a_label_is_compared_in_the_language_of_the_link(client: Client, reading: Reading, api: Api) -> None:
    api.items["Q8"] = item("Q8", "Vịnh Nam", language="vi")
    bay = Link("id:bay", "Q8", "exactMatch", "Vịnh Nam", "vi", None)
    assert found(client, reading, bay) == []


def test_many_links_are_asked_for_in_batches(client: Client, reading: Reading, api: Api) -> None:
    many = [Link(f"id:n{n}", f"Q{n}", "closeMatch", f"N{n}", "en", None) for n in range(1000, 1120)]
    api.items |= {f"Q{n}": item(f"Q{n}", f"N{n}") for n in range(1000, 1120)}
    steps: list[int] = []
    assert check(many, client, reading, steps.append) == []
    assert [len(request["ids"].split("|")) for request in api.requests] == [BATCH, BATCH, 20]
    assert sum(steps) == 120


def test_an_interrupted_check_goes_on_where_it_stopped(client: Client, reading: Reading, api: Api) -> None:
    many = [Link(f"id:n{n}", f"Q{n}", "closeMatch", f"N{n}", "en", None) for n in range(1000, 1120)]
    api.items |= {f"Q{n}": item(f"Q{n}", f"N{n}") for n in range(1000, 1120)}
    api.fails_after = 1
    with pytest.raises(TacitError, match="status 404"):
        found(client, reading, *many)
    api.fails_after = None
    api.requests.clear()
    again = Reading(reading.file, api.address)
    assert again.resumed
    assert found(client, again, *many) == []
    assert sum(len(request["ids"].split("|")) for request in api.requests) == 70
    again.done()
    assert not Reading(reading.file, api.address).resumed


@pytest.mark.parametrize("spoilt", ["old", "other", "cut off"])
def test_what_was_kept_is_not_used_if_it_is_old_of_another_server_or_cut_off(
    client: Client, reading: Reading, api: Api, spoilt: str
) -> None:
    reading.read(client, ["Q1"], lambda _: None)
    state = json.loads(reading.file.read_text())
    if spoilt == "old":
        state["began"] = (datetime.now(UTC) - timedelta(hours=25)).isoformat()
    if spoilt == "other":
        state["endpoint"] = "https://example.org/"
    text = json.dumps(state)
    reading.file.write_text(text[:-9] if spoilt == "cut off" else text)
    assert Reading(reading.file, api.address).entities == {}


def test_the_links_of_our_own_data_are_read() -> None:
    by_item = {(link.thing, link.item): link for link in links(Project())}
    assert by_item["id:vietnam", "Q881"] == Link(
        "id:vietnam", "Q881", "exactMatch", "Vietnam", "en", TACIT.State
    )
    assert by_item["id:cam-ranh-bay", "Q11072051"].language == "vi"
    assert by_item["tacit:signatory", "P1891"].kind is None
    assert len({link.item for link in by_item.values()}) > 50


def test_a_project_without_links_has_none(project: Project) -> None:
    assert links(project) == []


def test_an_entry_is_turtle_that_says_all_of_the_link() -> None:
    link = Link("id:north", "Q1", "closeMatch", 'North "of" land', "en", None)
    text = turtle(link, "Northland", "a server", "Only\nnear.", date(2026, 11, 21))
    prefixes = (
        "@prefix tacit: <urn:t:> . @prefix id: <urn:id:> . @prefix dcterms: <urn:d:> . "
        "@prefix skos: <urn:s:> . "
        "@prefix wd: <urn:wd:> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
    )
    graph = Graph().parse(data=prefixes + text, format="turtle")
    assert len(graph) == 11
    assert "tacit:Candidate" in text
    assert text.rstrip().endswith("\n    id:north skos:closeMatch wd:Q1 .")


def test_a_thing_is_known_by_each_of_its_names() -> None:
    project = Project()
    assert set(named(project, "Vietnam War")) == {"id:vietnam-war", "id:vietnam-war-era"}
    assert set(named(project, "id:vietnam-war")) == {"id:vietnam-war"}
    assert named(project, "việt nam") == {"id:vietnam": "Vietnam"}
    assert set(named(project, "Hanoi")) == {"id:vietnam", "id:north-vietnam", "id:hanoi"}
    assert named(project, "Atlantis") == {}
