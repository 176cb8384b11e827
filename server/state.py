"""What the pages and the protocol share while the server runs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from flask import current_app

from server.pipe import Begun
from tacit.engine import Answer
from tacit.library import Query


@dataclass(frozen=True)
class State:
    """*ask* is `tacit.engine.evaluate` on the served data; *library* is the queries about it.

    *stream* is *ask* where an answer may be on its way, or None (`server.remote.Engine.stream`).
    *built* is the file of the built graph that is served, or None where something else is.
    """

    ask: Callable[..., Answer]
    library: tuple[Query, ...]
    settings: Mapping[str, Any] = field(default_factory=dict)
    built: Path | None = None
    stream: Callable[..., Answer | Begun] | None = None


def state() -> State:
    """Return the state of the running application."""
    return cast("State", current_app.extensions["tacit"])
