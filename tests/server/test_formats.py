"""Every format is negotiated, sent under its name, and can be read back."""

import warnings

import pyoxigraph as ox
import pytest
from rdflib import Graph

from server.formats import FORMATS, Format, of_kind
from tests.server.conftest import BROWSER, Ask

SELECT = "SELECT ?o WHERE { ?s <https://w3id.org/tacit/ontology#note> ?o }"
CONSTRUCT = "CONSTRUCT WHERE { ?s ?p ?o }"

every = pytest.mark.parametrize(
    ("format_", "media"),
    [(f, media) for f in FORMATS for media in f.media],
    ids=lambda value: getattr(value, "name", value),
)


def read(kind: Format, media: str, body: bytes) -> int:
    """Return how many rows or triples are in *body*."""
    if kind.kind == "graph":  # by another reader than the writer's
        syntax = {"ntriples": "nt", "rdfxml": "xml", "jsonld": "json-ld"}.get(kind.name, kind.name)
        with warnings.catch_warnings():
            warnings.filterwarnings(
                "ignore", "ConjunctiveGraph", DeprecationWarning
            )  # of rdflib, for JSON-LD
            return len(Graph().parse(body, format=syntax))
    if kind.name == "csv":  # has no reader in Oxigraph, as CSV does not tell terms apart
        return body.decode().count("\r\n") - 1
    parsed = ox.parse_query_results(body, format=ox.QueryResultsFormat.from_media_type(kind.media[0]))
    assert isinstance(parsed, ox.QuerySolutions)
    return len(list(parsed))


@every
def test_every_media_type_is_sent_and_read_back(ask: Ask, format_: Format, media: str) -> None:
    answer = ask(SELECT if format_.kind == "results" else CONSTRUCT, media)
    assert (answer.status_code, answer.mimetype) == (200, media)
    assert "été".encode() in answer.data or b"\\u00e9" in answer.data.lower()
    assert read(format_, media, answer.data) == (1 if format_.kind == "results" else 4)


@pytest.mark.parametrize("format_", FORMATS, ids=lambda f: f.name)
def test_the_format_parameter_goes_before_the_accept_header(ask: Ask, format_: Format) -> None:
    answer = ask(SELECT if format_.kind == "results" else CONSTRUCT, "image/png", format=format_.name)
    assert (answer.status_code, answer.mimetype) == (200, format_.media[0])


@pytest.mark.parametrize("format_", of_kind("results"), ids=lambda f: f.name)
def test_a_boolean_has_every_format_of_results(ask: Ask, format_: Format) -> None:
    yes, no = ask("ASK {}", format_.media[0]), ask("ASK { FILTER(false) }", format_.media[0])
    assert yes.mimetype == no.mimetype == format_.media[0]
    assert b"true" in yes.data
    assert b"false" in no.data


@pytest.mark.parametrize(
    ("accept", "select", "construct"),
    [
        (None, "application/sparql-results+json", "text/turtle"),
        ("*/*", "application/sparql-results+json", "text/turtle"),
        ("text/turtle;q=0.1, text/csv;q=0.2, */*;q=0", "text/csv", "text/turtle"),
        ("application/xml", "application/xml", "application/xml"),
        (
            "application/ld+json, text/turtle;q=0.9, application/json;q=0.8",
            "application/json",
            "application/ld+json",
        ),
        (BROWSER, "text/html", "text/html"),
        ("text/*;q=0.5", "text/csv", "text/turtle"),
        ("text/*, text/turtle;q=0, text/csv;q=0", "text/tab-separated-values", "text/xml"),
        ("text/csv;charset=utf-8, application/n-triples; charset=UTF-8", "text/csv", "application/n-triples"),
        ("TEXT/CSV, Application/N-Triples", "text/csv", "application/n-triples"),
        ("nonsense, image/png;level=1, text/csv, text/turtle", "text/csv", "text/turtle"),
        ("", "application/sparql-results+json", "text/turtle"),
        ("image/png;q=0.9, " * 400 + "text/csv;q=0.1, text/turtle;q=0.1", "text/csv", "text/turtle"),
        ("text/csv;q=0.1, text/tab-separated-values;q=0.5, text/csv, */*;q=0.2", "text/csv", "text/turtle"),
        (
            "text/html;q=0.5, text/tab-separated-values, text/turtle",
            "text/tab-separated-values",
            "text/turtle",
        ),
    ],
)
def test_weights_decide_for_the_kind_of_the_answer(
    ask: Ask, accept: str | None, select: str, construct: str
) -> None:
    assert ask(SELECT, accept).mimetype == select
    assert ask(CONSTRUCT, accept).mimetype == construct
    assert "accept" in ask(SELECT, accept).headers["Vary"].lower()


@pytest.mark.parametrize(
    ("query", "accept", "parameters", "available"),
    [
        (SELECT, "image/png", {}, "text/csv"),
        (SELECT, "text/turtle", {}, "text/csv"),
        (CONSTRUCT, "text/csv", {}, "text/turtle"),
        ("DESCRIBE <urn:x>", "text/csv", {}, "text/turtle"),
        (SELECT, "*/*;q=0", {}, "text/csv"),
        (SELECT, None, {"format": "turtle"}, "text/csv"),
        (SELECT, None, {"format": "excel"}, "text/csv"),
    ],
)
def test_what_cannot_be_had_is_told_with_what_can(
    ask: Ask, query: str, accept: str | None, parameters: dict[str, str], available: str
) -> None:
    answer = ask(query, accept, **parameters)
    assert (answer.status_code, answer.mimetype) == (406, "application/problem+json")
    assert available in answer.get_json()["available"]
