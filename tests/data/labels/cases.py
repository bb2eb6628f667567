"""Seeded labels with planted noise and probabilities, and what cleanlab flags of them.

    python tests/data/labels/cases.py

writes `cleanlab_flags.json` anew, by the cleanlab of the interpreter that runs it (2.9.0 made
what is there).
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FLAGS = Path(__file__).with_name("cleanlab_flags.json")
CASES = {
    "binary": {"n": 3_000, "k": 2, "lead": 2.0},
    "three classes": {"n": 3_000, "k": 3, "lead": 2.5},
    "ten classes": {"n": 5_000, "k": 10, "lead": 3.5},
    "fifty classes": {"n": 5_000, "k": 50, "lead": 4.0},
    "hardly better than chance": {"n": 2_000, "k": 4, "lead": 0.3},
    "very noisy": {"n": 2_000, "k": 5, "lead": 3.0, "noise": 0.4},
    "rare classes": {"n": 2_000, "k": 6, "lead": 3.0, "skew": 2.0},
    "a class without rows": {"n": 1_000, "k": 4, "lead": 2.5, "empty": 2},
    "a class of one row": {"n": 1_000, "k": 3, "lead": 2.5, "single": 1},
    "rounded probabilities": {"n": 3_000, "k": 4, "lead": 2.0, "digits": 1},
}


def made(
    n: int,
    k: int,
    lead: float,
    *,
    noise: float = 0.1,
    skew: float = 0.0,
    empty: int = -1,
    single: int = -1,
    digits: int = 0,
    seed: int = 0,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Labels, the truth behind them, and probabilities that know the truth more or less."""
    rng = np.random.default_rng([n, k, seed])
    shares = np.arange(1.0, k + 1) ** skew
    truth = rng.choice(k, n, p=shares / shares.sum())
    label = truth.copy()
    wrong = rng.random(n) < noise
    label[wrong] = (truth[wrong] + rng.integers(1, k, wrong.sum())) % k
    if empty >= 0:
        label[label == empty] = (empty + 1) % k
    if single >= 0:
        rows = np.flatnonzero(label == single)[1:]
        label[rows] = (single + 1) % k
    scores = rng.normal(size=(n, k))
    scores[np.arange(n), truth] += lead
    chances = np.exp(scores)
    chances /= chances.sum(axis=1, keepdims=True)
    if digits:  # many ties, whose order is nobody's: told apart by a little noise
        chances = np.maximum(chances.round(digits), 0.01) + rng.random((n, k)) * 1e-4
        chances /= chances.sum(axis=1, keepdims=True)
    return label, truth, chances


def main() -> None:
    from cleanlab.filter import find_label_issues

    flags = {}
    for name, options in CASES.items():
        label, _, chances = made(**options)
        mask = find_label_issues(label, chances, filter_by="prune_by_noise_rate", n_jobs=1)
        flags[name] = np.flatnonzero(mask).tolist()
    FLAGS.write_text(json.dumps(flags) + "\n")


if __name__ == "__main__":
    main()
