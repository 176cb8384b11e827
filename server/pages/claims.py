"""Claims as a reader reads them: what is said, who says it and where, how firmly, and of which years.

The macros of `claim.html` show what `claims` returns.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from server.labels import Cell, address, iri_cell, labels
from server.pages.period import Period, period
from server.rdf import named, rows
from tacit.names import BASE, ID, INFERRED, PREFIXES, TACIT

_STATEMENTS: Final = "SELECT ?claim ?p ?o {{ VALUES ?claim {{ {} }} ?claim ?p ?o }} ORDER BY ?claim ?p ?o"
_PARAGRAPHS: Final = (
    f"SELECT DISTINCT ?claim ?value {{{{ VALUES ?claim {{{{ {{}} }}}} "
    f"?claim <{TACIT.passage}> ?passage . ?passage <{TACIT.paragraph}> ?value }}}} ORDER BY ?claim ?value"
)
#: Its own kind only; the wider ones are inferred.
_KINDS: Final = (
    f"SELECT DISTINCT ?claim ?value {{{{ VALUES ?claim {{{{ {{}} }}}} "
    f"GRAPH ?g {{{{ ?claim a ?value }}}} FILTER(?g != <{INFERRED}>) }}}} ORDER BY ?value"
)
#: Whatever is spoken of as a source is one, in other people's data, too.
_SOURCES: Final = f"""SELECT ?source ?label ?number ?title ?author ?year {{
    {{ SELECT DISTINCT ?source {{ {{ ?source a <{TACIT.Source}> }}
        UNION {{ ?any <{TACIT.evidenceBase}> ?source }} UNION {{ ?any <{TACIT.source}> ?source }} }} }}
    OPTIONAL {{ ?source <{PREFIXES["rdfs"]}label> ?label }}
    OPTIONAL {{ ?source <{PREFIXES["dcterms"]}identifier> ?number }}
    OPTIONAL {{ ?source <{PREFIXES["dcterms"]}title> ?title }}
    OPTIONAL {{ ?source <{TACIT.authorStated}> true ;
        <{PREFIXES["dcterms"]}creator>/<{PREFIXES["rdfs"]}label> ?author }}
    OPTIONAL {{ ?source <{TACIT.asOfEarliest}> ?year }} }} ORDER BY ?number ?label ?source ?author"""
#: How a claim was got, where that is not by reading it off the passage.
_BASES: Final = {
    "ImpliedInPassage": "implied by the passage, not said in it",
    "ImpliedByVerdict": "only implied by a verdict of the source",
    "FollowsFromList": "follows from a list that the source calls complete",
    "Computed": "computed from what the source says",
}


@dataclass(frozen=True)
class Source:
    """An article or data set: *short* for tables (``003``, ``ATOP 5.1``), *name* with author and year."""

    iri: str
    short: str
    name: str
    title: str
    link: str
    dataset: bool


@dataclass(frozen=True)
class Claim:
    """A claim. *stance* is ``affirms``, ``denies``, ``entertains`` or ``reports``.

    *kind* is its class as a reader calls it; *category* is what a verdict or roster puts a tie under, *terms*
    are the source's own words for it. *hedges* are the words that make it less than firm, *given* the
    conditions under which it is said. A *speaker* is a voice that the source relays, *ascribed_to* one to
    whom it ascribes the view. *where* is a data set's variable and code. *basis* says how it was got, where
    that is not by reading it off the passage.
    """

    iri: str
    link: str
    paraphrase: str
    source: Source
    stance: str
    kind: str
    paragraphs: tuple[int, ...]
    where: str
    category: str
    terms: tuple[str, ...]
    hedges: tuple[str, ...]
    given: tuple[Cell, ...]
    counterfactual: bool
    speakers: tuple[Cell, ...]
    ascribed_to: tuple[Cell, ...]
    period: Period | None
    basis: str

    @property
    def name(self) -> str:
        """Its name behind ``id:``."""
        return self.iri.removeprefix(str(ID))

    @property
    def said(self) -> str:
        """How it stands to what it says, in words which do not negate a paraphrase a second time."""
        if self.category:
            return f"{self.stance}: {self.category}"
        return "a denial" if self.stance == "denies" else self.stance


def sources() -> dict[str, Source]:
    """Return all sources by IRI, articles first, in the order of their numbers."""
    facts: dict[str, dict[str, str]] = {}
    authors: dict[str, list[str]] = defaultdict(list)
    for row in rows(_SOURCES):
        told = {name: term["value"] for name, term in row.items()}
        facts[told["source"]] = told
        authors[told["source"]] += [told["author"]] if "author" in told else []
    made = [_source(told, " and ".join(authors[iri])) for iri, told in facts.items()]
    return {source.iri: source for source in sorted(made, key=lambda source: source.dataset)}


def claims(iris: Iterable[str]) -> dict[str, Claim]:
    """Return the claims among *iris*, in their order; what is no claim of the graph is left out."""
    wanted = [iri for iri in dict.fromkeys(iris) if named(iri)]
    if not wanted:
        return {}
    values = " ".join(f"<{iri}>" for iri in wanted)
    facts: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in rows(_STATEMENTS.format(values)):
        facts[row["claim"]["value"]][_local(row["p"]["value"])].append(row["o"]["value"])
    for name, query in (("paragraph", _PARAGRAPHS), ("kind", _KINDS)):
        for row in rows(query.format(values)):
            facts[row["claim"]["value"]][name].append(row["value"]["value"])
    named_things = ("category", "givenThat", "speaker", "ascribedTo", "kind")
    things = {value for fact in facts.values() for name in named_things for value in fact.get(name, ())}
    known = labels(things, (f"{PREFIXES['rdfs']}label", str(TACIT.paraphrase)))
    of = sources()
    return {
        iri: _claim(iri, fact, known, of)
        for iri in wanted
        if (fact := facts.get(iri)) and "stance" in fact and of.keys() & fact["source"]
    }


def _source(told: dict[str, str], authors: str) -> Source:
    number, label = told.get("number", ""), told.get("label") or _local(told["source"])
    name = f"Article {number} ({authors or 'author not named'}, {told.get('year', 'no year')})"
    return Source(
        iri=told["source"],
        short=number or label,
        name=name if number else label,
        title=told.get("title", label),
        link=address(told["source"]),
        dataset=not number,
    )


def _claim(iri: str, fact: dict[str, list[str]], known: dict[str, str], of: dict[str, Source]) -> Claim:
    one = {name: values[0] for name, values in fact.items()}
    return Claim(
        iri=iri,
        link=address(iri),
        paraphrase=one.get("paraphrase", ""),
        source=of[one["source"]],
        stance=_local(one["stance"]).lower(),
        kind=known.get(one.get("kind", ""), ""),
        paragraphs=tuple(map(int, fact["paragraph"])),
        where=_coded(one),
        category=known.get(one.get("category", ""), ""),
        terms=tuple(fact.get("termUsed", ())),
        hedges=tuple(fact.get("hedge", ())),
        given=tuple(_cell(value, known) for value in fact.get("givenThat", ())),
        counterfactual=one.get("counterfactual") == "true",
        speakers=tuple(_cell(value, known) for value in fact.get("speaker", ())),
        ascribed_to=tuple(_cell(value, known) for value in fact.get("ascribedTo", ())),
        period=period(one),
        basis=_BASES.get(_local(one.get("codingBasis", "")), ""),
    )


def _cell(value: str, known: dict[str, str]) -> Cell:
    return iri_cell(value, known) if value.startswith(BASE) else Cell(value)


def _coded(one: dict[str, str]) -> str:
    if "variable" not in one:
        return ""
    coded = f" coded {one['coded']}" if "coded" in one else ""
    number = f", alliance {one['datasetId']}" if "datasetId" in one else ""
    return f"variable {one['variable']}{coded}{number}"


def _local(iri: str) -> str:
    return iri.rpartition("#")[2].rpartition("/")[2]
