"""Queries run in worker processes: what a query does to its worker, the server survives.

The forker (`server.forker`) holds the graph and forks workers, which share its memory. A worker that
reached a limit is killed and another forked in its place, which takes a few milliseconds. There are as many
workers as slots (`server.fairness`), so whoever holds a slot finds a worker.
"""

import logging
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from server import limits
from server.fairness import Slots
from server.forker import FORK, KILL, OUT_OF_MEMORY, WAIT, order
from server.limits import Caller, LeftError, LimitError, remaining
from server.service import Relay
from tacit.engine import Answer, TooLargeError
from tacit.errors import TacitError
from tacit.wire import answer_of, has_answer, receive, send

_LOG: Final = logging.getLogger("tacit.workers")
_ROOT: Final = Path(__file__).resolve().parent.parent
_MB: Final = 2**20
#: glibc: so many bytes a worker keeps for its next query. Else it gave all back to the system after each one,
#: and spent much of a query on page faults. 32 MB is the largest threshold that glibc takes.
_MALLOC: Final = {
    "MALLOC_TRIM_THRESHOLD_": str(32 * _MB),
    "MALLOC_MMAP_THRESHOLD_": str(32 * _MB),
    "MALLOC_TOP_PAD_": str(_MB),
}
#: In place of glibc's malloc, where the machine has it: with it the engine is faster by a fifth.
_MIMALLOC: Final = "libmimalloc.so.2"


def _allocator() -> dict[str, str]:
    """Return what the environment says of memory, for the forker and its workers."""
    for root in ("/usr/local", "/usr"):
        # Debian has a folder for each kind of processor in between
        for path in (*Path(root).glob(f"lib*/{_MIMALLOC}"), *Path(root).glob(f"lib/*/{_MIMALLOC}")):
            return {**_MALLOC, "LD_PRELOAD": str(path)}
    return _MALLOC


class EngineError(Exception):
    """A fault of ours in a worker; the text is for the log."""


@dataclass(eq=False)
class _Worker:
    pid: int
    sock: socket.socket


@dataclass(eq=False)
class Running:
    """A query that a worker has got and a slot is held for, until `end` is called."""

    _pool: "Pool"
    _worker: _Worker
    _who: Caller
    _begin: float

    def fileno(self) -> int:
        """Return the socket that can be read when there is an answer."""
        return self._worker.sock.fileno()

    def has_answer(self) -> bool:
        """Tell whether an answer is there as a whole, so that `end` need not wait for anything."""
        try:
            return has_answer(self._worker.sock)
        except OSError:
            return False

    def end(self) -> Answer:
        """Return the answer as `Pool.ask` does."""
        try:
            return self._pool.end(self._worker, self._who, self._begin)
        finally:
            self._pool.slots.give_back(self._who.key)


class Pool:
    """Workers over one graph. *settings* are those of `server.settings`; *built* is None for other data.

    It begins to load when it is made, and `ready` waits for the end of that.
    """

    #: A worker's answer is there as a whole, or not at all (see `server.remote.Engine.stream`).
    stream: Final = None

    def __init__(self, settings: dict[str, Any], built: Path | None) -> None:
        self._seconds, self._memory = settings["time_limit"], settings["memory_limit"]
        self._answer = settings["answer_limit"]
        count = settings["workers"]
        self.slots = Slots(count, settings["share"] or max(1, count - 1), settings["queue"])
        self.relay = Relay(settings)
        self._config = {
            "built": str(built) if built else "",
            "data": [str(path) for path in settings["data"]],
            "memory": self._memory * _MB,
            "seconds": self._seconds,
            "most_bytes": self._answer * _MB,
        }
        self._idle: list[_Worker] = []
        self._lock = threading.Lock()  # of the forker's socket
        self._ready = self._closed = False
        self._start()

    def _start(self) -> None:
        self._control, theirs = socket.socketpair()
        # by its path, as the package of the server would bring all of Flask
        program = [sys.executable, "-P", str(Path(__file__).with_name("forker.py")), str(theirs.fileno())]
        environment = {**_allocator(), **os.environ, "RUST_BACKTRACE": "0"}
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, [str(_ROOT), os.environ.get("PYTHONPATH")]))
        self._forker = subprocess.Popen(program, pass_fds=[theirs.fileno()], env=environment)  # noqa: S603
        theirs.close()
        send(self._control, self._config)
        self._ready = False

    def ready(self) -> None:
        """Wait until the graph is loaded and a worker is there. Raises TacitError if it cannot be."""
        with self._lock:
            self._await()
        self._idle.append(self._fork())  # the others are forked when they are needed for the first time

    def _await(self) -> None:
        if self._ready:
            return
        try:
            told, _ = receive(self._control)
        except (EOFError, ConnectionError) as error:
            raise TacitError("The graph could not be loaded: its process died.") from error
        if "failed" in told:
            raise TacitError(told["failed"])
        self._ready = True

    def close(self) -> None:
        """End all processes."""
        self._closed = True
        self.relay.close()
        self._control.close()
        try:
            self._forker.wait(2)
        except subprocess.TimeoutExpired:
            self._forker.kill()
            self._forker.wait()
        for worker in self._idle:
            worker.sock.close()

    def ask(self, query: str, **options: Any) -> Answer:
        """Return `tacit.engine.evaluate` of *query* within all limits. Raises LimitError, too."""
        who = limits.caller()
        # the longest in the queue is served before a client would give up
        with self.slots.slot(who, self._seconds):
            if "service" in query.lower():
                return self._ask_others(who, query, options)
            return self._ask(self._take(), who, {"query": query, **options})

    def _ask_others(self, who: Caller, query: str, options: dict[str, Any]) -> Answer:
        """Ask in a worker of its own, which may reach the relay; it has no other query after this."""
        with self.relay.session(self._seconds) as session:
            worker = self._fork(network=True)
            try:
                message = {"query": query, "services": session.addresses, **options}
                return self._ask(worker, who, message, once=True)
            except LimitError as error:
                if error.name == "timeout":
                    session.check_time()
                raise
            except TacitError:
                session.check()
                raise
            finally:
                self._drop(worker)

    def _take(self) -> _Worker:
        try:
            return self._idle.pop()
        except IndexError:
            return self._fork()

    def begin(self, who: Caller, query: str, **options: Any) -> "Running | None":
        """Begin to ask *query* if neither a slot nor a worker has to be waited for; else return None."""
        if "service" in query.lower() or not self.slots.take(who.key):
            return None
        try:
            worker = self._idle.pop()
        except IndexError:
            self.slots.give_back(who.key)
            return None
        return Running(self, worker, who, self._send(worker, {"query": query, **options}))

    def _ask(self, worker: _Worker, who: Caller, message: dict[str, Any], *, once: bool = False) -> Answer:
        return self.end(worker, who, self._send(worker, message), once=once)

    def _send(self, worker: _Worker, message: dict[str, Any]) -> float:
        """Send a query and return when that was."""
        begin = time.monotonic()
        with suppress(OSError):  # a worker that has died is noticed when its answer is missed
            worker.sock.settimeout(self._seconds)
            send(worker.sock, message)
        return begin

    def end(self, worker: _Worker, who: Caller, begin: float, *, once: bool = False) -> Answer:
        """Return the answer of *worker* to what it was sent at *begin*; only then it takes another query."""
        end = begin + self._seconds
        whole = False
        try:
            who.stopped_by(lambda: self._stop(worker))
            worker.sock.settimeout(max(0.001, remaining(end)))
            told, body = receive(worker.sock)
            if told.get("error", [""])[0] == "memory":
                raise limits.out_of_memory(self._memory)
            if told.get("error", [""])[0] == "internal":
                raise EngineError(told["error"][1])
            whole = True
            return answer_of(told, body)
        except TooLargeError as error:
            raise limits.too_large(self._answer) from error
        except TimeoutError as error:
            raise self._told(limits.out_of_time(self._seconds), begin) from error
        except (EOFError, ConnectionError) as error:
            if who.left:
                raise LeftError from error
            raise self._told(self._why(worker), begin) from error
        finally:
            who.stopped_by(None)
            if whole and not who.left and not once:
                self._idle.append(worker)
            elif not once:
                self._drop(worker)
                if not self._closed:
                    self._idle.append(self._fork())

    def _told(self, error: LimitError, begin: float) -> LimitError:
        _LOG.warning("worker replaced after %.2f s: %s", time.monotonic() - begin, error.name)
        return error

    def _why(self, worker: _Worker) -> LimitError:
        """Return the limit that *worker* died of."""
        try:
            with self._lock:
                order(self._control, WAIT, worker.pid)
                code = self._reply()
        except (OSError, EOFError):  # and with it all workers; the next one that is forked loads the graph
            return limits.gone()
        name = signal.Signals(-code).name if code < 0 else f"exit {code}"
        if code in (-signal.SIGABRT, -signal.SIGKILL, OUT_OF_MEMORY):
            return limits.out_of_memory(self._memory)
        if code == -signal.SIGXCPU:
            return limits.out_of_time(self._seconds)
        return limits.crashed(name)

    def _fork(self, *, network: bool = False) -> _Worker:
        ours, theirs = socket.socketpair()
        with theirs, self._lock:
            try:
                pid = self._order_fork(theirs, network)
            except (OSError, EOFError):  # the forker is gone: load again
                _LOG.error("the process that holds the graph died; loading again")
                self._control.close()
                self._forker.kill()
                self._forker.wait()
                self._start()
                self._await()
                pid = self._order_fork(theirs, network)
        return _Worker(pid, ours)

    def _order_fork(self, theirs: socket.socket, network: bool) -> int:
        self._await()
        data = struct.pack("!cIB", FORK, 0, network)
        socket.send_fds(self._control, [data], [theirs.fileno()])
        return self._reply()

    def _reply(self) -> int:
        data = b""
        while len(data) < 4:  # noqa: PLR2004
            part = self._control.recv(4 - len(data))
            if not part:
                raise EOFError
            data += part
        return int(struct.unpack("!i", data)[0])

    def _stop(self, worker: _Worker) -> None:
        """Kill *worker*; the thread that waits for it wakes up."""
        try:
            with self._lock:
                order(self._control, KILL, worker.pid)
            worker.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            _LOG.debug("worker %s has ended already", worker.pid)

    def _drop(self, worker: _Worker) -> None:
        self._stop(worker)
        worker.sock.close()
