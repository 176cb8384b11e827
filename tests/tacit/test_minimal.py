import random
from collections.abc import Callable
from itertools import chain, combinations

import pytest
from rdflib import Namespace

from tacit import minimal
from tacit.minimal import Set, contracted, minimal_sets

N = Namespace("https://w3id.org/tacit/id/")


def sets(*words: str) -> set[Set]:
    return {frozenset(N[letter] for letter in word) for word in words}


def searched(whole: Set, suffices: Callable[[Set], bool]) -> tuple[list[Set], bool]:
    search = minimal_sets(whole)
    trials = next(search)
    while True:
        try:
            trials = search.send([suffices(trial) for trial in trials])
        except StopIteration as end:
            found: tuple[list[Set], bool] = end.value
            return found


def monotone(*words: str) -> Callable[[Set], bool]:
    return lambda trial: any(one <= trial for one in sets(*words))


@pytest.mark.parametrize(
    "words", [["a"], ["a", "b", "c"], ["ab"], ["ab", "bc", "ca"], ["abc", "ad", "e"], ["", "a"], ["abcde"]]
)
def test_all_minimal_sets_are_found(words: list[str]) -> None:
    found, complete = searched(frozenset(N[letter] for letter in "abcdefg"), monotone(*words))
    expected = {one for one in sets(*words) if not any(other < one for other in sets(*words))}
    assert complete
    assert len(found) == len(set(found))
    assert set(found) == expected


def test_all_minimal_sets_are_found_of_whatever_suffices() -> None:
    """Hold the search to a look at every subset, for sets drawn at random."""
    chance = random.Random(6)  # noqa: S311
    letters = "abcdefg"
    for _ in range(100):
        words = ["".join(chance.sample(letters, chance.randint(1, 4))) for _ in range(chance.randint(1, 6))]
        suffices = monotone(*words)
        parts = chain.from_iterable(combinations(letters, size) for size in range(len(letters) + 1))
        enough = [part for part in map(frozenset, sets(*map("".join, parts))) if suffices(part)]
        expected = {part for part in enough if not any(other < part for other in enough)}
        found, complete = searched(frozenset(N[letter] for letter in letters), suffices)
        assert complete
        assert set(found) == expected


def test_more_sets_than_are_listed_are_said_to_be_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(minimal, "MOST_SETS", 2)
    whole = frozenset(N[letter] for letter in "abc")
    found, complete = searched(whole, monotone("a", "b", "c"))
    assert (len(found), complete) == (2, False)
    assert searched(whole, monotone("a", "b")) == ([*sets("a"), *sets("b")], True)


def test_more_trials_than_are_made_are_said_to_leave_some_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(minimal, "MOST_TRIALS", 3)
    found, complete = searched(frozenset(N[letter] for letter in "abcdef"), monotone("ab", "cd", "ef"))
    assert not complete
    assert set(found) <= sets("ab", "cd", "ef")


@pytest.mark.parametrize("needed", ["", "a", "h", "ah", "cde", "abcdefgh"])
def test_contraction_leaves_what_is_needed(needed: str) -> None:
    asked = []

    def suffice(letters: list[str]) -> bool:
        asked.append(letters)
        return set(needed) <= set(letters)

    assert sorted(contracted(list("abcdefgh"), suffice)) == sorted(needed)
    assert len(asked) <= 16


def test_contraction_prefers_what_comes_first() -> None:
    assert contracted(["a", "b", "c"], lambda letters: bool({"a", "c"} & set(letters))) == ["a"]
    assert contracted([], lambda letters: True) == []


def test_what_one_member_does_alone_takes_few_questions() -> None:
    """Eight alternatives: without asking of single members first, these were many more."""
    asked = []

    def suffices(trial: Set) -> bool:
        asked.append(trial)
        return bool(trial)

    found, _ = searched(frozenset(N[letter] for letter in "abcdefgh"), suffices)
    assert len(found) == 8
    assert len(asked) <= 8 * 8 + 2 * 8
