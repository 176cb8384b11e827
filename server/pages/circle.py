"""Actors on a circle, and a line for each source that speaks of a tie between two."""

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from rdflib import URIRef

from server.labels import address
from server.pages.behind import declared
from server.pages.claims import Source
from server.pages.entries import Entry, called
from server.pages.lens import Seen
from server.rdf import rows
from tacit.lookup import local

WIDTH: Final = 420
HEIGHT: Final = 380
#: The radii of the ellipse on which the actors stand.
_RADII: Final = (135, 150)
#: How far apart the lines of two sources between the same actors are, and those of all, at most.
_APART: Final = 17
_SPREAD: Final = 120
_PARTIES: Final = """SELECT DISTINCT ?tie ?actor ?label ?before WHERE {
  ?tie a tacit:Tie ; tacit:party ?actor . ?actor rdfs:label ?label . FILTER(LANG(?label) IN ("", "en"))
  OPTIONAL { ?actor tacit:successorOf ?before . ?any tacit:party ?before }
} ORDER BY ?tie ?actor ?label ?before
"""


@dataclass(frozen=True)
class Actor:
    """One side of ties: a polity, or several of which one succeeded the other; *x* and *y* in the picture."""

    id: str
    label: str
    link: str
    x: float = 0
    y: float = 0

    @property
    def lines(self) -> list[str]:
        """The label in short lines."""
        return self.label.replace("/", "/\n").splitlines()


@dataclass(frozen=True)
class Edge:
    """What *source* says of a tie, *certainly* for the year or perhaps; *bend* sets it apart from others."""

    entry: Entry
    tie: str
    link: str
    source: Source
    certainly: bool
    ends: tuple[Actor, Actor]
    bend: float = 0

    @property
    def seen(self) -> Seen:
        """What is seen of it."""
        return self.entry.seen

    @property
    def title(self) -> str:
        """All of it in words."""
        unsure = "" if self.certainly else "; whether in this year is unknown"
        when = self.entry.period.text if self.entry.period else "no time given"
        return f"{self.tie}, {called(self.source)}: {self.seen.words}; {when}{unsure}"

    @property
    def control(self) -> tuple[float, float]:
        """The point towards which the line bends."""
        (x, y), (dx, dy) = self._half, (self.ends[1].x - self.ends[0].x, self.ends[1].y - self.ends[0].y)
        length = math.hypot(dx, dy) or 1
        return round(x - dy / length * self.bend * 2, 1), round(y + dx / length * self.bend * 2, 1)

    @property
    def middle(self) -> tuple[float, float]:
        """Where its mark stands, on the line."""
        (x, y), (half_x, half_y) = self.control, self._half
        return round((x + half_x) / 2, 1), round((y + half_y) / 2, 1)

    @property
    def _half(self) -> tuple[float, float]:
        first, second = self.ends
        return (first.x + second.x) / 2, (first.y + second.y) / 2


def sides() -> dict[str, tuple[Actor, ...]]:
    """Return by tie its two sides; polities in one line of succession are one side, the first one first."""
    labels: dict[str, str] = {}
    parties: dict[str, list[str]] = defaultdict(list)
    lines: dict[str, list[str]] = {}
    before: dict[str, set[str]] = defaultdict(set)
    for row in rows(declared(_PARTIES)):
        actor = row["actor"]["value"]
        labels.setdefault(actor, row["label"]["value"])
        lines.setdefault(actor, [actor])
        if actor not in parties[row["tie"]["value"]]:
            parties[row["tie"]["value"]].append(actor)
        if "before" in row:
            before[actor].add(row["before"]["value"])
    for later, earlier in ((later, earlier) for later, found in before.items() for earlier in sorted(found)):
        if earlier in lines and lines[earlier] is not lines[later]:
            joined = lines[earlier] + lines[later]
            for actor in joined:
                lines[actor] = joined
    known = {line[-1]: _side(line, labels) for line in lines.values()}
    return {
        tie: tuple(known[last] for last in dict.fromkeys(lines[actor][-1] for actor in own))
        for tie, own in parties.items()
    }


def placed(edges: Iterable[Edge]) -> list[Edge]:
    """Return *edges* between actors on a circle, those of one tie side by side."""
    edges = list(edges)
    actors = sorted({actor for edge in edges for actor in edge.ends}, key=lambda actor: actor.label)
    stands = {}
    for number, actor in enumerate(actors):
        angle = 2 * math.pi * number / len(actors) - math.pi / 2
        x, y = WIDTH / 2 + _RADII[0] * math.cos(angle), HEIGHT / 2 + _RADII[1] * math.sin(angle)
        stands[actor.id] = replace(actor, x=round(x, 1), y=round(y, 1))
    beside: dict[str, list[Edge]] = defaultdict(list)
    for edge in edges:
        beside[edge.entry.tie].append(edge)
    return [
        replace(
            edge,
            ends=(stands[edge.ends[0].id], stands[edge.ends[1].id]),
            bend=(number - (len(same) - 1) / 2) * min(_APART, _SPREAD / len(same)),
        )
        for same in beside.values()
        for number, edge in enumerate(same)
    ]


def _side(line: list[str], labels: dict[str, str]) -> Actor:
    return Actor(local(URIRef(line[-1])), "/".join(labels[actor] for actor in line), address(line[-1]))
