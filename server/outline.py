"""A description as a reader sees it: properties with labels, values with links, blank nodes within."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from server.labels import NAMING, Cell, iri_cell
from tacit.names import PREFIXES, short

RDF: Final = PREFIXES["rdf"]
TYPE: Final = f"{RDF}type"
#: What stands at the head of a page, and is not listed again below it.
SUMMARIES: Final = (f"{PREFIXES['skos']}definition", f"{PREFIXES['rdfs']}comment")
#: What is told in an order that helps the reader; all else follows by name.
_FIRST: Final = (f"{PREFIXES['tacit']}paraphrase", f"{PREFIXES['tacit']}stance", f"{PREFIXES['tacit']}source")

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


@dataclass(frozen=True)
class Value:
    """A value: a *cell*, or, for a blank node, the *items* of a list or its *properties*."""

    cell: Cell | None = None
    inferred: bool = False
    items: tuple["Value", ...] = ()
    properties: tuple["Property", ...] = ()


@dataclass(frozen=True)
class Property:
    """A property and its values."""

    cell: Cell
    values: tuple[Value, ...]


class Outline:
    """The triples *about* a thing, arranged; *labels* are those of all that they name."""

    def __init__(self, about: Iterable[ox.Triple], labels: Mapping[str, str]) -> None:
        self._labels = dict(labels)
        self._by_subject: dict[Term, dict[str, list[Term]]] = {}
        for triple in sorted(about, key=str):
            properties = self._by_subject.setdefault(triple.subject, {})
            properties.setdefault(triple.predicate.value, []).append(triple.object)

    def one(self, subject: Term, names: Iterable[str]) -> str:
        """Return the text of the first value, English or untagged before others, of the first of *names*."""
        for name in names:
            texts = [v for v in self._by_subject.get(subject, {}).get(name, []) if isinstance(v, ox.Literal)]
            if texts:
                return min(texts, key=lambda text: text.language not in (None, "en")).value
        return ""

    def all(self, subject: Term, name: str) -> list[Value]:
        """Return every value of one property."""
        return [self._value(value, ()) for value in self._by_subject.get(subject, {}).get(name, [])]

    def properties(
        self, subject: Term, *, without: Iterable[str] = (), inferred: Iterable[tuple[str, str]] = ()
    ) -> tuple[Property, ...]:
        """Return the properties of *subject*; those values are marked that *inferred* names."""
        return self._properties(subject, set(without), set(inferred), (subject,))

    def subjects(self) -> list[Term]:
        """Return every subject that has a name."""
        return [subject for subject in self._by_subject if isinstance(subject, ox.NamedNode)]

    def nameless(self, thing: ox.NamedNode, name: str) -> tuple[Value, ...]:
        """Return the blank nodes that have *thing* as a value of the property *name*."""
        return tuple(
            Value(properties=self._properties(subject, {TYPE, name}, set(), (subject,)))
            for subject, properties in self._by_subject.items()
            if isinstance(subject, ox.BlankNode) and thing in properties.get(name, [])
        )

    def _properties(
        self, subject: Term, without: set[str], inferred: set[tuple[str, str]], within: tuple[Term, ...]
    ) -> tuple[Property, ...]:
        found = []
        for name, values in self._by_subject.get(subject, {}).items():
            if name in without:
                continue
            marked = tuple(
                self._value(value, within, (name, getattr(value, "value", "")) in inferred)
                for value in values
            )
            found.append(Property(iri_cell(name, self._labels), marked))
        found.sort(key=lambda p: (p.cell.title not in _FIRST, (p.cell.label or p.cell.text).lower()))
        return tuple(found)

    def _value(self, term: Term, within: tuple[Term, ...], inferred: bool = False) -> Value:
        if isinstance(term, ox.NamedNode):
            return Value(iri_cell(term.value, self._labels), inferred)
        if isinstance(term, ox.Literal):
            return Value(Cell(term.value, lang=term.language or ""), inferred)
        if not isinstance(term, ox.BlankNode) or term in within or term not in self._by_subject:
            return Value(Cell(str(term)), inferred)
        within = (*within, term)
        if f"{RDF}first" in self._by_subject[term]:
            return Value(items=tuple(self._value(item, within) for item in self._list(term)))
        return Value(properties=self._properties(term, {TYPE}, set(), within))

    def _list(self, node: Term) -> Iterable[Term]:
        seen: set[Term] = set()
        while node in self._by_subject and node not in seen:
            seen.add(node)
            yield from self._by_subject[node].get(f"{RDF}first", [])[:1]
            node = next(iter(self._by_subject[node].get(f"{RDF}rest", [])), node)


def name_of(outline: Outline, iri: str) -> str:
    """Return what the heading of the page about *iri* calls it."""
    return outline.one(ox.NamedNode(iri), NAMING) or short(iri).strip("<>")
