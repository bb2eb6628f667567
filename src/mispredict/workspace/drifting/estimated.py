"""Estimated performance of an evaluation: its windows, and what labels say where there are any."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from mispredict.core.errors import BadOption, Cancelled
from mispredict.core.options import number, some_names, whole
from mispredict.core.predicate import Always
from mispredict.core.task import TaskKind, probability_column
from mispredict.data.estimated.estimated import (
    Estimate,
    Estimator,
    Judged,
    known_metrics,
    verdict_of,
)
from mispredict.data.estimated.expected import LOSSES
from mispredict.data.estimated.results import EstimatedPerformance, EstimatedRow
from mispredict.workspace.drifting.sides import Rows, rows_of
from mispredict.workspace.drifting.windows import Window, windows_of

if TYPE_CHECKING:
    from mispredict.core.predicate import Predicate
    from mispredict.metrics.measure import MetricRow
    from mispredict.workspace.evaluation import Evaluation

FALL = 0.02
METHOD = "calibrated confidence (CBPE)"
BLIND = (
    "Estimates assume that rows which look alike have the labels they had in the reference: "
    "a change of what inputs mean (concept drift) cannot be seen without labels."
)


def estimated_of(  # noqa: PLR0913 - each is a choice of the estimate
    of: Evaluation,
    reference: str | Evaluation | None,
    *,
    by: str | None = None,
    windows: str | int | None = None,
    metrics: str | Sequence[str] | None = None,
    where: str | Predicate | None = None,
    reference_where: str | Predicate | None = None,
    fall: float = FALL,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
    cancel: Callable[[], bool] | None = None,
) -> EstimatedPerformance:
    """The metrics of each window as probabilities, or what was learned of errors, say."""
    begun = time.perf_counter()
    fall, seed = number("fall", fall, 0, 1), whole("seed", seed, 0)
    before = rows_of(of.workspace, of if reference is None else reference, reference_where)
    after = rows_of(of.workspace, of, where)
    _check_classes(before, after)
    asked = None if metrics is None else some_names("metrics", metrics)
    way = _way(before, after, asked, seed, cancel)
    chosen = way.metrics
    given = windows_of(after, by, windows) if by is not None or windows is not None else []
    spans = [Window("all", Always()), *given]
    base = _real(before, before.predicate, chosen)
    rows: list[EstimatedRow] = []
    for place, window in enumerate(spans):
        if cancel is not None and cancel():
            raise Cancelled("the estimate was cancelled.", known=f"{place} windows were done.")
        predicate = after.predicate & window.predicate
        mask = after.table.mask(predicate)
        if mask.any():
            found = way.estimate(mask)
            real = _real(after, predicate, chosen)
            for name in chosen:
                rows.append(
                    _row(
                        window, predicate, int(mask.sum()), name, found[name], real, base, fall, way
                    )
                )
        if progress is not None:
            progress(place + 1, len(spans))
    verdicts = {row.verdict for row in rows}
    verdict = next((word for word in ("alarm", "unsure") if word in verdicts), "fine")
    return EstimatedPerformance(
        tuple(rows), after.side.source, before.side.source, chosen,
        tuple(dict.fromkeys(row.window for row in rows)), verdict, way.method, fall,
        way.level, _note(rows, fall, way), (*_notes(rows), *_unlike(rows, way), *way.notes),
        time.perf_counter() - begun,
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Way:
    """How metrics of current rows are estimated."""

    method: str
    metrics: tuple[str, ...]
    estimate: Callable[[npt.NDArray[np.bool_]], dict[str, Estimate]]
    level: float
    notes: tuple[str, ...] = ()

    @property
    def is_relative(self) -> bool:
        """Whether a fall is a share of the metric, which has the unit of the label."""
        return self.method != METHOD


def _way(
    before: Rows,
    after: Rows,
    asked: Sequence[str] | None,
    seed: int,
    cancel: Callable[[], bool] | None,
) -> _Way:
    sides = [rows.evaluation for rows in (before, after)]
    if all(of is not None and of.task.kind is TaskKind.REGRESSION for of in sides):
        from mispredict.data.estimated.losses import known_losses
        from mispredict.workspace.drifting import losses

        metrics = known_losses(asked)
        return _Way(
            losses.METHOD,
            metrics,
            *losses.losses_of(before, after, metrics, seed=seed, cancel=cancel),
        )
    judged = [_judged(rows) for rows in (before, after)]
    of = after.evaluation
    assert of is not None  # it was judged
    chosen = known_metrics(of.task, asked)
    estimator = Estimator(judged[0].take(before.side.selected), seed=seed)
    return _Way(
        METHOD, chosen, lambda mask: estimator(judged[1].take(mask), chosen), estimator.level
    )


def _judged(rows: Rows) -> Judged:
    """Predictions of all rows of the side's table."""
    of = rows.evaluation
    if of is None:
        raise BadOption(
            f"{rows.ref!r} is a dataset, which has no predictions.",
            known="Performance is estimated from the probabilities of an evaluation.",
            hint="reference='model/dataset'",
        )
    if not of.task.is_classification:
        raise BadOption(
            f"the performance of a {of.task.kind} evaluation cannot be estimated.",
            known="It is estimated from the probabilities of a classification, or learned of a "
            "regression.",
            hint="ws.drift(…)",
        )
    reserved = of.fields.reserved
    columns = [probability_column(name) for name in of.task.classes]
    if any(name not in reserved for name in columns):
        raise BadOption(
            f"{of.ref!r} has no probabilities.",
            known="Performance is estimated from the probability of each class.",
            hint="ws.add_predictions(…) with a column for each class",
        )
    raw = np.column_stack([of.table.values(name) for name in columns])
    outcomes = of.outcomes
    assert outcomes.label is not None and outcomes.prediction is not None  # of a classification
    return Judged(raw, outcomes.prediction, outcomes.label, outcomes.positive, outcomes.weight)


def _check_classes(before: Rows, after: Rows) -> None:
    """Raise where probabilities of one side are of other classes than those of the other."""
    if before.evaluation is None or after.evaluation is None:
        return
    known, given = before.evaluation.task.classes, after.evaluation.task.classes
    if known != given:
        raise BadOption(
            f"{after.ref!r} and its reference {before.ref!r} are of different classes.",
            known=f"{_listed(given)} here, {_listed(known)} in the reference.",
            hint="an evaluation of the same task as reference",
        )


def _listed(classes: Sequence[object]) -> str:
    more = ", …" if len(classes) > 6 else ""
    return ", ".join(map(str, classes[:6])) + more if classes else "None"


def _real(rows: Rows, predicate: Predicate, metrics: Sequence[str]) -> dict[str, MetricRow]:
    """The metrics by the labels of these rows."""
    from mispredict.metrics import measure
    from mispredict.metrics.outcomes import Groups

    of = rows.evaluation
    assert of is not None  # has predictions, and so is one
    mask = rows.table.mask(predicate)
    found = measure(of.outcomes, Groups.of_mask(mask, "all"), metrics=list(metrics))
    return {row.metric: row for row in found}


def _row(
    window: Window, predicate: Predicate, n: int, name: str, found: Estimate,
    real: dict[str, MetricRow], base: dict[str, MetricRow], fall: float, way: _Way,
) -> EstimatedRow:  # fmt: skip
    known = real[name]
    reference = base[name].value
    fall = fall * reference if way.is_relative else fall
    threshold = reference + fall if name in LOSSES else reference - fall
    return EstimatedRow(
        window=window.name,
        metric=name,
        where="" if isinstance(predicate, Always) else predicate.text,
        start=window.start,
        end=window.end,
        n=n,
        value=found.value,
        low=found.low,
        high=found.high,
        real=known.value,
        real_low=known.low,
        real_high=known.high,
        real_n=known.n,
        gap=known.value - found.value,
        concept=_concept(found, known),
        reference=reference,
        reference_low=base[name].low,
        reference_high=base[name].high,
        reference_n=base[name].n,
        threshold=threshold,
        verdict=verdict_of(name, found, threshold),
    )


def _concept(found: Estimate, real: MetricRow) -> str:
    """Whether the labels contradict the estimate more than both intervals allow."""
    if not np.isfinite([real.value, found.value]).all() or not real.n:
        return ""
    return "moved" if real.high < found.low or real.low > found.high else "same"


def _note(rows: Sequence[EstimatedRow], fall: float, way: _Way) -> str:
    alarms = [row for row in rows if row.verdict == "alarm"]
    if not any(np.isfinite(row.value) for row in rows):
        return "No metric could be estimated."
    if not alarms:
        most = f"{100 * fall:g} %" if way.is_relative else f"{fall:g}"
        return f"No metric is estimated to be worse than the reference by more than {most}."
    worst = max(alarms, key=lambda row: abs(row.value - row.reference))
    return (
        f"{worst.metric} is estimated at {worst.value:.3f} ({worst.low:.3f} to {worst.high:.3f}) "
        f"in {worst.window}, {worst.reference:.3f} in the reference."
    )


def _unlike(rows: Sequence[EstimatedRow], way: _Way) -> tuple[str, ...]:
    """That nothing was estimated of rows unlike the reference."""
    unknown = dict.fromkeys(row.window for row in rows if not np.isfinite(row.value))
    if not way.is_relative or not unknown:
        return ()
    names = ", ".join(list(unknown)[:6]) + (", …" if len(unknown) > 6 else "")
    return (
        f"Not estimated in {names}: too few reference rows are like those, so that what was "
        "learned of errors says nothing there.",
    )


def _notes(rows: Sequence[EstimatedRow]) -> tuple[str, ...]:
    moved = [row for row in rows if row.concept == "moved"]
    if not moved:
        return (BLIND,)
    worst = max(moved, key=lambda row: abs(row.gap))
    return (
        BLIND,
        f"Labels contradict the estimate in {len({row.window for row in moved})} of "
        f"{len({row.window for row in rows})} windows: in {worst.window} {worst.metric} is "
        f"{worst.real:.3f} and was estimated at {worst.value:.3f}. What inputs mean has changed.",
    )
