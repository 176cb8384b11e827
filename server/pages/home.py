"""The home page, and the page with the form for a query."""

from itertools import groupby
from typing import Final

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from server.errors import ProblemError
from server.formats import HTML, available
from server.state import state
from tacit import library
from tacit.errors import TacitError

blueprint = Blueprint("pages", __name__)

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
