"""What sources call a tie, or say that it is not, and how their claims answer each other."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from server.labels import RDFS_LABEL, Cell, iri_cell, labels
from server.pages.behind import declared
from server.pages.claims import Claim, claims
from server.pages.outcomes import ALL_BUT_NAME, ALLIANCE, FORMAL, INFORMAL, NOT, NOT_OF_KIND, Outcome
from server.rdf import rows
from tacit.names import CITO, TACIT

#: The outcome that each category comes to, the narrower first; narrower categories come to the same.
_OUTCOMES: Final = {
    str(TACIT.FormalAlliance): FORMAL,
    str(TACIT.InformalAlliance): INFORMAL,
    str(TACIT.AllianceInAllButName): ALL_BUT_NAME,
    str(TACIT.Alliance): ALLIANCE,
}
_VERDICTS: Final = """SELECT ?claim ?category ?portrayal ?treaty ?source ?begin {{
    ?claim a tacit:Verdict ; tacit:onTie {tie} ; tacit:category ?category ; tacit:source ?source
    OPTIONAL {{ ?claim tacit:ofPortrayal ?portrayal }} OPTIONAL {{ ?claim tacit:instrument ?treaty }}
    OPTIONAL {{ ?claim tacit:beginEarliest ?begin }} }} ORDER BY ?source ?begin ?claim"""
_ROSTERS: Final = """SELECT ?claim {{ ?claim a tacit:Roster ; tacit:lists {tie} ; tacit:source ?source }}
    ORDER BY ?source ?claim"""
_WIDER: Final = "SELECT ?category ?wider { ?claim tacit:category ?category . ?category skos:broader* ?wider }"
#: How one claim answers another, in the words of a reader; what is against it first.
_HOW: Final = {
    str(CITO.refutes): "refutes",
    str(CITO.disputes): "disputes",
    str(CITO.qualifies): "qualifies",
    str(TACIT.concedes): "concedes",
    str(CITO.supports): "supports",
}
_PASSIVE: Final = {
    "refutes": "refuted",
    "disputes": "disputed",
    "qualifies": "qualified",
    "concedes": "conceded",
    "supports": "supported",
}
_ANSWERS: Final = """SELECT DISTINCT ?claim ?how ?other {{
    VALUES ?how {{ cito:refutes cito:disputes cito:qualifies tacit:concedes cito:supports }}
    {{ ?claim tacit:about {tie} }} UNION {{ ?other tacit:about {tie} }}
    ?claim ?how ?other }} ORDER BY ?claim ?other"""


@dataclass(frozen=True)
class Verdict:
    """A verdict; *outcome* is None for a category which is no alliance, such as a partnership.

    *portrayals* are the names of the phases of which it speaks; *treaty*, if it is a label put on a text.
    """

    claim: Claim
    outcome: Outcome | None
    portrayals: tuple[str, ...]
    treaty: Cell | None

    @property
    def words(self) -> str:
        """The category as the verdict has it: denied, hedged or relayed, where it is."""
        prefix = {"denies": "denied: ", "entertains": "perhaps: ", "reports": "relayed: "}
        return prefix.get(self.claim.stance, "") + self.claim.category


@dataclass(frozen=True)
class Answering:
    """A claim and those that it answers, each with how it does."""

    claim: Claim
    others: tuple[tuple[str, Claim], ...]


def outcomes_of_categories() -> dict[str, Outcome]:
    """Return by category the outcome that it comes to; partnerships and the like have none."""
    wider: dict[str, set[str]] = defaultdict(set)
    for row in rows(declared(_WIDER)):
        wider[row["category"]["value"]].add(row["wider"]["value"])
    return {
        category: outcome
        for category, own in wider.items()
        if (outcome := next((o for iri, o in _OUTCOMES.items() if iri in own), None))
    }


def verdicts(tie: ox.NamedNode) -> list[Verdict]:
    """Return all verdicts on *tie*, by source and time."""
    found = rows(declared(_VERDICTS.format(tie=tie)))
    known, outcomes = claims(row["claim"]["value"] for row in found), outcomes_of_categories()
    called = labels((row["treaty"]["value"] for row in found if "treaty" in row), (RDFS_LABEL,))
    made = []
    for iri, claim in known.items():
        own = [row for row in found if row["claim"]["value"] == iri]
        treaty = next((row["treaty"]["value"] for row in own if "treaty" in row), None)
        made.append(
            Verdict(
                claim,
                _outcome(claim, own[0]["category"]["value"], outcomes),
                tuple(dict.fromkeys(_local(row["portrayal"]["value"]) for row in own if "portrayal" in row)),
                iri_cell(treaty, called) if treaty else None,
            )
        )
    return made


def rosters(tie: ox.NamedNode) -> list[Claim]:
    """Return the claims that count *tie* among some actor's alliances."""
    found = rows(declared(_ROSTERS.format(tie=tie)))
    return list(claims(row["claim"]["value"] for row in found).values())


def answers(tie: ox.NamedNode) -> list[Answering]:
    """Return how claims answer each other where either is about *tie*."""
    found = rows(declared(_ANSWERS.format(tie=tie)))
    known = claims(row[name]["value"] for row in found for name in ("claim", "other"))
    others: dict[str, list[tuple[str, Claim]]] = defaultdict(list)
    order = list(_HOW)
    for row in sorted(found, key=lambda row: order.index(row["how"]["value"])):
        one, other = row["claim"]["value"], row["other"]["value"]
        if one in known and other in known:
            others[one].append((_HOW[row["how"]["value"]], known[other]))
    return [Answering(known[iri], tuple(own)) for iri, own in others.items()]


def answered(answering: Iterable[Answering]) -> dict[str, list[tuple[str, Claim]]]:
    """Return by the IRI of a claim which claims answer it, and how, in words such as ``disputed by``."""
    found: dict[str, list[tuple[str, Claim]]] = defaultdict(list)
    for one in answering:
        for how, other in one.others:
            found[other.iri].append((f"{_PASSIVE[how]} by", one.claim))
    return dict(found)


def _outcome(claim: Claim, category: str, outcomes: Mapping[str, Outcome]) -> Outcome | None:
    outcome = outcomes.get(category)
    if outcome and claim.stance == "denies":  # a narrower category denied denies nothing wider
        return NOT if category == str(TACIT.Alliance) else NOT_OF_KIND
    return outcome


def _local(iri: str) -> str:
    return iri.rpartition("/")[2]
