"""Reports on disagreement: each is its question's answer."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from server import create_app
from server.pages.reports import REPORTS, Report
from tests.server.conftest import BROWSER

NAMES = [report.name for _, reports in REPORTS for report in reports]


def test_every_report_is_listed_with_its_rows(site: FlaskClient) -> None:
    page = site.get("/disagreement").text
    assert re.findall(r'<h3><a href="/disagreement/([^"]+)"', page) == NAMES
    assert len(NAMES) == len(set(NAMES)) > 10


@pytest.mark.parametrize("report", [report for _, reports in REPORTS for report in reports])
def test_a_report_has_all_rows_of_its_question(site: FlaskClient, report: Report) -> None:
    path = report.path
    page = site.get(f"/disagreement/{report.name}").text
    rows = site.get(f"/queries/{path}?format=json").get_json()["results"]["bindings"]
    assert rows
    assert page.count("<tr>") == len(rows) + 1
    assert f'href="/queries/{path}.rq"' in page
    assert f'href="/queries/{path}?format=csv"' in page


def test_a_report_has_labels_and_links(site: FlaskClient) -> None:
    page = site.get("/disagreement/one-author-two-labels").text
    assert 'title="https://w3id.org/tacit/id/tie-laos-vietnam">Laos\N{EN DASH}Vietnam</a>' in page
    assert ">alliance in all but name</a>" in page
    assert "from 1977, still so" in page


def test_an_unknown_report_is_told_with_the_nearest(site: FlaskClient) -> None:
    answer = site.get("/disagreement/disputs")
    assert answer.status_code == 404
    assert "did you mean disputes" in answer.get_json()["detail"]
    assert site.get("/disagreement/disputes?tie=x").status_code == 400


def test_other_data_has_no_reports(tmp_path: Path) -> None:
    path = tmp_path / "x.ttl"
    path.write_text("<urn:a> a <urn:b> .", encoding="utf-8")
    client = create_app({"data": [path], "log": "off"}).test_client()
    assert "There are no reports" in client.get("/disagreement").text
    assert client.get("/disagreement/disputes", headers={"Accept": BROWSER}).status_code == 404
