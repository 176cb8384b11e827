"""A line per stage: with running seconds on a terminal, plain and once it is over elsewhere."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Final, TextIO

_TICK: Final = 0.1  # seconds


class Progress:
    """Tells on *stream* which stage runs, and how long each took."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time the stage *name*, from entering to leaving."""
        begin, over = time.monotonic(), Event()
        ticker = Thread(target=self._tick, args=(name, begin, over), daemon=True)
        if self.stream.isatty():
            ticker.start()
        outcome = "failed"
        try:
            yield
            outcome = ""
        finally:
            over.set()
            if ticker.ident:
                ticker.join()
            self._line(name, begin, outcome, "\n")

    def _tick(self, name: str, begin: float, over: Event) -> None:
        while not over.wait(_TICK):
            self._line(name, begin, "…", "\r")

    def _line(self, name: str, begin: float, note: str, end: str) -> None:
        line = f"{name:<8}{time.monotonic() - begin:6.1f} s {note}".rstrip()
        self.stream.write(f"{line:<24}{end}" if self.stream.isatty() else f"{line}{end}")
        self.stream.flush()
