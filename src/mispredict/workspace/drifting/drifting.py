"""Drift between two sets of rows of a workspace: what the room needs is here."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from mispredict.core.errors import Cancelled, EmptyCohort, InputError
from mispredict.core.options import number, some_names, whole
from mispredict.core.predicate import Predicate
from mispredict.data.drift.comparing import (
    AUC_BOUND,
    BOUND,
    LEVEL,
    compare,
    judged,
    measure_of,
    whole_verdict,
)
from mispredict.data.drift.counting import Named
from mispredict.data.drift.results import (
    Drift,
    DriftCohort,
    DriftPart,
    DriftRow,
    PartEffect,
    PerformanceChange,
)
from mispredict.data.drift.telling import EVERYTHING, Told, tell_column, tell_rows
from mispredict.data.drift.words import summary
from mispredict.workspace.drifting.sides import OUTCOMES, Rows, rows_of, shared_columns
from mispredict.workspace.drifting.windows import Window, windows_of

if TYPE_CHECKING:
    from mispredict.engine.encode import Coded
    from mispredict.workspace.dataset import Dataset
    from mispredict.workspace.evaluation import Evaluation
    from mispredict.workspace.workspace import Workspace


@dataclass(frozen=True)
class DriftOptions:
    """How two sets of rows are compared; see `Workspace.drift`."""

    columns: Sequence[str] | None = None
    by: str | None = None
    windows: str | int | None = None
    bound: float = BOUND
    cohorts: int = 5
    joint: bool = False
    performance: bool = True
    seed: int = 0
    level: float = LEVEL
    progress: Callable[[int, int], None] | None = field(default=None, repr=False)
    cancel: Callable[[], bool] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        number("bound", self.bound, 0, 1, is_above=True)
        whole("cohorts", self.cohorts, 0, 15)
        whole("seed", self.seed, 0)

    def step(self, done: int, total: int) -> None:
        """Tell the progress, and stop if the caller wants it."""
        if self.progress is not None:
            self.progress(done, total)
        if self.cancel is not None and self.cancel():
            raise Cancelled("the comparison was cancelled.", known=f"{done} of {total} parts.")


def drift_of(
    workspace: Workspace,
    reference: str | Dataset | Evaluation,
    current: str | Dataset | Evaluation,
    *,
    where: str | Predicate | None,
    reference_where: str | Predicate | None,
    options: DriftOptions,
) -> Drift:
    """The drift of each column from reference to current rows."""
    before = rows_of(workspace, reference, reference_where)
    after = rows_of(workspace, current, where, name="current")
    return _Comparison(before, after, options).result()


class _Comparison:
    """One comparison of two sides, part by part."""

    def __init__(self, before: Rows, after: Rows, options: DriftOptions) -> None:
        self.begun = time.perf_counter()
        self.before, self.after, self.options = before, after, options
        asked = None if options.columns is None else some_names("columns", options.columns)
        self.coded, self.others, self.notes = shared_columns(before, after, asked, by=options.by)
        is_split = options.by is not None or options.windows is not None
        self.windows = windows_of(after, options.by, options.windows) if is_split else []
        self.recoded: dict[str, Coded] = {}
        self.steps = len(self.windows) + 3

    def result(self) -> Drift:
        options, before, after = self.options, self.before, self.after
        measure = measure_of(before.side)
        options.step(0, self.steps)
        tests = len(self.windows) + 1
        found = compare(
            before.side, after.side, self.coded, bound=options.bound, level=options.level,
            tests=tests, recoded=self.recoded,
        )  # fmt: skip
        told = self._told()
        rows = judged(
            [*found.rows, *told], level=options.level, measure=measure,
            extra=len(self.windows) * len(found.rows),
        )  # fmt: skip
        options.step(1, self.steps)
        verdict = whole_verdict(rows)
        return Drift(
            rows=rows,
            source=after.side.source,
            reference=before.side.source,
            verdict=verdict,
            drifted=tuple(row.column for row in rows if row.verdict == "drift"),
            bound=options.bound,
            level=options.level,
            measure=measure,
            distributions=replace(found, rows=rows).distributions,
            parts=tuple(self._parts()),
            cohorts=tuple(self._cohorts(verdict)),
            performance=self._performance(),
            note=summary(rows, before.side.n, after.side.n, verdict),
            notes=tuple(self.notes),
            seconds=time.perf_counter() - self.begun,
        )

    def _told(self) -> list[DriftRow]:
        """Texts and vectors, and if wanted whole rows, by a classifier."""
        options, mine, theirs = self.options, self.before.side, self.after.side
        found = []
        for column in self.others:
            kind = self.before.table.kind(column.name, column.is_input)
            told = tell_column(
                column, kind, mine, theirs, bound=AUC_BOUND, level=options.level, seed=options.seed
            )
            if told is None:
                self.notes.append(f"{column.name} has too few values to be compared.")
            else:
                found.append(_told_row(column, kind.value, told))
        if options.joint:
            inputs = [column for column in self.coded if column.role not in OUTCOMES]
            told = tell_rows(
                inputs, mine, theirs, bound=AUC_BOUND, level=options.level, seed=options.seed
            )
            if told is not None:
                found.append(_told_row(Named(EVERYTHING, "all"), "rows", told))
        return found

    def _parts(self) -> list[DriftPart]:
        """Each window against the whole reference, corrected for all of them."""
        found: list[tuple[Window, Predicate, list[DriftRow]]] = []
        reference = replace(self.before.side, target=None)
        for place, window in enumerate(self.windows):
            predicate = self.after.predicate & window.predicate
            try:
                side = self.after.side_of(predicate)
            except EmptyCohort:
                continue
            rows = compare(
                reference, side, self.coded, bound=self.options.bound, level=self.options.level,
                recoded=self.recoded,
            ).rows  # fmt: skip
            found.append((window, predicate, list(rows)))
            self.options.step(place + 2, self.steps)
        every = [row for *_, rows in found for row in rows]
        verdicts = judged(
            every, level=self.options.level, measure="", extra=len(self.coded), is_ordered=False
        )
        parts, start = [], 0
        for window, predicate, held in found:
            parts.append(_part(window, predicate, verdicts[start : start + len(held)]))
            start += len(held)
        return parts

    def _cohorts(self, verdict: str) -> list[DriftCohort]:
        """Cohorts that carry the drift, if there is any."""
        from mispredict.workspace.drifting.pooled import cohorts_of, pooled

        inputs = [column for column in self.coded if column.role == "input"]
        is_wanted = self.options.cohorts and inputs and verdict == "drift"
        if not is_wanted:
            return []
        table = pooled(self.before, self.after, inputs, seed=self.options.seed)
        found = cohorts_of(
            table, top=self.options.cohorts, bound=self.options.bound, seed=self.options.seed,
            cancel=self.options.cancel,
        )  # fmt: skip
        self.options.step(self.steps - 1, self.steps)
        return found

    def _performance(self) -> tuple[PerformanceChange, ...]:
        """What the model's metrics are expected to be now, and what they are."""
        from mispredict.workspace.drifting.estimated import estimated_of

        of, reference = self.after.evaluation, self.before.evaluation
        is_wanted = self.options.performance and of is not None and reference is not None
        if not is_wanted or of is None or reference is None:
            return ()
        try:
            found = estimated_of(
                of, reference, where=self.after.where, reference_where=self.before.where
            )
        except InputError as problem:
            self.notes.append(f"Performance is not estimated: {problem.problem}")
            return ()
        return tuple(
            PerformanceChange(
                row.metric, row.reference, row.reference_low, row.reference_high,
                row.reference_n, row.value, row.low, row.high, row.real, row.real_low,
                row.real_high, row.real_n,
            )
            for row in found.rows
        )  # fmt: skip


def _part(window: Window, predicate: Predicate, rows: Sequence[DriftRow]) -> DriftPart:
    return DriftPart(
        name=window.name,
        where=predicate.text,
        start=window.start,
        end=window.end,
        reference_n=rows[0].reference_n if rows else 0,
        n=rows[0].current_n if rows else 0,
        verdict=whole_verdict(rows),
        drifted=tuple(row.column for row in rows if row.verdict == "drift"),
        effects=tuple(
            PartEffect(r.column, r.effect, r.low, r.high, r.verdict, r.direction) for r in rows
        ),
    )


def _told_row(column: Named, kind: str, told: Told) -> DriftRow:
    nan = float("nan")
    effect = told.effect
    words = f"{', '.join(map(repr, told.words))} are more frequent" if told.words else ""
    return DriftRow(
        column=column.key, type=kind, role=column.role, method="classifier",
        effect=effect.value, low=effect.low, high=effect.high, bound=AUC_BOUND, verdict="",
        size="", p_adjusted=effect.p, direction=words, where="", reference_share=nan,
        current_share=nan, change=nan, change_low=nan, change_high=nan, psi=nan, larger=nan,
        reference_missing=nan, current_missing=nan, cost=nan, cost_low=nan, cost_high=nan,
        reference_n=told.reference_n, current_n=told.current_n, sentence="",
    )  # fmt: skip
