"""What differs is found, and what does not is not: over seeds, as the concept page says."""

from __future__ import annotations

from pathlib import Path

import pytest

from .models import by_seed, jaccard, planted

HOLDS = 0.75  # of the rows, shared by the cohort found and the planted one


def named(folder: Path, seed: int) -> bool:
    """Whether the planted cohort is among the regressed ones."""
    with planted(folder / str(seed), seed) as ws:
        found = ws.compare("a", "b").pair.regressed
        return any(jaccard(ws, row.where) >= HOLDS for row in found)


def is_false(folder: Path, seed: int) -> bool:
    """Whether a cohort is called regressed though the models differ by their seed alone."""
    with by_seed(folder / str(seed), seed) as ws:
        return bool(ws.compare("a", "b").pair.regressed)


def test_a_planted_cohort_is_named(tmp_path: Path) -> None:
    assert all(named(tmp_path, seed) for seed in range(1000, 1003))


def test_a_seed_makes_no_cohort(tmp_path: Path) -> None:
    assert sum(is_false(tmp_path, seed) for seed in range(1000, 1003)) <= 1


@pytest.mark.slow
def test_planted_cohorts_are_named_at_the_stated_rate(tmp_path: Path) -> None:
    assert sum(named(tmp_path, seed) for seed in range(100)) >= 95


@pytest.mark.slow
def test_seeds_make_cohorts_at_most_at_the_stated_rate(tmp_path: Path) -> None:
    assert sum(is_false(tmp_path, seed) for seed in range(100)) <= 5
