"""What `tacit.explain.explain` returns, arranged for a reader: what is decided alike stands together."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import request

from server.pages.claims import Claim, Source, claims, sources
from server.pages.outcomes import ALLIANCE, CONTRADICTED, SILENT, Outcome, outcomes_of_definitions
from server.pages.period import Period, period
from server.rdf import rows
from tacit.names import PREFIXES, TACIT


@dataclass(frozen=True)
class Condition:
    """A condition of a cell: *state* is ``met``, ``contradicted`` or ``lacking``."""

    name: str
    link: str
    state: str
    by_tie: bool
    claims: tuple[Claim, ...]


@dataclass(frozen=True)
class Cell:
    """A definition, as it fares for a portrayal; *why* is the address of its whole explanation."""

    name: str
    link: str
    meaning: str
    necessary_test: bool
    outcome: Outcome
    why: str
    conditions: tuple[Condition, ...]
    axioms: tuple[tuple[str, ...], ...]

    def by_state(self, state: str) -> list[Condition]:
        """Return the conditions in *state*."""
        return [condition for condition in self.conditions if condition.state == state]


@dataclass(frozen=True)
class Decided:
    """Cells that hold, or are contradicted, by the same claims.

    *sets* are minimal: each suffices by itself; there are *more* where not all were looked for. *alone* are
    the claims without any one of which it would not be so. No claims at all: the tie itself decides.
    """

    cells: tuple[Cell, ...]
    claims: tuple[Claim, ...]
    sets: tuple[tuple[int, ...], ...]
    alone: tuple[Claim, ...]
    more: bool

    @property
    def numbers(self) -> dict[str, int]:
        """The number of each claim within the list of them, by its IRI."""
        return {claim.iri: number for number, claim in enumerate(self.claims, 1)}


@dataclass(frozen=True)
class Portrayal:
    """One tie, as one source describes it in one phase; *reading_of* is the plain one, for a reading.

    *silent* are the cells on which nothing is said, by the names of what is lacking.
    """

    name: str
    label: str
    link: str
    source: Source
    reading_of: str
    period: Period | None
    holds: tuple[Decided, ...]
    contradicted: tuple[Decided, ...]
    silent: tuple[tuple[str, tuple[Cell, ...]], ...]
    looked_up: tuple[Claim, ...]
    cells: tuple[Cell, ...]

    def count(self, outcome: str) -> int:
        """Return how many definitions of an alliance, necessary tests left out, *hold* and the like."""
        groups = {"holds": self.holds, "contradicted": self.contradicted}
        if outcome == "silent":
            return sum(not cell.necessary_test for _, own in self.silent for cell in own)
        return sum(not cell.necessary_test for group in groups[outcome] for cell in group.cells)


class Account:
    """One tie's account: its *portrayals*, by source and time, and the *claims* on which they rest."""

    def __init__(self, told: dict[str, Any]) -> None:
        self.tie = told["tie"].partition(":")[2]
        self.label = told["label"]
        self.link = f"{request.script_root}/id/{self.tie}"
        found = claims(_iri(name) for name in told["claims"])
        self.claims = {claim.name: claim for claim in found.values()}
        of, periods = sources(), _periods(told["portrayals"])
        made = [self._portrayal(one, of, periods.get(_iri(one["id"]))) for one in told["portrayals"]]
        order = list(of)
        made.sort(key=lambda p: (order.index(p.source.iri), p.period.begin_latest if p.period else 0))
        self.portrayals = made

    def _portrayal(self, told: dict[str, Any], of: dict[str, Source], when: Period | None) -> Portrayal:
        name = told["id"].partition(":")[2]
        cells = tuple(self._cell(cell, told, name) for cell in told["cells"])
        silent: dict[str, list[Cell]] = defaultdict(list)
        for cell in cells:
            if cell.outcome is SILENT:
                silent[", ".join(c.name for c in cell.by_state("lacking"))].append(cell)
        looked_up = {name for cell in told["cells"] for name in cell["looked_up"]}
        return Portrayal(
            name=name,
            label=told["label"],
            link=f"{request.script_root}/id/{name}",
            source=of[_iri(told["source"])],
            reading_of=(told["reading_of"] or "").partition(":")[2],
            period=when,
            holds=self._decided(told, cells, "holds"),
            contradicted=self._decided(told, cells, "contradicted"),
            silent=tuple((lacks, tuple(own)) for lacks, own in silent.items()),
            looked_up=self._claims(looked_up),
            cells=cells,
        )

    def _cell(self, told: dict[str, Any], portrayal: dict[str, Any], anchor: str) -> Cell:
        definition = told["definition"].partition(":")[2]
        source = portrayal["source"].removeprefix("id:").removeprefix("article-")
        narrowed = {"definition": definition, "source": source}
        root = request.script_root
        if told["result"] == "holds":
            outcome = outcomes_of_definitions().get(_iri(told["definition"]), ALLIANCE)
        else:
            outcome = CONTRADICTED if told["result"] == "contradicted" else SILENT
        return Cell(
            name=told["name"],
            link=f"{root}/definitions/{definition}",
            meaning=told["meaning"],
            necessary_test=told["necessary_test"],
            outcome=outcome,
            why=f"{root}/explain/{self.tie}?{urlencode(narrowed)}#{anchor}",
            conditions=tuple(
                Condition(
                    condition["name"],
                    f"{root}/definition#{condition['id'].partition(':')[2]}",
                    condition["state"],
                    condition["by_tie"],
                    self._claims(condition["claims"]),
                )
                for condition in told["conditions"]
            ),
            axioms=tuple(dict.fromkeys(tuple(reason["axioms"]) for reason in told["reasons"])),
        )

    def _decided(self, told: dict[str, Any], cells: tuple[Cell, ...], result: str) -> tuple[Decided, ...]:
        groups: dict[Any, list[Cell]] = defaultdict(list)
        for raw, cell in zip(told["cells"], cells, strict=True):
            if raw["result"] == result:
                sets = tuple(tuple(reason["claims"]) for reason in raw["reasons"])
                # a claim can speak against a condition without being in a reason that was kept
                met = {name for c in raw["conditions"] if c["state"] != "lacking" for name in c["claims"]}
                key = (sets, tuple(raw["hangs_on"]), raw["more_reasons"], () if sets else tuple(sorted(met)))
                groups[key].append(cell)
        made = []
        for (sets, alone, more, met), own in groups.items():
            listed = self._claims({name for one in sets for name in one} or met)
            number = {claim.name: n for n, claim in enumerate(listed, 1)}
            numbered = tuple(tuple(number[name.partition(":")[2]] for name in one) for one in sets if one)
            made.append(Decided(tuple(own), listed, numbered, self._claims(alone), more))
        # what only a necessary test makes of it comes after what makes an alliance
        return tuple(sorted(made, key=lambda group: all(cell.necessary_test for cell in group.cells)))

    def _claims(self, names: Iterable[str]) -> tuple[Claim, ...]:
        wanted = {name.partition(":")[2] for name in names}
        return tuple(claim for name, claim in self.claims.items() if name in wanted)


def change_views(told: dict[str, Any] | None) -> dict[str, Any]:
    """Return the changes of `tacit.whatif.report`, and what stays, with links and claims for a page."""
    if told is None:
        return {"changes": [], "stays": [], "known": {}}
    out = told["without"]
    names = {*out["claims"], *out["implied"], *out["derived"]}
    for one in (*told["changes"], *told["stays"]):
        names |= set(one["hangs_on"])
    found = {claim.name: claim for claim in claims(_iri(name) for name in sorted(names)).values()}
    ties = {row["tie"]["value"]: row["label"]["value"] for row in rows(_TIES)}
    return {
        "changes": [_change(one, ties) for one in told["changes"]],
        "stays": [_change(one, ties) for one in told["stays"]],
        "known": {f"id:{name}": claim for name, claim in found.items()},
    }


_TIES = f"SELECT ?tie ?label {{ ?tie a <{TACIT.Tie}> ; <{PREFIXES['rdfs']}label> ?label }}"


def _change(one: dict[str, Any], ties: dict[str, str]) -> dict[str, Any]:
    def outcome(result: str) -> Outcome:
        if result == "holds":
            return outcomes_of_definitions().get(_iri(one["definition"]), ALLIANCE)
        return CONTRADICTED if result == "contradicted" else SILENT

    definition, tie = one["definition"].partition(":")[2], one["tie"].partition(":")[2]
    narrowed = {"definition": definition, "source": one["source"].partition(":")[2]}
    root = request.script_root
    return {
        **one,
        "tie_label": ties.get(_iri(one["tie"]), tie),
        "tie_link": f"{root}/id/{tie}#{one['portrayal'].partition(':')[2]}",
        "definition_link": f"{root}/definitions/{definition}",
        "why": f"{root}/explain/{tie}?{urlencode(narrowed)}",
        "from": outcome(one["before"]),
        "to": outcome(one["after"]),
    }


def _periods(portrayals: list[dict[str, Any]]) -> dict[str, Period]:
    values = " ".join(f"<{_iri(one['id'])}>" for one in portrayals)
    facts: dict[str, dict[str, str]] = defaultdict(dict)
    for row in rows(f"SELECT ?s ?p ?o {{ VALUES ?s {{ {values} }} ?s ?p ?o FILTER(!ISBLANK(?o)) }}"):
        facts[row["s"]["value"]][row["p"]["value"].rpartition("#")[2]] = row["o"]["value"]
    return {iri: found for iri, own in facts.items() if (found := period(own))}


def _iri(name: str) -> str:
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local if prefix in PREFIXES else name.strip("<>")
