"""A bounded memory of things that are costly to load again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Cache(Generic[T]):
    """Things by key, the least recently used forgotten when their bytes exceed `limit`.

    May be used by several threads; two that want the same new thing may both make it, and
    then both get the first one.
    """

    def __init__(self, limit: int, size: Callable[[T], int]) -> None:
        self.limit = limit
        self.used = 0
        self._size = size
        self._items: OrderedDict[Hashable, T] = OrderedDict()
        self._lock = threading.Lock()

    def __contains__(self, key: Hashable) -> bool:
        with self._lock:
            return key in self._items

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The thing under `key`, made now if it is not known."""
        with self._lock:
            if key in self._items:
                self._items.move_to_end(key)
                return self._items[key]
        item = make()
        with self._lock:
            return self._add(key, item)

    def _add(self, key: Hashable, item: T) -> T:
        if key in self._items:
            return self._items[key]
        self._items[key] = item
        self.used += self._size(item)
        while self.used > self.limit and len(self._items) > 1:
            _, oldest = self._items.popitem(last=False)
            self.used -= self._size(oldest)
        return item
