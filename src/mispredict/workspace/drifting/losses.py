"""What errors of a regression are learned from: inputs that both sides have, and predictions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from mispredict.core.schema import ColumnType
from mispredict.data.estimated.losses import Answered, LossEstimator
from mispredict.workspace.drifting.sides import shared_columns

if TYPE_CHECKING:
    import pyarrow as pa

    from mispredict.data.drift.counting import Named
    from mispredict.data.estimated.estimated import Estimate
    from mispredict.workspace.drifting.sides import Rows

METHOD = "direct loss estimation (DLE)"
MOST_WORDS = 250  # of a category that are told apart; the learner knows 255
EDGE = (
    "Errors are learned by trees: beyond the range of the reference they say what they say at its "
    "edge. Coverage tells how many rows lie there."
)

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Estimating = Callable[[Bools], "dict[str, Estimate]"]


def losses_of(
    before: Rows,
    after: Rows,
    metrics: Sequence[str],
    *,
    seed: int,
    cancel: Callable[[], bool] | None = None,
) -> tuple[Estimating, float, tuple[str, ...]]:
    """What estimates the errors of current rows, its level, and notes on what it stands on."""
    coded = shared_columns(before, after, None)[0]
    inputs = [item for item in coded if item.role == "input"]
    words = [_words(before, item) for item in inputs]
    learned = _answered(before, inputs, words).take(before.side.selected)
    estimator = LossEstimator(learned, metrics, seed=seed, cancel=cancel)
    rows = _answered(after, inputs, words)
    names = ", ".join(item.name for item in inputs) or "no input"
    said = f"Errors are learned from {names} and the prediction."
    return lambda mask: estimator(rows.take(mask), metrics), estimator.level, (said, EDGE)


def _words(rows: Rows, column: Named) -> pa.Array | None:
    """The commonest values of a category in the reference; None of numbers."""
    import pyarrow.compute as pc

    if rows.table.kind(column.name, column.is_input) is not ColumnType.CATEGORICAL:
        return None
    import pyarrow as pa

    mask = pa.array(rows.side.selected)
    values = _text(rows, column).filter(mask).drop_null()
    counts = pc.value_counts(values)
    order = pc.sort_indices(counts.field("counts"), sort_keys=[("", "descending")])
    return counts.field("values").take(order[:MOST_WORDS])


def _answered(rows: Rows, columns: Sequence[Named], words: Sequence[pa.Array | None]) -> Answered:
    """All rows of a side."""
    of = rows.evaluation
    assert of is not None  # has predictions, and so is one
    pairs = list(zip(columns, words, strict=True))
    features = [_feature(rows, column, known) for column, known in pairs]
    outcomes = of.outcomes
    nothing = np.full(of.n, np.nan)
    label, said = outcomes.label, outcomes.prediction
    return Answered(
        np.column_stack(features) if features else np.empty((of.n, 0)),
        np.array([known is not None for _, known in pairs], dtype=bool),
        nothing if said is None else np.asarray(said, np.float64),
        nothing if label is None else np.asarray(label, np.float64),
        outcomes.weight,
    )


def _feature(rows: Rows, column: Named, words: pa.Array | None) -> Floats:
    if words is None:
        return rows.table.values(column.name, column.is_input)
    import pyarrow.compute as pc

    places = pc.index_in(_text(rows, column), value_set=words)
    return np.asarray(pc.fill_null(places.cast("float64"), np.nan), np.float64)


def _text(rows: Rows, column: Named) -> pa.ChunkedArray:
    import pyarrow as pa

    return rows.table.column(column.name, column.is_input).cast(pa.large_string())
