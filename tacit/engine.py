"""The query engine: Oxigraph, in memory.

`evaluate` takes and returns plain values, so that it can run in another process.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, cast

import pyoxigraph as ox

from tacit import syntax
from tacit.errors import TacitError
from tacit.names import BASE, PREFIXES

#: The formats of an answer by short name. A query has solutions (SELECT), a boolean (ASK) or a graph.
RESULT_FORMATS: Final[dict[str, ox.QueryResultsFormat]] = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
GRAPH_FORMATS: Final[dict[str, ox.RdfFormat]] = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}

READ_ONLY: Final = "This endpoint is read-only: it answers queries and takes no updates."
#: What RDF/XML needs a property to end in.
_ENDS_IN_XML_NAME: Final = re.compile(r"[^\W\d][\w.-]*$")


@dataclass(frozen=True)
class Answer:
    """A whole answer: *kind* is ``results`` (solutions or a boolean) or ``graph``, *format* a short name."""

    kind: str
    format: str
    body: bytes


class RefusedError(TacitError):
    """A query that is never run: *name* is ``read-only`` or ``no-federation``."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name

    def __reduce__(self) -> tuple[type["RefusedError"], tuple[str, str]]:
        """Make both arguments survive pickling."""
        return type(self), (self.name, str(self))


class FormatError(TacitError):
    """The answer is of a *kind* (``results``, ``graph``) that none of the wanted formats can write."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind

    def __reduce__(self) -> tuple[type["FormatError"], tuple[str, str]]:
        """Make both arguments survive pickling."""
        return type(self), (self.kind, str(self))


def load_graph(path: Path) -> ox.Store:
    """Return a store of the built graph at *path* (N-Quads), its default graph the union of the named ones.

    The union is copied into the default graph, because Oxigraph's option for a union overrides the FROM
    clause of a query, and counts a triple once per graph that holds it. Raises TacitError as `load_files`.
    """
    store = load_files([path])
    store.update("INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }")
    return store


def load_files(paths: Iterable[Path]) -> ox.Store:
    """Return a store of RDF files *as they are*: triples in the default graph, quads in the graphs they name.

    Raises TacitError for a file that cannot be read, is of no known format, or does not parse.
    """
    store = ox.Store()
    for path in paths:
        format_ = ox.RdfFormat.from_extension(path.suffix.removeprefix("."))
        if format_ is None:
            raise TacitError(
                f"{path}: the format of {path.suffix or 'a file without ending'} is not known; "
                "use .ttl, .nt, .nq, .trig, .rdf or .jsonld"
            )
        try:
            store.load(path=path, format=format_, base_iri=path.resolve().as_uri())
        except SyntaxError as error:
            raise TacitError(f"{path}:{error.lineno or 0}: {error.msg}") from error
        except OSError as error:
            raise TacitError(f"{path} cannot be read: {error.strerror or error}") from error
    return store


def evaluate(
    store: ox.Store,
    query: str,
    *,
    default_graphs: Sequence[str] = (),
    named_graphs: Sequence[str] = (),
    results: str | None = "json",
    graph: str | None = "turtle",
) -> Answer:
    """Return the whole answer to *query* over *store*.

    *default_graphs* and *named_graphs* are IRIs; if there is one, they are the data set, whatever FROM says
    (SPARQL 1.1 Protocol, 2.1.4). *results* and *graph* name the format for either kind of answer, None
    being "no format would do". Relative IRIs are resolved against our base. A triple that two graphs of a
    FROM hold counts twice (a fault of Oxigraph). Raises QuerySyntaxError, RefusedError,
    FormatError, and TacitError for what Oxigraph cannot do.
    """
    if syntax.is_update(query):
        raise RefusedError("read-only", READ_ONLY)
    if syntax.may_call_service(query):
        raise RefusedError(
            "no-federation",
            "This endpoint does not call other servers: remove SERVICE, and ask the other endpoint yourself.",
        )
    try:
        if default_graphs or named_graphs:
            default: list[ox.NamedNode | ox.BlankNode | ox.DefaultGraph] = [*_iris(default_graphs)]
            named: list[ox.NamedNode | ox.BlankNode] = [*_iris(named_graphs)]
            answer = store.query(query, base_iri=BASE, default_graph=default, named_graphs=named)
        else:
            answer = store.query(query, base_iri=BASE)
        if isinstance(answer, ox.QueryTriples):
            name = _chosen("graph", graph, GRAPH_FORMATS)
            return Answer("graph", name, write(answer, name))
        name = _chosen("results", results, RESULT_FORMATS)
        return Answer("results", name, cast("bytes", answer.serialize(format=RESULT_FORMATS[name])))
    except SyntaxError as error:
        raise syntax.explain(query, str(error), partial(ox.Store().query, base_iri=BASE)) from error
    except (RuntimeError, OSError) as error:  # a function that Oxigraph does not have, for example
        raise TacitError(f"The query cannot be run: {error}.") from error


def _iris(graphs: Sequence[str]) -> list[ox.NamedNode]:
    try:
        return [ox.NamedNode(iri) for iri in graphs]
    except ValueError as error:
        raise TacitError(f"A graph of the data set is not named by a full IRI: {error}.") from error


def _chosen(kind: str, name: str | None, formats: Mapping[str, object]) -> str:
    if name is None:
        what = "a graph" if kind == "graph" else "a table or a boolean"
        raise FormatError(
            kind, f"The answer to this query is {what}, which can be had as {', '.join(formats)}."
        )
    if name not in formats:
        raise FormatError(kind, f"There is no format {name}; choose from {', '.join(formats)}.")
    return name


def write(triples: Iterable[ox.Triple], name: str) -> bytes:
    """Return *triples* in the format called *name*. Raises FormatError for what RDF/XML cannot say."""
    if name == "rdfxml":
        triples = list(triples)
        for triple in triples:
            # Oxigraph writes XML that is not well-formed for these
            if not _ENDS_IN_XML_NAME.search(triple.predicate.value):
                raise FormatError(
                    "graph",
                    f"RDF/XML has no way to write the property {triple.predicate}; choose another format.",
                )
    if name != "turtle":
        return cast("bytes", ox.serialize(triples, format=GRAPH_FORMATS[name]))
    text = cast("bytes", ox.serialize(triples, format=GRAPH_FORMATS[name], prefixes=PREFIXES))
    # Oxigraph lists the prefixes in another order each time, and those without use, too
    *head, body = text.split(b"\n", len(PREFIXES))
    return b"\n".join([*sorted(line for line in head if line.split()[1] in body), body])
