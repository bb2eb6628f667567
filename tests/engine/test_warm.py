"""Warming up leaves nothing to compile."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from mispredict.engine.jit import has_numba
from mispredict.engine.kernels import marginals, select
from mispredict.engine.warm import warm


@pytest.mark.skipif(not has_numba(), reason="numba is not installed")
def test_later_calls_compile_nothing(tmp_path: Path) -> None:
    warm().join(240)
    loops = [select._select, marginals._count, marginals._count_rows, marginals._sum]
    before = [len(loop.signatures) for loop in loops]  # type: ignore[attr-defined]
    assert before == [2, 2, 2, 2]
    np.save(tmp_path / "codes.npy", np.zeros((3, 40), np.uint8))
    mapped = np.load(tmp_path / "codes.npy", mmap_mode="r")
    chosen = select.select(mapped[1], np.ones(1, np.bool_))
    marginals.count_marks(list(mapped), [1] * 3, marginals.mark_rows(chosen, chosen))
    marginals.count_marks(list(mapped[:, ::2]), [1] * 3, np.ones(20, np.uint8))
    assert [len(loop.signatures) for loop in loops] == before  # type: ignore[attr-defined]


def test_numba_is_not_imported_before_a_loop_runs() -> None:
    code = "import sys, mispredict.server.app; print('numba' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True
    )
    assert done.stdout.strip() == "False"
