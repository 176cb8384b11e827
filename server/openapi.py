"""The OpenAPI 3.1 document, derived from the library, the table of formats and the problems.

It covers what a program may call here, but for /sparql: no schema can say what a query is, so that nothing
could be generated from it or be held against it. Its contract are the SPARQL Protocol and the service
description, which it answers with itself.
"""

from collections.abc import Mapping
from importlib.metadata import version
from typing import Any, Final

from flask import Blueprint, Response, jsonify

from server.description import digest
from server.downloads import NQUADS, graph_names
from server.formats import FORMATS, HTML, of_kind
from server.rdf import tagged
from server.state import state
from tacit.library import Query
from tacit.names import PREFIXES
from tacit.params import TYPES, Param

blueprint = Blueprint("openapi", __name__)

PROBLEM: Final = "application/problem+json"
#: What a value of each type of parameter looks like; `tacit.params` is stricter in nothing.
_SCHEMAS: Final[dict[str, dict[str, Any]]] = {
    "iri": {
        "type": "string",
        "pattern": rf"^(({'|'.join(PREFIXES)}):[A-Za-z0-9_-]+|https?://[A-Za-z0-9.-]+(/[A-Za-z0-9._~/#-]*)?)$",
    },
    "integer": {"type": "integer", "minimum": -(10**18) + 1, "maximum": 10**18 - 1},
    "string": {"type": "string"},
    "year": {"type": "string", "pattern": "^[0-9]{4}$"},
}
assert _SCHEMAS.keys() == TYPES.keys()  # noqa: S101


@blueprint.get("/openapi.json")
def document() -> Response:
    """Return the OpenAPI document of this server."""
    queries = state().library
    paths: dict[str, Any] = {
        "/queries": {"get": _operation("List the questions", _listed())},
        **{f"/queries/{query.path}": {"get": _question(query)} for query in queries},
        **{f"/queries/{{topic}}/{{name}}.{e}": {"get": _form(queries, e)} for e in ("rq", "json") if queries},
        **{path: {"get": operation} for path, operation in _fixed().items()},
    }
    return tagged(
        jsonify(
            openapi="3.1.0",
            info={
                "title": "Tacit",
                "summary": "A knowledge graph of alliance ties: who calls what an alliance, and where.",
                "description": _told(state().settings),
                "version": version("tacit"),
                "license": {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"},
            },
            externalDocs={
                "description": "How queries of your own are asked at /sparql",
                "url": "https://www.w3.org/TR/sparql11-protocol/",
            },
            paths=paths,
            components={"schemas": {"Problem": _problem()}},
        )
    )


def _told(settings: Mapping[str, Any]) -> str:
    """Return what a reader has to know before the first request."""
    return (
        f"Build {digest()}. A query may run for {settings['time_limit']:g} seconds, and its answer be "
        f"{settings['answer_limit']} MB large. Queries of your own go to /sparql, which describes itself."
    )


def _operation(
    summary: str, content: dict[str, Any], *, params: list[dict[str, Any]] | None = None
) -> dict[str, Any]:
    """Return an operation that answers with *content* or tells a problem, in JSON or as a page."""
    problem = {
        "description": "A problem",
        "content": {
            PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}},
            HTML: {"schema": {"type": "string"}},
        },
    }
    return {
        "summary": summary,
        "parameters": params or [],
        "responses": {"200": {"description": summary, "content": content}, "default": problem},
    }


def _question(query: Query) -> dict[str, Any]:
    kind = "results" if query.form in ("SELECT", "ASK") else "graph"
    wanted = {
        "name": "format",
        "in": "query",
        "description": "The format of the answer; it goes before the Accept header.",
        "schema": {"enum": [format_.name for format_ in of_kind(kind)]},
    }
    operation = _operation(query.summary, _media(kind), params=[*map(_parameter, query.params), wanted])
    return {**operation, "description": query.description, "tags": [query.topic]}


def _form(queries: tuple[Query, ...], extension: str) -> dict[str, Any]:
    """Return how a question is read instead of asked."""
    params = [
        _in_path("topic", sorted({query.topic for query in queries})),
        _in_path("name", sorted({query.name for query in queries})),
    ]
    if extension == "json":
        schema = {"type": "object", "required": ["summary", "params"]}
        return _operation("What a question is", _json(schema), params=params)
    content = {"application/sparql-query": {"schema": {"type": "string"}}}
    return _operation("The text of a question; its parameters as in asking it", content, params=params)


def _in_path(name: str, values: list[str]) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string", "enum": values}}


def _parameter(param: Param) -> dict[str, Any]:
    return {
        "name": param.name,
        "in": "query",
        "description": f"{param.description}; {TYPES[param.type]}",
        "schema": {**_SCHEMAS[param.type], "default": _default(param)},
    }


def _default(param: Param) -> str | int:
    return int(param.default) if param.type == "integer" else param.default


def _fixed() -> dict[str, dict[str, Any]]:
    """Return what is the same whatever the library holds, by path."""
    some = next((p.default[3:] for q in state().library for p in q.params if p.default.startswith("id:")), "")
    name = {"name": "name", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
    name |= {"example": some} if some else {}
    built = state().built
    graphs = sorted(graph_names(built)) if built else []
    dump = {**_media("graph"), NQUADS: {"schema": {"type": "string"}}}
    download = _operation("A whole named graph", dump, params=[_in_path("name", graphs)])
    return {
        "/id/{name}": _operation("What the graph says of one thing", _media("graph"), params=[name]),
        **_reasons(),
        **({"/graph/{name}": download} if graphs else {}),
        "/ontology": _operation("The terms", _media("graph")),
        "/definition": _operation("The definitions of alliance", _media("graph")),
        "/.well-known/void": _operation("The data set in VoID and DCAT", _media("graph")),
        "/health": _operation(
            "Whether the engine answers", _json({"type": "object", "required": ["status"]})
        ),
        "/metrics": _operation("Counters for Prometheus", {"text/plain": {"schema": {"type": "string"}}}),
        "/openapi.json": _operation("This document", _json({"type": "object", "required": ["openapi"]})),
    }


def _reasons() -> dict[str, dict[str, Any]]:
    """Return why and what if; both are pages, too, for whom prefers them."""
    tie = {"name": "tie", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
    word = {"type": "string", "minLength": 1}
    wanted = _in_query("format", "It goes before the Accept header.", {"enum": ["json", "html"]})
    several = {"type": "array", "minItems": 1, "maxItems": 50}
    name = {"type": "string", "pattern": "^[A-Za-z0-9-]+$"}
    pair = {"type": "string", "pattern": "^[A-Za-z0-9]+:[A-Za-z0-9]+$"}
    account = {"type": "object", "required": ["tie", "label", "portrayals", "claims"]}
    changes = {"type": "object", "required": ["without", "idle", "changes", "stays"]}
    return {
        "/explain/{tie}": _operation(
            "How a tie fares under each definition, and why",
            {**_json(account), HTML: {"schema": {"type": "string"}}},
            params=[
                tie,
                _in_query("definition", "Of this definition only.", word),
                _in_query("source", "As this source portrays it only.", word),
                wanted,
            ],
        ),
        "/what-if": _operation(
            "Which outcomes change without claims, sources, what verdicts imply, or conditions",
            {**_json(changes), HTML: {"schema": {"type": "string"}}},
            params=[
                # OpenAPI cannot say that one of the three has to be given; the first can stand for all
                {**_in_query("without", "Claims and sources.", {**several, "items": name}), "required": True},
                _in_query("without-condition", "DEFINITION:CONDITION.", {**several, "items": pair}),
                _in_query("without-implied", "All that verdicts imply.", {"enum": ["true", "false"]}),
                wanted,
            ],
        ),
    }


def _in_query(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": description, "schema": schema}


def _listed() -> dict[str, Any]:
    schema = {"type": "object", "required": ["queries"], "properties": {"queries": {"type": "array"}}}
    return {**_json(schema), HTML: {"schema": {"type": "string"}}}


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}


def _media(kind: str) -> dict[str, Any]:
    """Return the media types of an answer of *kind*; their insides are standards of their own."""
    return {media: {} for format_ in FORMATS if format_.kind == kind for media in format_.media} | {HTML: {}}


def _problem() -> dict[str, Any]:
    return {
        "type": "object",
        "description": "Problem details (RFC 9457); detail says what to do.",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "parameter": {"type": "string"},
            "line": {"type": "integer"},
            "column": {"type": "integer"},
            "text": {"type": "string"},
            "available": {"type": "array", "items": {"type": "string"}},
        },
    }
