"""A request of RSGI as WSGI has it."""

import io
import sys
from typing import Any

from server.cache import BODY


def environ_of(scope: Any, key: str, body: bytes) -> dict[str, Any]:
    """Return the environment of WSGI for a request of the client *key* with a *body*."""
    host, _, port = scope.server.rpartition(":")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": host.strip("[]"),
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": key,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": io.BytesIO(body),
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        BODY: body,
    }
    for name, value in scope.headers.items():
        if "_" in name:
            continue  # would be taken for the name with a hyphen
        field = name.upper().replace("-", "_")
        if field not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            field = f"HTTP_{field}"
        environ[field] = f"{environ[field]},{value}" if field in environ else value
    if "transfer-encoding" in scope.headers:
        environ["CONTENT_LENGTH"] = str(len(body))
    return environ
