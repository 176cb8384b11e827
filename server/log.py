"""One line of JSON per request, and the numbers of /metrics: neither knows who asked, or what.

This is WSGI around all else, so that an answer from a cache in front of Flask counts like any other. What
the application knows better (the route, the query, the problem) it leaves in the environment of the request.
"""

import atexit
import hashlib
import json
import re
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any, Final

from flask import Flask, has_request_context, request

from server.metrics import Metrics

#: The key of the environment under which a request's notes lie.
NOTES: Final = "tacit.notes"
UNKNOWN: Final = "unknown"
#: Seconds that a line may wait to be written together with others.
_PAUSE: Final = 0.05
#: Any other method is told as one, as a client may invent as many as it likes.
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH"})

#: Time, method, route, status, milliseconds, bytes, digest of the query, name of the problem.
Line = tuple[float, str, str, int, float, int, str | None, str | None]
WSGI = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def note(*, query: str | None = None, problem: str | None = None, route: str | None = None) -> None:
    """Keep for the log line of this request its query, as a digest, the name of its problem, or its route."""
    if not has_request_context():
        return
    notes = request.environ.setdefault(NOTES, {})
    if query is not None:
        notes["query"] = digest(query)
    notes |= {key: value for key, value in (("problem", problem), ("route", route)) if value is not None}


def digest(query: str) -> str:
    """Return what stands for *query* in the log."""
    return hashlib.sha256(query.encode(errors="replace")).hexdigest()[:16]


def register(app: Flask, *, lines: bool) -> None:
    """Watch *app* from outside; whatever else is put around it later has to be put within this."""
    app.before_request(_note_route)
    observed = Observed(app.wsgi_app, app.extensions["tacit-metrics"], Lines() if lines else None)
    app.extensions["tacit-observed"] = observed
    app.wsgi_app = observed  # type: ignore[method-assign]


def _note_route() -> None:
    if request.url_rule is not None:
        note(route=_told(request.url_rule.rule))


@lru_cache
def _told(rule: str) -> str:
    """Return *rule* without what says how a part is read: ``/graph/<name>``."""
    return re.sub(r"<[^<>]*:(\w+)>", r"<\1>", rule)


class Observed:
    """A WSGI application whose requests are counted, and told in lines unless *lines* is None."""

    def __init__(self, application: WSGI, metrics: Metrics, lines: "Lines | None") -> None:
        self._application, self._metrics, self._lines = application, metrics, lines

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer, and tell about it when the whole answer has been taken."""
        begin = time.perf_counter()
        status = "500"

        def start(given: str, *more: Any) -> Any:
            nonlocal status
            status = given[:3]
            return start_response(given, *more)

        body = self._application(environ, start)
        return _Body(
            environ, body, lambda size: self.tell(environ, status, size, time.perf_counter() - begin)
        )

    def tell(self, environ: dict[str, Any], status: str, size: int, seconds: float) -> None:
        """Count a request and write its line; for one that was answered before this application is called."""
        notes = environ.get(NOTES, {})
        method = environ["REQUEST_METHOD"]
        method = method if method in _METHODS else "other"
        cached = "route" not in notes and status[0] in "23"
        # what no rule matched is told as one route, as its path could hold anything
        route = notes.get("route") or _cached_route(environ.get("PATH_INFO", ""), cached=cached)
        outcome = notes.get("problem") or ("cached" if cached else "answered")
        asked = "query" in notes or (cached and route != UNKNOWN)
        self._metrics.observe(route, status, seconds, outcome if asked else None)
        if self._lines is not None:
            asked = notes.get("query"), notes.get("problem")
            self._lines.add((time.time(), method, route, int(status), seconds * 1000, size, *asked))

    def flush(self) -> None:
        """Write the lines that wait."""
        if self._lines is not None:
            self._lines.flush()


def _cached_route(path: str, *, cached: bool) -> str:
    """Return the route of a request that never came to the application."""
    if path.rstrip("/") == "/sparql":
        return "/sparql"
    return "/queries/<topic>/<name>" if cached and path.startswith("/queries/") else UNKNOWN


class _Body:
    """The parts of an answer, counted, with a last word when they are all taken or given up."""

    def __init__(self, environ: dict[str, Any], parts: Iterable[bytes], end: Callable[[int], None]) -> None:
        self._environ, self._parts, self._end, self._size = environ, parts, end, 0
        self._told = False

    def __iter__(self) -> Iterator[bytes]:
        try:
            for part in self._parts:
                self._size += len(part)
                yield part
        except Exception as error:  # in the middle of an answer that is sent in parts
            self._environ.setdefault(NOTES, {})["problem"] = getattr(error, "name", "internal")
            raise
        finally:
            self._tell()

    def close(self) -> None:
        """End the answer, whole or not."""
        try:
            if hasattr(self._parts, "close"):
                self._parts.close()
        finally:
            self._tell()

    def _tell(self) -> None:
        if not self._told:
            self._told = True
            self._end(self._size)


class Lines:
    """Lines on their way to standard error; a thread writes them, so that no request waits for a terminal."""

    def __init__(self) -> None:
        self._waiting: deque[Line] = deque(maxlen=100_000)
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def add(self, line: Line) -> None:
        """Take a line. The oldest are lost if a hundred thousand wait."""
        self._waiting.append(line)
        if self._thread is None:
            with self._lock:
                if self._thread is None:  # begun here and not at the start: threads do not survive a fork
                    atexit.register(self.flush)
                    self._thread = threading.Thread(target=self._run, name="log", daemon=True)
                    self._thread.start()

    def flush(self) -> None:
        """Write what waits; all of it is written when this returns."""
        with self._lock:
            text = []
            while self._waiting:
                text.append(_json(self._waiting.popleft()))
            if text:
                sys.stderr.write("".join(text))
                sys.stderr.flush()

    def _run(self) -> None:
        while True:
            time.sleep(_PAUSE)
            self.flush()


# By hand, as json.dumps would cost more than the rest of a cached answer: all but the route are numbers and
# words of ours.
def _json(line: Line) -> str:
    seconds, method, route, status, milliseconds, size, query, problem = line
    whole = int(seconds)
    more = (f', "query": "{query}"' if query else "") + (f', "problem": "{problem}"' if problem else "")
    return (
        f'{{"time": "{_second(whole)}.{int((seconds - whole) * 1000):03}Z", "method": "{method}", '
        f'"route": {_quoted(route)}, "status": {status}, "ms": {milliseconds:.2f}, "bytes": {size}{more}}}\n'
    )


@lru_cache(maxsize=4)
def _second(seconds: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))


@lru_cache
def _quoted(route: str) -> str:
    return json.dumps(route)
