"""Compiled loops where numba is installed.

Kernels come in pairs: a loop for numba and a NumPy version with the same result, for machines
without numba and for tests (`MISPREDICT_NUMBA=0`). Compiled code is cached on disk.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib.util import find_spec
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

        compiled: Any = numba.njit(cache=True, nogil=True, parallel=parallel)(function)
        result: F = compiled
        return result

    return compile_lazily
