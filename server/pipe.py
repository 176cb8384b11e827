"""An answer on its way from the thread that makes it to the one that sends it.

Its beginning is held back: what goes wrong until then is told as an error. What goes wrong later breaks the
connection off, which HTTP/1.1 lets every client see.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from queue import SimpleQueue
from threading import Event
from typing import TYPE_CHECKING, Final

from tacit.engine import Answer, TooLargeError

if TYPE_CHECKING:
    from typing_extensions import Buffer

#: Bytes that are held back, and that are sent at once after that.
HELD: Final = 2**20
_BLOCK: Final = 64 * 1024


@dataclass(frozen=True)
class Begun:
    """An answer (see `tacit.engine.Answer`) of which only the beginning is there; *parts* waits for more."""

    kind: str
    format: str
    parts: Iterator[bytes]


class Pipe:
    """A file of at most *most* bytes that one thread writes, and another reads.

    It takes as much as is written, however slowly it is read: a slow client keeps no engine busy.
    """

    def __init__(self, most: int) -> None:
        self._most, self._size = most, 0
        self._block = bytearray()
        self._parts: SimpleQueue[bytes | BaseException] = SimpleQueue()
        self._decided = Event()
        self._found: Answer | Begun | BaseException
        self._closed = False

    # The thread that writes

    def begin(self, kind: str, format_: str) -> None:
        """Say of which kind and format the answer is that will be written."""
        self._begun = Begun(kind, format_, self)

    def write(self, part: "Buffer") -> int:
        """Take a part. Raises TooLargeError, and BrokenPipeError when nobody reads any more."""
        if self._closed:
            raise BrokenPipeError
        data = memoryview(part)
        self._size += data.nbytes
        if self._size > self._most:
            raise TooLargeError
        self._block += data
        if len(self._block) > (_BLOCK if self._decided.is_set() else HELD):
            self._parts.put(bytes(self._block))
            self._block.clear()
            self._decide(self._begun)
        return data.nbytes

    def flush(self) -> None:
        """Do nothing: a file has this, and the engine calls it."""

    def end(self, answer: Answer) -> None:
        """End with *answer*, the body of which is what was written, if anything was."""
        self._decide(replace(answer, body=bytes(self._block)) if self._size else answer)
        if self._block:
            self._parts.put(bytes(self._block))
        self._parts.put(b"")

    def fail(self, error: BaseException) -> None:
        """End because of *error*."""
        self._decide(error)
        self._parts.put(error)

    def _decide(self, found: Answer | Begun | BaseException) -> None:
        if not self._decided.is_set():
            self._found = found
            self._decided.set()

    # The thread that reads

    def answer(self) -> Answer | Begun:
        """Wait until the answer is whole, or longer than what is held back. Raises what `fail` was told."""
        self._decided.wait()
        if isinstance(self._found, BaseException):
            raise self._found
        return self._found

    def __iter__(self) -> Iterator[bytes]:
        """Return the parts that are left."""
        return self

    def __next__(self) -> bytes:
        """Wait for the next part. Raises what `fail` was told."""
        part = self._parts.get()
        if isinstance(part, BaseException):
            raise part
        if not part:
            raise StopIteration
        return part

    def close(self) -> None:
        """Read no more."""
        self._closed = True
