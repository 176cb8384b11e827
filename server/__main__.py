"""`python -m server`: serve the built graph, or any RDF files."""

import argparse
import asyncio
import ctypes
import errno
import gc
import logging
import os
import resource
import socket
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from server.settings import SETTINGS, built_graph, complete
from tacit.errors import TacitError

if TYPE_CHECKING:
    from server.remote import Engine
    from server.workers import Pool

#: What the system says of an address that is not to be had.
_TAKEN: Final = (errno.EADDRINUSE, errno.EADDRNOTAVAIL, errno.EACCES)
#: From glibc's malloc.h.
_M_MMAP_THRESHOLD: Final = -3
#: Seconds after the end of all connections in which threads that still work may end.
_GRACE: Final = 1.0


def main() -> None:
    """Read the command line and serve until told to stop."""
    config = _arguments()
    logging.basicConfig(format="%(name)s: %(message)s", level=logging.WARNING)
    try:
        config = complete(config)
        if not (config["data"] or config["engine"]):
            built_graph(config["build"])
        with _bound(config["host"], config["port"]) as sock:
            _serve(config, sock)
    except TacitError as error:
        sys.exit(str(error))
    except OSError as error:
        if error.errno not in _TAKEN and not isinstance(error, socket.gaierror):
            raise
        where = f"Port {config['port']} of {config['host']}"
        sys.exit(f"{where} cannot be used ({error.strerror}); choose another with --port.")
    except KeyboardInterrupt:  # before anything was served
        sys.exit(130)


def _serve(config: dict[str, Any], sock: socket.socket) -> None:
    _allow_connections(config["connections"])
    _give_memory_back()
    # threads that make pages leave the interpreter to the one that reads and writes ten times as often
    sys.setswitchinterval(0.0005)
    pool = _engine(config)
    try:
        # here and not above, as the pool loads the graph meanwhile
        from server.app import create_app  # noqa: PLC0415
        from server.front import Front  # noqa: PLC0415
        from server.listener import serve  # noqa: PLC0415

        app = create_app(config, pool.ask, pool.stream)
        pool.ready()
    except BaseException:
        pool.close()
        raise
    gc.collect()
    gc.freeze()  # the application stays as it is: nothing of it need be looked at again
    front = Front(app, config, pool)
    host = f"[{config['host']}]" if ":" in config["host"] else config["host"]

    def announce() -> None:
        sys.stdout.write(f"Tacit answers at http://{host}:{config['port']}\n")
        sys.stdout.flush()

    asyncio.run(serve(front, sock, config, announce))
    front.close()
    # a page that is still being made, for nobody, may hold no one up
    last = threading.Timer(_GRACE, os._exit, (0,))
    last.daemon = True
    last.start()


def _engine(config: dict[str, Any]) -> "Pool | Engine":
    if config["engine"]:
        from server.remote import Engine  # noqa: PLC0415

        return Engine(config)
    from server.workers import Pool  # noqa: PLC0415

    return Pool(config, None if config["data"] else built_graph(config["build"]))


def _allow_connections(count: int) -> None:
    """Let this process have as many open files as connections, and some more, where the system permits."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = count + 512
    if soft < wanted:
        limit = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))


def _give_memory_back() -> None:
    """Let glibc give back what large bodies and answers took; else each thread keeps it for its next."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_MMAP_THRESHOLD, 256 * 1024)


def _arguments() -> dict[str, Any]:
    parser = argparse.ArgumentParser(prog="python -m server", description=__doc__)
    for setting in SETTINGS:
        several = isinstance(setting.default, tuple)
        kind: Any = Path if setting.name == "data" else str if several else type(setting.default)
        shown = f" ({setting.default})" if setting.default else ""
        parser.add_argument(
            f"--{setting.name.replace('_', '-')}",
            type=Path if isinstance(setting.default, Path) else kind,
            nargs="*" if several else None,
            default=setting.default,
            help=setting.help + shown,
        )
    return vars(parser.parse_args())


def _bound(host: str, port: int) -> socket.socket:
    """Return a socket that has the address, but does not listen yet. Raises OSError if another has it."""
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    sock = socket.socket(family, kind, protocol)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(address)
    except OSError:
        sock.close()
        raise
    return sock


if __name__ == "__main__":
    main()
