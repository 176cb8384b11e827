"""Justifications: all minimal sets of claims from which an outcome follows, each with its axioms.

They are found by asking the reasoner of subsets, whatever the conditions look like; the searches for all
outcomes go side by side, each step of all of them in one closure.
"""

import hashlib
import json
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version
from itertools import combinations
from pathlib import Path
from typing import Any, Final

from rdflib import RDF
from rdflib.term import Node

from tacit.axioms import Axiom, axioms, relevant
from tacit.derive import Triple
from tacit.judge import Case, Judge, Judgement, in_order
from tacit.minimal import Set, contracted, minimal_sets
from tacit.names import TACIT
from tacit.reason import consequences

#: Of so few findings all subsets are asked about at once; of more, step by step, what a search wants.
_FEW: Final = 8


@dataclass(frozen=True)
class Justification:
    """Names (full IRIs): claims which suffice together and hang on each one; what else it takes.

    *premises* are the tie and the provisions, *axioms* as `tacit.axioms` writes them. For what is
    contradicted there are no axioms, but the *conditions* which the claims, or the tie, speak against.
    """

    members: tuple[str, ...]
    premises: tuple[str, ...] = ()
    axioms: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Justified:
    """All justifications of an outcome, fewest members first; not *complete* if there were too many."""

    sets: tuple[Justification, ...]
    complete: bool = True


class Memory:
    """What was justified by an earlier build, as *written* then, by the digest of all that it depends on."""

    def __init__(self, written: bytes = b"{}") -> None:
        try:
            self._known = dict(json.loads(written))
        except (ValueError, TypeError):  # cut off or spoilt: what it knew is found again
            self._known = {}
        self._used: dict[str, Any] = {}

    def recall(self, digest: str) -> dict[str, Justified] | None:
        """Return the outcomes under *digest*, if they are known, and keep them for the next build."""
        if digest not in self._known:
            return None
        self._used[digest] = self._known[digest]
        return {
            name: Justified(tuple(_read(each) for each in sets), complete)
            for name, (sets, complete) in self._known[digest].items()
        }

    def keep(self, digest: str, outcomes: Mapping[str, Justified]) -> None:
        """Remember *outcomes*, by definition."""
        self._used[digest] = {n: ([asdict(s) for s in j.sets], j.complete) for n, j in outcomes.items()}

    def written(self) -> bytes:
        """Return what was recalled or kept, for the next build; the rest is forgotten."""
        return json.dumps(self._used).encode()


def _read(fields: dict[str, list[str]]) -> Justification:
    return Justification(**{name: tuple(values) for name, values in fields.items()})


def justify(judge: Judge, memory: Memory) -> dict[Node, dict[str, Justified]]:
    """Return why things hold or are contradicted: justifications by portrayal and definition (its IRI)."""
    known = axioms(judge.schema)
    general = _digest([*known, *judge.rules(), _code()])
    keys = {p: _digest([general, *_told(judge, p)]) for p in judge.findings}
    found = {p: recalled for p, key in keys.items() if (recalled := memory.recall(key)) is not None}
    new = [p for p in judge.findings if p not in found]
    judge.ask(_first_cases(judge, new))
    outcomes = {
        (p, definition): judge.judge(p, judge.findings[p], conditions)
        for p in new
        for definition, conditions in judge.definitions.items()
    }
    found |= {p: {} for p in new}
    derivations = _Derivations(judge, known.values())
    for (portrayal, definition), (sets, complete) in _searched(judge, outcomes).items():
        if outcomes[portrayal, definition].result == TACIT.Holds:
            made = [derivations.justification(portrayal, definition, s) for s in sets]
        else:
            lacks = outcomes[portrayal, definition].lacks
            made = [_of_contradicted(judge, portrayal, lacks, s) for s in sets]
        made.sort(key=lambda j: (len(j.members), j.members))
        found[portrayal][str(definition)] = Justified(tuple(made), complete)
    for portrayal in new:
        memory.keep(keys[portrayal], found[portrayal])
    return found


def _searched(
    judge: Judge, outcomes: Mapping[tuple[Node, Node], Judgement]
) -> dict[tuple[Node, Node], tuple[list[Set], bool]]:
    """Run a search for each outcome that is not silent, all of them step by step side by side."""
    found = {}
    searches = {
        cell: minimal_sets(judge.findings[cell[0]])
        for cell, judgement in outcomes.items()
        if judgement.result != TACIT.Silent
    }
    asked = {cell: next(search) for cell, search in searches.items()}
    while asked:
        judge.ask((portrayal, trial) for (portrayal, _), trials in asked.items() for trial in trials)
        for cell in list(asked):
            (portrayal, definition), judgement = cell, outcomes[cell]
            conditions = judge.definitions[definition]
            answers = [judge.suffices(portrayal, trial, conditions, judgement) for trial in asked[cell]]
            try:
                asked[cell] = searches[cell].send(answers)
            except StopIteration as end:
                found[cell] = end.value
                del asked[cell]
    return found


def _first_cases(judge: Judge, portrayals: Iterable[Node]) -> Iterator[Case]:
    for portrayal in portrayals:
        whole = judge.findings[portrayal]
        few = len(whole) <= _FEW
        sizes = range(len(whole) + 1) if few else (0, 1, len(whole) - 1, len(whole))
        yield from ((portrayal, frozenset(part)) for size in sizes for part in combinations(whole, size))


def _of_contradicted(judge: Judge, portrayal: Node, lacks: Set, members: Set) -> Justification:
    conditions = judge.against(portrayal, members).keys() & lacks
    premises = () if members else judge.graph.objects(portrayal, TACIT.portrays)
    return Justification(_names(members), _names(premises), conditions=_names(conditions))


class _Derivations:
    """What it takes to conclude from claims to an outcome; found once for all that differ in names only."""

    def __init__(self, judge: Judge, known: Iterable[Axiom]) -> None:
        self._judge = judge
        self._known = list(known)
        self._alike: dict[Hashable, tuple[list[int], tuple[str, ...]]] = {}

    def justification(self, portrayal: Node, definition: Node, members: Set) -> Justification:
        """Contract what else it takes: the things to which portrayal and claims lead, and the axioms."""
        facts = self._judge.local(portrayal, members)
        classes = {s: sorted(str(o) for t, p, o in facts if t == s and p == RDF.type) for s, _, _ in facts}
        things = sorted(classes, key=lambda thing: (thing != portrayal, classes[thing], str(thing)))
        number = {thing: place for place, thing in enumerate(things)}
        alike = frozenset((number[s], p, number.get(o, o)) for s, p, o in facts)
        if (definition, alike) not in self._alike:
            others = [thing for thing in things if thing != portrayal and thing not in members]
            premises, axioms = self._contracted(facts, (portrayal, RDF.type, definition), others)
            self._alike[definition, alike] = [number[thing] for thing in premises], axioms
        numbers, axioms = self._alike[definition, alike]
        return Justification(_names(members), _names(things[place] for place in numbers), axioms)

    def _contracted(
        self, facts: list[Triple], goal: Triple, others: list[Node]
    ) -> tuple[list[Node], tuple[str, ...]]:
        used = relevant(self._known, {name for _, p, o in facts for name in (p, o)}, goal[2])
        if not _follows(goal, facts, used):
            used = self._known
        # the definition's own conditions rather than a narrower definition, where either would do
        narrower = self._judge.definitions.keys() - {goal[2]}
        used = sorted(used, key=lambda axiom: bool(narrower & (axiom.sources | axiom.targets)))
        needed = []
        for thing in others:
            fewer = [fact for fact in facts if thing not in (fact[0], fact[2])]
            if _follows(goal, fewer, used):
                facts = fewer
            else:
                needed.append(thing)
        used = contracted(used, lambda axioms: _follows(goal, facts, axioms))
        return needed, tuple(sorted(axiom.name for axiom in used))


def _follows(goal: Triple, facts: list[Triple], used: list[Axiom]) -> bool:
    return goal in consequences([*facts, *(triple for axiom in used for triple in axiom.triples)])


def _names(nodes: Iterable[Node]) -> tuple[str, ...]:
    return tuple(map(str, in_order(nodes)))


def _told(judge: Judge, portrayal: Node) -> list[str]:
    facts = judge.local(portrayal, judge.findings[portrayal])
    return sorted(" ".join(map(str, fact)) for fact in facts)


def _code() -> str:
    """Return a digest of the code that finds justifications, and of the reasoner that it asks."""
    folder = Path(__file__).parent
    files = [folder / f"{name}.py" for name in ("axioms", "judge", "justify", "minimal", "reason")]
    return _digest([version("reasonable"), *(file.read_text(encoding="utf-8") for file in files)])


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256(json.dumps(list(parts)).encode()).hexdigest()
