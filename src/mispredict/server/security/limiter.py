"""How often somebody may be wrong about the token."""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable

MOST = 10  # wrong tokens of one address …
MOST_OF_ALL = 200  # … and of all together …
WINDOW_S = 60.0  # … in this time
_MOST_ADDRESSES = 10_000
_ALL = ""


class Limiter:
    """Counts failures by address in a sliding window."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self._failures: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def wait_s(self, address: str) -> int:
        """Seconds until the address may try again; 0 for now."""
        with self._lock:
            return max(self._wait(address, MOST), self._wait(_ALL, MOST_OF_ALL))

    def fail(self, address: str) -> None:
        """Note a failure."""
        with self._lock:
            for key in (address, _ALL):
                self._failures.setdefault(key, deque(maxlen=MOST_OF_ALL)).append(self.clock())
            self._failures.move_to_end(_ALL)
            while len(self._failures) > _MOST_ADDRESSES:
                self._failures.popitem(last=False)

    def _wait(self, key: str, most: int) -> int:
        times = self._failures.get(key)
        if not times:
            return 0
        now = self.clock()
        while times and times[0] <= now - WINDOW_S:
            times.popleft()
        if len(times) < most:
            return 0
        return max(1, math.ceil(times[-most] + WINDOW_S - now))
