"""Names matched to things: the index behind reconciliation, made once from what the engine answers.

A name matches whatever its case, accents and punctuation, so `Viet Nam` finds Việt Nam. Labels count most,
then other names, old ones among them, then codes. What merely resembles a name is a candidate and no match.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Final

from tacit.names import ID, PREFIXES

#: The types of things that can be asked for: name, and the type above. A test holds them to the ontology.
TYPES: Final[dict[str, tuple[str, str]]] = {
    "PoliticalActor": ("political actor", ""),
    "State": ("state", "PoliticalActor"),
    "Party": ("political party", "PoliticalActor"),
    "Organization": ("organization", "PoliticalActor"),
    "ArmedMovement": ("armed movement", "PoliticalActor"),
    "Person": ("person", "PoliticalActor"),
    "Place": ("place", ""),
    "Tie": ("tie", ""),
    "Instrument": ("instrument", ""),
    "Treaty": ("treaty", "Instrument"),
    "JointStatement": ("joint statement", "Instrument"),
    "WhitePaper": ("white paper", "Instrument"),
    "Event": ("event", ""),
    "Era": ("era", ""),
    "Policy": ("policy", ""),
    "Office": ("office", ""),
    "Source": ("source", ""),
    "Article": ("article", "Source"),
    "Dataset": ("data set", "Source"),
    f"{PREFIXES['skos']}Concept": ("concept", ""),  # no class of ours, so by its full IRI
}
#: The properties whose values can be had and compared: what they are called, and what they are in the graph.
PROPERTIES: Final[dict[str, tuple[str, str]]] = {
    "wikidata": ("Wikidata item", "skos:exactMatch"),
    "cow": ("COW country code", "tacit:cowCode"),
    "iso-alpha-2": ("ISO 3166-1 alpha-2 code", "tacit:isoAlpha2"),
    "iso-alpha-3": ("ISO 3166-1 alpha-3 code", "tacit:isoAlpha3"),
    "name": ("label", "rdfs:label"),
    "other-name": ("other name", "skos:altLabel"),
    "successor-of": ("successor of", "tacit:successorOf"),
    "party": ("party of the tie", "tacit:party"),
    "signatory": ("signatory", "tacit:signatory"),
}
#: What a name of each kind is worth if it is the very one asked for.
_WORTH: Final = {"id": 100.0, "label": 100.0, "other": 98.0, "code": 96.0}
#: What is lost where accents or punctuation had to be dropped, and the most that a resemblance is worth.
_FOLDED, _RESEMBLES = 2.0, 90.0
#: Candidates that are compared letter by letter, and how near one has to be.
_COMPARED, _NEAR = 25, 0.5
#: What is so many times as long as the longest name is none, and would take long to compare.
_LONGER: Final = 3
#: How much of the score what is known besides the name makes up, if anything is.
_PROPERTIES_WEIGH: Final = 0.3


@dataclass
class Thing:
    """A thing with its *names* (text to kind) and the *values* of its properties."""

    id: str
    name: str
    type: str
    names: dict[str, str] = field(default_factory=dict)
    values: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    @property
    def types(self) -> list[str]:
        """Return its type and those above."""
        found = [self.type]
        while above := TYPES[found[-1]][1]:
            found.append(above)
        return found

    @property
    def others(self) -> list[str]:
        """Return its names but for the label."""
        return [name for name, kind in self.names.items() if kind == "other"]


@dataclass(frozen=True)
class Match:
    """A candidate: *name_score* of 100 is the label itself; *certain*, if no other thing has the name."""

    thing: Thing
    score: float
    name_score: float
    agreeing: float
    certain: bool


def fold(text: str) -> str:
    """Return *text* in lower case, without accents, punctuation and double spaces."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().replace("đ", "d"))
    plain = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    # an abbreviation with dots is the one without; any other sign parts words
    return " ".join(re.sub(r"[^\w]+", " ", re.sub(r"(?<=\b\w)\.(?=\w\b|\s|$)", "", plain)).split())


def _grams(folded: str) -> set[str]:
    padded = f"  {folded} "
    return {padded[i : i + 3] for i in range(len(padded) - 2)}


class Index:
    """All that can be matched: things by identifier, and by their names."""

    def __init__(self, things: Iterable[Thing]) -> None:
        self.things = {thing.id: thing for thing in things}
        self._by_name: dict[str, list[tuple[Thing, str]]] = defaultdict(list)
        self._by_gram: dict[str, set[str]] = defaultdict(set)
        self._folded: dict[str, dict[str, set[str]]] = {}  # by identifier, the values of each property
        self._most_letters = 0
        for thing in self.things.values():
            self._folded[thing.id] = {of: set(map(fold, values)) for of, values in thing.values.items()}
            for name in thing.names:
                folded = fold(name)
                self._most_letters = max(self._most_letters, _LONGER * len(name))
                self._by_name[folded].append((thing, name))
                if thing.names[name] in ("label", "other"):
                    for gram in _grams(folded):
                        self._by_gram[gram].add(folded)

    def match(
        self,
        query: str,
        types: Iterable[str] = (),
        properties: Mapping[str, list[str]] | None = None,
        limit: int = 10,
        *,
        every_type: bool = False,
    ) -> list[Match]:
        """Return the best candidates for the name *query*, of one (or *every_type*) of *types*, if any.

        *properties* are values known of the thing; without a name they alone decide.
        """
        wanted = set(types)
        known = {of: set(map(fold, values)) for of, values in (properties or {}).items()}
        scores = self._named(query) if query else dict.fromkeys(self.things, 0.0)
        found = []
        for id_, score in scores.items():
            thing = self.things[id_]
            has = wanted & set(thing.types)
            if wanted and (has != wanted if every_type else not has):
                continue
            agreeing = self._agreeing(thing, known)
            if query or agreeing:
                found.append((thing, score, agreeing))
        exact = [thing.id for thing, score, agreeing in found if score > _RESEMBLES]
        weight = 0.0 if not known else _PROPERTIES_WEIGH if query else 1.0
        matches = [
            Match(
                thing,
                round(score * (1 - weight) + 100 * agreeing * weight, 1),
                round(score, 1),
                agreeing,
                exact == [thing.id] and (not known or agreeing > 0),
            )
            for thing, score, agreeing in found
        ]
        return sorted(matches, key=lambda m: (-m.score, m.thing.name, m.thing.id))[:limit]

    def _agreeing(self, thing: Thing, known: Mapping[str, set[str]]) -> float:
        """Return which part of what is *known* the thing agrees with; with none of it if nothing is."""
        own = self._folded[thing.id]
        return sum(not own[of].isdisjoint(known[of]) for of in own.keys() & known) / max(1, len(known))

    def _named(self, query: str) -> dict[str, float]:
        if len(query) > self._most_letters:
            return {}
        query = query.strip().removeprefix(str(ID))
        folded = fold(query)
        scores: dict[str, float] = {}
        for thing, name in self._by_name.get(folded, ()):
            kind, same = thing.names[name], name.casefold() == query.casefold()
            if same or kind in ("label", "other"):  # Lào is not LAO
                worth = _WORTH[kind] - (0 if same else _FOLDED)
                scores[thing.id] = max(scores.get(thing.id, 0.0), worth)
        for name, likeness in self._near(folded):
            for thing, text in self._by_name[name]:
                if thing.names[text] in ("label", "other"):
                    scores[thing.id] = max(scores.get(thing.id, 0.0), likeness * _RESEMBLES)
        return scores

    def _near(self, folded: str) -> list[tuple[str, float]]:
        """Return folded names that resemble *folded*, by common trigrams, then by their letters in order."""
        grams, common = _grams(folded), defaultdict[str, int](int)
        for gram in grams:
            for name in self._by_gram.get(gram, ()):
                common[name] += 1
        dice = {name: 2 * count / (len(grams) + len(_grams(name))) for name, count in common.items()}
        best = sorted(dice, key=lambda name: (-dice[name], name))[:_COMPARED]
        near = [(name, (dice[name] + SequenceMatcher(None, folded, name).ratio()) / 2) for name in best]
        return [(name, likeness) for name, likeness in near if name != folded and likeness >= _NEAR]

    def beginning(self, prefix: str) -> list[Thing]:
        """Return the things of which a name, or the identifier, begins with *prefix*, labels first."""
        folded = fold(prefix)
        ranked: dict[str, tuple[int, str]] = {}
        for name, entries in self._by_name.items():
            if folded and name.startswith(folded):
                for thing, text in entries:
                    rank = (list(_WORTH).index(thing.names[text]) if name != folded else -1, thing.name)
                    ranked[thing.id] = min(ranked.get(thing.id, rank), rank)
        return [self.things[id_] for id_ in sorted(ranked, key=lambda id_: (ranked[id_], id_))]
