"""The W3C Entity Reconciliation API 0.2 at /reconcile: OpenRefine matches names against the graph.

https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/
"""

import json
from functools import cache, partial
from typing import Any, Final, cast

from flask import Blueprint, Flask, Response, jsonify, request

from server import suggest
from server.errors import ProblemError
from server.gathering import gather
from server.matching import PROPERTIES, Match
from server.state import State
from server.suggest import ENTITIES, description, index, property_of, type_of
from tacit.names import ID, TACIT

blueprint = Blueprint("reconcile", __name__, url_prefix="/reconcile")

#: How many names may be asked for at once, how many candidates a name has unless told, and at the most.
BATCH: Final = 50
_LIMIT, _MOST = 10, 100
_FIELDS: Final = {"query", "type", "type_strict", "limit", "properties"}
#: The types to choose from first: what the columns of a table of international relations hold.
_DEFAULT_TYPES: Final = (
    "State",
    "PoliticalActor",
    "Person",
    "Organization",
    "Treaty",
    "Event",
    "Place",
    "Tie",
)


def register(app: Flask) -> None:
    """Make *app* answer at /reconcile; the index is made when it is first wanted, and kept."""
    app.extensions["tacit-reconcile"] = cache(partial(gather, cast("State", app.extensions["tacit"]).ask))
    app.register_blueprint(blueprint)
    app.register_blueprint(suggest.blueprint)


@blueprint.route("", methods=["GET", "POST"], strict_slashes=False)
def service() -> Response:
    """Answer a batch of queries or of extensions; without either, say what the service can do."""
    if "queries" in request.values:
        return jsonify(_reconcile(_object("queries")))
    if "extend" in request.values:
        return jsonify(_extend(_object("extend")))
    if request.method == "POST":
        raise ProblemError("bad-request", "Send a form with `queries` or `extend`, each a JSON object.")
    return jsonify(manifest(request.url_root))


def manifest(root: str) -> dict[str, Any]:
    """Return the service manifest for a server at *root*."""
    here = root.rstrip("/")

    def suggested(kind: str) -> dict[str, str]:
        flyout = f"/reconcile/flyout/{kind}?id=${{id}}"
        return {
            "service_url": here,
            "service_path": f"/reconcile/suggest/{kind}",
            "flyout_service_path": flyout,
        }

    return {
        "versions": ["0.2"],
        "name": "Tacit: alliance ties",
        "identifierSpace": str(ID),
        "schemaSpace": str(TACIT),
        "documentation": f"{here}/",
        "defaultTypes": [type_of(type_) for type_ in _DEFAULT_TYPES],
        "view": {"url": f"{here}/id/{{{{id}}}}"},
        "preview": {"url": f"{here}/reconcile/preview?id={{{{id}}}}", "width": 400, "height": 160},
        "suggest": {kind: suggested(kind) for kind in ("entity", "type", "property")},
        "extend": {
            "propose_properties": {"service_url": here, "service_path": "/reconcile/properties"},
            "property_settings": [],
        },
        "batchSize": BATCH,
    }


def _object(name: str) -> dict[str, Any]:
    try:
        content = json.loads(request.values[name])
    except ValueError as error:
        raise ProblemError("bad-request", f"`{name}` is no JSON: {error}.") from error
    except RecursionError as error:
        raise ProblemError("bad-request", f"`{name}` is nested too deeply to be read.") from error
    if not isinstance(content, dict):
        raise ProblemError("bad-request", f"`{name}` is a JSON object, not {type(content).__name__}.")
    return content


def _reconcile(queries: dict[str, Any]) -> dict[str, Any]:
    if len(queries) > BATCH:
        raise ProblemError("too-large", f"Send {BATCH} queries at once at the most.")
    return {key: {"result": _candidates(key, query)} for key, query in queries.items()}


def _candidates(key: str, query: Any) -> list[dict[str, Any]]:
    if not isinstance(query, dict):
        raise ProblemError("bad-request", f"Query {key} is a JSON object with `query` or `properties`.")
    if unknown := sorted(query.keys() - _FIELDS):  # a condition with a misspelt name would not be met
        raise ProblemError("bad-request", f"Query {key} has unknown fields: {', '.join(unknown)}.")
    text, limit, types = query.get("query", ""), query.get("limit", _LIMIT), query.get("type") or []
    types = [types] if isinstance(types, str) else types
    if not isinstance(text, str) or not isinstance(types, list):
        raise ProblemError("bad-request", f"In query {key}, `query` is a string and `type` names types.")
    if not isinstance(limit, int | float) or isinstance(limit, bool) or not limit >= 1:
        raise ProblemError("bad-request", f"In query {key}, `limit` is a number from 1 on.")
    known = _known(key, query.get("properties") or [])
    if not text.strip() and not known:
        raise ProblemError("bad-request", f"Query {key} has neither `query` nor `properties`.")
    matches = index().match(
        text.strip(),
        map(str, types),
        known,
        min(int(limit), _MOST),
        every_type=query.get("type_strict") == "all",
    )
    return [_candidate(match, given=bool(known)) for match in matches]


def _known(key: str, properties: Any) -> dict[str, list[str]]:
    """Return what a query knows besides the name; a value may be a reconciled thing, or a list."""
    try:
        known: dict[str, list[str]] = {}
        for entry in properties:
            values = entry["v"] if isinstance(entry["v"], list) else [entry["v"]]
            known[str(entry["pid"])] = [
                str(value["id"] if isinstance(value, dict) else value) for value in values
            ]
    except (TypeError, KeyError) as error:
        detail = f"In query {key}, `properties` is a list of objects with `pid` and `v`."
        raise ProblemError("bad-request", detail) from error
    return known


def _candidate(match: Match, *, given: bool) -> dict[str, Any]:
    features = [{"id": "name", "value": match.name_score}]
    if given:
        features.append({"id": "properties", "value": round(100 * match.agreeing, 1)})
    return {
        "id": match.thing.id,
        "name": match.thing.name,
        "description": description(match.thing),
        "type": [type_of(type_) for type_ in match.thing.types],
        "score": match.score,
        "match": match.certain,
        "features": features,
    }


def _extend(query: dict[str, Any]) -> dict[str, Any]:
    try:
        ids = [str(id_) for id_ in query["ids"]]
        wanted = list(dict.fromkeys(str(property_["id"]) for property_ in query["properties"]))
    except (TypeError, KeyError) as error:
        detail = "`extend` is an object with `ids` and with `properties`, a list of objects with `id`."
        raise ProblemError("bad-request", detail) from error
    if unknown := [property_ for property_ in wanted if property_ not in PROPERTIES]:
        detail = f"There is no property {', '.join(unknown)}; choose from {', '.join(PROPERTIES)}."
        raise ProblemError("bad-request", detail)
    return {
        "meta": [property_of(property_) for property_ in wanted],
        "rows": {id_: {property_: _values(id_, property_) for property_ in wanted} for id_ in ids},
    }


def _values(id_: str, property_: str) -> list[dict[str, str]]:
    things = index().things
    values = things[id_].values.get(property_, []) if id_ in things else []
    if property_ in ENTITIES:
        return [{"id": value, "name": things[value].name} for value in values if value in things]
    return [{"str": value} for value in values]
