"""A graph of a million triples: our own, and as many made-up worlds beside it as that takes.

A world is what our articles and data sets claim, told of other actors by other sources: the same portrayals
with the same findings, each thing under a name of its own. So whatever rule our graph keeps, each world does,
and the reasoner would infer of it what stands there already. Questions about one tie have answers of the
same size as before, and questions about all of them answers that grow with the graph.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from tacit.names import ASSESSMENTS, CODINGS, CORPUS, ID, INFERRED

MILLION: Final = 1_000_000
#: What a world has of its own; terms, definitions and queries are those of all worlds.
_INSTANCES: Final = tuple(f" <{graph}> .\n" for graph in (CORPUS, CODINGS, INFERRED, ASSESSMENTS))
#: A literal, which stays as it is, or the name of a thing or of a blank node.
_NAME: Final = re.compile(rf'("(?:[^"\\]|\\.)*")|(<{re.escape(str(ID))}[^>]*|_:[\w-]+)')


def million(built: Path, folder: Path, triples: int = MILLION) -> Path:
    """Return a graph of at least so many *triples*, made from the *built* one, in a folder of builds.

    It is made once for each built graph; the same graph gives the same bytes.
    """
    graph = folder / f"{built.parent.name}-{triples}" / "graph.nq"
    if not graph.is_file():
        graph.parent.mkdir(parents=True, exist_ok=True)
        lines = built.read_text(encoding="utf-8").splitlines(keepends=True)
        counts: Counter[str] = Counter()
        unfinished = graph.with_suffix(".part")
        with unfinished.open("w", encoding="utf-8") as file:
            for line in worlds(lines, triples):
                counts[line.rsplit("<", 1)[1][:-4]] += 1
                file.write(line)
        manifest = {"graphs": dict(sorted(counts.items()))}
        (graph.parent / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
        unfinished.replace(graph)
    (folder / "current").write_text(graph.parent.name, encoding="utf-8")
    return graph


def worlds(lines: list[str], triples: int) -> Iterator[str]:
    """Yield the N-Quads *lines*, and those of so many worlds that there are at least so many *triples*."""
    yield from lines
    # what is inferred of a term alone is the same in all worlds
    own = [line for line in lines if line.endswith(_INSTANCES) and any(m[2] for m in _NAME.finditer(line))]
    missing = triples - len(lines)
    for number in range(1, -(-missing // len(own)) + 1 if missing > 0 else 1):
        yield from _world(own, number)


def _world(lines: Iterable[str], number: int) -> Iterator[str]:
    def renamed(match: re.Match[str]) -> str:
        return match[1] or f"{match[2]}-w{number:03}"

    for line in lines:
        yield _NAME.sub(renamed, line)
