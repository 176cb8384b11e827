"""The parameters of a query: values become terms, never text that is pasted."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

import pyoxigraph as ox

from tacit.errors import TacitError
from tacit.names import PREFIXES

#: What a parameter can be, and how its value is written.
TYPES: Final[dict[str, str]] = {
    "iri": "a prefixed name such as id:vietnam, or a full IRI such as https://…",
    "integer": "a whole number such as 12",
    "string": "any text",
    "year": "a year such as 1978",
}
_PATTERNS: Final = {"integer": re.compile(r"[+-]?[0-9]{1,18}"), "year": re.compile(r"[0-9]{4}")}


@dataclass(frozen=True)
class Param:
    """A parameter; *instances* is the class (a prefixed name) of sensible values, or ""."""

    name: str
    type: str
    default: str
    description: str
    instances: str = ""

    def term(self, value: str) -> str:
        """Return *value* as SPARQL writes it. Raises TacitError, which says what is expected instead."""
        try:
            return _term(self.type, value.strip() if self.type != "string" else value)
        except ValueError as error:
            why = f": {error}" if str(error) else ""
            raise TacitError(
                f"Parameter {self.name} is {TYPES[self.type]}; {value!r} is not{why}."
            ) from error


def _term(kind: str, value: str) -> str:
    """Return *value* as SPARQL writes it; ValueError, if it is none of its *kind*."""
    if kind == "string":
        return str(ox.Literal(value))
    if kind != "iri":
        if not _PATTERNS[kind].fullmatch(value):
            raise ValueError
        return str(int(value))
    prefix, _, local = value.partition(":")
    if value.startswith("<") and value.endswith(">"):
        value = value[1:-1]
    elif prefix in PREFIXES:
        value = PREFIXES[prefix] + local
    elif "://" not in value:  # `idd:vietnam` would be a legal IRI, which nothing in the graph has
        raise ValueError(f"there is no prefix {prefix}{nearest(prefix, PREFIXES)}" if local else "")
    return str(ox.NamedNode(value))


def nearest(name: str, names: Iterable[str]) -> str:
    """Return a question that names what is near *name*, in brackets, or nothing."""
    near = get_close_matches(name, list(names), n=3, cutoff=0.5)
    return f" (did you mean {' or '.join(near)}?)" if near else ""
