"""Why, and what if: JSON for programs and pages for people, of what `tacit explain` and `what-if` tell."""

from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, render_template, request

from server.errors import ProblemError
from server.formats import HTML, choose
from server.pages.accounts import Account, change_views
from server.pages.behind import keep_page
from server.reasons import explained, model, reported
from tacit.lookup import local

blueprint = Blueprint("why", __name__)

#: More bytes than the names of `tacit.whatif.MOST_NAMES` claims take.
MOST_BYTES: Final = 32 * 1024
_JSON: Final = "application/json"
_FORMATS: Final = {"json": _JSON, "html": HTML}
_YES: Final = {"true": True, "1": True, "": True, "false": False, "0": False}
_NARROWING: Final = ("definition", "source")
_OUT: Final = ("without", "without-condition", "without-implied")


@blueprint.get("/explain/<path:tie>")
def explain(tie: str) -> Response:
    """Say how *tie* fares; ``?definition=`` and ``?source=`` narrow it."""
    _only(*_NARROWING)
    definition, source = (_once(name) or None for name in _NARROWING)
    told = explained(tie, definition, source)
    keep_page()
    return _answer(told, lambda: _explain_page(told, definition, source))


@blueprint.route("/what-if", methods=["GET", "POST"])
def what_if() -> Response:
    """Say what changes without claims, sources or conditions.

    GET: ``?without=NAME&without-implied=true&without-condition=DEFINITION:CONDITION``, repeated as needed;
    POST: the same names in a JSON object, lists and a boolean. Without anything, the page is an empty form.
    """
    names, conditions, implied = _posted() if request.method == "POST" else _asked()
    if _media() == HTML and not names and not conditions and not implied:
        return _answer(None, lambda: _what_if_page(None, names, conditions, implied=implied))
    told = reported(names, conditions, implied=implied)
    return _answer(told, lambda: _what_if_page(told, names, conditions, implied=implied))


def _answer(told: dict[str, Any] | None, page: Callable[[], str]) -> Response:
    response = Response(page(), mimetype=HTML) if _media() == HTML else jsonify(told)
    response.vary.add("Accept")
    return response


def _media() -> str:
    """Return the media type of the answer: JSON, unless a page is preferred to it."""
    if (name := request.args.get("format")) is not None:
        if name not in _FORMATS:
            detail = f"format is {' or '.join(_FORMATS)}; {name[:50]} is neither."
            raise ProblemError("bad-parameter", detail, parameter="format")
        return _FORMATS[name]
    # by what the cache tells requests apart, so that what it keeps for one is right for the other
    choices = [choose(kind, request.accept_mimetypes, None) for kind in ("results", "graph")]
    return HTML if all(choice.media == HTML for choice in choices) else _JSON


def _explain_page(told: dict[str, Any], definition: str | None, source: str | None) -> str:
    return render_template(
        "explain.html",
        account=Account(told),
        definition=definition and told["portrayals"][0]["cells"][0]["definition"].partition(":")[2],
        source=source and told["portrayals"][0]["source"].partition(":")[2],
        definitions=[(local(d), model().label(d)) for d in model().judge.definitions],
        sources=[(local(s), model().label(s)) for s in model().sources],
        json=_as_json(),
    )


def _what_if_page(
    told: dict[str, Any] | None, names: list[str], conditions: list[str], *, implied: bool
) -> str:
    if told:  # the names that what was written stands for
        out = told["without"]
        names = [name.removeprefix("id:") for name in (*out["claims"], *out["sources"])]
        conditions = [
            f"{definition.removeprefix('def:')}:{condition.removeprefix('def:')}"
            for definition, own in out["conditions"].items()
            for condition in own
        ]
    label, definitions = model().label, model().judge.definitions
    switches = {
        f"{local(definition)}:{local(condition)}": f"{label(definition)}: {label(condition)}"
        for definition, own in definitions.items()
        for condition in sorted(own, key=str)
        if len(own) > 1
    }
    chosen = [("without", name) for name in names] + [("without-condition", name) for name in conditions]
    chosen += [("without-implied", "true")] if implied else []
    return render_template(
        "what-if.html",
        told=told,
        names=names,
        conditions=conditions,
        implied=implied,
        sources={local(source): label(source) for source in model().sources},
        switches=switches,
        permanent=f"{request.script_root}/what-if?{urlencode(chosen)}",
        **change_views(told),
    )


def _as_json() -> str:
    told = [(name, value) for name, value in request.args.items() if name != "format" and value]
    return f"{request.script_root}{request.path}?{urlencode([*told, ('format', 'json')])}"


def _only(*known: str) -> None:
    """Refuse parameters that are not *known*: one that is mistyped would be left out without a word."""
    for name in request.args:
        if name not in (*known, "format"):
            detail = f"There is no parameter {name[:50]}; there are {', '.join((*known, 'format'))}."
            raise ProblemError("bad-parameter", detail, parameter=name[:50])


def _once(name: str) -> str:
    given = request.args.getlist(name)
    if len(given) > 1:
        raise ProblemError("bad-parameter", f"Parameter {name} is given twice; give it once.", parameter=name)
    return given[0] if given else ""


def _asked() -> tuple[list[str], list[str], bool]:
    _only(*_OUT)
    told = _once("without-implied").lower() if "without-implied" in request.args else "false"
    if told not in _YES:
        detail = f"without-implied is true or false; {told[:50]} is neither."
        raise ProblemError("bad-parameter", detail, parameter="without-implied")
    # a field of the form that was left empty names nothing
    names, conditions = ([n for n in request.args.getlist(name) if n.strip()] for name in _OUT[:2])
    return names, conditions, _YES[told]


def _posted() -> tuple[list[str], list[str], bool]:
    if (request.content_length or 0) > MOST_BYTES:
        raise ProblemError("too-large", f"The body has more than {MOST_BYTES} bytes: name whole sources.")
    if not request.is_json:
        raise ProblemError("unsupported-media-type", "Post a JSON object, as application/json.")
    try:
        told = request.get_json(silent=True)
    except RecursionError:  # nested more deeply than Python reads
        told = None
    known: dict[str, Any] = {"without": [], "without-condition": [], "without-implied": False}
    if not isinstance(told, dict) or not told.keys() <= known.keys():
        raise ProblemError("bad-request", f"The body is a JSON object with some of {', '.join(known)}.")
    names, conditions, implied = (known | told).values()
    for name, own in (("without", names), ("without-condition", conditions)):
        if not isinstance(own, list) or not all(isinstance(one, str) for one in own):
            raise ProblemError("bad-parameter", f"{name} is a list of names.", parameter=name)
    if not isinstance(implied, bool):
        detail = "without-implied is true or false."
        raise ProblemError("bad-parameter", detail, parameter="without-implied")
    return names, conditions, implied
