"""The Reconciliation API: its specification's examples, and ours over the project's own data."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server import create_app
from server.matching import PROPERTIES
from server.reconcile import BATCH
from tests.server import reconciliation as form

Ask = Callable[..., TestResponse]

#: Batches as the specification gives them: in full, with no more than what must be, with several values of
#: one property, without a name; and ones that it calls invalid.
_VALID: dict[str, dict[str, Any]] = {
    "full": {
        "q0": {
            "query": "Christel Hanewinckel",
            "type": "DifferentiatedPerson",
            "limit": 5,
            "properties": [
                {"pid": "professionOrOccupation", "v": "Politik*"},
                {"pid": "affiliation", "v": "http://d-nb.info/gnd/2022139-3"},
            ],
            "type_strict": "should",
        },
    },
    "least": {"q1": {"query": "Hans-Eberhard Urbaniak"}, "q2": {"query": "Ernst Schwanhold"}},
    "values": {
        "q0": {
            "query": "Christel Hanewinckel",
            "properties": [
                {"pid": "professionOrOccupation", "v": ["Politik*", {"id": "wissenschaftler", "name": "W."}]}
            ],
        }
    },
    "no name": {"q1": {"properties": [{"pid": "uid", "v": "27eb892afbb2"}]}},
}
_INVALID: dict[str, dict[str, Any]] = {
    "no properties": {"q1": {"properties": []}},
    "no query": {"q1": {"limit": 1}},
    "misnamed": {"q0": {"query": "Christel Hanewinckel", "props": [{"pid": "a", "v": "b"}]}},
}


@pytest.fixture
def send(reconciler: FlaskClient) -> Ask:
    def post(batch: Any, name: str = "queries") -> TestResponse:
        return reconciler.post(
            "/reconcile", data={name: batch if isinstance(batch, str) else json.dumps(batch)}
        )

    return post


def best(answer: TestResponse, key: str = "q") -> tuple[str, bool]:
    form.result_batch(answer.json)
    candidate = answer.get_json()[key]["result"][0]
    return candidate["id"], candidate["match"]


def test_without_parameters_the_manifest_is_given(reconciler: FlaskClient) -> None:
    for address in ("/reconcile", "/reconcile/"):
        answer = reconciler.get(address)
        assert (answer.status_code, answer.mimetype) == (200, "application/json")
        form.manifest(answer.json)
    manifest = answer.get_json()
    assert manifest["view"]["url"] == "http://localhost/id/{{id}}"
    assert manifest["identifierSpace"] == "https://w3id.org/tacit/id/"


def test_other_sites_may_ask(reconciler: FlaskClient) -> None:
    assert reconciler.get("/reconcile").headers["Access-Control-Allow-Origin"] == "*"
    assert "POST" in reconciler.options("/reconcile").headers["Access-Control-Allow-Methods"]


@pytest.mark.parametrize("name", _VALID)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_batches_of_the_specification_are_answered(reconciler: FlaskClient, name: str, method: str) -> None:
    content = {"queries": json.dumps(_VALID[name])}
    if method == "GET":
        answer = reconciler.get("/reconcile", query_string=content)
    else:
        answer = reconciler.post("/reconcile", data=content)
    assert answer.status_code == 200
    form.result_batch(answer.json)
    assert set(answer.get_json()) == set(_VALID[name])


@pytest.mark.parametrize("name", _INVALID)
def test_batches_that_the_specification_calls_invalid_are_refused(send: Ask, name: str) -> None:
    answer = send(_INVALID[name])
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")


def test_a_batch_that_is_nested_without_end_is_refused(reconciler: FlaskClient) -> None:
    answer = reconciler.post("/reconcile", data={"queries": '{"q": ' * 20_000})
    assert answer.status_code == 400
    assert "nested too deeply" in answer.get_json()["detail"]


@pytest.mark.parametrize(
    ("name", "id_"),
    [
        ("Vietnam", "vietnam"),
        ("Viet Nam", "vietnam"),
        ("Việt Nam", "vietnam"),
        ("Socialist Republic of Vietnam", "vietnam"),
        ("Democratic Republic of Vietnam", "north-vietnam"),
        ("Việt Nam Cộng hòa", "south-vietnam"),
        ("USSR", "soviet-union"),
        ("Union of Soviet Socialist Republics", "soviet-union"),
        ("Russian Federation", "russia"),
        ("People's Republic of China", "china"),
        ("People\u2019s Republic of China", "china"),
        ("Republic of China", "taiwan"),
        ("DPRK", "north-korea"),
        ("Lao PDR", "laos"),
        ("Lê Duẩn", "le-duan"),
        ("Nguyễn Phú Trọng", "nguyen-phu-trong"),
        ("NGUYEN PHU TRONG", "nguyen-phu-trong"),
        ("Đảng Cộng sản Việt Nam", "communist-party-of-vietnam"),
        ("Dang Cong san Viet Nam", "communist-party-of-vietnam"),
        ("Biển Đông", "south-china-sea"),
        ("Partial Nuclear Test Ban Treaty", "treaty-limited-test-ban-1963"),
        ("Soviet-Vietnamese alliance treaty", "treaty-soviet-vietnam-1978"),
        ("RUS", "russia"),
        ("VDR", "north-vietnam"),
        ("Q148", "china"),
        ("north-korea", "north-korea"),
    ],
)
def test_a_column_of_names_matches(send: Ask, name: str, id_: str) -> None:
    assert best(send({"q": {"query": name}})) == (id_, True)


@pytest.mark.parametrize("name", ["Hanoi", "Moscow", "816", "VNM", "Treaty of Amity and Cooperation"])
def test_what_several_things_are_called_is_left_to_the_reader(send: Ask, name: str) -> None:
    answer = send({"q": {"query": name}})
    assert not any(candidate["match"] for candidate in answer.get_json()["q"]["result"])


def test_a_type_and_a_code_narrow_the_choice(send: Ask) -> None:
    assert best(send({"q": {"query": "Hanoi", "type": "Place"}})) == ("hanoi", True)
    code = [{"pid": "iso-alpha-3", "v": "VDR"}]
    assert best(send({"q": {"query": "Hanoi", "type": ["State"], "properties": code}}))[0] == "north-vietnam"
    assert best(send({"q": {"properties": [{"pid": "cow", "v": 817}]}}))[0] == "south-vietnam"
    party = [{"pid": "party", "v": {"id": "israel", "name": "Israel"}}]
    assert best(send({"q": {"properties": party, "type": "Tie"}}))[0] == "tie-israel-united-states"


def test_a_limit_is_kept(send: Ask) -> None:
    assert len(send({"q": {"query": "Vietnam", "limit": 2}}).get_json()["q"]["result"]) == 2


@pytest.mark.parametrize(
    ("batch", "sentence"),
    [
        ("{", "`queries` is no JSON"),
        ("[]", "`queries` is a JSON object, not list"),
        ({"q": 1}, "Query q is a JSON object"),
        ({"q": {"query": 1}}, "`query` is a string"),
        ({"q": {"query": "a", "type": 1}}, "`type` names types"),
        ({"q": {"query": "a", "limit": 0}}, "`limit` is a number from 1 on"),
        ({"q": {"query": "a", "limit": True}}, "`limit` is a number from 1 on"),
        ({"q": {"query": " "}}, "neither `query` nor `properties`"),
        ({"q": {"query": "a", "properties": [{"pid": "x"}]}}, "a list of objects with `pid` and `v`"),
        ({"q": {"query": "a", "properties": 1}}, "a list of objects with `pid` and `v`"),
    ],
)
def test_a_mistake_is_told_in_a_sentence(send: Ask, batch: Any, sentence: str) -> None:
    answer = send(batch)
    assert answer.status_code == 400
    assert sentence in answer.get_json()["detail"]


def test_a_batch_has_a_limit(send: Ask) -> None:
    assert send({f"q{n}": {"query": "Laos"} for n in range(BATCH)}).status_code == 200
    answer = send({f"q{n}": {"query": "Laos"} for n in range(BATCH + 1)})
    assert answer.status_code == 413
    assert f"{BATCH} queries at once" in answer.get_json()["detail"]


def test_a_form_without_either_is_refused(reconciler: FlaskClient) -> None:
    assert reconciler.post("/reconcile", data={"query": "Laos"}).status_code == 400


def test_columns_are_extended_with_items_and_codes(send: Ask) -> None:
    wanted = [
        {"id": name} for name in ("wikidata", "cow", "iso-alpha-2", "iso-alpha-3", "successor-of", "cow")
    ]
    answer = send({"ids": ["vietnam", "russia", "nobody"], "properties": wanted}, "extend").get_json()
    form.extension(answer)
    assert answer["rows"]["vietnam"] == {
        "wikidata": [{"str": "Q881"}],
        "cow": [{"str": "816"}],
        "iso-alpha-2": [{"str": "VN"}],
        "iso-alpha-3": [{"str": "VNM"}],
        "successor-of": [
            {"id": "north-vietnam", "name": "North Vietnam"},
            {"id": "south-vietnam", "name": "South Vietnam"},
        ],
    }
    assert answer["rows"]["russia"]["cow"] == [{"str": "365"}]
    assert all(cells == [] for cells in answer["rows"]["nobody"].values())


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({}, "`extend` is an object with `ids`"),
        ({"ids": ["laos"], "properties": ["cow"]}, "`extend` is an object with `ids`"),
        ({"ids": ["laos"], "properties": [{"id": "capital"}]}, "There is no property capital; choose from"),
    ],
)
def test_a_wrong_extension_is_told(send: Ask, query: Any, sentence: str) -> None:
    answer = send(query, "extend")
    assert answer.status_code == 400
    assert sentence in answer.get_json()["detail"]


def test_every_property_can_be_had(send: Ask) -> None:
    wanted = [{"id": name} for name in PROPERTIES]
    answer = send({"ids": ["laos", "treaty-soviet-vietnam-1978"], "properties": wanted}, "extend")
    form.extension(answer.json)
    row = answer.get_json()["rows"]["treaty-soviet-vietnam-1978"]
    assert {cell["id"] for cell in row["signatory"]} == {"soviet-union", "vietnam"}


def test_other_data_has_nothing_to_match_and_the_service_still_stands(tmp_path: Path) -> None:
    path = tmp_path / "x.nt"
    path.write_text('<urn:a> <http://www.w3.org/2000/01/rdf-schema#label> "Laos" .\n', encoding="utf-8")
    client = create_app({"data": [path], "log": "off"}).test_client()
    form.manifest(client.get("/reconcile").json)
    answer = client.post("/reconcile", data={"queries": '{"q": {"query": "Laos"}}'})
    assert answer.get_json() == {"q": {"result": []}}
