"""What a query may cost, who asks it, and what is said to whoever asks for more."""

import ipaddress
import threading
import time
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from tacit.errors import TacitError


class LimitError(TacitError):
    """A limit of this server was reached: *name* is one of `server.errors.PROBLEMS`.

    *retry_after* is in how many seconds another try makes sense, or None.
    """

    def __init__(self, name: str, message: str, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.name, self.retry_after = name, retry_after


def out_of_time(seconds: float) -> LimitError:
    """Return the error for a query that ran longer than *seconds*."""
    return LimitError(
        "timeout",
        f"The query was stopped after {seconds:g} seconds, the limit of this server; "
        "ask for less, or join on more selective patterns.",
    )


def out_of_memory(megabytes: int) -> LimitError:
    """Return the error for a query that wanted more memory than *megabytes*."""
    return LimitError(
        "memory",
        f"The query needed more than {megabytes} MB of memory, the limit of this server; "
        "ask for less, or leave out DISTINCT and ORDER BY over large results.",
    )


def too_large(megabytes: int) -> LimitError:
    """Return the error for an answer of more than *megabytes*."""
    return LimitError(
        "answer-too-large",
        f"The answer is larger than {megabytes} MB, the limit of this server; "
        "ask for less, or fetch it in parts with ORDER BY, LIMIT and OFFSET.",
    )


def crashed(signal: str) -> LimitError:
    """Return the error for a query which the engine did not survive."""
    return LimitError(
        "too-complex",
        f"The query is nested too deeply or otherwise too complex: the engine gave up ({signal}). "
        "Write it with fewer brackets, or in several queries.",
    )


def gone() -> LimitError:
    """Return the error for a query whose worker went with the process that holds the graph."""
    return LimitError("unavailable", "The graph is being loaded again; try again in 5 seconds.", 5)


def busy(whose: str, seconds: int) -> LimitError:
    """Return the error for a query that finds no place; *whose* says what is full."""
    return LimitError("busy", f"{whose}; try again in {seconds} seconds.", seconds)


class LeftError(Exception):
    """The client has left, and nobody is there to be told; the log knows it by *name*."""

    name: Final = "left"


@dataclass
class Caller:
    """Who asks: the *key* of an address, and a way for the server to tell that it has *left*."""

    key: str = "local"
    left: bool = False
    _stop: Callable[[], None] | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def leave(self) -> None:
        """Stop what runs for this caller, and whatever it would ask next."""
        with self._lock:
            self.left = True
            if self._stop is not None:
                self._stop()

    def stopped_by(self, stop: Callable[[], None] | None) -> None:
        """Name what stops the query that runs now, None for none. Raises LeftError if it is too late."""
        with self._lock:
            self._stop = stop
            if self.left and stop is not None:
                self._stop = None
                raise LeftError


#: Who asks, in the thread that answers. It is a new caller where nobody has said who it is.
CALLER: Final[ContextVar[Caller | None]] = ContextVar("caller", default=None)


def caller() -> Caller:
    """Return who asks in this thread."""
    return CALLER.get() or Caller()


@lru_cache(maxsize=4096)
def key_of(address: str) -> str:
    """Return what counts as one client: an IPv4 address, or the 64 bits of IPv6 that one customer gets."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped:
            return str(ip.ipv4_mapped)
        return str(ipaddress.ip_network((int(ip) >> 64 << 64, 64)))
    return str(ip)


def remaining(end: float) -> float:
    """Return the seconds until *end*, a time of the monotonic clock, at least 0."""
    return max(0.0, end - time.monotonic())
