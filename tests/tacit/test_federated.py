"""SERVICE in the library: where it may stand, and what it may name."""

from pathlib import Path

import pytest
from rdflib import URIRef

from tacit import library
from tacit.errors import FaultsError, QuerySyntaxError
from tacit.federated import ENDPOINTS, services, without_services
from tacit.names import ID, SPEX

WDQS = f"<{ENDPOINTS[0]}>"
HEADER = "#+ summary: Title\n#+ description: A question?\n#+ tags: [one]\n"


def load(directory: Path, text: str, topic: str = "federated") -> list[library.Query]:
    path = directory / topic / "asked.rq"
    path.parent.mkdir(parents=True)
    path.write_text(HEADER + text, encoding="utf-8")
    return library.load(directory)


@pytest.mark.parametrize("keyword", ["SERVICE", "service", "Service"])
def test_the_endpoints_of_a_query_are_found(keyword: str) -> None:
    text = f"SELECT * {{ {keyword} {WDQS} {{ ?s ?p ?o }} {keyword} {WDQS} {{ ?o ?p ?s }} }}"
    assert services(text) == [ENDPOINTS[0]]


@pytest.mark.parametrize(
    "text",
    [
        'SELECT * { ?s ?p "SERVICE <http://e.org/>" }',
        "SELECT * { ?s ?p ?o } # SERVICE <http://e.org/> {}",
        "SELECT ?service { ?service ?p <http://e.org/SERVICE> }",
    ],
)
def test_what_only_looks_like_a_service_is_none(text: str) -> None:
    assert services(text) == []
    assert without_services(text) == text


@pytest.mark.parametrize(
    "place", ["<http://127.0.0.1/>", "?where", "SILENT <https://query.wikidata.org/sparql>", "wd:x"]
)
def test_another_endpoint_is_a_fault_at_its_place(place: str) -> None:
    with pytest.raises(QuerySyntaxError, match="after SERVICE stands one of <https://query") as caught:
        services(f"SELECT * {{\n  SERVICE {place} {{}} }}")
    assert (caught.value.line, caught.value.column) == (2, 11)


def test_a_federated_question_is_loaded_without_calling_anybody(tmp_path: Path) -> None:
    (query,) = load(tmp_path, f"SELECT * {{ SERVICE {WDQS} {{ ?s ?p ?o }} }}")
    assert WDQS in query.text
    published = library.describe([query])
    assert published.value(ID["query-federated-asked"], SPEX.federatesWith) == URIRef(ENDPOINTS[0])


@pytest.mark.parametrize(
    ("text", "topic", "message"),
    [
        ("SELECT * { ?s ?p ?o }", "federated", "a federated question has a SERVICE"),
        (f"SELECT * {{ SERVICE {WDQS} {{ ?s ?p ?o }} }}", "ties", "does not call other servers"),
        ("SELECT * { SERVICE ?s { ?s ?p ?o } }", "federated", "after SERVICE stands one of"),
        (f"SELECT * {{ SERVICE {WDQS} {{ ?s ?p }} }}", "federated", "cannot stand here"),
    ],
)
def test_a_fault_names_file_and_line(tmp_path: Path, text: str, topic: str, message: str) -> None:
    with pytest.raises(FaultsError) as caught:
        load(tmp_path, text, topic)
    (fault,) = caught.value.faults
    assert fault.line == 4
    assert message in fault.message
