"""The way of a request to its answer: from the cache, from a worker, or from Flask in a thread.

The application is called here and not by a server of WSGI: that would not tell when a client has left, and
whatever waits would hold a thread.
"""

import asyncio
import contextvars
import json
import time
from collections import Counter
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from typing import Any, Final, TypeVar

from flask import Flask

from server import plain
from server.cache import Cache
from server.errors import PROBLEMS, ProblemError
from server.headers import for_programs
from server.limits import CALLER, Caller, key_of
from server.log import NOTES, Observed
from server.protocol import FAILED, FORM
from server.remote import Engine
from server.request import STREAM, Parts, Request, Stream, Whole, environ_of, may_stream
from server.workers import Pool, Running
from tacit.engine import Answer

#: A client that leaves sooner does not stop its query: forking costs more than most queries.
_PATIENCE: Final = 0.1
#: How many pages are made at once for one address: they share the interpreter with what reads and writes.
_PAGES: Final = 4
#: How many large forms are read at once for one address, and from how many bytes on a form is large: to undo
#: the escapes of a megabyte takes a tenth of a second, and 60 MB.
_FORMS: Final = 1
_LARGE: Final = 64 * 1024
_RETRY_AFTER: Final = 5

T = TypeVar("T")


class Front:
    """*app*, with the *pool* that answers its queries; `server.connection` asks it."""

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
        self._proxies = frozenset(map(key_of, settings["proxies"]))
        self._inside: Counter[str] = Counter()
        self._at_work = 0
        self._turns: dict[tuple[str, bool], asyncio.Semaphore] = {}

    def close(self) -> None:
        """End the workers, and whoever waits for them."""
        self._close()
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._observed.flush()

    def at_once(self, request: Request) -> Whole | None:
        """Return the answer to *request* if it is kept and needs no work."""
        begin = time.perf_counter()
        if request.method not in ("GET", "HEAD"):
            return None
        headers = request.headers
        entry = self._cache.find(self._cache.key(request.path, request.query_string, headers.get("accept")))
        if entry is None or entry.needs_packing(headers.get("accept-encoding")):
            return None
        whole = entry.answer(headers.get("accept-encoding"), headers.get("if-none-match"))
        self._tell(request, whole, begin)
        return whole

    def problem(self, problem: ProblemError, request: Request | None = None, begin: float = 0) -> Whole:
        """Return the answer to what is not asked of the application, as *problem* says."""
        status, title = PROBLEMS[problem.name]
        detail, headers = problem.detail, [("Content-Type", "application/problem+json"), *for_programs()]
        if problem.name in ("busy", "too-many-requests"):
            detail = f"{detail}; try again in {_RETRY_AFTER} seconds."
            headers.append(("Retry-After", str(_RETRY_AFTER)))
        told = {"type": problem.name, "title": title, "status": status, "detail": detail}
        whole = status, headers, json.dumps(told).encode() + b"\n"
        self._tell(request, whole, begin or time.perf_counter(), problem.name)
        return whole

    async def answer(self, request: Request) -> Whole | Parts:
        """Return the answer to *request*. Whoever asks for it is told when the client has left."""
        begin = time.perf_counter()
        key = self._client(request)
        if self._inside[key] >= self._most_of_one:
            problem = ProblemError("too-many-requests", "Too many requests of your address are in work")
            return self.problem(problem, request, begin)
        if self._at_work >= self._most:
            return self.problem(ProblemError("busy", "All places are taken"), request, begin)
        self._inside[key] += 1
        self._at_work += 1
        try:
            who = Caller(key)
            asked = plain.read(request) if self._cache else None
            if asked is not None:
                return await self._answer_plain(request, who, asked, begin)
            call = partial(self._call, environ_of(request, key))
            waits = request.path.startswith("/sparql")  # for workers, in turn
            if waits and not _is_large_form(request):
                return await self._in_thread(request, who, call)
            async with self._turns.setdefault((key, waits), asyncio.Semaphore(_FORMS if waits else _PAGES)):
                return await self._in_thread(request, who, call)
        finally:
            self._at_work -= 1
            self._inside[key] -= 1
            if not self._inside[key]:
                del self._inside[key]
                self._turns.pop((key, True), None)
                self._turns.pop((key, False), None)

    async def _answer_plain(
        self, request: Request, who: Caller, asked: plain.Plain, begin: float
    ) -> Whole | Parts:
        """Wait here for a quick answer; a thread waits for a slot or a slow one, and mends what broke."""
        running = self._begin(who, asked.query, **asked.options)
        ask = running.end if running else partial(self._ask, asked.query, **asked.options)
        call = partial(self._call_plain, request, who.key, asked, ask, begin)
        if running and await _readable(running, _PATIENCE) and running.has_answer():
            return call()
        return await self._in_thread(request, who, call)

    def _call_plain(
        self, request: Request, key: str, asked: plain.Plain, ask: Callable[[], Answer], begin: float
    ) -> Whole | Parts:
        try:
            entry = asked.entry(ask(), self._cache)
        except Exception as error:  # which Flask tells, whatever it is
            return self._call({**environ_of(request, key), FAILED: error})
        headers = request.headers
        whole = entry.answer(headers.get("accept-encoding"), headers.get("if-none-match"))
        self._observed.tell(asked.notes(), str(whole[0]), len(whole[2]), time.perf_counter() - begin)
        return whole

    async def _in_thread(self, request: Request, who: Caller, call: Callable[[], T]) -> T:
        """Return what *call* does for *who*, in a thread; the client may leave meanwhile."""
        loop = asyncio.get_running_loop()

        def leave() -> None:  # not here, as it waits for others
            loop.run_in_executor(None, who.leave)

        watch = loop.call_later(_PATIENCE, request.when_left, leave)
        try:
            return await loop.run_in_executor(self._threads, _as, who, call)
        finally:
            watch.cancel()
            request.when_left(leave)  # of an answer in parts, of which only the beginning is there

    def _call(self, environ: dict[str, Any]) -> Whole | Parts:
        begun: list[Any] = []
        parts = self._app.wsgi_app(environ, lambda *given: begun.append(given))  # type: ignore[arg-type]
        if environ.get(STREAM) and may_stream(environ):
            status, headers = begun[-1][:2]
            return int(status[:3]), headers, Stream(parts)
        with closing(Stream(parts)) as stream:
            # whole before the first byte is sent, so that an answer is never cut short in silence
            body = b"".join(stream)
        status, headers = begun[-1][:2]
        return int(status[:3]), headers, body

    async def parts(self, stream: Stream) -> AsyncGenerator[bytes, None]:
        """Yield the parts of *stream*, which may have to be waited for, and close it."""
        loop = asyncio.get_running_loop()
        try:
            while part := await loop.run_in_executor(self._threads, next, stream, b""):
                yield part
        finally:
            await loop.run_in_executor(self._threads, stream.close)

    def _client(self, request: Request) -> str:
        key = key_of(request.peer)
        if key in self._proxies:
            hops = request.headers.get("x-forwarded-for", "").split(",")
            # from the right: what stands left of the last proxy's entry, a client may have made up
            return next((hop for hop in map(_key, reversed(hops)) if hop and hop not in self._proxies), key)
        return key

    def _tell(self, request: Request | None, whole: Whole, begin: float, problem: str | None = None) -> None:
        environ = {
            "REQUEST_METHOD": request.method if request else "",
            "PATH_INFO": request.path if request else "",
            NOTES: {"problem": problem} if problem else {},
        }
        self._observed.tell(environ, str(whole[0]), len(whole[2]), time.perf_counter() - begin)


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


def _is_large_form(request: Request) -> bool:
    return len(request.body) > _LARGE and request.headers.get("content-type", "").lower().startswith(FORM)


def _as(who: Caller, call: Callable[[], T]) -> T:
    context = contextvars.Context()
    context.run(CALLER.set, who)
    return context.run(call)


def _key(hop: str) -> str:
    return key_of(hop.strip().strip("[]"))
