"""What the served data are, counted by the engine: graphs, classes, properties, and the ontology's header.

Counted when first asked for, and kept: the data do not change while the server runs, and a start should
not wait for it.
"""

import threading
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Final

from flask import Flask, current_app

from server.downloads import graph_names
from server.outline import Term
from server.rdf import Row, rows, triples
from server.state import state
from tacit.names import BASE, PREFIXES

_HEADER: Final = ("title", "description", "creator", "license", "issued")


@dataclass
class Part:
    """A graph in numbers; *classes* maps a class to its entities, *properties* a property to its triples."""

    triples: int = 0
    entities: int = 0
    subjects: int = 0
    objects: int = 0
    classes: dict[str, int] = field(default_factory=dict)
    properties: dict[str, int] = field(default_factory=dict)


@dataclass
class Sizes:
    """The triples of the *whole*, as a query without FROM sees it, and of each named graph."""

    whole: int
    graphs: dict[str, int]


@dataclass
class Dataset:
    """The whole, as a query without FROM sees it, and each named graph.

    *used* maps a class to the properties that its members have; *header* is that of the ontology.
    """

    whole: Part
    graphs: dict[str, Part]
    used: dict[str, dict[str, int]]
    header: dict[str, list[Term]]


class Counted:
    """The numbers, each counted once. What the engine raises goes through; the next request tries again."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._dataset: Dataset | None = None
        self._sizes: Sizes | None = None

    def dataset(self) -> Dataset:
        """Return all of them."""
        with self._lock:
            if self._dataset is None:
                self._dataset = _count()
            return self._dataset

    def sizes(self) -> Sizes:
        """Return those which are cheap."""
        with self._lock:
            if self._sizes is None:
                self._sizes = _sizes()
            return self._sizes


def register(app: Flask) -> None:
    """Give *app* the place where the numbers are kept."""
    app.extensions["tacit-counted"] = Counted()


def dataset() -> Dataset:
    """Return the numbers of the running application's data."""
    return _counted().dataset()


def sizes() -> Sizes:
    """Return how many triples the running application's data have."""
    return _counted().sizes()


def _counted() -> Counted:
    counted: Counted = current_app.extensions["tacit-counted"]
    return counted


def _sizes() -> Sizes:
    built = state().built
    graphs = {f"{BASE}graph/{name}": count for name, count in graph_names(built).items()} if built else {}
    if not graphs:
        counted = rows("SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g")
        graphs = {row["g"]["value"]: int(row["n"]["value"]) for row in counted if "g" in row}
    (whole,) = rows("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    return Sizes(int(whole["n"]["value"]), graphs)


def _count() -> Dataset:
    graphs: defaultdict[str, Part] = defaultdict(Part)
    for row in rows("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"):
        graphs[row["g"]["value"]] = _part(f"GRAPH <{row['g']['value']}> {{", "}")
    used: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for row in rows("SELECT ?c ?p (COUNT(*) AS ?n) { ?s a ?c ; ?p ?o FILTER(ISIRI(?c)) } GROUP BY ?c ?p"):
        used[row["c"]["value"]][row["p"]["value"]] = int(row["n"]["value"])
    return Dataset(_part("", ""), dict(sorted(graphs.items())), dict(used), _header())


def _part(begin: str, end: str) -> Part:
    """Return the numbers of the triples that match between *begin* and *end*."""
    (total,) = rows(
        "SELECT (COUNT(*) AS ?triples) (COUNT(DISTINCT ?s) AS ?subjects) (COUNT(DISTINCT ?o) AS ?objects) "
        f"{{ {begin} ?s ?p ?o {end} }}"
    )
    (entities,) = rows(
        f'SELECT (COUNT(DISTINCT ?s) AS ?n) {{ {begin} ?s ?p ?o FILTER(STRSTARTS(STR(?s), "{BASE}")) {end} }}'
    )
    classes = rows(
        f"SELECT ?k (COUNT(DISTINCT ?s) AS ?n) {{ {begin} ?s a ?k FILTER(ISIRI(?k)) {end} }} GROUP BY ?k"
    )
    properties = rows(f"SELECT ?k (COUNT(*) AS ?n) {{ {begin} ?s ?k ?o {end} }} GROUP BY ?k")
    return Part(
        triples=int(total["triples"]["value"]),
        entities=int(entities["n"]["value"]),
        subjects=int(total["subjects"]["value"]),
        objects=int(total["objects"]["value"]),
        classes=_numbers(classes),
        properties=_numbers(properties),
    )


def _numbers(found: list[Row]) -> dict[str, int]:
    return dict(sorted((row["k"]["value"], int(row["n"]["value"])) for row in found))


def _header() -> dict[str, list[Term]]:
    """Return what the ontology says of itself, by the local name of the Dublin Core term."""
    header: dict[str, list[Term]] = {name: [] for name in _HEADER}
    names = " ".join(f"<{PREFIXES['dcterms']}{name}>" for name in _HEADER)
    ontology = f"<{BASE}ontology>"
    found = triples(f"CONSTRUCT {{ {ontology} ?p ?o }} WHERE {{ VALUES ?p {{ {names} }} {ontology} ?p ?o }}")
    for triple in sorted(found, key=str):
        header[triple.predicate.value.removeprefix(PREFIXES["dcterms"])].append(triple.object)
    return header
