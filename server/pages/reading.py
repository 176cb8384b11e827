"""Claims in reading order: by source, then as they stand in its text; and what the graph says of things."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from server.labels import Cell, iri_cell, labels
from server.pages.behind import Behind, declared
from server.pages.choices import choice
from server.pages.claims import Claim, Source, claims, sources
from server.rdf import named, rows
from tacit.names import BASE, ID, PREFIXES, TACIT

#: What can be told of a thing on one page; of more, one source is shown at a time.
MOST_CLAIMS: Final = 130
_NAMING: Final = (f"{PREFIXES['rdfs']}label", str(TACIT.paraphrase))
_SELECT: Final = """SELECT ?source ?claim (MIN(?paragraph_each) AS ?paragraph) (MIN(?start_each) AS ?start)
WHERE {
  { SELECT DISTINCT ?claim WHERE { %s } }
  ?claim a tacit:Claim ; tacit:source ?source .
  OPTIONAL {
    ?claim tacit:passage ?passage .
    ?passage tacit:paragraph ?paragraph_each ; oa:hasSelector/oa:start ?start_each .
  }
}
GROUP BY ?source ?claim
ORDER BY ?source ?start ?claim
"""
_CONSTRUCT: Final = """CONSTRUCT { ?claim ?property ?value }
WHERE {
  { SELECT DISTINCT ?claim WHERE { %s } }
  ?claim a tacit:Claim ; ?property ?value .
}
"""

#: The values of a thing by the local names of its properties.
Facts = Mapping[str, list[Cell]]


@dataclass(frozen=True)
class Said:
    """What is said of a thing: *counts* by source, and the claims of those sources that are shown.

    *chosen* is the name of the one source that was asked for, or "".
    """

    counts: list[tuple[Source, int]]
    shown: list[tuple[Source, list[Claim]]]
    chosen: str
    behind: Behind

    @property
    def total(self) -> int:
        """How many claims there are."""
        return sum(number for _, number in self.counts)


def behind(pattern: str) -> Behind:
    """Return the queries for the claims that *pattern* binds to ?claim: in reading order, and as a graph."""
    return Behind(_SELECT % pattern, _CONSTRUCT % pattern)


def ordered(pattern: str) -> list[Claim]:
    """Return the claims that *pattern* binds to ?claim, in reading order."""
    return list(claims(row["claim"]["value"] for row in behind(pattern).rows()).values())


def said(pattern: str) -> Said:
    """Return the claims that *pattern* binds to ?claim, by source; ``?source=`` shows one source.

    Raises ProblemError for a source that says nothing of it.
    """
    asked = behind(pattern)
    by_source: dict[str, list[str]] = defaultdict(list)
    for row in asked.rows():
        by_source[row["source"]["value"]].append(row["claim"]["value"])
    of = {iri: source for iri, source in sources().items() if iri in by_source}
    chosen = choice("source", [iri.removeprefix(str(ID)) for iri in of])
    wanted = [iri for iri in of if not chosen or iri == f"{ID}{chosen}"]
    if not chosen and sum(map(len, by_source.values())) > MOST_CLAIMS:
        wanted = wanted[:1]
    known = claims(claim for iri in wanted for claim in by_source[iri])
    return Said(
        [(source, len(by_source[iri])) for iri, source in of.items()],
        [(of[iri], [known[claim] for claim in by_source[iri] if claim in known]) for iri in wanted],
        chosen,
        asked,
    )


def begin(claim: Claim) -> tuple[int, int, str]:
    """Return what sorts claims by time; what has none comes last."""
    it = claim.period
    return (it.begin_earliest, it.begin_latest, it.edtf) if it else (10**6, 0, "")


def facts(iris: Iterable[str]) -> dict[str, Facts]:
    """Return what the graph says of each of *iris*, in their order, by the local names of properties."""
    wanted = [iri for iri in dict.fromkeys(iris) if named(iri)]
    values = " ".join(f"<{iri}>" for iri in wanted)
    query = (
        f"SELECT DISTINCT ?thing ?p ?o {{ VALUES ?thing {{ {values} }} ?thing ?p ?o }} ORDER BY ?thing ?p ?o"
    )
    found = rows(query) if wanted else []
    known = labels({row["o"]["value"] for row in found if _is_ours(row["o"]["value"])}, _NAMING)
    told: dict[str, dict[str, list[Cell]]] = {iri: defaultdict(list) for iri in wanted}
    for row in found:
        value, local = row["o"], row["p"]["value"].rpartition("#")[2].rpartition("/")[2]
        if value["type"] == "uri":
            told[row["thing"]["value"]][local].append(iri_cell(value["value"], known))
        elif value["type"] != "bnode":
            told[row["thing"]["value"]][local].append(Cell(value["value"], lang=value.get("xml:lang", "")))
    return dict(told)


def things(query: str) -> list[dict[str, str]]:
    """Return the rows of *query*, with our prefixes, as the text of their values."""
    return [{name: str(term["value"]) for name, term in row.items()} for row in rows(declared(query))]


def _is_ours(value: str) -> bool:
    return value.startswith(BASE)
