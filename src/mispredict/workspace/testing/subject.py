"""An evaluation as checks see it: its rows, its model, and changes of its inputs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from mispredict.core.predicate import InTag, all_of
from mispredict.core.schema import ColumnType
from mispredict.core.task import Task
from mispredict.expectations.subject import (
    Answers,
    Attacks,
    Bools,
    Estimate,
    Filled,
    Numbers,
    Perturbed,
    Subject,
)
from mispredict.expectations.verdict import Cost
from mispredict.models.copies import Asked, Copies
from mispredict.workspace.explaining.asking import Inputs, inputs_of, label_of
from mispredict.workspace.testing.answers import Voice, stored_answers

if TYPE_CHECKING:
    import pandas as pd

    from mispredict.core.predicate import Predicate
    from mispredict.expectations.data import DataView
    from mispredict.metrics.arrays import ArrayStatistics
    from mispredict.metrics.columns import Columns
    from mispredict.metrics.outcomes import Groups, Outcomes
    from mispredict.workspace.evaluation import Evaluation


class EvaluationSubject:
    """An evaluation, and beside it the baseline of the same rows.

    Use it in a `with`, or `close` it, so that what the model answered is kept for later runs.
    """

    def __init__(
        self,
        of: Evaluation,
        *,
        baseline: Evaluation | None = None,
        reference: DataView | None = None,
        trust: bool = False,
        progress: Callable[[int, int], None] | None = None,
        cancel: Callable[[], bool] | None = None,
    ) -> None:
        """The evaluation as a subject.

        Args:
            of: the evaluation.
            baseline: one of the same dataset by another model.
            reference: other data to compare the dataset with.
            trust: whether a stored copy of the model may be loaded.
            progress: called with (rows answered, rows of the question) while the model is asked.
            cancel: asked before each call of the model; True stops.
        """
        self.of = of
        self._baseline = baseline
        self._other_data = reference
        self._trust, self._progress, self._cancel = trust, progress, cancel
        self._predicates: dict[str, Predicate] = {}
        self._measured: dict[Any, list[tuple[Groups, ArrayStatistics]]] = {}
        self._cohorts: dict[str | None, Numbers] = {}
        self._drawn_from: dict[str, pd.Series[Any]] = {}

    def __enter__(self) -> EvaluationSubject:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Keep what the model answered."""
        if "_voice" in vars(self):
            self._voice.close()

    @property
    def ref(self) -> str:
        return self.of.ref

    @property
    def n(self) -> int:
        return self.of.n

    @property
    def task(self) -> Task:
        return self.of.task

    @cached_property
    def data(self) -> DataView:
        from mispredict.workspace.inspecting.view import evaluated_view

        return evaluated_view(self.of, reference=self._other_data)

    @property
    def columns(self) -> Mapping[str, ColumnType]:
        return self._inputs.types

    @property
    def outcomes(self) -> Outcomes:
        found: Outcomes = self.of.outcomes
        return found

    @cached_property
    def baseline(self) -> Subject | None:
        return None if self._baseline is None else EvaluationSubject(self._baseline)

    @cached_property
    def predicted(self) -> Answers:
        return stored_answers(self.of)

    def mask(self, where: str | None) -> Bools:
        if where is None:
            return np.ones(self.n, dtype=bool)
        return self.of.table.mask(self._predicate(where))

    def condition(self, where: str | None, tag: str | None) -> str | None:
        """The cohort of the rows that meet `where` and have the tag; None for all."""
        parts = [where] if where is not None else []
        parts += [InTag(tag).text] if tag is not None else []
        return all_of(map(self._predicate, parts)).text if parts else None

    def sample(self, n: int | None, where: str | None, seed: int) -> Numbers:
        numbers = self._numbers(where)
        if n is None or n >= len(numbers):
            return numbers
        chosen: Numbers = np.random.default_rng(seed).choice(numbers, n, replace=False)
        return np.sort(chosen)

    def metric(self, metric: str, where: str | None = None, *, level: float = 0.95) -> Estimate:
        return self.metrics(metric, (), where, level=level)[0]

    def metrics(
        self,
        metric: str,
        by: str | Sequence[str],
        where: str | None = None,
        *,
        level: float = 0.95,
    ) -> tuple[Estimate, ...]:
        from mispredict.metrics.measure import measure_statistics
        from mispredict.metrics.registry import resolve

        outcomes = self.outcomes
        asked = resolve(
            [metric],
            self.task,
            positive=outcomes.positive if self.task.classes else -1,
            has_probabilities=outcomes.has_probabilities,
            level=level,
        )
        return tuple(
            Estimate(row.value, row.low, row.high, row.n, row.cohort)
            for groups, statistics in self._statistics(by, where)
            for row in measure_statistics(statistics, groups.names, asked)
        )

    def _statistics(
        self, by: str | Sequence[str], where: str | None
    ) -> list[tuple[Groups, ArrayStatistics]]:
        """Statistics of cohorts; kept, since there is more than one check of a cohort."""
        from mispredict.metrics.arrays import ArrayStatistics
        from mispredict.workspace.measuring import groupings

        key = (by if isinstance(by, str) else tuple(by), where)
        if key in self._measured:
            return self._measured[key]
        mask = None if where is None else self.mask(where)
        chosen = None if where is None else self._predicate(where)
        found = [
            (groups, ArrayStatistics(self._columns, groups))
            for groups in groupings(self.of, by or None, mask, chosen)
        ]
        while self._measured and len(self._measured) >= _KEPT_ROWS // max(self.n, 1):
            self._measured.pop(next(iter(self._measured)))
        self._measured[key] = found
        return found

    def frame(self, rows: Numbers) -> pd.DataFrame:
        return self._inputs.frame(rows)

    def copies(self, rows: Numbers) -> Copies:
        return Copies(self._inputs.sheet, np.asarray(rows, np.int64))

    def values(self, column: str) -> pd.Series[Any]:
        if column not in self._drawn_from:
            self._drawn_from[column] = self._learned[column].dropna()
        return self._drawn_from[column]

    def label(self, row: int) -> Any:
        return label_of(self.of, row)

    def ask(self, frame: Asked) -> Answers:
        return self._voice.ask(frame)

    def ask_each(self, frame: Asked) -> Answers:
        return self._voice.ask_each(frame)

    def call(self, frame: pd.DataFrame) -> tuple[Answers, float]:
        return self._voice.call(frame)

    @property
    def cost(self) -> Cost:
        """What was asked of the model so far."""
        return self._voice.cost if "_voice" in vars(self) else Cost()

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
        from mispredict.perturb.applying import apply

        made = apply(
            names, frame, strength, seed, rows=rows, columns=columns, reference=self._reference
        )
        return Perturbed(made.after, made.is_changed, made.keeps_label, made.columns)

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
        from mispredict.perturb.template import template as made_of

        made = made_of(list(template), label=label, column=column, **lexicons)
        fills = made.fill(n, seed, vary=vary, data=self._learned)
        sets = np.array([fill.set for fill in fills.rows], dtype=np.int64)
        return Filled(fills.inputs, tuple(fill.label for fill in fills.rows), sets)

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
        from mispredict.workspace.testing.attacks import attacks_of

        return attacks_of(
            self._inputs, rows, target, vary=vary, ranges=ranges, tries=tries, seed=seed,
            pages=self._voice.pages, cancel=self._cancel,
        )  # fmt: skip

    def refit(self, rows: Numbers, labels: Any, asked: Numbers) -> Answers:
        from mispredict.workspace.testing.refit import refitted

        return refitted(self._inputs, rows, labels, asked, cancel=self._cancel)

    def _numbers(self, where: str | None) -> Numbers:
        """Numbers of a cohort's rows; kept, since there is more than one check of a cohort."""
        if where not in self._cohorts:
            found = np.flatnonzero(self.mask(where)).astype(np.int64)
            found.flags.writeable = False
            while self._cohorts and sum(map(len, self._cohorts.values())) > _KEPT_ROWS:
                self._cohorts.pop(next(iter(self._cohorts)))
            self._cohorts[where] = found
        return self._cohorts[where]

    def _predicate(self, where: str) -> Predicate:
        """The cohort, read once."""
        if where not in self._predicates:
            self._predicates[where] = self.of.predicate(where)
        return self._predicates[where]

    @cached_property
    def _columns(self) -> Columns:
        """What metrics are computed from, sorted once for all of them."""
        from mispredict.metrics.columns import Columns

        return Columns(self.outcomes)

    @cached_property
    def _inputs(self) -> Inputs:
        return inputs_of(self.of, trust=self._trust)

    @cached_property
    def _voice(self) -> Voice:
        return Voice(
            self._inputs.model,
            self.of.task,
            self.of.workspace.store.cache,
            progress=self._progress,
            cancel=self._cancel,
        )

    @cached_property
    def _reference(self) -> Any:
        """What perturbations may know of the columns: kinds, spreads, values."""
        from mispredict.perturb.reference import Reference

        kinds = {name: _PERTURBED.get(kind, "other") for name, kind in self.columns.items()}
        return Reference.of(self._learned, kinds)

    @cached_property
    def _learned(self) -> pd.DataFrame:
        """Inputs of many rows, from which values are drawn."""
        return self._inputs.frame(self.sample(_LEARNED, None, 0))


_KEPT_ROWS = 5_000_000  # of cohorts whose statistics are kept, all together
_LEARNED = 50_000  # rows that spreads and values are learned from
_PERTURBED: Mapping[ColumnType, Any] = {
    ColumnType.NUMERIC: "numeric",
    ColumnType.CATEGORICAL: "category",
    ColumnType.BOOLEAN: "category",
    ColumnType.TEXT: "text",
}
