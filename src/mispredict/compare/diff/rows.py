"""What two models make of the same rows: fixed and broken ones, agreement, cells, losses."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from mispredict.compare.diff.cohorts import Texts
from mispredict.compare.diff.diff import (
    Agreement,
    ConfusionChange,
    EnsembleFigure,
    LossCell,
    LossPoints,
    RowGroup,
)
from mispredict.compare.diff.sides import Bools, Floats, Side
from mispredict.core.task import TaskKind
from mispredict.metrics.intervals import fisher_bounds, mean_bounds, wilson_bounds
from mispredict.metrics.paired import mcnemar

MOST_POINTS = 2000
LOSS_BINS = 28
MOST_CLASSES = 100  # of which all cells are looked at
_MOST_CELLS = 200
JUDGED = ("fixed", "broken", "both_wrong", "both_right")
MEASURED = ("nearer", "further", "equal")
_SAID = {
    "fixed": "wrong before, right now",
    "broken": "right before, wrong now",
    "both_wrong": "wrong before and now",
    "both_right": "right before and now",
    "nearer": "the loss is smaller now",
    "further": "the loss is larger now",
    "equal": "the loss is the same",
}


def group_codes(
    after: Side, before: Side, mask: Bools
) -> tuple[npt.NDArray[np.int8], tuple[str, ...]]:
    """Which group each row is in by both models (-1: in none), and the groups' names."""
    new, old = after.costs, before.costs
    known = mask & ~np.isnan(new) & ~np.isnan(old)
    names: tuple[str, ...] = JUDGED if after.is_judged else MEASURED
    code = np.full(len(known), 3 if after.is_judged else 2, np.int8)
    if after.is_judged:
        code[new > 0] = 2
    code[new < old] = 0
    code[new > old] = 1
    code[~known] = -1
    return code, names


def row_groups(
    codes: npt.NDArray[np.int8], names: tuple[str, ...], texts: Texts
) -> tuple[RowGroup, ...]:
    """How many rows were fixed, broken and so on, each as a cohort."""
    counts = np.bincount(codes[codes >= 0], minlength=len(names))
    total = int(counts.sum())
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = counts / total
    low, high = wilson_bounds(shares, np.full(len(names), float(total)), 0.95)
    return tuple(
        RowGroup(
            name, int(counts[i]), float(shares[i]), float(low[i]), float(high[i]),
            texts.group(name), _SAID[name],
        )
        for i, name in enumerate(names)
    )  # fmt: skip


def agreement(after: Side, before: Side, mask: Bools) -> Agreement:
    """How often both say the same."""
    new, old = after.outcomes.prediction, before.outcomes.prediction
    nan = float("nan")
    if new is None or old is None:
        return Agreement(0, -1, nan, nan, nan, nan, nan, nan, nan)
    if after.outcomes.task.kind is TaskKind.REGRESSION:
        known = mask & ~np.isnan(new) & ~np.isnan(old)
        return _of_numbers(new[known], old[known])
    if new.ndim == 2:
        counted = mask & after.columns.counted() & before.columns.counted()
        same = (new == old).all(axis=1)[counted]
        return _shared(int(same.sum()), len(same), (nan, nan, nan))
    known = mask & (new >= 0) & (old >= 0)
    k = len(after.outcomes.task.classes)
    table = np.bincount(new[known] * k + old[known], minlength=k * k).reshape(k, k)
    return _shared(int(np.trace(table)), int(table.sum()), _kappa(table))


def _of_numbers(new: Floats, old: Floats) -> Agreement:
    n, nan = len(new), float("nan")
    varied = n > 3 and new.std() > 0 and old.std() > 0
    value = float(np.corrcoef(new, old)[0, 1]) if varied else nan
    same = int((new == old).sum())
    return Agreement(n, same, nan, nan, nan, nan, nan, nan, value)


def _shared(same: int, n: int, kappa: tuple[float, float, float]) -> Agreement:
    share = same / n if n else float("nan")
    low, high = wilson_bounds(np.array(share), np.array(float(n)), 0.95)
    return Agreement(n, same, share, float(low), float(high), *kappa, float("nan"))


def _kappa(table: npt.NDArray[np.int64]) -> tuple[float, float, float]:
    """Cohen's kappa with its interval (Fleiss, Cohen & Everitt 1969, on Fisher's z scale)."""
    n = float(table.sum())
    if not n:
        return float("nan"), float("nan"), float("nan")
    p = table / n
    row, column = p.sum(axis=1), p.sum(axis=0)
    seen, chance = float(np.trace(p)), float(row @ column)
    if chance >= 1:
        return float("nan"), float("nan"), float("nan")
    kappa = (seen - chance) / (1 - chance)
    diagonal = np.diag(p) * (1 - (row + column) * (1 - kappa)) ** 2
    away = p * (column[:, None] + row[None, :]) ** 2
    off = (1 - kappa) ** 2 * float(away.sum() - np.diag(away).sum())
    spread = float(diagonal.sum()) + off - (kappa - chance * (1 - kappa)) ** 2
    error = math.sqrt(max(spread, 0.0) / n) / (1 - chance)
    low, high = fisher_bounds(np.array(kappa), np.array(error), 0.95)
    return kappa, float(low), float(high)


def confusion_changes(
    after: Side, before: Side, mask: Bools, texts: Texts
) -> tuple[ConfusionChange, ...]:
    """Cells of the confusion table that gained or lost rows, those that differ most first."""
    task = after.outcomes.task
    if not task.is_classification or len(task.classes) > MOST_CLASSES:
        return ()
    k = len(task.classes)
    new, old = after.columns.cells(), before.columns.cells()
    known = mask & (new >= 0) & (old >= 0)
    now, was = new[known], old[known]
    counts = [np.bincount(part, minlength=k * k) for part in (was, now)]
    moved = now != was
    came = np.bincount(now[moved], minlength=k * k)
    left = np.bincount(was[moved], minlength=k * k)
    order = np.argsort(-np.abs(counts[1] - counts[0]), kind="stable")
    found: list[ConfusionChange] = []
    for cell in order.tolist():
        if (not counts[0][cell] and not counts[1][cell]) or len(found) >= _MOST_CELLS:
            continue
        label, prediction = task.classes[cell // k], task.classes[cell % k]
        found.append(
            ConfusionChange(
                label, prediction, int(counts[0][cell]), int(counts[1][cell]),
                int(counts[1][cell] - counts[0][cell]), int(came[cell]), int(left[cell]),
                mcnemar(int(came[cell]), int(left[cell])),
                texts.cell(label, prediction, is_new=True),
                texts.cell(label, prediction, is_new=False),
            )
        )  # fmt: skip
    return tuple(found)


def loss_points(
    after: Side,
    before: Side,
    codes: npt.NDArray[np.int8],
    names: tuple[str, ...],
    *,
    most: int = MOST_POINTS,
) -> LossPoints | None:
    """Rows with both losses: half of them those that differ most, half drawn from the rest."""
    new, old = after.outcomes.loss, before.outcomes.loss
    if new is None or old is None:
        return None
    rows = np.flatnonzero((codes >= 0) & np.isfinite(new) & np.isfinite(old))
    total = len(rows)
    edges, cells = _cells(old[rows], new[rows])
    if total > most:
        gap = -np.abs(new[rows] - old[rows])
        order = np.argpartition(gap, most // 2)
        rest = np.random.default_rng(0).choice(
            order[most // 2 :], most - most // 2, replace=False, shuffle=False
        )
        rows = np.sort(rows[np.concatenate([order[: most // 2], rest])])
    kind = after.outcomes.task.kind
    measure = "absolute error" if kind is TaskKind.REGRESSION else "loss"
    return LossPoints(
        tuple(rows.tolist()), tuple(_digits(old[rows])), tuple(_digits(new[rows])),
        tuple(codes[rows].tolist()), names, total, measure, edges, cells,
    )  # fmt: skip


def _cells(old: Floats, new: Floats) -> tuple[tuple[float, ...], tuple[LossCell, ...]]:
    """Edges that are closer where losses are small, and the rows between them."""
    if not len(old):
        return (), ()
    least, most = float(min(old.min(), new.min())), float(max(old.max(), new.max()))
    start = min(least, 0.0)
    edges = start + np.linspace(0, math.sqrt(max(most - start, 1e-9)), LOSS_BINS + 1) ** 2
    places = [np.clip(np.searchsorted(edges, x, "right") - 1, 0, LOSS_BINS - 1) for x in (old, new)]
    counts = np.bincount(places[0] * LOSS_BINS + places[1], minlength=LOSS_BINS**2)
    held = np.flatnonzero(counts)
    found = (LossCell(at // LOSS_BINS, at % LOSS_BINS, int(counts[at])) for at in held.tolist())
    return tuple(_digits(edges)), tuple(found)


def ensemble(sides: Sequence[Side], mask: Bools) -> tuple[EnsembleFigure, ...]:
    """The best model, what all together would say, and the oracle that picks for each row."""
    costs = np.array([side.costs for side in sides])
    known = mask & ~np.isnan(costs).any(axis=0)
    if not known.any():
        return ()
    costs = costs[:, known]
    is_judged = sides[0].is_judged
    best = int(costs.mean(axis=1).argmin())
    found = [_ensemble("best", costs[best], is_judged, f"{sides[best].model} alone")]
    together = _together(sides, known)
    if together is not None:
        name, cost, words = together
        found.append(_ensemble(name, cost, is_judged, words))
    words = "for each row a model that is right, if any is" if is_judged else "the nearest of each"
    found.append(_ensemble("oracle", costs.min(axis=0), is_judged, words))
    return tuple(found)


def _together(sides: Sequence[Side], known: Bools) -> tuple[str, Floats, str] | None:
    """The average of probabilities or numbers, or the vote of three or more."""
    first = sides[0].outcomes
    label = None if first.label is None else first.label[known]
    if label is None or first.task.kind is TaskKind.MULTILABEL:
        return None
    if first.task.kind is TaskKind.REGRESSION:
        said = np.mean([side.outcomes.prediction[known] for side in sides], axis=0)  # type: ignore[index]
        return "average", np.abs(said - label), "the mean of their predictions"
    k = len(first.task.classes)
    if all(side.outcomes.has_probabilities for side in sides):
        scores = np.zeros((len(label), k))
        for side in sides:
            for code in range(k):
                chance = side.outcomes.probability(code)
                assert chance is not None  # it has probabilities
                scores[:, code] += chance[known]
        return "average", (scores.argmax(axis=1) != label) * 1.0, "the mean of their probabilities"
    if len(sides) < 3:
        return None
    votes = np.zeros((len(label), k))
    for side in sides:
        votes[np.arange(len(label)), side.outcomes.prediction[known]] += 1  # type: ignore[index]
    return "vote", (votes.argmax(axis=1) != label) * 1.0, "the majority of them"


def _ensemble(name: str, cost: Floats, is_judged: bool, words: str) -> EnsembleFigure:
    n = len(cost)
    if is_judged:
        value = 1 - float(cost.mean())
        low, high = (float(part) for part in wilson_bounds(np.array(value), np.array(n), 0.95))
        return EnsembleFigure(name, value, low, high, n, words)
    value, spread = float(cost.mean()), float(cost.std(ddof=1)) if n > 1 else 0.0
    error = spread / math.sqrt(n)
    skew = float(((cost - value) ** 3).mean()) / spread**3 / math.sqrt(n) if spread else 0.0
    at, se, third, freedom = (np.array([part]) for part in (value, error, skew, n - 1.0))
    low, high = (float(part[0]) for part in mean_bounds(at, se, third, freedom, 0.95))
    return EnsembleFigure(name, value, low, high, n, words)


def _digits(values: Floats) -> list[float]:
    """The values in five digits, which is all that a picture shows."""
    return [float(f"{value:.5g}") for value in values.tolist()]
