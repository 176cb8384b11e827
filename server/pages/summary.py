"""A tie's disagreement in a few sentences, all of them made from the data."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from server.pages.accounts import Account, Condition, Portrayal
from server.pages.claims import Source
from server.pages.verdicts import Verdict


@dataclass(frozen=True)
class Turn:
    """A condition, and by source whether it is reported to be met, or reported against, in some phase."""

    name: str
    link: str
    said: dict[str, dict[str, str]]

    @property
    def differs(self) -> bool:
        """Tell whether it is met for one, and contradicted for another source or phase."""
        return len({state for states in self.said.values() for state in states}) > 1


def sentences(account: Account | None, verdicts: Sequence[Verdict]) -> list[str]:
    """Return what is to be read first: who calls the tie what, and how it fares under the definitions."""
    told = _called(verdicts)
    if account is None:
        return [*told, "No source reports of it what a definition asks for."]
    portrayals = [one for one in account.portrayals if not one.reading_of]
    judging = {verdict.claim.source.iri for verdict in verdicts}
    silent = [p.source for p in portrayals if not p.source.dataset and p.source.iri not in judging]
    if silent:
        told.append(f"{_sources(silent)} {_verb(silent, 'portrays', 'portray')} it without such a verdict.")
    return [*told, *_listed(portrayals), *_held(portrayals)]


def turns(account: Account) -> tuple[list[Turn], list[Condition]]:
    """Return the conditions on which some source reports something, and those on which nobody does."""
    said: dict[str, dict[str, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    conditions: dict[str, Condition] = {}
    for portrayal in account.portrayals:
        for condition in (c for cell in portrayal.cells for c in cell.conditions):
            conditions.setdefault(condition.name, condition)
            if not condition.by_tie and condition.state != "lacking" and not portrayal.reading_of:
                said[condition.name][portrayal.source.iri].setdefault(condition.state, portrayal.name)
    by_tie = {c.name for p in account.portrayals for cell in p.cells for c in cell.conditions if c.by_tie}
    made = [Turn(name, conditions[name].link, dict(own)) for name, own in said.items()]
    made.sort(key=lambda turn: (not turn.differs, -len(turn.said), turn.name))
    rest = [c for name, c in sorted(conditions.items()) if name not in said and name not in by_tie]
    return made, rest


def _called(verdicts: Sequence[Verdict]) -> list[str]:
    groups: dict[tuple[str, bool], list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        groups[verdict.claim.stance, verdict.outcome is not None].append(verdict)
    verbs = {
        ("affirms", True): ("calls it an alliance of some kind", "call it an alliance of some kind"),
        ("denies", True): ("denies that it is one of some kind", "deny that it is one of some kind"),
        ("entertains", True): ("says so with a hedge", "say so with a hedge"),
        ("reports", True): ("relays that others say so", "relay that others say so"),
        ("affirms", False): ("calls it something else", "call it something else"),
        ("denies", False): ("denies something else of it", "deny something else of it"),
        ("entertains", False): ("calls it something else, with a hedge",) * 2,
        ("reports", False): ("relays that it is called something else",) * 2,
    }
    told = []
    for key, (one, many) in verbs.items():
        if own := groups.get(key):
            by_source: dict[str, list[str]] = defaultdict(list)
            for verdict in own:
                when = f" {verdict.claim.period.short}" if verdict.claim.period else ""
                by_source[verdict.claim.source.short].append(f"{verdict.claim.category}{when}")
            what = "; ".join(f"{s}: {', '.join(dict.fromkeys(labels))}" for s, labels in by_source.items())
            of = [verdict.claim.source for verdict in own]
            told.append(f"{_sources(of)} {_verb(of, one, many)} ({what}).")
    return told


def _listed(portrayals: Iterable[Portrayal]) -> list[str]:
    told = []
    by_source: dict[str, list[Portrayal]] = defaultdict(list)
    for portrayal in portrayals:
        if portrayal.source.dataset:
            by_source[portrayal.source.short].append(portrayal)
    for source, own in by_source.items():
        missing = [p.period.short for p in own if p.looked_up and p.period]
        listed = [p.period.short for p in own if not p.looked_up and p.period]
        parts = [f"does not list it in {_and(missing)}"] if missing else []
        parts += [f"lists it in {_and(listed)}"] if listed else []
        told.append(f"{source} {' and '.join(parts)}.")
    return told


def _held(portrayals: Sequence[Portrayal]) -> list[str]:
    held: dict[bool, dict[str, None]] = {False: {}, True: {}}
    against: set[str] = set()
    every: set[str] = set()
    for portrayal in portrayals:
        for cell in (cell for cell in portrayal.cells if not cell.necessary_test):
            every.add(cell.name)
            if cell.outcome.key == "not":
                against.add(cell.name)
            elif cell.outcome.key != "silent":
                held[portrayal.source.dataset][cell.name] = None
    any_held = {*held[False], *held[True]}
    told = [
        f"Of {len(every)} definitions of an alliance, {len(any_held)} "
        f"{'holds' if len(any_held) == 1 else 'hold'} as some source portrays it in some phase, {len(against)} {'is' if len(against) == 1 else 'are'} "
        f"contradicted, {len(any_held & against)} by one and the other; on {len(every - any_held - against)} "
        "every source is silent."
    ]
    if held[False]:
        told.append(f"As the articles portray it, these hold: {_and(list(held[False]))}.")
    elif any(not p.source.dataset for p in portrayals):
        told.append("As the articles portray it, none holds.")
    if held[True]:
        told.append(f"As the data sets code it, these hold: {_and(list(held[True]))}.")
    return told


def _sources(of: Iterable[Source]) -> str:
    found = list({source.iri: source for source in of}.values())
    articles = [source.short for source in found if not source.dataset]
    named = [f"Article{'s' if len(articles) > 1 else ''} {_and(articles)}"] if articles else []
    return " and ".join([*named, *(source.short for source in found if source.dataset)])


def _verb(of: Iterable[Source], one: str, many: str) -> str:
    return one if len({source.iri for source in of}) == 1 else many


def _and(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
