"""One tie: who says what of it, which definitions hold, are contradicted or silent, and why."""

from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint

from server.labels import iri_cell
from server.pages.accounts import Account, Portrayal
from server.pages.behind import declared
from server.pages.claims import Source
from server.pages.period import Period
from server.pages.provisions import texts
from server.pages.summary import sentences, turns
from server.pages.verdicts import Verdict, answered, answers, rosters, verdicts
from server.rdf import rows
from server.reasons import explained
from server.resources import ABOUT
from server.thing import Thing
from tacit.names import ID, TACIT

blueprint = Blueprint("tie", __name__)

#: What a picture of periods is wide, in units of its own.
WIDTH: Final = 240
_PARTIES: Final = "SELECT ?party { %s tacit:party ?party } ORDER BY ?party"
_PORTRAYED: Final = "SELECT ?portrayal { ?portrayal tacit:portrays %s } LIMIT 1"


@dataclass(frozen=True)
class Row:
    """A source's phase, or its verdicts on no phase in particular, with a bar: (x, width, certain) each."""

    source: Source
    portrayal: Portrayal | None
    verdicts: tuple[Verdict, ...]
    bars: tuple[tuple[float, float, bool], ...]


def about(thing: Thing) -> dict[str, Any]:
    """Return what the page about a tie shows above all that the graph says of it."""
    tie = thing.iri
    name = tie.value.removeprefix(str(ID))
    portrayed = bool(rows(declared(_PORTRAYED % tie)))
    account = Account(explained(tie.value)) if portrayed else None
    found, listed, answering = verdicts(tie), rosters(tie), answers(tie)
    own = {verdict.claim.iri for verdict in found} | {claim.iri for claim in listed}
    # what answers a verdict on this tie first, then what is only about it
    answering.sort(key=lambda one: own.isdisjoint(other.iri for _, other in one.others))
    first, last, lines = _rows(account.portrayals if account else [], found)
    turning, unreported = turns(account) if account else ([], [])
    said = {source for turn in turning for source in turn.said}
    parties = [row["party"]["value"] for row in rows(declared(_PARTIES % tie))]
    return {
        "tie_name": name,
        "parties": [iri_cell(party, thing.labels) for party in parties],
        "account": account,
        "sentences": sentences(account, found),
        "lines": lines,
        "first": first,
        "last": last,
        "width": WIDTH,
        "verdicts": found,
        "rosters": listed,
        "answers": answering,
        "answered": answered(answering),
        "turns": turning,
        "unreported": unreported,
        "columns": list({p.source.iri: p.source for p in account.portrayals if p.source.iri in said}.values())
        if account
        else [],
        "texts": texts(tie),
    }


ABOUT[str(TACIT.Tie)] = ("tie.html", about)


def _rows(portrayals: list[Portrayal], found: list[Verdict]) -> tuple[int, int, list[Row]]:
    """Return the first and the last year of all, and the rows, those of one source together."""
    periods = [p.period for p in portrayals if p.period]
    first = min((p.begin_earliest for p in periods), default=0)
    last = max((p.end_latest or p.end_earliest for p in periods), default=first) + 1
    made = [
        Row(
            p.source,
            p,
            tuple(v for v in found if p.name in v.portrayals),
            _bars(p.period, first, last) if p.period else (),
        )
        for p in portrayals
    ]
    loose: dict[str, list[Verdict]] = {}
    for verdict in found:
        if not {p.name for p in portrayals} & set(verdict.portrayals):
            loose.setdefault(verdict.claim.source.iri, []).append(verdict)
    made += [Row(own[0].claim.source, None, tuple(own), ()) for own in loose.values()]
    return first, last - 1, sorted(made, key=lambda row: (row.source.dataset, row.source.short))


def _bars(period: Period, first: int, last: int) -> tuple[tuple[float, float, bool], ...]:
    """Return where the period may have been, and above it where it certainly was."""

    def bar(begin: int, end: int, *, certain: bool) -> tuple[float, float, bool]:
        scale = WIDTH / (last - first)
        return round((begin - first) * scale, 1), round((end + 1 - begin) * scale, 1), certain

    # an end that is not given is not known: the bar goes no further than what the source says
    bars = [bar(period.begin_earliest, period.end_latest or period.end_earliest, certain=False)]
    if period.begin_latest <= period.end_earliest:
        bars.append(bar(period.begin_latest, period.end_earliest, certain=True))
    return tuple(bars)
