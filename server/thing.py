"""What the graph says about one IRI: its description, what refers to it, and everybody's labels."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import pyoxigraph as ox

from server.labels import NAMING, labels, ours
from server.rdf import named, rows, triples
from tacit.errors import TacitError
from tacit.names import INFERRED
from tacit.params import nearest

#: How many triples that refer to a thing go with its description, per property.
MOST_INCOMING: Final = 100
#: How many names are weighed to find the nearest to a wrong one.
_MOST_NAMES: Final = 200


@dataclass(frozen=True)
class Incoming:
    """What refers to a thing by one *property*: *total* subjects, of which *subjects* are known here."""

    property: str
    total: int
    subjects: tuple[str, ...]


@dataclass(frozen=True)
class Thing:
    """An IRI that the graph describes: *about* has it as subject, with the blank nodes that it leads to."""

    iri: ox.NamedNode
    about: frozenset[ox.Triple]

    @cached_property
    def incoming(self) -> list[Incoming]:
        """What refers to it, by property, the rarest and most telling first; bounded for each."""
        counted = rows(
            f"SELECT ?p (COUNT(DISTINCT ?s) AS ?n) {{ ?s ?p {self.iri} FILTER(ISIRI(?s)) }} GROUP BY ?p"
        )
        # one subquery per property, or the first property would use up the bound of all
        parts = " UNION ".join(
            f"{{ SELECT DISTINCT ?s ?p {{ VALUES ?p {{ <{row['p']['value']}> }} ?s ?p {self.iri} "
            f"FILTER(ISIRI(?s)) }} ORDER BY ?s LIMIT {MOST_INCOMING} }}"
            for row in counted
        )
        subjects: dict[str, list[str]] = {}
        for row in rows(f"SELECT ?s ?p {{ {parts} }} ORDER BY ?p ?s") if parts else []:
            subjects.setdefault(row["p"]["value"], []).append(row["s"]["value"])
        found = [(row["p"]["value"], int(row["n"]["value"])) for row in counted]
        found.sort(key=lambda item: (item[1], item[0]))
        return [Incoming(name, total, tuple(subjects.get(name, ()))) for name, total in found]

    @cached_property
    def labels(self) -> dict[str, str]:
        """The labels of all that is named here."""
        terms = {term for triple in self.about for term in (triple.predicate, triple.object)}
        iris = {term.value for term in terms if isinstance(term, ox.NamedNode)} | {self.iri.value}
        for incoming in self.incoming:
            iris |= {incoming.property, *incoming.subjects}
        return labels(ours(iris), NAMING)

    @cached_property
    def inferred(self) -> set[tuple[str, str]]:
        """The properties and values that the reasoner alone has found, as they stand in N-Triples."""
        only = rows(
            f"SELECT ?p ?o {{ GRAPH <{INFERRED}> {{ {self.iri} ?p ?o }} "
            f"FILTER NOT EXISTS {{ GRAPH ?g {{ {self.iri} ?p ?o }} FILTER(?g != <{INFERRED}>) }} }}"
        )
        return {(row["p"]["value"], row["o"]["value"]) for row in only}

    def data(self, document: str) -> set[ox.Triple]:
        """Return all of it as triples, with what *document*, the address of the answer, is and leaves out."""
        found = set(self.about)
        found |= {
            ox.Triple(ox.NamedNode(subject), ox.NamedNode(incoming.property), self.iri)
            for incoming in self.incoming
            for subject in incoming.subjects
        }
        neighbours = " ".join(f"<{iri}>" for iri in sorted(self.labels))
        for name in NAMING:  # one after another: Oxigraph multiplies two lists of VALUES
            pattern = f"?i <{name}> ?l"
            found |= triples(f"CONSTRUCT {{ {pattern} }} WHERE {{ VALUES ?i {{ {neighbours} }} {pattern} }}")
        page = ox.NamedNode(document)
        found.add(ox.Triple(page, ox.NamedNode("http://xmlns.com/foaf/0.1/primaryTopic"), self.iri))
        if cut := [i for i in self.incoming if i.total > len(i.subjects)]:
            sentence = (
                "Of the triples with this thing as object, at most {} per property are here; there are {}."
            )
            totals = ", ".join(f"{incoming.total} with <{incoming.property}>" for incoming in cut)
            comment = ox.Literal(sentence.format(MOST_INCOMING, totals), language="en")
            found.add(ox.Triple(page, ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#comment"), comment))
        return found


def find(iri: str) -> Thing | None:
    """Return what the graph says about *iri*, or None if it says nothing."""
    node = named(iri)
    about = triples(f"DESCRIBE {node}") if node else set()
    return Thing(node, frozenset(about)) if node and about else None


def nearest_names(namespace: str, name: str) -> str:
    """Return a question that names what in *namespace* is near to *name*, in brackets, or nothing."""
    # Candidates share the beginning of a word; only letters and digits, so that nothing has to be escaped.
    words = list(dict.fromkeys(re.findall(r"[a-z0-9]{2,4}", name.lower()[:100])))[:8]
    if not words:
        return ""
    score = " + ".join(f'IF(CONTAINS(?n, "{word}"), 1, 0)' for word in words)
    query = (
        f'SELECT ?s {{ {{ SELECT DISTINCT ?s {{ ?s a ?kind FILTER(STRSTARTS(STR(?s), "{namespace}")) }} }} '
        f'BIND(LCASE(STRAFTER(STR(?s), "{namespace}")) AS ?n) BIND({score} AS ?score) FILTER(?score > 0) '
        f"}} ORDER BY DESC(?score) ABS(STRLEN(?n) - {len(name)}) LIMIT {_MOST_NAMES}"
    )
    try:
        candidates = [row["s"]["value"].removeprefix(namespace) for row in rows(query)]
    except TacitError:  # that a page is missing can be told without it
        return ""
    return nearest(name[:100], candidates) or nearest(name[:100].lower(), candidates)
