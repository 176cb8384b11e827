"""Pages for people: the home page, and answers as tables."""

import json
from functools import partial
from itertools import groupby
from typing import Any, Final

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from server.errors import ProblemError
from server.formats import HTML, available, of_kind
from server.labels import Cell, cell, labels, ours
from server.rdf import Row
from server.state import state
from tacit import library
from tacit.engine import Answer
from tacit.errors import TacitError

blueprint = Blueprint("pages", __name__)

#: A page with more rows is of no use to a reader; the other formats have all of them.
MOST_ROWS: Final = 1000
_FIRST: Final = "disagreement/verdicts-on-tie"
_ANY_DATA: Final = "SELECT * WHERE { ?subject ?property ?value } LIMIT 20\n"


@blueprint.get("/")
def home() -> str | BaseResponse:
    """Show what Tacit is, a form, and the library; ``?query=TOPIC/NAME`` fills in the form.

    The address is also the IRI of the data set: who wants RDF is sent to its description.
    """
    if request.accept_mimetypes.best_match([HTML, *available("graph")], HTML) != HTML:
        return redirect(url_for("description.void"), 303)
    name = request.args.get("query")
    try:
        chosen = library.find(state().library, name) if name else None
    except TacitError as error:
        raise ProblemError("not-found", str(error)) from error
    return form_page(chosen)


def form_page(chosen: library.Query | None = None) -> str:
    """Return the page with the form, which holds *chosen*, or else the question that best shows the whole."""
    queries = state().library
    topics = [(topic, list(entries)) for topic, entries in groupby(queries, lambda query: query.topic)]
    first = next((query for query in queries if query.path == _FIRST), next(iter(queries), None))
    chosen = chosen or first
    return render_template(
        "home.html", topics=topics, chosen=chosen, query=chosen.text if chosen else _ANY_DATA
    )


def answer_page(query: str, answer: Answer) -> str:
    """Return the page that shows *answer* below the form, which keeps *query*."""
    dataset: dict[str, Any] = {
        name: request.values.getlist(name) for name in ("default-graph-uri", "named-graph-uri")
    }
    address = partial(url_for, "protocol.sparql", query=query, **dataset)
    links = [(format_.label, address(format=format_.name)) for format_ in of_kind(answer.kind)]
    return render_template("answer.html", query=query, dataset=dataset, links=links, **answer_table(answer))


def answer_table(answer: Answer) -> dict[str, Any]:
    """Return *answer* as the template `result.html` shows it."""
    if answer.kind == "graph":
        return {"graph": answer.body.decode()}
    found = json.loads(answer.body)
    if "boolean" in found:
        return {"boolean": found["boolean"]}
    variables, rows = found["head"]["vars"], found["results"]["bindings"]
    return {"variables": variables, "table": table(variables, rows[:MOST_ROWS]), "total": len(rows)}


def table(variables: list[str], rows: list[Row]) -> list[list[Cell]]:
    """Return *rows* for a reader, with the labels of what is ours."""
    iris = ours(term["value"] for row in rows for term in row.values() if term["type"] == "uri")
    known = labels(iris)
    return [[cell(row.get(name), known) for name in variables] for row in rows]
