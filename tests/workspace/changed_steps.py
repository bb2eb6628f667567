"""Pipelines of which the steps, the estimator or both are others, with parts that are known.

python -m tests.workspace.changed_steps      prints how often each part's interval holds it
"""

from __future__ import annotations

import sys
import tempfile
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline

import mispredict as mp
from mispredict.compare.changed.changed import WhatChanged

CASES = ("preprocessing", "model", "both", "rows too")
PARTS = {
    "preprocessing": {"preprocessing"},
    "model": {"model"},
    "both": {"preprocessing", "model"},
    "rows too": {"within", "preprocessing", "model"},
}
INPUTS = ["x", "z"]


def people(seed: int, n: int, first: int = 0) -> pd.DataFrame:
    """Rows of which a third have no x; those are mostly no."""
    draw = np.random.default_rng(seed)
    x, z = draw.normal(size=n), draw.normal(size=n)
    is_missing = draw.random(n) < 0.33
    slope = np.where(is_missing, -1.2, 1.5 * x + 0.8 * z)
    label = np.where(draw.random(n) < 1 / (1 + np.exp(-slope)), "yes", "no")
    x = np.where(is_missing, np.nan, x)
    return pd.DataFrame({"id": first + np.arange(n), "x": x, "z": z, "y": label})


@cache
def steps(fill: float) -> SimpleImputer:
    """What fills missing values."""
    return SimpleImputer(strategy="constant", fill_value=fill).fit(people(1, 100)[INPUTS])


@cache
def estimator(is_new: bool) -> LogisticRegression:
    """Fitted to rows without missing values; the old one saw x through noise."""
    rows = people(2, 4000).dropna()
    noise = np.random.default_rng(3).normal(size=(len(rows), 2)) * [1.5, 0]
    given = rows[INPUTS].to_numpy() + (0 if is_new else noise)
    return LogisticRegression().fit(given, rows["y"])


def answer(case: str, seed: int, folder: Path, *, n: int = 1500) -> WhatChanged:
    """What the product says of a pair."""
    before = people(10_000 + seed, n)
    with mp.open(folder) as ws:
        datasets = [before]
        if case == "rows too":
            datasets.append(people(50_000 + seed, n, n))
        for rows in datasets:
            ws.add_dataset("people", rows, label="y", id="id", positive="yes")
        fill = -2.0 if case != "model" else 0.0
        is_new = case != "preprocessing"
        for fill_of, new in ((0.0, False), (fill, is_new)):
            made = Pipeline([("fill", steps(fill_of)), ("lr", estimator(new))])
            ws.add_model("lr", made)
        first, last = "people@1", f"people@{len(datasets)}"
        return ws.changed(ws.evaluate("lr@1", first), ws.evaluate("lr@2", last))


@cache
def truth(case: str) -> dict[str, float]:
    """The parts that 300,000 other rows show; those that are left out are 0."""
    rows = people(77, 300_000)

    def right(fill: float, is_new: bool) -> float:
        given = steps(fill).transform(rows[INPUTS])
        return float((estimator(is_new).predict(given) == rows["y"]).mean())

    none, filled, fitted, both = (
        right(fill, new) for fill, new in ((0.0, False), (-2.0, False), (0.0, True), (-2.0, True))
    )
    if case == "preprocessing":
        return {"preprocessing": filled - none}
    if case == "model":
        return {"model": fitted - none}
    return {
        "preprocessing": (filled - none + both - fitted) / 2,
        "model": (fitted - none + both - filled) / 2,
    }


def holds(case: str, seed: int) -> dict[str, bool]:
    """Whether each factor's interval holds its true part."""
    with tempfile.TemporaryDirectory() as folder:
        found = answer(case, seed, Path(folder))
    assert abs(sum(row.value for row in found.rows) - found.difference) < 1e-12
    expected = truth(case)
    return {
        row.factor: row.low - 1e-12 <= expected.get(row.factor, 0.0) <= row.high + 1e-12
        for row in found.rows
    }


def main(seeds: int) -> None:
    """Print how often, in percent."""
    for case in CASES:
        found = pd.DataFrame([holds(case, seed) for seed in range(seeds)])
        parts = {name: round(100 * float(rate), 1) for name, rate in found.mean().items()}
        print(case, {k: round(v, 4) for k, v in truth(case).items()}, parts, flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
