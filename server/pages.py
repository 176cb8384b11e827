"""Pages for people: the home page, and answers as tables."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import Any, Final

from flask import Blueprint, render_template, request, url_for

from server.errors import ProblemError
from server.formats import of_kind
from server.state import state
from tacit import library
from tacit.engine import Answer
from tacit.errors import TacitError
from tacit.names import BASE, short

blueprint = Blueprint("pages", __name__)

#: A page with more rows is of no use to a reader; the other formats have all of them.
MOST_ROWS: Final = 1000
_ANY_DATA: Final = "SELECT * WHERE { ?subject ?property ?value } LIMIT 20\n"


@dataclass(frozen=True)
class Cell:
    """A term for a reader: *text* to show, the whole IRI as *title*, a *link* where it can be followed."""

    text: str
    title: str = ""
    link: str = ""
    label: str = ""


@blueprint.get("/")
def home() -> str:
    """Show what Tacit is, a form, and the library; ``?query=TOPIC/NAME`` fills in the form."""
    name = request.args.get("query")
    try:
        chosen = library.find(state().library, name) if name else None
    except TacitError as error:
        raise ProblemError("not-found", str(error)) from error
    return form_page(chosen)


def form_page(chosen: library.Query | None = None) -> str:
    """Return the page with the form, which holds *chosen* or else the first query of the library."""
    queries = state().library
    topics = [(topic, list(entries)) for topic, entries in groupby(queries, lambda query: query.topic)]
    chosen = chosen or next(iter(queries), None)
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
    shown: dict[str, Any] = {"query": query, "dataset": dataset, "links": links}
    if answer.kind == "graph":
        return render_template("answer.html", graph=answer.body.decode(), **shown)
    found = json.loads(answer.body)
    if "boolean" in found:
        return render_template("answer.html", boolean=found["boolean"], **shown)
    variables, rows = found["head"]["vars"], found["results"]["bindings"]
    total, rows = len(rows), rows[:MOST_ROWS]
    labels = _labels(term["value"] for row in rows for term in row.values() if term["type"] == "uri")
    table = [[_cell(row.get(name), labels) for name in variables] for row in rows]
    return render_template("answer.html", variables=variables, table=table, total=total, **shown)


def _labels(iris: Iterable[str]) -> dict[str, str]:
    """Return the English or untagged labels of those *iris* that are ours."""
    ours = " ".join(f"<{iri}>" for iri in sorted({iri for iri in iris if iri.startswith(BASE)}))
    if not ours:
        return {}
    label = "<http://www.w3.org/2000/01/rdf-schema#label>"
    query = f'SELECT ?i ?l {{ VALUES ?i {{ {ours} }} ?i {label} ?l FILTER(LANG(?l) IN ("", "en")) }}'
    rows = json.loads(state().ask(query, results="json").body)["results"]["bindings"]
    return {row["i"]["value"]: row["l"]["value"] for row in rows}


def _cell(term: dict[str, Any] | None, labels: dict[str, str]) -> Cell:
    if term is None:
        return Cell("")
    value = term["value"]
    if term["type"] == "bnode":
        return Cell(f"_:{value}")
    if term["type"] == "triple":
        return Cell(" ".join(_cell(value[part], labels).text for part in ("subject", "predicate", "object")))
    if term["type"] != "uri":
        return Cell(value)
    # our IRIs have no pages yet; a link with another scheme than http could run a script
    link = value if value.startswith(("http://", "https://")) and not value.startswith(BASE) else ""
    return Cell(short(value).strip("<>"), value, link, labels.get(value, ""))
