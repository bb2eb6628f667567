"""Checks of rows one by one: which rows, what share of them must hold, and which do not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mispredict.core.cells import is_alike, plain_cell
from mispredict.core.errors import BadOption, alternatives
from mispredict.core.options import shown
from mispredict.core.task import Scalar, Task, TaskKind
from mispredict.expectations.bounds import Bound, share
from mispredict.expectations.check import Kind
from mispredict.expectations.options import option
from mispredict.expectations.subject import Answers, Bools, Floats, Numbers, Subject
from mispredict.expectations.verdict import NAN, Changed, FailingRow, Judged
from mispredict.models.copies import Asked, Copies, column_of

MOST_EXAMPLES = 10
Label = str | int | float | bool


@dataclass(frozen=True, kw_only=True)
class RowsKind(Kind):
    """Base of kinds that test rows of a cohort, of which a share must hold.

    Attributes:
        where: the cohort; all rows when left out.
        tag: only rows with this tag.
        sample: number of rows that are drawn from them; null for all.
        min_share: least share of the tests that must hold.
        exact: whether it is about these very rows, so that the share decides and not its
            interval; goes without a sample.
    """

    where: str | None = option(None, cohort=True)
    tag: str | None = option(None, tag=True)
    sample: int | None = option(1000, minimum=1)
    min_share: float = option(0.95, minimum=0, maximum=1)
    exact: bool = False

    def rows(self, subject: Subject, seed: int, also: Bools | None = None) -> Numbers:
        """Numbers of the rows that are tested: of the cohort, and of those in `also`."""
        where = subject.condition(self.where, self.tag)
        numbers = subject.sample(None, where, seed)
        numbers = numbers if also is None else numbers[also[numbers]]
        if self.sample is None or self.sample >= len(numbers):
            return numbers
        if self.exact:
            raise BadOption(
                f"exact=True is about all of the {len(numbers):,} rows.",
                known=f"sample={self.sample:,} draws some of them.",
                hint="sample=None (null in YAML)",
            )
        drawn: Numbers = np.random.default_rng(seed).choice(numbers, self.sample, replace=False)
        return np.sort(drawn)

    def judged(self, subject: str, tests: Tests) -> Judged:
        """The verdict on the share of tests that hold."""
        found = share(tests.holds, tests.groups)
        bound = Bound(low=self.min_share, is_exact=self.exact)
        failing = int((~tests.holds).sum())
        judged = bound.judged(
            found, subject, unit=tests.unit, more=tests.more, examples=tests.examples(),
            failing=failing,
        )  # fmt: skip
        return refused(judged, tests.unknown, tests.failure) if tests.unknown else judged


@dataclass(frozen=True, eq=False)
class Tests:
    """What came of the tests: whether each holds, and how to show those that do not.

    Attributes:
        holds: of each test, whether it holds.
        show: gives the failing rows for the numbers of some tests.
        groups: the row that each test comes from.
        worst: how bad each test is, to show the worst first; None for their order.
        unit: what the tests are called.
        more: a sentence to add.
        unknown: tests on which the model failed, left out of `holds`.
        failure: what it said then.
    """

    holds: Bools
    show: Any
    groups: Numbers | None = None
    worst: Floats | None = None
    unit: str = "tests"
    more: str = ""
    unknown: int = 0
    failure: str = ""

    def examples(self) -> tuple[FailingRow, ...]:
        """Some of the tests that do not hold, the worst first."""
        wrong = np.flatnonzero(~self.holds)
        if self.worst is not None:
            wrong = wrong[_least(-self.worst[wrong], MOST_EXAMPLES)]
        return tuple(self.show(wrong[:MOST_EXAMPLES])) if len(wrong) else ()


def refused(judged: Judged, count: int, failure: str) -> Judged:
    """The verdict `error` where the model could not answer for some of the rows."""
    from dataclasses import replace

    said = f": {failure}" if failure else ""
    note = f"The model failed on {count:,} of the rows{said}"
    return replace(judged, verdict="error", error=note, sentence=f"{judged.sentence} {note}")


def changes(before: Copies, after: Copies) -> list[tuple[Changed, ...]]:
    """What differs, row by row of two sets of copies of the same rows."""
    found: list[list[Changed]] = [[] for _ in range(len(before))]
    for name in before.sheet:
        if name not in before.changed and name not in after.changed:
            continue
        pairs = zip(_listed(before.column(name)), _listed(after.column(name)), strict=True)
        for made, (old, new) in zip(found, pairs, strict=True):
            if not is_alike(old, new):
                made.append(Changed(str(name), plain_cell(old), plain_cell(new)))
    return [tuple(made) for made in found]


def inputs(rows: Asked) -> list[tuple[tuple[str, Any], ...]]:
    """Each row as pairs of column and value."""
    names = list(rows.sheet) if isinstance(rows, Copies) else list(rows.columns)
    pairs = [
        [(str(name), plain_cell(item)) for item in _listed(column_of(rows, name))] for name in names
    ]
    return list(zip(*pairs, strict=True)) if pairs else [()] * len(rows)


def class_of(task: Task, name: Label, option_name: str = "label") -> int:
    """The place of a class among those of the task.

    Raises:
        BadOption: it is none of them, or the task has no classes.
    """
    if not task.is_classification:
        raise BadOption(
            f"{option_name}={shown(name)} cannot be used.",
            known=f"A {task.kind} evaluation has no single classes.",
            hint=f"leave {option_name} out",
        )
    for code, item in enumerate(task.classes):
        if item == name and isinstance(item, bool) == isinstance(name, bool):
            return code
    for code, item in enumerate(task.classes):
        if str(item).lower() == str(name).lower():
            return code
    raise BadOption(
        f"{option_name}={shown(name)} is no class.",
        known=alternatives(str(name), map(str, task.classes), "class"),
        hint=f"{option_name}={task.classes[-1]!r}",
    )


def class_name(task: Task, code: int) -> Scalar | None:
    """The name of a class; None for the code of a missing one."""
    return task.classes[code] if 0 <= code < len(task.classes) else None


def label_codes(subject: Subject) -> Numbers:
    """The label of each row as place among the classes, -1 where it is missing."""
    if not subject.task.is_classification or subject.outcomes.label is None:
        return np.full(subject.n, -1, np.int64)
    codes: Numbers = np.asarray(subject.outcomes.label).astype(np.int64)
    return codes


def label_values(subject: Subject) -> Floats:
    """The label of each row of a regression, NaN where it is missing."""
    if subject.outcomes.label is None:
        return np.full(subject.n, np.nan)
    return np.asarray(subject.outcomes.label, np.float64)


def chance_of(said: Answers, codes: Numbers) -> Floats:
    """Probability of a class for each row; NaN without probabilities or class."""
    if said.probabilities is None or not len(said):
        return np.full(len(said), np.nan)
    wide = said.probabilities.shape[1]
    found = said.probabilities[np.arange(len(said)), np.clip(codes, 0, wide - 1)]
    chance: Floats = np.where((codes >= 0) & (codes < wide), found, np.nan)
    return chance


def agrees(task: Task, said: Answers, wanted: Answers, tolerance: float) -> Bools:
    """Whether each answer is the wanted one: the same class, or a value within the tolerance."""
    if task.kind is TaskKind.REGRESSION:
        assert said.values is not None and wanted.values is not None  # of a regression
        with np.errstate(invalid="ignore"):
            near: Bools = np.abs(said.values - wanted.values) <= tolerance
        return near
    same: Bools = said.codes == wanted.codes
    return same


def drawn_words(kind: RowsKind, n: int) -> str:
    """How the rows were chosen, in words."""
    parts = [f"with the tag {kind.tag!r}"] if kind.tag else []
    parts += [f"where {kind.where}"] if kind.where else []
    of = f" {' '.join(parts)}" if parts else ""
    drawn = kind.sample is not None and n == kind.sample
    return f"{n:,} {'drawn ' if drawn else ''}rows{of}"


def number_or_nan(found: Any) -> float:
    """A number, NaN for None."""
    return NAN if found is None else float(found)


def first_rows(rows: Sequence[FailingRow]) -> tuple[FailingRow, ...]:
    """As many as are shown."""
    return tuple(rows[:MOST_EXAMPLES])


def _least(values: Floats, n: int) -> Numbers:
    """Places of the n least values, in order; of equal ones the first."""
    if len(values) <= n:
        return np.argsort(values, kind="stable")
    some = np.flatnonzero(~(values > np.partition(values, n)[n]))
    return some[np.argsort(values[some], kind="stable")][:n]


def _listed(values: Any) -> list[Any]:
    """The values as Python has them."""
    import pandas as pd

    if isinstance(values, np.ndarray) and values.dtype.kind not in "mM":
        return list(values.tolist())
    return list(pd.Series(values, copy=False).tolist())
