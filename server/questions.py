"""The library for pages: its topics, and the parameters of a question as fields of a form."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import yaml
from flask import request

from server.errors import ProblemError
from server.rdf import rows
from server.state import state
from tacit import library
from tacit.errors import TacitError
from tacit.library import Query
from tacit.names import PREFIXES, short
from tacit.params import Param

#: More suggestions for a parameter than this would be no help, and a heavy page.
MOST_SUGGESTIONS: Final = 300


@dataclass(frozen=True)
class Topic:
    """A topic of the library: its name, a sentence on what it asks about (or ""), and its questions."""

    name: str
    about: str
    questions: tuple[Query, ...]


@dataclass(frozen=True)
class Field:
    """A parameter as a field: its value, and what may be chosen, prefixed names each with its label."""

    param: Param
    value: str
    suggestions: list[tuple[str, str]]


def topics() -> list[Topic]:
    """Return the topics, in the order of ``topics.yaml`` in the library's folder; it need not be there."""
    about = _about(Path(state().settings["queries"]) / "topics.yaml")
    found: dict[str, list[Query]] = {name: [] for name in about}
    for query in state().library:
        found.setdefault(query.topic, []).append(query)
    return [Topic(name, about.get(name, ""), tuple(queries)) for name, queries in found.items() if queries]


def find(name: str) -> Query:
    """Return the question TOPIC/NAME. Raises ProblemError with the nearest names."""
    try:
        return library.find(state().library, name)
    except TacitError as error:
        raise ProblemError("not-found", str(error)) from error


def values(question: Query, without: Collection[str] = ()) -> dict[str, str]:
    """Return the values that the request has for *question*; each has to be right by itself.

    Parameters of the request called as in *without* are none of the question's.
    """
    found = {}
    for name, given in request.args.lists():
        if name in without:
            continue
        if len(given) > 1:
            raise ProblemError(
                "bad-parameter", f"Parameter {name} is given twice; give it once.", parameter=name
            )
        try:
            question.bind({name: given[0]})
        except TacitError as error:
            raise ProblemError("bad-parameter", str(error), parameter=name) from error
        found[name] = given[0]
    return found


def fields(question: Query, given: dict[str, str]) -> list[Field]:
    """Return the parameters of *question* with the values *given*, or else their defaults."""
    return [
        Field(param, given.get(param.name, param.default), _suggestions(param)) for param in question.params
    ]


@lru_cache(maxsize=8)
def _about(path: Path) -> dict[str, str]:
    return yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else {}


def _suggestions(param: Param) -> list[tuple[str, str]]:
    prefix, _, local = param.instances.partition(":")
    if prefix not in PREFIXES:
        return []
    found = rows(
        f"SELECT ?i (SAMPLE(?l) AS ?label) {{ ?i a <{PREFIXES[prefix]}{local}> "
        f'OPTIONAL {{ ?i <{PREFIXES["rdfs"]}label> ?l FILTER(LANG(?l) IN ("", "en")) }} FILTER(ISIRI(?i)) }} '
        f"GROUP BY ?i ORDER BY ?label ?i LIMIT {MOST_SUGGESTIONS}"
    )
    return [(short(row["i"]["value"]), row["label"]["value"] if "label" in row else "") for row in found]
