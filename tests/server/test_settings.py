"""Settings, and the graph that is served."""

from pathlib import Path

import pytest

from server import create_app
from server.settings import built_graph
from tacit.errors import TacitError


def test_an_unknown_setting_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(TacitError, match=r"no setting treads \(did you mean threads"):
        create_app({"treads": 3})


@pytest.mark.parametrize("current", [None, "gone"])
def test_without_a_built_graph_the_command_for_it_is_named(tmp_path: Path, current: str | None) -> None:
    if current:
        (tmp_path / "current").write_text(current, encoding="utf-8")
    with pytest.raises(TacitError, match="run `tacit build`"):
        built_graph(tmp_path)


def test_the_current_build_is_served(build: Path) -> None:
    (build / "4567").mkdir()
    assert built_graph(build) == build / "0123" / "graph.nq"
