"""Metrics as they would be with right labels, with intervals for what is not known of them.

Two ways. **Reviewed**: rows that people looked at say, in each stratum (flagged or not, agreeing
with the model or not), how often the label is right, how often the prediction is, and how often
neither; the metrics follow from the strata's sizes. This is sampling in two phases (Neyman 1938),
and assumes only that reviewed rows of a stratum are like the others of it. **Noise**: a matrix of
chances that a row of one class gets another label; the table of labels and predictions is
unmixed by its inverse. This assumes that labels go wrong regardless of what the model says.

Intervals come from draws: sizes of cells from a Dirichlet distribution, shares from one with
Jeffreys' prior, which keeps them wide where few rows were reviewed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from mispredict.core.errors import BadOption
from mispredict.data.labels.kernels import Array

DRAWS = 2000
LEVEL = 0.95
ENOUGH = 10  # reviewed rows of one label, from which on the label is a stratum of its own
MOST_CELLS = 2_000_000  # of all draws at once
Estimates: TypeAlias = "dict[str, tuple[Estimate, Estimate]]"


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, eq=False)
class Reviewed:
    """Rows with labels and predictions, some of them with the true class.

    Attributes:
        label: class as given, -1 where there is none.
        prediction: class that the model says.
        flagged: whose label is in doubt.
        truth: class that people decided on, -1 where nobody did.
        picked: rows decided on that were neither flagged nor drawn; they say nothing of others.
        classes: how many there are.
        positive: number of the positive class of a binary task, -1 otherwise.
        weight: what each row counts; all alike if None.
    """

    label: Array
    prediction: Array
    flagged: Array
    truth: Array
    picked: Array
    classes: int
    positive: int = -1
    weight: Array | None = None

    def counting(self, known: Array) -> Array:
        """What each row counts, together as many rows as say as much with equal ones (Kish)."""
        if self.weight is None:
            return np.ones(len(self.label))
        own = np.where(known, self.weight, 0.0).astype(np.float64)
        square = float(own @ own)
        return np.asarray(own * (own.sum() / square)) if square > 0 else own


def by_review(of: Reviewed, names: Sequence[str], *, seed: int = 0) -> Estimates:
    """Metrics corrected by a reviewed sample, and how far they are from the given ones."""
    known = (of.label >= 0) & (of.prediction >= 0)
    settled = known & of.picked
    own = of.counting(known)
    strata = _strata(of, known & ~of.picked, own)
    draws = _draws(of.classes)
    rng = np.random.default_rng(seed)
    shape = (of.classes, of.classes)
    given, corrected = np.zeros((draws, *shape)), np.zeros((draws, *shape))
    plain_given = _cells(of.label, of.prediction, of.classes, settled, own)
    plain = _cells(of.truth, of.prediction, of.classes, settled, own)
    given, corrected = given + plain_given, corrected + plain
    for stratum in strata:
        masses = rng.gamma(np.maximum(stratum.cells, 1e-9), size=(draws, *shape))
        masses *= stratum.cells > 0
        shares = rng.dirichlet(stratum.counts + 0.5 * stratum.possible + 1e-9, draws)
        shares = shares if stratum.counts.sum() else np.tile([1.0, 0.0, 0.0], (draws, 1))
        given += masses
        corrected += _moved(masses, shares, stratum.others)
        plain_given += stratum.cells
        plain += _moved(stratum.cells[None], stratum.shares[None], stratum.others)[0]
    return _estimates(of, names, (plain_given, plain), (given, corrected))


def by_noise(
    of: Reviewed,
    noise: Array,
    names: Sequence[str],
    *,
    counts: Array | None = None,
    seed: int = 0,
) -> Estimates:
    """Metrics unmixed by the chances `noise[true, given]` of each label.

    Args:
        of: the rows; what was reviewed does not matter.
        noise: K × K, rows sum to 1.
        names: of metrics.
        counts: rows by given and true class that the chances were estimated from; their
            uncertainty then widens the intervals. None where they are known.
        seed: of the draws.

    Raises:
        BadOption: it is no such matrix, or one that cannot be inverted.
    """
    _check_noise(noise, of.classes)
    known = (of.label >= 0) & (of.prediction >= 0)
    cells = _cells(of.label, of.prediction, of.classes, known, of.counting(known))
    draws = _draws(of.classes)
    rng = np.random.default_rng(seed)
    given = rng.gamma(np.maximum(cells, 1e-9), size=(draws, of.classes, of.classes))
    given *= cells > 0
    mixing = np.broadcast_to(noise, given.shape)
    if counts is not None:
        mixing = _drawn_noise(counts, cells.sum(axis=1), rng, draws)
    corrected = _unmixed(given, mixing)
    return _estimates(of, names, (cells, _unmixed(cells[None], noise[None])[0]), (given, corrected))


@dataclass(frozen=True, slots=True, eq=False)
class _Stratum:
    """Rows that are alike: their cells by label and prediction, and what review says of them.

    `counts` are reviewed rows of which the label is right, the prediction is, and neither;
    `possible` says which of these there can be; `others` are chances of the true class where
    neither is right.
    """

    cells: Array
    counts: Array
    possible: Array
    others: Array

    @property
    def shares(self) -> Array:
        total = self.counts.sum()
        return self.counts / total if total else np.array([1.0, 0.0, 0.0])


def _strata(of: Reviewed, known: Array, own: Array) -> list[_Stratum]:
    agrees = of.label == of.prediction
    strata = []
    for is_flagged in (True, False):
        for is_agreed in (True, False):
            inside = known & (of.flagged == is_flagged) & (agrees == is_agreed)
            if not inside.any():
                continue
            pooled: list[Array] = []
            for k in range(of.classes):
                part = inside & (of.label == k)
                if int((of.truth[part] >= 0).sum()) >= ENOUGH:
                    strata.append(_stratum(of, part, part, is_agreed, own))
                elif part.any():
                    pooled.append(part)
            if pooled:
                rest = np.logical_or.reduce(pooled)
                strata.append(_stratum(of, rest, inside, is_agreed, own))
    return strata


def _stratum(of: Reviewed, inside: Array, judged: Array, is_agreed: bool, own: Array) -> _Stratum:
    """The stratum of the rows `inside`, as review says of the rows `judged`."""
    rows = np.flatnonzero(judged & (of.truth >= 0))
    truth, label, said = of.truth[rows], of.label[rows], of.prediction[rows]
    neither = (truth != label) & (truth != said)
    count = own[rows]
    right, model = count @ (truth == label), count @ ((truth == said) & (truth != label))
    others = np.bincount(truth[neither], count[neither], of.classes).astype(np.float64)
    others = (others + 1e-3) / (others + 1e-3).sum()
    possible = np.array(
        [1.0, 0.0 if is_agreed else 1.0, 1.0 if is_agreed or of.classes > 2 else 0.0]
    )
    return _Stratum(
        _cells(of.label, of.prediction, of.classes, inside, own),
        np.array([right, model, count @ neither], np.float64),
        possible,
        others,
    )


def _cells(label: Array, prediction: Array, classes: int, inside: Array, own: Array) -> Array:
    places = label[inside].astype(np.int64) * classes + prediction[inside]
    cells = np.bincount(places, own[inside], classes**2)
    return cells.reshape(classes, classes).astype(np.float64)


def _moved(masses: Array, shares: Array, others: Array) -> Array:
    """Cells (draw, given, said) as cells (draw, true, said)."""
    classes = masses.shape[-1]
    stay = masses * shares[:, 0, None, None]
    said = masses.sum(axis=1)
    right = np.einsum("dp,pq->dpq", said * shares[:, 1, None], np.eye(classes))
    return np.asarray(stay + right + _elsewhere(masses, others) * shares[:, 2, None, None])


def _elsewhere(masses: Array, others: Array) -> Array:
    """The cells with the true class neither the given nor the predicted one."""
    left = 1 - others[:, None] - others[None, :] + np.diag(others)
    weighed = np.divide(masses, left, out=np.zeros_like(masses), where=left > 1e-9)
    moved = others[:, None] * (weighed.sum(axis=1, keepdims=True) - weighed)
    return np.asarray(moved * (1 - np.eye(len(others))))


def _drawn_noise(counts: Array, sizes: Array, rng: np.random.Generator, draws: int) -> Array:
    """Chances of labels by class, from counts by label and class."""
    chances = rng.gamma(counts + 1e-3, size=(draws, *counts.shape))
    joint = chances / chances.sum(axis=2, keepdims=True) * sizes[None, :, None]
    noise = np.swapaxes(joint, 1, 2)
    return np.asarray(noise / noise.sum(axis=2, keepdims=True))


def _unmixed(cells: Array, noise: Array) -> Array:
    """Cells by true class: what, sent through the noise, gives the cells by label."""
    solved = np.linalg.solve(np.swapaxes(noise, 1, 2), cells)
    return np.maximum(solved, 0.0)


def _check_noise(noise: Array, classes: int) -> None:
    good = noise.shape == (classes, classes) and bool(np.isfinite(noise).all())
    if not good or noise.min() < 0 or np.abs(noise.sum(axis=1) - 1).max() > 1e-6:
        raise BadOption(
            "noise is no matrix of chances.",
            known=f"It has {classes} rows and columns; row i says how often a row of class i gets "
            "each label, and sums to 1.",
            hint="noise=[[0.95, 0.05], [0.1, 0.9]]",
        )
    if np.linalg.cond(noise) > 1e3:
        raise BadOption(
            "labels as noisy as this say nothing of the classes.",
            known="Rows of different classes get each label about equally often.",
            hint="noise='reviewed', after a review of labels",
        )


def _draws(classes: int) -> int:
    return int(max(200, min(DRAWS, MOST_CELLS // classes**2)))


def _estimates(
    of: Reviewed, names: Sequence[str], plain: tuple[Array, Array], drawn: tuple[Array, Array]
) -> Estimates:
    """Corrected values and differences by name, with the middle 95 % of the draws."""
    found: Estimates = {}
    for name in names:
        measure = measure_of(name, of.positive, of.classes)
        given, corrected = (float(measure(table[None])[0]) for table in plain)
        given_draws, corrected_draws = (measure(table) for table in drawn)
        found[name] = (
            _middle(corrected, corrected_draws),
            _middle(corrected - given, corrected_draws - given_draws),
        )
    return found


def _middle(value: float, draws: Array) -> Estimate:
    known = draws[np.isfinite(draws)]
    if known.size < draws.size / 2:
        return Estimate(value, np.nan, np.nan)
    low, high = np.quantile(known, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Estimate(value, float(min(low, value)), float(max(high, value)))


Measure: TypeAlias = Callable[[Array], Array]


def metric_names(classes: Sequence[Any], *, is_binary: bool) -> tuple[str, ...]:
    """Metrics that follow from a table of labels and predictions."""
    if is_binary:
        return ("accuracy", "precision", "recall", "f1", "specificity", "balanced_accuracy", "mcc")
    return (
        "accuracy",
        "balanced_accuracy",
        "precision_macro",
        "recall_macro",
        "f1_macro",
        "mcc",
    )


def measure_of(name: str, positive: int, classes: int) -> Measure:
    """The metric of tables (draw, true, said), by its name or by `name[number of class]`."""
    base, _, inside = name.partition("[")
    k = int(inside[:-1]) if inside else positive
    if base in ("precision", "recall", "f1", "specificity"):
        return lambda table: _of_class(table, base, k)
    if base.endswith("_macro"):
        part = base.removesuffix("_macro")
        return lambda table: np.asarray(
            np.nanmean([_of_class(table, part, j) for j in range(classes)], axis=0)
        )
    return _WHOLE[base]


def _of_class(table: Array, name: str, k: int) -> Array:
    hit, actual, said = table[:, k, k], table[:, k].sum(axis=1), table[:, :, k].sum(axis=1)
    total = table.sum(axis=(1, 2))
    with np.errstate(invalid="ignore", divide="ignore"):
        if name == "precision":
            return np.asarray(hit / said)
        if name == "recall":
            return np.asarray(hit / actual)
        if name == "f1":
            return np.asarray(2 * hit / (actual + said))
        return np.asarray((total - actual - said + hit) / (total - actual))


def _accuracy(table: Array) -> Array:
    return np.asarray(np.trace(table, axis1=1, axis2=2) / table.sum(axis=(1, 2)))


def _balanced(table: Array) -> Array:
    classes = table.shape[-1]
    recalls = np.stack([_of_class(table, "recall", k) for k in range(classes)])
    return np.asarray(np.nanmean(recalls, axis=0))


def _mcc(table: Array) -> Array:
    total, hit = table.sum(axis=(1, 2)), np.trace(table, axis1=1, axis2=2)
    actual, said = table.sum(axis=2), table.sum(axis=1)
    over = total * hit - (actual * said).sum(axis=1)
    under = (total**2 - (said**2).sum(axis=1)) * (total**2 - (actual**2).sum(axis=1))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(over / np.sqrt(under))


_WHOLE: Mapping[str, Measure] = {
    "accuracy": _accuracy,
    "error_rate": lambda table: 1 - _accuracy(table),
    "balanced_accuracy": _balanced,
    "mcc": _mcc,
}
SUPPORTED = (*_WHOLE, "precision", "recall", "f1", "specificity")
