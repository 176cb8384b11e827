"""What a user may call a thing: its IRI, its name with or without prefix, a label in any order of words."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from rdflib.term import Node

from tacit.errors import TacitError
from tacit.names import short
from tacit.params import nearest

#: What tells nothing from anything else: "Laos and Vietnam" is id:tie-laos-vietnam, and 003 an article.
_NO_NAMES: Final = {"and", "the", "id", "def", "tie", "article", "claim"}
_LONG: Final = {"us": "united states", "usa": "united states", "ussr": "soviet union russia"}


#: So few things are all named where none is near.
_FEW: Final = 8


class UnknownNameError(TacitError):
    """Nothing is called so, or several things are; the sentence names the nearest ones."""


def find(kind: str, labels: Mapping[Node, Sequence[str]], name: str) -> Node:
    """Return the one thing among those with *labels*, each a *kind* such as ``tie``, that *name* means.

    Raises UnknownNameError if there is none or several.
    """
    called = {thing: {str(thing), short(str(thing)), local(thing), *own} for thing, own in labels.items()}
    found = [thing for thing, names in called.items() if name in names]
    if not found and (words := _words(name)):
        found = [thing for thing, names in called.items() if words in map(_words, names)]
    if len(found) == 1:
        return found[0]
    if found:
        raise UnknownNameError(f"{name} can be {' or '.join(sorted(map(local, found)))}: name one.")
    known = {one for thing, own in labels.items() for one in (local(thing), *own)}
    near = nearest(name.partition(":")[2] or name, sorted(known))
    if not near and len(labels) <= _FEW:
        near = f" (choose from {', '.join(map(local, labels))})"
    raise UnknownNameError(f"There is no {kind} called {name}{near}.")


def local(thing: Node) -> str:
    """Return the name of *thing* without its prefix."""
    return short(str(thing)).partition(":")[2]


def _words(name: str) -> frozenset[str]:
    words = re.findall(r"\w+", name.casefold())
    return frozenset(part for word in words for part in _LONG.get(word, word).split()) - _NO_NAMES
