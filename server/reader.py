"""Bytes to requests (HTTP/1.1, RFC 9112): llhttp, by way of httptools, reads the syntax.

How much a stranger may send is decided here; how slowly, and how many at once, in `server.connection` and
`server.listener`.
"""

import re
from typing import Final

import httptools

from server.errors import ProblemError
from server.request import Request

#: Bytes of an address, of one header, and of the whole head; and how many headers there may be.
LONGEST_TARGET: Final = 65_534
LONGEST_HEADER: Final = 8192
LONGEST_HEAD: Final = 128 * 1024
MOST_HEADERS: Final = 100

#: What is being read.
NOTHING, HEAD, BODY = range(3)

_LINE: Final = re.compile(rb"(?:\r\n)*[A-Z]+ [!-~]+ HTTP/1\.[01]\r\n")
_TLS: Final = b"\x16\x03"


class Reader:
    """What comes over one connection, from *peer* to *here*; bodies have at most *most_bytes*.

    Its methods that begin with ``on_`` are for httptools. *stage* is what is being read.
    """

    def __init__(self, peer: str, here: tuple[str, int], most_bytes: int) -> None:
        self._peer, self._here, self._most_bytes = peer, here, most_bytes
        self._parser = httptools.HttpRequestParser(self)
        self._found: list[Request] = []
        self._fault: ProblemError | None = None
        self._ended = False
        self._in_line = True  # the first line, which has the address
        self.stage = NOTHING
        self._begin()

    def _begin(self) -> None:
        self._target, self._body = bytearray(), bytearray()
        self._headers: dict[str, str] = {}
        self._count = self._size = 0

    @property
    def waits_for_leave(self) -> bool:
        """Whether the client wants to hear that it may send its body (RFC 9110, 10.1.1)."""
        asks = self._headers.get("expect", "").lower() == "100-continue"
        return asks and self.stage == BODY and not self._body

    def feed(self, data: bytes) -> tuple[list[Request], ProblemError | None]:
        """Return the requests that *data* completes, and what is wrong after them; then no more is read."""
        if self._ended:
            return [], None
        if self._in_line and not data.isascii():
            data = _encoded(data)
        problem = None
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:  # to what we do not speak: the request is answered as it is
            self._ended = True
        except httptools.HttpParserError as error:
            if not self._ended:  # else it is about what follows the last request
                problem = self._fault or _explained(error, b"" if self._found else data)
                problem.__traceback__ = None  # its frames hold this
        else:
            self._size += 0 if self._found else len(data)
            if self.stage == HEAD and self._size > LONGEST_HEAD:
                problem = _head_too_large()
            elif self.stage == BODY and self._size > 2 * self._most_bytes + LONGEST_HEAD:  # frames of chunks
                problem = self._too_large()
        self._in_line = self.stage == NOTHING or (self._in_line and b"\n" not in data)
        self._ended |= problem is not None
        found, self._found = self._found, []
        return found, problem

    def _fail(self, problem: ProblemError) -> None:
        self._fault = problem
        raise problem  # httptools ends the parsing, and makes an error of its own of it

    def on_message_begin(self) -> None:
        """Begin a request."""
        self._begin()
        self.stage = HEAD

    def on_url(self, part: bytes) -> None:
        """Take a part of the address."""
        self._target += part
        if len(self._target) > LONGEST_TARGET:
            detail = f"The address is longer than {LONGEST_TARGET:,} bytes; send a long query by POST."
            self._fail(ProblemError("address-too-long", detail))

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header."""
        if self.stage != HEAD:
            return  # after the chunks of a body: nobody reads it
        self._count += 1
        if len(name) + len(value) > LONGEST_HEADER or self._count > MOST_HEADERS:
            self._fail(_head_too_large())
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        if key in self._headers:
            if key == "host":
                self._fail(ProblemError("bad-request", "There are two Host headers; send one."))
            text = f"{self._headers[key]},{text}"
        self._headers[key] = text

    def on_headers_complete(self) -> None:
        """See whether a body may come."""
        version, headers = self._parser.get_http_version(), self._headers
        if version not in ("1.0", "1.1") or (version == "1.0" and "transfer-encoding" in headers):
            self._fail(
                ProblemError("bad-request", "This is not HTTP/1.1, which this server speaks; use that.")
            )
        if version == "1.1" and "host" not in headers:
            self._fail(ProblemError("bad-request", "HTTP/1.1 wants a Host header; send one."))
        if headers.get("transfer-encoding", "chunked").lower() != "chunked":
            detail = "The only Transfer-Encoding that is read here is chunked; send that, or Content-Length."
            self._fail(ProblemError("bad-request", detail))
        if headers.get("content-encoding", "identity").lower() != "identity":
            detail = "A body is not unpacked here; send it without Content-Encoding."
            self._fail(ProblemError("unsupported-media-type", detail))
        if int(headers.get("content-length") or 0) > self._most_bytes:
            self._fail(self._too_large())
        self.stage, self._size = BODY, 0

    def on_body(self, part: bytes) -> None:
        """Take a part of the body."""
        self._body += part
        if len(self._body) > self._most_bytes:
            self._fail(self._too_large())

    def on_message_complete(self) -> None:
        """Give the request out."""
        self.stage = NOTHING
        target, version = self._target.decode("latin-1"), self._parser.get_http_version()
        method = self._parser.get_method().decode("ascii")
        is_path = target[0] == "/" or target.lower().startswith(("http://", "https://"))
        if not (is_path or (target, method) == ("*", "OPTIONS")):
            self._fail(ProblemError("bad-request", "The address does not begin with /; let it do so."))
        request = Request(
            method,
            target,
            self._headers,
            bytes(self._body),
            self._peer,
            self._here,
            version,
            version == "1.1" and self._parser.should_keep_alive(),
        )
        self._ended = not request.keep_alive
        self._found.append(request)
        self._begin()  # what was read is the request's

    def close(self) -> None:
        """Read no more, and let go of the parser, which holds this.

        Python's collector would come for both some day: it counts objects, and not the megabytes they hold.
        """
        self._ended = True
        del self._parser

    def _too_large(self) -> ProblemError:
        detail = f"The body is larger than {self._most_bytes:,} bytes; send a shorter query."
        return ProblemError("too-large", detail)


def _head_too_large() -> ProblemError:
    return ProblemError(
        "headers-too-large",
        f"A header is longer than {LONGEST_HEADER:,} bytes, there are more than {MOST_HEADERS}, or all "
        f"together are longer than {LONGEST_HEAD:,}; send shorter ones, or fewer.",
    )


def _explained(error: Exception, data: bytes) -> ProblemError:
    """Return what to say of *data*, with which llhttp cannot begin a request, as far as one sees it."""
    if isinstance(error, httptools.HttpParserInvalidMethodError) and _LINE.match(data):
        return ProblemError("method-not-allowed", "This method is not known here; use GET, HEAD or POST.")
    if data.startswith(_TLS):
        return ProblemError(
            "bad-request", "This port speaks HTTP without TLS; begin the address with http://."
        )
    return ProblemError("bad-request", f"This is not HTTP/1.1 as RFC 9112 has it ({error}); send it anew.")


def _encoded(data: bytes) -> bytes:
    """Return *data* with an address as RFC 3986 wants it: people write it with letters of their language."""
    line, end, rest = data.partition(b"\n")
    return re.sub(rb"[\x80-\xff]", lambda found: b"%%%02X" % found[0][0], line) + end + rest
