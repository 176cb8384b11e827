"""`python -m server`: serve the built graph, or any RDF files."""

import argparse
import socket
import sys
from functools import partial
from pathlib import Path
from typing import Any, Final

from flask import Flask
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from server import create_app
from server.settings import SETTINGS, built_graph
from tacit.errors import TacitError

#: Seconds that running queries get when the server is told to stop; nothing can interrupt one.
STOP_TIMEOUT: Final = 2


def main() -> None:
    """Read the command line and serve until interrupted."""
    config = _arguments()
    host, port = config["host"], config["port"]
    try:
        if not config["data"]:
            built_graph(config["build"])
        _check_free(host, port)
    except TacitError as error:
        sys.exit(str(error))
    # One worker process, as each would hold the data; threads suffice, as Oxigraph works outside the GIL.
    server = Granian(
        "tacit",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=config["threads"],
        workers_kill_timeout=STOP_TIMEOUT,
        websockets=False,
        log_level=LogLevels.critical,
    )
    server.serve(target_loader=partial(_load, config), wrap_loader=False)


def _load(config: dict[str, Any]) -> Flask:
    """Return the application, in the worker process, and say that it answers."""
    try:
        app = create_app(config)
    except TacitError as error:
        sys.exit(str(error))
    host = f"[{config['host']}]" if ":" in config["host"] else config["host"]
    sys.stdout.write(f"Tacit answers at http://{host}:{config['port']}\n")
    sys.stdout.flush()
    return app


def _arguments() -> dict[str, Any]:
    parser = argparse.ArgumentParser(prog="python -m server", description=__doc__)
    for setting in SETTINGS:
        kind: Any = Path if setting.name == "data" else type(setting.default)
        shown = f" ({setting.default})" if setting.default else ""
        parser.add_argument(
            f"--{setting.name.replace('_', '-')}",
            type=Path if isinstance(setting.default, Path) else kind,
            nargs="+" if setting.name == "data" else None,
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
