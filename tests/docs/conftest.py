"""The project's own graph, as `tacit build` leaves it; built here only if no build is up to date."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tacit.build import build
from tacit.engine import evaluate, load_graph
from tacit.files import Project

Rows = list[dict[str, str]]


@pytest.fixture(scope="session")
def built() -> Path:
    """Return the path of the graph's file."""
    return build(Project(), "reasonable").graph


@pytest.fixture(scope="session")
def ask(built: Path) -> Callable[[str], Rows]:
    """Return a function that answers a SELECT query by rows of plain values."""
    ask = partial(evaluate, load_graph(built))

    def rows(query: str) -> Rows:
        found = json.loads(ask(query).body)["results"]["bindings"]
        return [{name: term["value"] for name, term in row.items()} for row in found]

    return rows
