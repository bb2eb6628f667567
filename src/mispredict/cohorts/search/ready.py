"""The loops of a search made ready, so that compiling them takes nothing from its budget."""

from __future__ import annotations

import math
from dataclasses import replace
from threading import Lock

import numpy as np

from mispredict.cohorts.search.best import Best
from mispredict.cohorts.search.hunt import Hunt
from mispredict.cohorts.search.options import Clock, Options, Progress
from mispredict.cohorts.search.payload import make_payload
from mispredict.cohorts.search.space import Column, Space
from mispredict.engine.jit import has_numba

_FEW = 16
_READY: set[tuple[str, bool, bool]] = set()
_LOCK = Lock()


def make_ready(space: Space, progress: Progress | None) -> None:
    """Compile or load the loops for columns such as these, once in a process.

    Compiling takes up to a minute when a machine searches for the first time, more than most
    budgets. It is told as progress with 0 conditions.
    """
    if not has_numba() or not space.n:
        return
    with _LOCK:
        missing = {_kind(column): column for column in space.columns}
        missing = {kind: column for kind, column in missing.items() if kind not in _READY}
        if not missing:
            return
        if progress is not None:
            progress(0, 0, 1)
        _search_few([replace(column, load=None) for column in missing.values()])
        _READY.update(missing)


def _kind(column: Column) -> tuple[str, bool, bool]:
    """What numba compiles anew for."""
    flags = column.codes.flags
    return column.codes.dtype.str, bool(flags.writeable), bool(flags.c_contiguous)


def _search_few(columns: list[Column]) -> None:
    """The least search that runs every loop."""
    few = Space(tuple(replace(column, codes=column.codes[:_FEW]) for column in columns))
    errors = np.arange(few.n) % 2 == 0
    options = Options(k=1, conditions=1, threads=1)
    hunt = Hunt(few, make_payload(errors, None), options, Clock(math.inf, None, None))
    hunt.count([Best(1, -math.inf)])
