"""SERVICE: which endpoints a query may name, and the relay through which alone they are asked.

Oxigraph would follow SERVICE itself, to any address, without limits. So the worker is told an address of this
relay instead, and the relay asks the endpoint: with a name and a contact, within limits, never a private
network, never where a redirect points.
"""

import http.client
import secrets
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from socket import create_connection, getaddrinfo
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

from server.limits import LimitError, remaining

_MB: Final = 2**20
#: SERVICE inside a join is asked once per solution; no endpoint wants that more often from one query.
MOST_CALLS: Final = 20
#: An endpoint that says Retry-After without a number is left alone for so long.
_PAUSE: Final = 60

#: IPv6 addresses that a translator turns into IPv4 addresses.
_NAT64: Final = IPv6Network("64:ff9b::/96")


class _FailedError(Exception):
    def __init__(self, message: str, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Session:
    """The calls of one query; *addresses* says what to ask in place of each endpoint of the list."""

    def __init__(self, endpoints: tuple[str, ...], port: int, seconds: float) -> None:
        self.token = secrets.token_urlsafe(24)
        self.end = time.monotonic() + seconds
        self.addresses = {
            iri: f"http://127.0.0.1:{port}/{self.token}/{number}" for number, iri in enumerate(endpoints)
        }
        self.calls: dict[tuple[str, bytes], tuple[str, bytes]] = {}
        self.count = 0
        self.failed: _FailedError | None = None

    def check(self) -> None:
        """Raise LimitError, if a call has failed: that is then why the query has."""
        if self.failed is not None:
            raise LimitError("service-failed", str(self.failed), self.failed.retry_after)


class Relay:
    """What workers ask in place of other endpoints. It listens on this machine only, from its first use."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self._endpoints: tuple[str, ...] = tuple(settings["service"])
        self._private = frozenset(host.lower() for host in settings["service_private"])
        self._seconds, self._most = settings["service_time"], settings["answer_limit"] * _MB
        self._agent = f"Tacit/0.1 (+{settings['contact']})"
        self._sessions: dict[str, Session] = {}
        self._resting: dict[str, float] = {}
        self._server: ThreadingHTTPServer | None = None
        self._lock = threading.Lock()

    @contextmanager
    def session(self, seconds: float) -> Iterator[Session]:
        """Take calls for one query, which has so many *seconds*."""
        session = Session(self._endpoints, self._listen(), seconds)
        self._sessions[session.token] = session
        try:
            yield session
        finally:
            del self._sessions[session.token]

    def close(self) -> None:
        """Stop listening."""
        with self._lock:
            if self._server is not None:
                self._server.shutdown()
                self._server.server_close()
                self._server = None

    def _listen(self) -> int:
        with self._lock:
            if self._server is None:
                relay = self

                class Handler(_Handler):
                    def answer(self, path: str, body: bytes, accept: str) -> tuple[str, bytes]:
                        return relay.call(path, body, accept)

                self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
                self._server.daemon_threads = True
                threading.Thread(target=self._server.serve_forever, name="relay", daemon=True).start()
            return int(self._server.server_address[1])

    def call(self, path: str, body: bytes, accept: str) -> tuple[str, bytes]:
        """Return type and body of the endpoint's answer. Raises LookupError for a *path* of no query."""
        _, token, number = path.split("/")
        session = self._sessions[token]
        endpoint = self._endpoints[int(number)]
        if known := session.calls.get((endpoint, body)):
            return known
        try:
            session.count += 1
            if session.count > MOST_CALLS:
                raise _FailedError(
                    f"SERVICE would call <{endpoint}> more than {MOST_CALLS} times for this query; "
                    "put what it needs into one clause."
                )
            answer = self._ask(endpoint, body, accept, min(session.end, time.monotonic() + self._seconds))
        except _FailedError as error:
            session.failed = error
            raise
        session.calls[endpoint, body] = answer
        return answer

    def _ask(self, endpoint: str, body: bytes, accept: str, end: float) -> tuple[str, bytes]:
        if wait := round(remaining(self._resting.get(endpoint, 0.0))):
            raise _FailedError(f"<{endpoint}> asked to be left alone for {wait} more seconds.", wait)
        url = urlsplit(endpoint)
        connection = self._connect(endpoint, url, end)
        headers = {
            "User-Agent": self._agent,
            "Accept": accept,
            "Content-Type": "application/sparql-query",
            "Host": url.netloc.rpartition("@")[2],
        }
        path = url.path + (f"?{url.query}" if url.query else "")
        try:
            connection.request("POST", path or "/", body, headers)
            with connection.getresponse() as response:
                if response.status != http.client.OK:
                    raise self._refused(endpoint, response)
                return response.headers.get("Content-Type", ""), self._read(endpoint, response, end)
        except TimeoutError as error:
            raise _FailedError(
                f"<{endpoint}> did not answer within its {self._seconds:g} seconds."
            ) from error
        except (OSError, http.client.HTTPException) as error:
            raise _FailedError(f"<{endpoint}> cannot be reached: {error}.") from error
        finally:
            connection.close()

    def _read(self, endpoint: str, response: http.client.HTTPResponse, end: float) -> bytes:
        data = bytearray()
        while part := response.read1(65536):
            data += part
            if len(data) > self._most:
                raise _FailedError(f"The answer of <{endpoint}> is larger than {self._most // _MB} MB.")
            if not remaining(end):
                raise TimeoutError
        return bytes(data)

    def _refused(self, endpoint: str, response: http.client.HTTPResponse) -> _FailedError:
        wait = None
        if given := response.headers.get("Retry-After"):
            wait = min(int(given), 3600) if given.isdecimal() else _PAUSE
            self._resting[endpoint] = time.monotonic() + wait
        return _FailedError(f"<{endpoint}> answered with status {response.status}.", wait)

    def _connect(self, endpoint: str, url: SplitResult, end: float) -> http.client.HTTPConnection:
        """Return a connection to an address that the name has now and that may be called."""
        host = url.hostname or ""
        port = url.port or (443 if url.scheme == "https" else 80)
        try:
            found = getaddrinfo(host, port, type=1)
        except OSError as error:
            raise _FailedError(
                f"<{endpoint}> cannot be reached, as {host} is not found: {error.strerror or error}."
            ) from error
        addresses = [str(entry[4][0]) for entry in found]
        if host.lower() not in self._private and not all(map(is_public, addresses)):
            raise _FailedError(f"<{endpoint}> is in a private network, which this server does not call.")
        connection = http.client.HTTPConnection(host, port, timeout=max(0.001, remaining(end)))
        try:
            sock = create_connection((addresses[0], port), max(0.001, remaining(end)))
            if url.scheme == "https":
                sock = ssl.create_default_context().wrap_socket(sock, server_hostname=host)
        except OSError as error:
            raise _FailedError(f"<{endpoint}> cannot be reached: {error.strerror or error}.") from error
        connection.sock = sock  # connected already, so the name is not looked up again
        return connection


class _Handler(BaseHTTPRequestHandler):
    timeout = 60

    def answer(self, path: str, body: bytes, accept: str) -> tuple[str, bytes]:
        """Return media type and body; the relay says how."""
        raise NotImplementedError

    def do_POST(self) -> None:
        """Pass a query on."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        try:
            media, data = self.answer(self.path, body, self.headers.get("Accept", "*/*"))
        except _FailedError as error:
            self.send_error(502, str(error).partition("\n")[0].encode("ascii", "replace").decode())
            return
        except (LookupError, ValueError):
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Type", media)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Say nothing: the log has a line for the query."""


def is_public(address: str) -> bool:
    """Tell whether *address* belongs to the open internet."""
    ip: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is not None:
            return is_public(str(inner))
        if ip in _NAT64:
            return is_public(str(IPv4Address(int(ip) & 0xFFFFFFFF)))
        if ip.is_site_local:
            return False
    return ip.is_global and not ip.is_multicast
