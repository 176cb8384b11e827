"""Bytes to requests: the same requests however the bytes are cut, and a sentence for all that is none."""

import gc
import weakref

import pytest

from server.errors import PROBLEMS, ProblemError
from server.reader import BODY, HEAD, LONGEST_HEAD, MOST_HEADERS, NOTHING, Reader
from server.request import Request
from tests.server.hostile import REQUESTS

HOST = "Host: localhost\r\n"
MANY = "".join(f"A{n}: b\r\n" for n in range(MOST_HEADERS))
CHUNKS = f"POST / HTTP/1.1\r\n{HOST}Transfer-Encoding: chunked\r\n\r\n"


def reader() -> Reader:
    return Reader("127.0.0.9", ("127.0.0.1", 8000), 2**20)


def feed(*parts: bytes) -> tuple[list[Request], ProblemError | None]:
    """Feed *parts* to a new reader."""
    found, problem, it = [], None, reader()
    for part in parts:
        more, told = it.feed(part)
        assert problem is None or (more, told) == ([], None)
        found += more
        problem = problem or told
    return found, problem


def one(data: str) -> Request:
    (found,), problem = feed(data.encode("latin-1"))
    assert problem is None
    return found


def refused(data: str | bytes) -> ProblemError:
    found, problem = feed(data.encode("latin-1") if isinstance(data, str) else data)
    assert found == []
    assert problem is not None
    assert problem.name in PROBLEMS
    return problem


def told(found: list[Request], problem: ProblemError | None) -> tuple[object, ...]:
    fields = [(r.method, r.target, r.headers, r.body, r.keep_alive) for r in found]
    # what is a method that nobody knows, and what is none at all, cannot be seen from the first letters
    return fields, problem and problem.name.replace("method-not-allowed", "bad-request")


def test_a_request_has_its_parts() -> None:
    found = one(f"POST /a%20b?c=%20d#e HTTP/1.1\r\n{HOST}X-A: 1\r\nx-a: 2\r\nContent-Length: 3\r\n\r\nxyz")
    assert (found.method, found.path, found.query_string) == ("POST", "/a b", "c=%20d")
    assert found.headers == {"host": "localhost", "x-a": "1,2", "content-length": "3"}
    assert (found.body, found.peer, found.here) == (b"xyz", "127.0.0.9", ("127.0.0.1", 8000))
    assert found.keep_alive


def test_requests_come_one_after_another_and_after_the_last_nothing_is_read() -> None:
    get = f"GET /%d HTTP/1.1\r\n{HOST}%s\r\n"
    data = get % (1, "") + get % (2, "") + get % (3, "Connection: close\r\n") + get % (4, "")
    found, problem = feed(data.encode())
    assert [request.path for request in found] == ["/1", "/2", "/3"]
    assert [request.keep_alive for request in found] == [True, True, False]
    assert problem is None


def test_what_comes_before_a_fault_is_answered() -> None:
    found, problem = feed(f"GET / HTTP/1.1\r\n{HOST}\r\nnonsense\r\n\r\n".encode())
    assert [request.path for request in found] == ["/"]
    assert problem is not None
    assert problem.name == "bad-request"


@pytest.mark.parametrize("data", [row[1] for row in REQUESTS], ids=[row[0] for row in REQUESTS])
def test_it_is_all_one_how_the_bytes_are_cut(data: bytes) -> None:
    data = data[:300_000]
    whole = told(*feed(data))
    assert told(*feed(*(data[i : i + 7] for i in range(0, len(data), 7)))) == whole
    half = len(data) // 2
    assert told(*feed(data[:half], data[half:])) == whole


def test_letters_of_all_languages_may_stand_in_an_address() -> None:
    raw = f"GET /search?q=Đổi HTTP/1.1\r\n{HOST}\r\n".encode()
    encoded = f"GET /search?q=%C4%90%E1%BB%95i HTTP/1.1\r\n{HOST}\r\n".encode()
    assert told(*feed(raw)) == told(*feed(encoded)) == told(*feed(*(raw[i : i + 1] for i in range(len(raw)))))
    body = f"POST / HTTP/1.1\r\n{HOST}Content-Length: 2\r\n\r\nĐ".encode()
    assert feed(body[:-2], body[-2:])[0][0].body == feed(body)[0][0].body == "Đ".encode()


def test_the_address_may_be_whole() -> None:
    found = one(f"GET http://tacit.example:81/a?b HTTP/1.1\r\n{HOST}\r\n")
    assert (found.path, found.query_string, found.headers["host"]) == ("/a", "b", "tacit.example:81")
    assert one(f"GET http://tacit.example HTTP/1.1\r\n{HOST}\r\n").path == "/"
    assert one(f"OPTIONS * HTTP/1.1\r\n{HOST}\r\n").path == "/"


def test_the_stage_tells_what_is_waited_for() -> None:
    it = reader()
    for data, stage, leave in [
        (b"\r\n", NOTHING, False),
        (b"POST / HTTP/1.1\r\nHost: x\r\n", HEAD, False),
        (b"Expect: 100-Continue\r\nContent-Length: 2\r\n\r\n", BODY, True),
        (b"a", BODY, False),
        (b"b", NOTHING, False),
    ]:
        it.feed(data)
        assert (it.stage, it.waits_for_leave) == (stage, leave), data


@pytest.mark.parametrize(
    ("data", "name", "what"),
    [
        ("GET / HTTP/1.1\r\n\r\n", "bad-request", "wants a Host header"),
        (f"GET / HTTP/1.1\r\n{HOST}{HOST}\r\n", "bad-request", "two Host headers"),
        ("GET /\r\n\r\n", "bad-request", "HTTP/1.1"),
        ("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "bad-request", "HTTP/1.1"),
        (f"GET / HTTP/1.1\r\n{HOST}X : y\r\n\r\n", "bad-request", "header"),
        (f"GET / HTTP/1.1\r\n{HOST}X: y\r\n z\r\n\r\n", "bad-request", "header"),
        (f"GET / HTTP/1.1\n{HOST}\n", "bad-request", "CRLF"),
        (f"GET / HTTP/1.1\r\n{HOST}X: a\0b\r\n\r\n", "bad-request", "header"),
        (f"CONNECT a:80 HTTP/1.1\r\n{HOST}\r\n", "bad-request", "begin with /"),
        ("\x16\x03\x01\x02\x00\x01", "bad-request", "without TLS"),
        (f"BREW / HTTP/1.1\r\n{HOST}\r\n", "method-not-allowed", "GET"),
        (f"POST / HTTP/1.1\r\n{HOST}Content-Length: 1048577\r\n\r\n", "too-large", "1,048,576 bytes"),
        (
            f"POST / HTTP/1.1\r\n{HOST}Transfer-Encoding: gzip, chunked\r\nContent-Length: 5\r\n\r\n",
            "bad-request",
            "Transfer-Encoding",
        ),
        (
            f"POST / HTTP/1.1\r\n{HOST}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
            "bad-request",
            "that is read here is chunked",
        ),
        (
            f"POST / HTTP/1.1\r\n{HOST}Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\n",
            "unsupported-media-type",
            "without Content-Encoding",
        ),
        (f"GET * HTTP/1.1\r\n{HOST}\r\n", "bad-request", "begin with /"),
        (f"GET / HTTP/1.1\r\n{HOST}{'X' * 9000}: a\r\n\r\n", "headers-too-large", "8,192 bytes"),
        (
            f"GET / HTTP/1.1\r\n{HOST}{MANY}\r\n",
            "headers-too-large",
            "100",
        ),
    ],
)
def test_what_is_no_request_is_told_in_a_sentence(data: str, name: str, what: str) -> None:
    problem = refused(data)
    assert problem.name == name
    assert what in problem.detail
    assert problem.detail.endswith(".")


@pytest.mark.parametrize(
    ("begin", "part", "name", "stage"),
    [
        ("GET /", "a" * 1000, "address-too-long", HEAD),
        (f"GET / HTTP/1.1\r\n{HOST}X: ", "a" * 1000, "headers-too-large", HEAD),
        (
            f"POST / HTTP/1.1\r\n{HOST}Transfer-Encoding: chunked\r\n\r\n",
            "1\r\na\r\n" * 200,
            "too-large",
            BODY,
        ),
        (CHUNKS + "1;", "a" * 1000, "too-large", BODY),
        (
            f"POST / HTTP/1.1\r\n{HOST}Transfer-Encoding: chunked\r\n\r\n0\r\nX: ",
            "a" * 1000,
            "too-large",
            BODY,
        ),
    ],
    ids=["an address", "a header", "chunks of one byte", "what follows the size of a chunk", "a trailer"],
)
def test_what_has_no_end_is_ended(begin: str, part: str, name: str, stage: int) -> None:
    it = reader()
    assert it.feed(begin.encode()) == ([], None)
    assert it.stage == stage
    for sent in range(0, 2 * 2**20 + 3 * LONGEST_HEAD, len(part)):
        found, problem = it.feed(part.encode())
        assert found == []
        if problem:
            assert problem.name == name
            assert sent >= LONGEST_HEAD // 4
            return
    raise AssertionError


@pytest.mark.parametrize("length", [9, 2**30], ids=["what is broken off", "what is refused"])
def test_nothing_is_kept_of_what_was_given_out_nor_of(length: int) -> None:
    it = reader()
    it.feed(f"POST / HTTP/1.1\r\n{HOST}Content-Length: 2\r\n\r\nab".encode())
    assert (it._found, bytes(it._body)) == ([], b"")
    it.feed(f"POST / HTTP/1.1\r\n{HOST}Content-Length: {length}\r\n\r\nab".encode())
    it.close()
    assert it.feed(b"cdefghi") == ([], None)
    gone = weakref.ref(it)
    gc.disable()  # which would come too late
    try:
        del it
        assert gone() is None
    finally:
        gc.enable()
