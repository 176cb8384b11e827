"""A small process that holds the graph and forks workers, each of which answers one query at a time.

It runs as a program of its own (see `server.workers`) and does not import Flask: it has one thread,
so that it may fork, and little memory beyond the graph, which its children share. A worker trusts
nobody and is trusted by nobody: it takes and gives JSON and bytes, never pickles.
"""

import ctypes
import os
import resource
import selectors
import signal
import socket
import struct
import sys
import traceback
from pathlib import Path
from typing import Any, Final

from tacit.engine import Data, evaluate, load_files, load_graph
from tacit.errors import TacitError
from tacit.wire import receive, send, tell

#: What the parent asks for: a worker (with its end of a socket pair), its end, and how it ended.
FORK, KILL, WAIT = b"F", b"K", b"W"
_ORDER: Final = struct.Struct("!cIB")
_PR_SET_PDEATHSIG: Final = 1
#: How a worker may end by itself.
OUT_OF_MEMORY, PANIC = 1, 2
#: File descriptors of a worker: the three standard ones, and its socket. It can open no other.
_SOCKET: Final = 3
#: One that may ask the relay of SERVICE has room for as many connections.
_CONNECTIONS: Final = 8


def order(sock: socket.socket, what: bytes, pid: int = 0, *, network: bool = False) -> None:
    """Send an order to the forker."""
    sock.sendall(_ORDER.pack(what, pid, network))


def main() -> None:
    """Load what the first frame names, say so, and obey until the parent is gone."""
    control = socket.socket(fileno=int(sys.argv[1]))
    config, _ = receive(control)
    try:
        data = _load(config)
    except TacitError as error:
        send(control, {"failed": str(error)})
        return
    send(control, {"ready": len(data)})
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt at the keyboard reaches the whole group
    children: set[int] = set()
    try:
        _obey(control, data, config, children)
    except (EOFError, ConnectionError):
        pass
    finally:
        signal.set_wakeup_fd(-1)
        for pid in children:
            os.kill(pid, signal.SIGKILL)
        for pid in children:
            os.waitpid(pid, 0)


def _load(config: dict[str, Any]) -> Data:
    if config["built"]:
        return load_graph(Path(config["built"]))
    return Data(load_files([Path(path) for path in config["data"]]))


def _obey(control: socket.socket, data: Data, config: dict[str, Any], children: set[int]) -> None:
    # a child that ends wakes the selector, so that it is buried at once
    bell, ring = socket.socketpair()
    ring.setblocking(False)
    bell.setblocking(False)
    signal.set_wakeup_fd(ring.fileno(), warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    ended: dict[int, int] = {}
    selector = selectors.DefaultSelector()
    selector.register(control, selectors.EVENT_READ)
    selector.register(bell, selectors.EVENT_READ)
    while True:
        for key, _ in selector.select():
            if key.fileobj is bell:
                bell.recv(4096)
                _bury(children, ended)
                continue
            told, fds, _, _ = socket.recv_fds(control, _ORDER.size, 1)
            if len(told) < _ORDER.size:
                raise EOFError
            what, pid, network = _ORDER.unpack(told)
            if what == FORK:
                pid = _fork(data, config, fds[0], bool(network))
                children.add(pid)
                os.close(fds[0])
                control.sendall(struct.pack("!i", pid))
            elif pid in children and what == KILL:
                os.kill(pid, signal.SIGKILL)  # ours until it is buried, so the number means no other
            elif what == WAIT:
                if pid in children:
                    os.kill(pid, signal.SIGKILL)  # changes nothing for one that is on its way out
                    children.discard(pid)
                    ended[pid] = os.waitpid(pid, 0)[1]
                control.sendall(struct.pack("!i", os.waitstatus_to_exitcode(ended.pop(pid, 0))))


def _bury(children: set[int], ended: dict[int, int]) -> None:
    for pid in tuple(children):
        found, status = os.waitpid(pid, os.WNOHANG)
        if found:
            children.discard(pid)
            ended[pid] = status
    while len(ended) > 1000:  # noqa: PLR2004  # nobody asked how they ended
        ended.pop(next(iter(ended)))


def _fork(data: Data, config: dict[str, Any], fd: int, network: bool) -> int:
    pid = os.fork()
    if pid:
        return pid
    try:
        sock = _confine(config, fd, network)
        _work(sock, data, config)
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except BaseException:  # a panic of Rust's, for one: nothing of the parent's may run here
        os._exit(PANIC)
    os._exit(0)


def _confine(config: dict[str, Any], fd: int, network: bool) -> socket.socket:
    """Give up, for good, whatever a query does not need. Return the socket to the server."""
    _die_with_parent()
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    used = _address_space()
    null = os.open(os.devnull, os.O_RDWR)
    keep = os.dup2(fd, 100, inheritable=False)
    for standard in (0, 1, 2):  # Rust would write a page about each query that it dies from
        os.dup2(null, standard)
    os.dup2(keep, _SOCKET, inheritable=False)
    os.closerange(_SOCKET + 1, 65_536)
    most = _SOCKET + 1 + (_CONNECTIONS if network else 0)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if used:
        limit = used + config["memory"]
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    return socket.socket(fileno=_SOCKET)


def _die_with_parent() -> None:
    """Let the kernel end this process with the forker, without which nobody could (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL))


def _address_space() -> int:
    """Return the bytes of address space in use, 0 where the system does not tell."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    except OSError:
        return 0


def _work(sock: socket.socket, data: Data, config: dict[str, Any]) -> None:
    while True:
        try:
            query, _ = receive(sock)
        except (EOFError, ConnectionError):
            return
        cpu = resource.getrusage(resource.RUSAGE_SELF)
        spent = int(cpu.ru_utime + cpu.ru_stime)
        # a second lock: if the server could not end it, the kernel will
        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        resource.setrlimit(resource.RLIMIT_CPU, (spent + int(config["seconds"]) + 5, hard))
        try:
            answer = evaluate(data, most_bytes=config["most_bytes"], **query)
        except TacitError as error:
            send(sock, {"error": tell(error)})
        except MemoryError:
            send(sock, {"error": ["memory"]})
            return
        except Exception:  # told to the server, which logs it
            send(sock, {"error": ["internal", traceback.format_exc()]})
            return
        else:
            send(sock, {"kind": answer.kind, "format": answer.format}, answer.body)


if __name__ == "__main__":
    main()
