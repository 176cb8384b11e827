"""For whoever runs this server: /health, /metrics, and what robots should know."""

from flask import Blueprint, Flask, Response, current_app, jsonify

from server.dataset import sizes
from server.description import digest
from server.errors import ProblemError
from server.metrics import CONTENT_TYPE, Metrics
from server.state import state
from tacit.errors import TacitError
from tacit.names import BASE

blueprint = Blueprint("health", __name__)


def register(app: Flask) -> None:
    """Give *app* its health, its numbers and a word to robots."""
    app.extensions["tacit-metrics"] = Metrics()
    app.register_blueprint(blueprint)


@blueprint.get("/health")
def health() -> Response:
    """Say that the engine answers, and over which data; 503 if it does not."""
    try:
        state().ask("ASK {}")
        found = sizes()
    except (TacitError, OSError) as error:
        # a full queue is no fault: whoever waits in it will be answered
        if getattr(error, "name", "") != "busy":
            detail = "The engine does not answer; the server's log says why."
            raise ProblemError("unavailable", detail) from error
        return _fresh(jsonify(status="busy", digest=digest()))
    graphs = {name.removeprefix(f"{BASE}graph/"): count for name, count in found.graphs.items()}
    # the default graph of a build is the union of the others
    triples = sum(graphs.values()) + (0 if state().built else found.whole)
    return _fresh(jsonify(status="ok", digest=digest(), triples=triples, graphs=graphs))


@blueprint.get("/metrics")
def metrics() -> Response:
    """Return the counters for Prometheus."""
    kept: Metrics = current_app.extensions["tacit-metrics"]
    gauges = {"tacit_library_queries": ("Questions in the library.", float(len(state().library)))}
    return _fresh(Response(kept.text(gauges), content_type=CONTENT_TYPE))


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Keep robots from what there is no end of; things and terms are theirs to read."""
    return Response(
        "User-agent: *\nDisallow: /sparql\nDisallow: /queries/\nDisallow: /what-if\nDisallow: /workbench?\n",
        mimetype="text/plain",
    )


def _fresh(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
