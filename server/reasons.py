"""Why, and what if, as JSON: `/explain/TIE` and `/what-if`, which write nothing and remember no request."""

from collections.abc import Callable
from typing import Any, Final

from flask import Blueprint, Response, current_app, jsonify, request

from server.errors import ProblemError
from server.state import state
from tacit.errors import TacitError
from tacit.explain import explain
from tacit.lookup import UnknownNameError
from tacit.model import Model
from tacit.whatif import report, without

blueprint = Blueprint("reasons", __name__)

#: More bytes than the names of `tacit.whatif.MOST_NAMES` claims take.
MOST_BYTES: Final = 32 * 1024
_YES: Final = {"true": True, "1": True, "": True, "false": False, "0": False}


@blueprint.get("/explain/<path:tie>")
def explain_(tie: str) -> Response:
    """Say how *tie* fares; ``?definition=`` and ``?source=`` narrow it."""
    narrowed = {name: request.args.get(name) or None for name in ("definition", "source")}
    return _answer(lambda model: explain(model, tie, **narrowed))


@blueprint.route("/what-if", methods=["GET", "POST"])
def what_if() -> Response:
    """Say what changes without claims, sources or conditions.

    GET: ``?without=NAME&without-implied=true&without-condition=DEFINITION:CONDITION``, repeated as needed;
    POST: the same names in a JSON object, lists and a boolean.
    """
    names, conditions, implied = _posted() if request.method == "POST" else _asked()
    return _answer(lambda model: report(model, without(model, names, implied=implied, conditions=conditions)))


def _answer(make: Callable[[Model], dict[str, Any]]) -> Response:
    try:
        return jsonify(make(model()))
    except UnknownNameError as error:
        raise ProblemError("not-found", str(error)) from error
    except TacitError as error:
        raise ProblemError("bad-request", str(error)) from error


def model() -> Model:
    """Return the model of the served graph, which is read at the first request."""
    extensions = current_app.extensions
    if "tacit-model" not in extensions:
        ask = state().ask
        extensions["tacit-model"] = Model(lambda query: ask(query).body)
    model: Model = extensions["tacit-model"]
    return model


def _asked() -> tuple[list[str], list[str], bool]:
    told = request.args.get("without-implied", "false").lower()
    if told not in _YES:
        raise ProblemError("bad-request", f"without-implied is true or false; {told} is neither.")
    return request.args.getlist("without"), request.args.getlist("without-condition"), _YES[told]


def _posted() -> tuple[list[str], list[str], bool]:
    if (request.content_length or 0) > MOST_BYTES:
        raise ProblemError("bad-request", f"The body has more than {MOST_BYTES} bytes: name whole sources.")
    if not request.is_json:
        raise ProblemError("unsupported-media-type", "Post a JSON object, as application/json.")
    told = request.get_json(silent=True)
    known: dict[str, Any] = {"without": [], "without-condition": [], "without-implied": False}
    if not isinstance(told, dict) or not told.keys() <= known.keys():
        raise ProblemError("bad-request", f"The body is a JSON object with some of {', '.join(known)}.")
    names, conditions, implied = (known | told).values()
    texts = all(isinstance(own, list) and all(isinstance(n, str) for n in own) for own in (names, conditions))
    if not texts or not isinstance(implied, bool):
        detail = "without and without-condition are lists of names, without-implied is true or false."
        raise ProblemError("bad-request", detail)
    return names, conditions, implied
