"""The library as a small API: /queries lists the questions, /queries/TOPIC/NAME answers one.

A question is asked with its parameters as parameters of the address. They are bound as values and never
pasted as text; one that is left out has its default.
"""

from typing import Any, Final
from urllib.parse import unquote_to_bytes, urlencode

from flask import Blueprint, Response, jsonify, render_template, request, url_for

from server import questions
from server.errors import ProblemError
from server.formats import HTML, of_kind
from server.pages.answer import answer_table
from server.protocol import answer, text
from server.rdf import tagged
from server.state import state
from tacit.engine import Answer
from tacit.library import Query

blueprint = Blueprint("library_api", __name__)

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
        return tagged(Response(render_template("queries.html", topics=questions.topics()), mimetype=HTML))
    return tagged(jsonify(queries=[describe(query_) for query_ in state().library]))


@blueprint.get("/queries/<topic>/<name>")
def query(topic: str, name: str) -> Response:
    """Answer a question; NAME.rq is its text with the values in place, NAME.json what it is."""
    name, _, extension = name.partition(".")
    found = questions.find(f"{topic}/{name}")
    if extension not in ("", "rq", "json"):
        raise ProblemError("not-found", f"There are {found.path}, {found.path}.rq and {found.path}.json.")
    text(unquote_to_bytes(request.query_string))
    values = questions.values(found, without=() if extension else (FORMAT,))
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


def _page(found: Query, values: dict[str, str], bound: str, it: Answer) -> str:
    address = url_for(".query", topic=found.topic, name=found.name)
    links = [
        (format_.label, f"{address}?{urlencode({**values, FORMAT: format_.name})}")
        for format_ in of_kind(it.kind)
    ]
    return render_template(
        "question.html",
        question=found,
        fields=questions.fields(found, values),
        query=bound,
        editor=f"{url_for('query.page')}?{urlencode({'question': found.path, **values})}",
        links=links,
        **answer_table(it),
    )
