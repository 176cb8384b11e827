"""A small project to build, break and query: a tie in two phases, a data set without it, an article."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tacit.files import REPOSITORY, Project

EXAMPLE = Path(__file__).parent / "example"


def shared(path: str) -> Path:
    """Return what lies at *path* beside the repository; without it a test is skipped, or fails if CI=true."""
    place = REPOSITORY.parent / "shared" / path
    if not place.exists():
        tell = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        tell(f"NOT TESTED: ../shared/{path} is not beside the repository")
    return place


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Return a copy of the example, which a test may change."""
    return Project(shutil.copytree(EXAMPLE, tmp_path / "example"))


@pytest.fixture
def corpus(project: Project) -> Path:
    """Return the folder of the example's article."""
    return project.root / "corpus"


@pytest.fixture
def add(project: Project) -> Callable[[str], None]:
    """Return a function that adds Turtle to the example's data."""

    def append(turtle: str) -> None:
        with (project.root / "data" / "triples.ttl").open("a", encoding="utf-8") as file:
            file.write(turtle)

    return append
