"""Why, and what if: what `tacit explain` and `tacit what-if` answer, for pages and programs.

It writes nothing and remembers no request. The reasoner runs here, within the process that serves, so that
few of these questions are worked on at a time; the others wait, or are told to come again.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from flask import current_app

from server.errors import ProblemError
from server.fairness import Slots
from server.limits import LimitError, caller
from server.state import state
from tacit.errors import TacitError
from tacit.explain import explain
from tacit.lookup import UnknownNameError
from tacit.model import Model
from tacit.whatif import report, without

#: So many questions are worked on at a time; so many more wait, half of them of one address.
AT_A_TIME: Final = 2
WAITING: Final = 16


def model() -> Model:
    """Return the model of the served graph, which is read at the first request."""
    extensions = current_app.extensions
    if "tacit-model" not in extensions:
        ask = state().ask
        extensions["tacit-model"] = Model(lambda query: ask(query).body)
    model: Model = extensions["tacit-model"]
    return model


def explained(tie: str, definition: str | None = None, source: str | None = None) -> dict[str, Any]:
    """Return `tacit.explain.explain` of *tie*. Raises ProblemError, and LimitError where all is taken."""
    with _place():
        return explain(model(), tie, definition=definition, source=source)


def reported(names: Sequence[str], conditions: Sequence[str], *, implied: bool) -> dict[str, Any]:
    """Return `tacit.whatif.report`. Raises ProblemError, and LimitError where all is taken."""
    with _place():
        known = model()
        if conditions:  # by themselves first, so that what is wrong with them is told of them
            with _told_of("without-condition"):
                without(known, conditions=conditions)
        with _told_of("without" if names or implied else ""):
            return report(known, without(known, names, implied=implied, conditions=conditions))


@contextmanager
def _place() -> Iterator[None]:
    slots: Slots = current_app.extensions.setdefault("tacit-reasoning", Slots(AT_A_TIME, AT_A_TIME, WAITING))
    with slots.slot(caller(), state().settings["time_limit"]), _told_of(""):
        yield


@contextmanager
def _told_of(parameter: str) -> Iterator[None]:
    """Make a problem of what a reader has named wrongly, by *parameter* if that is known."""
    try:
        yield
    except UnknownNameError as error:
        raise ProblemError("not-found", str(error)) from error
    except LimitError:
        raise
    except TacitError as error:
        if parameter:
            raise ProblemError("bad-parameter", str(error), parameter=parameter) from error
        raise ProblemError("bad-request", str(error)) from error
