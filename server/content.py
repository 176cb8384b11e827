"""What a remote engine sends, as a file, and how one knows that it is all."""

import http.client
from email.message import Message
from io import RawIOBase
from typing import Final

from server.limits import LimitError, remaining
from tacit.engine import TooLargeError

_MB: Final = 2**20
_BEGINNING: Final = 64 * 1024


class Content(RawIOBase):
    """The body of a response, as a file; it ends in an error unless it is whole and in time."""

    def __init__(
        self,
        connection: http.client.HTTPConnection,
        response: http.client.HTTPResponse,
        end: float,
        most: int,
    ) -> None:
        super().__init__()
        self._sock, self._response, self._end, self._left = connection.sock, response, end, most
        self.ended = False

    def readable(self) -> bool:
        """Say that this can be read."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Return at most *size* bytes, none at the end."""
        if self.ended:
            return b""
        if self._sock is not None:
            self._sock.settimeout(max(0.001, remaining(self._end)))
        part = self._response.read1(size if size > 0 else _MB)
        if remaining(self._end) == 0:  # however slowly it drips
            raise TimeoutError
        self._left -= len(part)
        if self._left < 0:
            raise TooLargeError
        if not part:
            if self._response.length:
                raise http.client.IncompleteRead(b"", self._response.length)
            self.ended = True
        return part

    def beginning(self) -> bytes:
        """Return as much as an error message needs."""
        data = b""
        while len(data) < _BEGINNING and (part := self.read(_BEGINNING)):
            data += part
        return data

    def rest(self) -> None:
        """Read on to the end, which proves that the answer is whole."""
        while self.read(_MB):
            pass


def check_whole(headers: Message) -> None:
    """Raise LimitError if the engine says that it has left something out (Virtuoso does, in headers only)."""
    if headers.get("X-SQL-State"):
        raise LimitError(
            "timeout",
            "The engine behind this endpoint ran out of time in the middle of the answer; ask for less.",
        )
    if headers.get("X-SPARQL-MaxRows"):
        rows = headers["X-SPARQL-MaxRows"]
        raise LimitError(
            "answer-too-large",
            f"The engine behind this endpoint cuts answers after {rows} rows; "
            "ask for less, or fetch it in parts with ORDER BY, LIMIT and OFFSET.",
        )
