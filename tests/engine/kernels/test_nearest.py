"""The rows with the smallest sums of gaps."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mispredict.engine.kernels import nearest
from mispredict.engine.kernels.nearest import nearest_rows


@pytest.mark.parametrize("numba", ["1", "0"], ids=["numba", "numpy"])
@settings(deadline=None, max_examples=20)
@given(st.integers(1, 300), st.integers(1, 20), st.integers(0, 2**31), st.booleans())
def test_as_by_sorting(numba: str, n: int, most: int, seed: int, has_start: bool) -> None:
    random = np.random.default_rng(seed)
    columns = [random.integers(0, 4, n).astype(np.uint8) for _ in range(3)]
    gaps = [random.choice([0, 0.5, 1], 4).astype(np.float32) for _ in range(3)]
    start = random.choice([0, 0.25], n).astype(np.float32) if has_start else None
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MISPREDICT_NUMBA", numba)
        patch.setattr(nearest, "_BLOCK", 64)
        rows, sums = nearest_rows(columns, gaps, start, n, min(most, n))
    wanted = sum(gap[codes] for codes, gap in zip(columns, gaps, strict=True))
    wanted = wanted if start is None else wanted + start
    order = np.argsort(wanted, kind="stable")[:most]
    assert rows.tolist() == order.tolist()
    np.testing.assert_allclose(sums, wanted[order])
