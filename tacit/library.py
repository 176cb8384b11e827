"""The library of queries: one file `queries/TOPIC/NAME.rq` is one question.

A file is valid SPARQL as it stands. Its header of `#+ ` lines is YAML: `summary` (the title), `description`
(the question in full), `tags`, and `params`. Each of these is bound in a line where `bind` puts other values:

    VALUES ?tie { id:tie-laos-vietnam }  # param

In the topic `federated`, and in no other, it may call another endpoint; see `tacit.federated`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox
import yaml
from rdflib import RDF, RDFS, Graph, Literal, URIRef
from rdflib.namespace import SDO, SH, XSD

from tacit import federated
from tacit.engine import RefusedError, evaluate
from tacit.errors import Fault, FaultsError, QuerySyntaxError, TacitError
from tacit.names import ID, PREFIXES, SPEX
from tacit.params import TYPES, Param, nearest
from tacit.syntax import words

QUERIES_DIR: Final = Path(__file__).resolve().parent.parent / "queries"

_HEADER: Final = re.compile(r"#\+ ?(.*)")
_BOUND: Final = re.compile(r"^(\s*VALUES \?(\w+) \{ )(.*)( \}\s*# param\b.*)$", re.MULTILINE)
_KEYS: Final = {"summary", "description", "tags"}
_PARAM_KEYS: Final = {"name", "type", "default", "description"}

#: How the examples of SIB publish a query of each form: their class, and the property that has the text.
_FORMS: Final = {
    "SELECT": (SH.SPARQLSelectExecutable, SH.select),
    "ASK": (SH.SPARQLAskExecutable, SH.ask),
    "CONSTRUCT": (SH.SPARQLConstructExecutable, SH.construct),
    "DESCRIBE": (SPEX.SPARQLDescribeExecutable, SPEX.describe),
}


@dataclass(frozen=True)
class Query:
    """A question: *text* is the SPARQL without its header, *tags* are its topics in words."""

    topic: str
    name: str
    summary: str
    description: str
    tags: tuple[str, ...]
    params: tuple[Param, ...]
    text: str

    @property
    def path(self) -> str:
        """Return ``TOPIC/NAME``."""
        return f"{self.topic}/{self.name}"

    @property
    def form(self) -> str:
        """Return SELECT, ASK, CONSTRUCT or DESCRIBE."""
        return next(word.text.upper() for word in words(self.text) if word.text.upper() in _FORMS)

    def bind(self, values: Mapping[str, str]) -> str:
        """Return the text with *values* in place of the defaults.

        Raises TacitError for a parameter that the query does not have, and for a value of the wrong type.
        """
        params = {param.name: param for param in self.params}
        for name in values:
            if name not in params:
                has = f"it has {', '.join(params)}" if params else "it has none"
                raise TacitError(f"{self.path} has no parameter {name}{nearest(name, params)}; {has}.")
        terms = {name: params[name].term(value) for name, value in values.items()}
        return _BOUND.sub(lambda m: f"{m[1]}{terms.get(m[2], m[3])}{m[4]}", self.text)


def load(directory: Path = QUERIES_DIR) -> list[Query]:
    """Return the queries under *directory* in the order of their paths.

    Raises FaultsError, which names file and line of everything that is wrong with the headers.
    """
    queries, faults = [], []
    for path in sorted(directory.glob("*/*.rq")):
        try:
            queries.append(_parse(path))
        except _HeaderError as error:
            faults.append(Fault(path, error.line, "", "query-header", str(error)))
    if faults:
        raise FaultsError(faults)
    return queries


def find(queries: Iterable[Query], name: str) -> Query:
    """Return the query called *name*, NAME or TOPIC/NAME.

    Raises TacitError with the nearest names for an unknown one, and with the paths for an ambiguous one.
    """
    known = list(queries)
    found = [query for query in known if name in (query.path, query.name)]
    if not found:
        names = [query.path if "/" in name else query.name for query in known]
        raise TacitError(f"There is no query {name} in the library{nearest(name, names)}.")
    if len(found) > 1:
        raise TacitError(
            f"{name} is the name of several queries; choose {' or '.join(q.path for q in found)}."
        )
    return found[0]


def describe(queries: Iterable[Query]) -> Graph:
    """Return *queries* as examples that query editors find in the graph (as SIB's sparql-examples)."""
    graph = Graph()
    prefixes = ID["query-prefixes"]
    for prefix, namespace in PREFIXES.items():
        declaration = ID[f"query-prefix-{prefix}"]
        graph.add((prefixes, SH.declare, declaration))
        graph.add((declaration, SH.prefix, Literal(prefix)))
        graph.add((declaration, SH.namespace, Literal(namespace, datatype=XSD.anyURI)))
    for query in queries:
        iri = ID[f"query-{query.topic}-{query.name}"]
        kind, text = _FORMS[query.form]
        graph.add((iri, RDF.type, SH.SPARQLExecutable))
        graph.add((iri, RDF.type, URIRef(kind)))
        graph.add((iri, RDFS.label, Literal(query.summary, lang="en")))
        graph.add((iri, RDFS.comment, Literal(query.description, lang="en")))
        graph.add((iri, URIRef(text), Literal(query.text)))
        graph.add((iri, SH.prefixes, prefixes))
        for tag in query.tags:
            graph.add((iri, SDO.keywords, Literal(tag, lang="en")))
        if query.topic == federated.TOPIC:
            for endpoint in federated.services(query.text):
                graph.add((iri, SPEX.federatesWith, URIRef(endpoint)))
    return graph


class _HeaderError(Exception):
    def __init__(self, message: str, line: int = 1) -> None:
        super().__init__(message)
        self.line = line


def _parse(path: Path) -> Query:
    lines = path.read_text(encoding="utf-8").splitlines()
    size = next((i for i, line in enumerate(lines) if not _HEADER.fullmatch(line)), len(lines))
    header = _yaml([line[3:] for line in lines[:size]])
    body = "\n".join(lines[size:])
    if missing := sorted(_KEYS - header.keys()):
        raise _HeaderError(f"the header lacks {', '.join(missing)}; add them in `#+ ` lines at the top")
    if unknown := sorted(header.keys() - _KEYS - {"params"}):
        raise _HeaderError(f"the header has unknown keys: {', '.join(unknown)}", _line(lines, unknown[0]))
    tags = header["tags"]
    if not isinstance(tags, list) or not tags:
        raise _HeaderError("tags is a list of at least one topic", _line(lines, "tags"))
    query = Query(
        path.parent.name,
        path.stem,
        str(header["summary"]).strip(),
        " ".join(str(header["description"]).split()),
        tuple(map(str, tags)),
        tuple(_param(entry, lines) for entry in header.get("params") or []),
        body.strip() + "\n",
    )
    _check(query, body, lines)
    return query


#: As safe as safe_load, and in C where PyYAML was built with it: the headers are read at each start.
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _yaml(lines: list[str]) -> dict[str, Any]:
    try:
        header = yaml.load("\n".join(lines), Loader=_LOADER)  # noqa: S506  # a safe one
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise _HeaderError(f"the header is not YAML: {error.problem}", line) from error
    if not isinstance(header, dict):
        raise _HeaderError("a query begins with a YAML header in `#+ ` lines: summary, description, tags")
    return header


def _param(entry: object, lines: list[str]) -> Param:
    if not isinstance(entry, dict) or not _PARAM_KEYS <= entry.keys() <= _PARAM_KEYS | {"class"}:
        raise _HeaderError(f"a parameter has {', '.join(sorted(_PARAM_KEYS))}", _line(lines, "params"))
    line = _line(lines, f"name: {entry['name']}")
    if entry["type"] not in TYPES:
        raise _HeaderError(f"{entry['type']} is no type; choose from {', '.join(TYPES)}", line)
    param = Param(
        str(entry["name"]),
        entry["type"],
        str(entry["default"]),
        " ".join(str(entry["description"]).split()),
        str(entry.get("class", "")),
    )
    try:
        param.term(param.default)
    except TacitError as error:
        raise _HeaderError(str(error), line) from error
    return param


def _check(query: Query, body: str, lines: list[str]) -> None:
    """Hold the text to its header: it parses, and binds each parameter once, to the default."""
    first = len(lines) - body.count("\n")  # the line of the file in which the body begins
    try:
        if query.topic == federated.TOPIC:
            if not federated.services(body):
                raise _HeaderError("a federated question has a SERVICE; else it is of another topic", first)
            evaluate(ox.Store(), federated.without_services(body))
        else:
            evaluate(ox.Store(), body)
    except QuerySyntaxError as error:
        raise _HeaderError(error.message, first + error.line - 1) from error
    except RefusedError as error:
        raise _HeaderError(str(error), first) from error
    bound = [(match[2], match[3]) for match in _BOUND.finditer(query.text)]
    if sorted(name for name, _ in bound) != sorted(param.name for param in query.params):
        raise _HeaderError(
            "each parameter, and nothing else, is bound in one line `VALUES ?name { default }  # param`",
            _line(lines, "params"),
        )
    for param in query.params:
        if _value(dict(bound)[param.name]) != _value(param.term(param.default)):
            raise _HeaderError(
                f"the default of {param.name} is {param.default} in the header, but not in its VALUES line",
                _line(lines, f"VALUES ?{param.name} "),
            )


def _value(term: str) -> str:
    """Return *term*, as a query may write it, in the one form in which equal terms are equal."""
    prologue = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in PREFIXES.items())
    return evaluate(
        ox.Store(), f"{prologue}SELECT ?v {{ VALUES ?v {{ {term}\n}} }}", results="tsv"
    ).body.decode()


def _line(lines: list[str], words: str) -> int:
    """Return the number of the first line that contains *words*, or 1."""
    return next((number for number, line in enumerate(lines, 1) if words in line), 1)
