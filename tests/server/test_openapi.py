"""The OpenAPI document says what the server does: a fuzzer holds the one against the other."""

import re
from importlib.metadata import version
from typing import Any

import pytest
import schemathesis
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode

#: Few per operation, as there is one operation for each question; the same ones each time.
EXAMPLES = 3


@pytest.fixture(scope="session")
def document(site: FlaskClient) -> dict[str, Any]:
    found: dict[str, Any] = site.get("/openapi.json").get_json()
    return found


def test_it_is_of_version_3_1_and_names_version_and_licence(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    assert document["info"]["version"] == version("tacit")
    assert document["info"]["license"]["name"] == "CC BY 4.0"


def test_it_names_the_limits_of_the_settings(document: dict[str, Any]) -> None:
    assert "10 seconds" in document["info"]["description"]


def test_every_question_is_in_it_with_its_parameters(document: dict[str, Any], site: FlaskClient) -> None:
    for question in site.get("/queries").get_json()["queries"]:
        operation = document["paths"][question["answer"]]["get"]
        assert operation["summary"] == question["summary"]
        names = [parameter["name"] for parameter in operation["parameters"]]
        assert names == [*(param["name"] for param in question["params"]), "format"]


def test_every_default_is_a_value_of_its_own_schema(document: dict[str, Any]) -> None:
    for path in document["paths"].values():
        for parameter in path["get"]["parameters"]:
            schema = parameter["schema"]
            if "pattern" in schema:
                assert re.search(schema["pattern"], schema["default"]), parameter


def test_every_path_of_it_is_a_route(document: dict[str, Any], site: FlaskClient) -> None:
    routes = site.application.url_map.bind("localhost")
    for path in document["paths"]:
        assert routes.match(path.replace("{", "").replace("}", "")), path


@pytest.mark.filterwarnings(
    "ignore:Exception ignored in. <_io.FileIO:pytest.PytestUnraisableExceptionWarning"
)
def test_a_fuzzer_finds_no_fault(site: FlaskClient) -> None:
    """Each operation is asked as its schema allows and as it does not; schemathesis checks each answer.

    It leaves answers unclosed, and with them the files of downloads.
    """
    schema = schemathesis.openapi.from_wsgi("/openapi.json", site.application)
    asked = 0
    for found in schema.get_all_operations():
        assert isinstance(found, Ok), found
        operation = found.ok()
        for mode in GenerationMode.POSITIVE, GenerationMode.NEGATIVE:

            @settings(
                max_examples=EXAMPLES,
                deadline=None,
                database=None,
                derandomize=True,
                verbosity=Verbosity.quiet,
                phases=[Phase.explicit, Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(case=operation.as_strategy(generation_mode=mode))
            def fuzz(case: Any) -> None:
                nonlocal asked
                asked += 1
                case.call_and_validate()

            try:
                fuzz()
            except Unsatisfiable:  # nothing can be wrong about an operation without parameters
                assert mode == GenerationMode.NEGATIVE, operation.label
    assert asked > 2 * len(site.get("/queries").get_json()["queries"])
