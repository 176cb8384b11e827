"""The editor for queries, the library beside it, and a query as a program; without scripts, a plain form."""

import re
from typing import Any, Final

from flask import Blueprint, Response, jsonify, render_template, request, url_for

from server import questions
from server.errors import ProblemError
from server.pages.code import code
from server.rdf import public_root
from server.state import state
from tacit import library
from tacit.names import BASE, PREFIXES

blueprint = Blueprint("query", __name__)

_FIRST: Final = "disagreement/verdicts-on-tie"
#: A longer query is a file rather than a part of a program.
MOST_LETTERS: Final = 60_000
_ANY_DATA: Final = "SELECT * WHERE { ?subject ?property ?value } LIMIT 20\n"
#: What `query` may hold beside a query: the name of a question, which no query can look like.
_NAME: Final = re.compile(r"\s*([\w-]+/[\w-]+)\s*")
_OURS: Final = ("question", "query")
#: What the editor completes: the names that have a label.
_TERMS: Final = f"""\
SELECT ?term (SAMPLE(?text) AS ?label) WHERE {{
  ?term <{PREFIXES["rdfs"]}label> ?text
  FILTER(STRSTARTS(STR(?term), "{BASE}") && LANG(?text) IN ("", "en"))
}} GROUP BY ?term ORDER BY ?term
"""


# Never kept by the cache: the programs name the host of the request, which the next reader may not have used.
@blueprint.get("/query")
def page() -> str:
    """Show the editor: ``question=TOPIC/NAME`` with its parameters fills it in, or ``query=`` with a text."""
    name, text = request.args.get("question"), request.args.get("query")
    if text is not None and (match := _NAME.fullmatch(text)):
        name, text = match[1], None
    if name:
        return form_page(questions.find(name), text)
    return form_page(text=text)


@blueprint.route("/query/code", methods=["GET", "POST"])
def programs() -> Response:
    """Answer with `query` as a program in several languages, as JSON."""
    query = request.values.get("query", "")
    if not query.strip():
        raise ProblemError("bad-request", "The query is missing; send it as the parameter `query`.")
    if len(query) > MOST_LETTERS:
        detail = (
            f"A program has room for {MOST_LETTERS:,} letters; keep a longer query in a file, and POST that."
        )
        raise ProblemError("too-large", detail)
    return jsonify(code(query, f"{public_root()}/sparql"))


def form_page(chosen: library.Query | None = None, text: str | None = None) -> str:
    """Return the page with *text* in its editor, or *chosen*, or else the question that best shows the whole.

    The request may have values for the parameters of *chosen*.
    """
    asked = state().library
    if chosen is None and text is None:
        chosen = next((query for query in asked if query.path == _FIRST), next(iter(asked), None))
        values: dict[str, str] = {}
    else:
        values = questions.values(chosen, without=_OURS) if chosen else {}
    if text is None:
        text = chosen.bind(values) if chosen else _ANY_DATA
    return render_template(
        "query.html",
        topics=questions.topics(),
        chosen=chosen,
        fields=questions.fields(chosen, values) if chosen else [],
        query=text,
        code=code(text, f"{public_root()}/sparql") if text.strip() else {},
        editor=_settings(),
    )


def _settings() -> dict[str, Any]:
    """Return what the script of the page has to know of this server."""
    return {
        "sparql": url_for("protocol.sparql"),
        "page": url_for("query.page"),
        "code": url_for("query.programs"),
        "queries": url_for("library_api.queries"),
        "root": request.script_root,
        "base": BASE,
        "prefixes": PREFIXES,
        "terms": url_for("protocol.sparql", query=_TERMS, format="json"),
        "limit": state().settings.get("time_limit"),
    }
