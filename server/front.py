"""What granian calls (RSGI): the way of a request from the socket to Flask and back.

RSGI and not WSGI, as only here can one see that a client has left, and wait for a slow body without a thread
that waits with it. What a request may take before Flask is reached is bounded here.
"""

import asyncio
import contextvars
import json
import time
from asyncio import AbstractEventLoop
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Final, TypeVar

from flask import Flask

from server import plain
from server.cache import Cache, Headers
from server.environ import environ_of
from server.errors import PROBLEMS
from server.headers import for_programs
from server.limits import CALLER, Caller, key_of
from server.log import NOTES, Observed
from server.protocol import FAILED
from server.remote import Engine
from server.workers import Pool, Running
from tacit.engine import Answer

#: A client that leaves sooner does not stop its query: forking costs more than most queries.
_PATIENCE: Final = 0.1
_RETRY_AFTER: Final = 5
#: Werkzeug takes seconds to read an Accept header of some hundred thousand bytes.
_LONGEST_HEADER: Final = 8192
#: Bodies that are being read; each may grow to the limit.
_MOST_BODIES: Final = 200

Whole = tuple[int, Headers, bytes]
T = TypeVar("T")


class _RefusedError(Exception):
    def __init__(self, name: str, detail: str) -> None:
        super().__init__(detail)
        self.name = name


class Front:
    """*app*, for granian, with the *pool* that answers its queries, and is closed at the end."""

    def __init__(self, app: Flask, settings: dict[str, Any], pool: Pool | Engine) -> None:
        self._app = app
        self._cache: Cache = app.extensions["tacit-cache"]
        self._observed: Observed = app.extensions["tacit-observed"]
        self._ask = pool.ask
        self._begin = pool.begin
        self._close = pool.close
        self._threads = ThreadPoolExecutor(settings["threads"], "request")
        self._most = settings["threads"]
        self._most_of_one = settings["address_requests"]
        self._most_bytes = int(settings["body_limit"] * 2**20)
        self._read_timeout = settings["read_timeout"]
        self._proxies = frozenset(map(key_of, settings["proxies"]))
        self._inside: Counter[str] = Counter()
        self._at_work = self._reading = 0

    def __rsgi_del__(self, loop: AbstractEventLoop) -> None:
        """End the workers when granian ends."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._close()

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """Answer one request."""
        begin = time.perf_counter()
        method, headers = scope.method, scope.headers
        if any(len(value) > _LONGEST_HEADER for value in headers.values()):
            detail = f"A header is longer than {_LONGEST_HEADER} bytes; send shorter ones."
            self._refuse(scope, protocol, begin, "headers-too-large", detail)
            return
        if method in ("GET", "HEAD"):
            accept = headers.get("accept")
            entry = self._cache.find(self._cache.key(scope.path, scope.query_string, accept))
            if entry is not None:
                encodings = headers.get("accept-encoding")
                if entry.needs_packing(encodings):  # which takes its time, and others wait here
                    await asyncio.get_running_loop().run_in_executor(None, entry.pack)
                status, fields, body = entry.answer(encodings, headers.get("if-none-match"))
                protocol.response_bytes(status, fields, body)
                self._tell(scope, status, len(body), begin)
                return
        key = self._client(scope)
        if self._inside[key] >= self._most_of_one:
            self._refuse(
                scope, protocol, begin, "too-many-requests", "Too many requests of your address are in work"
            )
            return
        self._inside[key] += 1
        try:
            await self._answer(scope, protocol, key, begin)
        except _RefusedError as error:
            self._refuse(scope, protocol, begin, error.name, str(error))
        finally:
            self._inside[key] -= 1
            if not self._inside[key]:
                del self._inside[key]

    async def _answer(self, scope: Any, protocol: Any, key: str, begin: float) -> None:
        body = await self._body(scope, protocol)
        if self._at_work >= self._most:
            raise _RefusedError("busy", "All places are taken")
        environ, who = environ_of(scope, key, body), Caller(key)
        asked = plain.read(environ) if self._cache else None
        self._at_work += 1
        try:
            if asked is None:
                whole = await self._in_thread(protocol, who, partial(self._call, environ))
            else:
                whole = await self._answer_plain(protocol, who, asked, environ, begin)
        finally:
            self._at_work -= 1
        protocol.response_bytes(*whole)

    async def _answer_plain(
        self, protocol: Any, who: Caller, asked: plain.Plain, environ: dict[str, Any], begin: float
    ) -> Whole:
        """Wait here for a quick answer; a thread waits for a slot or a slow one, and mends what broke."""
        running = self._begin(who, asked.query, **asked.options)
        ask = running.end if running else partial(self._ask, asked.query, **asked.options)
        call = partial(self._call_plain, asked, ask, environ, begin)
        if running and await _readable(running, _PATIENCE) and running.has_answer():
            return call()
        return await self._in_thread(protocol, who, call)

    def _call_plain(
        self, asked: plain.Plain, ask: Callable[[], Answer], environ: dict[str, Any], begin: float
    ) -> Whole:
        try:
            entry = asked.entry(ask(), self._cache)
        except Exception as error:  # which Flask tells, whatever it is
            environ[FAILED] = error
            return self._call(environ)
        whole = entry.answer(environ.get("HTTP_ACCEPT_ENCODING"), environ.get("HTTP_IF_NONE_MATCH"))
        self._observed.tell(asked.notes(), str(whole[0]), len(whole[2]), time.perf_counter() - begin)
        return whole

    async def _in_thread(self, protocol: Any, who: Caller, call: Callable[[], T]) -> T:
        """Return what *call* does for *who*, in a thread; the client may leave meanwhile."""
        loop = asyncio.get_running_loop()
        watchers: list[asyncio.Task[None]] = []
        watch = loop.call_later(
            _PATIENCE, lambda: watchers.append(loop.create_task(self._watch(protocol, who)))
        )
        try:
            return await loop.run_in_executor(self._threads, _as, who, call)
        finally:
            watch.cancel()
            for task in watchers:
                task.cancel()

    async def _watch(self, protocol: Any, who: Caller) -> None:
        await protocol.client_disconnect()
        await asyncio.get_running_loop().run_in_executor(None, who.leave)

    def _call(self, environ: dict[str, Any]) -> Whole:
        begun: list[Any] = []
        parts = self._app.wsgi_app(environ, lambda *given: begun.append(given))  # type: ignore[arg-type]
        try:
            # whole before the first byte is sent, so that an answer is never cut short in silence
            body = b"".join(parts)
        finally:
            if hasattr(parts, "close"):
                parts.close()
        status, headers = begun[-1][:2]
        return int(status[:3]), headers, body

    async def _body(self, scope: Any, protocol: Any) -> bytes:
        headers = scope.headers
        length = headers.get("content-length")
        if length is None and "transfer-encoding" not in headers:
            return b""
        if length is not None and int(length) > self._most_bytes:
            raise self._too_large()
        if self._reading >= _MOST_BODIES:
            raise _RefusedError("busy", "Too many bodies are being read")
        self._reading += 1
        try:
            return await asyncio.wait_for(self._read(protocol, length), self._read_timeout)
        except TimeoutError as error:
            raise _RefusedError(
                "request-timeout",
                f"The body did not arrive within {self._read_timeout:g} seconds; send the request again.",
            ) from error
        finally:
            self._reading -= 1

    async def _read(self, protocol: Any, length: str | None) -> bytes:
        data, empty = bytearray(), 0
        async for part in protocol:
            data += part
            empty += not part
            if len(data) > self._most_bytes:
                raise self._too_large()
        # granian tells the end by one empty part, and a fault by one more
        if empty > 1 or (length is not None and len(data) != int(length)):
            raise _RefusedError("bad-request", "The body is not encoded as its headers say; send it again.")
        return bytes(data)

    def _too_large(self) -> _RefusedError:
        return _RefusedError(
            "too-large", f"The body is larger than {self._most_bytes:,} bytes; send a shorter query."
        )

    def _client(self, scope: Any) -> str:
        key = key_of(scope.client.rpartition(":")[0].strip("[]"))
        if key in self._proxies:
            hops = ",".join(scope.headers.get_all("x-forwarded-for")).split(",")
            # from the right: what stands left of the last proxy's entry, a client may have made up
            return next((hop for hop in map(_key, reversed(hops)) if hop and hop not in self._proxies), key)
        return key

    def _refuse(self, scope: Any, protocol: Any, begin: float, name: str, detail: str) -> None:
        status, title = PROBLEMS[name]
        headers = [("Content-Type", "application/problem+json"), *for_programs()]
        if name in ("busy", "too-many-requests"):
            detail += f"; try again in {_RETRY_AFTER} seconds."
            headers.append(("Retry-After", str(_RETRY_AFTER)))
        else:
            headers.append(("Connection", "close"))  # the rest of the body is not read
        body = json.dumps({"type": name, "title": title, "status": status, "detail": detail}).encode() + b"\n"
        protocol.response_bytes(status, headers, body)
        self._tell(scope, status, len(body), begin, name)

    def _tell(self, scope: Any, status: int, size: int, begin: float, problem: str | None = None) -> None:
        environ = {"REQUEST_METHOD": scope.method, "PATH_INFO": scope.path}
        if problem:
            environ[NOTES] = {"problem": problem}
        self._observed.tell(environ, str(status), size, time.perf_counter() - begin)


async def _readable(running: Running, seconds: float) -> bool:
    """Wait until there is an answer to read, at most so long, and tell whether there is."""
    loop = asyncio.get_running_loop()
    told: asyncio.Future[bool] = loop.create_future()

    def tell(value: bool) -> None:
        if not told.done():
            told.set_result(value)

    fd = running.fileno()
    loop.add_reader(fd, tell, True)
    late = loop.call_later(seconds, tell, False)
    try:
        return await told
    finally:
        late.cancel()
        loop.remove_reader(fd)


def _as(who: Caller, call: Callable[[], T]) -> T:
    context = contextvars.Context()
    context.run(CALLER.set, who)
    return context.run(call)


def _key(hop: str) -> str:
    return key_of(hop.strip().strip("[]"))
