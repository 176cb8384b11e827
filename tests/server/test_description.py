"""What the server says of itself is what it does."""

from pathlib import Path

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from server import create_app
from server.formats import FORMATS, of_kind
from tacit.names import BASE
from tests.server.conftest import BROWSER, Ask
from tests.server.test_formats import CONSTRUCT, SELECT, read

SD = "http://www.w3.org/ns/sparql-service-description#"
PREFIXES = """
PREFIX sd: <http://www.w3.org/ns/sparql-service-description#>
PREFIX void: <http://rdfs.org/ns/void#>
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX dcterms: <http://purl.org/dc/terms/>
"""


def described(client: FlaskClient, path: str) -> ox.Store:
    store = ox.Store()
    answer = client.get(path, headers={"Accept": "application/n-triples"})
    assert (answer.status_code, answer.mimetype) == (200, "application/n-triples")
    store.load(answer.data, format=ox.RdfFormat.N_TRIPLES)
    return store


def values(store: ox.Store, pattern: str) -> list[str]:
    found = store.query(f"{PREFIXES} SELECT ?x {{ {pattern} }} ORDER BY ?x")
    assert isinstance(found, ox.QuerySolutions)
    return [row["x"].value for row in found]


@pytest.mark.parametrize("format_", of_kind("graph"), ids=lambda f: f.name)
@pytest.mark.parametrize("path", ["/sparql", "/sparql/"])
def test_the_endpoint_without_a_query_describes_itself(
    client: FlaskClient, path: str, format_: object
) -> None:
    media = format_.media[0]  # type: ignore[attr-defined]
    answer = client.get(path, headers={"Accept": media})
    assert (answer.status_code, answer.mimetype) == (200, media)
    assert read(format_, media, answer.data) > 10  # type: ignore[arg-type]
    assert client.head(path, headers={"Accept": media}).status_code == 200


def test_a_browser_still_gets_the_form(client: FlaskClient) -> None:
    assert "<textarea" in client.get("/sparql", headers={"Accept": BROWSER}).text


def test_a_description_in_a_format_of_results_is_not_to_be_had(client: FlaskClient) -> None:
    answer = client.get("/sparql", headers={"Accept": "application/sparql-results+json"})
    assert (answer.status_code, answer.mimetype) == (406, "application/problem+json")


def test_every_advertised_format_is_returned_and_parses(client: FlaskClient, ask: Ask) -> None:
    names = values(described(client, "/sparql"), "?s sd:resultFormat ?x")
    assert len(names) == len(FORMATS)
    for name in names:
        (format_,) = [f for f in FORMATS if name == f"http://www.w3.org/ns/formats/{f.standard}"]
        answer = ask(SELECT if format_.kind == "results" else CONSTRUCT, format_.media[0])
        assert answer.mimetype == format_.media[0]
        assert read(format_, format_.media[0], answer.data) > 0


def test_the_description_counts_each_named_graph(client: FlaskClient) -> None:
    store = described(client, "/sparql")
    assert values(store, "?s sd:endpoint ?x") == ["http://localhost/sparql"]
    assert values(store, "?s sd:namedGraph/sd:name ?x") == ["urn:g:corpus", "urn:g:new"]
    assert values(store, "?g sd:name <urn:g:corpus> ; sd:graph/void:triples ?x") == ["3"]
    assert values(store, "?s sd:defaultDataset/sd:defaultGraph/void:triples ?x") == ["4"]
    assert values(store, "?s sd:feature ?x") == [f"{SD}BasicFederatedQuery", f"{SD}UnionDefaultGraph"]


def test_files_served_as_they_are_have_no_union_and_no_identity_of_ours(tmp_path: Path) -> None:
    path = tmp_path / "x.nq"
    path.write_text("<urn:a> <urn:b> <urn:c> .\n<urn:a> <urn:b> <urn:d> <urn:g> .\n", encoding="utf-8")
    client = create_app({"data": [path], "log": "off", "service": ()}).test_client()
    store = described(client, "/.well-known/void")
    assert values(store, "?s sd:feature ?x") == []
    assert values(store, "?s dcterms:title ?x") == []
    assert values(store, "?s void:subset ?x") == ["urn:g"]


def test_void_has_what_a_catalogue_asks_for(site: FlaskClient) -> None:
    store = described(site, "/.well-known/void")
    for name in ("title", "description", "creator", "license", "issued", "identifier"):
        assert values(store, f"<{BASE}> dcterms:{name} ?x"), name
    assert values(store, f"?c dcat:dataset <{BASE}> ; a ?x") == [
        "http://rdfs.org/ns/void#DatasetDescription",
        "http://www.w3.org/ns/dcat#Catalog",
    ]


def test_the_numbers_of_void_are_those_of_the_graph(site: FlaskClient) -> None:
    store = described(site, "/.well-known/void")
    for name, count in site.get("/health").get_json()["graphs"].items():
        assert values(store, f"<{BASE}graph/{name}> void:triples ?x") == [str(count)]
    query = "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s a <https://w3id.org/tacit/ontology#Tie> }"
    (row,) = site.get("/sparql", query_string={"query": query}).get_json()["results"]["bindings"]
    tie = "void:class <https://w3id.org/tacit/ontology#Tie> ; void:entities ?x"
    assert values(store, f"<{BASE}> void:classPartition [ {tie} ]") == [row["n"]["value"]]


def test_partitions_tell_an_editor_which_properties_a_class_has(site: FlaskClient) -> None:
    store = described(site, "/.well-known/void")
    tie = "?p void:class <https://w3id.org/tacit/ontology#Tie> ; void:propertyPartition/void:property ?x"
    assert "https://w3id.org/tacit/ontology#party" in values(store, tie)


def test_every_dump_and_distribution_is_there(site: FlaskClient) -> None:
    store = described(site, "/.well-known/void")
    dumps = values(store, "?g void:dataDump ?x")
    assert dumps == values(store, "?g dcat:distribution/dcat:downloadURL ?x")
    assert len(dumps) == 5 * len(site.get("/health").get_json()["graphs"])
    for dump in dumps:
        assert site.head(dump.removeprefix("http://localhost")).status_code == 200
        media = values(store, f"?d dcat:downloadURL <{dump}> ; dcat:mediaType ?x")[0].partition(
            "media-types/"
        )[2]
        assert site.head(dump.removeprefix("http://localhost")).mimetype == media


def test_the_public_address_of_the_settings_goes_before_that_of_the_request(
    build: Path, queries: Path
) -> None:
    config = {"build": build, "queries": queries, "log": "off", "public_url": "https://example.org/tacit/"}
    store = described(create_app(config).test_client(), "/sparql")
    assert values(store, "?s sd:endpoint ?x") == ["https://example.org/tacit/sparql"]


def test_the_page_of_the_data_links_every_graph(site: FlaskClient) -> None:
    page = site.get("/.well-known/void.html").text
    for name in site.get("/health").get_json()["graphs"]:
        assert f'href="/graph/{name}"' in page
