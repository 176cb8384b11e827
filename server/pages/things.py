"""Lists of actors, treaties, policies and events; what the page of one adds is in a module for its kind."""

from collections import defaultdict
from typing import Any, Final

from flask import Blueprint, render_template

from server.labels import Cell, iri_cell
from server.pages import actors, claim, doings, instruments  # noqa: F401  # each adds what it knows to ABOUT
from server.pages.behind import Behind, keep_page
from server.pages.choices import choice, only
from server.pages.claims import sources
from server.pages.happenings import EVENTS, happenings
from server.pages.reading import facts, things
from tacit.names import TACIT

blueprint = Blueprint("things", __name__)

_ALL: Final = "CONSTRUCT {{ ?thing ?property ?value }}\nWHERE {{ ?thing a tacit:{} ; ?property ?value }}\n"
_ACTORS: Final = Behind(
    """SELECT DISTINCT ?thing ?label ?kind ?note
    (COUNT(DISTINCT ?tie) AS ?ties) (COUNT(DISTINCT ?claim) AS ?claims)
WHERE {
  VALUES ?kind { tacit:State tacit:Party tacit:Organization tacit:ArmedMovement tacit:Person }
  ?thing a ?kind ; rdfs:label ?label .
  OPTIONAL { ?thing skos:note ?note }
  OPTIONAL { ?tie tacit:party ?thing }
  OPTIONAL { ?claim tacit:about ?thing ; a tacit:Claim }
}
GROUP BY ?thing ?label ?kind ?note
ORDER BY ?label
""",
    _ALL.format("PoliticalActor"),
)
_TREATIES: Final = Behind(
    """SELECT DISTINCT ?thing ?label ?tie ?of (COUNT(DISTINCT ?source) AS ?sources)
WHERE {
  ?thing a tacit:Instrument ; rdfs:label ?label .
  OPTIONAL { ?thing tacit:instrumentOf ?tie . ?tie rdfs:label ?of }
  OPTIONAL { ?claim tacit:instrument|tacit:about ?thing ; tacit:source ?source }
}
GROUP BY ?thing ?label ?tie ?of
ORDER BY ?of ?label
""",
    _ALL.format("Instrument"),
)
_POLICIES: Final = Behind(
    """SELECT DISTINCT ?thing ?label ?actor ?of (COUNT(DISTINCT ?claim) AS ?claims)
WHERE {
  ?thing a tacit:Policy ; rdfs:label ?label .
  OPTIONAL { ?thing tacit:ofActor ?actor . ?actor rdfs:label ?of }
  OPTIONAL { ?claim tacit:policy ?thing }
}
GROUP BY ?thing ?label ?actor ?of
ORDER BY ?of ?label
""",
    _ALL.format("Policy"),
)
_SIGNED: Final = """SELECT ?thing (MIN(?year_each) AS ?year) {
  ?claim tacit:instrument ?thing ; a tacit:EventClaim ; tacit:eventKind tacit:Signing ;
    tacit:beginEarliest ?year_each } GROUP BY ?thing"""
_GROUPS: Final = {
    "State": "States",
    "Party": "Parties",
    "Organization": "Organisations",
    "ArmedMovement": "Armed movements",
    "Person": "Persons",
}


@blueprint.get("/actors")
def actors_() -> str:
    """List the actors by their kind."""
    only()
    keep_page()
    groups: dict[str, list[tuple[Cell, dict[str, str]]]] = defaultdict(list)
    for row in _told(_ACTORS):
        groups[row["kind"].removeprefix(str(TACIT))].append((_cell(row), row))
    shown = [(name, title, groups[name]) for name, title in _GROUPS.items() if name in groups]
    return render_template("actors.html", groups=shown, behind=_ACTORS)


@blueprint.get("/treaties")
def treaties() -> str:
    """List the treaties and other texts by their tie, the earlier first."""
    only()
    keep_page()
    years = {row["thing"]: row["year"] for row in things(_SIGNED)}
    found = _told(_TREATIES)
    of = facts(row["thing"] for row in found)
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    ties: dict[str, Cell] = {}
    for row in found:
        if "tie" in row:
            ties[row["of"]] = iri_cell(row["tie"], {row["tie"]: row["of"]})
        groups[row.get("of", "")].append(
            {
                "cell": _cell(row),
                "facts": of[row["thing"]],
                "year": years.get(row["thing"], ""),
                "sources": row["sources"],
            }
        )
    shown = [
        (ties.get(name), sorted(group, key=lambda it: (it["year"] or "9", it["cell"].label)))
        for name, group in sorted(groups.items(), key=lambda item: (not item[0], item[0]))
    ]
    return render_template("treaties.html", groups=shown, behind=_TREATIES)


@blueprint.get("/policies")
def policies() -> str:
    """List the policies by their actor, with the principles that sources list, and the positions."""
    only()
    keep_page()
    groups: dict[str, list[tuple[Cell, dict[str, str], list[tuple[str, list[Cell]]]]]] = defaultdict(list)
    listed = _principles()
    actors_of: dict[str, Cell] = {}
    for row in _told(_POLICIES):
        name = row.get("of", "")
        if "actor" in row:
            actors_of[name] = iri_cell(row["actor"], {row["actor"]: name})
        groups[name].append((_cell(row), row, listed.get(row["thing"], [])))
    positions = things(
        "SELECT ?thing ?label (COUNT(DISTINCT ?claim) AS ?claims) { "
        "?thing a tacit:Position ; skos:definition ?label "
        "OPTIONAL { ?claim tacit:position ?thing } } GROUP BY ?thing ?label ORDER BY ?label"
    )
    return render_template(
        "policies.html",
        groups=[(actors_of.get(name), group) for name, group in groups.items()],
        positions=[(_cell(row), row["claims"]) for row in positions],
        behind=_POLICIES,
    )


@blueprint.get("/events")
def events() -> str:
    """List the events in order of time; ``?status=`` and ``?kind=`` narrow them."""
    only("status", "kind")
    keep_page()
    found = happenings()
    names = {
        name: {value: value for value in sorted({value for it in found for value in getattr(it, field)})}
        for name, field in (("status", "statuses"), ("kind", "kinds"))
    }
    chosen = {name: choice(name, known) for name, known in names.items()}
    shown = [
        it for it in found if chosen["status"] in ("", *it.statuses) and chosen["kind"] in ("", *it.kinds)
    ]
    return render_template(
        "events.html", events=shown, total=len(found), names=names, chosen=chosen, behind=EVENTS
    )


def _principles() -> dict[str, list[tuple[str, list[Cell]]]]:
    """Return for each policy which principles each source lists."""
    listed: dict[str, dict[str, dict[str, Cell]]] = defaultdict(lambda: defaultdict(dict))
    for row in things(
        "SELECT DISTINCT ?policy ?claim ?source ?principle ?label { ?claim tacit:policy ?policy ; "
        "tacit:principle ?principle ; tacit:stance tacit:Affirms ; tacit:source ?source . "
        "?principle rdfs:label ?label } ORDER BY ?policy ?source ?label"
    ):
        cell = iri_cell(row["principle"], {row["principle"]: row["label"]})
        listed[row["policy"]][row["source"]][row["principle"]] = cell
    names = {iri: source.short for iri, source in sources().items()}
    return {
        policy: [(names.get(source, source), list(cells.values())) for source, cells in by_source.items()]
        for policy, by_source in listed.items()
    }


def _cell(row: dict[str, str]) -> Cell:
    return iri_cell(row["thing"], {row["thing"]: row["label"]})


def _told(asked: Behind) -> list[dict[str, str]]:
    return [{name: str(term["value"]) for name, term in row.items()} for row in asked.rows()]
