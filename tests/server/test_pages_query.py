"""The page with the editor, and a query as a program."""

import html
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from server import create_app
from server.pages.code import code
from server.pages.query import MOST_LETTERS
from tests.server.conftest import BROWSER, Ask


def text(page: str) -> str:
    """Return what the form of *page* holds."""
    match = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", page, re.DOTALL)
    assert match is not None
    return html.unescape(match[1])


def test_it_opens_on_the_question_that_shows_most(site: FlaskClient) -> None:
    page = site.get("/query").text
    assert "<h1>All verdicts on one tie, side by side</h1>" in page
    assert "?claim a tacit:Verdict ; tacit:onTie ?tie" in text(page)
    assert "#+" not in text(page)


def test_an_address_names_a_question_and_the_values_of_its_parameters(site: FlaskClient) -> None:
    asked = {"question": "disagreement/verdicts-on-tie", "tie": "id:tie-laos-vietnam"}
    page = site.get("/query", query_string=asked).text
    assert "VALUES ?tie { <https://w3id.org/tacit/id/tie-laos-vietnam> }" in text(page)
    assert 'name="tie" value="id:tie-laos-vietnam"' in page
    assert '<option value="id:tie-laos-vietnam">Laos\u2013Vietnam</option>' in page


def test_an_address_may_hold_any_text(client: FlaskClient) -> None:
    query = 'SELECT * { ?s ?p "</textarea><script>" } # é & %'
    assert text(client.get("/query", query_string={"query": query}).text) == query
    assert "<h1>Your query</h1>" in client.get("/query", query_string={"query": query}).text


def test_programs_are_written_for_what_an_address_can_hold(client: FlaskClient) -> None:
    answer = client.post("/query/code", data={"query": "ASK {} #" + "a" * MOST_LETTERS})
    assert (answer.status_code, answer.get_json()["type"]) == (413, "too-large")


def test_query_may_name_a_question_too_and_the_home_page_leads_here(client: FlaskClient) -> None:
    assert "VALUES ?tie { id:a }  # param" in text(client.get("/query?query=ties/said-of").text)
    moved = client.get("/?query=ties/said-of", follow_redirects=True)
    assert (moved.status_code, moved.request.path) == (200, "/query")


@pytest.mark.parametrize(
    ("asked", "status", "sentence"),
    [
        ("question=ties/said-off", 404, "ties/said-of?"),
        ("query=ties/said-off", 404, "ties/said-of?"),
        ("question=ties/said-of&tye=id:a", 400, "did you mean tie?"),
        ("question=ties/said-of&tie=laos", 400, "Parameter tie is a prefixed name"),
    ],
)
def test_what_is_not_there_is_told_with_the_nearest(
    client: FlaskClient, asked: str, status: int, sentence: str
) -> None:
    answer = client.get(f"/query?{asked}")
    assert (answer.status_code, sentence in answer.get_json()["detail"]) == (status, True)


def test_the_library_stands_beside_by_topic(site: FlaskClient) -> None:
    page = site.get("/query").text
    topics = re.findall(r"<summary><strong>([\w-]+)</strong> <small[^>]*>(.*?)</small>", page)
    assert [name for name, _ in topics][:2] == ["disagreement", "classification"]
    assert all(about for _, about in topics)
    known = {f"{it['topic']}/{it['name']}" for it in site.get("/queries").get_json()["queries"]}
    assert set(re.findall(r'href="/query\?question=([\w-]+/[\w-]+)"', page)) == known
    assert {path.partition("/")[0] for path in known} == {name for name, _ in topics}


def test_without_the_build_it_is_a_plain_form(client: FlaskClient) -> None:
    page = client.get("/query").text
    assert '<form action="/sparql" method="get">' in page
    assert "<script" not in page


def test_with_the_build_it_loads_the_editor_and_no_other_page_does(build: Path, queries: Path) -> None:
    (build / "web").mkdir()
    for name in ("query.js", "query.css"):
        for extension in ("", ".gz"):
            (build / "web" / f"{name}{extension}").write_bytes(b"")
    client = create_app({"build": build, "queries": queries, "log": "off"}).test_client()
    assert re.search(r'<script type="module" src="/web/query.js\?v=\w+">', client.get("/query").text)
    assert "/web/" not in client.get("/queries", headers={"Accept": BROWSER}).text


def test_what_the_editor_completes_has_labels(site: FlaskClient) -> None:
    found = re.search(r'data-settings="([^"]*)"', site.get("/query").text)
    assert found is not None
    rows = site.get(json.loads(html.unescape(found[1]))["terms"]).get_json()["results"]["bindings"]
    known = {row["term"]["value"]: row["label"]["value"] for row in rows}
    assert known["https://w3id.org/tacit/id/tie-laos-vietnam"] == "Laos\u2013Vietnam"
    assert "https://w3id.org/tacit/ontology#Verdict" in known
    assert len(known) == len(rows)


def test_other_data_without_a_library_has_the_editor_too(tmp_path: Path) -> None:
    path = tmp_path / "x.nt"
    path.write_text("<urn:a> <urn:b> <urn:c> .\n", encoding="utf-8")
    page = create_app({"data": [path], "log": "off"}).test_client().get("/query").text
    assert text(page).startswith("SELECT * WHERE")
    assert "Questions to start from" not in page


def test_an_answer_leads_to_the_editor_with_its_query(ask: Ask, client: FlaskClient) -> None:
    query = "SELECT * { ?s ?p ?o } # <é&+>"
    link = re.search(r'href="(/query\?query=[^"]*)"', ask(query, BROWSER).text)
    assert link is not None
    assert text(client.get(html.unescape(link[1])).text) == query
    beside = ask(query, BROWSER, **{"default-graph-uri": "urn:g:new"}).text
    assert "/query?query=" not in beside, "the editor would ask another data set"


AWKWARD = r"""SELECT ?x WHERE {
  VALUES ?x { '''a "b" $HOME `c` {d} \\ é''' }
} # SPARQL"""


@pytest.fixture
def endpoint(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/sparql"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("language", ["curl", "Python"])
@pytest.mark.parametrize(
    ("query", "answer"),
    [
        (AWKWARD, "$HOME `c` {d} \\"),
        ("ASK {}", "rue"),
        ("DESCRIBE <https://w3id.org/tacit/id/a>", "tacit:party"),
    ],
    ids=["select", "ask", "describe"],
)
def test_the_programs_run_and_have_the_answer(endpoint: str, language: str, query: str, answer: str) -> None:
    program = code(query, endpoint)[language]
    command = ["bash", "-c", program] if language == "curl" else [sys.executable, "-c", program]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=20, check=True)  # noqa: S603
    assert answer in ran.stdout.replace("\\\\", "\\")  # Python shows a row as it would write it


def test_a_program_holds_the_query_whatever_is_in_it() -> None:
    query = "ASK {}\nSPARQL\n# )---\" )\" '''"
    programs = code(query, "http://h/sparql")
    assert programs["curl"].endswith("<<'SPARQL_'\n" + query + "\nSPARQL_\n")
    assert f'r"----(\n{query}\n)----"' in programs["R"]
    compile(programs["Python"], "program", "exec")


def test_the_host_of_one_reader_is_not_told_to_the_next(client: FlaskClient) -> None:
    for path in ("/query", "/query?query=ASK{}", "/sparql?query=ASK{}", "/queries/ties/said-of"):
        headers = {"Accept": BROWSER}
        client.get(path, headers={**headers, "Host": "elsewhere.example"})
        assert "elsewhere.example" not in client.get(path, headers=headers).text


def test_programs_are_had_by_get_and_by_post(client: FlaskClient) -> None:
    got = client.get("/query/code", query_string={"query": "ASK {}"}).get_json()
    assert list(got) == ["curl", "Python", "R"]
    assert client.post("/query/code", data={"query": "ASK {}"}).get_json() == got
    assert client.get("/query/code").status_code == 400
