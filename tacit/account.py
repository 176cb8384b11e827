"""An explanation, and a what-if, as text for the terminal."""

from collections.abc import Iterable, Iterator
from textwrap import fill
from typing import Any, Final

_WIDTH: Final = 110

_WORDS: Final = {"holds": "holds, because", "contradicted": "is contradicted"}
#: The same of a test that only names what an alliance needs.
_TEST: Final = {"holds": "is passed, which makes no alliance, because", "contradicted": "is failed"}


def explanation(account: dict[str, Any]) -> str:
    """Return an account (`tacit.explain`) as text: what holds first, and what is silent last, in brief."""
    lines = [f"{account['label']} ({account['tie']})"]
    for portrayal in account["portrayals"]:
        reading = f", a reading of {portrayal['reading_of']}" if portrayal["reading_of"] else ""
        lines += ["", *_wrapped(f"{portrayal['label']} ({portrayal['id']}{reading})", 0)]
        claims = _Claims(account["claims"])
        for result in ("holds", "contradicted"):
            for cell in portrayal["cells"]:
                if cell["result"] == result:
                    lines += _cell(cell, claims)
        lines += _silent([c for c in portrayal["cells"] if c["result"] == "silent"], claims)
    return "".join(f"{line}\n" for line in lines)


def changes(report: dict[str, Any]) -> str:
    """Return the report of a what-if (`tacit.whatif`) as text."""
    lines = [*_left_out(report), ""]
    lines += [f"{_count(report['changes'], 'outcome')} changed{':' if report['changes'] else '.'}"]
    for one in report["changes"]:
        lacks = f"; lacks {', '.join(one['lacks'])}" if one["lacks"] else ""
        lines += _wrapped(
            f"{one['name']} ({one['definition']}), {one['label']}: {one['before']} → {one['after']}{lacks}", 2
        )
        if one["hangs_on"]:
            lines += _wrapped(f"hung on {', '.join(one['hangs_on'])} alone", 4)
    if report["stays"]:
        lines += ["", f"{_count(report['stays'], 'touched outcome')} as before:"]
    for one in report["stays"]:
        hangs = f"; hangs on {', '.join(one['hangs_on'])} alone" if one["hangs_on"] else ""
        lines += _wrapped(f"{one['name']} ({one['definition']}), {one['label']}: {one['after']}{hangs}", 2)
    return "".join(f"{line}\n" for line in lines)


class _Claims:
    """The claims of an account, each told in full the first time only."""

    def __init__(self, claims: dict[str, Any]) -> None:
        self._claims = claims
        self._told: set[str] = set()

    def told(self, name: str) -> Iterable[str]:
        claim = self._claims[name]
        paragraphs = ", ".join(map(str, claim["paragraphs"]))
        where = claim["source"].removeprefix("id:") + (f" ¶ {paragraphs}" if paragraphs else "")
        implied = ", implied by a verdict only" if claim["implied"] else ""
        content = "as above" if name in self._told else claim["paraphrase"]
        self._told.add(name)
        return _wrapped(f"{name}, {where}, {claim['stance']}{implied}: {content}", 6)


def _cell(cell: dict[str, Any], claims: _Claims) -> Iterator[str]:
    words = _TEST if cell["necessary_test"] else _WORDS
    yield from _wrapped(f"{cell['name']} ({cell['definition']}) {words[cell['result']]}", 2)
    for condition in cell["conditions"]:
        if condition["state"] != "lacking" and (cell["result"] == "holds" or condition["state"] != "met"):
            yield from _condition(condition, claims)
    if lacking := _lacking(cell):
        yield from _wrapped(f"silent on: {lacking}", 4)
    if len(cell["reasons"]) > 1:
        more = " or more" if cell["more_reasons"] else ""
        yield from _wrapped(f"{len(cell['reasons'])}{more} sets of claims suffice, each by itself", 4)
    if cell["hangs_on"]:
        yield from _wrapped(f"hangs alone on: {', '.join(cell['hangs_on'])}", 4)


def _silent(cells: list[dict[str, Any]], claims: _Claims) -> Iterator[str]:
    """Say on what a portrayal is silent: by what is lacking, as many definitions lack the same."""
    by_want: dict[str, list[str]] = {}
    for cell in cells:
        by_want.setdefault(_lacking(cell), []).append(f"{cell['name']} ({cell['definition']})")
    if cells:
        yield "  silent, as nothing is said on"
    for lacking, names in by_want.items():
        yield from _wrapped(f"{lacking}: {', '.join(names)}", 4)
    for name in sorted({name for cell in cells for name in cell["looked_up"]}):
        yield "  looked up, and not listed"
        yield from claims.told(name)


def _lacking(cell: dict[str, Any]) -> str:
    return ", ".join(condition["name"] for condition in cell["conditions"] if condition["state"] == "lacking")


def _condition(condition: dict[str, Any], claims: _Claims) -> Iterator[str]:
    name = f"{'against ' if condition['state'] == 'contradicted' else ''}{condition['name']}"
    if condition["by_tie"]:
        yield from _wrapped(f"{name}: the tie itself", 4)
    elif not condition["claims"]:
        yield from _wrapped(f"{name}: several claims together", 4)
    else:
        yield from _wrapped(f"{name}:", 4)
    for claim in condition["claims"]:
        yield from claims.told(claim)


def _left_out(report: dict[str, Any]) -> Iterator[str]:
    out = report["without"]
    parts = [*out["claims"], *(f"all of {source}" for source in out["sources"])]
    parts += [f"{name} (implied by a verdict)" for name in (*out["implied"], *out["derived"])]
    parts += [f"the condition {c} of {d}" for d, own in out["conditions"].items() for c in own]
    yield from _wrapped(f"Without {', '.join(parts)}.", 0)
    if report["idle"]:
        yield from _wrapped(f"No outcome rests on {', '.join(report['idle'])}.", 0)


def _count(things: list[Any], name: str) -> str:
    return f"{len(things)} {name}{'' if len(things) == 1 else 's'}"


def _wrapped(text: str, indent: int) -> Iterable[str]:
    return fill(
        text,
        _WIDTH,
        initial_indent=" " * indent,
        subsequent_indent=" " * (indent + 4),
        break_long_words=False,
        break_on_hyphens=False,
    ).splitlines()
