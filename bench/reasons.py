"""How long reasons take, against the limits of issue 6: `python bench/reasons.py`; exits with 1 beyond one.

Justifications are those of the whole corpus, from nothing and after an edit to one claim, each with all that
comes before them: the judge and the digests. What-ifs run on the built graph as the command does, without
the start of Python; each of several is asked of a model that has answered nothing yet.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Final

from rdflib import RDF, Graph

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

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
from tacit.whatif import report, without

TIMES: Final = 3
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

    measured = {
        "all justifications, from nothing": _seconds(lambda: justify(Judge(graph, told), Memory())),
        "all justifications, after an edit": _seconds(
            lambda: justify(Judge(graph_edited, told_edited), Memory(nothing.written()))
        ),
        "what-if without a claim": _seconds(lambda: _what_if(model(), ["claim-003-no-clause"])),
        "what-if without a source": _seconds(lambda: _what_if(model(), ["atop"])),
        "what-if without a condition": _seconds(
            lambda: _what_if(model(), conditions=["Walt1987:SecurityArrangement"])
        ),
        "what-if without what verdicts imply": _seconds(lambda: _what_if(model(), implied=True)),
        "explanation of a tie": _seconds(lambda: explain(model(), "soviet-vietnam")),
    }
    for name, seconds in measured.items():
        share = seconds / LIMITS[name]
        sys.stdout.write(f"{name:<40}{seconds:8.2f} s of {LIMITS[name]:4.0f} s{share:8.0%}\n")
    sys.exit(any(seconds > LIMITS[name] for name, seconds in measured.items()))


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
    report(model, without(model, names or [], implied=implied, conditions=conditions or []))


def _seconds(run: Callable[[], object]) -> float:
    taken = []
    for _ in range(TIMES):
        begin = time.perf_counter()
        run()
        taken.append(time.perf_counter() - begin)
    return median(taken)


if __name__ == "__main__":
    main()
