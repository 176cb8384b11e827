"""The actors and their ties in a chosen year, seen through a lens."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

from flask import Blueprint, render_template, request, url_for

from server.labels import address
from server.pages import outcomes
from server.pages.asked import Asked
from server.pages.behind import keep_page
from server.pages.circle import HEIGHT, WIDTH, Edge, placed, sides
from server.pages.entries import Entry, Sight, look, names_of, rank, source_of
from server.pages.outcomes import Outcome
from server.pages.timeline import link_of

blueprint = Blueprint("network", __name__)

#: A tie is between two sides; who counts more of them has data that no line can show.
_SIDES: Final = 2


@blueprint.get("/network")
def network() -> str:
    """Show who is tied to whom in ``?year=``; the other filters are those of `server.pages.asked`."""
    asked = Asked()
    sight = look(asked.lens, asked.wanted)
    if asked.wanted.year is None:
        asked.wanted = replace(asked.wanted, year=_fullest(sight.entries))
        sight = look(asked.lens, asked.wanted)
    keep_page()
    edges = placed(_edges(sight, asked))
    actors = {actor.id: actor for edge in edges for actor in edge.ends}
    return render_template(
        "network.html",
        asked=asked,
        fields=asked.fields,
        behind=sight.behind,
        actors=list(actors.values()),
        edges=edges,
        ties=_ties(edges),
        width=WIDTH,
        height=HEIGHT,
        data={
            "actors": [
                {"id": a.id, "label": "\n".join(a.lines), "link": a.link, "x": a.x, "y": a.y}
                for a in actors.values()
            ],
            "edges": [_for_script(edge) for edge in edges],
        },
        step=_step,
        nothing="Nothing matches." if asked.actors else "These data have no ties.",
    )


def _step(year: int) -> str:
    """Return the address of this view in another year."""
    query: dict[str, Any] = {**request.args.to_dict(), "year": year}
    return url_for("network.network", **query)


def _fullest(entries: Iterable[Entry]) -> int | None:
    """Return the first of the years of which most is certainly said, for a reader who names none."""
    count = Counter(
        year
        for entry in entries
        if entry.period and entry.seen.outcome is not outcomes.SILENT
        for year in range(entry.period.begin_latest, entry.period.end_earliest + 1)
    )
    return min(count, key=lambda year: (-count[year], year), default=None)


def _edges(sight: Sight, asked: Asked) -> Iterable[Edge]:
    """Return one edge for each thing that a source says of a tie, however often it says it."""
    known, labels = sides(), names_of(entry.tie for entry in sight.entries)
    place = rank(asked.sources)
    found: dict[tuple[Any, ...], Edge] = {}
    year = asked.wanted.year
    for entry in sight.entries:
        ends = known.get(entry.tie, ())
        if len(ends) != _SIDES or entry.period is None or year is None:
            continue
        edge = Edge(
            entry,
            labels[entry.tie],
            link_of(entry),
            source_of(asked.sources, entry.source),
            bool(entry.period.covers(year)),
            (ends[0], ends[1]),
        )
        key = (entry.tie, entry.source, entry.seen.mark, entry.reading)
        if key not in found or (edge.certainly and not found[key].certainly):
            found[key] = edge
    return sorted(found.values(), key=lambda edge: (edge.tie, place(edge.entry.source), edge.seen.mark))


def _ties(edges: list[Edge]) -> list[dict[str, Any]]:
    """Return the ties with what is said of each; they *differ* where two sources see two outcomes."""
    grouped: dict[str, list[Edge]] = defaultdict(list)
    for edge in edges:
        grouped[edge.entry.tie].append(edge)
    return [
        {
            "label": same[0].tie,
            "link": address(tie),
            "edges": same,
            "differ": _differ(same),
        }
        for tie, same in grouped.items()
    ]


def _differ(edges: list[Edge]) -> bool:
    """Say whether sources see what cannot be one and the same: kinds, or an alliance and none.

    A source that names no kind differs from those that deny an alliance only.
    """
    said: dict[str, set[Outcome]] = defaultdict(set)
    for edge in edges:
        if edge.seen.outcome not in (outcomes.SILENT, outcomes.OTHER) and not edge.entry.reading:
            said[edge.entry.source].add(edge.seen.outcome)
    denied = any({outcomes.NOT, outcomes.CONTRADICTED} & own for own in said.values())
    kinds = {frozenset(own if denied else own - {outcomes.ALLIANCE}) for own in said.values()}
    return len(kinds - {frozenset()}) > 1


def _for_script(edge: Edge) -> dict[str, Any]:
    return {
        "from": edge.ends[0].id,
        "to": edge.ends[1].id,
        "key": edge.seen.outcome.key,
        "mark": edge.seen.mark,
        "title": edge.title,
        "link": edge.link,
        "certainly": edge.certainly,
        "hedged": edge.seen.hedged,
    }
