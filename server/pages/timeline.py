"""Ties on a timeline: what is seen of them, laid out in rows of bars by percent of the width.

Percentages let one SVG without a viewBox stretch from a phone to a wall: years move together, but letters,
lines and patterns keep their size.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from rdflib import URIRef

from server.labels import address
from server.pages import outcomes
from server.pages.claims import Source
from server.pages.entries import Entry, Phase, Sight, called, names_of, rank, source_of
from server.pages.lens import Seen
from server.pages.period import Period
from tacit.lookup import local

#: The height of a lane, and how much of it a bar leaves free, in pixels.
LANE: Final = 20
GAP: Final = 3
#: A bar of fewer years has its mark beside it.
_WIDE: Final = 4
#: How far a bar runs on in a picture of which nobody says when it ends, in years.
_TAIL: Final = 3


@dataclass(frozen=True)
class Axis:
    """The years that a picture shows, from *begin* up to before *end*."""

    begin: int
    end: int

    def at(self, year: float) -> str:
        """Return where *year* begins, as SVG has it."""
        return f"{100 * (year - self.begin) / (self.end - self.begin):.2f}%"

    def wide(self, years: float) -> str:
        """Return how wide so many *years* are."""
        return f"{100 * years / (self.end - self.begin):.2f}%"

    @property
    def decades(self) -> list[int]:
        """The years that begin a decade."""
        return list(range(-(-self.begin // 10) * 10, self.end, 10))


@dataclass(frozen=True)
class Bar:
    """A link drawn from *begin* up to before *end*, which certainly covers the years of *sure*, if any.

    *ending* is ``open``, ``unknown`` or ``known``. Its mark, with *words* where they have
    room, stands at the year *marked*, anchored as SVG has it. The frame of a phase has nothing *seen*.
    """

    link: str
    title: str
    seen: Seen | None
    reading: bool
    begin: int
    end: int
    sure: tuple[int, int] | None
    ending: str
    top: int = 0
    marked: float = 0
    anchor: str = "middle"
    words: str = ""

    @property
    def parts(self) -> list[tuple[str, int, int]]:
        """The stretches of the bar, each ``sure`` or ``maybe``, with its first year and its length."""
        if self.sure is None:
            return [("maybe", self.begin, self.end - self.begin)]
        first, last = self.sure
        parts = [("maybe", self.begin, first), ("sure", first, last), ("maybe", last, self.end)]
        return [(kind, begin, end - begin) for kind, begin, end in parts if end > begin]

    @property
    def reach(self) -> int:
        """The year up to which the drawing needs its lane."""
        return self.end + (_TAIL if self.ending == "unknown" else 1 if self.ending == "open" else 0)


@dataclass(frozen=True)
class Row:
    """What one source says of one tie: the *bars*, in lanes, and the *frames* of its phases."""

    source: Source
    bars: list[Bar]
    frames: list[Bar]
    height: int


@dataclass(frozen=True)
class Group:
    """A tie with a row per source; *untimed* is what is said without a time: source, entry, link."""

    id: str
    label: str
    link: str
    rows: list[Row]
    untimed: list[tuple[Source, Entry, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Timeline:
    """Groups of rows under one axis."""

    axis: Axis
    groups: list[Group]


def timeline(sight: Sight, sources: dict[str, Source], *, worded: bool = False) -> Timeline:
    """Return what is in *sight*: ties of which most sources speak first, rows in the order of *sources*.

    If *worded*, bars have the words of their sources where there is room.
    """
    since = min((entry.period.begin_earliest for entry in sight.entries if entry.period), default=0)
    entries: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    phases: dict[tuple[str, str], list[Phase]] = defaultdict(list)
    for entry in sight.entries:
        entries[entry.tie, entry.source].append(entry)
    for phase in sight.phases:
        phases[phase.tie, phase.source].append(phase)
    labels = names_of(tie for tie, _ in entries)
    phase_labels = {phase.portrayal: phase.label for phase in sight.phases}
    place = rank(sources)
    groups = []
    speaking = Counter(tie for tie, _ in entries)
    for tie, label in sorted(labels.items(), key=lambda item: (-speaking[item[0]], item[1])):
        known = sorted((s for t, s in entries if t == tie), key=lambda s: (place(s), s))
        rows, untimed = [], []
        for iri in known:
            source = source_of(sources, iri)
            said = entries[tie, iri]
            untimed += [(source, entry, link_of(entry)) for entry in said if entry.period is None]
            bars = _merged(_bar(e, e.period, source, phase_labels) for e in said if e.period)
            # the frame of a phase is of use only where verdicts are drawn at times of their own
            framed = any(entry.claim for entry in said)
            frames = [_frame(phase) for phase in phases[tie, iri]] if framed else []
            if bars:
                rows.append(_row(source, bars, frames, since if worded else None))
        groups.append(Group(local(URIRef(tie)), label, address(tie), rows, untimed))
    return Timeline(_axis(row for group in groups for row in group.rows), groups)


def link_of(entry: Entry) -> str:
    """Return where more is said: the tie's page at the portrayal, or the page of a claim that is in none."""
    if entry.portrayals:
        return f"{address(entry.tie)}#{local(URIRef(entry.portrayals[0]))}"
    return address(entry.claim)


def _bar(entry: Entry, period: Period, source: Source, phases: dict[str, str]) -> Bar:
    where = ""
    if not entry.claim:
        where = "; " + phases.get(entry.portrayals[0], local(URIRef(entry.portrayals[0])))
    elif not entry.portrayals:
        where = "; of no phase that it describes"
    detail = f" ({entry.detail})" if entry.detail else ""
    title = f"{called(source)}: {entry.seen.words}{detail}; {period.text}{where}"
    return _drawn(period, link_of(entry), title, entry.seen, reading=entry.reading)


def _frame(phase: Phase) -> Bar:
    link = f"{address(phase.tie)}#{local(URIRef(phase.portrayal))}"
    return _drawn(phase.period, link, f"Phase: {phase.label}; {phase.period.text}", None, reading=False)


def _drawn(period: Period, link: str, title: str, seen: Seen | None, *, reading: bool) -> Bar:
    ending = "open" if period.still else "unknown" if period.end_latest is None else "known"
    end = (period.end_earliest if period.end_latest is None else period.end_latest) + 1
    sure = (
        (period.begin_latest, period.end_earliest + 1) if period.begin_latest <= period.end_earliest else None
    )
    return Bar(
        link, title, seen, reading, period.begin_earliest, max(end, period.begin_latest + 1), sure, ending
    )


def _merged(bars: Iterable[Bar]) -> list[Bar]:
    """Return one bar for all that look alike; its title tells of each."""
    found: dict[Bar, list[Bar]] = defaultdict(list)
    for bar in bars:
        wordless = replace(bar.seen, words="") if bar.seen else None
        found[replace(bar, title="", link="", seen=wordless)].append(bar)
    merged = []
    for like, same in found.items():
        words = ", ".join(dict.fromkeys(bar.seen.words for bar in same if bar.seen))
        title = "\n".join(dict.fromkeys(bar.title for bar in same))
        seen = replace(like.seen, words=words) if like.seen else None
        merged.append(replace(same[0], title=title, seen=seen))
    return merged


def _row(source: Source, bars: list[Bar], frames: list[Bar], since: int | None) -> Row:
    """Return *bars* in as few lanes as keep apart what shares more than the year in which one takes over."""
    lanes: list[list[Bar]] = []
    for bar in sorted(bars, key=lambda bar: (bar.reading, bar.begin, -bar.end)):
        fits = (n for n, lane in enumerate(lanes) if all(_apart(bar, other) for other in lane))
        number = next(fits, len(lanes))
        if number == len(lanes):
            lanes.append([])
        lanes[number].append(replace(bar, top=number * LANE + GAP))
    placed = [_with_mark(bar, lane, since) for lane in lanes for bar in lane]
    return Row(source, placed, frames, max(len(lanes), 1) * LANE + GAP)


def _apart(bar: Bar, other: Bar) -> bool:
    """Say whether both fit into a lane; what looks alike may lie upon another."""
    if (bar.seen and bar.seen.mark) == (other.seen and other.seen.mark) and bar.reading == other.reading:
        return True
    first, second = sorted((bar, other), key=lambda it: (it.begin, it.end))
    return second.begin >= first.end - 1 and second.end > first.end


def _with_mark(bar: Bar, lane: list[Bar], since: int | None) -> Bar:
    """Return *bar* with its mark within, or else beside it.

    If the picture begins with the year *since*, and is to have words, they go where they have room.
    """
    silent = bar.seen is None or bar.seen.outcome is outcomes.SILENT
    words = "" if bar.seen is None or silent or since is None else bar.seen.words
    room = len(words) + _WIDE
    first, last = bar.sure if bar.sure and bar.sure[1] - bar.sure[0] >= _WIDE else (bar.begin, bar.end)
    covered = any(other.begin < bar.end - 1 and other.reach > bar.begin + 1 for other in lane if other != bar)
    if last - first >= _WIDE:
        fits = last - first >= room and not covered
        return replace(bar, marked=(first + last) / 2, words=words if fits else "")
    before = max((other.reach for other in lane if other != bar and other.begin < bar.begin), default=None)
    if before is None or before <= bar.begin - _WIDE:
        free = bar.begin - (before if before is not None else since or 0)
        return replace(bar, marked=bar.begin - 0.6, anchor="end", words=words if free >= room else "")
    return replace(bar, marked=bar.reach + 0.4, anchor="start")


def _axis(rows: Iterable[Row]) -> Axis:
    bars = [bar for row in rows for bar in (*row.bars, *row.frames)]
    if not bars:
        return Axis(1950, 2000)
    # a mark may stand beside the first bar
    return Axis(min(bar.begin for bar in bars) - 3, max(bar.reach for bar in bars) + 1)
