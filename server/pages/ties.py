"""All ties on one timeline and as a table, seen through a lens: whose definition colours it."""

from typing import Any, Final

from flask import Blueprint, render_template, request, url_for
from rdflib import URIRef

from server.errors import ProblemError
from server.labels import address
from server.pages.asked import Asked
from server.pages.behind import keep_page
from server.pages.entries import Entry, Sight, look, names_of, rank, source_of
from server.pages.timeline import timeline
from tacit.lookup import local

blueprint = Blueprint("ties", __name__)

_VIEWS: Final = {"": "Timeline", "table": "Table"}


@blueprint.get("/ties")
def ties() -> str:
    """Show all ties, or those that `server.pages.asked` finds asked for; ``?view=table`` for a table."""
    view = request.args.get("view", "")
    if view not in _VIEWS:
        raise ProblemError(
            "bad-parameter", f"A view is table, or none for the timeline; {view[:100]} is not."
        )
    asked = Asked("view")
    sight = look(asked.lens, asked.wanted)
    keep_page()
    shown: dict[str, Any] = {}
    if view:
        shown["entries"] = _table(asked, sight)
    else:
        shown["timeline"] = timeline(sight, asked.sources, worded=not asked.lens.definition)
    return render_template(
        "ties.html",
        asked=asked,
        fields=asked.fields,
        view=view,
        views=[(name, label, _address(view=name)) for name, label in _VIEWS.items()],
        sight=sight,
        behind=sight.behind,
        nothing="Nothing matches." if asked.actors else "These data have no ties.",
        **shown,
    )


def _address(**changed: str) -> str:
    """Return the address of this page with other parameters; without those that are empty."""
    query: dict[str, Any] = {**request.args.to_dict(), **changed}
    return url_for("ties.ties", **{name: value for name, value in query.items() if value})


def _table(asked: Asked, sight: Sight) -> list[dict[str, Any]]:
    """Return a row per entry: the entry, its tie and source, and links to its claim and its phases."""
    labels = names_of(entry.tie for entry in sight.entries)
    phases = {phase.portrayal: phase.label for phase in sight.phases}
    place = rank(asked.sources)
    return [
        {
            "entry": entry,
            "tie": labels[entry.tie],
            "link": address(entry.tie),
            "source": source_of(asked.sources, entry.source),
            "source_link": address(entry.source),
            "claim": address(entry.claim) if entry.claim else "",
            "phases": [
                (phases.get(iri, local(URIRef(iri))), f"{address(entry.tie)}#{local(URIRef(iri))}")
                for iri in entry.portrayals
            ],
        }
        for entry in sorted(sight.entries, key=lambda e: (labels[e.tie], place(e.source), _begin(e)))
    ]


def _begin(entry: Entry) -> int:
    return entry.period.begin_earliest if entry.period else 0
