"""What helps to choose a thing, a type or a property while reconciling: completions, previews, proposals."""

from typing import Any, Final, cast

from flask import Blueprint, Response, current_app, jsonify, render_template, request

from server.errors import ProblemError
from server.matching import PROPERTIES, TYPES, Index, Thing
from tacit.names import BASE

blueprint = Blueprint("suggest", __name__, url_prefix="/reconcile")

#: What is offered for a column of each type; of every other type, names and links.
_OFFERED: Final = {
    "State": ("wikidata", "cow", "iso-alpha-2", "iso-alpha-3", "name", "other-name", "successor-of"),
    "Tie": ("party", "name", "other-name"),
    "Treaty": ("wikidata", "signatory", "name", "other-name"),
}
_ANY: Final = ("wikidata", "name", "other-name")
#: The properties whose values are things.
ENTITIES: Final = ("successor-of", "party", "signatory")
_SUGGESTED: Final = 20


def index() -> Index:
    """Return the index of the running application."""
    return cast("Index", current_app.extensions["tacit-reconcile"]())


def type_of(type_: str) -> dict[str, Any]:
    """Return a type as the API writes it, with those above."""
    name, above = TYPES[type_]
    return {"id": type_, "name": name, **({"broader": [type_of(above)]} if above else {})}


def description(thing: Thing) -> str:
    """Return what tells a thing from its namesakes."""
    also = f"; also {', '.join(thing.others[:3])}" if thing.others else ""
    return f"{TYPES[thing.type][0]}{also}"


def property_of(property_: str) -> dict[str, Any]:
    """Return a property as the API writes it; one whose values are things names their type."""
    kind = {"type": type_of("PoliticalActor")} if property_ in ENTITIES else {}
    return {"id": property_, "name": PROPERTIES[property_][0], **kind}


@blueprint.get("/properties")
def properties() -> Response:
    """Propose properties for things of a type."""
    type_ = request.args.get("type", "")
    limit = request.args.get("limit", len(PROPERTIES), type=int)
    offered = [property_of(property_) for property_ in _OFFERED.get(type_, _ANY)]
    return jsonify({"type": type_, "limit": limit, "properties": offered[: max(limit, 0)]})


@blueprint.get("/suggest/<any(entity, type, property):kind>")
def suggest(kind: str) -> Response:
    """Complete what somebody begins to write."""
    prefix, cursor = request.args.get("prefix", "").strip(), max(request.args.get("cursor", 0, type=int), 0)
    if kind == "entity":
        found = [
            {
                "id": thing.id,
                "name": thing.name,
                "description": description(thing),
                "notable": [{"id": thing.type, "name": TYPES[thing.type][0]}],
            }
            for thing in index().beginning(prefix)
        ]
    else:
        table = {type_: name for type_, (name, _) in (TYPES if kind == "type" else PROPERTIES).items()}
        begun = prefix.casefold()
        found = [
            {"id": id_, "name": name}
            for id_, name in table.items()
            if id_.casefold().startswith(begun) or name.casefold().startswith(begun)
        ]
    return jsonify({"result": found[cursor : cursor + _SUGGESTED]})


@blueprint.get("/flyout/<any(entity, type, property):kind>")
def flyout(kind: str) -> Response:
    """Give a small preview of what was suggested."""
    id_ = request.args.get("id", "")
    if kind == "entity":
        return jsonify({"id": id_, "html": render_template("preview.html", **_shown(id_), whole=False)})
    table = {type_: name for type_, (name, _) in (TYPES if kind == "type" else PROPERTIES).items()}
    if id_ not in table:
        raise ProblemError("not-found", f"There is no {kind} {id_}.")
    return jsonify({"id": id_, "html": render_template("preview.html", name=table[id_], whole=False)})


@blueprint.get("/preview")
def preview() -> str:
    """Show a thing in a frame of a few lines."""
    return render_template("preview.html", **_shown(request.args.get("id", "")), whole=True)


def _shown(id_: str) -> dict[str, Any]:
    thing = index().things.get(id_)
    if thing is None:
        raise ProblemError("not-found", f"There is no thing {id_} to be matched; its address is {BASE}id/….")
    codes = [
        (PROPERTIES[property_][0], ", ".join(thing.values[property_]))
        for property_ in ("wikidata", "cow", "iso-alpha-2", "iso-alpha-3")
        if thing.values.get(property_)
    ]
    return {"name": thing.name, "kind": TYPES[thing.type][0], "others": thing.others, "codes": codes}
