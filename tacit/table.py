"""A query's answer as an aligned table, for people."""

import json
from typing import Any

from tacit.names import short


def table(answer: bytes) -> str:
    """Return an answer in SPARQL JSON as columns with a header, our IRIs abbreviated; a boolean as a word."""
    content = json.loads(answer)
    if "boolean" in content:
        return "yes\n" if content["boolean"] else "no\n"
    names = content["head"]["vars"]
    rows = [
        [_cell(row[name]) if name in row else "" for name in names] for row in content["results"]["bindings"]
    ]
    widths = [max(map(len, column)) for column in zip(names, *rows, strict=True)]
    lines = [names, ["-" * width for width in widths], *rows]
    count = f"{len(rows)} row{'' if len(rows) == 1 else 's'}"
    return "".join(f"{_aligned(line, widths)}\n" for line in lines) + f"({count})\n"


def _aligned(cells: list[str], widths: list[int]) -> str:
    return "  ".join(f"{cell:<{width}}" for cell, width in zip(cells, widths, strict=True)).rstrip()


def _cell(term: dict[str, Any]) -> str:
    if term["type"] == "uri":
        return short(term["value"])
    text = " ".join(str(term["value"]).split())
    return f"_:{text}" if term["type"] == "bnode" else text
