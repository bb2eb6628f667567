"""Pairs of evaluations whose difference is known: only mix, labels, model, threshold, or all.

python -m tests.workspace.changed_truth      prints how often each part's interval holds it
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

import mispredict as mp
from mispredict.compare.changed.changed import WhatChanged

SHARES = {"before": (0.5, 0.3, 0.2), "after": (0.3, 0.5, 0.2)}
RIGHT = {"old": (0.9, 0.7, 0.8), "new": (0.95, 0.8, 0.8)}  # by kind
RELABELLED = 0.06
CASES = ("nothing", "mix", "labels", "model", "threshold", "all")
_KINDS = np.array(["a", "b", "c"])


@dataclass(frozen=True)
class People:
    """Rows of a population: kind, truth, and what each model says of them."""

    frame: pd.DataFrame
    chance: dict[str, np.ndarray]


def people(draw: np.random.Generator, n: int, shares: tuple[float, ...], first: int) -> People:
    """Rows with labels, and for each model the chance of `yes` that it gives."""
    kind = draw.choice(3, n, p=shares)
    label = draw.random(n) < 0.5
    chance = {}
    for name, right in RIGHT.items():
        is_right = draw.random(n) < np.asarray(right)[kind]
        said = np.where(is_right, label, ~label)
        strength = draw.uniform(0, 0.5, n)
        chance[name] = np.where(said, 0.5 + strength, 0.5 - strength)
    frame = pd.DataFrame(
        {
            "id": first + np.arange(n),
            "kind": _KINDS[kind],
            "age": draw.integers(18, 80, n),
            "y": np.where(label, "yes", "no"),
        }
    )
    return People(frame, chance)


def relabelled(draw: np.random.Generator, frame: pd.DataFrame) -> pd.DataFrame:
    """The rows with some labels turned."""
    turned = draw.random(len(frame)) < RELABELLED
    other = frame["y"].map({"yes": "no", "no": "yes"})
    return frame.assign(y=frame["y"].where(~turned, other))


def answer(case: str, seed: int, folder: Path, *, n: int = 1500) -> WhatChanged:
    """What the product says of a pair."""
    draw = np.random.default_rng([CASES.index(case), seed])
    first = people(draw, n, SHARES["before"], 0)
    second = first
    if case in ("mix", "nothing"):
        second = people(draw, n, SHARES["after" if case == "mix" else "before"], n)
    if case == "labels":
        second = People(relabelled(draw, first.frame), first.chance)
    if case == "all":
        kept = np.arange(n // 2)
        fresh = people(draw, n - len(kept), SHARES["after"], n)
        old = relabelled(draw, first.frame.iloc[kept])
        chance = {k: np.concatenate([first.chance[k][kept], fresh.chance[k]]) for k in RIGHT}
        second = People(pd.concat([old, fresh.frame], ignore_index=True), chance)
    with mp.open(folder) as ws:
        for part in (first, second):
            ws.add_dataset("people", part.frame, label="y", id="id", positive="yes")
        versions = [str(entry.name) for entry in ws.datasets().rows]
        for name in RIGHT:
            for version, part in zip(versions, (first, second), strict=False):
                chance = part.chance[name]
                said = pd.DataFrame({"id": part.frame["id"], "p_yes": chance, "p_no": 1 - chance})
                said["prediction"] = np.where(chance >= 0.5, "yes", "no")
                ws.add_predictions(name, version, said)
        model = "new" if case in ("model", "all") else "old"
        threshold = (0.5, 0.3) if case in ("threshold", "all") else None
        pair = (f"old@1/{versions[0]}", f"{model}@1/{versions[-1]}")
        return ws.changed(*pair, threshold=threshold)


def truth(case: str) -> dict[str, float]:
    """The parts that unlimited data would show; those that are left out are 0."""
    share = {name: np.asarray(values) for name, values in SHARES.items()}
    right = {name: np.asarray(values) for name, values in RIGHT.items()}
    old = float(share["before"] @ right["old"])
    if case == "mix":
        return {"mix": float((share["after"] - share["before"]) @ right["old"])}
    if case == "labels":
        return {"labels": RELABELLED * (1 - 2 * old)}
    if case == "model":
        return {"model": float(share["before"] @ (right["new"] - right["old"]))}
    if case == "threshold":  # of those between 0.3 and 0.5, which are said to be yes now
        return {"threshold": -0.4 * 0.5 * (old - (1 - old))}
    if case == "all":
        with tempfile.TemporaryDirectory() as folder:
            found = answer("all", 12_345, Path(folder), n=400_000)
            return {row.factor: row.value for row in found.rows}
    return {}


def holds(case: str, expected: dict[str, float], seed: int) -> dict[str, bool]:
    """Whether each factor's interval holds its true part."""
    with tempfile.TemporaryDirectory() as folder:
        found = answer(case, seed, Path(folder))
    assert abs(sum(row.value for row in found.rows) - found.difference) < 1e-12
    return {
        row.factor: row.low - 1e-12 <= expected.get(row.factor, 0.0) <= row.high + 1e-12
        for row in found.rows
    }


def main(seeds: int, cases: tuple[str, ...]) -> None:
    """Print how often, in percent."""
    for case in cases or CASES:
        expected = truth(case)
        found = pd.DataFrame([holds(case, expected, seed) for seed in range(seeds)])
        parts = {name: round(100 * float(rate), 1) for name, rate in found.mean().items()}
        print(case, {k: round(v, 4) for k, v in expected.items()}, parts, flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100, tuple(sys.argv[2:]))
