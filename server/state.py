"""What the pages and the protocol share while the server runs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from flask import current_app

from tacit.engine import Answer
from tacit.library import Query


@dataclass(frozen=True)
class State:
    """*ask* is `tacit.engine.evaluate` on the served data; *library* is the queries about it."""

    ask: Callable[..., Answer]
    library: tuple[Query, ...]


def state() -> State:
    """Return the state of the running application."""
    return cast("State", current_app.extensions["tacit"])
