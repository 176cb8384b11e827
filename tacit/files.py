"""The project's files: where they are, which graph each one fills, and on which line a thing is written."""

import re
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import pyoxigraph
from rdflib import XSD, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from tacit.errors import Fault, FaultsError
from tacit.names import CODINGS, CORPUS, ONTOLOGY, WIKIDATA, short

REPOSITORY: Final = Path(__file__).resolve().parent.parent

#: The files that are served, each with the named graph that it fills.
SERVED: Final = {
    "ontology/tacit.ttl": ONTOLOGY,
    "ontology/definitions.ttl": ONTOLOGY,
    "data/triples.ttl": CORPUS,
    "data/codings.ttl": CODINGS,
    "data/wikidata.ttl": WIKIDATA,
}
_OPTIONAL: Final = {"data/wikidata.ttl"}
SHAPES: Final = "ontology/shapes.ttl"

#: A block of ours begins with its subject at the very start of a line.
_SUBJECT: Final = re.compile(r"^([A-Za-z][\w-]*:[\w.-]*\w)", re.MULTILINE)


def _node(term: Any) -> Node:
    """Return one of Oxigraph's terms as rdflib's. Raises SyntaxError for what rdflib does not know."""
    if isinstance(term, pyoxigraph.NamedNode):
        return URIRef(term.value)
    if isinstance(term, pyoxigraph.BlankNode):
        return BNode(term.value)
    if isinstance(term, pyoxigraph.Triple):
        raise SyntaxError(f"a triple within a triple, {term}, is RDF 1.2, which the build cannot read")
    if term.language:
        return Literal(term.value, lang=term.language)
    plain = term.datatype.value == str(XSD.string)
    return Literal(term.value, datatype=None if plain else URIRef(term.datatype.value))


class Project:
    """A folder with `ontology/`, `data/` and `queries/`; what is built goes to its `build/`.

    The Turtle files are read once, at first use.
    """

    def __init__(self, root: Path = REPOSITORY) -> None:
        self.root = root
        self.build = root / "build"

    @property
    def inputs(self) -> list[Path]:
        """Return every file that a build reads, in a fixed order."""
        patterns = ("ontology/*.ttl", "data/*.ttl", "queries/**/*.rq")
        return sorted(path for pattern in patterns for path in self.root.glob(pattern))

    @cached_property
    def graphs(self) -> dict[URIRef, Graph]:
        """Return the asserted triples, one graph per name; the optional ones only where there is a file.

        Raises FaultsError with every file that is missing or is not Turtle.
        """
        graphs: dict[URIRef, Graph] = {}
        faults: list[Fault] = []
        for file, name in SERVED.items():
            if file in _OPTIONAL and not (self.root / file).exists():
                continue
            try:
                self._parse(file, graphs.setdefault(name, Graph()))
            except FaultsError as error:
                faults += error.faults
        if faults:
            raise FaultsError(faults)
        return graphs

    def union(self) -> Graph:
        """Return a new graph of all asserted triples, ontology and data together."""
        union = Graph()
        for graph in self.graphs.values():
            union += graph
        return union

    def shapes(self) -> Graph:
        """Return the shapes, parsed anew each time: a validation adds to the graph that it is given."""
        return self._parse(SHAPES, Graph())

    def _parse(self, name: str, graph: Graph) -> Graph:
        path = Path(name)
        if not (self.root / path).exists():
            raise FaultsError([Fault(path, 0, "", "missing-file", "The file is missing.", "Put it back.")])
        content = (self.root / path).read_bytes()
        try:
            # Oxigraph reads: it is stricter and many times faster than rdflib, will have to load the result,
            # and names the place of a fault.
            turtle = pyoxigraph.RdfFormat.TURTLE
            for quad in pyoxigraph.parse(content, format=turtle, rename_blank_nodes=True):
                graph.add((_node(quad.subject), _node(quad.predicate), _node(quad.object)))
            return graph
        except SyntaxError as error:
            message = f"This is not Turtle: {error.msg or error}."
            cure = "Mend this line, or the end of the one before."
            raise FaultsError([Fault(path, error.lineno or 0, "", "turtle", message, cure)]) from error

    def locate(self, entity: Node) -> tuple[Path, int]:
        """Return the file, relative to the root, and the line where *entity* is described, or first named.

        The line is 0, and the file the first one, where no file names it.
        """
        name = short(str(entity))
        if name in self._subjects:
            return self._subjects[name]
        mention = re.compile(rf"(?<![\w:-]){re.escape(name)}(?![\w-])")
        for path, text in self._texts.items():
            if not isinstance(entity, BNode) and (match := mention.search(text)):
                return path, text.count("\n", 0, match.start()) + 1
        return Path(next(iter(SERVED))), 0

    def fault(self, entity: Node, rule: str, message: str, cure: str = "") -> Fault:
        """Return a fault of *entity*, at the place where it is written."""
        file, line = self.locate(entity)
        return Fault(file, line, short(str(entity)), rule, message, cure)

    @cached_property
    def _texts(self) -> dict[Path, str]:
        paths = (path for path in self.inputs if path.suffix == ".ttl")
        return {path.relative_to(self.root): path.read_text(encoding="utf-8") for path in paths}

    @cached_property
    def _subjects(self) -> dict[str, tuple[Path, int]]:
        lines: dict[str, tuple[Path, int]] = {}
        for path, text in self._texts.items():
            for match in _SUBJECT.finditer(text):
                lines.setdefault(match[1], (path, text.count("\n", 0, match.start()) + 1))
        return lines
