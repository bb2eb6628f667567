"""Compiled loops where numba is installed.

Kernels come in pairs: a loop for numba and a NumPy version with the same result, for machines
without numba and for tests (`MISPREDICT_NUMBA=0`). Compiled code is kept on disk, in a folder
of its own for each version of numba: environments that share an installation would otherwise
overwrite each other's files.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property, update_wrapper
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])
_LOCK = threading.RLock()  # what two threads call first is made once


def has_numba() -> bool:
    """Whether compiled kernels are used."""
    return os.environ.get("MISPREDICT_NUMBA", "1") != "0" and find_spec("numba") is not None


def kernel(*, parallel: bool = False) -> Callable[[F], F]:
    """Decorator that compiles a loop at its first call; the plain function without numba."""

    def compile_lazily(function: F) -> F:
        if not has_numba():
            return function
        loop: Any = Kernel(function, parallel)
        result: F = loop
        return result

    return compile_lazily


class Kernel:
    """A loop that is compiled when it is first called, and numba imported no earlier.

    Importing numba is about a tenth of a server's start, and the first page needs no loop.
    """

    def __init__(self, function: Callable[..., Any], parallel: bool) -> None:
        update_wrapper(self, function)
        self._function = function
        self._parallel = parallel

    def __call__(self, *arguments: Any) -> Any:
        return self.compiled(*arguments)

    @property
    def signatures(self) -> list[Any]:
        """The types of arguments it was compiled for."""
        found: list[Any] = self.compiled.signatures
        return found

    @cached_property
    def compiled(self) -> Any:
        """What numba made of it; the loops that it calls are numba's from then on as well."""
        with _LOCK:
            names = self._function.__globals__
            for name, loop in list(names.items()):
                if isinstance(loop, Kernel):
                    names[name] = loop._made
            return self._made

    @cached_property
    def _made(self) -> Any:
        import numba

        options: dict[str, Any] = {"nogil": True, "parallel": self._parallel}
        try:
            with _cached_by_version(numba.config):
                return numba.njit(cache=True, **options)(self._function)
        except RuntimeError:  # no folder can be written: compiled anew in each process
            return numba.njit(**options)(self._function)


@contextmanager
def _cached_by_version(config: Any) -> Iterator[None]:
    """Functions decorated inside keep their code in a folder that names numba's version."""
    if os.environ.get("NUMBA_CACHE_DIR"):
        yield
        return
    root = os.environ.get("MISPREDICT_CACHE") or Path.home() / ".cache" / "mispredict"
    before = config.CACHE_DIR
    config.CACHE_DIR = str(Path(root) / f"numba-{version('numba')}")
    try:
        yield
    finally:
        config.CACHE_DIR = before
