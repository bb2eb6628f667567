"""An example with other values, predicted again and set beside what it was."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt

from mispredict.core.errors import ModelError
from mispredict.core.results import Result, Source, plain
from mispredict.core.task import Task, probability_column
from mispredict.explain.counterfactuals.search_answers import Said
from mispredict.explain.counterfactuals.search_calls import Asker, Queries, no_class
from mispredict.explain.counterfactuals.search_space import INFINITY, Space

if TYPE_CHECKING:
    import pandas as pd

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Change:
    """A value that is not what it was."""

    column: str
    before: Any
    after: Any

    def __str__(self) -> str:
        return f"{self.column}: {' → '.join(_told_apart(self.before, self.after))}"


@dataclass(frozen=True, slots=True)
class Chance:
    """The probability of a class."""

    name: Any
    value: float


@dataclass(frozen=True, slots=True)
class Variant:
    """The example with some changes; number 0 is the example as it is.

    `prediction` is None where the model failed on it. `is_flipped` says that the prediction is
    another than without changes (of a regression: any other number), `shift` by how much the
    probability of the class that was predicted without changes has moved (of a regression: the
    value).
    """

    variant: int
    changes: tuple[Change, ...]
    prediction: Any
    is_flipped: bool
    shift: float
    confidence: float
    loss: float
    probabilities: tuple[Chance, ...]
    note: str

    @property
    def name(self) -> str:
        return "; ".join(map(str, self.changes)) or "as it is"


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The nearest row of the data that has another prediction, and in what it differs."""

    row: int
    id: Any
    distance: float
    prediction: Any
    label: Any
    differences: tuple[Change, ...]


@dataclass(frozen=True)
class WhatIf(Result):
    """An example as it is and with changes, side by side."""

    rows: tuple[Variant, ...]
    row: int
    id: Any
    label: Any
    nearest: Neighbour | None
    queries: Queries
    source: Source
    note: str

    title: ClassVar[str] = "What if"

    @property
    def columns(self) -> tuple[str, ...]:
        """The fields of a variant, with a column for the probability of each class."""
        names = [field.name for field in fields(Variant) if field.name != "probabilities"]
        chances = [probability_column(item.name) for item in self.rows[0].probabilities]
        return (*names[:-1], *chances, names[-1])

    def records(self) -> list[dict[str, Any]]:
        """One dictionary per variant, its changes as one text."""
        return [
            {
                **{name: getattr(row, name, None) for name in self.columns},
                **{probability_column(item.name): item.value for item in row.probabilities},
                "changes": row.name,
            }
            for row in self.rows
        ]

    @property
    def where(self) -> str:
        """The nearest row with another prediction as a cohort; the row itself without one."""
        return f"row = {self.nearest.row if self.nearest else self.row}"


@dataclass(frozen=True, slots=True)
class Example:
    """The row that is changed: its number, what it is called, its truth, its inputs.

    `prediction` is what the evaluation says of it.
    """

    row: int
    id: Any
    label: Any
    frame: pd.DataFrame
    prediction: Any = None


def find_what_if(
    asker: Asker,
    example: Example,
    variants: Sequence[Mapping[str, Any]],
    *,
    ranges: Mapping[str, tuple[Any, Any]],
    nearest: Callable[[int], Neighbour | None],
    has_features: bool,
    used: Sequence[str] | None,
    source: Source,
) -> WhatIf:
    """The example and its variants as the model predicts them now.

    Args:
        asker: of the model.
        example: the row.
        variants: checked changes.
        ranges: least and largest value of each number in the data.
        nearest: the nearest row with another prediction than the class of this place.
        has_features: whether rows have numbers or categories, by which they can be near.
        used: columns that the model says it takes; None where it does not say.
        source: what it stands on.
    """
    frames = [example.frame, *(changed_frame(example.frame, item) for item in variants)]
    said = _ask(asker, frames)
    if said.codes[0] < 0:
        raise ModelError(
            f"the model fails on row {example.row:,} as it is.",
            known=f"It said: {asker.queries.failure or 'nothing'}.",
            hint="another row",
        )
    stored, now = example.prediction, said.prediction(0)
    if asker.task.is_classification and now not in asker.task.classes and now != stored:
        raise no_class(asker.name, [now], asker.task)
    near = nearest(int(said.codes[0]))
    rows = [_variant(asker.task, said, 0, example, {}, "")]
    for at, changes in enumerate(variants, 1):
        rows.append(_variant(asker.task, said, at, example, changes, _note(changes, ranges, used)))
    notes = [_disagreement(stored, now), "" if near else _why_no_nearest(asker.task, has_features)]
    note = " ".join(filter(None, notes))
    return WhatIf(
        tuple(rows), example.row, example.id, example.label, near, asker.queries, source, note
    )


def nearest_row(space: Space, pool: Floats, row: Floats) -> tuple[int, float] | None:
    """Place of the nearest row of the pool, and how far it is; None of an empty one."""
    if not len(pool) or not len(space):
        return None
    far = space.distances(row[None], pool)[0]
    best = int(far.argmin())
    return best, float(far[best])


def changed_frame(frame: pd.DataFrame, changes: Mapping[str, Any]) -> pd.DataFrame:
    """The one row with other values; types stay where the value fits them."""
    import pandas as pd

    changed = frame.copy()
    for name, value in changes.items():
        dtype = frame[name].dtype
        boxed = np.empty(1, dtype=object)
        boxed[0] = value
        series = pd.Series(boxed, index=frame.index)
        if isinstance(dtype, pd.CategoricalDtype) and value not in [*dtype.categories, None]:
            dtype = pd.CategoricalDtype([*dtype.categories, value])
        if value is None and dtype.kind in "iu":
            dtype = np.dtype(np.float64)
        if not (value is None and dtype.kind == "b"):
            series = series.astype(dtype)
        changed[name] = series
    return changed


def losses(task: Task, said: Said, label: Any) -> Floats:
    """Loss of each answer against one label; NaN where either is unknown."""
    import pyarrow as pa

    from mispredict.evaluations import derive

    loss = np.full(len(said), np.nan)
    rows = np.flatnonzero(said.known)
    if label is None or not len(rows) or (said.values is None and not _is_class(label, said)):
        return loss
    part = said.take(rows)
    known = pa.array(part.classes).type if part.classes else None
    kind = pa.large_list(known) if part.sets is not None else known
    column = pa.chunked_array([pa.array([label] * len(rows), type=kind)])
    if part.values is not None:
        loss[rows] = np.abs(float(label) - part.values)
    elif part.sets is not None:
        wide = Task(task.kind, part.classes)
        found = derive.multilabel(wide, column, part.sets, part.probabilities)["loss"]
        loss[rows] = found.to_numpy(zero_copy_only=False)
    else:
        wide = Task(task.kind, part.classes)
        codes = part.codes.astype(np.int32)
        found = derive.classification(wide, column, codes, part.probabilities)["loss"]
        loss[rows] = found.to_numpy(zero_copy_only=False)
    return loss


def _is_class(label: Any, said: Said) -> bool:
    """Whether the label, or each of several, is a class that the answers know."""
    return set(label if isinstance(label, (list, tuple)) else [label]) <= set(said.classes)


def _ask(asker: Asker, frames: Sequence[pd.DataFrame]) -> Said:
    """The frames in one call, or one each where their types differ."""
    import pandas as pd

    types = {tuple(map(str, frame.dtypes)) for frame in frames}
    if len(types) == 1:
        return asker.ask(pd.concat(frames, ignore_index=True), is_free=True)
    parts = [asker.ask(frame, is_free=True) for frame in frames]
    width = len(parts[-1].classes)
    return Said(
        np.concatenate([part.codes for part in parts]),
        parts[-1].classes,
        _stacked([part.probabilities for part in parts], width),
        None if parts[0].values is None else np.concatenate([part.values for part in parts]),
        _sets([part.sets for part in parts]),
    )


def _stacked(parts: Sequence[Floats | None], width: int) -> Floats | None:
    """Probabilities of single rows, where failed ones have none."""
    if all(part is None for part in parts):
        return None
    result = np.full((len(parts), width), np.nan)
    for at, part in enumerate(parts):
        if part is not None:
            result[at, : part.shape[1]] = part[0]
    return result


def _sets(parts: Sequence[npt.NDArray[np.bool_] | None]) -> npt.NDArray[np.bool_] | None:
    known = [part for part in parts if part is not None]
    if not known:
        return None
    return np.concatenate([known[0] & False if part is None else part for part in parts])


def _variant(
    task: Task, said: Said, at: int, example: Example, changes: Mapping[str, Any], note: str
) -> Variant:
    is_known = bool(said.known[at])
    chances: tuple[Chance, ...] = ()
    confidence = shift = np.nan
    if said.probabilities is not None:
        row = said.probabilities[at]
        chances = tuple(
            Chance(plain(name), float(p)) for name, p in zip(said.classes, row, strict=True)
        )
        confidence = float(row.max())
    if said.values is not None:
        shift = float(said.values[at] - said.values[0])
    elif said.sets is None and said.probabilities is not None:
        shift = float(said.probabilities[at, said.codes[0]] - said.probabilities[0, said.codes[0]])
    before = example.frame.iloc[0]
    made = [Change(name, _plain(before[name]), _plain(value)) for name, value in changes.items()]
    return Variant(
        variant=at,
        changes=tuple(change for change in made if change.before != change.after),
        prediction=plain(said.prediction(at)),
        is_flipped=is_known and _flips(said, at),
        shift=shift,
        confidence=confidence,
        loss=float(losses(task, said.take(np.array([at])), example.label)[0]),
        probabilities=chances,
        note=note if is_known else "The model failed on it.",
    )


def _disagreement(stored: Any, now: Any) -> str:
    """What to say of a model that does not predict the row as it once did."""
    if stored is None or (isinstance(stored, float) and np.isnan(stored)):
        return ""
    if isinstance(now, float):
        is_same = bool(np.isclose(float(stored), now, rtol=1e-4, atol=1e-9))
    elif isinstance(now, tuple):
        is_same = set(now) == set(stored)
    else:
        is_same = bool(stored == now)
    if is_same:
        return ""
    return (
        f"The model now predicts {_word(plain(now))} for the row as it is, the evaluation says"
        f" {_word(plain(stored))}: it has changed since, or answers at random."
    )


def _why_no_nearest(task: Task, has_features: bool) -> str:
    if not task.is_classification:
        return f"A {task.kind} task has no other class, so no nearest row is shown."
    if not has_features:
        return "Rows without numbers or categories have no nearest one."
    return "No row of the data has another prediction."


def _flips(said: Said, at: int) -> bool:
    if said.values is not None:
        return bool(said.values[at] != said.values[0])
    return bool(said.codes[at] != said.codes[0])


def _note(
    changes: Mapping[str, Any], ranges: Mapping[str, tuple[Any, Any]], used: Sequence[str] | None
) -> str:
    notes = []
    for name, value in changes.items():
        low, high = ranges.get(name, (None, None))
        if low is not None and value is not None and not low <= value <= high:
            notes.append(f"{name} is beyond the data ({plain(low)} to {plain(high)}).")
        if used is not None and name not in used:
            notes.append(f"The model does not take {name}.")
    return " ".join(notes)


def _plain(value: Any) -> Any:
    """The value for a person: no NaN, no NumPy, a time as text, infinity as a word."""
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return None
    if isinstance(value, float) and np.isinf(value):
        return INFINITY if value > 0 else f"-{INFINITY}"
    if type(value).__name__ in ("NaTType", "NAType"):
        return None
    return plain(value)


def _told_apart(before: Any, after: Any) -> tuple[str, str]:
    """The words of two values, numbers with as many digits as tell them apart."""
    if isinstance(before, float) and isinstance(after, float) and before != after:
        for digits in range(6, 18):
            words = f"{before:.{digits}g}", f"{after:.{digits}g}"
            if words[0] != words[1]:
                return words
    return _word(before), _word(after)


def _word(value: Any) -> str:
    if value is None:
        return "missing"
    if isinstance(value, float):
        return f"{value:.6g}"
    text = str(value)
    return text if len(text) <= 60 else f"{text[:59]}…"
