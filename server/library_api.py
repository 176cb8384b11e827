"""The library as a small API: /queries lists the questions, /queries/TOPIC/NAME answers one.

A question is asked with its parameters as parameters of the address. They are bound as values and never
pasted as text; one that is left out has its default.
"""

from typing import Any, Final
from urllib.parse import unquote_to_bytes, urlencode

from flask import Blueprint, Response, jsonify, render_template, request, url_for

from server.errors import ProblemError
from server.formats import HTML, of_kind
from server.pages.answer import answer_table
from server.protocol import answer, text
from server.rdf import rows, tagged
from server.state import state
from tacit import library
from tacit.engine import Answer
from tacit.errors import TacitError
from tacit.library import Query
from tacit.names import PREFIXES, short
from tacit.params import Param

blueprint = Blueprint("library_api", __name__)

#: More suggestions for a parameter than this would be no help, and a heavy page.
MOST_SUGGESTIONS: Final = 300
#: The parameter of the address that is no parameter of a question.
FORMAT: Final = "format"


@blueprint.get("/queries")
def queries() -> Response:
    """List the questions, as JSON or as a page."""
    media = request.accept_mimetypes.best_match(["application/json", HTML]) or ""
    if request.accept_mimetypes.provided and not media:
        raise ProblemError(
            "not-acceptable",
            "The list of questions can be had as JSON and as a page.",
            available=["application/json", HTML],
        )
    if media == HTML:
        topics: dict[str, list[Query]] = {}
        for query_ in state().library:
            topics.setdefault(query_.topic, []).append(query_)
        return tagged(Response(render_template("queries.html", topics=topics), mimetype=HTML))
    return tagged(jsonify(queries=[describe(query_) for query_ in state().library]))


@blueprint.get("/queries/<topic>/<name>")
def query(topic: str, name: str) -> Response:
    """Answer a question; NAME.rq is its text with the values in place, NAME.json what it is."""
    name, _, extension = name.partition(".")
    try:
        found = library.find(state().library, f"{topic}/{name}")
    except TacitError as error:
        raise ProblemError("not-found", str(error)) from error
    if extension not in ("", "rq", "json"):
        raise ProblemError("not-found", f"There are {found.path}, {found.path}.rq and {found.path}.json.")
    text(unquote_to_bytes(request.query_string))
    values = _values(found, formats=not extension)
    if extension == "json":
        return tagged(jsonify(describe(found)))
    bound = found.bind(values)
    if extension == "rq":
        return tagged(Response(bound, mimetype="application/sparql-query"))
    return answer(bound, lambda it: _page(found, values, bound, it))


def describe(query_: Query) -> dict[str, Any]:
    """Return what a program should know of a question."""
    return {
        "topic": query_.topic,
        "name": query_.name,
        "summary": query_.summary,
        "description": query_.description,
        "tags": list(query_.tags),
        "params": [
            {
                "name": param.name,
                "type": param.type,
                "default": param.default,
                "description": param.description,
                **({"class": param.instances} if param.instances else {}),
            }
            for param in query_.params
        ],
        "answer": url_for("library_api.query", topic=query_.topic, name=query_.name),
        "text": url_for("library_api.query", topic=query_.topic, name=f"{query_.name}.rq"),
    }


def _values(found: Query, *, formats: bool) -> dict[str, str]:
    """Return the values of the request's parameters; each has to be right by itself."""
    values = {}
    for name, given in request.args.lists():
        if name == FORMAT and formats:
            continue
        if len(given) > 1:
            raise ProblemError(
                "bad-parameter", f"Parameter {name} is given twice; give it once.", parameter=name
            )
        try:
            found.bind({name: given[0]})
        except TacitError as error:
            raise ProblemError("bad-parameter", str(error), parameter=name) from error
        values[name] = given[0]
    return values


def _page(found: Query, values: dict[str, str], bound: str, it: Answer) -> str:
    address = url_for(".query", topic=found.topic, name=found.name)
    links = [
        (format_.label, f"{address}?{urlencode({**values, FORMAT: format_.name})}")
        for format_ in of_kind(it.kind)
    ]
    fields = [(param, values.get(param.name, param.default), _suggestions(param)) for param in found.params]
    return render_template(
        "question.html", question=found, fields=fields, query=bound, links=links, **answer_table(it)
    )


def _suggestions(param: Param) -> list[tuple[str, str]]:
    """Return what a reader may choose from: prefixed names, each with its label."""
    prefix, _, local = param.instances.partition(":")
    if prefix not in PREFIXES:
        return []
    found = rows(
        f"SELECT ?i (SAMPLE(?l) AS ?label) {{ ?i a <{PREFIXES[prefix]}{local}> "
        f'OPTIONAL {{ ?i <{PREFIXES["rdfs"]}label> ?l FILTER(LANG(?l) IN ("", "en")) }} FILTER(ISIRI(?i)) }} '
        f"GROUP BY ?i ORDER BY ?label ?i LIMIT {MOST_SUGGESTIONS}"
    )
    return [(short(row["i"]["value"]), row["label"]["value"] if "label" in row else "") for row in found]
