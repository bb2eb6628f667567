"""What is special in a selection: the main metrics there and in the rest, and the difference."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mispredict.core.task import TaskKind
from mispredict.workspace.exploration import SummaryRow

if TYPE_CHECKING:
    from mispredict.metrics.measure import MetricRow
    from mispredict.workspace.evaluation import Evaluation

COSTLY = ("roc_auc", "average_precision", "ece", "median_absolute_error", "loss_quantile[0.9]")
MOST_ROWS = 200_000  # up to which costly metrics, which sort rows, are in the summary
MOST_CLASSES = 100  # of which counts by label and prediction are made


def summary_of(
    of: Evaluation, selected: NDArray[np.bool_]
) -> tuple[tuple[SummaryRow, ...], tuple[str, ...]]:
    """The metrics, and notes on what was left out."""
    from mispredict.metrics.measure import measure
    from mispredict.metrics.outcomes import Groups

    names, notes = _names(of)
    if not names:
        return (), notes
    groups = Groups(("rest", "selection"), selected.view(np.uint8))
    rows = measure(of.outcomes, groups, metrics=names)
    half = len(rows) // 2
    return tuple(_compared(b, a) for a, b in zip(rows[:half], rows[half:], strict=True)), notes


def _names(of: Evaluation) -> tuple[Sequence[str], tuple[str, ...]]:
    from mispredict.metrics.registry import default_metrics

    if "label" not in of.fields.reserved and of.task.kind is not TaskKind.SCORE:
        return (), ("Without labels there is nothing to measure.",)
    names = default_metrics(of.task, has_probabilities=of.outcomes.has_probabilities)
    if of.n > MOST_ROWS:
        left = [name for name in names if name in COSTLY]
        note = f"Left out above {MOST_ROWS:,} rows: {', '.join(left)}."
        return [name for name in names if name not in COSTLY], (note,) if left else ()
    return names, ()


def _compared(inside: MetricRow, rest: MetricRow) -> SummaryRow:
    from mispredict.cohorts.estimates import difference_bounds

    low, high = difference_bounds(
        (inside.value, inside.low, inside.high), (rest.value, rest.low, rest.high), 0.0
    )
    return SummaryRow(
        inside.metric, inside.value, inside.low, inside.high, inside.n,
        rest.value, rest.low, rest.high, rest.n,
        inside.value - rest.value, low, high,
    )  # fmt: skip
