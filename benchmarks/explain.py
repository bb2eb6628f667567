"""Attributions: ours beside peers, what they cost over the model's own calls, and in memory.

    python benchmarks/explain.py trees [rows] [rows of the slow peers]
    python benchmarks/explain.py calls
    python benchmarks/explain.py memory [rows]

`trees` explains a LightGBM model of 200 trees and 20 features; slow peers get fewer rows and are
scaled up, unless as many are asked for. `calls` explains models that are known by their answers
alone and sets the time inside the model beside the whole. `memory` runs `ev.explain()` over a
workspace of many rows and reports the peak. CPU seconds are those of the process.
"""

from __future__ import annotations

import contextlib
import io
import multiprocessing
import os
import resource
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import pandas as pd
from numpy.typing import NDArray

FEATURES, TREES, TRAIN = 20, 200, 20_000
Floats = NDArray[np.float64]


def table(rows: int, seed: int = 0) -> tuple[Floats, NDArray[np.int64]]:
    """Rows of 20 numbers, the label of which depends on four of them."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(rows, FEATURES))
    score = x[:, 0] + x[:, 1] * x[:, 2] + np.sin(x[:, 3]) + rng.normal(size=rows)
    return x, (score > 0).astype(np.int64)


def boosting() -> Any:
    import lightgbm

    x, y = table(TRAIN, seed=1)
    names = [f"x{i}" for i in range(FEATURES)]
    model = lightgbm.LGBMClassifier(n_estimators=TREES, n_jobs=1, verbose=-1)
    return model.fit(pd.DataFrame(x, columns=names), y)


def timed(work: Callable[[], Any]) -> tuple[Any, float, float]:
    """The result, CPU and wall seconds; what the work prints is not shown."""
    cpu, wall = time.process_time(), time.perf_counter()
    with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
        found = work()
    return found, time.process_time() - cpu, time.perf_counter() - wall


def trees(rows: int, slow_rows: int) -> None:
    model = boosting()
    x, _ = table(rows)
    frame = pd.DataFrame(x, columns=[f"x{i}" for i in range(FEATURES)])
    ours(model, x[:1000])  # compiled once and kept on disk
    found, cpu, wall = timed(lambda: ours(model, x))
    report("ours", rows, rows, cpu, wall, None, cpu)
    reference = model.booster_.predict(frame[:slow_rows], pred_contrib=True)[:, :FEATURES]
    gap = np.abs(reference - found[:slow_rows]).max()
    print(f"largest difference from LightGBM's own: {gap:.1e}")
    for name, peer, n in peers(model, frame, slow_rows):
        try:
            values, seconds, wall = timed(peer)
        except Exception as error:  # noqa: BLE001 - a peer that is not installed, or not fitting
            print(f"{name:<28} {type(error).__name__}: {error}")
            continue
        gap = np.abs(np.asarray(values)[:1000] - reference[:1000]).max()
        report(name, rows, n, seconds, wall, float(gap), cpu)


def ours(model: Any, x: Floats, background: Floats | None = None) -> Floats:
    from mispredict.explain.trees.reading import read_trees

    reading = read_trees(model)
    assert reading is not None
    player = np.arange(FEATURES, dtype=np.int32)
    return reading.trees.shapley(
        reading.prepare(x), 0, player=player, players=FEATURES, background=background
    )


def peers(
    model: Any, frame: pd.DataFrame, slow_rows: int
) -> list[tuple[str, Callable[[], Any], int]]:
    """Name, work and rows of each."""

    def by_shap() -> Any:
        import shap

        return shap.TreeExplainer(model).shap_values(frame[:slow_rows])

    def by_lightgbm() -> Any:
        return model.booster_.predict(frame[:slow_rows], pred_contrib=True)[:, :FEATURES]

    def by_woodelf() -> Any:
        from woodelf import WoodelfExplainer

        return WoodelfExplainer(model).shap_values(frame)

    return [
        ("shap.TreeExplainer", by_shap, slow_rows),
        ("LightGBM pred_contrib", by_lightgbm, slow_rows),
        ("woodelf-explainer", by_woodelf, len(frame)),
    ]


def report(
    name: str, rows: int, n: int, cpu: float, wall: float, gap: float | None, own: float
) -> None:
    scaled = cpu * rows / n
    note = f"  (from {n:,} rows)" if n < rows else ""
    difference = "" if gap is None else f"  differs {gap:.1e}"
    print(
        f"{name:<28} {rows:>9,} rows {scaled:8.2f} CPU s {wall * rows / n:8.2f} wall s"
        f"  {scaled / own:6.1f} ×{difference}{note}"
    )


class Clocked:
    """A model that measures the CPU seconds inside it."""

    def __init__(self, predict: Callable[[Any], Any]) -> None:
        self.inner = predict
        self.seconds = 0.0
        self.rows = 0

    def __call__(self, rows: Any) -> Any:
        start = time.process_time()
        try:
            return self.inner(rows)
        finally:
            self.seconds += time.process_time() - start
            self.rows += len(rows)


def calls() -> None:
    """The whole of `ev.explain` beside what it spends inside the model."""
    import mispredict as mp
    from mispredict.demo import STORIES

    for name, samples in (("churn", 200), ("churn", 1000), ("census", 1000), ("sentiment", 1000)):
        story = STORIES[name]()
        model = Clocked(_answers(story.model))
        with tempfile.TemporaryDirectory() as folder, mp.open(Path(folder) / "ws") as ws:
            ws.add_dataset(
                name, story.frame, label=story.label, id=story.id, positive=story.positive,
                metadata=story.metadata, annotations=story.annotations,
            )  # fmt: skip
            ws.add_model("model", model, version="1")
            ev = ws.evaluate("model", name)
            ev.explain(rows=[0, 1])  # imports
            model.seconds, model.rows = 0.0, 0
            start = time.process_time()
            result = ev.explain(sample=samples, budget=600.0)
            whole = time.process_time() - start
            over = whole - model.seconds
            print(
                f"{name:<10} {result.about.method:<12} {samples:,} rows, {model.rows:,} asked:"
                f" model {model.seconds:.2f} CPU s, ours {over:.2f} ({over / model.seconds:.1%});"
                f" {1e6 * model.seconds / model.rows:.1f} + {1e6 * over / model.rows:.1f} µs a row"
            )


def _answers(model: Any) -> Callable[[Any], Any]:
    return lambda rows: pd.DataFrame(model.predict_proba(rows), columns=list(model.classes_))


def memory(rows: int) -> None:
    """Peak memory of explaining every row, in a process that did nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        for step in (store, explain_all):
            job = multiprocessing.get_context("spawn").Process(target=step, args=[folder, rows])
            job.start()
            job.join()


def store(folder: str, rows: int) -> None:
    """A workspace with an evaluation of so many rows."""
    import mispredict as mp

    x, y = table(rows)
    frame = pd.DataFrame(x, columns=[f"x{i}" for i in range(FEATURES)]).assign(y=y)
    with mp.open(Path(folder) / "ws") as ws:
        ws.add_dataset("many", frame, label="y")
        ws.add_model("gbm", boosting())
        ws.evaluate("gbm", "many")


def explain_all(folder: str, rows: int) -> None:
    import mispredict as mp

    warnings.simplefilter("ignore")
    with mp.open(Path(folder) / "ws") as ws:
        ws.add_model("gbm", boosting())
        ev = ws.evaluation("gbm")
        ev.explain(rows=[0])  # imports, compiled loops
        before = _peak()
        result, cpu, wall = timed(ev.explain)
        print(
            f"{rows:,} rows: {cpu:.1f} CPU s, {wall:.1f} wall s; peak {_peak():.0f} MB,"
            f" {before:.0f} MB before; additivity {result.about.additivity_error:.1e}"
        )
        _, cpu, wall = timed(ev.explain)
        print(f"again: {cpu:.1f} CPU s, {wall:.1f} wall s")
        found, cpu, _ = timed(lambda: ev.mask("shap_x0 > 0.2"))
        print(f"shap_x0 > 0.2: {int(found.sum()):,} rows in {cpu:.2f} CPU s")


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    warnings.simplefilter("ignore")
    what, *numbers = sys.argv[1:] or ["trees"]
    given = [int(item) for item in numbers]
    if what == "trees":
        trees(*(given + [100_000, 5_000][len(given) :]))
    elif what == "calls":
        calls()
    elif what == "memory":
        memory(*(given or [1_000_000]))
    else:
        print(__doc__)


if __name__ == "__main__":
    main()
