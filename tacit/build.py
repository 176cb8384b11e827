"""The build: from the files to one reasoned graph, `build/<digest>/graph.nq`, which `build/current` names.

The digest stands for all that the graph depends on, so that nothing is built twice and nothing stale is
served. Both reasoners give the same graph; which of them ran is therefore no part of it.
"""

import hashlib
import json
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.term import Node

from tacit import library
from tacit.assess import assess
from tacit.check import check
from tacit.derive import Triple, derive
from tacit.errors import FaultsError, TacitError
from tacit.files import Project
from tacit.justify import Memory
from tacit.names import ASSESSMENTS, INFERRED, QUERIES
from tacit.reason import close, premises

_LIBRARIES: Final = ("rdflib", "owlrl", "reasonable", "pyshacl", "pyoxigraph")

#: What the last build found of justifications, so that the next one looks only where something has changed.
REMEMBERED: Final = "justifications.json"

#: Shows that a stage, named by the argument, begins and ends.
Stage = Callable[[str], AbstractContextManager[None]]


@dataclass(frozen=True)
class Built:
    """A built graph: its file, how many triples each named graph holds, whether it was there already."""

    digest: str
    graph: Path
    counts: dict[str, int]
    reused: bool


def build(
    project: Project,
    reasoner: str = "owlrl",
    *,
    force: bool = False,
    stage: Stage = lambda name: nullcontext(),
) -> Built:
    """Load, check, derive, close, assess and write the project's graph, unless it is built already.

    Raises FaultsError with everything that is at fault; the last good build then stays the current one.
    """
    digest, manifest = _manifest(project)
    folder = project.build / digest
    if force or not (folder / "manifest.json").exists():
        remembered = project.build / REMEMBERED
        memory = Memory(remembered.read_bytes()) if remembered.exists() else Memory()
        graphs = _graphs(project, reasoner, stage, memory)
        with stage("write"):
            manifest["graphs"] = {str(name): len(graph) for name, graph in sorted(graphs.items())}
            _write(folder, graphs, manifest)
            _replace(remembered, memory.written())
        reused = False
    else:
        manifest = json.loads((folder / "manifest.json").read_text())
        reused = True
    _replace(project.build / "current", digest.encode())
    return Built(digest, folder / "graph.nq", manifest["graphs"], reused)


def current(project: Project) -> Path:
    """Return the file of the last good build; raise TacitError if there is none."""
    pointer = project.build / "current"
    if not pointer.exists():
        raise TacitError("There is no built graph: run tacit build.")
    return project.build / pointer.read_text().strip() / "graph.nq"


def _graphs(project: Project, reasoner: str, stage: Stage, memory: Memory) -> dict[URIRef, Graph]:
    with stage("load"):
        graphs = dict(project.graphs)
        graphs[QUERIES] = library.describe(library.load(project.root / "queries"))
    with stage("check"):
        if faults := check(project):
            raise FaultsError(faults)
    union = project.union()
    graphs[INFERRED], graphs[ASSESSMENTS] = Graph(), Graph()
    with stage("derive"):
        _add(derive(union), graphs[INFERRED], union)
    with stage("close"):
        told = premises(union)
        _add(close(project, union, reasoner), graphs[INFERRED], union)
    with stage("assess"):
        _add(assess(union, told, memory), graphs[ASSESSMENTS])
    return graphs


def _add(triples: set[Triple], *graphs: Graph) -> None:
    for graph in graphs:
        for triple in triples:
            graph.add(triple)


def _manifest(project: Project) -> tuple[str, dict[str, Any]]:
    """Return the digest of all that the graph depends on, and what that is: inputs, our code, libraries."""
    code = {f"tacit/{path.name}": _sha256(path) for path in sorted(Path(__file__).parent.glob("*.py"))}
    inputs = {path.relative_to(project.root).as_posix(): _sha256(path) for path in project.inputs}
    manifest = {"inputs": inputs, "code": code, "versions": {name: version(name) for name in _LIBRARIES}}
    digest = hashlib.sha256(json.dumps(manifest, sort_keys=True).encode()).hexdigest()[:16]
    return digest, manifest


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _write(folder: Path, graphs: dict[URIRef, Graph], manifest: dict[str, Any]) -> None:
    """Write the graph, and the manifest after it: a folder with a manifest is a whole build."""
    folder.mkdir(parents=True, exist_ok=True)
    _replace(folder / "graph.nq", nquads(graphs))
    _replace(folder / "manifest.json", json.dumps(manifest, indent=1).encode())


def _replace(path: Path, content: bytes) -> None:
    """Put a file in place at once: whoever reads meanwhile gets the old one or the new one."""
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(content)
    Path(file.name).chmod(0o644)  # temporary files are for their owner alone
    Path(file.name).replace(path)


def nquads(graphs: dict[URIRef, Graph]) -> bytes:
    """Return *graphs* as sorted N-Quads, the same bytes for the same graphs.

    Blank nodes get their labels from RDF Dataset Canonicalization 1.0, which depend on the triples alone.
    """
    dataset = ox.Dataset(
        ox.Quad(_term(s), _term(p), _term(o), ox.NamedNode(name))
        for name, graph in graphs.items()
        for s, p, o in graph
    )
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return b"".join(sorted(b"%s .\n" % str(quad).encode() for quad in dataset))


def _term(node: Node) -> Any:
    """Return an rdflib term as Oxigraph's; Any, because its place in a triple decides which ones may come."""
    if isinstance(node, Literal):
        if node.language:
            return ox.Literal(str(node), language=node.language)
        return ox.Literal(str(node), datatype=ox.NamedNode(node.datatype) if node.datatype else None)
    return ox.BlankNode(str(node)) if isinstance(node, BNode) else ox.NamedNode(str(node))
