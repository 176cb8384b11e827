"""What is minimal among that which suffices, whatever sufficing is: it is only ever tried.

Requires that whatever has more than a set that suffices, suffices, too.
"""

from collections.abc import Callable, Generator, Iterable
from itertools import compress
from typing import Final, TypeVar

from rdflib.term import Node

from tacit.judge import in_order

#: So many sets are found, and so many trials made at a time to see whether there are more.
MOST_SETS: Final = 32
MOST_TRIALS: Final = 512

Set = frozenset[Node]
#: A search that hands out sets, gets told which of them suffice, and ends with all minimal ones it found.
Search = Generator[list[Set], list[bool], tuple[list[Set], bool]]

T = TypeVar("T")


def minimal_sets(whole: Set) -> Search:
    """Search *whole*, which suffices, for all its minimal subsets that do; say whether these are all.

    A set that suffices is contracted until it hangs on every member. Then whatever avoids a member of each
    set that is known is tried, and where some of that suffices, it holds another set (Reiter 1987).
    """
    found: list[Set] = []
    failed: set[Set] = set()
    while True:
        hitting = _hitting(found)
        if len(hitting) > MOST_TRIALS:
            return found, False
        trials = [trial for avoided in hitting if (trial := whole - avoided) not in failed]
        answers = (yield trials) if trials else []
        failed.update(trial for trial, suffices in zip(trials, answers, strict=True) if not suffices)
        enough = next((trial for trial, suffices in zip(trials, answers, strict=True) if suffices), None)
        if enough is None:
            return found, True
        if len(found) == MOST_SETS:
            return found, False
        found.append((yield from _smallest(enough)))


def contracted(others: list[T], suffice: Callable[[list[T]], bool]) -> list[T]:
    """Return a minimal part of *others*, which suffice together (QuickXplain, Junker 2004).

    Where several would do, those that come first are preferred.
    """

    def part(kept: list[T], others: list[T], *, grown: bool) -> list[T]:
        if not others or (grown and suffice(kept)):
            return []
        if len(others) == 1:
            return others
        first, second = others[: len(others) // 2], others[len(others) // 2 :]
        from_second = part([*kept, *first], second, grown=True)
        return part([*kept, *from_second], first, grown=bool(from_second)) + from_second

    return part([], others, grown=True)


def _smallest(enough: Set) -> Generator[list[Set], list[bool], Set]:
    """Contract *enough*, which suffices, until it hangs on every member.

    Nothing and each member by itself are tried first: that is soon asked, and often suffices.
    """
    members = in_order(enough)
    small = [frozenset(), *(frozenset([member]) for member in members)]
    answers = yield small
    if any(answers):
        return small[answers.index(True)]
    dispensable = yield [enough - {member} for member in members]
    for member in compress(members, dispensable):
        (still,) = yield [enough - {member}]
        enough = enough - {member} if still else enough
    return enough


def _hitting(sets: Iterable[Set]) -> list[Set]:
    """Return the minimal sets that have a member of each of *sets* (Berge's algorithm), in a fixed order."""
    hitting: set[Set] = {frozenset()}
    for each in sets:
        hit = {h for h in hitting if h & each}
        wider = {h | {member} for h in hitting - hit for member in each}
        hitting = hit | {w for w in wider if not any(h <= w for h in hit)}
        if len(hitting) > MOST_TRIALS:  # more trials than are made, whatever the other sets add
            break
    return sorted(hitting, key=lambda h: (len(h), sorted(map(str, h))))
