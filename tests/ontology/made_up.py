"""The made-up examples of tests/shapes, tests/conditions and tests/definitions, merged to run all at once."""

from functools import cache
from pathlib import Path
from typing import Final

from rdflib import PROV, Graph, Namespace, URIRef
from rdflib.term import Node

from tacit.derive import derive
from tacit.files import REPOSITORY, SERVED, Project
from tacit.names import BASE, ID, ONTOLOGY
from tacit.reason import close

TESTS: Final = REPOSITORY / "tests"
SHAPE: Final = Namespace(BASE + "shape#")
SEPARATOR: Final = "--"


class Merged(Project):
    """The project's ontology and shapes over data of our own."""

    def __init__(self, data: Graph) -> None:
        super().__init__()
        self.data = data

    def union(self) -> Graph:
        return Graph() + self.data


@cache
def ontology() -> Graph:
    """Return the ontology, its definitions traced to made-up claims, so that no example needs the corpus."""
    graph, asserted = Graph(), Graph()
    for file, name in SERVED.items():
        if name == ONTOLOGY:
            asserted.parse(REPOSITORY / file)
    for s, p, o in asserted:
        if isinstance(o, URIRef) and o.startswith(ID):
            graph.add((s, p, ID["made-good-claim-criterion" if p == PROV.wasDerivedFrom else "made-author"]))
        else:
            graph.add((s, p, o))
    return graph


@cache
def good() -> Graph:
    """Return the well-formed example, whose cast all others borrow."""
    return Graph().parse(TESTS / "shapes/good.ttl")


@cache
def files(folder: str) -> dict[str, Path]:
    """Return the examples of a folder by the name of what they are examples of."""
    return {path.stem: path for path in sorted((TESTS / folder).glob("*.ttl")) if path.stem != "good"}


@cache
def _known() -> set[Node]:
    return {node for graph in (ontology(), good()) for triple in graph for node in triple}


@cache
def example(path: Path) -> Graph:
    """Return one example. What is its own bears its name, so that examples merge and never meet."""

    def own(node: Node) -> Node:
        if isinstance(node, URIRef) and node.startswith(BASE) and node not in _known():
            return URIRef(node + SEPARATOR + path.stem)
        return node

    graph = Graph()
    for s, p, o in Graph().parse(path):
        assert s not in _known(), f"{path.name} describes {s}, which the good example or the ontology does"
        graph.add((own(s), own(p), own(o)))
    return graph


def merged(*folders: str) -> Graph:
    """Return ontology, good example and all examples of these folders as one graph."""
    graph = ontology() + good()
    for folder in folders:
        for path in files(folder).values():
            graph += example(path)
    return graph


@cache
def derived() -> Graph:
    """Return the pairs of conditions and definitions with what follows by rule."""
    graph = merged("conditions", "definitions")
    for triple in derive(graph):
        graph.add(triple)
    return graph


@cache
def closed(reasoner: str) -> Graph:
    """Return the pairs of conditions and definitions with all that follows: by rule, then by reasoning."""
    graph = Graph() + derived()
    for triple in close(Merged(graph), graph, reasoner):
        graph.add(triple)
    return graph
