"""For whoever runs this server: /health, /metrics, and what robots should know."""

from flask import Blueprint, Flask, Response, current_app, jsonify

from server.dataset import dataset
from server.description import digest
from server.downloads import graph_names
from server.errors import ProblemError
from server.metrics import CONTENT_TYPE, Metrics
from server.state import state
from tacit.errors import TacitError

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
        graphs = counts()
    except (TacitError, OSError) as error:
        # a full queue is no fault: whoever waits in it will be answered
        if getattr(error, "name", "") != "busy":
            detail = "The engine does not answer; the server's log says why."
            raise ProblemError("unavailable", detail) from error
        graphs = {}
    response = jsonify(status="ok", digest=digest(), triples=sum(graphs.values()), graphs=graphs)
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/metrics")
def metrics() -> Response:
    """Return the counters for Prometheus."""
    kept: Metrics = current_app.extensions["tacit-metrics"]
    gauges = {"tacit_library_queries": ("Questions in the library.", float(len(state().library)))}
    response = Response(kept.text(gauges), content_type=CONTENT_TYPE)
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Keep robots from queries, of which there is no end; things and terms are theirs to read."""
    return Response("User-agent: *\nDisallow: /sparql\nDisallow: /queries/\n", mimetype="text/plain")


def counts() -> dict[str, int]:
    """Return the triples of each named graph by its name: as the build counted them, else the engine."""
    built = state().built
    named = graph_names(built) if built else {}
    return named or {name: part.triples for name, part in dataset().graphs.items()}
