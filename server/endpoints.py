"""Other endpoints, and how they are asked: with a name and a contact, within limits.

Never is one asked in a private network that the operator has not named, and never where a redirect points.
"""

import http.client
import ssl
import time
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from socket import create_connection, getaddrinfo
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

from server.limits import remaining
from tacit.errors import TacitError

_MB: Final = 2**20
#: An endpoint that says Retry-After without a number is left alone for so long.
_PAUSE: Final = 60
#: IPv6 addresses that a translator turns into IPv4 addresses.
_NAT64: Final = IPv6Network("64:ff9b::/96")


class FailedError(Exception):
    """An endpoint gave no answer; the text says why, *retry_after* in how many seconds it may."""

    def __init__(self, message: str, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Endpoints:
    """The endpoints of the *settings*: `names` are their IRIs, as queries write them.

    Raises TacitError for an alias of something else.
    """

    def __init__(self, settings: dict[str, Any]) -> None:
        self.names: tuple[str, ...] = tuple(settings["service"])
        self._addresses = dict(_alias(entry, self.names) for entry in settings["service_alias"])
        self._private = frozenset(host.lower() for host in settings["service_private"])
        self._seconds, self._most = settings["service_time"], settings["answer_limit"] * _MB
        self._agent = f"Tacit/0.1 (+{settings['contact']})"
        self._resting: dict[str, float] = {}

    def ask(self, endpoint: str, body: bytes, accept: str, end: float) -> tuple[str, bytes]:
        """Return type and body of the answer to the query *body*; *end* is when the whole query has to end.

        Raises FailedError.
        """
        if wait := round(remaining(self._resting.get(endpoint, 0.0))):
            raise FailedError(f"<{endpoint}> asked to be left alone for {wait} more seconds.", wait)
        url = urlsplit(self._addresses.get(endpoint, endpoint))
        seconds = min(self._seconds, remaining(end))
        end = time.monotonic() + seconds
        headers = {
            "User-Agent": self._agent,
            "Accept": accept,
            "Content-Type": "application/sparql-query",
            "Host": url.netloc.rpartition("@")[2],
        }
        path = url.path + (f"?{url.query}" if url.query else "")
        connection = None
        try:
            connection = self._connect(endpoint, url, end)
            connection.request("POST", path or "/", body, headers)
            with connection.getresponse() as response:
                if response.status != http.client.OK:
                    raise self._refused(endpoint, response)
                return response.headers.get("Content-Type", ""), self._read(endpoint, response, end)
        except TimeoutError as error:
            had = "its" if seconds == self._seconds else "the"
            left = "" if seconds == self._seconds else " that were left to the query"
            raise FailedError(
                f"<{endpoint}> did not answer within {had} {seconds:.3g} seconds{left}."
            ) from error
        except (OSError, http.client.HTTPException) as error:
            why = getattr(error, "strerror", None) or error
            raise FailedError(f"<{endpoint}> cannot be reached: {why}.") from error
        finally:
            if connection is not None:
                connection.close()

    def _read(self, endpoint: str, response: http.client.HTTPResponse, end: float) -> bytes:
        data = bytearray()
        while part := response.read1(65536):
            data += part
            if len(data) > self._most:
                raise FailedError(f"The answer of <{endpoint}> is larger than {self._most // _MB} MB.")
            if not remaining(end):
                raise TimeoutError
        return bytes(data)

    def _refused(self, endpoint: str, response: http.client.HTTPResponse) -> FailedError:
        wait = None
        if given := response.headers.get("Retry-After"):
            wait = min(int(given), 3600) if given.isdecimal() else _PAUSE
            self._resting[endpoint] = time.monotonic() + wait
        return FailedError(f"<{endpoint}> answered with status {response.status}.", wait)

    def _connect(self, endpoint: str, url: SplitResult, end: float) -> http.client.HTTPConnection:
        """Return a connection to an address that the name has now and that may be called."""
        host = url.hostname or ""
        port = url.port or (443 if url.scheme == "https" else 80)
        addresses = [str(entry[4][0]) for entry in getaddrinfo(host, port, type=1)]
        if host.lower() not in self._private and not all(map(is_public, addresses)):
            raise FailedError(f"<{endpoint}> is in a private network, which this server does not call.")
        connection = http.client.HTTPConnection(host, port, timeout=max(0.001, remaining(end)))
        sock = create_connection((addresses[0], port), max(0.001, remaining(end)))
        if url.scheme == "https":
            sock = ssl.create_default_context().wrap_socket(sock, server_hostname=host)
        connection.sock = sock  # connected already, so the name is not looked up again
        return connection


def _alias(entry: str, endpoints: tuple[str, ...]) -> tuple[str, str]:
    """Return the endpoint and the address that *entry* (``IRI=ADDRESS``) names."""
    # either may have an = within
    for endpoint in endpoints:
        address = entry.removeprefix(f"{endpoint}=")
        if address != entry and urlsplit(address).scheme in ("http", "https") and urlsplit(address).hostname:
            return endpoint, address
    known = ", ".join(endpoints) or "none"
    raise TacitError(f"service_alias is IRI=ADDRESS with an endpoint of service ({known}); {entry} is not.")


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
