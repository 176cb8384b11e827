"""How any set of conditions fares for every portrayal, and which conditions tell two ties apart."""

from itertools import combinations
from typing import Any

from rdflib import RDF
from rdflib.term import Node

from tacit.explain import told
from tacit.judge import in_order
from tacit.lookup import local
from tacit.model import Model
from tacit.names import TACIT, short

Set = frozenset[Node]


def cells(model: Model, wanted: Set) -> list[dict[str, Any]]:
    """Return how a definition by the conditions *wanted* fares for every portrayal, tie by tie.

    ``[{tie, label, portrayals: [{id, label, source, reading_of, result, conditions, looked_up}]}]``:
    *conditions* are as in `tacit.explain`, *result* is ``holds``, ``contradicted`` or ``silent``. Ties for
    which it holds come first, then those that contradict it.
    """
    judge, graph = model.judge, model.judge.graph
    _ask(model)
    not_listed = frozenset(graph.subjects(RDF.type, TACIT.NotListed))
    by_tie: dict[Node, list[dict[str, Any]]] = {}
    for portrayal, findings in judge.findings.items():
        judgement = judge.judge(portrayal, findings, wanted)
        cell = {
            "id": short(str(portrayal)),
            "label": model.label(portrayal),
            "source": short(str(next(graph.objects(portrayal, TACIT.evidenceBase), TACIT.Source))),
            "reading_of": next((short(str(o)) for o in graph.objects(portrayal, TACIT.readingOf)), None),
            "result": local(judgement.result).lower(),
            "conditions": [told(model, portrayal, c, judgement) for c in in_order(wanted)],
            "looked_up": [short(str(f)) for f in in_order(findings & not_listed)],
        }
        for tie in graph.objects(portrayal, TACIT.portrays):
            by_tie.setdefault(tie, []).append(cell)
    rows = [
        {"tie": short(str(tie)), "label": model.label(tie), "portrayals": own} for tie, own in by_tie.items()
    ]

    def rank(row: dict[str, Any]) -> tuple[int, str]:
        results = {cell["result"] for cell in row["portrayals"]}
        return (0 if "holds" in results else 1 if "contradicted" in results else 2), row["label"]

    return sorted(rows, key=rank)


def results(model: Model, wanted: Set) -> dict[Node, str]:
    """Return by portrayal how a definition by the conditions *wanted* fares, in the words of `cells`."""
    judge = model.judge
    _ask(model)
    return {p: local(judge.judge(p, own, wanted).result).lower() for p, own in judge.findings.items()}


def met(model: Model) -> dict[Node, Set]:
    """Return by portrayal the conditions that it meets."""
    _ask(model)
    every = frozenset(model.judge.graph.subjects(RDF.type, TACIT.Condition))
    return {p: model.judge.types(p, own) & every for p, own in model.judge.findings.items()}


def separating(model: Model, one: Node, other: Node) -> list[Set]:
    """Return the smallest sets of conditions which some portrayal of *one* meets, and none of *other* does.

    These are single conditions, or pairs where no single one will do; none where not even a pair does.
    """
    of = met(model)
    graph = model.judge.graph
    ours = [of[p] for p in graph.subjects(TACIT.portrays, one) if p in of]
    theirs = [of[p] for p in graph.subjects(TACIT.portrays, other) if p in of]
    for size in (1, 2):
        sets = {frozenset(c) for own in ours for c in combinations(in_order(own), size)}
        if found := [s for s in sets if not any(s <= own for own in theirs)]:
            return sorted(found, key=in_order)
    return []


def _ask(model: Model) -> None:
    """Have the reasoner classify at once all that judging every portrayal asks for."""
    judge = model.judge
    judge.ask(
        (portrayal, part)
        for portrayal, own in judge.findings.items()
        for part in (own, frozenset[Node](), *(frozenset([finding]) for finding in own))
    )
