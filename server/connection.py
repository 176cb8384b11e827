"""One connection: its requests are answered one after another, and an answer waits until it is read."""

import asyncio
import logging
import math
import socket
import sys
import time
from collections import deque
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from email.utils import formatdate
from fcntl import ioctl
from functools import lru_cache
from http import HTTPStatus
from termios import TIOCOUTQ
from typing import TYPE_CHECKING, ClassVar, Final, cast

from server.cache import Headers
from server.errors import ProblemError
from server.limits import LeftError
from server.reader import BODY, NOTHING, Reader
from server.request import Parts, Request, Stream, Whole
from tacit.errors import TacitError

if TYPE_CHECKING:
    from server.front import Front
    from server.listener import Connections

_LOG: Final = logging.getLogger("tacit.connection")
#: How many requests may be sent before the first of them is answered.
MOST_WAITING: Final = 64
#: Seconds in which the rest of what was refused is thrown away: who still sends would not read why.
_LINGER: Final = 2.0
#: Bytes that are written at once, and that the system may keep: left to itself it takes megabytes from us for
#: each client that does not read.
_PIECE: Final = 256 * 1024
_CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"
#: Statuses of answers that have no body (RFC 9110, 6.4.1).
_BODILESS: Final = (204, 304)


class Connection(asyncio.BufferedProtocol):
    """A connection of *others*, whose requests *front* answers."""

    #: What comes is read at once, so that one buffer will do for all connections. Whoever sends more than it
    #: holds has to wait until all others have been heard.
    _buffer: ClassVar = bytearray(32 * 1024)

    def __init__(self, front: "Front", others: "Connections") -> None:
        self._front, self._others = front, others
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[Request | ProblemError] = deque()
        self._asked: Request | None = None  # what is being answered
        self._deaf = False  # nothing more is read
        self._ending = False  # nothing more is written, beyond what has been
        self._writable = asyncio.Event()
        self._writable.set()
        self._written = self._sent = 0
        self._task: asyncio.Task[None] | None = None
        self.body = b""  # a large one that is being sent

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the connection, or refuse it."""
        self._transport = cast("asyncio.Transport", transport)
        self._transport.set_write_buffer_limits(high=0)  # whose rest may keep all of a large answer in memory
        self.peer: str = transport.get_extra_info("peername")[0]
        self._reader = Reader(self.peer, transport.get_extra_info("sockname")[:2], self._others.most_bytes)
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _PIECE)
        self._moved = self._loop.time()
        self._wait(self._others.read_timeout)
        if refused := self._others.admit(self):
            self._refuse(refused)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection; whoever works for it is told."""
        self._deaf = self._ending = True
        self._waiting.clear()
        self._reader.close()
        self._others.forget(self)
        self._writable.set()
        if self._asked is not None:
            self._asked.leave()

    def eof_received(self) -> bool:
        """Answer what was asked if that is soon done: one cannot know whether the client still listens."""
        if not self._deaf and self._reader.stage != NOTHING:
            self._refuse(ProblemError("bad-request", "The request breaks off; send it again, whole."))
            return True
        self._deaf = True
        if self._asked is not None:
            self._asked.leave()
        return not self._ending and (self._asked is not None or bool(self._waiting))

    def pause_writing(self) -> None:
        """Wait, as the client does not read."""
        self._writable.clear()

    def resume_writing(self) -> None:
        """Go on."""
        self._writable.set()
        self._advance()

    def get_buffer(self, sizehint: int) -> bytearray:
        """Return where to put what comes."""
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        """Read what has come."""
        if self._deaf:
            return
        data = bytes(self._buffer[:nbytes])
        before = self._reader.stage
        found, problem = self._reader.feed(data)
        self._waiting.extend(found)
        if problem is None and (found or self._reader.stage != before):
            problem = self._turn(self._reader.stage)
        self._advance()
        if problem is None and len(self._waiting) > MOST_WAITING:
            while len(self._waiting) > MOST_WAITING:
                self._waiting.pop()
            detail = f"More than {MOST_WAITING} requests were sent before an answer; wait for answers"
            problem = ProblemError("too-many-requests", detail)
        if problem is not None:
            self._refuse(problem)

    def _turn(self, stage: int) -> ProblemError | None:
        """Give what is being read its time, and a place, if it is a body; return why there is none."""
        self._wait(self._others.read_timeout)
        if stage != BODY:
            self._others.end_body(self)
        elif refused := self._others.begin_body(self):
            return refused
        elif self._reader.waits_for_leave and self._asked is None and not self._waiting:
            self._put(_CONTINUE)
        return None

    def _wait(self, seconds: float) -> None:
        self._deadline = self._loop.time() + seconds

    def _refuse(self, problem: ProblemError) -> None:
        """Say, after the answers to what came before, what is wrong, and end."""
        self._deaf = True
        self._others.end_body(self)
        self._waiting.append(problem)
        self._advance()

    def look(self, now: float) -> int:
        """End what has had its time, and return how many bytes wait to be read by the client."""
        unsent = self._transport.get_write_buffer_size()
        sent = self._written - (unsent + self._unacknowledged() if unsent else 0)
        if not unsent or sent > self._sent:
            self._sent, self._moved = sent, now
        if now - self._moved > self._others.read_timeout or (self._ending and now > self._deadline):
            self.abort()
        elif now > self._deadline and not self._deaf:
            if self._reader.stage != NOTHING:
                what = "body" if self._reader.stage == BODY else "head"
                seconds = f"{self._others.read_timeout:g} seconds"
                detail = f"The {what} of the request did not arrive within {seconds}; send it again."
                self._refuse(ProblemError("request-timeout", detail))
            elif self._asked is None and not self._waiting:
                self.end()
        return unsent

    def _unacknowledged(self) -> int:
        """Return how many bytes the system still holds."""
        try:
            queue = ioctl(self._transport.get_extra_info("socket").fileno(), TIOCOUTQ, bytes(4))
        except OSError:  # not every system tells
            return 0
        return int.from_bytes(queue, sys.byteorder)

    def stop(self) -> None:
        """End after the answer that is being made, or at once."""
        self._deaf = True
        self._waiting.clear()
        if self._asked is None:
            self.end()

    def leave(self) -> None:
        """End whatever works for this connection."""
        if self._asked is not None:
            self._asked.leave()

    def end(self) -> None:
        """Close, when all that was written has been read."""
        self._ending = True
        self._deadline = math.inf  # it may take long, as long as it goes on
        self._transport.close()

    def abort(self) -> None:
        """Close at once."""
        self._deaf = self._ending = True
        self._transport.abort()

    def _advance(self) -> None:
        """Answer what waits longest, if the one before is answered, and the client reads."""
        if not self._waiting or self._asked is not None or self._ending or not self._writable.is_set():
            return
        asked = self._waiting.popleft()
        if isinstance(asked, ProblemError):
            self._write(None, self._front.problem(asked))
            self._linger()
        elif (found := self._front.at_once(asked)) is not None and len(found[2]) <= _PIECE:
            self._write(asked, found)
            self._done(asked)
            if self._waiting:  # when the other connections have had their turn
                self._loop.call_soon(self._advance)
        else:
            self._asked = asked
            self._task = self._loop.create_task(self._answer(asked, found))

    async def _answer(self, asked: Request, found: Whole | Parts | None) -> None:
        try:
            status, headers, body = found or await self._front.answer(asked)
            if isinstance(body, Stream):
                await self._write_parts(asked, status, headers, self._front.parts(body))
            elif len(body) > _PIECE:
                self.body = body
                await self._write_parts(asked, status, headers, _pieces(body))
            else:
                self._write(asked, (status, headers, body))
        except LeftError:  # nobody is there to be told
            self.abort()
        except TacitError as error:
            _LOG.warning("an answer was broken off: %s", error)
            self.abort()
        except Exception:
            _LOG.exception("an answer was broken off")
            self.abort()
        self._asked, self.body = None, b""
        self._done(asked)
        self._advance()

    def _is_last(self, asked: Request | None) -> bool:
        return asked is None or not asked.keep_alive or (self._deaf and not self._waiting)

    def _done(self, asked: Request) -> None:
        if self._ending:
            return
        if self._is_last(asked):
            self.end()
        elif self._reader.stage == NOTHING:
            self._wait(self._others.read_timeout)

    def _linger(self) -> None:
        """End, after the client has had the time to see why."""
        self._ending = True
        self._wait(_LINGER)
        with suppress(OSError):  # the client may have closed meanwhile
            self._transport.write_eof()

    def _write(self, asked: Request | None, found: Whole) -> None:
        status, headers, body = found
        if self._ending:
            return
        if status in _BODILESS:
            body = b""
        elif not _has_length(headers):
            headers = [*headers, ("Content-Length", str(len(body)))]
        if asked is not None and asked.method == "HEAD":
            body = b""
        self._put(self._head(asked, status, headers) + body)

    async def _write_parts(
        self, asked: Request, status: int, headers: Headers, parts: AsyncGenerator[bytes | memoryview, None]
    ) -> None:
        """Write an answer as it comes. If it breaks off, the connection does: none takes it for whole."""
        async with aclosing(parts):
            chunked = not _has_length(headers)
            if chunked:
                headers = [*headers, ("Transfer-Encoding", "chunked")]
            self._put(self._head(asked, status, headers))
            if asked.method == "HEAD":
                return
            async for part in parts:
                self._put(b"%x\r\n%b\r\n" % (len(part), bytes(part)) if chunked else part)
                await self._writable.wait()
                await asyncio.sleep(0)  # the others' turn
                if self._transport.is_closing():
                    return
            if chunked:
                self._put(b"0\r\n\r\n")

    def _put(self, data: bytes | memoryview) -> None:
        self._written += len(data)
        self._transport.write(data)

    def _head(self, asked: Request | None, status: int, headers: Headers) -> bytes:
        lines = [f"{name}: {value}\r\n" for name, value in headers]
        if self._is_last(asked):
            lines.append("Connection: close\r\n")
        return f"{_line(status)}{_date(int(time.time()))}{''.join(lines)}\r\n".encode("latin-1")


def _has_length(headers: Headers) -> bool:
    return any(name.lower() == "content-length" for name, _ in headers)


async def _pieces(body: bytes) -> AsyncGenerator[memoryview, None]:
    """Yield *body* bit by bit, none of which is copied: many clients may read the same answer, and slowly."""
    view = memoryview(body)
    for begin in range(0, len(body), _PIECE):
        yield view[begin : begin + _PIECE]


@lru_cache
def _line(status: int) -> str:
    known = {int(value): value.phrase for value in HTTPStatus}
    return f"HTTP/1.1 {status} {known.get(status, '')}\r\n"


@lru_cache(maxsize=4)
def _date(second: int) -> str:
    return f"Date: {formatdate(second, usegmt=True)}\r\n"
