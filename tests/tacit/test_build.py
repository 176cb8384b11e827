import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from tacit.build import build, current
from tacit.errors import FaultsError, TacitError
from tacit.files import Project
from tacit.names import ASSESSMENTS, CODINGS, CORPUS, INFERRED, ONTOLOGY, QUERIES


def test_the_graph_holds_each_part_under_its_name(project: Project) -> None:
    built = build(project, "reasonable")
    assert built.graph == current(project) == project.build / built.digest / "graph.nq"
    quads = list(ox.parse(path=str(built.graph), format=ox.RdfFormat.N_QUADS))
    counts: dict[str, int] = {}
    for quad in quads:
        counts[str(quad.graph_name)[1:-1]] = counts.get(str(quad.graph_name)[1:-1], 0) + 1
    assert counts == built.counts
    assert set(counts) == {str(g) for g in (ONTOLOGY, CORPUS, CODINGS, QUERIES, INFERRED, ASSESSMENTS)}


def test_asserted_and_inferred_never_overlap(project: Project) -> None:
    quads = list(ox.parse(path=str(build(project, "reasonable").graph), format=ox.RdfFormat.N_QUADS))
    inferred = {q.triple for q in quads if q.graph_name == ox.NamedNode(INFERRED)}
    asserted = {q.triple for q in quads if q.graph_name != ox.NamedNode(INFERRED)}
    assert inferred
    assert not inferred & asserted


def test_two_folders_hash_seeds_and_reasoners_give_the_same_bytes(project: Project, tmp_path: Path) -> None:
    graphs, manifests = [], []
    for seed, reasoner in (("1", "owlrl"), ("2", "reasonable")):
        root = shutil.copytree(project.root, tmp_path / f"copy-{seed}")
        run = "from tacit.cli import main; main()"
        command = [sys.executable, "-c", run, "--root", str(root), "build", "--reasoner", reasoner]
        subprocess.run(command, check=True, env={**os.environ, "PYTHONHASHSEED": seed})  # noqa: S603
        graph = current(Project(root))
        graphs.append(graph.read_bytes())
        manifests.append((graph.parent.name, (graph.parent / "manifest.json").read_bytes()))
    assert graphs[0] == graphs[1]
    assert manifests[0] == manifests[1]
    assert b"_:c14n0 " in graphs[0], "blank nodes have canonical labels"


def test_what_is_built_is_reused_until_something_changes(
    project: Project, add: Callable[[str], None]
) -> None:
    first = build(project, "reasonable")
    assert not first.reused
    again = build(Project(project.root), "owlrl")
    assert again.reused
    assert (again.digest, again.counts) == (first.digest, first.counts)
    assert not build(Project(project.root), "reasonable", force=True).reused
    add("id:place a tacit:Treaty .\n")
    changed = build(Project(project.root), "reasonable")
    assert not changed.reused
    assert changed.digest != first.digest


def test_a_change_of_any_input_or_of_our_code_is_another_digest(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    digests = [build(project, "reasonable").digest]
    for name in ("queries/ties/claims-of.rq", "ontology/shapes.ttl"):
        with (project.root / name).open("a", encoding="utf-8") as file:
            file.write("# more\n")
        digests.append(build(Project(project.root), "reasonable").digest)
    monkeypatch.setattr("tacit.build.version", lambda name: "0")
    digests.append(build(Project(project.root), "reasonable").digest)
    assert len(set(digests)) == 4


def test_the_manifest_names_inputs_code_versions_and_counts(project: Project) -> None:
    built = build(project, "reasonable")
    manifest = json.loads((built.graph.parent / "manifest.json").read_text())
    assert "data/triples.ttl" in manifest["inputs"]
    assert "tacit/reason.py" in manifest["code"]
    assert set(manifest["versions"]) == {"rdflib", "owlrl", "reasonable", "pyshacl", "pyoxigraph"}
    assert manifest["graphs"] == built.counts


@pytest.mark.parametrize(
    ("turtle", "message"),
    [
        ("id:x a tacit:Claim .\n", "A claim has a stance"),
        ("id:x a tacit:Claim\n", "This is not Turtle"),
        ("id:tie-laos-vietnam a tacit:TieWithNonState .\n", "of which nothing is both"),
    ],
)
def test_a_failing_build_leaves_the_last_good_one(
    project: Project, add: Callable[[str], None], turtle: str, message: str
) -> None:
    good = build(project, "reasonable")
    content = good.graph.read_bytes()
    add(turtle)
    with pytest.raises(FaultsError, match=message):
        build(Project(project.root), "reasonable")
    assert current(project) == good.graph
    assert good.graph.read_bytes() == content
    assert sorted(path.name for path in project.build.iterdir()) == sorted(
        [good.digest, "current", "justifications.json"]
    )


def test_a_build_that_was_cut_off_is_built_again(project: Project) -> None:
    built = build(project, "reasonable")
    (built.graph.parent / "manifest.json").unlink()
    built.graph.write_text("half of")
    again = build(Project(project.root), "reasonable")
    assert not again.reused
    assert len(again.graph.read_bytes().splitlines()) == sum(again.counts.values())


def test_without_a_build_there_is_a_sentence(project: Project) -> None:
    with pytest.raises(TacitError, match="run tacit build"):
        current(project)


def test_what_was_remembered_changes_no_byte(project: Project, add: Callable[[str], None]) -> None:
    build(project, "reasonable")
    remembered = project.build / "justifications.json"
    assert json.loads(remembered.read_bytes())
    add("id:claim-003-troops tacit:stance tacit:Affirms ; a tacit:SecurityPractice .\n")
    with_memory = build(Project(project.root), "reasonable").graph.read_bytes()
    for spoilt in (None, b"{"):
        remembered.unlink() if spoilt is None else remembered.write_bytes(spoilt)
        assert build(Project(project.root), "reasonable", force=True).graph.read_bytes() == with_memory
    assert b"justifiedBy" in with_memory
