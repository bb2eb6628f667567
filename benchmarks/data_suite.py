"""Seconds and memory of data checks: a whole suite and health of 1 M × 24, and near duplicates.

`python benchmarks/data_suite.py [rows] [vectors]` prints CPU and wall seconds; the columns are 10
of names, 10 of numbers, a time, a truth value, a name of many values and the label. The vectors
are drawn with the covariance that the packaged MiniLM gives rated texts, every hundredth twice
with a little noise; beside stands the plain product of all pairs, whose seconds are scaled up.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

import mispredict as mp
from mispredict.data.duplicates.texts import near_texts, similarity_of
from mispredict.data.duplicates.vectors import near_vectors


def main(rows: int = 1_000_000, vectors: int = 100_000) -> None:
    """Print all figures."""
    with tempfile.TemporaryDirectory() as folder, mp.open(f"{folder}/ws") as ws:
        warm = ws.add_dataset("warm", table(2_000, seed=1), label="label")
        measure(warm, ws, says=lambda *_: None)
        data = ws.add_dataset("rows", table(rows), label="label", id="id")
        measure(data, ws)
    near(rows)
    near_by_vectors(vectors)


def measure(data: Any, ws: Any, says: Callable[..., None] = print) -> None:
    """Propose, run and look over one dataset."""
    with timed(f"propose checks of {data.n:,} × {len(data.schema)}", says):
        suite = data.propose_checks()
    with timed(f"run all {len(suite)} of them", says):
        verdicts = ws.run(suite, data=data.ref)
    says(f"  {verdicts.summary}")
    slow = sorted(verdicts.rows, key=lambda row: -row.seconds)[:5]
    says("  slowest:", ", ".join(f"{row.check} {row.seconds:.2f} s" for row in slow))
    with timed("health (every check that fits, and each column at a glance)", says):
        found = data.health()
    says(f"  {found.sentence}")


def near(rows: int) -> None:
    """Near duplicates among short texts, of which 5 % are copies with a small change."""
    texts, copies = sentences(rows)
    values = pa.chunked_array([pa.array(texts)])
    near_texts(values.slice(0, 1_000), 0.8)
    with timed(
        f"near duplicates among {rows:,} texts of {np.mean([*map(len, texts[:1000])]):.0f} letters"
    ):
        found = near_texts(values, 0.8)
    some = copies[:5_000]
    alike = np.array([similarity_of(texts[a], texts[b]) for a, b in some])
    joined = np.array([found.root[a] == found.root[b] for a, b in some])
    pairs = alike >= 0.8
    print(f"  of {pairs.sum():,} pairs at least 0.8 alike, joined: {joined[pairs].mean():.4f}")


def near_by_vectors(rows: int) -> None:
    """All pairs of vectors that are alike, beside the plain product of the matrices."""
    from mispredict.demo.data import vader_texts
    from mispredict.demo.minilm import embed

    real = embed(vader_texts()["text"].sample(2_000, random_state=0).tolist())
    random = np.random.default_rng(0)
    drawn = random.multivariate_normal(real.mean(0), np.cov(real.T), rows, method="eigh")
    copies = np.arange(0, rows, 100)
    drawn[copies + 1] = drawn[copies] + random.normal(0, 0.01 * drawn.std(), drawn[copies].shape)
    drawn = drawn.astype(np.float32)
    near_vectors(drawn[:1_000], 0.95)
    for near in (0.95, 0.8):
        with timed(f"near duplicates among {rows:,} vectors of {drawn.shape[1]}, {near} alike"):
            found = near_vectors(drawn, near)
        joined = (found.root[copies] == found.root[copies + 1]).mean()
        print(f"  of {len(copies):,} copies joined: {joined}")
    ones = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
    cpu, block = time.process_time(), 1_000
    pairs = sum(int((ones[:block] @ part.T > 0.95).sum()) for part in np.split(ones, rows // block))
    cpu = (time.process_time() - cpu) * rows / block / 2  # of each pair once
    print(f"  the plain product: {cpu:.0f} CPU s, scaled ({pairs:,} pairs of {block:,} rows)")


def table(rows: int, seed: int = 0) -> pd.DataFrame:
    """Rows with few defects."""
    random = np.random.default_rng(seed)
    frame: dict[str, Any] = {"id": np.arange(rows)}
    for place in range(10):
        size = int(random.integers(2, 51))
        names = np.array([f"name {place} {value}" for value in range(size)])
        frame[f"c{place}"] = names[random.integers(0, size, rows)]
    for place in range(10):
        frame[f"x{place}"] = random.normal(size=rows).round(4)
    frame["x3"] = np.where(random.random(rows) < 0.04, np.nan, frame["x3"])
    frame["when"] = pd.Timestamp("2024-01-01") + pd.to_timedelta(
        random.integers(0, 10**7, rows), "s"
    )
    frame["is"] = random.random(rows) < 0.5
    score = frame["x0"] + frame["x1"] + random.normal(size=rows)
    frame["label"] = np.where(score > 1, "yes", "no")
    return pd.DataFrame(frame)


def sentences(rows: int) -> tuple[list[str], list[tuple[int, int]]]:
    """Texts of twelve words, and pairs of which the second is the first with a letter changed."""
    random = np.random.default_rng(0)
    letters = list("abcdefghijklmnopqrstuvwxyz")
    words = np.array(["".join(random.choice(letters, random.integers(3, 9))) for _ in range(8_000)])
    chosen = np.minimum(random.zipf(1.3, (rows, 12)), len(words)) - 1
    texts = [" ".join(line) for line in words[chosen]]
    copies = []
    for place in range(rows // 20):
        text = list(texts[place])
        text[int(random.integers(0, len(text)))] = "x"
        texts[rows - 1 - place] = "".join(text)
        copies.append((place, rows - 1 - place))
    return texts, copies


@contextmanager
def timed(what: str, says: Callable[..., None] = print) -> Iterator[None]:
    """Print what a block took."""
    wall, cpu = time.perf_counter(), time.process_time()
    yield
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    says(f"{what}: {cpu:.1f} CPU s, {wall:.1f} s wall, {peak:,.0f} MB at most so far")


if __name__ == "__main__":
    main(*(int(text) for text in sys.argv[1:3]))
