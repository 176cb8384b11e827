"""Search over labels, other names, codes and paraphrases."""

from typing import Any, Final

from flask import Blueprint, Response, current_app, jsonify, render_template, request

from server.errors import ProblemError
from server.formats import HTML, choose
from server.matching import fold
from server.pages.behind import declared, keep_page
from server.pages.choices import choice, only
from server.pages.finding import Finder, Hit
from server.pages.kinds import KINDS, Kind, page_of
from server.rdf import rows
from server.suggest import index

blueprint = Blueprint("search", __name__)

#: Letters that a search may have; how many finds of a kind are shown beside other kinds, and alone.
MOST_LETTERS: Final = 200
_FEW, _MANY = 10, 300
_NEAR: Final = 5


@blueprint.get("/search")
def search() -> Response:
    """Show what has all words of ``?q=``, by kind; ``?kind=`` shows one kind, and more of it.

    A program that asks for JSON gets the same as JSON.
    """
    only("q", "kind")
    query = " ".join(request.args.getlist("q")).strip()
    of_key = {kind.key: kind for kind in KINDS}
    kind = of_key.get(choice("kind", of_key))
    if len(query) > MOST_LETTERS:
        raise ProblemError(
            "bad-parameter",
            f"A search has at most {MOST_LETTERS} letters; use fewer words, they all have to occur.",
        )
    keep_page()
    found = _finder().find(query)
    near = _near(query) if fold(query) and not found else []
    if choose("results", request.accept_mimetypes, None).media != HTML:
        return jsonify(_as_json(query, {of: hits for of, hits in found.items() if kind in (None, of)}, near))
    most = _FEW if kind is None else _MANY
    page = render_template(
        "search.html",
        q=query,
        letters=MOST_LETTERS,
        asked=bool(fold(query)),
        kind=kind,
        total=sum(map(len, found.values())),
        counts=[(of, len(hits)) for of, hits in found.items()],
        groups=[(of, len(hits), hits[:most]) for of, hits in found.items() if kind in (None, of)],
        renamed=_finder().renamed(query) if found else [],
        near=near,
        page_of=page_of,
    )
    return Response(page, mimetype=HTML)


def _finder() -> Finder:
    """Return what has been gathered at the first search."""
    extensions = current_app.extensions
    if "tacit-finder" not in extensions:
        extensions["tacit-finder"] = Finder(lambda query: rows(declared(query)))
    finder: Finder = extensions["tacit-finder"]
    return finder


def _near(query: str) -> list[str]:
    return list(dict.fromkeys(match.thing.name for match in index().match(query, limit=_NEAR)))


def _as_json(query: str, found: dict[Kind, list[Hit]], near: list[str]) -> dict[str, Any]:
    def told(hit: Hit) -> dict[str, Any]:
        also = [{"where": where, "text": "".join(piece for piece, _ in pieces)} for where, pieces in hit.also]
        place = dict(zip(("source", "stance", "paragraph"), hit.entry.place, strict=True))
        return {"id": hit.entry.iri, "name": hit.entry.name, "type": hit.entry.type, "also": also} | {
            name: value for name, value in place.items() if value
        }

    groups = [
        {
            "kind": kind.key,
            "title": kind.title,
            "total": len(hits),
            "things": [told(hit) for hit in hits[:_MANY]],
        }
        for kind, hits in found.items()
    ]
    return {"query": query, "total": sum(map(len, found.values())), "groups": groups, "nearest": near}
