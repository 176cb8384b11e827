"""The page of addresses is held to the routes."""

import re
from pathlib import Path

from flask import Flask

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "addresses.md").read_text(encoding="utf-8")


def test_every_route_is_in_the_table_and_the_other_way_round(app: Flask) -> None:
    told = set()
    for row in re.findall(r"^\| (`/.*?) \|", PAGE, re.MULTILINE):
        told |= set(re.findall(r"`([^`]+)`", row))
    routes = {rule.rule for rule in app.url_map.iter_rules() if not rule.rule.endswith("extension>")}
    assert told == routes - {"/sparql/"}
