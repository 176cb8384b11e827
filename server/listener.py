"""All connections: how many there may be, which of them have had their time, and how they end."""

import asyncio
import signal
import socket
from collections import Counter
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from server.connection import Connection
from server.errors import ProblemError
from server.limits import key_of

if TYPE_CHECKING:
    from server.front import Front

#: Connections that wait to be accepted.
_BACKLOG: Final = 1024
#: Seconds between two looks at all connections: so late may a time-out come.
_PAUSE: Final = 0.25
#: Seconds that running queries get when the server is told to stop.
_STOP: Final = 2.0
#: Bodies that are being read; each may grow to the limit.
_MOST_BODIES: Final = 200
#: Refused connections that may be read for a moment, so that their clients can read why.
_MOST_REFUSED: Final = 256
#: Memory for what waits to be read by clients, in largest answers: beyond it we hang up on who holds most.
_MOST_UNSENT: Final = 8


class Connections:
    """All connections to *front*, within the limits of *settings*."""

    def __init__(self, front: "Front", settings: Mapping[str, Any]) -> None:
        self._front = front
        self.read_timeout: float = settings["read_timeout"]
        self.most_bytes = int(settings["body_limit"] * 2**20)
        self._most, self._most_of_one = settings["connections"], settings["address_connections"]
        self._most_inside = settings["address_requests"]
        self._most_unsent = _MOST_UNSENT * settings["answer_limit"] * 2**20
        self._proxies = frozenset(map(key_of, settings["proxies"]))
        self._open: dict[Connection, str] = {}
        self._of: Counter[str] = Counter()
        self._bodies: set[Connection] = set()
        self._refused: set[Connection] = set()

    def connection(self) -> Connection:
        """Return what is to take a new connection."""
        return Connection(self._front, self)

    def admit(self, connection: Connection) -> ProblemError | None:
        """Count *connection*, or return why it may not stay."""
        key = key_of(connection.peer)
        if len(self._open) >= self._most:
            refused = ProblemError("busy", "All connections are taken")
        elif self._of[key] >= self._most_of_one and key not in self._proxies:
            refused = ProblemError("too-many-requests", "Too many connections of your address are open")
        else:
            self._open[connection] = key
            self._of[key] += 1
            return None
        if len(self._refused) >= _MOST_REFUSED:
            connection.abort()
        else:
            self._refused.add(connection)
        return refused

    def forget(self, connection: Connection) -> None:
        """Count *connection* no more."""
        self.end_body(connection)
        self._refused.discard(connection)
        if key := self._open.pop(connection, None):
            self._of[key] -= 1
            if not self._of[key]:
                del self._of[key]

    def begin_body(self, connection: Connection) -> ProblemError | None:
        """Let *connection* read a body until `end_body`, or return why it may not."""
        self.end_body(connection)
        key = self._open[connection]
        of_one = 0 if key in self._proxies else sum(self._open[other] == key for other in self._bodies)
        if len(self._bodies) >= _MOST_BODIES:
            return ProblemError("busy", "Too many bodies are being read")
        if of_one >= self._most_inside:
            return ProblemError("too-many-requests", "Too many bodies of your address are being read")
        self._bodies.add(connection)
        return None

    def end_body(self, connection: Connection) -> None:
        """Note that *connection* reads no body now."""
        self._bodies.discard(connection)

    async def watch(self) -> None:
        """End connections whose time is over, for ever."""
        while True:
            await asyncio.sleep(_PAUSE)
            now = asyncio.get_running_loop().time()
            everyone = [*self._open, *self._refused]
            # many may read the same answer, which is then in memory once
            readers = Counter(id(connection.body) for connection in everyone)
            held = {
                connection: connection.look(now) + len(connection.body) // readers[id(connection.body)]
                for connection in everyone
            }
            surplus = sum(held.values()) - self._most_unsent
            while surplus > 0:
                connection = max(held, key=held.__getitem__)
                surplus -= held.pop(connection)
                connection.abort()

    async def end(self, seconds: float) -> None:
        """End all connections; what is being answered has so many *seconds*."""
        for connection in list(self._open):
            connection.stop()
        for wait, then in ((seconds, Connection.leave), (seconds / 4, Connection.abort)):
            end = asyncio.get_running_loop().time() + wait
            while self._open and asyncio.get_running_loop().time() < end:
                await asyncio.sleep(0.01)
            for connection in list(self._open):
                then(connection)


async def serve(
    front: "Front", sock: socket.socket, settings: Mapping[str, Any], announce: Callable[[], None]
) -> None:
    """Answer what comes to *sock* until the process is told to stop; *announce* is called at the start."""
    loop, told = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, told.set)
    connections = Connections(front, settings)
    server = await loop.create_server(connections.connection, sock=sock, backlog=_BACKLOG)
    watch = loop.create_task(connections.watch())
    announce()
    # the watch ends by a fault of ours only, and without it nobody would be held to any time
    await asyncio.wait([watch, loop.create_task(told.wait())], return_when=asyncio.FIRST_COMPLETED)
    server.close()
    await connections.end(_STOP)
    if watch.done():
        await watch
    watch.cancel()
