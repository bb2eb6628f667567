"""How often planted slices are found, and anything on noise: the table of the slice search.

    python benchmarks/truth.py [--seeds 200] [--out docs/reference/slice-truth.md]

Each seed is a data set of 20 columns and 100,000 rows with slices of one, two and three
conditions (1 to 5 % of the rows, three times the base error rate), and one without any.
"""

from __future__ import annotations

import argparse
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HERE / "tests" / "cohorts"))

from search.planted import jaccard, plant  # type: ignore[import-not-found]  # noqa: E402

TOP, LEAST_JACCARD = 10, 0.9


@dataclass(frozen=True)
class Run:
    """What one data set gave: Jaccard of the best match by conditions, and how many findings."""

    matches: dict[int, float]
    findings: int
    seconds: float


def run(task: tuple[int, int, float, bool, float]) -> Run:
    from mispredict.cohorts.search.find import Rules, find
    from mispredict.cohorts.search.options import Options

    seed, rows, base, is_noise, share = task
    data = plant(seed, n=rows, base=base, conditions=() if is_noise else (1, 2, 3))
    started = time.process_time()
    options = Options(k=30, floor=0.0, min_share=0.005, threads=1)
    rules = Rules(share=share)
    found = find(data.space, data.errors, options=options, rules=rules).slices
    seconds = time.process_time() - started
    masks = [item.box.mask(data.space) for item in found[:TOP]]
    matches = {
        count: max((jaccard(mask, wanted) for mask in masks), default=0.0)
        for count, wanted in data.slices.items()
    }
    return Run(matches, len(found), seconds)


def report(
    planted: dict[float, list[Run]], noise: dict[float, list[Run]], rows: int, share: float
) -> list[str]:
    """The page, as lines of Markdown."""
    lines = [
        "# Planted slices found, and noise left alone",
        "",
        f"Made by `make truth` (`benchmarks/truth.py`): data sets of 20 columns and {rows:,} rows.",
        "In each, slices of one, two and three conditions hold 1 to 5 % of the rows and have three",
        "times the base error rate. Found: among the ten first findings one has a Jaccard index of",
        f"at least {LEAST_JACCARD} with the planted rows. {share:.0%} of the rows are searched,",
        "the others confirm.",
        "",
        "| base error rate | data sets | 1 condition | 2 conditions | 3 conditions | all "
        "| median Jaccard | further findings per data set |",
        "|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for base, runs in planted.items():
        each = [_share([run.matches[count] for run in runs]) for count in (1, 2, 3)]
        every = [value for run in runs for value in run.matches.values()]
        extra = np.mean([max(run.findings - 3, 0) for run in runs])
        cells = " | ".join(f"{value:.1%}" for value in (*each, _share(every)))
        lines.append(
            f"| {base:.0%} | {len(runs)} | {cells} | {np.median(every):.3f} | {extra:.2f} |"
        )
    lines += ["", "| base error rate | data sets of noise | with any finding |", "|--:|--:|--:|"]
    for base, runs in noise.items():
        hits = sum(run.findings > 0 for run in runs)
        lines.append(f"| {base:.0%} | {len(runs)} | {hits} ({hits / len(runs):.1%}) |")
    lines += [
        "",
        "Where errors are rare the slices are found too, but few errors do not tell where exactly",
        "a range ends, so fewer reach the Jaccard index asked for.",
        "",
    ]
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--bases", default="0.1,0.2,0.05")
    parser.add_argument("--share", type=float, default=0.5, help="of the rows that is searched")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--out", type=Path, default=HERE / "docs/reference/slice-truth.md")
    options = parser.parse_args()
    bases = [float(item) for item in options.bases.split(",")]
    planted, noise = {}, {}
    with ProcessPoolExecutor(options.processes) as pool:
        for base in bases:
            for is_noise, into in ((False, planted), (True, noise)):
                tasks = [
                    (seed, options.rows, base, is_noise, options.share)
                    for seed in range(options.seeds)
                ]
                into[base] = list(pool.map(run, tasks, chunksize=4))
                seconds = np.mean([item.seconds for item in into[base]])
                print(f"base {base:.0%} noise={is_noise}: {seconds:.2f} CPU s per data set")
    text = "\n".join(report(planted, noise, options.rows, options.share))
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(text)
    print(text)


def _share(matches: list[float]) -> float:
    return float(np.mean([value >= LEAST_JACCARD for value in matches]))


if __name__ == "__main__":
    main()
