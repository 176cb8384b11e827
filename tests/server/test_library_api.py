"""The library as an API: parameters are values, and what is wrong with one is told by its name."""

import re

import pytest
from flask.testing import FlaskClient

from tests.server.conftest import BROWSER, GRAPH, ID

SAID = "/queries/ties/said-of"
HOSTILE = [
    'x" } INSERT',
    "id:a } ?s ?p ?o {",
    "<id:a> }",
    "id:a>",
    "javascript:alert(1)",
    "id:a\x00",
    "",
    "laos",
]


def values(response: object) -> list[str]:
    return sorted(row["value"]["value"] for row in response.get_json()["results"]["bindings"])  # type: ignore[attr-defined]


def test_the_list_tells_each_question_and_where_it_is_answered(client: FlaskClient) -> None:
    (found,) = client.get("/queries").get_json()["queries"]
    assert (found["topic"], found["name"], found["summary"]) == ("ties", "said-of", "What is said of a tie")
    assert found["params"] == [{"name": "tie", "type": "iri", "default": "id:a", "description": "the tie"}]
    assert client.get(found["answer"]).mimetype == "application/sparql-results+json"
    assert client.get(found["text"]).mimetype == "application/sparql-query"
    assert client.get(f"{SAID}.json").get_json() == found


def test_the_list_is_a_page_for_people(client: FlaskClient) -> None:
    page = client.get("/queries", headers={"Accept": BROWSER})
    assert page.mimetype == "text/html"
    assert f'<a href="{SAID}">What is said of a tie</a>' in page.text


def test_the_list_has_no_other_formats(client: FlaskClient) -> None:
    assert client.get("/queries", headers={"Accept": "text/turtle"}).status_code == 406


def test_a_question_without_parameters_is_asked_with_the_defaults(client: FlaskClient) -> None:
    assert len(values(client.get(SAID))) == GRAPH.count(f"<{ID}a>")


def test_a_parameter_binds_another_value(client: FlaskClient) -> None:
    assert values(client.get(SAID, query_string={"tie": "id:b"})) == []
    assert values(client.get(SAID, query_string={"tie": f"{ID}a"})) == values(client.get(SAID))


def test_the_text_has_the_values_in_place_and_asks_the_same(client: FlaskClient) -> None:
    text = client.get(f"{SAID}.rq", query_string={"tie": "id:b"}).text
    assert f"VALUES ?tie {{ <{ID}b> }}" in text
    assert values(client.get("/sparql", query_string={"query": text})) == []


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("form", ["", ".rq", ".json"])
def test_a_value_of_the_wrong_type_is_told_with_the_name_of_the_parameter(
    client: FlaskClient, value: str, form: str
) -> None:
    answer = client.get(SAID + form, query_string={"tie": value})
    problem = answer.get_json()
    assert (answer.status_code, problem["type"], problem["parameter"]) == (400, "bad-parameter", "tie")
    assert "Parameter tie is a prefixed name" in problem["detail"]


def test_an_unknown_parameter_is_told_with_the_nearest(client: FlaskClient) -> None:
    problem = client.get(SAID, query_string={"tye": "id:a"}).get_json()
    assert (problem["status"], problem["parameter"]) == (400, "tye")
    assert "did you mean tie?" in problem["detail"]


def test_a_parameter_that_is_given_twice_is_told(client: FlaskClient) -> None:
    assert client.get(f"{SAID}?tie=id:a&tie=id:b").get_json()["parameter"] == "tie"


def test_what_is_not_utf_8_is_a_fault_of_the_request(client: FlaskClient) -> None:
    assert client.get(f"{SAID}?tie=id:%ff").status_code == 400


@pytest.mark.parametrize(
    "value", ['"', "\\", "'", "} #", "\n", 'a" } UNION { ?s ?p ?o', "\u0000", "🦆", "$&\\1"]
)
def test_any_text_is_a_value_and_never_part_of_the_query(site: FlaskClient, value: str) -> None:
    answer = site.get("/queries/identifiers/names", query_string={"letters": value})
    rows = answer.get_json()["results"]["bindings"]
    assert all(any(value.lower() in cell["value"].lower() for cell in row.values()) for row in rows)
    assert bool(rows) == (value == "'"), "People's Republic, and nothing else"


@pytest.mark.parametrize("value", ["19", "19760", "-1976", "1976.0", "١٩٧٦", "1976 OR", "0x7b8"])
def test_a_year_has_four_digits(site: FlaskClient, value: str) -> None:
    answer = site.get("/queries/time/alliances-in-year", query_string={"year": value})
    assert (answer.status_code, answer.get_json()["parameter"]) == (400, "year")


@pytest.mark.parametrize(
    "path", ["/queries/ties/said-off", "/queries/tie/said-of", "/queries/ties/said-of.ttl"]
)
def test_an_unknown_question_is_told_with_the_nearest(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "ties/said-of" in answer.get_json()["detail"]


@pytest.mark.parametrize(
    ("accept", "media"),
    [("text/csv", "text/csv"), ("application/json", "application/json"), ("text/turtle", None)],
)
def test_formats_are_negotiated_as_for_any_query(client: FlaskClient, accept: str, media: str | None) -> None:
    answer = client.get(SAID, headers={"Accept": accept})
    assert (answer.status_code, answer.mimetype) == (
        (200, media) if media else (406, "application/problem+json")
    )
    assert client.get(SAID, query_string={"format": "tsv"}).mimetype == "text/tab-separated-values"
    assert client.get(SAID, query_string={"format": "excel"}).status_code == 406


def test_the_page_has_the_parameters_as_fields_and_the_answer_below(site: FlaskClient) -> None:
    path = "/queries/disagreement/verdicts-on-tie"
    page = site.get(path, query_string={"tie": "id:tie-china-vietnam"}, headers={"Accept": BROWSER}).text
    assert re.search(
        r'<input id="param-tie" name="tie" value="id:tie-china-vietnam"[^>]* list="values-tie"', page
    )
    assert '<option value="id:tie-laos-vietnam">Laos\N{EN DASH}Vietnam</option>' in page
    assert '<th scope="col">stance</th>' in page
    link = re.search(r'<a href="([^"]+)">CSV</a>', page)
    assert link is not None
    answer = site.get(link[1].replace("&amp;", "&"))
    assert answer.mimetype == "text/csv"
    assert "tie=id%3Atie-china-vietnam" in link[1]


def test_every_question_of_the_library_answers_and_links_its_page(site: FlaskClient) -> None:
    page = site.get("/queries", headers={"Accept": "text/html"}).text
    for question in site.get("/queries").get_json()["queries"]:
        assert f'<a href="{question["answer"]}">' in page
        if question["topic"] != "federated":  # tests/federated asks these, of an endpoint of its own
            answer = site.get(question["answer"], headers={"Accept": "text/html"})
            assert (answer.status_code, answer.mimetype) == (200, "text/html"), question["name"]


def test_no_parameter_of_the_library_is_called_format(site: FlaskClient) -> None:
    questions = site.get("/queries").get_json()["queries"]
    assert "format" not in {param["name"] for question in questions for param in question["params"]}
