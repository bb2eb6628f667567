"""Two models on a million rows compared, with slices of the difference, beside the usual way.

    python benchmarks/compare.py [--rows 1e5,1e6]

Twenty columns: ten of 2 to 50 values, ten of numbers. The second model is worse in one cohort of
two conditions and better in another. Ours: twelve metrics with paired intervals and tests, rows
fixed and broken, agreement, confusion, losses, and slices of up to three conditions, searched on
one half and confirmed on the other; from stored files, in a process that compiled its loops
before. The usual way: pandas and scikit-learn for the metrics of both models, McNemar's test,
and the difference of accuracy with its test for each value or decile of each column (no
conjunctions), corrected. Wall and CPU seconds.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

import mispredict as mp

VALUES = (2, 2, 3, 5, 8, 10, 15, 20, 30, 50)


def tables(n: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Rows with labels, and two models' predictions."""
    random = np.random.default_rng(0)
    columns: dict[str, object] = {"id": np.arange(n)}
    for place, size in enumerate(VALUES):
        columns[f"c{place}"] = np.array([f"v{i}" for i in range(size)])[random.integers(0, size, n)]
    columns |= {f"x{place}": random.normal(size=n) for place in range(10)}
    frame = pd.DataFrame(columns)
    is_yes = random.random(n) < 0.3
    frame["y"] = np.where(is_yes, "yes", "no")
    wrong = random.random(n) < 0.1
    inside = ((frame["c0"] == "v1") & (frame["x0"] > 1)).to_numpy()
    mended = ((frame["c3"] == "v2") & (frame["x1"] < 0)).to_numpy()
    later = np.where(random.random(n) < 0.1, random.random(n) < 0.1, wrong)
    later = (later | (inside & (random.random(n) < 0.15))) & ~(mended & (random.random(n) < 0.6))
    return frame, *(_predictions(frame, is_yes ^ part, random) for part in (wrong, later))


def _predictions(
    frame: pd.DataFrame, is_yes: np.ndarray, random: np.random.Generator
) -> pd.DataFrame:
    chance = random.uniform(0.5, 1, len(frame))
    positive = np.where(is_yes, chance, 1 - chance)
    said = np.where(is_yes, "yes", "no")
    return pd.DataFrame(
        {"id": frame["id"], "prediction": said, "no": 1 - positive, "yes": positive}
    )


def ours(folder: Path) -> str:
    """The comparison, from the stored files."""
    with mp.open(folder) as ws:
        found = ws.compare("before", "after")
        return f"{found.word}; {'; '.join(row.where for row in found.pair.regressed)}"


def usual(frame: pd.DataFrame, before: pd.DataFrame, after: pd.DataFrame) -> str:
    """What people write with pandas, scikit-learn and scipy."""
    from scipy.stats import binomtest
    from sklearn import metrics

    label = frame["y"].to_numpy()
    for side in (before, after):
        said, score = side["prediction"].to_numpy(), side["yes"].to_numpy()
        metrics.precision_recall_fscore_support(label, said, average="binary", pos_label="yes")
        metrics.balanced_accuracy_score(label, said)
        metrics.matthews_corrcoef(label, said)
        metrics.roc_auc_score(label == "yes", score)
        metrics.average_precision_score(label == "yes", score)
        metrics.log_loss(label == "yes", score)
        metrics.brier_score_loss(label == "yes", score)
    right = [(side["prediction"].to_numpy() == label) for side in (before, after)]
    broken, fixed = right[0] & ~right[1], ~right[0] & right[1]
    binomtest(int(fixed.sum()), int(fixed.sum() + broken.sum()))
    worst, tested = ("", 1.0), 0
    for name in frame.columns.drop(["id", "y"]):
        values = frame[name]
        if values.dtype.kind == "f":
            values = pd.qcut(values, 10, labels=False)
        table = pd.DataFrame({"value": values, "fixed": fixed, "broken": broken})
        for value, row in table.groupby("value", observed=True).sum().iterrows():
            tested += 1
            if row["broken"] > row["fixed"]:
                p = binomtest(int(row["fixed"]), int(row["fixed"] + row["broken"])).pvalue
                worst = min(worst, (f"{name} = {value}", p), key=lambda item: item[1])
    return f"{worst[0]} (p {worst[1] * tested:.2g}, {tested} values)"


def main() -> None:
    """Print a line per way and size."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rows", default="1e5,1e6", help="sizes, with commas between")
    sizes = [int(float(part)) for part in parser.parse_args().rows.split(",")]
    for n in [5_000, *sizes]:  # the first compiles
        frame, before, after = tables(n)
        with tempfile.TemporaryDirectory() as folder:
            with mp.open(folder) as ws:
                ws.add_dataset("d", frame, label="y", id="id", positive="yes")
                ws.add_predictions("before", "d", before)
                ws.add_predictions("after", "d", after)
            found = _timed(lambda folder=folder: ours(Path(folder)))
        given = (frame, before, after)
        other = _timed(lambda given=given: usual(*given))
        if n in sizes:
            for name, (wall, cpu, said) in (("mispredict", found), ("usual way", other)):
                print(f"{n:>9,} rows  {name:<10}  {wall:6.2f} s  {cpu:6.2f} s CPU  {said}")


def _timed(work: Callable[[], str]) -> tuple[float, float, str]:
    wall, cpu = time.perf_counter(), time.process_time()
    said = work()
    return time.perf_counter() - wall, time.process_time() - cpu, said


if __name__ == "__main__":
    main()
