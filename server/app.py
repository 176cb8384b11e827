"""The Flask application: its parts, put together."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from flask import Flask

from server import (
    dataset,
    description,
    downloads,
    errors,
    headers,
    health,
    library_api,
    log,
    openapi,
    protocol,
    reconcile,
    resources,
    terms,
    web,
)
from server.cache import Cache
from server.pages import (
    definitions,
    home,
    links,
    matrix,
    network,
    query,
    reports,
    search,
    sources,
    things,
    tie,
    ties,
    why,
    workbench,
)
from server.pipe import Begun
from server.remote import Engine
from server.settings import built_graph, complete
from server.state import State
from tacit import library
from tacit.engine import Answer, evaluate, load_files, load_graph

_PAGES: Final = (
    home,
    ties,
    network,
    tie,
    matrix,
    why,
    reports,
    workbench,
    definitions,
    sources,
    things,
    links,
    search,
    query,
)


def create_app(
    config: Mapping[str, Any],
    ask: Callable[..., Answer] | None = None,
    stream: Callable[..., Answer | Begun] | None = None,
) -> Flask:
    """Return the application for *config*, which may set what `server.settings.SETTINGS` names.

    *ask* answers queries, as `server.workers.Pool.ask` does, and *stream* those whose answers may be long, as
    `server.remote.Engine.stream` does. Without *ask* the data is loaded here, and queries run in this process
    without any limit: for tests, and for those who ask no strangers' queries.
    Raises TacitError if there is no data, and for an unknown setting.
    """
    settings = complete(config)
    built = None if settings["data"] or settings["engine"] else built_graph(settings["build"])
    # the library asks about our own graph only, which a remote engine is expected to hold
    queries = [] if settings["data"] else library.load(settings["queries"])
    if ask is None and settings["engine"]:
        engine = Engine(settings)
        ask, stream = engine.ask, engine.stream
    elif ask is None:
        ask = partial(evaluate, load_files(settings["data"]) if built is None else load_graph(built))
    app = Flask(__name__)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    app.extensions["tacit"] = State(ask, tuple(queries), settings, built, stream)
    for part in (protocol, resources, terms, library_api, description, openapi, *_PAGES):
        app.register_blueprint(part.blueprint)
    for part in (downloads, dataset, health, reconcile, web):
        part.register(app)
    app.after_request(headers.add)
    errors.register(app)
    # the limit of the front is there first; this is for other servers of WSGI
    app.config["MAX_CONTENT_LENGTH"] = app.config["MAX_FORM_MEMORY_SIZE"] = int(
        settings["body_limit"] * 2**20
    )
    with app.app_context():
        digest = description.digest()
    app.extensions["tacit-cache"] = Cache(
        app.wsgi_app,
        # what a remote engine holds may change, and nothing tells us
        0 if settings["engine"] else settings["cache_mb"],
        digest,
    )
    app.wsgi_app = app.extensions["tacit-cache"]  # type: ignore[method-assign]
    log.register(app, lines=settings["log"] == "stderr")
    return app
