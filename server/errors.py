"""One shape for everything that goes wrong: problem details (RFC 9457) for programs, a page for people."""

from typing import Any, Final

from flask import Flask, Response, current_app, jsonify, render_template, request
from werkzeug.exceptions import HTTPException

from server import log
from server.formats import available, prefers_html
from server.limits import LeftError, LimitError
from tacit.engine import FormatError, RefusedError
from tacit.errors import QuerySyntaxError, TacitError

#: The stable name of every problem, its status and its title.
PROBLEMS: Final[dict[str, tuple[int, str]]] = {
    "syntax": (400, "The query does not parse"),
    "bad-request": (400, "The request cannot be understood"),
    "bad-parameter": (400, "A parameter cannot be used"),
    "cannot-run": (400, "The query cannot be run"),
    "read-only": (403, "Nothing can be changed here"),
    "no-federation": (403, "Other servers are not called"),
    "not-found": (404, "There is no such page"),
    "method-not-allowed": (405, "This method is not allowed here"),
    "not-acceptable": (406, "There is no such format"),
    "request-timeout": (408, "The request did not arrive in time"),
    "too-large": (413, "The request is too large"),
    "address-too-long": (414, "The address is too long"),
    "unsupported-media-type": (415, "This kind of body is not read here"),
    "range-not-satisfiable": (416, "There is no such part"),
    "too-many-requests": (429, "Too many requests at once"),
    "headers-too-large": (431, "The headers are too long"),
    "unavailable": (503, "The engine does not answer"),
    "busy": (503, "The server is busy"),
    "timeout": (504, "The query ran out of time"),
    "memory": (507, "The query ran out of memory"),
    "answer-too-large": (507, "The answer is too large"),
    "too-complex": (507, "The query is too complex"),
    "service-failed": (502, "Another endpoint did not answer"),
    "engine-failed": (502, "The engine behind this endpoint failed"),
    "internal": (500, "The server failed"),
}


class ProblemError(Exception):
    """A request that cannot be answered: a *name* of `PROBLEMS`, and a sentence that says what to do."""

    def __init__(self, name: str, detail: str, **more: object) -> None:
        super().__init__(detail)
        self.name, self.detail, self.more = name, detail, more


def register(app: Flask) -> None:
    """Make *app* tell every error as a problem."""
    app.register_error_handler(ProblemError, _tell)
    app.register_error_handler(TacitError, _tell_tacit)
    app.register_error_handler(HTTPException, _tell_http)
    app.register_error_handler(LeftError, _tell_nobody)
    app.register_error_handler(Exception, _tell_unexpected)


def _tell(problem: ProblemError) -> Response:
    status, title = PROBLEMS[problem.name]
    log.note(problem=problem.name)
    body: dict[str, Any] = {"type": problem.name, "title": title, "status": status, "detail": problem.detail}
    body |= problem.more
    if prefers_html(request.accept_mimetypes):
        query = request.values.get("query", "") if request.endpoint == "protocol.sparql" else None
        response = current_app.make_response(render_template("problem.html", problem=body, query=query))
    else:
        response = jsonify(body)
        response.mimetype = "application/problem+json"
    response.status_code = status
    return response


def _tell_tacit(error: TacitError) -> Response:
    match error:
        case QuerySyntaxError():
            sentence = f"Line {error.line}, column {error.column}: {error.message}."
            where = {"line": error.line, "column": error.column, "text": error.text}
            return _tell(ProblemError("syntax", sentence, **where))
        case RefusedError():
            return _tell(ProblemError(error.name, str(error)))
        case LimitError():
            response = _tell(ProblemError(error.name, str(error)))
            if error.retry_after is not None:
                response.headers["Retry-After"] = str(error.retry_after)
            return response
        case FormatError():
            return _tell(ProblemError("not-acceptable", str(error), available=available(error.kind)))
    return _tell(ProblemError("cannot-run", str(error)))


_SENTENCES: Final = {
    404: ("not-found", "Nothing is at this address; queries go to /sparql."),
    405: ("method-not-allowed", "Use one of the methods of the Allow header."),
    413: ("too-large", "The body is larger than this server reads; send a shorter query."),
    416: ("range-not-satisfiable", "The range begins beyond the end, which Content-Range names."),
}


def _tell_http(error: HTTPException) -> Response | HTTPException:
    if error.code is None or error.code < 400:  # noqa: PLR2004  # a redirect
        return error
    name, sentence = _SENTENCES.get(error.code, ("bad-request", f"{error.description}"))
    response = _tell(ProblemError(name, sentence))
    response.status_code = error.code
    response.headers.extend(
        [
            (key, value)
            for key, value in error.get_headers()
            if key in ("Allow", "Content-Range", "Retry-After")
        ]
    )
    return response


def _tell_nobody(error: LeftError) -> Response:
    """Answer a client that has left: nobody reads it, but the log knows that it was no fault."""
    log.note(problem=error.name)
    return Response(status=499)


def _tell_unexpected(error: Exception) -> Response:
    current_app.logger.error("%s %s failed", request.method, request.path, exc_info=error)
    return _tell(
        ProblemError("internal", "This is our fault, not yours; the server's log says what happened.")
    )
