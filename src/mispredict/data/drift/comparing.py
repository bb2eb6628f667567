"""Reference and current rows compared column by column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from mispredict.data.drift.bars import distribution
from mispredict.data.drift.cells import cells_of, sums
from mispredict.data.drift.cost import cost_of
from mispredict.data.drift.counting import Counted, Named, count
from mispredict.data.drift.effect import Effect, hellinger, holm, larger, psi
from mispredict.data.drift.grown import direction_of, grown
from mispredict.data.drift.results import DriftDistribution, DriftRow
from mispredict.data.drift.sides import Side
from mispredict.data.drift.words import sentence_of, size_of
from mispredict.engine.codebook import MISSING
from mispredict.engine.encode import Coded

BOUND = 0.05
AUC_BOUND = 0.55
LEVEL = 0.95


@dataclass(frozen=True)
class Compared:
    """Columns of both sides, with the counts that they were compared by."""

    rows: tuple[DriftRow, ...]
    counts: tuple[Counted, ...]

    @property
    def distributions(self) -> tuple[DriftDistribution, ...]:
        """The columns as bars, in the order of the rows."""
        by_name = {counted.column.key: counted for counted in self.counts}
        return tuple(distribution(by_name[r.column]) for r in self.rows if r.column in by_name)


def compare(
    reference: Side,
    current: Side,
    columns: Sequence[Named],
    *,
    bound: float = BOUND,
    level: float = LEVEL,
    tests: int = 1,
    recoded: dict[str, Coded] | None = None,
) -> Compared:
    """The drift of each column that has codes; verdicts come from `judged`.

    Args:
        reference: the rows to compare with.
        current: the rows that may differ.
        columns: what to compare.
        bound: the effect from which on a difference counts.
        level: of intervals.
        tests: how many comparisons like this one are made together, such as windows.
        recoded: see `count`.
    """
    counts = count(reference, current, columns, recoded=recoded)
    family = max(len(counts), 1) * tests
    rows = [_row(item, bound, level, family) for item in counts]
    return Compared(tuple(rows), tuple(counts))


def measure_of(side: Side) -> str:
    """What costs are in; empty without a model."""
    if side.judged is None:
        return ""
    return "error rate" if side.is_rate else "mean loss"


def judged(
    rows: Sequence[DriftRow],
    *,
    level: float,
    measure: str,
    extra: int = 0,
    is_ordered: bool = True,
) -> tuple[DriftRow, ...]:
    """The rows with verdicts, corrected for all of them, and sentences, in order of importance.

    Args:
        rows: whose verdicts are open.
        level: of the whole: 1 − level is the chance of any false drift.
        measure: what costs are in.
        extra: other comparisons that are made beside these rows.
        is_ordered: whether to put the rows in order.
    """
    adjusted = holm(np.array([row.p_adjusted for row in rows]), extra=extra)
    found = []
    for row, p in zip(rows, adjusted.tolist(), strict=True):
        verdict = verdict_of(row.low, row.high, row.bound, p, level)
        size = size_of(_excess(row), _unit(row)) if verdict == "drift" else "none"
        direction = row.direction if verdict == "drift" else ""
        new = replace(row, p_adjusted=p, verdict=verdict, size=size, direction=direction)
        found.append(replace(new, sentence=sentence_of(new, row.sentence, measure)))
    if not is_ordered:
        return tuple(found)
    order = sorted(range(len(found)), key=lambda i: _rank(found[i]))
    return tuple(found[i] for i in order)


def verdict_of(low: float, high: float, bound: float, p: float, level: float) -> str:
    """Drift, same or unsure."""
    if not np.isfinite(p):
        return "unsure"
    if p <= 1 - level and low > bound:
        return "drift"
    return "same" if high <= bound else "unsure"


def whole_verdict(rows: Sequence[DriftRow]) -> str:
    """The verdict on all columns: drift in any, else unsure if any is open or there is none."""
    if not rows:
        return "unsure"
    verdicts = {row.verdict for row in rows}
    return next((word for word in ("drift", "unsure") if word in verdicts), "same")


def _row(counted: Counted, bound: float, level: float, family: int) -> DriftRow:
    cells = cells_of(counted)
    mine, theirs = sums(counted.reference, cells), sums(counted.current, cells)
    effect: Effect = hellinger(mine, theirs, bound=bound, level=level)
    size = len(mine)
    tests = family * (size * (size + 1) // 2 if counted.is_ordered else size + 1)
    found = grown(counted, tests=tests, level=level)
    cost = cost_of(counted, cells, level=level)
    n, m = int(counted.reference.sum()), int(counted.current.sum())
    return DriftRow(
        column=counted.column.key,
        type=counted.book.type.value,
        role=counted.column.role,
        method="hellinger",
        effect=effect.value,
        low=effect.low,
        high=effect.high,
        bound=bound,
        verdict="",
        size="",
        p_adjusted=effect.p,
        direction=direction_of(counted, found),
        where=found.predicate.text if found else "",
        reference_share=found.reference if found else np.nan,
        current_share=found.current if found else np.nan,
        change=found.change if found else np.nan,
        change_low=found.low if found else np.nan,
        change_high=found.high if found else np.nan,
        psi=psi(mine, theirs),
        larger=larger(counted.reference[1:], counted.current[1:])
        if counted.is_ordered
        else float("nan"),
        reference_missing=float(counted.reference[MISSING]) / n if n else np.nan,
        current_missing=float(counted.current[MISSING]) / m if m else np.nan,
        cost=cost.value,
        cost_low=cost.low,
        cost_high=cost.high,
        reference_n=n,
        current_n=m,
        sentence=found.predicate.sentence() if found else "",
    )


def _excess(row: DriftRow) -> float:
    return row.effect - 0.5 if row.method == "classifier" else row.effect


def _unit(row: DriftRow) -> float:
    return row.bound - 0.5 if row.method == "classifier" else row.bound


def _rank(row: DriftRow) -> tuple[int, float, float]:
    """Drifted first; what surely costs most before what costs nothing; then by size."""
    order = {"drift": 0, "unsure": 1, "same": 2}[row.verdict]
    is_sure = row.cost_low > 0 or row.cost_high < 0
    cost = abs(row.cost) if is_sure else 0.0
    return order, -cost, -(_excess(row) / _unit(row)) if np.isfinite(row.effect) else 0.0
