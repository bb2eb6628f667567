"""Answers that were given, to give them again: the least recently used are forgotten."""

from __future__ import annotations

import threading
from collections import OrderedDict

from mispredict.server.wire import Encoded


class Answers:
    """Encoded answers by their ETag, at most `limit` bytes of them."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.used = 0
        self._items: OrderedDict[str, Encoded] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, tag: str) -> Encoded | None:
        """The answer, if it is still known."""
        with self._lock:
            if tag in self._items:
                self._items.move_to_end(tag)
            return self._items.get(tag)

    def keep(self, tag: str, answer: Encoded) -> Encoded:
        """The answer itself, remembered if it is not too big."""
        with self._lock:
            if tag not in self._items and answer.nbytes <= self.limit // 4:
                self._items[tag] = answer
                self.used += answer.nbytes
                while self.used > self.limit:
                    self.used -= self._items.popitem(last=False)[1].nbytes
        return answer
