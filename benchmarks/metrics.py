"""Accuracy, precision, recall, F1 and exact ROC AUC for every value of 10 columns.

    python benchmarks/metrics.py [rows] [repeats]

Ours gives intervals too, the others do not. fairlearn runs on 20,000 rows and is compared per
row; it and scikit-learn must give our numbers. "Floor" is a bare numba loop that counts and ranks
without ties, weights or variances. Medians after one run that compiles.
"""

from __future__ import annotations

import statistics
import sys
import time
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numba
import numpy as np
import pandas as pd
from sklearn import metrics as sk

from mispredict.core.task import Task, TaskKind
from mispredict.metrics import Groups, MetricRow, Outcomes, measure_many

SIZES = (2, 3, 5, 8, 10, 15, 20, 30, 40, 50)
NAMES = ("accuracy", "precision", "recall", "f1", "roc_auc")
FEW = 20_000
SCORES = {
    "accuracy": sk.accuracy_score,
    "precision": sk.precision_score,
    "recall": sk.recall_score,
    "f1": sk.f1_score,
}


def make(n: int) -> tuple[Outcomes, list[Groups]]:
    """Scores that rank well, and columns of 2 to 50 values."""
    rng = np.random.default_rng(0)
    score = rng.random(n)
    label = rng.random(n) < 0.8 * score
    proba = np.stack([1 - score, score], axis=1)
    task = Task(TaskKind.BINARY, ("no", "yes"))
    outcomes = Outcomes.of(task, label, score > 0.6, probabilities=proba)
    columns = [rng.integers(0, size, n).astype(np.uint8) for size in SIZES]
    return outcomes, [
        Groups(tuple(f"v{i}" for i in range(size)), column)
        for size, column in zip(SIZES, columns, strict=True)
    ]


def ours(outcomes: Outcomes, groups: list[Groups]) -> list[tuple[MetricRow, ...]]:
    return measure_many(outcomes, groups, metrics=NAMES)


def by_pandas(outcomes: Outcomes, groups: list[Groups]) -> list[tuple[MetricRow, ...]]:
    """groupby and scikit-learn."""
    y, p, score = outcomes.label, outcomes.prediction, outcomes.probability(1)
    frame = pd.DataFrame({"y": y, "p": p, "score": score})
    tables = []
    for grouping in groups:
        rows = []
        for code, part in frame.groupby(grouping.codes):
            values = [score(part.y, part.p) for score in SCORES.values()]
            values.append(sk.roc_auc_score(part.y, part.score))
            name = grouping.names[int(code)]
            rows += [
                MetricRow(name, metric, float(value), np.nan, np.nan, len(part))
                for metric, value in zip(NAMES, values, strict=True)
            ]
        tables.append(tuple(rows))
    return tables


def by_fairlearn(outcomes: Outcomes, groups: list[Groups]) -> list[tuple[MetricRow, ...]]:
    """A MetricFrame per column."""
    from fairlearn.metrics import MetricFrame

    def roc_auc(label: np.ndarray, _: np.ndarray, *, score: np.ndarray) -> float:
        return sk.roc_auc_score(label, score)

    tables = []
    for grouping in groups:
        frame = MetricFrame(
            metrics={**SCORES, "roc_auc": roc_auc},
            y_true=outcomes.label,
            y_pred=outcomes.prediction,
            sensitive_features=grouping.codes,
            sample_params={"roc_auc": {"score": outcomes.probability(1)}},
        )
        rows = frame.by_group.iterrows()
        tables.append(
            tuple(
                MetricRow(grouping.names[int(code)], name, float(row[name]), np.nan, np.nan, 0)
                for code, row in rows
                for name in NAMES
            )
        )
    return tables


@numba.njit(nogil=True)
def _floor(
    codes: np.ndarray, order: np.ndarray, label: np.ndarray, prediction: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    counts, below = np.zeros((256, 4), np.int64), np.zeros((256, 2), np.int64)
    won = np.zeros(256, np.int64)
    for i in range(codes.size):
        row = order[i]
        group, hit = codes[row], label[row]
        counts[group, 2 * hit + prediction[row]] += 1
        won[group] += hit * below[group, 0]
        below[group, hit] += 1
    return counts, won


def floor(outcomes: Outcomes, groups: list[Groups]) -> object:
    """Counts and won pairs only."""
    order = np.argsort(outcomes.probability(1)).astype(np.int32)
    label, prediction = outcomes.label.astype(np.uint8), outcomes.prediction.astype(np.uint8)
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda g: _floor(g.codes, order, label, prediction), groups))


def seconds(function: Callable[..., object], *arguments: object, repeats: int) -> float:
    """Median of some runs."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        function(*arguments)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def check(found: list[tuple[MetricRow, ...]], expected: list[tuple[MetricRow, ...]]) -> None:
    """Fail where a number differs."""
    for one, other in zip(found, expected, strict=True):
        values = {(row.cohort, row.metric): row.value for row in other}
        assert len(values) == len(one)
        for row in one:
            assert abs(row.value - values[row.cohort, row.metric]) < 1e-9, row


def main() -> None:
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    repeats = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    warnings.simplefilter("ignore")
    few, whole = make(FEW), make(n)
    start = time.perf_counter()
    mine = ours(*few)
    print(f"first call, with compiling or loading: {time.perf_counter() - start:.1f} s")
    check(mine, by_fairlearn(*few))
    check(ours(*whole), by_pandas(*whole))
    floor(*few)
    own = seconds(ours, *whole, repeats=repeats)
    rows = {
        "ours, with intervals": own,
        "floor": seconds(floor, *whole, repeats=repeats),
        "pandas + scikit-learn": seconds(by_pandas, *whole, repeats=1),
        f"fairlearn ({FEW:,} rows, scaled)": seconds(by_fairlearn, *few, repeats=1) * n / FEW,
        f"ours ({FEW:,} rows, scaled)": seconds(ours, *few, repeats=repeats) * n / FEW,
    }
    print(f"{n:,} rows, 10 columns, {sum(SIZES)} values; the same numbers to 1e-9")
    for name, spent in rows.items():
        print(f"{name:36} {spent:9.3f} s   {spent / own:8.2f} ×")


if __name__ == "__main__":
    main()
