"""The table: medians, and ratios against Oxigraph's own server, by class of query and overall."""

import math
from collections.abc import Callable, Iterable
from statistics import geometric_mean
from typing import Final

from bench.rounds import CLIENTS, Results
from bench.servers import OXIGRAPH, TACIT

#: Classes by what a query costs Oxigraph's own server with one client, in seconds.
CLASSES: Final = (
    ("under 1 ms", 0.0, 0.001),
    ("1 to 5 ms", 0.001, 0.005),
    ("over 5 ms", 0.005, math.inf),
    ("all", 0.0, math.inf),
)
_WIDTH: Final = 20
#: Above these, seconds and a ratio have fewer decimals.
_LONG: Final = 0.1
_MANY: Final = 10
_TIMES: Final = "\N{MULTIPLICATION SIGN}"


def report(results: Results, heading: str) -> str:
    """Return the table with its legend, and what was left out."""
    columns = results.columns()
    lines = [
        heading,
        "Per query the median of the rounds, per class their geometric mean; in brackets the ratio to",
        "Oxigraph's own server, where both answered alike. Classes: its time with one client.",
        "",
        _line("", columns),
    ]
    for clients in CLIENTS:
        unit = "ms until a whole answer" if clients == 1 else "answers per second"
        lines.append(f"{clients} client{'s' if clients > 1 else ''}, {unit}")
        values = results.times if clients == 1 else results.rates
        for label, names in classes(results):
            if names:
                shown = label if label == "all" else f"{label} ({len(names)})"
                lines.append(_line(f"  {shown}", (_cell(values, c, names, clients) for c in columns)))
    lines += ["", _line("", _servers(results)), _line("start to answer, s", _each(results, _start))]
    lines += [_line("idle memory, MB", _each(results, _memory)), ""]
    return "\n".join([*lines, *_left_out(results)])


def classes(results: Results) -> list[tuple[str, list[str]]]:
    """Return each class and the questions in it."""
    cost = {
        q: t for (column, q, clients), t in results.times.items() if (column, clients) == (OXIGRAPH.name, 1)
    }
    return [(label, [q for q, t in cost.items() if low <= t < high]) for label, low, high in CLASSES]


def ratio(
    values: dict[tuple[str, str, int], float], column: str, names: list[str], clients: int
) -> float | None:
    """Return the geometric mean of *column* over Oxigraph, for those of *names* that both have."""
    pairs = [
        values[column, name, clients] / values[OXIGRAPH.name, name, clients]
        for name in names
        if (column, name, clients) in values and (OXIGRAPH.name, name, clients) in values
    ]
    return geometric_mean(pairs) if pairs else None


def _cell(values: dict[tuple[str, str, int], float], column: str, names: list[str], clients: int) -> str:
    found = [values[column, name, clients] for name in names if (column, name, clients) in values]
    if not found:
        return "-"
    mean = geometric_mean(found)
    shown = f"{mean * 1000:.{0 if mean >= _LONG else 2}f}" if clients == 1 else f"{mean:,.0f}"
    if column == OXIGRAPH.name:
        return shown
    part = "" if len(found) == len(names) else f"/{len(found)}"
    times = ratio(values, column, names, clients) or 0
    return f"{shown} ({times:.{1 if times >= _MANY else 2}f}{_TIMES}{part})"


def details(results: Results) -> str:
    """Return one line per question: its time with one client, and its rate with eight."""
    columns = results.columns()
    lines = [_line("", columns, 44)]
    for _, question in sorted({(0, q) for _, q, _ in results.times}):
        for clients, values in ((1, results.times), (8, results.rates)):
            cells = (_cell(values, column, [question], clients) for column in columns)
            lines.append(_line(f"{question} {'ms' if clients == 1 else '/s'}", cells, 44))
    return "\n".join(lines)


def _servers(results: Results) -> list[str]:
    return [OXIGRAPH.name, TACIT.name, "", *results.columns()[3:]]


def _each(results: Results, value: Callable[[Results, str], str]) -> list[str]:
    return [value(results, name) if name else "" for name in _servers(results)]


def _start(results: Results, name: str) -> str:
    return f"{results.running[name].start:.2f}"


def _memory(results: Results, name: str) -> str:
    return f"{results.running[name].memory / 1e6:.0f}"


def _line(head: str, cells: Iterable[str], first: int = 22) -> str:
    return (f"{head:<{first}}" + "".join(f"{_short(cell):>{_WIDTH}}" for cell in cells)).rstrip()


def _short(cell: str) -> str:
    return cell.replace("rdflib-endpoint, ", "rdflib, ")


def _left_out(results: Results) -> list[str]:
    lines = [f"LEFT OUT: {name}: {why}" for name, why in results.missing.items()]
    for name, questions in results.left_out.items():
        whys: dict[str, list[str]] = {}
        for question, why in questions.items():
            whys.setdefault(why, []).append(question)
        lines += [f"LEFT OUT: {name}: {why}: {', '.join(found)}" for why, found in whys.items()]
    return lines
