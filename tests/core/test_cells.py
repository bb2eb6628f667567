"""Cells are alike and shown alike, whatever stands for a missing one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from mispredict.core.cells import is_alike, plain_cell

MISSING = [None, float("nan"), np.float64("nan"), pd.NA, pd.NaT]


@pytest.mark.parametrize("one", MISSING, ids=repr)
@pytest.mark.parametrize("other", MISSING, ids=repr)
def test_missing_equals_missing_only(one: Any, other: Any) -> None:
    assert is_alike(one, other)
    assert plain_cell(one) is None
    for held in ("", 0, np.zeros(2), [1], pd.Timestamp("2026-01-01")):
        assert not is_alike(one, held)
        assert not is_alike(held, one)


def test_arrays_are_compared_by_shape_and_values() -> None:
    image = np.arange(6.0).reshape(2, 3)
    assert is_alike(image, image.copy())
    assert not is_alike(image, image.T)
    assert not is_alike(image, image + 1)
    assert not is_alike(image, "image")


def test_short_arrays_are_shown_and_long_ones_named() -> None:
    assert plain_cell(np.array([1, 2])) == [1, 2]
    assert plain_cell(np.zeros((8, 8), np.uint8)) == "<8 × 8 uint8>"
