"""Whether a group's errors could be chance."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import stats

from mispredict.cohorts.association import Groups, p_values


def groups(n: list[int], errors: list[int], *, all_n: int, all_errors: int) -> Groups:
    """Groups of a 0/1 target."""
    inside, wrong = np.array(n, float), np.array(errors, float)
    return Groups(inside, wrong, wrong, all_n, all_errors, all_errors, is_binary=True)


def mid_p(all_n: int, all_errors: int, n: int, errors: int) -> float:
    """Both tails of the hypergeometric distribution, half of what was seen in each."""
    chance = stats.hypergeom(all_n, all_errors, n).pmf(np.arange(n + 1))
    upper = chance[errors + 1 :].sum() + chance[errors] / 2
    return float(min(1, 2 * min(upper, 1 - upper)))


def test_small_groups_have_the_exact_p_whatever_their_order() -> None:
    n, errors = [5, 3, 5, 1, 3, 5], [4, 0, 1, 1, 0, 4]
    found = p_values(groups(n, errors, all_n=90, all_errors=20))
    expected = [mid_p(90, 20, inside, wrong) for inside, wrong in zip(n, errors, strict=True)]
    assert found == pytest.approx(expected)


def test_groups_that_are_alike_are_tested_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    made: Callable[..., Any] = stats.hypergeom

    def counted(population: int, wrong: int, n: Any) -> Any:
        asked.append(len(n))
        return made(population, wrong, n)

    monkeypatch.setattr(stats, "hypergeom", counted)
    found = p_values(groups([1] * 1_000, [0, 1] * 500, all_n=1_000, all_errors=500))
    assert len(found) == 1_000 and asked == [2]
