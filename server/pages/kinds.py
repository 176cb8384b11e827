"""The kinds of thing that a reader looks for, in the order in which pages list them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from flask import request

from server.labels import address
from tacit.names import DEF, PREFIXES, TACIT

_SKOS, _OWL = PREFIXES["skos"], PREFIXES["owl"]


@dataclass(frozen=True)
class Kind:
    """A kind: its *key* in addresses, its *title* on pages, and its *classes*, the narrower first."""

    key: str
    title: str
    classes: tuple[str, ...]


def _kind(key: str, title: str, *names: str) -> Kind:
    return Kind(key, title, tuple(name if "://" in name else f"{TACIT}{name}" for name in names))


#: A thing is of the first kind that has one of its classes.
KINDS: Final = (
    _kind("tie", "Ties", "Tie"),
    _kind("actor", "Actors", "State", "Party", "Organization", "ArmedMovement", "Person", "PoliticalActor"),
    _kind("treaty", "Treaties and other texts", "Treaty", "JointStatement", "WhitePaper", "Instrument"),
    _kind("policy", "Policies and principles", "Policy", "Principle"),
    _kind("event", "Events", "Event"),
    _kind("definition", "Definitions and conditions", "Definition", "Condition"),
    _kind("position", "Positions", "Position"),
    _kind("source", "Sources", "Article", "Dataset", "Source"),
    _kind("claim", "Claims", "Claim"),
    _kind("concept", "Categories and concepts", "Category", f"{_SKOS}Concept"),
    _kind("other", "Offices, places and eras", "Office", "Place", "Era"),
    _kind(
        "term",
        "Terms of the ontology",
        f"{_OWL}Class",
        f"{_OWL}ObjectProperty",
        f"{_OWL}DatatypeProperty",
    ),
)
CLAIM: Final = next(kind for kind in KINDS if kind.key == "claim")


def kind_of(types: Iterable[str]) -> tuple[Kind, str] | None:
    """Return the kind of what has these *types*, and the narrowest of them that the kind knows."""
    has = set(types)
    return next(((kind, iri) for kind in KINDS for iri in kind.classes if iri in has), None)


def page_of(iri: str, class_: str = f"{TACIT}Definition") -> str:
    """Return the address of the page about *iri*, of *class_*: definitions have pages of their own."""
    if iri.startswith(str(DEF)) and class_ == f"{TACIT}Definition":
        return f"{request.script_root}/definitions/{iri.removeprefix(str(DEF))}"
    return address(iri)
