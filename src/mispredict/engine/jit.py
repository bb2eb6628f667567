"""Compiled loops where numba is installed.

Kernels come in pairs: a loop for numba and a NumPy version with the same result, for machines
without numba and for tests (`MISPREDICT_NUMBA=0`). Compiled code is kept on disk, in a folder
of its own for each version of numba: environments that share an installation would otherwise
overwrite each other's files.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])


def has_numba() -> bool:
    """Whether compiled kernels are used."""
    return os.environ.get("MISPREDICT_NUMBA", "1") != "0" and find_spec("numba") is not None


def kernel(*, parallel: bool = False) -> Callable[[F], F]:
    """Decorator that compiles a loop at its first call; the plain function without numba."""

    def compile_lazily(function: F) -> F:
        if not has_numba():
            return function
        import numba

        compiled: Any
        try:
            with _cached_by_version(numba.config):
                compiled = numba.njit(cache=True, nogil=True, parallel=parallel)(function)
        except RuntimeError:  # no folder can be written: compiled anew in each process
            compiled = numba.njit(nogil=True, parallel=parallel)(function)
        result: F = compiled
        return result

    return compile_lazily


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
