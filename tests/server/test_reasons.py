"""Why and what if over HTTP, on the example."""

from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server import create_app
from server.fairness import Slots
from server.limits import Caller
from server.pages.why import MOST_BYTES
from tacit import library
from tacit.build import build
from tacit.files import Project
from tests.server.conftest import BROWSER


@pytest.fixture
def client(project: Project) -> FlaskClient:
    """Return a client of a server of the example's built graph."""
    build(project, "reasonable")
    app = create_app({"build": project.build, "queries": library.QUERIES_DIR, "log": "off"})
    return app.test_client()


def problem(response: TestResponse) -> tuple[int, str, str]:
    assert response.mimetype == "application/problem+json"
    told: dict[str, Any] = response.get_json()
    return response.status_code, told["type"], told["detail"]


def test_a_tie_is_explained(client: FlaskClient) -> None:
    response = client.get("/explain/laos-vietnam")
    assert (response.status_code, response.mimetype) == (200, "application/json")
    told = response.get_json()
    assert told["tie"] == "id:tie-laos-vietnam"
    assert len(told["portrayals"]) == 3
    assert len(told["portrayals"][0]["cells"]) == 5


def test_an_explanation_is_narrowed(client: FlaskClient) -> None:
    told = client.get("/explain/id:tie-laos-vietnam?definition=AllButName2020&source=003").get_json()
    assert [[c["result"] for c in p["cells"]] for p in told["portrayals"]] == [["contradicted"], ["holds"]]
    (reason,) = told["portrayals"][1]["cells"][0]["reasons"]
    assert "id:claim-003-no-clause" in reason["claims"]


@pytest.mark.parametrize(
    ("address", "detail"),
    [
        ("/explain/loas", "There is no tie called loas"),
        (
            "/explain/laos-vietnam?definition=AllBut",
            "There is no definition called AllBut (did you mean AllB",
        ),
        ("/explain/laos-vietnam?source=009", "There is no source called 009"),
        ("/what-if?without=claim-003-no-claus", "There is no claim or source called claim-003-no-claus (did"),
    ],
)
def test_an_unknown_name_is_not_found(client: FlaskClient, address: str, detail: str) -> None:
    status, name, told = problem(client.get(address))
    assert (status, name) == (404, "not-found")
    assert told.startswith(detail)


def test_a_what_if_by_get_and_by_post_is_the_same(client: FlaskClient) -> None:
    got = client.get("/what-if?without=claim-003-no-clause&without-condition=Usual:BetweenStates")
    posted = client.post(
        "/what-if",
        json={"without": ["claim-003-no-clause"], "without-condition": ["Usual:BetweenStates"]},
    )
    assert got.status_code == posted.status_code == 200
    assert got.get_json() == posted.get_json()
    (change,) = got.get_json()["changes"]
    assert (change["definition"], change["before"], change["after"]) == (
        "def:AllButName2020",
        "holds",
        "silent",
    )


def test_a_what_if_leaves_no_trace(client: FlaskClient, project: Project) -> None:
    def files() -> dict[Path, int]:
        return {path: path.stat().st_mtime_ns for path in project.root.rglob("*")}

    before, explained = files(), client.get("/explain/laos-vietnam").get_json()
    first = client.get("/what-if?without=claim-003-no-clause").get_json()
    assert client.get("/what-if?without=003").get_json()["changes"]
    assert client.get("/what-if?without=claim-003-no-clause").get_json() == first
    assert client.get("/explain/laos-vietnam").get_json() == explained
    assert files() == before


@pytest.mark.parametrize(
    ("address", "name", "detail"),
    [
        ("/what-if", None, "Nothing is left out"),
        ("/what-if?without=", None, "Nothing is left out"),
        ("/what-if?withuot=003", "withuot", "There is no parameter withuot"),
        ("/what-if?without-implied=perhaps", "without-implied", "without-implied is true or false"),
        ("/what-if?without-implied=1&without-implied=0", "without-implied", "Parameter without-implied is"),
        ("/what-if?without-condition=Usual", "without-condition", "Usual is no condition of a definition"),
        ("/what-if?without=003&without=atop", "without", "That leaves no finding"),
        ("/what-if?" + "&".join(["without=003"] * 101), "without", "That are more than 100 names"),
        ("/what-if?without=003&format=xml", "format", "format is json or html"),
        ("/explain/laos-vietnam?definiton=Usual", "definiton", "There is no parameter definiton"),
        ("/explain/laos-vietnam?source=003&source=atop", "source", "Parameter source is given twice"),
    ],
)
def test_a_question_that_cannot_be_answered(
    client: FlaskClient, address: str, name: str | None, detail: str
) -> None:
    response = client.get(address)
    assert response.get_json().get("parameter") == name
    status, problem_name, told = problem(response)
    assert (status, problem_name) == (400, "bad-parameter" if name else "bad-request")
    assert told.startswith(detail)


@pytest.mark.parametrize("value", ["true", "1", "", "TRUE"])
def test_implied_findings_are_left_out_on_demand(client: FlaskClient, value: str) -> None:
    told = client.get(f"/what-if?without-implied={value}").get_json()
    assert (told["without"]["implied"], told["changes"]) == ([], [])


@pytest.mark.parametrize(
    ("body", "problem_name"),
    [
        ("", "bad-request"),
        ("[]", "bad-request"),
        ("{", "bad-request"),
        ('{"without": "003"}', "bad-parameter"),
        ('{"without": [3]}', "bad-parameter"),
        ('{"withoot": []}', "bad-request"),
        ('{"without-implied": "yes"}', "bad-parameter"),
        ('{"without": ' + "[" * 20_000, "bad-request"),
    ],
)
def test_a_body_is_an_object_of_the_known_names(client: FlaskClient, body: str, problem_name: str) -> None:
    status, name, _ = problem(client.post("/what-if", data=body, content_type="application/json"))
    assert (status, name) == (400, problem_name)


def test_a_body_is_json_and_bounded(client: FlaskClient) -> None:
    assert problem(client.post("/what-if", data={"without": "003"}))[:2] == (415, "unsupported-media-type")
    long = {"without": ["003" * MOST_BYTES]}
    assert problem(client.post("/what-if", json=long))[:2] == (413, "too-large")


def test_other_methods_are_not_allowed(client: FlaskClient) -> None:
    assert problem(client.delete("/what-if"))[:2] == (405, "method-not-allowed")
    assert problem(client.post("/explain/laos-vietnam"))[:2] == (405, "method-not-allowed")


def test_other_data_has_nothing_to_explain(tmp_path: Path) -> None:
    data = tmp_path / "other.ttl"
    data.write_text("<urn:a> a <urn:b> .", encoding="utf-8")
    client = create_app({"data": [data], "log": "off"}).test_client()
    assert problem(client.get("/explain/laos-vietnam"))[:2] == (404, "not-found")


@pytest.mark.parametrize(
    "accept",
    [
        None,
        "*/*",
        "application/json",
        "text/turtle",
        "application/*",
        "application/json, text/html;q=0.9",
        "text/turtle, text/html;q=0.5",
    ],
)
@pytest.mark.parametrize("address", ["/explain/laos-vietnam", "/what-if?without=claim-003-no-clause"])
def test_programs_get_json(client: FlaskClient, address: str, accept: str | None) -> None:
    response = client.get(address, headers={"Accept": accept} if accept else {})
    assert (response.status_code, response.mimetype) == (200, "application/json")
    assert "Accept" in response.vary


@pytest.mark.parametrize("address", ["/explain/laos-vietnam", "/what-if?without=claim-003-no-clause"])
def test_browsers_get_a_page_and_may_want_json(client: FlaskClient, address: str) -> None:
    page = client.get(address, headers={"Accept": BROWSER})
    assert (page.status_code, page.mimetype) == (200, "text/html")
    more = "&" if "?" in address else "?"
    asked = client.get(f"{address}{more}format=json", headers={"Accept": BROWSER})
    assert asked.get_json() == client.get(address).get_json()


def test_what_one_is_given_does_not_become_the_answer_of_another(client: FlaskClient) -> None:
    odd = {"Accept": "application/problem+json, application/sparql-results+json;q=0.1, text/html;q=0.5"}
    first = client.get("/explain/laos-vietnam", headers=odd).mimetype
    assert client.get("/explain/laos-vietnam", headers={"Accept": BROWSER}).mimetype == "text/html"
    assert client.get("/explain/laos-vietnam").mimetype == "application/json"
    assert client.get("/explain/laos-vietnam", headers=odd).mimetype == first


@pytest.mark.parametrize("address", ["/explain/laos-vietnam", "/what-if?without=claim-003-no-clause"])
def test_who_finds_all_places_taken_is_told_to_come_again(client: FlaskClient, address: str) -> None:
    slots = Slots(1, 1, 0)
    client.application.extensions["tacit-reasoning"] = slots
    with slots.slot(Caller("other"), 1):
        response = client.get(address)
        assert problem(response)[:2] == (503, "busy")
        assert int(response.headers["Retry-After"]) > 0
    assert client.get(address).status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/id/tie-laos-vietnam",
        "/matrix",
        "/matrix?by=source&rows=all",
        "/disagreement/disputes",
        "/explain/laos-vietnam?definition=AllButName2020",
        "/explain/laos-vietnam?source=003",
        "/what-if",
        "/what-if?without-implied=true",
    ],
)
def test_pages_need_no_more_than_the_example_has(client: FlaskClient, address: str) -> None:
    assert client.get(address, headers={"Accept": BROWSER}).status_code == 200
