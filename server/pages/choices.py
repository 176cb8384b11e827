"""The parameters of a page: what a reader may choose, and nothing else."""

from collections.abc import Iterable

from flask import request

from server.errors import ProblemError
from tacit.params import nearest

_SHOWN = 50


def choice(name: str, known: Iterable[str]) -> str:
    """Return the request's value of *name*, one of *known*, or "" where none is chosen.

    Raises ProblemError, which names the nearest ones, for any other, and for two.
    """
    given, names = request.args.getlist(name), list(known)
    if len(given) > 1:
        raise ProblemError("bad-parameter", f"{name} is given twice; give it once.", parameter=name)
    value = given[0] if given else ""
    if value and value not in names:
        near = nearest(value[:_SHOWN], names) or (f"; there are {', '.join(names)}" if names else "")
        raise ProblemError(
            "bad-parameter", f"There is no {name} {value[:_SHOWN]} here{near}.", parameter=name
        )
    return value


def only(*known: str) -> None:
    """Refuse parameters that are not *known*: one that is mistyped would be left out without a word."""
    for name in request.args:
        if name not in known:
            there = f"this page has {', '.join(known)}" if known else "this page has none"
            near = nearest(name[:_SHOWN], known) or f"; {there}"
            raise ProblemError(
                "bad-parameter", f"There is no parameter {name[:_SHOWN]}{near}.", parameter=name[:_SHOWN]
            )
