"""How long reasons take, each against its limit. `make bench` shows it; alone, `python -m bench.reasons`.

Justifications are those of the whole corpus, from nothing and after an edit to one claim, each with all that
comes before them: the judge and the digests. What-ifs run on the built graph as the command does, without
the start of Python; each of several is asked of a model that has answered nothing yet.
"""

import sys
import time
from collections.abc import Callable
from statistics import median
from typing import Final

from rdflib import RDF, Graph

from tacit import whatif
from tacit.build import build
from tacit.derive import derive
from tacit.engine import evaluate, load_files
from tacit.explain import explain
from tacit.files import Project
from tacit.judge import Judge
from tacit.justify import Memory, justify
from tacit.model import Model
from tacit.names import ID, TACIT
from tacit.reason import close, premises

#: Seconds.
LIMITS: Final = {
    "all justifications, from nothing": 30.0,
    "all justifications, after an edit": 2.0,
    "what-if without a claim": 1.0,
    "what-if without a source": 1.0,
    "what-if without a condition": 1.0,
    "what-if without what verdicts imply": 1.0,
    "explanation of a tie": 1.0,
}


def main() -> None:
    """Measure, print, and exit with 1 if a limit is passed."""
    measured = measure(3)
    sys.stdout.write(report(measured) + "\n")
    sys.exit(any(seconds > LIMITS[name] for name, seconds in measured.items()))


def report(measured: dict[str, float]) -> str:
    """Return a line for each time *measured*, with its share of the limit."""
    return "\n".join(
        f"{name:<40}{seconds:8.2f} s of {LIMITS[name]:4.0f} s{seconds / LIMITS[name]:8.0%}"
        for name, seconds in measured.items()
    )


def measure(times: int) -> dict[str, float]:
    """Return the seconds of each of `LIMITS`, the median of so many *times*."""
    project = Project()
    told, graph = _closed(project, project.union())
    nothing = Memory()
    justify(Judge(graph, told), nothing)
    edited = project.union()
    edited.remove((ID["claim-003-security-aid"], RDF.type, TACIT.SecurityAid))
    edited.add((ID["claim-003-security-aid"], RDF.type, TACIT.ArmsTransfer))
    told_edited, graph_edited = _closed(project, edited)
    store = load_files([build(project, "reasonable").graph])

    def model() -> Model:
        return Model(lambda query: evaluate(store, query).body)

    runs: dict[str, Callable[[], object]] = {
        "all justifications, from nothing": lambda: justify(Judge(graph, told), Memory()),
        "all justifications, after an edit": lambda: justify(
            Judge(graph_edited, told_edited), Memory(nothing.written())
        ),
        "what-if without a claim": lambda: _what_if(model(), ["claim-003-no-clause"]),
        "what-if without a source": lambda: _what_if(model(), ["atop"]),
        "what-if without a condition": lambda: _what_if(model(), conditions=["Walt1987:SecurityArrangement"]),
        "what-if without what verdicts imply": lambda: _what_if(model(), implied=True),
        "explanation of a tie": lambda: explain(model(), "soviet-vietnam"),
    }
    return {name: median(_seconds(run) for _ in range(times)) for name, run in runs.items()}


def _closed(project: Project, graph: Graph) -> tuple[Graph, Graph]:
    for triple in derive(graph):
        graph.add(triple)
    told = premises(graph)
    for triple in close(project, graph, "reasonable"):
        graph.add(triple)
    return told, graph


def _what_if(
    model: Model,
    names: list[str] | None = None,
    *,
    implied: bool = False,
    conditions: list[str] | None = None,
) -> None:
    whatif.report(model, whatif.without(model, names or [], implied=implied, conditions=conditions or []))


def _seconds(run: Callable[[], object]) -> float:
    begin = time.perf_counter()
    run()
    return time.perf_counter() - begin


if __name__ == "__main__":
    main()
