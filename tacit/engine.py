"""The query engine: Oxigraph, in memory.

`evaluate` takes and returns plain values, so that it can run in another process.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, cast

import pyoxigraph as ox

from tacit import syntax
from tacit.errors import QuerySyntaxError, TacitError
from tacit.names import BASE, PREFIXES

if TYPE_CHECKING:
    from typing_extensions import Buffer

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


class TooLargeError(TacitError):
    """The answer is larger than the caller takes."""

    def __init__(self) -> None:
        super().__init__("The answer is larger than it may be; ask for less, or for a part of it with LIMIT.")

    def __reduce__(self) -> tuple[type["TooLargeError"], tuple[()]]:
        """Take no arguments when unpickled."""
        return type(self), ()


class _Sink(BytesIO):
    """What an answer is written to: at most so many bytes."""

    def __init__(self, most: int | None) -> None:
        super().__init__()
        self._most = most

    def write(self, part: "Buffer") -> int:
        if self._most is not None and self.tell() + memoryview(part).nbytes > self._most:
            raise TooLargeError
        return super().write(part)


@dataclass(frozen=True)
class Data:
    """A data set to be asked: *graphs* is all of it. The other two are parts, for queries that need no more.

    *union* is the default graph by itself, where the engine meets each triple once, and not again in its
    named graph. *named* is the named graphs, of which no two have a triple in common: taken together they
    are the default graph. Where they are missing, *graphs* is asked.
    """

    graphs: ox.Store
    union: ox.Store | None = None
    named: ox.Store | None = None

    def __len__(self) -> int:
        """Return the number of triples, each counted once per graph."""
        return len(self.graphs)

    def query(self, text: str) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        """Return the engine's answer to the query *text*."""
        if self.union is not None and not syntax.may_name_graphs(text):
            return self.union.query(text, base_iri=BASE)
        if self.named is not None and not syntax.may_name_data_set(text):
            return self.named.query(text, base_iri=BASE, use_default_graph_as_union=True)
        return self.graphs.query(text, base_iri=BASE)


def load_graph(path: Path) -> Data:
    """Return the built graph at *path* (N-Quads), its default graph the union of the named ones.

    The union is copied into the default graph, because Oxigraph's option for a union overrides the FROM
    clause of a query, and counts a triple once per graph that holds it. Raises TacitError as `load_files`.
    """
    named, graphs, union = load_files([path]), ox.Store(), ox.Store()
    found = named.query("CONSTRUCT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }")
    triples = ox.serialize(cast("ox.QueryTriples", found), format=ox.RdfFormat.N_TRIPLES)
    with ThreadPoolExecutor() as threads:  # none of them is left when a process forks
        loads = [threads.submit(graphs.bulk_load, path=path, format=ox.RdfFormat.N_QUADS)]
        loads.append(threads.submit(union.bulk_load, triples, format=ox.RdfFormat.N_TRIPLES))
        for load in loads:
            load.result()
    graphs.bulk_load(triples, format=ox.RdfFormat.N_TRIPLES)
    return Data(graphs, union, named if len(named) == len(union) else None)


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
    data: Data | ox.Store,
    query: str,
    *,
    default_graphs: Sequence[str] = (),
    named_graphs: Sequence[str] = (),
    results: str | None = "json",
    graph: str | None = "turtle",
    services: Mapping[str, str] = MappingProxyType({}),
    most_bytes: int | None = None,
    most_rows: int | None = None,
) -> Answer:
    """Return the answer to *query* over *data*: the whole, unless *most_rows* are wanted (see `shortened`).

    *default_graphs* and *named_graphs* are IRIs; if there is one, they are the data set, whatever FROM says
    (SPARQL 1.1 Protocol, 2.1.4). *results* and *graph* name the format for either kind of answer, None
    being "no format would do". Relative IRIs are resolved against our base. A triple that two graphs of a
    FROM hold counts twice (a fault of Oxigraph). *services* are the endpoints which SERVICE may name, each
    with the address that is asked in its place. Raises QuerySyntaxError, RefusedError, FormatError,
    TooLargeError for more than *most_bytes*, and TacitError for what Oxigraph cannot do.
    """
    original, query = query, _federated(query, services)
    try:
        if default_graphs or named_graphs:
            store = data.graphs if isinstance(data, Data) else data
            default: list[ox.NamedNode | ox.BlankNode | ox.DefaultGraph] = [*_iris(default_graphs)]
            named: list[ox.NamedNode | ox.BlankNode] = [*_iris(named_graphs)]
            answer = store.query(query, base_iri=BASE, default_graph=default, named_graphs=named)
        else:
            answer = data.query(query) if isinstance(data, Data) else data.query(query, base_iri=BASE)
        if isinstance(answer, ox.QueryTriples):
            name = chosen("graph", graph, GRAPH_FORMATS)
            return Answer("graph", name, write(answer, name, most_bytes))
        name = chosen("results", results, RESULT_FORMATS)
        body = write_results(answer, name, most_bytes)
        return Answer("results", name, body if most_rows is None else shortened(body, most_rows))
    except SyntaxError as error:
        _refuse_update(query)  # after the engine, which reads none: it would cost more than many queries
        if query != original:  # `_federated` has found no fault
            raise TacitError(f"The query cannot be run: {error}.") from error
        raise syntax.explain(query, str(error), partial(ox.Store().query, base_iri=BASE)) from error
    except (RuntimeError, OSError) as error:  # a function that Oxigraph does not have, for example
        raise TacitError(f"The query cannot be run: {error}.") from error


def _federated(query: str, services: Mapping[str, str]) -> str:
    """Return *query* with the addresses of *services* in its SERVICE clauses.

    Raises RefusedError for any other SERVICE, and QuerySyntaxError, which names places of *query* itself.
    """
    clauses = syntax.services(query)
    if clauses == []:
        return query
    _refuse_update(query)
    if clauses is None or any(word.text[1:-1] not in services for word in clauses):
        raise RefusedError("no-federation", not_federated(services))
    # Faults are looked for in a text of the same length that calls nobody: places are the same in both.
    harmless = syntax.redirect(query, clauses, lambda iri: "x" + iri[1:])
    parse = partial(ox.Store().query, base_iri=BASE)
    try:
        parse(harmless)
    except SyntaxError as error:
        fault = syntax.explain(harmless, str(error), parse)
        line = query.split("\n")[fault.line - 1].rstrip("\r")
        raise QuerySyntaxError(fault.message, fault.line, fault.column, line) from error
    except (RuntimeError, OSError):  # it parses, and that is all that was asked
        pass
    return syntax.redirect(query, clauses, services.__getitem__)


def _refuse_update(query: str) -> None:
    if syntax.is_update(query):
        raise RefusedError("read-only", READ_ONLY)


def not_federated(services: Iterable[str]) -> str:
    """Return the sentence for a SERVICE that is not on the list."""
    if listed := ", ".join(f"<{iri}>" for iri in services):
        return (
            f"SERVICE may only name, written out as an IRI, an endpoint of this list: {listed}. "
            "Ask any other endpoint yourself."
        )
    return "This endpoint does not call other servers: remove SERVICE, and ask the other endpoint yourself."


def _iris(graphs: Sequence[str]) -> list[ox.NamedNode]:
    try:
        return [ox.NamedNode(iri) for iri in graphs]
    except ValueError as error:
        raise TacitError(f"A graph of the data set is not named by a full IRI: {error}.") from error


def chosen(kind: str, name: str | None, formats: Mapping[str, object]) -> str:
    """Return *name* if it is one of *formats*. Raises FormatError."""
    if name is None:
        what = "a graph" if kind == "graph" else "a table or a boolean"
        raise FormatError(
            kind, f"The answer to this query is {what}, which can be had as {', '.join(formats)}."
        )
    if name not in formats:
        raise FormatError(kind, f"There is no format {name}; choose from {', '.join(formats)}.")
    return name


def write_results(
    answer: ox.QuerySolutions | ox.QueryBoolean, name: str, most_bytes: int | None = None
) -> bytes:
    """Return *answer* in the format called *name*. Raises TooLargeError for more than *most_bytes*."""
    sink = _Sink(most_bytes)
    answer.serialize(sink, format=RESULT_FORMATS[name])
    return sink.getvalue()


def shortened(body: bytes, most_rows: int) -> bytes:
    """Return results in JSON with at most so many solutions; ``total`` beside them tells how many there were.

    A page has no room for more, and to read a large answer takes seconds, in which a server could do nothing
    else. What is nested too deeply to be read is left as it is.
    """
    try:
        found = json.loads(body)
    except RecursionError:
        return body
    if "results" in found:
        rows = found["results"]["bindings"]
        found["results"] = {"bindings": rows[:most_rows], "total": len(rows)}
    return json.dumps(found).encode()


def write(
    triples: Iterable[ox.Triple],
    name: str,
    most_bytes: int | None = None,
    prefixes: Mapping[str, str] = PREFIXES,
) -> bytes:
    """Return *triples* in the format called *name*, in Turtle with those *prefixes* that it needs.

    Raises FormatError for what RDF/XML cannot say, and TooLargeError for more than *most_bytes*.
    """
    sink = _Sink(most_bytes)
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
        ox.serialize(triples, sink, format=GRAPH_FORMATS[name])
        return sink.getvalue()
    ox.serialize(triples, sink, format=GRAPH_FORMATS[name], prefixes=dict(prefixes))
    # Oxigraph lists the prefixes in another order each time, and those without use, too
    *head, body = sink.getvalue().split(b"\n", len(prefixes))
    return b"\n".join([*sorted(line for line in head if line.split()[1] in body), body])
