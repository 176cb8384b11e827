"""Every IRI of ours answers, as a page and in every format of RDF."""

import gzip
import json
import re
from urllib.parse import parse_qs, urlsplit

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server.rdf import EXTENSIONS
from server.resources import MOST_LINKS
from server.thing import MOST_INCOMING
from tacit.names import BASE, ID, TACIT
from tests.server.conftest import BROWSER

TIE = f"{ID}tie-laos-vietnam"
FORMATS = {"ttl": "TURTLE", "nt": "N_TRIPLES", "rdf": "RDF_XML", "jsonld": "JSON_LD"}


def read(body: bytes, extension: str) -> set[ox.Triple]:
    return {quad.triple for quad in ox.parse(body, format=getattr(ox.RdfFormat, FORMATS[extension]))}


@pytest.mark.parametrize("path", ["/id/tie-laos-vietnam", "/ontology", "/definition", "/.well-known/void"])
@pytest.mark.parametrize("extension", EXTENSIONS)
def test_every_iri_has_every_format_by_negotiation_and_by_extension(
    site: FlaskClient, path: str, extension: str
) -> None:
    media = EXTENSIONS[extension].media[0]
    by_name, by_accept = site.get(f"{path}.{extension}"), site.get(path, headers={"Accept": media})
    assert by_name.status_code == by_accept.status_code == 200
    assert by_name.mimetype == by_accept.mimetype == media
    assert by_name.data == by_accept.data
    assert by_accept.headers["Content-Location"] == f"{path}.{extension}"
    assert len(read(by_name.data, extension)) > 10


@pytest.mark.parametrize("path", ["/id/tie-laos-vietnam", "/ontology", "/definition", "/.well-known/void"])
def test_a_browser_gets_a_page_which_is_also_at_html(site: FlaskClient, path: str) -> None:
    page = site.get(path, headers={"Accept": BROWSER})
    assert (page.status_code, page.mimetype) == (200, "text/html")
    assert page.headers["Content-Location"] == f"{path}.html"
    assert site.get(f"{path}.html").data == page.data
    for extension in EXTENSIONS:
        assert f'href="{path}.{extension}"' in page.text


def test_what_cannot_be_had_of_a_thing_is_told_with_what_can(site: FlaskClient) -> None:
    answer = site.get("/id/laos", headers={"Accept": "image/png, text/html;q=0"})
    assert (answer.status_code, answer.get_json()["type"]) == (406, "not-acceptable")
    assert "text/turtle" in answer.get_json()["available"]


def test_an_unchanged_answer_is_not_sent_again(site: FlaskClient) -> None:
    tag = site.get("/id/laos.ttl").headers["ETag"]
    assert site.get("/id/laos.ttl", headers={"If-None-Match": tag}).status_code == 304
    assert site.get("/id/laos.nt", headers={"If-None-Match": tag}).status_code == 200


def test_the_data_of_a_thing_are_its_triples_its_blank_nodes_and_what_refers_to_it(site: FlaskClient) -> None:
    passage = re.search(r"id:(passage-003[\w-]+)", site.get("/id/claim-003-all-but-name.ttl").text)
    assert passage is not None
    found = read(site.get(f"/id/{passage[1]}.nt").data, "nt")
    node = ox.NamedNode(f"{ID}{passage[1]}")
    selectors = [t.object for t in found if t.subject == node and t.predicate.value.endswith("hasSelector")]
    assert [t.predicate.value for t in found if t.subject in selectors and "oa#" in t.predicate.value]
    assert any(t.object == node and t.predicate.value == f"{TACIT}passage" for t in found)


def test_labels_of_neighbours_come_with_a_thing(site: FlaskClient) -> None:
    found = read(site.get("/id/tie-laos-vietnam.nt").data, "nt")
    labels = {(t.subject.value, t.object.value) for t in found if t.predicate.value.endswith("#label")}  # type: ignore[union-attr]
    assert {(f"{ID}laos", "Laos"), (TIE, "Laos\N{EN DASH}Vietnam")} <= labels


def test_incoming_links_are_bounded_and_the_answer_says_so(site: FlaskClient) -> None:
    found = read(site.get("/id/tie-laos-vietnam.nt").data, "nt")
    about = [t for t in found if t.predicate.value == f"{TACIT}about" and t.object.value == TIE]  # type: ignore[union-attr]
    assert len(about) == MOST_INCOMING
    (sentence,) = [t.object.value for t in found if t.predicate.value.endswith("rdf-schema#comment")]  # type: ignore[union-attr]
    assert re.search(rf"at most {MOST_INCOMING} .* 109 with <{TACIT}about>", sentence)


def test_nothing_is_said_of_a_bound_where_all_is_there(site: FlaskClient) -> None:
    assert "at most" not in site.get("/id/claim-000-laos-not-true.ttl").text


def test_a_page_links_what_it_names_and_marks_what_was_inferred(site: FlaskClient) -> None:
    page = site.get("/id/tie-laos-vietnam.html").text
    assert "<h1>Laos\N{EN DASH}Vietnam</h1>" in page
    assert f'<a href="/id/laos" title="{ID}laos">Laos</a>' in page
    assert re.search(r">tie between states</a> <small[^>]*>inferred", page)
    assert not re.search(r">tie</a> <small", page)


def test_the_query_behind_a_group_of_links_has_all_of_them(site: FlaskClient) -> None:
    page = site.get("/id/laos.html").text
    link = re.search(r'<a href="([^"]+)">All (\d+)</a>; the first (\d+)', page)
    assert link is not None
    assert int(link[3]) == MOST_LINKS
    query = parse_qs(urlsplit(link[1].replace("&amp;", "&")).query)["query"][0]
    rows = site.get("/sparql", query_string={"query": query}).get_json()["results"]["bindings"]
    assert len(rows) == int(link[2]) > MOST_LINKS


def test_the_query_behind_a_page_describes_the_thing(site: FlaskClient) -> None:
    link = re.search(r'<a href="(/sparql[^"]+)">as a query', site.get("/id/laos.html").text)
    assert link is not None
    assert "Laos" in site.get(link[1].replace("&amp;", "&"), headers={"Accept": "text/turtle"}).text


@pytest.mark.parametrize("name", ["tie-loas-vietnam", "TIE-LAOS-VIETNAM", "tie_laos_vietnam"])
def test_an_unknown_thing_is_told_with_the_nearest_names(site: FlaskClient, name: str) -> None:
    answer = site.get(f"/id/{name}")
    assert (answer.status_code, answer.get_json()["type"]) == (404, "not-found")
    assert answer.get_json()["detail"].endswith("?).")
    assert "tie-laos-vietnam" in answer.get_json()["detail"]


@pytest.mark.parametrize(
    "name",
    ["x> ?p ?o } #", 'a"b', "%00", "%ff", "%22%29%20%7D", "é", "x" * 3000, "🦆", ".ttl", "a b", "x\\u003e"],
)
def test_a_name_that_is_no_name_is_just_unknown(site: FlaskClient, name: str) -> None:
    answer = site.get(f"/id/{name}")
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


def test_every_thing_and_term_in_the_graph_answers(site: FlaskClient) -> None:
    ours = f'?s ?p ?o FILTER(STRSTARTS(STR(?s), "{BASE}"))'
    query = f"SELECT DISTINCT ?s {{ {ours} }} ORDER BY MD5(STR(?s)) LIMIT 60"
    rows = site.get("/sparql", query_string={"query": query}).get_json()["results"]["bindings"]
    anchors: dict[str, TestResponse] = {}
    for row in rows:
        path, _, anchor = row["s"]["value"].removeprefix(BASE.rstrip("/")).partition("#")
        page = anchors.setdefault(path, site.get(path, headers={"Accept": "text/html"}))
        assert page.status_code == 200, path
        assert not anchor or f'id="{anchor}"' in page.text


def test_the_page_of_terms_has_definition_example_and_counter_example(site: FlaskClient) -> None:
    page = site.get("/ontology.html").text
    term = page.partition('<section class="term" id="State">')[2].partition("</section>")[0]
    assert "One polity for as long as it lasted" in term
    assert "Example: id:north-vietnam" in term
    assert "Counter-example: id:pathet-lao" in term


def test_a_definition_shows_its_conditions_and_a_condition_what_meets_it(site: FlaskClient) -> None:
    page = site.get("/definition.html").text
    definition = page.partition('id="AllButName2020">')[2].partition("</section>")[0]
    assert '<a href="/definition#NoAllianceClause"' in definition
    condition = page.partition('id="DefencePledged">')[2].partition("</section>")[0]
    assert "Met by whatever has" in condition
    assert "/ontology#DefencePledge" in condition


def test_a_condition_has_the_nameless_classes_that_meet_it_in_the_data(site: FlaskClient) -> None:
    assert "owl:someValuesFrom tacit:DefencePledge" in site.get("/definition.ttl").text


def test_the_present_version_answers_and_others_are_unknown(site: FlaskClient) -> None:
    header = site.get("/ontology.nt").text
    version = re.search(rf"versionIRI> <{BASE}(ontology/[^>]+)>", header)
    assert version is not None
    assert site.get(f"/{version[1]}", headers={"Accept": "application/n-triples"}).text == header
    answer = site.get("/ontology/0.0.0-gone")
    assert answer.status_code == 404
    assert version[1] in answer.get_json()["detail"]


def test_the_iri_of_the_data_set_leads_to_its_description(site: FlaskClient) -> None:
    answer = site.get("/", headers={"Accept": "text/turtle"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/.well-known/void")
    assert site.get("/").mimetype == site.get("/", headers={"Accept": BROWSER}).mimetype == "text/html"


def test_a_host_that_no_address_can_have_is_a_fault_of_the_request(site: FlaskClient) -> None:
    for path in ("/id/laos.ttl", "/.well-known/void.ttl", "/sparql"):
        answer = site.get(path, headers={"Host": 'x"><script>', "Accept": "*/*"})
        assert answer.status_code == 400, path
        assert json.loads(answer.data)["status"] == 400


@pytest.mark.parametrize(
    "path", ["/id/laos.ttl", "/ontology.html", "/.well-known/void.nt", "/sparql?format=turtle"]
)
def test_an_answer_is_compressed_for_who_takes_that(site: FlaskClient, path: str) -> None:
    plain = site.get(path, headers={"Accept-Encoding": "gzip;q=0"})
    packed = site.get(path, headers={"Accept-Encoding": "gzip, br"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert "accept-encoding" in packed.headers["Vary"].lower()


def test_what_the_data_say_is_text_and_no_markup(client: FlaskClient) -> None:
    page = client.get("/id/a.html").text
    assert "<h1>Tie &lt;A&gt;</h1>" in page
    assert "<A>" not in page
    assert "été &amp; 100% #1" in page
