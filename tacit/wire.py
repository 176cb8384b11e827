"""Queries, answers and errors between processes: frames of JSON and bytes, which cannot do anything.

Not pickles: whoever reads those does whatever their writer wants.
"""

import json
import socket
import struct
import sys
from fcntl import ioctl
from termios import FIONREAD
from typing import Any, Final

from tacit.engine import Answer, FormatError, RefusedError, TooLargeError
from tacit.errors import QuerySyntaxError, TacitError

#: A frame is the length of its JSON, the length of its bytes, and the two.
_HEAD: Final = struct.Struct("!II")
#: How the JSON of an error begins.
_ERROR: Final = b'{"error"'
#: Bodies up to this length are sent together with what is before them.
_COPIED: Final = 128 * 1024


def send(sock: socket.socket, message: dict[str, Any], body: bytes = b"") -> None:
    """Send a frame."""
    text = json.dumps(message).encode()
    frame = _HEAD.pack(len(text), len(body)) + text
    if len(body) <= _COPIED:
        sock.sendall(frame + body)
    else:
        sock.sendall(frame)
        sock.sendall(body)


def receive(sock: socket.socket) -> tuple[dict[str, Any], bytes]:
    """Return the next frame, which is the only one on its way. Raises EOFError if the other end is gone."""
    begin = _exactly(sock, _HEAD.size, sock.recv(_COPIED))
    text, body = _HEAD.unpack_from(begin)
    end = _HEAD.size + text
    frame = _exactly(sock, end + body, begin)
    return json.loads(frame[_HEAD.size : end]), bytes(memoryview(frame)[end:])


def has_answer(sock: socket.socket) -> bool:
    """Tell whether a frame that tells no error has arrived as a whole, so that `receive` need not wait."""
    begin = sock.recv(_HEAD.size + len(_ERROR), socket.MSG_PEEK)
    if len(begin) < _HEAD.size or begin.endswith(_ERROR):
        return False
    there = int.from_bytes(ioctl(sock, FIONREAD, bytes(4)), sys.byteorder)
    text, body = _HEAD.unpack_from(begin)
    return there >= _HEAD.size + int(text) + int(body)


def _exactly(sock: socket.socket, size: int, begin: bytes | bytearray) -> bytes | bytearray:
    """Return at least *size* bytes: *begin*, and what it lacks of them from *sock*."""
    if len(begin) >= size:
        return begin
    data = bytearray(size)
    data[: len(begin)] = begin
    view = memoryview(data)[len(begin) :]
    while view:
        count = sock.recv_into(view)
        if not count:
            raise EOFError
        view = view[count:]
    return data


def tell(error: TacitError) -> list[Any]:
    """Return *error* as JSON can say it; `error_of` undoes it."""
    match error:
        case QuerySyntaxError():
            return ["syntax", error.message, error.line, error.column, error.text]
        case RefusedError():
            return ["refused", error.name, str(error)]
        case FormatError():
            return ["format", error.kind, str(error)]
        case TooLargeError():
            return ["too-large"]
    return ["tacit", str(error)]


def error_of(told: list[Any]) -> TacitError:
    """Return the error that `tell` told."""
    name, *arguments = told
    makers: dict[str, Any] = {
        "syntax": QuerySyntaxError,
        "refused": RefusedError,
        "format": FormatError,
        "too-large": TooLargeError,
    }
    return makers.get(name, TacitError)(*arguments)  # type: ignore[no-any-return]


def answer_of(message: dict[str, Any], body: bytes) -> Answer:
    """Return the answer of a worker. Raises the error, if it tells one."""
    if "error" in message:
        raise error_of(message["error"])
    return Answer(str(message["kind"]), str(message["format"]), body)
