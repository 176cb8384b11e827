"""What can be searched: every name, code and statement, folded once, found by the beginnings of words.

A word finds what has a word that begins so, whatever its case and accents; all words have to occur.
Codes, and words of one or two letters, are found as a whole only: US is not USSR, and 2 not 200.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from server.matching import fold as plain
from server.pages.kinds import CLAIM, KINDS, Kind, kind_of
from server.rdf import Row
from tacit.names import BASE

_NAME, _OTHER = "name", "also called"
#: What comes first; a claim is called by what it says.
_ORDER: Final = {_NAME: 0, "statement": 1, _OTHER: 2}
_CODES: Final = ("COW code", "ISO code", "Wikidata item", "number in the data set")
#: A shorter word is compared as a whole.
_LEAST: Final = 3
_TYPES: Final = "SELECT ?thing ?type { VALUES ?type { %s } ?thing a ?type FILTER(ISIRI(?thing)) }"
_TEXTS: Final = """SELECT DISTINCT ?thing ?where ?text {
  { VALUES (?p ?where) {
      (rdfs:label "name") (skos:altLabel "also called") (skos:definition "meaning")
      (tacit:paraphrase "statement") (tacit:termUsed "word used") (tacit:wording "wording")
      (tacit:nameUsed "name used") (tacit:datasetId "number in the data set")
      (tacit:cowCode "COW code") (tacit:isoAlpha2 "ISO code") (tacit:isoAlpha3 "ISO code") }
    ?thing ?p ?text }
  UNION { ?link tacit:linkOf ?thing ; tacit:itemLabel ?text BIND("called by Wikidata" AS ?where) }
  UNION { ?link tacit:linkOf ?thing ; tacit:item ?item
    BIND(STRAFTER(STR(?item), "/entity/") AS ?text) BIND("Wikidata item" AS ?where) }
  UNION { ?claim tacit:instrument ?thing ; tacit:nameUsed ?text ; tacit:source/rdfs:label ?source
    BIND(CONCAT("name used in ", ?source) AS ?where) }
  UNION { { ?thing tacit:party ?party } UNION { ?thing tacit:signatory ?party }
    ?party rdfs:label|skos:altLabel ?text BIND("party" AS ?where) }
} ORDER BY ?thing ?where ?text"""
_WHERE: Final = """SELECT ?claim ?source ?stance
  (MIN(?paragraph_each) AS ?paragraph) (MIN(?start_each) AS ?start)
{
  ?claim tacit:source/rdfs:label ?source ; tacit:stance/rdfs:label ?stance
  OPTIONAL { ?claim tacit:passage ?passage . ?passage tacit:paragraph ?paragraph_each ;
    oa:hasSelector/oa:start ?start_each }
} GROUP BY ?claim ?source ?stance"""
#: What is written in two ways; articles and readers are American, we are British.
_SPELLINGS: Final = (
    ("defens", "defenc"),
    ("offens", "offenc"),
    ("organis", "organiz"),
    ("neighbor", "neighbour"),
)
#: A word as a reader sees it; an abbreviation keeps its dots, as it does when folded.
_TOKEN: Final = re.compile(r"(?:\w\.){2,}|\w+")


def fold(text: str) -> str:
    """Return *text* as it is compared: without case, accents and punctuation, and spelt in one way."""
    folded = plain(text)
    for one, other in _SPELLINGS:
        folded = folded.replace(one, other)
    return folded


@dataclass(frozen=True)
class Text:
    """A *text* that can be searched, and *where* it stands, in a word for readers."""

    where: str
    text: str

    @cached_property
    def folded(self) -> str:
        """The text as it is compared: a space before each word."""
        return f" {fold(self.text)} "

    def has(self, word: str) -> bool:
        """Tell whether a word of the text begins with *word*, or, where it has to, is *word*."""
        return (f" {word} " if self.where in _CODES or len(word) < _LEAST else f" {word}") in self.folded


@dataclass
class Entry:
    """A thing that can be found; *place* says where a claim stands: source, stance, paragraph."""

    iri: str
    kind: Kind
    type: str
    texts: list[Text] = field(default_factory=list)
    place: tuple[str, str, str] = ("", "", "")
    order: tuple[str, int] = ("", 0)

    @property
    def name(self) -> str:
        """What it is called; a claim is called by what it says."""
        return self.texts[0].text


@dataclass(frozen=True)
class Hit:
    """An entry that has all the words: its *name* with the words marked, and where else they stand."""

    entry: Entry
    name: tuple[tuple[str, bool], ...]
    also: tuple[tuple[str, tuple[tuple[str, bool], ...]], ...]


class Finder:
    """All that can be found in what *ask* answers: a function from a query, with our prefixes, to rows."""

    def __init__(self, ask: Callable[[str], list[Row]]) -> None:
        self._entries = _gather(ask)

    def find(self, query: str) -> dict[Kind, list[Hit]]:
        """Return by kind what has every word of *query*, the nearest first; nothing for no words."""
        folded = fold(query)
        words = tuple(dict.fromkeys(folded.split()))
        found: dict[Kind, list[tuple[tuple[object, ...], Hit]]] = defaultdict(list)
        for entry in self._entries if words else ():
            if all(any(text.has(word) for text in entry.texts) for word in words):
                found[entry.kind].append((_rank(entry, folded), _hit(entry, words)))
        return {
            kind: [hit for _, hit in sorted(found[kind], key=lambda pair: pair[0])]
            for kind in KINDS
            if kind in found
        }

    def renamed(self, query: str) -> list[str]:
        """Return what those things are called of which *query* is but another name."""
        folded = f" {fold(query)} "
        names = {
            entry.name
            for entry in self._entries
            if any(text.folded == folded and text.where == _OTHER for text in entry.texts)
        }
        return sorted(name for name in names if fold(name) != folded.strip())


def marked(text: str, words: Iterable[str]) -> tuple[tuple[str, bool], ...]:
    """Return *text* in pieces, each with whether it is what one of the folded *words* has found."""
    pieces, at = list[tuple[str, bool]](), 0
    for token in _TOKEN.finditer(text):
        folded = fold(token[0])
        hit = max((word for word in words if _begins(folded, word)), key=len, default="")
        if hit:
            length = len(token[0])
            if folded != hit:
                length = next(n for n in range(1, length + 1) if fold(token[0][:n]).startswith(hit))
            pieces += [(text[at : token.start()], False), (token[0][:length], True)]
            at = token.start() + length
    return tuple((piece, hit) for piece, hit in (*pieces, (text[at:], False)) if piece)


def _begins(folded: str, word: str) -> bool:
    return folded == word if len(word) < _LEAST else folded.startswith(word)


def _rank(entry: Entry, folded: str) -> tuple[object, ...]:
    """Return what sorts by nearness: the very name, one that begins so, the words in a row, anything."""
    names = [text.folded.strip() for text in entry.texts if text.where in (_NAME, _OTHER, *_CODES)]
    whole = [text for text in entry.texts if text.where != "party" and text.has(folded)]
    near = 0 if folded in names else 1 if names[:1] and names[0].startswith(folded) else 2 if whole else 3
    return (near, *entry.order, fold(entry.name))


def _hit(entry: Entry, words: tuple[str, ...]) -> Hit:
    first, *others = entry.texts
    in_name = [word for word in words if first.has(word)]
    left, also = set(words) - set(in_name), list[tuple[str, tuple[tuple[str, bool], ...]]]()
    # one text that has all the words tells more than parts of them here and there
    for text in sorted(others, key=lambda text: -sum(text.has(word) for word in words)) if left else ():
        if any(text.has(word) for word in left):
            here = [word for word in words if text.has(word)]
            also.append((text.where, marked(text.text, here)))
            left -= set(here)
    return Hit(entry, marked(first.text, in_name), tuple(also))


def _gather(ask: Callable[[str], list[Row]]) -> list[Entry]:
    types: dict[str, set[str]] = defaultdict(set)
    classes = " ".join(f"<{iri}>" for kind in KINDS for iri in kind.classes)
    for row in ask(_TYPES % classes):
        types[row["thing"]["value"]].add(row["type"]["value"])
    entries = {}
    for iri, of in types.items():
        kind = kind_of(of)
        if kind and iri.startswith(BASE):
            entries[iri] = Entry(iri, *kind)
    for row in ask(_TEXTS):
        entry = entries.get(row["thing"]["value"])
        text = unicodedata.normalize("NFC", row["text"]["value"])
        if entry:
            entry.texts.append(Text(row["where"]["value"], text))
    for row in ask(_WHERE):
        entry = entries.get(row["claim"]["value"])
        if entry and entry.kind is CLAIM:
            paragraph, start = (row.get(name, {}).get("value", "") for name in ("paragraph", "start"))
            entry.place = (row["source"]["value"], row["stance"]["value"], paragraph)
            entry.order = (row["source"]["value"], int(start or 0))
    for entry in entries.values():
        # the name first, and each text once: what the name has need not be told to stand elsewhere, too
        entry.texts.sort(key=lambda text: (_ORDER.get(text.where, 3), text.where == "party"))
        once = dict[str, Text]()
        for own in entry.texts:
            once.setdefault(own.text, own)
        entry.texts = list(once.values())
    return [entry for entry in entries.values() if entry.texts and entry.texts[0].where in _ORDER]
