"""The matrix: every cell is that of the assessments, and leads to its reasons."""

import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from server import create_app
from tests.server.conftest import BROWSER


def rows(page: str) -> dict[str, list[str]]:
    """Return the outcomes of each row, by the name of its portrayal."""
    return {
        name: re.findall(r'<td[^>]*>(?:<a[^>]*aria-label="silent"|<a[^>]*><span class="chip ([\w-]+)")', row)
        for name, row in re.findall(
            r'<tr><th scope="row"><a href="[^"#]*#([^"]+)".*?</th>(.*?)</tr>', page, re.DOTALL
        )
    }


def test_all_cells_are_those_of_the_assessments(site: FlaskClient) -> None:
    told: list[dict[str, Any]] = site.get("/queries/classification/sensitivity?format=json").get_json()[
        "results"
    ]["bindings"]
    shown = rows(site.get("/matrix?rows=all").text)
    assert len(shown) == len(told) > 50
    for row in told:
        cells = shown[row["portrayal"]["value"].rpartition("/")[2]]
        assert len(cells) == 19
        definitions = cells[:17]  # the necessary tests come last
        assert definitions.count("not") == int(row["contradicted"]["value"])
        assert definitions.count("") == int(row["silent"]["value"])


def test_rows_of_silence_are_left_out_unless_wanted(site: FlaskClient) -> None:
    some = rows(site.get("/matrix").text)
    assert "portrayal-001-laos-vietnam" not in some
    assert all(any(cells) for cells in some.values())
    assert "portrayal-001-laos-vietnam" in rows(site.get("/matrix?rows=all").text)


def test_it_is_narrowed_and_turned(site: FlaskClient) -> None:
    assert set(rows(site.get("/matrix?tie=laos-vietnam&source=003").text)) == {
        "portrayal-003-laos-vietnam-cold-war",
        "portrayal-003-laos-vietnam-since",
    }
    by_source = site.get("/matrix?by=source").text
    groups = re.findall(r'<th scope="rowgroup"[^>]*><a href="([^"]+)"', by_source)
    assert groups[0] == "/id/article-000"
    assert groups[-1] == "/id/cow"


def test_a_cell_opens_its_reasons(site: FlaskClient) -> None:
    page = site.get("/matrix?tie=laos-vietnam&source=003").text
    row = page[page.index("#portrayal-003-laos-vietnam-since") :]
    link = re.search(r'<a href="(/explain/[^"]+AllButName2020[^"]+)"', row)
    assert link is not None
    reasons = site.get(link[1].replace("&amp;", "&"), headers={"Accept": BROWSER}).text
    assert 'id="portrayal-003-laos-vietnam-since"' in reasons


@pytest.mark.parametrize(
    ("address", "status", "detail"),
    [
        ("/matrix?tie=laos-vietnma", 404, "did you mean"),
        ("/matrix?source=009", 404, "There is no source called 009"),
        ("/matrix?by=colour", 400, "by is tie or source"),
        ("/matrix?rows=1", 400, "rows is said or all"),
        ("/matrix?ties=laos-vietnam", 400, "There is no parameter ties"),
        ("/matrix?tie=laos-vietnam&tie=china-soviet", 400, "given twice"),
    ],
)
def test_what_it_cannot_show_is_told(site: FlaskClient, address: str, status: int, detail: str) -> None:
    answer = site.get(address)
    assert answer.status_code == status
    assert detail in answer.get_json()["detail"]


def test_the_data_behind_it_is_what_it_shows(site: FlaskClient) -> None:
    page = site.get("/matrix?tie=laos-vietnam&rows=all").text
    link = re.search(r'<a href="([^"]+)">CSV</a>', page)
    assert link is not None
    lines = site.get(link[1].replace("&amp;", "&")).text.splitlines()
    assert len(lines) - 1 == 19 * len(rows(page)) == 190


def test_other_data_has_no_matrix(tmp_path: Path) -> None:
    path = tmp_path / "x.ttl"
    path.write_text("<urn:a> a <urn:b> .", encoding="utf-8")
    answer = create_app({"data": [path], "log": "off"}).test_client().get("/matrix")
    assert answer.status_code == 200
    assert "no tie is portrayed" in answer.text
