"""Each named graph is a download: whole, in every format, in parts."""

from pathlib import Path

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from werkzeug.http import parse_options_header

from server import create_app
from server.downloads import GRAPHS, NQUADS
from server.rdf import EXTENSIONS
from tests.server.conftest import BROWSER, Client

FILES = {**{extension: format_.media[0] for extension, format_ in EXTENSIONS.items()}, "nq": NQUADS}


def count(body: bytes, media: str) -> int:
    return len({quad.triple for quad in ox.parse(body, format=ox.RdfFormat.from_media_type(media))})


@pytest.mark.parametrize("extension", FILES)
def test_every_graph_is_whole_in_every_format(site: FlaskClient, extension: str) -> None:
    graphs = site.get("/health").get_json()["graphs"]
    assert graphs.keys() >= {"corpus", "ontology", "inferred"}
    for name, triples in graphs.items():
        answer = site.get(f"/graph/{name}.{extension}")
        assert (answer.status_code, answer.mimetype) == (200, FILES[extension])
        assert count(answer.data, FILES[extension]) == triples, name


def test_n_quads_name_the_graph(site: FlaskClient) -> None:
    quads = ox.parse(site.get("/graph/queries.nq").data, format=ox.RdfFormat.N_QUADS)
    assert {quad.graph_name for quad in quads} == {ox.NamedNode("https://w3id.org/tacit/graph/queries")}


@pytest.mark.parametrize("extension", FILES)
def test_the_iri_of_a_graph_answers_by_negotiation(site: FlaskClient, extension: str) -> None:
    answer = site.get("/graph/queries", headers={"Accept": FILES[extension]})
    assert answer.headers["Content-Location"] == f"/graph/queries.{extension}"
    assert answer.data == site.get(f"/graph/queries.{extension}").data


def test_the_page_of_a_graph_says_what_it_holds_and_links_the_files(site: FlaskClient) -> None:
    page = site.get("/graph/corpus", headers={"Accept": BROWSER}).text
    assert GRAPHS["corpus"] in page
    for extension in FILES:
        assert f'href="/graph/corpus.{extension}"' in page


def test_every_graph_of_the_build_is_explained(site: FlaskClient) -> None:
    assert site.get("/health").get_json()["graphs"].keys() <= GRAPHS.keys()


def test_the_tag_stands_for_build_graph_and_format(site: FlaskClient) -> None:
    digest = site.get("/health").get_json()["digest"]
    answer = site.get("/graph/queries.nt")
    assert answer.headers["ETag"] == f'"{digest}-queries-nt"'
    assert "Last-Modified" not in answer.headers
    assert site.get("/graph/queries.nt", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_two_servers_of_one_build_send_the_same_bytes(site: FlaskClient) -> None:
    other = Client(app := create_app({"log": "off"}), app.response_class)
    for extension in FILES:
        path = f"/graph/ontology.{extension}"
        assert site.get(path).data == other.get(path).data


def test_a_part_can_be_had(site: FlaskClient) -> None:
    whole = site.get("/graph/queries.nt")
    assert whole.headers["Accept-Ranges"] == "bytes"
    for asked, expected in [
        ("bytes=10-19", whole.data[10:20]),
        ("bytes=-5", whole.data[-5:]),
        (f"bytes={len(whole.data) - 3}-", whole.data[-3:]),
    ]:
        part = site.get("/graph/queries.nt", headers={"Range": asked})
        assert (part.status_code, part.data) == (206, expected)
        assert parse_options_header(part.headers["Content-Range"])[0].endswith(f"/{len(whole.data)}")


def test_a_part_beyond_the_end_is_refused(site: FlaskClient) -> None:
    answer = site.get("/graph/queries.nt", headers={"Range": "bytes=99999999-"})
    assert (answer.status_code, answer.mimetype) == (416, "application/problem+json")
    assert answer.headers["Content-Range"].startswith("bytes */")


@pytest.mark.parametrize("asked", ["bytes=0-4,9-12", "bytes=9-4", "bytes=x", "lines=0-4"])
def test_what_asks_for_several_parts_or_for_none_gets_the_whole(site: FlaskClient, asked: str) -> None:
    answer = site.get("/graph/queries.nt", headers={"Range": asked})
    assert (answer.status_code, answer.data) == (200, site.get("/graph/queries.nt").data)


def test_a_part_of_another_build_is_not_mixed_in(site: FlaskClient) -> None:
    answer = site.get("/graph/queries.nt", headers={"Range": "bytes=0-9", "If-Range": '"of-yesterday"'})
    assert answer.status_code == 200


def test_an_unknown_graph_is_told_with_the_nearest(site: FlaskClient) -> None:
    answer = site.get("/graph/corpse.ttl")
    assert (answer.status_code, answer.get_json()["type"]) == (404, "not-found")
    assert "did you mean corpus" in answer.get_json()["detail"]
    assert "assessments" in site.get("/graph/x").get_json()["detail"]


def test_other_formats_are_told(site: FlaskClient) -> None:
    answer = site.get("/graph/corpus", headers={"Accept": "text/csv"})
    assert answer.status_code == 406
    assert NQUADS in answer.get_json()["available"]


def test_files_that_are_served_as_they_are_have_no_downloads(tmp_path: Path) -> None:
    path = tmp_path / "x.nt"
    path.write_text("<urn:a> <urn:b> <urn:c> .\n", encoding="utf-8")
    client = create_app({"data": [path], "log": "off"}).test_client()
    assert client.get("/graph/corpus").status_code == 404
