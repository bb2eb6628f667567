"""Compiled loops made ready before someone waits for them."""

from __future__ import annotations

import threading

import numpy as np


def warm(*, after_s: float = 0) -> threading.Thread:
    """Thread, already started, that loads the compiled loops, or compiles them, and libraries.

    The first time takes some seconds, later the loops come from the disk. Starting it is safe
    at any time; without numba there is nothing to do.

    Args:
        after_s: seconds until it begins, so that more pressing work comes first.
    """
    thread = threading.Timer(after_s, _run_all)
    thread.name, thread.daemon = "mispredict-warm", True
    thread.start()
    return thread


def _run_all() -> None:
    _import_all()
    from mispredict.engine.kernels.marginals import count_marks, mark_rows, sum_weights
    from mispredict.engine.kernels.select import select

    few, all_rows = np.zeros(16, np.bool_), np.ones(16, np.bool_)
    few[0] = True
    for width in (np.uint8, np.uint16):
        codes = np.zeros(16, width)
        select(codes, np.ones(1, np.bool_))
        for mask in (few, all_rows):
            count_marks([codes], [1], mark_rows(mask, few))
        sum_weights([codes], [1], np.ones((16, 2), np.int64), np.arange(16))
    _run_linked()


def _import_all() -> None:
    """What the first filter would otherwise wait for: rows are read, cohorts parsed."""
    import pandas  # noqa: F401
    import pyarrow.compute
    import pyarrow.parquet  # noqa: F401

    from mispredict.core.predicate import parse

    parse("correct")


def _run_linked() -> None:
    from mispredict.engine.kernels import linked
    from mispredict.engine.kernels.nearest import nearest_rows

    failed, rows = np.zeros(16, np.uint8), np.arange(16, dtype=np.int32)
    linked.fail(failed, np.zeros(16, np.bool_), 1)
    linked.rows_with(failed, 1)
    linked.power_sums(np.ones(16), rows, centre=0.0)
    for width in (np.uint8, np.uint16):
        codes = np.zeros(16, width)
        linked.count_states([codes], [1], rows, failed)
        linked.sum_errors([codes], [1], rows, np.ones(16))
        nearest_rows([codes], [np.ones(1, np.float32)], None, 16, 1)
