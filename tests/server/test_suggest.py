"""Completions, previews and proposals of the Reconciliation API, over the project's own data."""

import pytest
from flask.testing import FlaskClient

from tests.server import reconciliation as form


def found(reconciler: FlaskClient, kind: str, prefix: str, cursor: int = 0) -> list[str]:
    answer = reconciler.get(f"/reconcile/suggest/{kind}", query_string={"prefix": prefix, "cursor": cursor})
    assert answer.status_code == 200
    form.suggestions(answer.json)
    return [entry["id"] for entry in answer.get_json()["result"]]


def test_things_are_completed_by_any_name_and_by_identifier(reconciler: FlaskClient) -> None:
    assert found(reconciler, "entity", "Viet")[0] == "vietnam"
    assert found(reconciler, "entity", "Việt")[0] == "vietnam"
    assert found(reconciler, "entity", "soviet-u") == ["soviet-union", "tie-soviet-vietnam"]
    assert found(reconciler, "entity", "xyzzy") == found(reconciler, "entity", "") == []


def test_the_name_itself_comes_first(reconciler: FlaskClient) -> None:
    assert found(reconciler, "entity", "Vietnam")[0] == "vietnam"
    assert found(reconciler, "entity", "China")[0] == "china"


def test_the_cursor_skips(reconciler: FlaskClient) -> None:
    everything = found(reconciler, "entity", "t")
    assert len(everything) == 20
    assert found(reconciler, "entity", "t", 5)[0] == everything[5]


@pytest.mark.parametrize(
    ("kind", "prefix", "first"), [("type", "pol", "PoliticalActor"), ("property", "cow", "cow")]
)
def test_types_and_properties_are_completed(
    reconciler: FlaskClient,
    kind: str,
    prefix: str,
    first: str,
) -> None:
    assert found(reconciler, kind, prefix)[0] == first


def test_an_unknown_kind_is_not_found(reconciler: FlaskClient) -> None:
    assert reconciler.get("/reconcile/suggest/nonsense?prefix=a").status_code == 404


def test_properties_are_proposed_by_type(reconciler: FlaskClient) -> None:
    answer = reconciler.get("/reconcile/properties?type=State&limit=2")
    form.proposal(answer.json)
    assert answer.get_json()["limit"] == 2
    assert [entry["id"] for entry in answer.get_json()["properties"]] == ["wikidata", "cow"]
    names = [
        entry["id"] for entry in reconciler.get("/reconcile/properties?type=Event").get_json()["properties"]
    ]
    assert names == ["wikidata", "name", "other-name"]


def test_a_preview_shows_names_and_codes(reconciler: FlaskClient) -> None:
    answer = reconciler.get("/reconcile/preview?id=vietnam")
    assert answer.mimetype == "text/html"
    for text in ("<strong>Vietnam</strong>", "Việt Nam", "Q881", "816", "VNM"):
        assert text in answer.text


def test_a_flyout_is_a_piece_of_html(reconciler: FlaskClient) -> None:
    answer = reconciler.get("/reconcile/flyout/entity?id=vietnam").get_json()
    assert answer["id"] == "vietnam"
    assert answer["html"].startswith("<p><strong>Vietnam</strong>")
    assert "<html" not in answer["html"]
    assert "political actor" in reconciler.get("/reconcile/flyout/type?id=PoliticalActor").get_json()["html"]
    assert "COW" in reconciler.get("/reconcile/flyout/property?id=cow").get_json()["html"]


@pytest.mark.parametrize(
    "address", ["preview?id=nobody", "preview", "flyout/entity?id=nobody", "flyout/type?id=Nonsense"]
)
def test_what_is_not_there_is_told(reconciler: FlaskClient, address: str) -> None:
    answer = reconciler.get(f"/reconcile/{address}")
    assert answer.status_code == 404
    assert answer.get_json()["detail"].startswith("There is no ")
