"""The browser parts that are built from web/."""

import gzip
from pathlib import Path

import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient

from server import create_app


@pytest.fixture
def built(build: Path, queries: Path) -> Flask:
    (build / "web").mkdir()
    (build / "web" / "part.js").write_bytes(b"let a = 1")
    (build / "web" / "part.js.gz").write_bytes(gzip.compress(b"let a = 1"))
    (build / "web" / ".ready").write_bytes(b"")
    return create_app({"build": build, "queries": queries, "log": "off"})


def _address(app: Flask) -> str:
    with app.test_request_context():
        return render_template_string("{% if web_built %}{{ web_file('part.js') }}{% endif %}")


def test_a_file_may_be_kept_by_its_digest_only(built: Flask) -> None:
    address = _address(built)
    kept, plain = built.test_client().get(address), built.test_client().get("/web/part.js?v=else")
    assert (kept.data, kept.mimetype) == (b"let a = 1", "text/javascript")
    assert "immutable" in kept.headers["Cache-Control"]
    assert plain.headers["Cache-Control"] == "no-cache"
    again = built.test_client().get("/web/part.js", headers={"If-None-Match": kept.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_file_comes_packed_to_who_takes_that(built: Flask) -> None:
    packed = built.test_client().get("/web/part.js", headers={"Accept-Encoding": "gzip"})
    plain = built.test_client().get("/web/part.js")
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert "Accept-Encoding" in packed.headers["Vary"]


@pytest.mark.parametrize("name", [".ready", "part.js.gz", "..%2fcurrent", "nothing.js"])
def test_nothing_else_of_the_folder_is_served(built: Flask, name: str) -> None:
    assert built.test_client().get(f"/web/{name}").status_code == 404


def test_where_nothing_is_built_pages_know_and_the_address_says_so(app: Flask, client: FlaskClient) -> None:
    assert _address(app) == ""
    assert "make setup" in client.get("/web/query.js").get_json()["detail"]
