"""What a model said of rows before and after a perturbation."""

from __future__ import annotations

from dataclasses import InitVar, dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt

from mispredict.core.cells import plain_cell
from mispredict.core.figures import percent
from mispredict.core.results import Result, Source
from mispredict.core.words import counted
from mispredict.metrics.intervals import wilson
from mispredict.perturb.applying import Altered, differs

if TYPE_CHECKING:
    import pandas as pd

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Voiced:
    """What a model says of n rows.

    `predictions` are plain values, None where it could not say; `probabilities` are those of
    the class that was predicted before; `values` are numbers of a regression.
    """

    predictions: tuple[Any, ...]
    probabilities: Floats
    values: Floats | None = None


@dataclass(frozen=True, slots=True)
class PerturbedRow:
    """A row whose inputs were changed: the changed cells, and what the model says of it.

    `probability` is of the class that was predicted before. `flipped` says whether the
    prediction changed; None where the model could not answer.
    """

    row: int
    id: Any
    before: dict[str, Any]
    after: dict[str, Any]
    label: Any
    prediction: Any
    prediction_after: Any
    probability: float
    probability_after: float
    flipped: bool | None


@dataclass(frozen=True)
class Perturbed(Result):
    """Rows before and after a perturbation, those whose prediction changed first.

    `share` is that of the `flips` among the `altered` rows that the model answered, with its
    interval. Where the label is kept, `accuracy` and `accuracy_after` are over the same rows.
    """

    rows: tuple[PerturbedRow, ...]
    perturbation: str
    strength: float
    seed: int
    keeps_label: bool
    n: int
    altered: int
    failed: int
    flips: int
    share: float
    low: float
    high: float
    accuracy: float
    accuracy_after: float
    tolerance: float
    source: Source
    seconds: float
    note: str
    frame: InitVar[Any] = None
    labels: InitVar[tuple[Any, ...]] = ()

    row_type: ClassVar[type] = PerturbedRow
    title: ClassVar[str] = "Perturbed rows"

    def __post_init__(self, frame: Any, labels: tuple[Any, ...]) -> None:
        object.__setattr__(self, "_inputs", frame)
        object.__setattr__(self, "_labels", labels)

    @property
    def inputs(self) -> pd.DataFrame:
        """All changed rows as the model was given them, to be kept as a dataset or trained on."""
        found: pd.DataFrame = self._inputs  # type: ignore[attr-defined]
        return found

    def labelled(self, name: str = "label") -> pd.DataFrame:
        """The changed rows with their right answers, to train on.

        Answers are missing where the perturbation may have changed them.
        """
        import pandas as pd

        labels: tuple[Any, ...] = self._labels  # type: ignore[attr-defined]
        known = labels if self.keeps_label else (None,) * len(labels)
        return self.inputs.assign(**{name: pd.Series(known, dtype=object)})

    @property
    def sentence(self) -> str:
        """The finding in a sentence."""
        if not self.altered:
            return f"“{self.perturbation}” changed none of the {counted(self.n, 'row')}."
        if self.failed == self.altered:
            return (
                f"“{self.perturbation}” at strength {self.strength:g} changed {self.altered:,} of "
                f"{counted(self.n, 'row')}, and the model could answer none of them."
            )
        return (
            f"“{self.perturbation}” at strength {self.strength:g} changed {self.altered:,} of "
            f"{counted(self.n, 'row')}, and the prediction of {self.flips:,} of them: "
            f"{percent(self.share)} ({percent(self.low)} to {percent(self.high)})."
            f"{self._unanswered}"
        )

    @property
    def _unanswered(self) -> str:
        return f" The model could not answer {self.failed:,} of them." if self.failed else ""

    def records(self) -> list[dict[str, Any]]:
        """One dictionary per row, with the changed cells as text."""
        return [
            {**record, "before": _cells(row.before), "after": _cells(row.after)}
            for record, row in zip(super().records(), self.rows, strict=True)
        ]

    def __str__(self) -> str:
        return f"{self.sentence}\n{super().__str__()}"


@dataclass(frozen=True, eq=False)
class Subjects:
    """The rows that were changed: numbers, ids, labels, inputs."""

    numbers: Whole
    ids: tuple[Any, ...]
    labels: tuple[Any, ...]
    frame: pd.DataFrame


def judged(
    subjects: Subjects,
    altered: Altered,
    before: Voiced,
    after: Voiced,
    *,
    tolerance: float,
    limit: int,
    source: Source,
    seconds: float,
) -> Perturbed:
    """What the change did to the predictions.

    Args:
        subjects: the rows as they were.
        altered: the rows after the change.
        before: what the model says of them.
        after: what it says of the changed ones.
        tolerance: by how much a number may differ before its prediction counts as changed.
        limit: rows that are listed.
        source: what it stands on.
        seconds: that it took.
    """
    moved = altered.is_changed
    known = moved & _known(before) & _known(after)
    flipped = _flipped(before, after, tolerance) & known
    count, flips = int(known.sum()), int(flipped.sum())
    interval = wilson(flips, count) if count else None
    right, right_after = _accuracy(subjects, before, after, known, altered.keeps_label)
    order = np.argsort(~flipped, kind="stable")
    listed = [int(at) for at in order if moved[at]][:limit]
    return Perturbed(
        rows=tuple(_rows(subjects, altered.after, before, after, flipped, known, listed)),
        perturbation=altered.name,
        strength=altered.strength,
        seed=altered.seed,
        keeps_label=altered.keeps_label,
        n=len(moved),
        altered=int(moved.sum()),
        failed=int((moved & ~known).sum()),
        flips=flips,
        share=flips / count if count else np.nan,
        low=interval.low if interval else np.nan,
        high=interval.high if interval else np.nan,
        accuracy=right,
        accuracy_after=right_after,
        tolerance=tolerance,
        source=source,
        seconds=seconds,
        note=_note(altered, int((moved & ~known).sum())),
        frame=altered.after[moved].reset_index(drop=True),
        labels=tuple(subjects.labels[at] for at in np.flatnonzero(moved)),
    )


def _rows(
    subjects: Subjects,
    changed: pd.DataFrame,
    before: Voiced,
    after: Voiced,
    flipped: Bools,
    known: Bools,
    listed: list[int],
) -> list[PerturbedRow]:
    old, new = subjects.frame.iloc[listed], changed.iloc[listed]
    cells = {name: differs(old[name], new[name]) for name in map(str, old.columns)}
    found = []
    for place, at in enumerate(listed):
        names = [name for name, hit in cells.items() if hit[place]]
        found.append(
            PerturbedRow(
                row=int(subjects.numbers[at]),
                id=subjects.ids[at],
                before={name: plain_cell(old[name].iloc[place]) for name in names},
                after={name: plain_cell(new[name].iloc[place]) for name in names},
                label=subjects.labels[at],
                prediction=before.predictions[at],
                prediction_after=after.predictions[at],
                probability=float(before.probabilities[at]),
                probability_after=float(after.probabilities[at]),
                flipped=bool(flipped[at]) if known[at] else None,
            )
        )
    return found


def _known(said: Voiced) -> Bools:
    return np.array([item is not None for item in said.predictions], dtype=bool)


def _flipped(before: Voiced, after: Voiced, tolerance: float) -> Bools:
    if before.values is not None and after.values is not None:
        with np.errstate(invalid="ignore"):
            moved: Bools = np.abs(after.values - before.values) > tolerance
        return moved
    pairs = zip(before.predictions, after.predictions, strict=True)
    return np.array([old != new for old, new in pairs], dtype=bool)


def _accuracy(
    subjects: Subjects, before: Voiced, after: Voiced, known: Bools, keeps_label: bool
) -> tuple[float, float]:
    rows = [int(at) for at in np.flatnonzero(known) if subjects.labels[at] is not None]
    if not rows or not keeps_label or before.values is not None:
        return np.nan, np.nan
    sides = []
    for said in (before, after):
        sides.append(float(np.mean([said.predictions[at] == subjects.labels[at] for at in rows])))
    return sides[0], sides[1]


def _note(altered: Altered, failed: int) -> str:
    notes = []
    if not altered.is_changed.any():
        notes.append("No row has a place that this perturbation changes.")
    if not altered.keeps_label:
        notes.append("The right answer may be another one now: a changed prediction can be right.")
    if failed:
        notes.append(f"The model could not answer {failed:,} of the changed rows.")
    return " ".join(notes)


def _cells(cells: dict[str, Any]) -> str:
    if len(cells) == 1:
        return str(next(iter(cells.values())))
    return "; ".join(f"{name}: {value}" for name, value in cells.items())
