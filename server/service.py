"""SERVICE: which endpoints a query may name, and the relay through which alone they are asked.

Oxigraph would follow SERVICE itself, to any address, without limits. So the worker is told an address of this
relay instead, and the relay asks the endpoint (`server.endpoints`), or gives again what it answered before.
"""

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from server.cache import volatile
from server.endpoints import Endpoints, FailedError
from server.limits import LimitError

#: SERVICE inside a join is asked once per solution; no endpoint wants that more often from one query.
MOST_CALLS: Final = 20
#: How many bytes of endpoints' answers are kept.
MOST_KEPT: Final = 16 * 2**20

#: Media type and body.
Reply = tuple[str, bytes]


class Session:
    """The calls of one query; *addresses* says what to ask in place of each endpoint of the list."""

    def __init__(self, endpoints: tuple[str, ...], port: int, seconds: float) -> None:
        self.token = secrets.token_urlsafe(24)
        self.seconds = seconds
        self.end = time.monotonic() + seconds
        self.addresses = {
            iri: f"http://127.0.0.1:{port}/{self.token}/{number}" for number, iri in enumerate(endpoints)
        }
        self.calls: dict[tuple[str, bytes], Reply] = {}
        self.count = 0
        self.waits_for: str | None = None
        self.failed: FailedError | None = None

    def check(self) -> None:
        """Raise LimitError, if a call has failed: that is then why the query has."""
        if self.failed is not None:
            raise LimitError("service-failed", str(self.failed), self.failed.retry_after)

    def check_time(self) -> None:
        """Raise LimitError, if the query has used up its time with waiting for an endpoint."""
        self.check()
        if endpoint := self.waits_for:
            raise LimitError(
                "service-failed",
                f"<{endpoint}> had not answered when the {self.seconds:g} seconds of the query were over.",
            )


class Kept:
    """Answers of endpoints, which are given again for some *seconds*."""

    def __init__(self, seconds: float, most: int = MOST_KEPT) -> None:
        self._seconds, self._most = seconds, most
        self._replies: OrderedDict[tuple[str, bytes], tuple[float, Reply]] = OrderedDict()
        self._lock = threading.Lock()
        self.size = 0

    def find(self, key: tuple[str, bytes]) -> Reply | None:
        """Return the reply to *key* (endpoint and query), unless it is too old."""
        with self._lock:
            until, reply = self._replies.get(key, (0.0, None))
            return reply if until > time.monotonic() else None

    def put(self, key: tuple[str, bytes], reply: Reply) -> None:
        """Keep *reply*, unless the query asks the clock or chance; the oldest make room."""
        if not self._seconds or volatile(key[1].decode("utf-8", "replace")):
            return
        with self._lock:
            self._drop(key)
            self._replies[key] = time.monotonic() + self._seconds, reply
            self.size += _size(key, reply)
            while self.size > self._most:
                self._drop(next(iter(self._replies)))

    def _drop(self, key: tuple[str, bytes]) -> None:
        if old := self._replies.pop(key, None):
            self.size -= _size(key, old[1])


def _size(key: tuple[str, bytes], reply: Reply) -> int:
    return len(key[1]) + len(reply[1])


class Relay:
    """What workers ask in place of other endpoints. It listens on this machine only, from its first use."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self._endpoints = Endpoints(settings)
        self._kept = Kept(settings["service_cache"])
        self._sessions: dict[str, Session] = {}
        self._server: ThreadingHTTPServer | None = None
        self._lock = threading.Lock()

    @contextmanager
    def session(self, seconds: float) -> Iterator[Session]:
        """Take calls for one query, which has so many *seconds*."""
        session = Session(self._endpoints.names, self._listen(), seconds)
        self._sessions[session.token] = session
        try:
            yield session
        finally:
            del self._sessions[session.token]

    def close(self) -> None:
        """Stop listening."""
        with self._lock:
            if self._server is not None:
                self._server.shutdown()
                self._server.server_close()
                self._server = None

    def _listen(self) -> int:
        with self._lock:
            if self._server is None:
                relay = self

                class Handler(_Handler):
                    def answer(self, path: str, body: bytes, accept: str) -> Reply:
                        return relay.call(path, body, accept)

                self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
                self._server.daemon_threads = True
                threading.Thread(target=self._server.serve_forever, name="relay", daemon=True).start()
            return int(self._server.server_address[1])

    def call(self, path: str, body: bytes, accept: str) -> Reply:
        """Return type and body of the endpoint's answer. Raises LookupError for a *path* of no query."""
        _, token, number = path.split("/")
        session = self._sessions[token]
        endpoint = self._endpoints.names[int(number)]
        key = endpoint, body
        if known := session.calls.get(key) or self._kept.find(key):
            return known
        try:
            session.count += 1
            if session.count > MOST_CALLS:
                raise FailedError(
                    f"SERVICE would call <{endpoint}> more than {MOST_CALLS} times for this query; "
                    "put what it needs into one clause."
                )
            session.waits_for = endpoint
            reply = self._endpoints.ask(endpoint, body, accept, session.end)
        except FailedError as error:
            session.failed = error
            raise
        session.waits_for = None
        session.calls[key] = reply
        self._kept.put(key, reply)
        return reply


class _Handler(BaseHTTPRequestHandler):
    timeout = 60

    def answer(self, path: str, body: bytes, accept: str) -> Reply:
        """Return media type and body; the relay says how."""
        raise NotImplementedError

    def do_POST(self) -> None:
        """Pass a query on."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        try:
            media, data = self.answer(self.path, body, self.headers.get("Accept", "*/*"))
        except FailedError as error:
            self.send_error(502, str(error).partition("\n")[0].encode("ascii", "replace").decode())
            return
        except (LookupError, ValueError):
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Type", media)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Say nothing: the log has a line for the query."""
