"""What goes from one process to another arrives as it was."""

import socket

import pytest

from tacit.engine import Answer, FormatError, RefusedError, TooLargeError
from tacit.errors import QuerySyntaxError, TacitError
from tacit.wire import answer_of, error_of, receive, send, tell


@pytest.mark.parametrize("body", [b"", b"x", bytes(range(256)) * 10_000])
def test_a_frame_arrives_whole(body: bytes) -> None:
    here, there = socket.socketpair()
    with here, there:
        here.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4_000_000)
        send(here, {"query": "é\ud800", "graph": None}, body)
        assert receive(there) == ({"query": "é\ud800", "graph": None}, body)
        here.close()
        with pytest.raises(EOFError):
            receive(there)


@pytest.mark.parametrize(
    "error",
    [
        QuerySyntaxError("wrong", 2, 3, "the line"),
        RefusedError("read-only", "no"),
        FormatError("graph", "no such"),
        TooLargeError(),
        TacitError("something"),
    ],
)
def test_an_error_arrives_as_what_it_was(error: TacitError) -> None:
    again = error_of(tell(error))
    assert type(again) is type(error)
    assert vars(again) == vars(error)
    assert str(again) == str(error)
    with pytest.raises(type(error)):
        answer_of({"error": tell(error)}, b"")


def test_an_answer_arrives_as_it_was() -> None:
    assert answer_of({"kind": "results", "format": "csv"}, b"x") == Answer("results", "csv", b"x")
