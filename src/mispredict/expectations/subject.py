"""What a check may ask: an evaluation's rows, its model, and changes of inputs.

The room knows no workspace: whoever runs checks brings a `Subject`. Classes are numbers, their
places in `task.classes`; -1 is a missing label or an answer that is not known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

from mispredict.core.task import Scalar, Task
from mispredict.expectations.verdict import Cost

if TYPE_CHECKING:
    import pandas as pd

    from mispredict.core.schema import ColumnType
    from mispredict.expectations.data import DataView
    from mispredict.metrics.outcomes import Outcomes
    from mispredict.models.copies import Asked, Copies

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A metric of a cohort with its interval."""

    value: float
    low: float
    high: float
    n: int
    cohort: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """What the model says of n rows.

    `codes` are places in `classes`, -1 where the model failed; `probabilities` is (n, K) over
    them. `values` are those of a regression, NaN where it failed. `failure` is what the model
    said of the first row that it could not take.
    """

    codes: Numbers
    classes: tuple[Scalar, ...] = ()
    probabilities: Floats | None = None
    values: Floats | None = None
    failure: str = ""

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def known(self) -> Bools:
        """Which rows were answered."""
        known: Bools = self.codes >= 0
        return known

    def take(self, rows: Numbers | slice | Bools) -> Answers:
        """What was said of these rows."""
        return Answers(
            _some(self.codes, rows),
            self.classes,
            None if self.probabilities is None else _some(self.probabilities, rows),
            None if self.values is None else _some(self.values, rows),
            self.failure,
        )

    def answered(self) -> tuple[Numbers, Answers]:
        """The rows that were answered, and what was said of them."""
        rows = np.flatnonzero(self.known)
        return rows, self if len(rows) == len(self) else self.take(rows)

    def prediction(self, row: int) -> Scalar | None:
        """The prediction of one row: a class or a number; None where the model failed."""
        if self.codes[row] < 0:
            return None
        return float(self.values[row]) if self.values is not None else self.classes[self.codes[row]]

    def predictions(self, rows: Numbers) -> npt.NDArray[np.object_]:
        """The predictions of rows: classes or numbers; None where the model failed."""
        codes = self.codes[rows]
        if self.values is not None:
            found = self.values[rows].astype(object)
        else:
            names = np.empty(len(self.classes) + 1, dtype=object)
            names[:-1] = self.classes
            found = names[codes]
        found[codes < 0] = None
        return found

    def chance(self, code: int) -> Floats:
        """Probability of a class; without probabilities 1 where it is predicted, else 0."""
        if self.probabilities is not None:
            return self.probabilities[:, code]
        return np.where(self.known, (self.codes == code).astype(np.float64), np.nan)

    @classmethod
    def none(cls) -> Answers:
        """Answers for no rows."""
        return cls(np.empty(0, np.int64))


@dataclass(frozen=True, slots=True)
class Perturbed:
    """Rows after a change of inputs, of which some differ from before.

    `keeps_label` is what the perturbation declares: whether the right answer stays what it was.
    `columns` are those in which rows differ.
    """

    frame: pd.DataFrame
    is_changed: Bools
    keeps_label: bool = True
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Filled:
    """Fills of a template: the columns that it makes, the right answers, and the sets.

    Fills of one set differ in one place alone. A label is None where nothing was said of it.
    """

    frame: pd.DataFrame
    labels: tuple[Any, ...]
    sets: Numbers


@dataclass(frozen=True, slots=True)
class Attack:
    """How one row was made to be predicted as the target.

    `changes` are (column, before, after); `thresholds` say for each changed number the value
    that it had to pass, all changes together.
    """

    row: int
    changes: tuple[tuple[str, Any, Any], ...]
    thresholds: tuple[tuple[str, Any], ...]
    before: Any
    prediction: Any
    probability: float


@dataclass(frozen=True, slots=True)
class Attacks:
    """What came of attacking rows: those that were `asked`, and the flips that were `found`."""

    asked: Numbers
    found: tuple[Attack, ...]
    note: str = ""


class Subject(Protocol):
    """An evaluation, its model, and what can be done to its inputs."""

    @property
    def ref(self) -> str:
        """The evaluation, such as gbm@1/churn@2."""

    @property
    def n(self) -> int:
        """Number of rows."""

    @property
    def task(self) -> Task: ...

    @property
    def data(self) -> DataView:
        """The rows of the dataset, and those that they are held against."""

    @property
    def columns(self) -> Mapping[str, ColumnType]:
        """The inputs that the model takes."""

    @property
    def outcomes(self) -> Outcomes:
        """Labels, predictions, probabilities, confidence and loss of all rows."""

    @property
    def baseline(self) -> Subject | None:
        """The same rows under another model, to be no worse than."""

    @property
    def cost(self) -> Cost:
        """What was asked of the model so far."""

    @property
    def predicted(self) -> Answers:
        """What the evaluation holds of all rows."""

    def mask(self, where: str | None) -> Bools:
        """The rows of a cohort, all for None."""

    def condition(self, where: str | None, tag: str | None) -> str | None:
        """The cohort of the rows that meet `where` and have the tag; None for all."""

    def sample(self, n: int | None, where: str | None, seed: int) -> Numbers:
        """Row numbers in order: a random sample of a cohort, all of it for None or few rows."""

    def metric(self, metric: str, where: str | None = None, *, level: float = 0.95) -> Estimate:
        """A metric of a cohort; NaN and n 0 where the cohort has no rows."""

    def metrics(
        self,
        metric: str,
        by: str | Sequence[str],
        where: str | None = None,
        *,
        level: float = 0.95,
    ) -> tuple[Estimate, ...]:
        """A metric of each cohort of a column, a crossing of columns, or a list of cohorts."""

    def frame(self, rows: Numbers) -> pd.DataFrame:
        """The inputs of rows as the model takes them."""

    def copies(self, rows: Numbers) -> Copies:
        """Copies of rows, whose inputs can be given other values."""

    def values(self, column: str) -> pd.Series[Any]:
        """Known values of an input in many rows, in the type that the model takes."""

    def label(self, row: int) -> Any:
        """The label of a row, None without one."""

    def ask(self, frame: Asked) -> Answers:
        """What the model says of inputs; each distinct row is asked once.

        Raises:
            ModelError: it fails on a row.
        """

    def ask_each(self, frame: Asked) -> Answers:
        """What the model says of the inputs that it can take; the others are -1.

        Raises:
            ModelError: it fails on all rows.
        """

    def call(self, frame: pd.DataFrame) -> tuple[Answers, float]:
        """What the model says when it is called now, past all memory, and the seconds it took."""

    def perturb(
        self,
        names: str | Sequence[str],
        frame: pd.DataFrame,
        *,
        strength: float,
        seed: int,
        rows: Numbers | None = None,
        columns: Sequence[str] | None = None,
    ) -> Perturbed:
        """The rows after a perturbation, or several one after the other.

        `rows` are their numbers: draws belong to the seed and the number. `columns` are those to
        change, all that can be for None.
        """

    def fill(
        self,
        template: Sequence[str],
        n: int,
        *,
        column: str,
        lexicons: Mapping[str, Any],
        label: Any = None,
        vary: str | None = None,
        seed: int = 0,
    ) -> Filled:
        """At most n fills of sentences with places, in a column; with `vary` n sets of fills.

        `label` is the right answer, or of a place the answers by word or group.
        """

    def attack(
        self,
        rows: Numbers,
        target: Any,
        *,
        vary: Sequence[str],
        ranges: Mapping[str, Any],
        tries: int,
        seed: int,
    ) -> Attacks:
        """Search for changes that make rows be predicted as the target."""

    def refit(self, rows: Numbers, labels: Any, asked: Numbers) -> Answers:
        """What a copy of the model says of the asked rows, after it learned from `rows` alone.

        `labels` are theirs: places among the classes, or numbers.

        Raises:
            ModelError: it cannot be fitted again.
        """


def _some(array: npt.NDArray[Any], rows: Any) -> Any:
    """The array's rows: places go through `take`, which is much quicker than brackets."""
    is_places = isinstance(rows, np.ndarray) and rows.dtype.kind in "iu"
    return array.take(rows, axis=0) if is_places else array[rows]
