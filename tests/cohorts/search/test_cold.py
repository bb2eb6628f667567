"""A search whose loops are not compiled yet finds what a later one finds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mispredict.engine.jit import has_numba

pytestmark = pytest.mark.skipif(not has_numba(), reason="numba is not installed")

_SEARCH = """
import json, sys
import numpy as np
from mispredict.cohorts.search.options import Options
from mispredict.cohorts.search.search import distinct, top
from mispredict.cohorts.search.space import Column, Space
from mispredict.engine.kernels import slices

LOOPS = (slices._recode_loop, slices._add_loop, slices._scan_loop)

def compiled():
    return [len(loop.signatures) for loop in LOOPS]

rng = np.random.default_rng(0)
codes = [rng.integers(1, 9, 4_000).astype(t) for t in (np.uint8, np.uint8, np.uint16, np.uint8)]
codes[-1].setflags(write=False)  # as codes that are mapped from a file
space = Space(tuple(Column(f"c{i}", c, 9) for i, c in enumerate(codes)))
errors = rng.random(4_000) < np.where((codes[0] == 3) & (codes[2] == 5), 0.6, 0.1)
told, before = [], []
def progress(conditions, done, total):
    told.append(conditions)
    if conditions and not before:
        before.append(compiled())
options = Options(floor=0.0, budget_s=float(sys.argv[1]))
found = distinct(space, errors, options=options, progress=progress)
top(space, errors, options=options)
print(json.dumps([found.is_exhausted, found.seconds, told[0], before[0], compiled()]))
"""


def _search(budget_s: float, cache: Path | None = None) -> list[object]:
    environment = {k: v for k, v in os.environ.items() if not cache or k != "NUMBA_CACHE_DIR"}
    if cache:
        environment["MISPREDICT_CACHE"] = str(cache)
    done = subprocess.run(
        [sys.executable, "-c", _SEARCH, str(budget_s)],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    found: list[object] = json.loads(done.stdout)
    return found


def test_loops_are_ready_before_the_clock_starts() -> None:
    _, _, first, before, after = _search(60)
    assert first == 0, "that loops are made ready is told"
    assert before == after == [3, 1, 1]


@pytest.mark.slow
def test_cold_cache_costs_no_budget(tmp_path: Path) -> None:
    is_exhausted, seconds, *_ = _search(5, tmp_path)
    assert is_exhausted
    assert isinstance(seconds, float)
    assert seconds < 5
