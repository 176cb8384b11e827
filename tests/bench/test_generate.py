"""The generated graph: as many worlds as it takes, each as lawful as ours."""

import json
import re
from collections import Counter
from pathlib import Path

import pyoxigraph as ox

from bench.generate import million, worlds
from tacit.build import build
from tacit.engine import evaluate, load_files, load_graph
from tacit.files import Project

TYPES = """SELECT ?class ?property (COUNT(*) AS ?n) { GRAPH ?g { ?s ?property ?o } ?s a ?class
  FILTER(?g != <https://w3id.org/tacit/graph/ontology> && ?g != <https://w3id.org/tacit/graph/queries>) }
GROUP BY ?class ?property"""


def counted(graph: Path) -> dict[tuple[str, str], int]:
    rows = json.loads(evaluate(load_graph(graph), TYPES).body)["results"]["bindings"]
    return {(row["class"]["value"], row["property"]["value"]): int(row["n"]["value"]) for row in rows}


def test_each_world_has_the_same_kinds_of_things_with_the_same_properties(
    project: Project, tmp_path: Path
) -> None:
    built = build(project, "reasonable").graph
    size = len(built.read_text().splitlines())
    graph = million(built, tmp_path / "many", 3 * size)
    first, many = counted(built), counted(graph)
    number = max(int(found) for found in re.findall(r"-w(\d{3})", graph.read_text()))
    assert len(graph.read_text().splitlines()) >= 3 * size
    assert many.keys() == first.keys()
    portrayals = ("https://w3id.org/tacit/ontology#Portrayal", "https://w3id.org/tacit/ontology#hasFinding")
    assert first[portrayals] > 0
    assert many[portrayals] == first[portrayals] * (number + 1)


def test_worlds_share_terms_but_no_thing_and_no_blank_node(project: Project) -> None:
    lines = build(project, "reasonable").graph.read_text().splitlines(keepends=True)
    nodes: dict[str, set[str]] = {}
    for line in worlds(lines, 3 * len(lines)):
        found = re.search(r"-w(\d{3})\b", line)
        world = found[1] if found else ""
        for node in re.findall(r"(?<!\S)_:\S+", line):
            nodes.setdefault(node, set()).add(world)
    assert all(len(found) == 1 for found in nodes.values())


def test_literals_stay_as_they_are() -> None:
    line = (
        '<https://w3id.org/tacit/id/a> <urn:p> "see <https://w3id.org/tacit/id/b> \\" _:c" '
        "<https://w3id.org/tacit/graph/corpus> .\n"
    )
    first, second = worlds([line], 2)
    assert first == line
    assert second.count("-w001") == 1
    assert '"see <https://w3id.org/tacit/id/b> \\" _:c"' in second


def test_it_is_the_same_each_time_and_made_once(project: Project, tmp_path: Path) -> None:
    built = build(project, "reasonable").graph
    one, other = million(built, tmp_path / "a", 10_000), million(built, tmp_path / "b", 10_000)
    assert one.read_bytes() == other.read_bytes()
    made = one.stat().st_mtime_ns
    assert million(built, tmp_path / "a", 10_000).stat().st_mtime_ns == made
    counts = Counter(
        quad.graph_name.value for quad in load_files([one]) if isinstance(quad.graph_name, ox.NamedNode)
    )
    assert json.loads((one.parent / "manifest.json").read_text())["graphs"] == counts
    assert (tmp_path / "a" / "current").read_text() == one.parent.name
