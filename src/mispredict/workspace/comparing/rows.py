"""Rows of one dataset version found again in another: by their id, else by their content."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from mispredict.core.errors import BadOption
from mispredict.core.task import Task, TaskKind

if TYPE_CHECKING:
    from mispredict.metrics.outcomes import Outcomes
    from mispredict.workspace.dataset import Dataset

Bools = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Matched:
    """Where each row of a dataset is in another one: `places`, -1 where it is not.

    `by` is the name of the id, or "content". `is_changed` rows have other values there,
    `is_relabelled` ones another label.
    """

    by: str
    places: Places
    others: int
    is_changed: Bools
    is_relabelled: Bools

    @property
    def n(self) -> int:
        """How many rows both have."""
        return int((self.places >= 0).sum())

    @property
    def only_other(self) -> int:
        """How many rows only the other one has."""
        return self.others - self.n


def matched(of: Dataset, other: Dataset) -> Matched:
    """Where the rows of a dataset version are in another one."""
    if of.ref == other.ref:
        nothing = np.zeros(of.n, np.bool_)
        return Matched(of.id or "content", np.arange(of.n), other.n, nothing, nothing)
    is_by_id = bool(of.id and of.id == other.id)
    mine, theirs = (_hashes(item, _content(of, other)) for item in (of, other))
    if is_by_id:
        assert of.id is not None  # checked by is_by_id
        keys = [np.asarray(item.column(item.id).to_pandas()) for item in (of, other)]  # type: ignore[arg-type]
    else:
        keys = [_counted(mine), _counted(theirs)]
    places = _places(*keys)
    found = places >= 0
    changed, relabelled = np.zeros(of.n, np.bool_), np.zeros(of.n, np.bool_)
    changed[found] = mine[found] != theirs[places[found]]
    if of.label and of.label in other.schema:
        labels = [np.asarray(_hashes(item, [of.label])) for item in (of, other)]
        relabelled[found] = labels[0][found] != labels[1][places[found]]
    return Matched(of.id if is_by_id and of.id else "content", places, other.n, changed, relabelled)


def aligned(outcomes: Outcomes, found: Matched, label: Any) -> Outcomes:
    """Outcomes of another dataset version in the order of this one's rows.

    Rows that are not there do not count; rows are judged by this version's labels, so that the
    losses of relabelled rows, which were of the other label, are missing.
    """
    places = np.maximum(found.places, 0)
    is_there = found.places >= 0
    if not is_there.any():
        raise BadOption(
            "the dataset versions have no row in common.",
            known=f"Rows were matched by {found.by}.",
            hint="an id=… column that names the same rows in both versions",
        )
    taken = outcomes.take(places)
    loss = None
    if taken.loss is not None:
        loss = np.where(is_there & ~found.is_relabelled, taken.loss, np.nan)
    known = None if taken.known is None else taken.known & is_there
    return replace(
        taken,
        label=_missing(label, is_there),
        prediction=_missing(taken.prediction, is_there),
        loss=loss,
        known=known,
    )


def labels_of(of: Dataset, task: Task) -> Any:
    """The dataset's labels as the outcomes of a task have them; None without any."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not of.label or task.kind is TaskKind.SCORE:
        return None
    column = of.column(of.label)
    if task.kind is TaskKind.REGRESSION:
        return np.asarray(column.to_pandas(), np.float64)
    if task.kind is TaskKind.MULTILABEL:
        from mispredict.evaluations.derive import indicator

        return indicator(column, task.classes)
    names = pa.array([str(item) for item in task.classes])
    text = pc.cast(column, pa.string()) if not pa.types.is_boolean(column.type) else None
    if text is None:
        text = pa.chunked_array([[None if v is None else str(v) for v in column.to_pylist()]])
    places = pc.fill_null(pc.index_in(text, value_set=names), -1)
    return np.asarray(places, np.int32)


def _missing(values: Any, is_there: Bools) -> Any:
    """The values, missing where the row is not there."""
    if values is None or values.ndim == 2:
        return values
    nothing = -1 if values.dtype.kind in "iu" else np.nan
    return np.where(is_there, values, nothing).astype(values.dtype)


def _content(of: Dataset, other: Dataset) -> list[str]:
    """The columns by which rows are the same: those that both have, but ids."""
    shared = [name for name in of.schema.names if name in other.schema]
    return [name for name in shared if name not in (of.id, other.id)]


def _hashes(of: Dataset, columns: list[str]) -> npt.NDArray[np.uint64]:
    """A hash of each row's values."""
    import pandas as pd

    total = np.zeros(of.n, np.uint64)
    with np.errstate(over="ignore"):
        for name in columns:
            values = of.column(name).to_pandas()
            if values.dtype == object:
                values = values.map(repr)
            hashed = pd.util.hash_pandas_object(values, index=False).to_numpy()
            total = total * np.uint64(0x9E3779B97F4A7C15) + hashed
    return total


def _counted(hashes: npt.NDArray[np.uint64]) -> Any:
    """Hashes told apart by their number among equal ones, so that copies are matched singly."""
    import pandas as pd

    series = pd.Series(hashes)
    with np.errstate(over="ignore"):
        number = series.groupby(series).cumcount().to_numpy().astype(np.uint64)
        return hashes + number * np.uint64(0xBF58476D1CE4E5B9)


def _places(keys: Any, others: Any) -> Places:
    """Where each key is among the others; -1 where it is not."""
    import pandas as pd

    index = pd.Index(others)
    if not index.is_unique:
        first = ~pd.Series(others).duplicated().to_numpy()
        found: Places = np.asarray(pd.Index(np.asarray(others)[first]).get_indexer(keys), np.int64)
        numbers = np.flatnonzero(first)
        return np.where(found >= 0, numbers[np.maximum(found, 0)], -1)
    return np.asarray(index.get_indexer(keys), np.int64)
