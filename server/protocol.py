"""The SPARQL 1.1 Protocol (query operation only) at /sparql and /sparql/."""

from collections.abc import Callable, Sequence
from typing import Any, Final
from urllib.parse import unquote_to_bytes

from flask import Blueprint, Response, request

from server import cache, description, log
from server.errors import ProblemError
from server.formats import HTML, choose
from server.pages.answer import MOST_ROWS, answer_page
from server.pipe import Begun
from server.request import STREAM, may_stream
from server.state import state
from tacit.engine import READ_ONLY, Answer

blueprint = Blueprint("protocol", __name__)

FORM: Final = "application/x-www-form-urlencoded"
QUERY: Final = "application/sparql-query"
UPDATE: Final = "application/sparql-update"
#: In the environment of a request: why its query has failed, which was asked before Flask was called.
FAILED: Final = "tacit.failed"


# Both addresses answer, as a redirect from one to the other loses the body and breaks behind some proxies.
@blueprint.route("/sparql/", methods=["GET", "POST"])
@blueprint.route("/sparql", methods=["GET", "POST"])
def sparql() -> Response:
    """Answer a query (SPARQL 1.1 Protocol, 2.1)."""
    text(unquote_to_bytes(request.query_string))
    body = _body() if request.method == "POST" else None
    if "update" in request.values:
        raise ProblemError("read-only", READ_ONLY)
    queries = [*request.args.getlist("query"), *request.form.getlist("query")]
    if body is not None:
        queries.append(body)
    if len(queries) > 1:
        raise ProblemError("bad-request", "The request has several queries; send one.")
    if not queries and request.method in ("GET", "HEAD") and not request.args.keys() - {"format"}:
        return description.service()
    if not queries:
        raise ProblemError("bad-request", "The query is missing; send it as the parameter `query`.")
    return _answer(queries[0])


def _answer(query: str) -> Response:
    return answer(
        query,
        lambda it: answer_page(query, it),
        # the parameters may stand in the address while the query is the body (2.1.3)
        default_graphs=request.values.getlist("default-graph-uri"),
        named_graphs=request.values.getlist("named-graph-uri"),
    )


def answer(query: str, page: Callable[[Answer], str], **dataset: Sequence[str]) -> Response:
    """Return the answer to *query* in the format that the request prefers; *page* makes one for people."""
    log.note(query=query)
    name = request.values.get("format")
    choices = {kind: choose(kind, request.accept_mimetypes, name) for kind in ("results", "graph")}
    if failed := request.environ.get(FAILED):
        raise failed
    pages = HTML in (choice.media for choice in choices.values())
    ask = state().stream if may_stream(request.environ) and not pages else None
    options: dict[str, Any] = {kind: choice.name for kind, choice in choices.items()}
    if choices["results"].media == HTML:
        options["most_rows"] = MOST_ROWS
    found = (ask or state().ask)(query, **dataset, **options)
    choice = choices[found.kind]
    if isinstance(found, Begun):
        request.environ[STREAM] = True
        return Response(found.parts, mimetype=choice.media, direct_passthrough=True)
    cache.keep(request.environ, query)
    if choice.media == HTML:
        return Response(page(found), mimetype=HTML)
    return Response(found.body, mimetype=choice.media)


def _body() -> str | None:
    """Return the query that is the body, or None if the body is a form; Flask has decoded that."""
    if request.mimetype not in (FORM, QUERY, UPDATE):
        detail = f"Send the query as {QUERY}, or as the parameter `query` of {FORM}."
        raise ProblemError("unsupported-media-type", detail)
    if request.mimetype == UPDATE:
        raise ProblemError("read-only", READ_ONLY)
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if charset not in ("utf-8", "utf8", "us-ascii"):
        raise ProblemError("unsupported-media-type", f"Send the body in UTF-8; {charset} is not read here.")
    data = request.get_data(cache=True)  # kept, as the form is read from it
    if request.mimetype == QUERY:
        return text(data)
    text(unquote_to_bytes(data))
    return None


def text(data: bytes) -> str:
    """Return *data* as text; Flask would put other characters for what is no UTF-8."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ProblemError("bad-request", "The request is not in UTF-8; send it in UTF-8.") from error
