"""`python -m server`: serve the built graph, or any RDF files."""

import argparse
import logging
import resource
import socket
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from server.settings import SETTINGS, built_graph, complete
from tacit.errors import TacitError

if TYPE_CHECKING:
    from server.remote import Engine
    from server.workers import Pool

#: Seconds that running queries get when the server is told to stop; nothing can interrupt one.
STOP_TIMEOUT: Final = 2
#: Bytes of the first line and the headers together; an address alone may have 65,534.
HEAD_LIMIT: Final = 128 * 1024


def main() -> None:
    """Read the command line and serve until interrupted."""
    config = _arguments()
    host, port = config["host"], config["port"]
    try:
        config = complete(config)
        if not (config["data"] or config["engine"]):
            built_graph(config["build"])
        _check_free(host, port)
    except TacitError as error:
        sys.exit(str(error))
    # One process for all requests, as fairness and the cache need to see all of them; queries have their own.
    server = Granian(
        "tacit",
        address=host,
        port=port,
        interface=Interfaces.RSGI,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(
            header_read_timeout=int(config["read_timeout"] * 1000), max_buffer_size=HEAD_LIMIT
        ),
        workers=1,
        backlog=1024,
        backpressure=config["connections"],
        workers_kill_timeout=STOP_TIMEOUT,
        websockets=False,
        log_level=LogLevels.critical,
    )
    server.serve(target_loader=partial(_load, config), wrap_loader=False)


def _load(config: dict[str, Any]) -> Any:
    """Return what granian calls, in the process that does, and say that it answers."""
    logging.basicConfig(format="%(name)s: %(message)s", level=logging.WARNING)
    _allow_connections(config["connections"])
    try:
        pool = _engine(config)
        try:
            # here and not above, as the pool loads the graph meanwhile
            from server.app import create_app  # noqa: PLC0415
            from server.front import Front  # noqa: PLC0415

            app = create_app(config, pool.ask)
            pool.ready()
        except TacitError:
            pool.close()
            raise
    except TacitError as error:
        sys.exit(str(error))
    host = f"[{config['host']}]" if ":" in config["host"] else config["host"]
    sys.stdout.write(f"Tacit answers at http://{host}:{config['port']}\n")
    sys.stdout.flush()
    return Front(app, config, pool)


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


def _check_free(host: str, port: int) -> None:
    """Raise TacitError if *port* cannot be listened on; Granian would fail with a traceback."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        reason = error.strerror or str(error)
        raise TacitError(
            f"Port {port} of {host} cannot be used ({reason}); choose another with --port."
        ) from error


if __name__ == "__main__":
    main()
