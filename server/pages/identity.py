"""What a thing is in other schemes: its items in Wikidata, or why there is none, and its codes."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from urllib.parse import quote

from flask import current_app

from server.labels import Cell, iri_cell, labels
from server.pages.behind import Behind, declared
from server.pages.kinds import Kind, kind_of
from server.pages.period import period
from server.rdf import Row, rows
from tacit.names import PREFIXES, TACIT

#: How near an item is, for readers; what is nearest comes first.
MATCHES: Final = {
    f"{PREFIXES['skos']}exactMatch": ("exact", "exact"),
    f"{PREFIXES['skos']}closeMatch": ("close", "close, not the same"),
    f"{PREFIXES['skos']}broadMatch": ("broad", "the item is wider"),
    f"{PREFIXES['skos']}narrowMatch": ("narrow", "the item is narrower"),
    f"{PREFIXES['skos']}relatedMatch": ("related", "related, another thing"),
}
#: A file of a public repository, as the data write it: github.com/OWNER/NAME:PATH@COMMIT.
_FILE: Final = re.compile(r"github\.com/([\w.-]+/[\w.-]+):(.+)@([0-9a-f]{7,40})")

LINKS: Final = Behind(
    """SELECT ?link ?thing ?label ?match ?item ?called ?status ?source ?checked ?note
WHERE {
  ?link a tacit:Link ; tacit:linkOf ?thing ; tacit:ourLabel ?label ; tacit:matchType ?match ;
      tacit:item ?item ; tacit:itemLabel ?called ; tacit:linkStatus ?status ; dcterms:source ?source ;
      dcterms:date ?checked .
  OPTIONAL { ?link skos:note ?note }
}
ORDER BY ?label ?thing ?item ?source
""",
    """CONSTRUCT { ?entry ?property ?value }
WHERE {
  VALUES ?kind { tacit:Link tacit:LinkGap tacit:Code }
  ?entry a ?kind ; ?property ?value .
}
""",
)
_GAPS: Final = """SELECT ?thing ?label ?source ?checked ?note
WHERE {
  ?gap a tacit:LinkGap ; tacit:linkOf ?thing ; tacit:ourLabel ?label ; skos:note ?note .
  OPTIONAL { ?gap dcterms:source ?source }
  OPTIONAL { ?gap dcterms:date ?checked }
}
ORDER BY ?label ?thing ?source
"""
_CODES: Final = """SELECT ?entry ?thing ?label ?scheme ?code ?source ?checked ?note
       ?beginEarliest ?beginLatest ?endEarliest ?endLatest ?endOpen ?edtf
WHERE {
  ?entry a tacit:Code ; tacit:codeOf ?thing ; tacit:codeScheme/rdfs:label ?scheme ; skos:notation ?code .
  OPTIONAL { ?thing rdfs:label ?label }
  OPTIONAL {
    ?entry tacit:beginEarliest ?beginEarliest ; tacit:beginLatest ?beginLatest ;
      tacit:endEarliest ?endEarliest .
    OPTIONAL { ?entry tacit:endLatest ?endLatest }
    OPTIONAL { ?entry tacit:endOpen ?endOpen }
    OPTIONAL { ?entry tacit:edtf ?edtf }
  }
  OPTIONAL { ?entry dcterms:source ?source }
  OPTIONAL { ?entry dcterms:date ?checked }
  OPTIONAL { ?entry skos:note ?note }
}
ORDER BY ?label ?thing ?scheme ?beginEarliest ?source
"""
_KINDS: Final = """SELECT DISTINCT ?thing ?type ?label {
  { ?thing a ?type ; rdfs:label ?label FILTER(STRSTARTS(STR(?thing), STR(id:))) }
  UNION { ?entry tacit:linkOf ?thing . ?thing a ?type OPTIONAL { ?thing rdfs:label ?label } }
}"""


_NONE: Final = Cell("")


@dataclass(frozen=True)
class Checked:
    """Where an entry was checked: the *text* of the data; *repository* and *address* of a public file."""

    text: str
    repository: str = ""
    address: str = ""


@dataclass(frozen=True)
class Entry:
    """What is known of *thing* elsewhere: an item, a gap or a code; what does not apply is "".

    *match* and *matched* are a key of `MATCHES` and its words, *status* says whether the item was verified.
    """

    iri: str
    thing: Cell
    note: str
    date: str
    sources: tuple[Checked, ...]
    item: Cell = _NONE
    called: str = ""
    match: str = ""
    matched: str = ""
    status: str = ""
    scheme: str = ""
    code: str = ""
    years: str = ""


@dataclass(frozen=True)
class Unlinked:
    """Things of one class, of which others are linked: no item is known, and no gap is stated.

    *why* is the gap of the class itself, where it has one.
    """

    title: str
    kind: Kind
    things: tuple[Cell, ...]
    why: str

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.things)


@dataclass(frozen=True)
class Own:
    """What one thing is elsewhere; *unlinked*: things of its class are linked, and it is not."""

    links: list[Entry]
    gaps: list[Entry]
    codes: list[Entry]
    unlinked: bool


class Identity:
    """All entries, read when they are first wanted."""

    def of(self, iri: str) -> Own:
        """Return what the thing *iri* is elsewhere."""
        links, gaps, codes = (
            [entry for entry in entries if entry.iri == iri]
            for entries in (self.links, self.gaps, self.codes)
        )
        unlinked = any(iri == cell.title for group in self.unlinked for cell in group.things)
        return Own(links, gaps, codes, unlinked)

    @cached_property
    def links(self) -> list[Entry]:
        """The links, by the name of the thing."""
        return [_entry(first, found) for first, found in _grouped(LINKS.rows(), ("thing", "item", "match"))]

    @cached_property
    def gaps(self) -> list[Entry]:
        """What Wikidata lacks, and why."""
        return [_entry(first, found) for first, found in _grouped(rows(declared(_GAPS)), ("thing",))]

    @cached_property
    def codes(self) -> list[Entry]:
        """The codes of polities, with their years."""
        return [_entry(first, found) for first, found in _grouped(rows(declared(_CODES)), ("entry",))]

    @cached_property
    def kinds(self) -> dict[str, tuple[Kind, str]]:
        """The kind of each thing, and its class."""
        types: dict[str, set[str]] = {}
        for row in self._typed:
            types.setdefault(row["thing"]["value"], set()).add(row["type"]["value"])
        found = {iri: kind_of(own) for iri, own in types.items()}
        return {iri: kind for iri, kind in found.items() if kind}

    @cached_property
    def unlinked(self) -> list[Unlinked]:
        """What has neither link nor gap, by class; only of classes of which something has."""
        told = {entry.iri for entry in (*self.links, *self.gaps)}
        linkable = {self.kinds[iri][1] for iri in told if iri in self.kinds}
        names = {row["thing"]["value"]: row["label"]["value"] for row in self._typed if "label" in row}
        left: dict[str, list[str]] = {}
        for iri, (_, class_) in self.kinds.items():
            if class_ in linkable and iri not in told and iri in names and not iri.startswith(str(TACIT)):
                left.setdefault(class_, []).append(iri)
        titles, why = labels(left), {entry.iri: entry.note for entry in self.gaps}
        groups = [
            Unlinked(
                titles.get(class_, self.kinds[found[0]][0].title),
                self.kinds[found[0]][0],
                tuple(iri_cell(iri, names) for iri in sorted(found, key=lambda iri: names[iri].casefold())),
                why.get(class_, ""),
            )
            for class_, found in left.items()
        ]
        return sorted(groups, key=lambda group: group.title.casefold())

    @cached_property
    def _typed(self) -> list[Row]:
        return rows(declared(_KINDS))


def identity() -> Identity:
    """Return the entries of the running application."""
    extensions = current_app.extensions
    if "tacit-identity" not in extensions:
        extensions["tacit-identity"] = Identity()
    found: Identity = extensions["tacit-identity"]
    return found


def _grouped(found: list[Row], key: tuple[str, ...]) -> Iterable[tuple[Row, list[Row]]]:
    """Return the rows of each entry, which differ in the source: the first of them, and all."""
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in found:
        groups.setdefault(tuple(row[name]["value"] for name in key), []).append(row)
    return ((group[0], group) for group in groups.values())


def _entry(row: Row, group: list[Row]) -> Entry:
    def text(name: str) -> str:
        return str(row[name]["value"]) if name in row else ""

    thing = text("thing")
    match, matched = MATCHES.get(text("match"), ("", ""))
    item = text("item")
    status = iri_cell(text("status"), {}).text.partition(":")[2].lower() if text("status") else ""
    years = period({name: term["value"] for name, term in row.items()})
    sources = dict.fromkeys(row["source"]["value"] for row in group if "source" in row)
    return Entry(
        iri=thing,
        thing=iri_cell(thing, {thing: text("label")}),
        note=text("note"),
        date=text("checked"),
        sources=tuple(map(checked, sources)),
        item=Cell(item.rpartition("/")[2], item, item.replace("http:", "https:", 1)) if item else Cell(""),
        called=text("called"),
        match=match,
        matched=matched,
        status=status,
        scheme=text("scheme"),
        code=text("code"),
        years=years.text if years else "",
    )


def checked(text: str) -> Checked:
    """Return where an entry was checked; a file of a public repository can be opened in its own version."""
    if file := _FILE.fullmatch(text):
        repository, path, commit = file.groups()
        return Checked(text, repository, f"https://github.com/{repository}/blob/{commit}/{quote(path)}")
    return Checked(text)
