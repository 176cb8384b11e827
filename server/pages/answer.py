"""Answers to queries, as pages and tables."""

import json
from functools import partial
from typing import Any, Final

from flask import render_template, request, url_for

from server.formats import of_kind
from server.labels import Cell, cell, labels, ours
from server.limits import LimitError
from server.rdf import Row
from tacit.engine import Answer

#: A page with more rows, or lines, is of no use to a reader; the other formats have all of them.
MOST_ROWS: Final = 1000


def answer_page(query: str, answer: Answer) -> str:
    """Return the page that shows *answer* below the form, which keeps *query*."""
    dataset: dict[str, Any] = {
        name: request.values.getlist(name) for name in ("default-graph-uri", "named-graph-uri")
    }
    address = partial(url_for, "protocol.sparql", query=query, **dataset)
    links = [(format_.label, address(format=format_.name)) for format_ in of_kind(answer.kind)]
    return render_template(
        "answer.html",
        query=query,
        dataset=dataset,
        links=links,
        # a data set beside the query is no part of its text, which the editor would have alone
        editor="" if any(dataset.values()) else url_for("query.page", query=query),
        **answer_table(answer),
    )


def answer_table(answer: Answer) -> dict[str, Any]:
    """Return *answer* as the template `result.html` shows it. Raises LimitError if it cannot."""
    if answer.kind == "graph":
        shown = answer.body.split(b"\n", MOST_ROWS)[:MOST_ROWS]
        return {
            "graph": b"\n".join(shown).decode(),
            "lines": answer.body.count(b"\n"),
            "shown": len(shown),
        }
    try:
        return _solutions(json.loads(answer.body))
    except RecursionError as error:
        raise LimitError(
            "too-complex",
            "The answer has triple terms within triple terms, deeper than a page can show; "
            "ask for another format, such as CSV.",
        ) from error


def _solutions(found: dict[str, Any]) -> dict[str, Any]:
    if "boolean" in found:
        return {"boolean": found["boolean"]}
    variables, rows = found["head"]["vars"], found["results"]["bindings"]
    total = found["results"].get("total", len(rows))
    return {"variables": variables, "table": table(variables, rows[:MOST_ROWS]), "total": total}


def table(variables: list[str], rows: list[Row]) -> list[list[Cell]]:
    """Return *rows* for a reader, with the labels of what is ours."""
    iris = ours(term["value"] for row in rows for term in row.values() if term["type"] == "uri")
    known = labels(iris)
    return [[cell(row.get(name), known) for name in variables] for row in rows]
