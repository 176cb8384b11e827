"""Events as the sources date them."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Final

from server.labels import Cell, iri_cell
from server.pages.behind import Behind
from server.pages.claims import claims
from server.pages.reading import begin, facts, things

EVENTS: Final = Behind(
    """SELECT DISTINCT ?thing ?label ?claim
WHERE {
  ?thing a tacit:Event ; rdfs:label ?label .
  OPTIONAL { ?claim tacit:event ?thing ; a tacit:EventClaim }
}
ORDER BY ?label ?claim
""",
    "CONSTRUCT { ?thing ?property ?value }\nWHERE { ?thing a tacit:Event ; ?property ?value }\n",
)


@dataclass(frozen=True)
class Happening:
    """An event: *when* the sources date it, with what *statuses*; *begin* is the earliest year, if any."""

    cell: Cell
    begin: int | None
    when: list[str]
    statuses: list[str]
    kinds: list[str]
    sources: list[str]


def happenings() -> list[Happening]:
    """Return all events in order of time; those which no source dates come last."""
    accounts: dict[str, list[str]] = defaultdict(list)
    cells: dict[str, Cell] = {}
    for row in things(EVENTS.select):
        cells[row["thing"]] = iri_cell(row["thing"], {row["thing"]: row["label"]})
        accounts[row["thing"]] += [row["claim"]] if "claim" in row else []
    known = claims(claim for own in accounts.values() for claim in own)
    of = facts(known)
    found = []
    for thing, cell in cells.items():
        own = sorted((known[claim] for claim in accounts[thing] if claim in known), key=begin)

        def labels_of(name: str, own: list[Any] = own) -> list[str]:
            return list(dict.fromkeys(c.label or c.text for it in own for c in of[it.iri].get(name, [])))

        dated = [it for it in own if it.period]
        found.append(
            Happening(
                cell,
                min((it.period.begin_earliest for it in dated if it.period), default=None),
                list(dict.fromkeys(it.period.text for it in dated if it.period)),
                labels_of("status"),
                labels_of("eventKind"),
                sorted({it.source.short for it in own}),
            )
        )
    return sorted(found, key=lambda it: (it.begin is None, it.begin or 0, it.when[:1], it.cell.label))
