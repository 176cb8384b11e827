"""Answers that are kept, to be given again without Flask and without a worker.

It is WSGI around the application, so it works behind any server, and `Cache.find` is for one that has an even
shorter way. A key is the request as it was written, and the formats that its Accept header comes down to. It
lives and dies with the data of its process, whose digest is part of every ETag.
"""

import gzip
import hashlib
import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, Final

from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from server.formats import Choice, choose

Key = tuple[object, ...]
WSGI = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
Headers = list[tuple[str, str]]
#: Headers, body and ETag of an answer.
Variant = tuple[Headers, bytes, str]

#: In the environment of a request: its whole body, and, from the application, that its answer may be kept.
BODY: Final = "tacit.body"
_KEEP: Final = "tacit.keep"
#: What asks the clock or chance is answered anew each time.
_VOLATILE: Final = re.compile(r"(?:now|rand|uuid)\s*[(#]")
#: What an entry says itself, and what 304 leaves out.
_OWN: Final = ("content-length", "etag", "cache-control", "content-encoding", "vary")
_OF_BODY: Final = ("content-type", "content-encoding", "content-length")
#: What an Accept-Encoding calls it, or includes it in.
_GZIP: Final = ("gzip", "*")
#: Smaller bodies do not shrink.
_LEAST: Final = 500
#: What an entry takes beside its bodies.
_OVERHEAD: Final = 2000


def keep(environ: dict[str, Any], query: str) -> None:
    """Let the answer to *query*, which this request asks, be kept, if it is the same each time."""
    if is_constant(query):
        environ[_KEEP] = True


def is_constant(query: str) -> bool:
    """Tell whether the answer to *query* is the same each time, as long as the data are."""
    # what others have answered is kept for a while by `server.service`
    return not (volatile(query) or "service" in query.lower())


def volatile(query: str) -> bool:
    """Tell whether *query* may ask the clock or chance."""
    lower = query.lower()
    # most queries have none of the words, and looking for them takes a tenth of the time
    return ("now" in lower or "rand" in lower or "uuid" in lower) and _VOLATILE.search(lower) is not None


@lru_cache(maxsize=2000)
def choices(accept: str | None) -> tuple[Choice, Choice]:
    """Return what an Accept header comes down to, for results and for a graph."""
    parsed = parse_accept_header(accept, MIMEAccept)
    return choose("results", parsed, None), choose("graph", parsed, None)


@lru_cache(maxsize=2000)
def _takes_gzip(encodings: str | None) -> bool:
    # of a long list, the rest need not be read
    told = [part for part in (encodings or "").split(",") if part.partition(";")[0].strip().lower() in _GZIP]
    return bool(told) and parse_accept_header(",".join(told))["gzip"] > 0


@lru_cache
def _kept(headers: tuple[tuple[str, str], ...]) -> tuple[str, Headers]:
    """Return the media type that *headers* name, and those which an entry has."""
    media = next((value for name, value in headers if name.lower() == "content-type"), "")
    varies = {v.strip().title() for n, value in headers if n.lower() == "vary" for v in value.split(",")}
    varies |= {"Accept", "Accept-Encoding"}
    kept = [(name, value) for name, value in headers if name.lower() not in _OWN]
    return media, [*kept, ("Vary", ", ".join(sorted(varies))), ("Cache-Control", "no-cache")]


class Entry:
    """A kept answer in both encodings; each has headers and an ETag of its own."""

    def __init__(self, headers: Headers, body: bytes, digest: str) -> None:
        media, self._kept = _kept(tuple(headers))
        tag = hashlib.sha256(f"{digest} {media} ".encode())  # for which processors have instructions
        tag.update(body)
        self._tag = tag.hexdigest()[:24]
        self._plain = self._variant(self._kept, body, f'"{self._tag}"')
        self._packed: Variant | None = None
        self.size = _OVERHEAD + 2 * len(body)  # the packed body is smaller, and may never be wanted

    def needs_packing(self, encodings: str | None) -> bool:
        """Tell whether a client that takes *encodings* is the first to want the packed variant."""
        return self._packed is None and len(self._plain[1]) > _LEAST and _takes_gzip(encodings)

    def pack(self) -> Variant:
        """Return the packed variant, made when it is wanted for the first time."""
        if self._packed is None:
            body = self._plain[1]
            packed = gzip.compress(body, 6, mtime=0) if len(body) > _LEAST else body
            self._packed = self._plain
            if len(packed) < len(body):
                headers = [*self._kept, ("Content-Encoding", "gzip")]
                self._packed = self._variant(headers, packed, f'"{self._tag}-gzip"')
        return self._packed

    @staticmethod
    def _variant(headers: Headers, body: bytes, etag: str) -> Variant:
        return [*headers, ("ETag", etag), ("Content-Length", str(len(body)))], body, etag

    def answer(self, encodings: str | None, known: str | None) -> tuple[int, Headers, bytes]:
        """Return status, headers and body for a client that takes *encodings* and has what *known* names."""
        headers, body, etag = self.pack() if _takes_gzip(encodings) else self._plain
        if known is not None and (known == "*" or etag in known):
            return 304, [field for field in headers if field[0].lower() not in _OF_BODY], b""
        return 200, headers, body


class Cache:
    """A WSGI application that answers what it has answered before; at most *megabytes* are kept."""

    def __init__(self, application: WSGI, megabytes: float, digest: str) -> None:
        self._application, self._most, self._digest = application, int(megabytes * 2**20), digest
        self._entries: OrderedDict[Key, Entry] = OrderedDict()
        self._lock = threading.Lock()
        self.size = 0

    def __bool__(self) -> bool:
        """Tell whether anything is kept."""
        return self._most > 0

    @staticmethod
    def key(path: str, query: str, accept: str | None, media: str | None = None, body: bytes = b"") -> Key:
        """Return the key of a request: *query* is the query string, *media* the type of its *body*."""
        return path, query, choices(accept), media, body

    def find(self, key: Key) -> Entry | None:
        """Return what is kept for *key*."""
        with self._lock:
            entry = self._entries.get(key)
            if entry is not None:
                self._entries.move_to_end(key)
            return entry

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer from what is kept, or keep the application's answer if it allows that."""
        method, body = environ["REQUEST_METHOD"], environ.get(BODY, b"")
        if not self._most or not (method in ("GET", "HEAD") or (method == "POST" and BODY in environ)):
            return self._application(environ, start_response)
        media = environ.get("CONTENT_TYPE") if method == "POST" else None
        accept = environ.get("HTTP_ACCEPT")
        key = self.key(environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", ""), accept, media, body)
        entry = self.find(key)
        if entry is None:
            begun: list[Any] = []
            parts = self._application(environ, lambda *given: begun.append(given))
            status, headers = begun[0][:2]
            if method == "HEAD" or not (environ.get(_KEEP) and status.startswith("200")):
                start_response(*begun[0])
                return parts
            entry = self.put(key, headers, _whole(parts))
        code, headers, data = entry.answer(
            environ.get("HTTP_ACCEPT_ENCODING"), environ.get("HTTP_IF_NONE_MATCH")
        )
        start_response("200 OK" if code == 200 else "304 NOT MODIFIED", headers)  # noqa: PLR2004
        return [b"" if method == "HEAD" else data]

    def put(self, key: Key, headers: Headers, body: bytes) -> Entry:
        """Return an answer as an entry, which is kept if it is not too large."""
        entry = Entry(headers, body, self._digest)
        size = entry.size + sum(len(part) for part in key if isinstance(part, str | bytes))
        if size > self._most // 4:
            return entry  # one giant would drive out all others
        entry.size = size
        with self._lock:
            if old := self._entries.pop(key, None):
                self.size -= old.size
            self._entries[key] = entry
            self.size += size
            while self.size > self._most:
                self.size -= self._entries.popitem(last=False)[1].size
        return entry


def _whole(parts: Iterable[bytes]) -> bytes:
    try:
        return b"".join(parts)
    finally:
        if hasattr(parts, "close"):
            parts.close()
