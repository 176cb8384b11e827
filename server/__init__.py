"""The SPARQL endpoint: a Flask application over the built graph."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import Flask, Response, request

from server import (
    dataset,
    description,
    downloads,
    errors,
    health,
    library_api,
    log,
    openapi,
    pages,
    protocol,
    resources,
    terms,
)
from server.settings import built_graph, complete
from server.state import State
from tacit import library
from tacit.engine import evaluate, load_files, load_graph


def create_app(config: Mapping[str, Any]) -> Flask:
    """Return the application for *config*, which may set what `server.settings.SETTINGS` names.

    The data is loaded here, once. Raises TacitError if there is none, and for an unknown setting.
    """
    settings = complete(config)
    built = None if settings["data"] else built_graph(settings["build"])
    if built is None:
        store, queries = load_files(settings["data"]), []  # the library asks about our own graph only
    else:
        store, queries = load_graph(built), library.load(settings["queries"])
    app = Flask(__name__)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    app.extensions["tacit"] = State(partial(evaluate, store), tuple(queries), settings, built)
    for part in (protocol, pages, resources, terms, library_api, description, openapi):
        app.register_blueprint(part.blueprint)
    for part in (downloads, dataset, health):
        part.register(app)
    app.after_request(_open_to_all)
    errors.register(app)
    log.register(app, lines=settings["log"] == "stderr")
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
