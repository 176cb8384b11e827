"""What if: which outcomes change without a claim, a source, what verdicts imply, or a condition.

Nothing is built and nothing is written. Definitions are judged one by one, each by its own conditions: where
one is changed, those above it are not.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from rdflib.term import Node

from tacit.errors import TacitError
from tacit.judge import Judgement, in_order
from tacit.lookup import local
from tacit.model import Model
from tacit.names import TACIT, short

#: So many names can be left out at a time; whoever wants more wants another corpus.
MOST_NAMES: Final = 100

Set = frozenset[Node]


@dataclass(frozen=True)
class Without:
    """What is left out: named claims and *sources*, conditions by definition, and *implied*: all of verdicts.

    *derived* goes with the named claims, because nothing but they implies it; *every* is all these claims.
    """

    claims: Set = frozenset()
    sources: Set = frozenset()
    implied: Set = frozenset()
    derived: Set = frozenset()
    every: Set = frozenset()
    conditions: Mapping[Node, Set] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """A cell before and after, and the claims without any one of which it would not be so.

    *hangs_on* is told of the outcome before if it changed, else of the one that stayed.
    """

    portrayal: Node
    definition: Node
    before: Judgement
    after: Judgement
    hangs_on: Set = frozenset()

    @property
    def changed(self) -> bool:
        """Tell whether the result is another one."""
        return self.before.result != self.after.result


def without(
    model: Model, names: Sequence[str] = (), *, implied: bool = False, conditions: Sequence[str] = ()
) -> Without:
    """Return what *names* (claims and sources) and *conditions* (``DEFINITION:CONDITION``) mean.

    A claim takes with it what is derived from it alone, such as the finding that a verdict implies. Raises
    UnknownNameError with the nearest names; TacitError where nothing is named, too much, or nothing is left.
    """
    if not names and not implied and not conditions:
        raise TacitError("Nothing is left out: name a claim, a source or a condition.")
    if len(names) + len(conditions) > MOST_NAMES:
        raise TacitError(f"That are more than {MOST_NAMES} names: leave out whole sources.")
    found = {model.find("claim or source", [*model.sources, *model.claims], name) for name in names}
    claims, sources = found & model.claims.keys(), found - model.claims.keys()
    every = claims | {claim for claim, known in model.claims.items() if known.source in sources}
    verdicts = {claim for claim, known in model.claims.items() if known.implied}
    derived: set[Node] = set()
    size = -1
    while size != (size := len(derived)):
        gone = every | derived
        derived |= {v for v in verdicts - gone if set() < model.claims[v].derived_from <= gone}
    every |= derived | (verdicts if implied else set())
    if not any(findings - every for findings in model.judge.findings.values()):
        raise TacitError("That leaves no finding, and every definition silent: keep a source or a claim.")
    return Without(
        claims=frozenset(claims),
        sources=frozenset(sources),
        implied=frozenset(verdicts if implied else ()),
        derived=frozenset(derived),
        every=frozenset(every),
        conditions=_conditions(model, conditions),
    )


def what_if(model: Model, out: Without) -> list[Outcome]:
    """Return the outcomes that *out* touches: those that change, and what still holds or is contradicted.

    Touched are the portrayals that lose a finding, and under a changed definition all of them.
    """
    judge = model.judge
    conditions = {d: own - out.conditions.get(d, frozenset()) for d, own in judge.definitions.items()}
    left = {p: findings - out.every for p, findings in judge.findings.items()}
    touched = [
        (p, d)
        for p, findings in judge.findings.items()
        for d in judge.definitions
        if left[p] != findings or d in out.conditions
    ]
    judge.ask((p, findings) for p, _ in touched for findings in (judge.findings[p], left[p]))
    # what a pledge speaks against is asked of each finding alone
    judge.ask((p, frozenset([finding])) for p in dict(touched) for finding in judge.findings[p])
    outcomes = []
    for p, d in touched:
        before = judge.judge(p, judge.findings[p], judge.definitions[d])
        after = judge.judge(p, left[p], conditions[d])
        if TACIT.Silent not in (before.result, after.result) or before.result != after.result:
            outcomes.append(Outcome(p, d, before, after))
    versions = [
        (one, judge.findings[one.portrayal], judge.definitions[one.definition], one.before)
        if one.changed
        else (one, left[one.portrayal], conditions[one.definition], one.after)
        for one in outcomes
    ]
    judge.ask((one.portrayal, own - {f}) for one, own, _, _ in versions for f in own)
    return [
        replace(one, hangs_on=judge.needed(one.portrayal, own, by, judgement))
        for one, own, by, judgement in versions
    ]


def report(model: Model, out: Without) -> dict[str, Any]:
    """Return what was left out and what came of it, as JSON can say it.

    ``{without: {claims, sources, implied, derived, conditions}, idle, changes, stays}``: *idle* are named
    claims on which no portrayal rests; *changes* and *stays*, of outcomes that are touched, are lists of
    ``{portrayal, label, tie, source, definition, name, before, after, lacks, hangs_on}``.
    """
    outcomes = what_if(model, out)
    findings = frozenset[Node]().union(*model.judge.findings.values())
    implying = {verdict for finding in out.derived for verdict in model.claims[finding].derived_from}
    return {
        "without": {
            "claims": _names(out.claims),
            "sources": _names(out.sources),
            "implied": _names(out.implied),
            "derived": _names(out.derived),
            "conditions": {short(str(d)): _names(own) for d, own in sorted(out.conditions.items(), key=str)},
        },
        "idle": _names(out.claims - findings - implying),
        "changes": [_change(model, outcome) for outcome in outcomes if outcome.changed],
        "stays": [_change(model, outcome) for outcome in outcomes if not outcome.changed],
    }


def _conditions(model: Model, names: Iterable[str]) -> dict[Node, Set]:
    off: dict[Node, set[Node]] = {}
    definitions = model.judge.definitions
    for name in names:
        first, colon, second = name.removeprefix("def:").partition(":")
        if not colon or not second:
            raise TacitError(f"{name} is no condition of a definition: write DEFINITION:CONDITION.")
        definition = model.find("definition", definitions, first)
        condition = model.find(f"condition of {local(definition)}", definitions[definition], second)
        off.setdefault(definition, set()).add(condition)
    for definition, conditions in off.items():
        if conditions >= definitions[definition]:
            raise TacitError(f"That leaves {short(str(definition))} no condition: keep one.")
    return {definition: frozenset(conditions) for definition, conditions in off.items()}


def _change(model: Model, outcome: Outcome) -> dict[str, Any]:
    graph = model.judge.graph
    return {
        "portrayal": short(str(outcome.portrayal)),
        "label": model.label(outcome.portrayal),
        "tie": _names(graph.objects(outcome.portrayal, TACIT.portrays))[0],
        "source": _names(graph.objects(outcome.portrayal, TACIT.evidenceBase))[0],
        "definition": short(str(outcome.definition)),
        "name": model.label(outcome.definition),
        "before": local(outcome.before.result).lower(),
        "after": local(outcome.after.result).lower(),
        "lacks": _names(outcome.after.lacks),
        "hangs_on": _names(outcome.hangs_on),
    }


def _names(things: Iterable[Node]) -> list[str]:
    return [short(str(thing)) for thing in in_order(things)]
