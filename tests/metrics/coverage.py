"""How often the 95 % intervals hold the truth, over many simulated data sets of known truth.

Run it to print the table of `docs/concepts/intervals.md`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from mispredict.core.task import Task, TaskKind
from mispredict.metrics import Groups, Outcomes, measure

CHUNK = 250

BINARY = (
    *("accuracy", "precision", "recall", "f1", "specificity", "balanced_accuracy", "mcc"),
    *("cohen_kappa", "roc_auc", "average_precision", "log_loss", "brier_score", "ece"),
)
MULTICLASS = (
    *("accuracy", "balanced_accuracy", "precision_macro", "recall_macro", "f1_macro"),
    *("f1_weighted", "precision_weighted", "mcc", "cohen_kappa", "f1[b]", "roc_auc_macro"),
    *("log_loss", "brier_score", "ece"),
)
MULTILABEL = ("accuracy", "hamming_loss", "f1_micro", "f1_macro", "f1_weighted", "f1_samples")
REGRESSION = (
    *("mae", "mse", "rmse", "r2", "explained_variance", "bias", "median_absolute_error"),
    *("pinball[0.9]", "loss_quantile[0.9]"),
)


def binary(rng: np.random.Generator, n: int) -> Outcomes:
    """A fifth are positive; probabilities are somewhat too sure."""
    latent = rng.normal(-1.9, 1.6, n)
    label = rng.random(n) < _sigmoid(latent)
    p = _sigmoid(1.4 * latent + 0.3)
    return Outcomes.of(
        Task(TaskKind.BINARY, ("a", "b")), label, p > 0.5, probabilities=np.stack([1 - p, p], 1)
    )


def weighted(rng: np.random.Generator, n: int) -> Outcomes:
    """The same with weights between ½ and 2."""
    plain = binary(rng, n)
    return Outcomes(
        plain.task,
        n,
        plain.label,
        plain.prediction,
        weight=rng.choice([0.5, 1.0, 2.0], n),
        probabilities=plain.probabilities,
    )


def multiclass(rng: np.random.Generator, n: int) -> Outcomes:
    """Four classes of 45, 30, 15 and 10 %."""
    label = rng.choice(4, n, p=[0.45, 0.3, 0.15, 0.1])
    scores = rng.gumbel(size=(n, 4)) + 2.2 * np.eye(4)[label] + 0.3 * rng.normal(size=(n, 4))
    odds = np.exp(scores - scores.max(axis=1, keepdims=True))
    proba = odds / odds.sum(axis=1, keepdims=True)
    task = Task(TaskKind.MULTICLASS, ("a", "b", "c", "d"))
    return Outcomes.of(task, label, proba.argmax(axis=1), probabilities=proba)


def multilabel(rng: np.random.Generator, n: int) -> Outcomes:
    """Four labels, whose errors come together in hard rows."""
    label = rng.random((n, 4)) < [0.5, 0.3, 0.2, 0.15]
    hard = rng.random((n, 1)) < 0.3
    flipped = rng.random((n, 4)) < np.where(hard, 0.3, 0.05)
    return Outcomes.of(Task(TaskKind.MULTILABEL, ("a", "b", "c", "d")), label, label ^ flipped)


def regression(rng: np.random.Generator, n: int) -> Outcomes:
    """Errors that grow with the label's size."""
    x = rng.normal(size=n)
    label = 10 + 3 * x + (1 + np.abs(x)) * rng.normal(size=n)
    prediction = 10.2 + 2.7 * x
    task = Task(TaskKind.REGRESSION)
    return Outcomes.of(task, label, prediction, loss=np.abs(label - prediction))


MODELS: dict[str, tuple[Callable[[np.random.Generator, int], Outcomes], Sequence[str]]] = {
    "binary": (binary, BINARY),
    "binary, weighted": (weighted, BINARY),
    "multiclass": (multiclass, MULTICLASS),
    "multilabel": (multilabel, MULTILABEL),
    "regression": (regression, REGRESSION),
}


def coverage(
    name: str, n: int, datasets: int, *, seed: int = 7, large: int = 8
) -> dict[str, tuple[float, float]]:
    """Shares of data sets whose interval is below and above the truth, by metric.

    The truth is the mean of `large` samples of 500,000 rows.
    """
    make, metrics = MODELS[name]
    rng = np.random.default_rng(seed)
    truth = _truth(make, metrics, large)
    missed = {metric: np.zeros(2) for metric in metrics}
    unknown = dict.fromkeys(metrics, 0)
    for start in range(0, datasets, CHUNK):
        size = min(CHUNK, datasets - start)
        outcomes = make(rng, n * size)
        groups = Groups(tuple(map(str, range(size))), np.repeat(np.arange(size), n))
        for row in measure(outcomes, groups, metrics=metrics):
            true = truth[row.metric]
            missed[row.metric] += (row.high < true, row.low > true)
            unknown[row.metric] += np.isnan(row.low) or np.isnan(row.high)
    assert sum(unknown.values()) <= 0.001 * datasets * len(metrics), unknown
    return {metric: tuple(counts / datasets) for metric, counts in missed.items()}


def _truth(
    make: Callable[[np.random.Generator, int], Outcomes], metrics: Sequence[str], draws: int
) -> dict[str, float]:
    totals = dict.fromkeys(metrics, 0.0)
    for seed in range(draws):
        outcomes = make(np.random.default_rng(1000 + seed), 500_000)
        for row in measure(outcomes, Groups.whole(outcomes.n), metrics=metrics):
            totals[row.metric] += row.value / draws
    return totals


def _sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def main(datasets: int = 3000, sizes: Sequence[int] = (100, 300, 1000)) -> None:
    heads = " | ".join(f"n = {n:,}" for n in sizes)
    print(f"| task | metric | {heads} |\n|---|---|{'--:|' * len(sizes)}")
    for name, (_, metrics) in MODELS.items():
        tables = [coverage(name, n, datasets) for n in sizes]
        for metric in metrics:
            cells = (100 * (1 - sum(table[metric])) for table in tables)
            print(f"| {name} | `{metric}` | {' | '.join(f'{c:.1f}' for c in cells)} |", flush=True)


if __name__ == "__main__":
    main()
