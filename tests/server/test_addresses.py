"""The page of addresses is held to the routes."""

import re
from pathlib import Path

from flask import Flask

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "addresses.md").read_text(encoding="utf-8")


def test_every_route_is_in_the_table_and_the_other_way_round(app: Flask) -> None:
    told = set()
    for row in re.findall(r"^\| (`/.*?) \|", PAGE, re.MULTILINE):
        told |= set(re.findall(r"`([^`]+)`", row))
    routes = set()
    for rule in app.url_map.iter_rules():
        vocabulary = rule.rule.startswith("/<any(")
        names = ("ontology", "definition") if vocabulary else ("",)
        routes |= {re.sub(r"<any\([^>]*:name>", name, rule.rule) for name in names}
    routes = {route for route in routes if "extension>" not in route and route != "/sparql/"}
    assert told == routes
