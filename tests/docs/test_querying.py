"""docs/querying.md: its recipes run as they stand, with the page's prefixes, and find something."""

import re
from collections.abc import Callable
from typing import Final

import pytest

from tacit.names import PREFIXES
from tests.docs.conftest import Rows
from tests.docs.pages import blocks, text

PAGE: Final = "docs/querying.md"
PROLOGUE, *RECIPES = blocks(PAGE, "sparql")


def test_there_are_ten_recipes() -> None:
    assert len(RECIPES) == 10
    assert [int(n) for n in re.findall(r"^(\d+)\. \*\*", text(PAGE), re.MULTILINE)] == list(range(1, 11))


@pytest.mark.parametrize("recipe", RECIPES, ids=range(1, len(RECIPES) + 1))
def test_recipe_has_rows(recipe: str, ask: Callable[[str], Rows]) -> None:
    rows = ask(PROLOGUE + recipe)
    assert rows
    selected = recipe.partition("WHERE")[0].split()[1:]
    assert {f"?{name}" for row in rows for name in row} == set(selected), "a column that is never filled"


def test_recipes_show_the_stance_of_claims() -> None:
    """As the page demands: who reads a claim binds its stance, or asks for one."""
    for recipe in RECIPES:
        assert "?claim" not in recipe or "tacit:stance" in recipe


def test_prefixes_are_ours() -> None:
    declared = dict(re.findall(r"PREFIX (\w+): +<(.+?)>", PROLOGUE))
    assert declared.items() <= PREFIXES.items()
    used = {prefix for recipe in RECIPES for prefix in re.findall(r"\b([a-z]+):[A-Za-z]", recipe)}
    assert used <= declared.keys()
