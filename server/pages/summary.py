"""A tie's disagreement in a few sentences, all of them made from the data."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

from server.pages.accounts import Account, Condition, Portrayal
from server.pages.claims import Claim, Source
from server.pages.period import Period
from server.pages.verdicts import Verdict

#: What a source, or several, do by a verdict of each stance on the tie, and on one of its treaties.
_CALLING: Final = {
    "affirms": (("calls it", "call it"), ("puts on a treaty of it", "put on a treaty of it")),
    "denies": (("denies that it is", "deny that it is"), ("denies a treaty of it", "deny a treaty of it")),
    "entertains": (
        ("calls it, with a hedge,", "call it, with a hedge,"),
        ("puts, with a hedge, on a treaty of it", "put, with a hedge, on a treaty of it"),
    ),
    "reports": (
        ("relays, taking no side, that it is", "relay, taking no side, that it is"),
        ("relays, taking no side, of a treaty of it", "relay, taking no side, of a treaty of it"),
    ),
}
#: A begin that is not known within so many years is no help in a sentence.
_WIDE: Final = 5


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
    return [*told, *_listed(portrayals), *_held(portrayals), *_against(portrayals)]


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
    articles = {p.source.iri for p in account.portrayals if not p.source.dataset}
    made.sort(key=lambda turn: (articles.isdisjoint(turn.said), not turn.differs, turn.name))
    rest = [c for name, c in sorted(conditions.items()) if name not in said and name not in by_tie]
    return made, rest


def _called(verdicts: Sequence[Verdict]) -> list[str]:
    told = []
    for stance, (of_tie, of_treaty) in _CALLING.items():
        # a label that is put on a text is not one that is put on the tie
        for treaty, alliance in product((False, True), (True, False)):
            own = [
                verdict.claim
                for verdict in verdicts
                if verdict.claim.stance == stance
                and (verdict.outcome is not None) == alliance
                and (verdict.treaty is not None) == treaty
            ]
            if own:
                verbs = of_treaty if treaty else of_tie
                of = [claim.source for claim in own]
                label = "the label of " if treaty else ""
                joined = _and(_labels(own), "or" if stance == "denies" else "and")
                told.append(f"{_sources(of)} {_verb(of, *verbs)} {label}{joined}.")
    return told


def _labels(own: Sequence[Claim]) -> list[str]:
    """Return each category with who says so and of which years, in brackets."""
    alone = len({claim.source.iri for claim in own}) == 1
    by_category: dict[str, dict[str, None]] = defaultdict(dict)
    for claim in own:
        words = [*([] if alone else [claim.source.short]), *_years(claim)]
        by_category[claim.category][" ".join(words)] = None
    brackets = {category: ", ".join(filter(None, by)) for category, by in by_category.items()}
    return [f"{_a(category)}{f' ({told})' if told else ''}" for category, told in brackets.items()]


def _years(claim: Claim) -> list[str]:
    """Return its years, where the source, and not we, dates the claim, and not too widely to be of use."""
    period = claim.period
    if (
        not period
        or period.basis == "OutsideKnowledge"
        or period.begin_latest - period.begin_earliest > _WIDE
    ):
        return []
    return [period.short]


def _a(category: str) -> str:
    """Return *category* with its article; enmity and the like have none."""
    if not category.endswith(("alliance", "alliance in all but name", "partnership")):
        return category
    return f"{'an' if category[:1] in 'aeiou' else 'a'} {category}"


def _against(portrayals: Sequence[Portrayal]) -> list[str]:
    """Return what the articles report against, by condition."""
    by: dict[str, dict[str, None]] = defaultdict(dict)
    for portrayal in portrayals:
        for condition in (c for cell in portrayal.cells for c in cell.by_state("contradicted")):
            if not portrayal.source.dataset and not condition.by_tie:
                by[condition.name][portrayal.source.short] = None
    told = [f"“{name}” ({', '.join(sources)})" for name, sources in by.items()]
    return [f"What the articles report speaks against these conditions: {_and(told)}."] if told else []


def _listed(portrayals: Iterable[Portrayal]) -> list[str]:
    told = []
    by_source: dict[str, list[Portrayal]] = defaultdict(list)
    for portrayal in portrayals:
        if portrayal.source.dataset:
            by_source[portrayal.source.short].append(portrayal)
    for source, own in by_source.items():
        missing = [_coded(p.period) for p in own if p.looked_up and p.period]
        listed = [_coded(p.period) for p in own if not p.looked_up and p.period]
        parts = [f"does not list it in {_and(missing)}"] if missing else []
        parts += [f"lists it in {_and(listed)}"] if listed else []
        told.append(f"{source} {' and '.join(parts)}.")
    return told


def _coded(period: Period) -> str:
    """Return the years of a coding; one that is still so at its end ends with the data set."""
    years = (period.begin_latest, period.end_latest or period.end_earliest)
    return " to ".join(map(str, dict.fromkeys(years)))


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
    both, neither = any_held & against, every - any_held - against
    told = [
        f"Of {len(every)} definitions of an alliance, {len(any_held)} {_is(any_held, 'holds', 'hold')} "
        "as some source portrays it in some phase, "
        f"and {len(against)} {_is(against, 'is', 'are')} contradicted"
        f"{f', {len(both)} of them in another phase or by another source' if both else ''}"
        f"{f'; on {len(neither)}, every source is silent' if neither else ''}."
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


def _is(things: Collection[object], one: str, many: str) -> str:
    return one if len(things) == 1 else many


def _and(words: Sequence[str], last: str = "and") -> str:
    return f" {last} ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
