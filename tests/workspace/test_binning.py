"""Metrics by a number come in as many bins as the rows support."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import mispredict as mp
from mispredict.metrics import MetricTable


def by_radius(ws: mp.Workspace, rows: int, where: str | None = None) -> MetricTable:
    random = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "mean radius": random.lognormal(2.6, 0.3, rows).round(2),
            "grade": random.integers(1, 5, rows),
            "target": random.integers(0, 2, rows),
        }
    )
    frame.loc[random.random(rows) < 0.02, "mean radius"] = np.nan
    ws.add_dataset("cells", frame, label="target")
    said = pd.DataFrame({"prediction": random.integers(0, 2, rows)})
    ev = ws.add_predictions("guess", "cells", said)
    assert len(ev.metrics(by="grade", metrics="accuracy").rows) == 4, "few numbers stay as they are"
    table = ev.metrics(by="mean radius", where=where, metrics="accuracy")
    assert sum(row.n for row in table.rows) == ev.metrics(where=where, metrics="accuracy").rows[0].n
    for row in table.rows:
        both = row.cohort if where is None else f"({row.cohort}) AND {where}"
        assert ev.metrics(where=both, metrics="accuracy").rows[0].n == row.n, row.cohort
    return table


@pytest.mark.parametrize(
    ("rows", "least", "most"), [(40, 1, 1), (285, 7, 9), (5_000, 10, 10)], ids=str
)
def test_bins_have_rows_enough(ws: mp.Workspace, rows: int, least: int, most: int) -> None:
    bins = [row for row in by_radius(ws, rows).rows if "IS NULL" not in row.cohort]
    assert least <= len(bins) <= most
    assert min(row.n for row in bins) >= 30
    assert max(row.n for row in bins) <= max(60, 2 * rows / len(bins))


def test_rows_of_the_cohort_count(ws: mp.Workspace) -> None:
    table = by_radius(ws, 900, "grade = 2")
    bins = [row for row in table.rows if "IS NULL" not in row.cohort]
    assert 4 <= len(bins) <= 8
    assert min(row.n for row in bins) >= 30
