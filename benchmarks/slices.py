"""Slice search beside its peers: same tables, same run, planted slices found by each.

    python benchmarks/slices.py [--rows 1e4,1e5,1e6] [--tools ours,sliceline] [--python NAME=PATH]

Twenty columns: ten of 2 to 50 values, ten of numbers in ten bins; three planted slices of one,
two and three conditions, with three times the error rate. Slices of up to three conditions and
at least 1 % of the rows, top 10. Ours counts the confirmation in. Each tool runs in a process of
its own, with at most `--memory` GB and `--timeout` seconds; `--python` names another interpreter
for a tool that does not fit beside the others. A peer that fails is not asked for more rows.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import subprocess
import sys
import time
import warnings
from collections.abc import Callable

import numpy as np

VALUES = (2, 2, 3, 5, 8, 10, 15, 20, 30, 50)
BINS, NUMBERS = 10, 10
BASE, FACTOR = 0.10, 3.0
NAMES = [f"c{j}" for j in range(len(VALUES))] + [f"x{j}" for j in range(NUMBERS)]
PLANTED: tuple[dict[str, int], ...] = (
    {"c8": 4},
    {"c3": 2, "x0": 5},
    {"c0": 1, "c2": 3, "x4": 8},
)
MIN_SHARE, TOP = 0.01, 10


def table(rows: int) -> tuple[np.ndarray, np.ndarray, list[np.ndarray]]:
    """Codes from 1, (rows, 20), the errors, and the rows of each planted slice."""
    rng = np.random.default_rng(0)
    sizes = (*VALUES, *(BINS,) * NUMBERS)
    codes = np.stack([rng.integers(1, size + 1, rows, dtype=np.uint8) for size in sizes], axis=1)
    planted = []
    rate = np.full(rows, BASE)
    for slice_ in PLANTED:
        mask = np.ones(rows, bool)
        for name, code in slice_.items():
            mask &= codes[:, NAMES.index(name)] == code
        planted.append(mask)
        rate[mask] = FACTOR * BASE
    return codes, rng.random(rows) < rate, planted


def ours(codes: np.ndarray, errors: np.ndarray, **change: object) -> list[np.ndarray]:
    from dataclasses import replace

    from mispredict.cohorts.search.find import find
    from mispredict.cohorts.search.options import Options
    from mispredict.cohorts.search.space import Column, Space

    sizes = (*VALUES, *(BINS,) * NUMBERS)
    columns = [
        Column(name, np.ascontiguousarray(codes[:, j]), sizes[j] + 1, name.startswith("x"))
        for j, name in enumerate(NAMES)
    ]
    options = replace(Options(k=TOP, min_share=MIN_SHARE, floor=0.0), **change)
    small = Space(tuple(columns)).rows(np.arange(2_000))
    find(small, errors[:2_000], options=options)  # load the compiled kernels
    started = time.process_time(), time.perf_counter()
    found = find(Space(tuple(columns)), errors, options=options)
    clock(started)
    return [item.box.mask(Space(tuple(columns))) for item in found.slices[:TOP]]


def sliceline(codes: np.ndarray, errors: np.ndarray, *, alpha: float) -> list[np.ndarray]:
    from sliceline import Slicefinder

    finder = Slicefinder(
        alpha=alpha, k=TOP, max_l=3, min_sup=int(MIN_SHARE * len(codes)), verbose=False
    )
    started = time.process_time(), time.perf_counter()
    finder.fit(codes.astype(np.int64), errors.astype(float))
    clock(started)
    found = []
    for row in finder.top_slices_.tolist():
        mask = np.ones(len(codes), bool)
        for j, value in enumerate(row):
            if value is not None:
                mask &= codes[:, j] == value
        found.append(mask)
    return found


def divexplorer(codes: np.ndarray, errors: np.ndarray) -> list[np.ndarray]:
    import pandas as pd
    from divexplorer import DivergenceExplorer

    frame = pd.DataFrame(codes.astype(np.int64), columns=NAMES).astype(str)
    frame["error"] = errors.astype(int)
    started = time.process_time(), time.perf_counter()
    patterns = DivergenceExplorer(frame).get_pattern_divergence(
        min_support=MIN_SHARE, boolean_outcomes=["error"]
    )
    best = patterns.sort_values("error_div", ascending=False).head(TOP)
    clock(started)
    found = []
    for items in best["itemset"]:
        mask = np.ones(len(codes), bool)
        for item in items:
            name, value = item.split("=")
            mask &= codes[:, NAMES.index(name)] == int(value)
        found.append(mask)
    return found


def erroranalysis(codes: np.ndarray, errors: np.ndarray) -> list[np.ndarray]:
    from erroranalysis._internal.error_analyzer import PredictionsAnalyzer

    wrong = errors.astype(int)
    started = time.process_time(), time.perf_counter()
    analyzer = PredictionsAnalyzer(wrong, codes.astype(int), np.zeros_like(wrong), NAMES, [])
    nodes = analyzer.compute_error_tree(NAMES, None, None)
    clock(started)
    parents = {node["id"]: node for node in nodes}
    leaves = set(parents) - {node["parentId"] for node in nodes}
    best = sorted(leaves, key=lambda i: -parents[i]["error"] / parents[i]["size"])[:TOP]
    return [_path(parents, i, codes) for i in best]


def _path(nodes: dict[int, dict[str, object]], i: int, codes: np.ndarray) -> np.ndarray:
    """Rows of a node of the tree, by the conditions on the way to its root."""
    mask = np.ones(len(codes), bool)
    node = nodes[i]
    while node["parentId"] is not None:
        column = codes[:, NAMES.index(str(node["parentNodeName"]))]
        below = column <= float(str(node["arg"]))
        mask &= below if node["method"] == "less and equal" else ~below
        node = nodes[int(str(node["parentId"]))]
    return mask


TOOLS: dict[str, Callable[..., list[np.ndarray]]] = {
    "ours": ours,
    "ours, no ranges": lambda codes, errors: ours(codes, errors, with_ranges=False),
    "ours, 4 conditions": lambda codes, errors: ours(codes, errors, conditions=4),
    "sliceline 0.95": lambda codes, errors: sliceline(codes, errors, alpha=0.95),
    "sliceline 0.99": lambda codes, errors: sliceline(codes, errors, alpha=0.99),
    "divexplorer": divexplorer,
    "erroranalysis": erroranalysis,
}
_CLOCK: dict[str, float] = {}


def clock(started: tuple[float, float]) -> None:
    """Note the time since the start, before the answer is checked."""
    _CLOCK["cpu"] = time.process_time() - started[0]
    _CLOCK["wall"] = time.perf_counter() - started[1]


def work(tool: str, rows: int) -> None:
    """Run one tool and print what it took as JSON."""
    warnings.simplefilter("ignore")
    codes, errors, planted = table(rows)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = TOOLS[tool](codes, errors)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    hits = sum(any(jaccard(mask, rows_) >= 0.9 for mask in found) for rows_ in planted)
    result = {**_CLOCK, "peak": peak / 1e6, "data": before / 1e6, "hits": hits}
    print("RESULT " + json.dumps(result))


def jaccard(first: np.ndarray, second: np.ndarray) -> float:
    union = np.count_nonzero(first | second)
    return float(np.count_nonzero(first & second) / union) if union else 1.0


def measure(tool: str, rows: int, options: argparse.Namespace) -> dict[str, float] | str:
    """What a tool took in a process of its own, or why it failed."""

    def limit() -> None:
        size = int(options.memory * 2**30)
        resource.setrlimit(resource.RLIMIT_AS, (size, size))

    interpreters = dict(item.split("=", 1) for item in options.python)
    python = interpreters.get(tool, sys.executable)
    command = [python, __file__, "--worker", tool, "--rows", str(rows)]
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=options.timeout,
            preexec_fn=limit,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"not done after {options.timeout:.0f} s"
    for line in done.stdout.splitlines():
        if line.startswith("RESULT "):
            result: dict[str, float] = json.loads(line.removeprefix("RESULT "))
            return result
    last = (done.stderr.strip().splitlines() or ["no output"])[-1]
    return f"failed: {last[:70]}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", default="1e4,1e5,1e6")
    parser.add_argument("--tools", default=",".join(TOOLS))
    parser.add_argument("--memory", type=float, default=8.0)
    parser.add_argument("--timeout", type=float, default=120.0)
    parser.add_argument("--python", action="append", default=[], metavar="TOOL=PATH")
    parser.add_argument("--worker", choices=list(TOOLS), help=argparse.SUPPRESS)
    options = parser.parse_args()
    sizes = [int(float(item)) for item in options.rows.split(",")]
    if options.worker:
        work(options.worker, sizes[0])
        return
    tools = [tool for tool in TOOLS if tool in split(options.tools)]
    failed: set[str] = set()
    print("| tool | rows | CPU s | wall s | peak GB | planted found | CPU of ours × |")
    print("|---|--:|--:|--:|--:|--:|--:|")
    for rows in sizes:
        reference = 0.0
        for tool in (tool for tool in tools if tool not in failed):
            result = measure(tool, rows, options)
            if isinstance(result, str):
                failed.add(tool)
                print(f"| {tool} | {rows:,} | {result} | | | | |", flush=True)
                continue
            reference = reference or result["cpu"]
            print(
                f"| {tool} | {rows:,} | {result['cpu']:.2f} | {result['wall']:.2f} "
                f"| {result['peak']:.2f} | {result['hits']:.0f} of {len(PLANTED)} "
                f"| {result['cpu'] / reference:.1f} |",
                flush=True,
            )


def split(tools: str) -> list[str]:
    """Names of tools; a comma followed by a space belongs to the name."""
    return re.split(r",(?! )", tools)


if __name__ == "__main__":
    main()
