"""A definition of one's own: conditions chosen, judged at once, kept in the address."""

from collections import Counter
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from rdflib.term import Node
from werkzeug.wrappers import Response as BaseResponse

from server.pages.behind import Behind, declared, keep_page
from server.pages.choice import OUTCOMES, UNNAMED, Choice, chosen, portrayed, whole
from server.pages.claims import claims
from server.pages.outcomes import CONTRADICTED, SILENT, words
from server.reasons import model
from tacit import define, fares
from tacit.define import GROUPS
from tacit.lookup import local
from tacit.model import Model
from tacit.names import BASE, ID, TACIT, short

blueprint = Blueprint("workbench", __name__)

#: A tie or a cell of `tacit.fares.cells`.
Row = dict[str, Any]


@blueprint.get("/workbench")
def workbench() -> str | BaseResponse:
    """Show the conditions to choose from, and for what those hold that the address names."""
    known = model()
    choice = chosen(known)
    if request.args.get("from"):
        return redirect(choice.address, 303)
    keep_page()
    every = define.conditions(known).values()
    met = fares.met(known)
    groups = [(title, [c for c in every if c.group == group]) for group, title in GROUPS.items()]
    return render_template(
        "workbench.html",
        choice=choice,
        local=local,
        unnamed=UNNAMED,
        outcomes=OUTCOMES.values(),
        groups=[(title, own) for title, own in groups if own],
        count=Counter(condition for own in met.values() for condition in own),
        definitions=[(local(d), known.label(d)) for d in known.judge.definitions],
        ties=[(local(tie), known.label(tie)) for tie in portrayed(known)],
        total=len(met),
        apart=_apart(known, choice),
        **(_results(known, choice) if choice.conditions else {}),
    )


@blueprint.get("/workbench.ttl")
def owl() -> Response:
    """Return the definition as OWL in Turtle."""
    known = model()
    choice = whole(known)
    keep_page()
    return Response(_turtle(known, choice), mimetype="text/turtle")


@blueprint.get("/workbench.rq")
def sparql() -> Response:
    """Return the query for the portrayals for which the definition holds."""
    choice = whole(model())
    keep_page()
    return Response(_sparql(choice), mimetype="application/sparql-query")


def _results(known: Model, choice: Choice) -> dict[str, Any]:
    """Return for what the definition holds and why, how that differs, and what can be taken away."""
    wanted = choice.own.conditions
    ties = fares.cells(known, wanted)
    cells = {cell["id"]: cell for row in ties for cell in row["portrayals"]}
    grounds = {
        f"{ID}{name.removeprefix('id:')}"
        for cell in cells.values()
        for condition in cell["conditions"]
        if cell["result"] != "silent" and _shown(cell, condition)
        for name in condition["claims"]
    }
    every = define.conditions(known)
    return {
        "rows": ties,
        "marks": {"holds": choice.outcome, "contradicted": CONTRADICTED, "silent": SILENT},
        "words": words(choice.outcome),
        "counts": Counter(cell["result"] for cell in cells.values()),
        "holding": sum(any(c["result"] == "holds" for c in row["portrayals"]) for row in ties),
        "claims": {short(iri): claim for iri, claim in claims(sorted(grounds)).items()},
        "shown": _shown,
        "notes": define.notes(known, [every[condition] for condition in choice.conditions]),
        "goal": _goal(choice, ties),
        "changes": _changes(known, choice, cells) if choice.compare else None,
        "compared": choice.compare and (local(choice.compare), known.label(choice.compare)),
        "turtle": _turtle(known, choice),
        "sparql": _sparql(choice),
        "files": [url_for(f"workbench.{name}", **choice.parameters) for name in ("owl", "sparql")],
        "behind": Behind(choice.own.sparql, choice.own.construct),
    }


def _shown(cell: Row, condition: Row) -> bool:
    """Tell whether the claims on a condition say why a cell is as it is."""
    return bool(condition["state"] == ("met" if cell["result"] == "holds" else "contradicted"))


def _goal(choice: Choice, ties: list[Row]) -> list[tuple[bool, Row, list[Row]]]:
    """Return for the tie that should be covered, and for that which should not, the portrayals that are.

    The flag says whether it is as it should be.
    """
    found = []
    for tie, should in ((choice.holds, True), (choice.fails, False)):
        for row in ties:
            if tie and row["tie"] == short(str(tie)):
                holding = [cell for cell in row["portrayals"] if cell["result"] == "holds"]
                found.append((bool(holding) == should, row, holding))
    return found


def _apart(known: Model, choice: Choice) -> dict[str, Any] | None:
    """Return which conditions tell the two ties of the address apart, and where each is met."""
    if not choice.holds or not choice.fails:
        return None
    every, met, graph = define.conditions(known), fares.met(known), known.judge.graph
    suggestions = []
    for wanted in fares.separating(known, choice.holds, choice.fails):
        portrayals = [p for p in graph.subjects(TACIT.portrays, choice.holds) if wanted <= met[p]]
        theirs = fares.results(known, wanted)
        others = Counter(theirs[p] for p in graph.subjects(TACIT.portrays, choice.fails))
        suggestions.append(
            {
                "conditions": [every[c] for c in wanted],
                "chosen": wanted <= choice.own.conditions,
                "address": choice.with_conditions(wanted).address,
                "met": sorted(known.label(p) for p in portrayals),
                "others": others,
            }
        )
    return {
        "holds": known.label(choice.holds),
        "fails": known.label(choice.fails),
        "same": choice.holds == choice.fails,
        "suggestions": suggestions,
    }


def _changes(known: Model, choice: Choice, cells: dict[str, Row]) -> dict[str, list[tuple[Row, str]]]:
    """Return the cells for which it holds and the published one does not, the reverse, and other changes."""
    changes: dict[str, list[tuple[Row, str]]] = {"gained": [], "lost": [], "otherwise": []}
    published: Node | None = choice.compare
    if published is None:
        return changes
    for portrayal, before in fares.results(known, known.judge.definitions[published]).items():
        cell = cells[short(str(portrayal))]
        if cell["result"] != before:
            kind = "gained" if cell["result"] == "holds" else "lost" if before == "holds" else "otherwise"
            changes[kind].append((cell, before))
    return changes


def _turtle(known: Model, choice: Choice) -> str:
    """Return the definition as OWL; its name is its permanent address here, whatever the server is called."""
    every = define.conditions(known)
    path = url_for("workbench.workbench", **choice.parameters).removeprefix(f"{request.script_root}/")
    note = (
        "# Before `tacit build` takes it: say whose it is (prov:wasAttributedTo), and where it stands\n"
        "# (dcterms:bibliographicCitation).\n"
    )
    meaning = " ".join(every[condition].meaning for condition in choice.conditions)
    return note + choice.own.turtle(f"{BASE}{path}#definition", meaning)


def _sparql(choice: Choice) -> str:
    conditions = ", ".join(local(condition) for condition in choice.conditions)
    return f"# {choice.own.label}: {conditions}\n{declared(choice.own.sparql)}"
