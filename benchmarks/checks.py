"""What a suite costs beside the model calls that it cannot do without.

200 checks of all kinds on 100,000 rows, with a cold cache. The time of the distinct model
calls is that of asking the model for each distinct row once, in one go, with nothing else done.
Both are times of processors. What a suite adds is so much per check and per row, so that the
ratio depends on how slow the model is (`--trees`).

    python benchmarks/checks.py [--rows 100000] [--checks 200] [--sample 5000] [--trees 100]
        [--repeat 3]
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Iterator
from itertools import cycle, islice
from typing import Any

import numpy as np
import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder

import mispredict as mp
from mispredict.checks.catalog import KINDS, Check
from mispredict.checks.running import run_checks
from mispredict.expectations.verdict import Verdicts
from mispredict.models.copies import Asked, frame_of
from mispredict.workspace.testing.subject import EvaluationSubject

INPUTS = ["age", "income", "debt", "months", "city", "product"]
LIMIT = 1.2


def customers(rows: int, seed: int) -> pd.DataFrame:
    """Rows of a table with four numbers and two categories."""
    draw = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "age": draw.integers(18, 90, rows),
            "income": draw.gamma(4, 12, rows).round(2),
            "debt": draw.gamma(2, 20, rows).round(2),
            "months": draw.integers(0, 240, rows),
            "city": draw.choice([f"city {i}" for i in range(20)], rows),
            "product": draw.choice(["basic", "plus", "pro"], rows),
        }
    )
    logit = (frame["debt"] - frame["income"]) / 20 + (frame["age"] - 50) / 40
    return frame.assign(default=np.where(draw.random(rows) < 1 / (1 + np.exp(-logit)), "y", "n"))


def forest(trees: int) -> Pipeline:
    """A forest of so many trees."""
    train = customers(10_000, seed=1)
    prepare = make_column_transformer(
        (OneHotEncoder(handle_unknown="ignore"), ["city", "product"]), remainder="passthrough"
    )
    model = RandomForestClassifier(trees, max_depth=10, n_jobs=1, random_state=0)
    return make_pipeline(prepare, model).fit(train[INPUTS], train["default"])


def suite(checks: int, sample: int) -> list[Check]:
    """So many checks: each kind in turn, over cohorts."""
    wheres = ["age > 60", "city = 'city 3'", "income < 30 AND debt > 40", "product = 'pro'"]
    where = cycle([None, *wheres, *(f"city = 'city {i}'" for i in range(20))])
    return [
        Check(f"{number} {kind}", KINDS[kind](**{**options, "where": next(where)}), seed=number)
        for number, (kind, options) in enumerate(islice(cycle(_kinds(sample)), checks))
    ]


def _kinds(sample: int) -> Iterator[tuple[str, dict[str, Any]]]:
    numbers = ("income", "debt")
    yield "metric", {"metric": "accuracy", "min": 0.7}
    yield (
        "augmentation",
        {"perturbations": ("noise",), "columns": numbers, "multiplier": 2, "sample": sample},
    )
    yield "metric", {"metric": "roc_auc", "min": 0.7}
    yield "confidence", {"threshold": 0.2}
    yield "directional", {"column": "debt", "of": "y", "sample": sample}
    yield "gap", {"metric": "recall", "by": ("product",), "max": 0.1}
    yield "unit", {"values": {"income": (5, 15), "debt": (80, 120)}, "label": "y", "n": sample}
    yield "calibration", {"max": 0.1}
    yield "robustness", {"perturbation": "noise", "columns": numbers, "sample": sample}
    yield "adversarial", {"target": "n", "vary": ("months",), "tries": 10, "sample": sample // 5}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--rows", type=int, default=100_000)
    arguments.add_argument("--checks", type=int, default=200)
    arguments.add_argument("--sample", type=int, default=5_000)
    arguments.add_argument("--trees", type=int, default=100)
    arguments.add_argument("--repeat", type=int, default=3, help="of both, the best counts")
    given = arguments.parse_args()
    model = forest(given.trees)
    runs = [_run(model, given) for _ in range(given.repeat)]
    took, (verdicts, asked, evaluated) = min(runs, key=lambda run: run[0])
    distinct = pd.concat([frame_of(part) for part in asked], ignore_index=True).drop_duplicates()
    least = min(_seconds(model, distinct) for _ in range(given.repeat))
    cost = verdicts.cost
    ratio = took / least
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{given.checks} checks on {given.rows:,} rows, evaluated in {evaluated:.1f} s before")
    print(f"verdicts              {verdicts.counts}")
    print(f"rows planned          {cost.planned:,}, of which asked {cost.rows:,}")
    print(f"distinct rows         {len(distinct):,}")
    each = 1e6 * least / max(len(distinct), 1)
    print(
        f"their model calls     {least:.2f} s, {each:.1f} µs a row (in the run: {cost.calls} calls)"
    )
    print(f"the run               {took:.2f} s ({verdicts.seconds:.2f} s by the clock)")
    more = (took - least) / max(cost.planned, 1)
    print(f"beside the calls      {1e6 * more:.1f} µs a row that was planned")
    print(f"memory at most        {peak:,.0f} MB, of all that is above")
    print(f"ratio                 {ratio:.3f} (goal: at most {LIMIT})")
    by_kind = verdicts.to_frame().groupby("kind")["seconds"].agg(["count", "sum"])
    print(by_kind.round(3).to_string())


def _run(
    model: Pipeline, given: argparse.Namespace
) -> tuple[float, tuple[Verdicts, list[Asked], float]]:
    """Seconds of processors that the suite took with a cold cache, and what came of it."""
    asked: list[Asked] = []
    with tempfile.TemporaryDirectory() as folder, mp.open(folder) as ws:
        ws.add_dataset("customers", customers(given.rows, seed=2), label="default")
        ws.add_model("forest", model)
        started = time.perf_counter()
        of = ws.evaluate("forest", "customers")
        evaluated = time.perf_counter() - started
        with EvaluationSubject(of) as subject:  # imports and compiles what is done once
            run_checks(suite(10, given.sample), subject)
        checks = suite(given.checks + 10, given.sample)[10:]  # others than those
        with EvaluationSubject(of) as subject:
            started = time.process_time()  # of processors: others may work here, too
            verdicts = run_checks(checks, _Listening(subject, asked))  # type: ignore[arg-type]
            subject.close()  # keeps the answers, which is a part of what a run costs
            took = time.process_time() - started
    return took, (verdicts, asked, evaluated)


class _Listening:
    """A subject that keeps what the model is asked."""

    def __init__(self, subject: EvaluationSubject, asked: list[Asked]) -> None:
        self._subject, self._asked = subject, asked

    def __getattr__(self, name: str) -> Any:
        return getattr(self._subject, name)

    def ask(self, frame: Asked) -> Any:
        self._asked.append(frame)
        return self._subject.ask(frame)


def _seconds(model: Pipeline, frame: pd.DataFrame) -> float:
    started = time.process_time()
    for start in range(0, len(frame), 65_536):
        model.predict_proba(frame.iloc[start : start + 65_536])
    return time.process_time() - started


if __name__ == "__main__":
    main()
