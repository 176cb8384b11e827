"""A request as it came over the wire, and as WSGI has it."""

import io
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import unquote_to_bytes

from werkzeug.wsgi import FileWrapper

from server.cache import BODY, Headers

#: Status, headers and body of an answer: whole, or in parts where it may be larger than memory.
Whole = tuple[int, Headers, bytes]
Parts = tuple[int, Headers, "Stream"]

#: In the environment of a request, from the application: that its answer is sent in parts.
STREAM: Final = "tacit.stream"
#: What stands before the path in the form of an address that proxies use (RFC 9112, 3.2.2).
_AUTHORITY: Final = re.compile(r"https?://([^/?#]*)", re.IGNORECASE)
#: Bytes of a file that are read at once.
_BLOCK: Final = 256 * 1024


class Stream:
    """The parts of a body, none of them empty, each made when it is wanted; `close` ends it at any time."""

    def __init__(self, parts: Iterable[bytes]) -> None:
        self._parts, self._rest = parts, filter(None, parts)

    def __iter__(self) -> Iterator[bytes]:
        """Return the parts that are left."""
        return self

    def __next__(self) -> bytes:
        """Return the next part."""
        return next(self._rest)

    def close(self) -> None:
        """End it."""
        if hasattr(self._parts, "close"):
            self._parts.close()


@dataclass(eq=False, slots=True)
class Request:
    """A request: *target* is its address, *headers* are by name in small letters, *peer* is who asks.

    Text is Latin-1, as in WSGI: a character per byte. *here* is the address and port that it came to.
    """

    method: str
    target: str
    headers: dict[str, str]
    body: bytes = b""
    peer: str = "127.0.0.1"
    here: tuple[str, int] = ("127.0.0.1", 8000)
    version: str = "1.1"
    keep_alive: bool = True
    path: str = field(init=False)
    query_string: str = field(init=False)
    _left: bool = field(default=False, init=False)
    _leaving: Callable[[], object] | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        """Take the address apart."""
        target = self.target
        if target[0] != "/" and (authority := _AUTHORITY.match(target)):
            self.headers["host"] = authority[1]
            target = target[authority.end() :]
        path, _, self.query_string = target.partition("#")[0].partition("?")
        path = "/" if path == "*" else path  # the server as a whole (RFC 9110, 9.3.7)
        self.path = unquote_to_bytes(path).decode("latin-1") if "%" in path else path or "/"

    def when_left(self, call: Callable[[], object] | None) -> None:
        """Let *call* be called when the client has left, which may be now; None for nothing."""
        self._leaving = call
        if self._left and call is not None:
            call()

    def leave(self) -> None:
        """Say that nobody waits for the answer any more."""
        self._left = True
        if self._leaving is not None:
            self._leaving()


def environ_of(request: Request, key: str) -> dict[str, Any]:
    """Return the environment of WSGI (PEP 3333) for a request of the client *key*."""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": request.path,
        "QUERY_STRING": request.query_string,
        "SERVER_NAME": request.here[0],
        "SERVER_PORT": str(request.here[1]),
        "SERVER_PROTOCOL": f"HTTP/{request.version}",
        "REMOTE_ADDR": key,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(request.body),
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": lambda file, _=0: FileWrapper(file, _BLOCK),
        BODY: request.body,
    }
    for name, value in request.headers.items():
        # `_` would be taken for a hyphen, and an upgrade by Werkzeug, which has no answer then
        if "_" in name or name == "upgrade":
            continue
        variable = name.upper().replace("-", "_")
        environ[variable if variable in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{variable}"] = value
    if "transfer-encoding" in request.headers:
        environ["CONTENT_LENGTH"] = str(len(request.body))
    return environ


def may_stream(environ: Mapping[str, Any]) -> bool:
    """Tell whether this request may be answered in parts: HTTP/1.0 has no way to say that one is missing."""
    return bool(environ["REQUEST_METHOD"] != "HEAD" and environ["SERVER_PROTOCOL"] != "HTTP/1.0")
