"""What the metrics of rows are expected to be, by the model's own probabilities."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from mispredict.core.results import Result, Source


@dataclass(frozen=True, slots=True)
class EstimatedRow:
    """A metric of a window, estimated without its labels and measured where there are any.

    Attributes:
        window: its name; `all` for all rows.
        metric: what is estimated.
        where: the cohort of its rows.
        start: first moment, if windows are of time; else empty.
        end: last moment.
        n: rows.
        value: the estimate.
        low: end of the interval that holds the real metric unless the concept has drifted.
        high: other end.
        real: the metric by the labels; NaN where none is known.
        real_low: end of its interval.
        real_high: other end.
        real_n: rows with a label.
        gap: real minus estimated: what probabilities cannot see.
        concept: `moved` where the real metric lies surely outside what was estimated, `same`, or
            empty without labels.
        reference: the metric on the reference rows.
        reference_low: end of its interval.
        reference_high: other end.
        reference_n: reference rows with a label.
        threshold: what the metric must not fall below (or rise above, for losses).
        verdict: `alarm` where the estimate is surely beyond the threshold, `fine` where it surely
            is not, else `unsure`.
    """

    window: str
    metric: str
    where: str
    start: str
    end: str
    n: int
    value: float
    low: float
    high: float
    real: float
    real_low: float
    real_high: float
    real_n: int
    gap: float
    concept: str
    reference: float
    reference_low: float
    reference_high: float
    reference_n: int
    threshold: float
    verdict: str


@dataclass(frozen=True)
class EstimatedPerformance(Result):
    """Estimated metrics by window, in order of time, then of metrics.

    `verdict` is `alarm` if any window has one. `note` says it in a sentence; `notes` what the
    estimate cannot know.
    """

    rows: tuple[EstimatedRow, ...]
    source: Source
    reference: Source
    metrics: tuple[str, ...]
    windows: tuple[str, ...]
    verdict: str
    method: str
    fall: float
    level: float
    note: str
    notes: tuple[str, ...] = field(default=())
    seconds: float = 0.0

    row_type: ClassVar[type] = EstimatedRow
    title: ClassVar[str] = "Estimated performance"

    def __str__(self) -> str:
        return "\n".join([super().__str__(), self.note, *self.notes])
