"""Who may run now, and who waits: a number of slots, shared among addresses.

An address has at most *share* slots and half the queue. A slot that is free goes to the address with the
fewest, and among the waiting queries of one address to the oldest: whoever floods the server waits for
himself.
"""

import threading
import time
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from server.limits import Caller, LeftError, busy, remaining

#: What Retry-After says.
RETRY_AFTER: Final = 5


class _Waiter:
    def __init__(self) -> None:
        self.woken = threading.Event()
        self.admitted = False


class Slots:
    """*slots* queries run at once, *share* of one address; *queue* more wait."""

    def __init__(self, slots: int, share: int, queue: int) -> None:
        self.slots, self.share, self.queue = slots, min(share, slots), queue
        self._lock = threading.Lock()
        self._running: Counter[str] = Counter()
        self._waiting: dict[str, deque[_Waiter]] = {}

    @property
    def running(self) -> int:
        """The number of queries that run."""
        return self._running.total()

    @property
    def waiting(self) -> int:
        """The number of queries that wait."""
        return sum(map(len, list(self._waiting.values())))

    def take(self, key: str) -> bool:
        """Take a slot for *key* if one is free, and say so; whoever has taken one gives it back."""
        with self._lock:
            return self._take(key)

    def give_back(self, key: str) -> None:
        """Give back a slot, to whoever waits for one."""
        with self._lock:
            self._release(key)

    @contextmanager
    def slot(self, caller: Caller, seconds: float) -> Iterator[None]:
        """Hold a slot for *caller*; wait for it at most *seconds*.

        Raises LimitError (busy) at once if the queue is full, later if no slot became free in time; and
        LeftError if the caller leaves while waiting.
        """
        self._enter(caller, seconds)
        try:
            yield
        finally:
            self.give_back(caller.key)

    def _enter(self, caller: Caller, seconds: float) -> None:
        key = caller.key
        with self._lock:
            if self._take(key):
                return
            if self.waiting >= self.queue:
                raise busy("All places are taken, and so is the queue", RETRY_AFTER)
            mine = self._waiting.setdefault(key, deque())
            if len(mine) >= max(1, self.queue // 2):
                raise busy("Too many queries of your address wait already", RETRY_AFTER)
            waiter = _Waiter()
            mine.append(waiter)
        try:
            caller.stopped_by(waiter.woken.set)
            end = time.monotonic() + seconds
            while not waiter.woken.wait(remaining(end)) and remaining(end):
                pass
        finally:
            caller.stopped_by(None)
            with self._lock:
                admitted, left = waiter.admitted, caller.left
                if not admitted:
                    self._forget(key, waiter)
                elif left:
                    self._release(key)
        if left:
            raise LeftError
        if not admitted:
            raise busy("No place became free in time", RETRY_AFTER)

    def _take(self, key: str) -> bool:
        free = self._fits(key) and not self._waiting.get(key)
        if free:
            self._running[key] += 1
        return free

    def _fits(self, key: str) -> bool:
        return self._running.total() < self.slots and self._running[key] < self.share

    def _release(self, key: str) -> None:
        self._running[key] -= 1
        if not self._running[key]:
            del self._running[key]
        while self._running.total() < self.slots:
            able = [key for key in self._waiting if self._running[key] < self.share]
            if not able:
                return
            key = min(able, key=self._running.__getitem__)  # the longest in the queue among equals
            waiter = self._waiting[key][0]
            self._forget(key, waiter)
            if key in self._waiting:  # the others of this address wait behind all other addresses
                self._waiting[key] = self._waiting.pop(key)
            self._running[key] += 1
            waiter.admitted = True
            waiter.woken.set()

    def _forget(self, key: str, waiter: _Waiter) -> None:
        mine = self._waiting.get(key)
        if mine is not None and waiter in mine:
            mine.remove(waiter)
            if not mine:
                del self._waiting[key]
