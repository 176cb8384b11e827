"""The SPARQL endpoint: a Flask application over the built graph."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import Flask, Response, request

from server import errors, pages, protocol, reasons
from server.settings import built_graph, complete
from server.state import State
from tacit import library
from tacit.engine import evaluate, load_files, load_graph


def create_app(config: Mapping[str, Any]) -> Flask:
    """Return the application for *config*, which may set what `server.settings.SETTINGS` names.

    The data is loaded here, once. Raises TacitError if there is none, and for an unknown setting.
    """
    settings = complete(config)
    if settings["data"]:
        store, queries = load_files(settings["data"]), []  # the library asks about our own graph only
    else:
        store, queries = load_graph(built_graph(settings["build"])), library.load(settings["queries"])
    app = Flask(__name__)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    app.extensions["tacit"] = State(ask=partial(evaluate, store), library=tuple(queries))
    app.register_blueprint(protocol.blueprint)
    app.register_blueprint(pages.blueprint)
    app.register_blueprint(reasons.blueprint)
    app.after_request(_open_to_all)
    errors.register(app)
    return app


def _open_to_all(response: Response) -> Response:
    """Let the pages of every other site read every answer (CORS), and caches tell the formats apart."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.vary.add("Accept")
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = response.headers.get("Allow", "")
        response.headers["Access-Control-Allow-Headers"] = "Accept, Content-Type"
        response.headers["Access-Control-Max-Age"] = "86400"
    return response
