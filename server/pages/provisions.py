"""What sources report of a tie's treaties: provisions that they find there, and what they find lacking."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from server.labels import RDFS_LABEL, Cell, iri_cell, labels
from server.pages.behind import declared
from server.pages.claims import Claim, claims
from server.rdf import Row, rows
from tacit.names import TACIT

#: The kinds of a provision are asserted; what they amount to is inferred, and not what a source reports.
_FOUND: Final = """SELECT DISTINCT
    ?claim ?treaty ?provision ?kind ?clause ?wording ?trigger ?absent ?missing {{
    {{ ?claim tacit:ofPortrayal/tacit:portrays {tie} }}
    UNION {{ ?claim tacit:instrument/tacit:instrumentOf {tie} }}
    {{ ?claim a tacit:TreatyFound OPTIONAL {{ ?claim tacit:hasProvision ?provision
        GRAPH ?g {{ ?provision a ?kind }} FILTER(?g != graph:inferred)
        OPTIONAL {{ ?provision tacit:clause ?clause }} OPTIONAL {{ ?provision tacit:wording ?wording }}
        OPTIONAL {{ ?provision tacit:trigger ?trigger }} }} }}
    UNION {{ ?claim a tacit:AbsenceFinding OPTIONAL {{ ?claim tacit:absent ?absent }}
        FILTER NOT EXISTS {{ ?claim a tacit:NotListed }}
        GRAPH ?h {{ ?claim a ?missing }} FILTER(?h != graph:inferred) }}
    OPTIONAL {{ ?claim tacit:instrument ?treaty }} }} ORDER BY ?claim ?provision ?kind ?wording"""


@dataclass(frozen=True)
class Provision:
    """A provision as one source reports it: its *kinds*, and what it has in words of its own."""

    kinds: tuple[Cell, ...]
    clause: str
    wording: tuple[str, ...]
    trigger: str


@dataclass(frozen=True)
class Report:
    """What one claim reports: provisions, or what is *absent*; neither, where it only names the treaty."""

    claim: Claim
    provisions: tuple[Provision, ...]
    absent: Cell | None


@dataclass(frozen=True)
class Text:
    """A treaty, or None for what is reported of no treaty in particular, and the reports, by source."""

    treaty: Cell | None
    reports: tuple[Report, ...]


def texts(tie: ox.NamedNode) -> list[Text]:
    """Return what is reported of the treaties of *tie*; codes of 0 are left to the portrayals."""
    by_claim: dict[str, list[Row]] = defaultdict(list)
    for row in rows(declared(_FOUND.format(tie=tie))):
        by_claim[row["claim"]["value"]].append(row)
    known = claims(by_claim)
    iris = {
        row[name]["value"]
        for own in by_claim.values()
        for row in own
        for name in ("kind", "absent", "missing", "treaty")
        if name in row
    }
    called = labels(iris, (RDFS_LABEL,))
    reports: dict[str, list[Report]] = defaultdict(list)
    for iri, claim in known.items():
        treaty = next((row["treaty"]["value"] for row in by_claim[iri] if "treaty" in row), "")
        report = _report(claim, by_claim[iri], called)
        # a code of 0 is about a year, not about a text
        if treaty or not (report.absent and claim.source.dataset):
            reports[treaty].append(report)
    for own in reports.values():
        own.sort(key=lambda r: (r.claim.source.dataset, r.claim.source.short, bool(r.absent), r.claim.basis))
    order = sorted(reports, key=lambda treaty: (not treaty, called.get(treaty, "").rpartition(" ")[2]))
    return [Text(iri_cell(t, called) if t else None, tuple(reports[t])) for t in order]


def _report(claim: Claim, own: list[Row], called: dict[str, str]) -> Report:
    missing = next((row.get("absent") or row["missing"] for row in own if "missing" in row), None)
    by_provision: dict[str, list[Row]] = defaultdict(list)
    for row in own:
        if "provision" in row:
            by_provision[row["provision"]["value"]].append(row)
    provisions = tuple(
        Provision(
            tuple(iri_cell(kind, called) for kind in _values(found, "kind")),
            ", ".join(_values(found, "clause")),
            tuple(_values(found, "wording")),
            ", ".join(_values(found, "trigger")),
        )
        for found in by_provision.values()
    )
    return Report(claim, provisions, iri_cell(missing["value"], called) if missing else None)


def _values(found: list[Row], name: str) -> list[str]:
    values = dict.fromkeys(row[name]["value"] for row in found if name in row)
    return [value for value in values if value != str(TACIT.Provision)]
