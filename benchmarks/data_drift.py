"""Drift of 20 columns, 1 M rows against 1 M, beside evidently's preset.

    python benchmarks/data_drift.py [--rows 1000000] [--peer /path/to/python-with-evidently]

Ten columns are numbers, ten are categories of 2 to 50 values. Two numbers and two categories are
shifted by a stated distance, the others are alike. CPU seconds of both, in one run: ours once
from stored datasets that were never read (Parquet to verdict) and once again on the same open
workspace, without and with the search for cohorts; loading is not counted for the peer, and the
conversion to datasets not for us. Wall time depends on the machine, the ratio hardly.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import pandas as pd

import mispredict as mp

PEER = Path(__file__).with_name("data_drift_evidently.py")
SHIFTED = {"n0": 0.3, "n1": 0.5, "c0": 0.4, "c1": 0.4}  # standard deviations; share that moves


def rows(n: int, seed: int, *, is_shifted: bool) -> pd.DataFrame:
    """Twenty columns, of which four are shifted."""
    rng = np.random.default_rng(seed)
    columns: dict[str, Any] = {}
    for place in range(10):
        name = f"n{place}"
        values = rng.normal(size=n) if place % 2 == 0 else rng.lognormal(size=n)
        shift = SHIFTED.get(name, 0.0) * is_shifted
        columns[name] = values + shift * (1 if place % 2 == 0 else 2.16)
    for place, size in enumerate((2, 3, 5, 8, 10, 15, 20, 30, 40, 50)):
        weights = 1 / np.arange(1, size + 1)
        codes = rng.choice(size, n, p=weights / weights.sum())
        moved = rng.random(n) < SHIFTED.get(f"c{place}", 0.0) * is_shifted
        codes = np.where(moved, size - 1, codes)
        columns[f"c{place}"] = pd.Categorical.from_codes(codes, [f"v{i}" for i in range(size)])
    frame = pd.DataFrame(columns)
    return frame.astype({name: str for name in frame if name.startswith("c")})


def ours(folder: str, **options: Any) -> tuple[float, list[str], float]:
    """CPU seconds of a new process's first comparison, the columns that drift, and a second's."""
    with mp.open(folder) as workspace:
        begun = time.process_time()
        found = workspace.drift("before", "after", **options)
        first = time.process_time() - begun
        begun = time.process_time()
        workspace.drift("before", "after", **options)
        return first, sorted(found.drifted), time.process_time() - begun


def peer(python: str, folder: Path, *methods: str) -> dict[str, Any]:
    """What evidently's preset needs and flags."""
    files = [str(folder / f"{name}.parquet") for name in ("before", "after")]
    done = subprocess.run(
        [python, str(PEER), *files, *methods], capture_output=True, text=True, check=True
    )
    answer: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return answer


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--peer", default="")
    parser.add_argument("--only", default="")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with mp.open(folder / "ws") as workspace:
            for side, seed in (("before", 1), ("after", 2)):
                frame = rows(given.rows, seed, is_shifted=side == "after")
                frame.to_parquet(folder / f"{side}.parquet")
                workspace.add_dataset(side, folder / f"{side}.parquet")
        small = {"cohorts": 0}
        ours(str(folder / "ws"), **small)  # loops are compiled once on a machine
        first, flagged, again = ours(str(folder / "ws"), **small)
        print(f"{given.rows:,} × 20 against {given.rows:,} × 20; shifted: {', '.join(SHIFTED)}")
        print(f"mispredict            {first:8.2f} CPU s, again {again:.2f}: {', '.join(flagged)}")
        with_cohorts, _, _ = ours(str(folder / "ws"))
        print(f"  with cohorts        {with_cohorts:8.2f} CPU s")
        if given.peer:
            for methods in ((), ("psi",)):
                found = peer(given.peer, folder, *methods)
                word = methods[0] if methods else "default"
                ratio = found["cpu_s"] / first
                print(
                    f"evidently {word:<10}  {found['cpu_s']:8.2f} CPU s, {ratio:.0f} × ours, peak "
                    f"{found['peak_mb']:,.0f} MB: {', '.join(found['flagged'])}"
                )
    sys.stdout.flush()


if __name__ == "__main__":
    main()
