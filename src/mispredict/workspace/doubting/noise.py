"""Spread under small noise: copies of rows, asked, and how far their predictions move."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from mispredict.core.errors import BadOption, Cancelled
from mispredict.core.options import number, whole
from mispredict.core.predicate import Predicate
from mispredict.core.results import plain
from mispredict.core.words import counted
from mispredict.data.doubt.uncertainty_results import FlipShare, Spread, SpreadRow
from mispredict.data.found_checks import check_text
from mispredict.expectations.bounds import exact_share
from mispredict.workspace.doubting.columns import keep_doubts
from mispredict.workspace.explaining.asking import Bounds, id_of, label_of, row_numbers
from mispredict.workspace.testing.subject import EvaluationSubject

if TYPE_CHECKING:
    from mispredict.expectations.subject import Answers
    from mispredict.workspace.evaluation import Evaluation

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
AT_ONCE = 100_000  # rows of one question


@dataclass(frozen=True, slots=True)
class Noise:
    """What is done to rows: how strongly, by what, and how often."""

    strength: float
    perturbation: str | None
    copies: int

    @classmethod
    def of(cls, strength: float, perturbation: str | None, copies: int) -> Noise:
        """The noise, checked."""
        return cls(number("noise", strength, 0, 1), perturbation, whole("copies", copies, 1, 1000))

    @property
    def words(self) -> str:
        """What is done, at the beginning of a sentence."""
        if not self.strength:
            return "Asked again with the same inputs"
        if self.perturbation != "noise":
            return f"Under {self.perturbation} at {self.strength:g}"
        return f"Under noise of {self.strength:g} deviations"


def spread_of(
    of: Evaluation, where: str | Predicate | None, noise: Noise, *, sample: int | None,
    limit: int, bounds: Bounds,
) -> Spread:  # fmt: skip
    """How far predictions move when inputs move a little."""
    started = time.perf_counter()
    whole("limit", limit, 0)
    rows = row_numbers(of, None, where, sample, whole("seed", bounds.seed, 0))
    with EvaluationSubject(of, trust=bounds.trust, cancel=bounds.cancel) as subject:
        if noise.strength and noise.perturbation is None:
            noise = replace(noise, perturbation=_perturbation(subject))
        moved = _Moved(rows, subject.predicted.take(rows), noise.copies)
        size = max(AT_ONCE // noise.copies, 1)
        for start in range(0, len(rows), size):
            _ask(subject, moved, slice(start, start + size), noise, bounds)
            if bounds.progress is not None:
                bounds.progress(min(start + size, len(rows)), len(rows))
        asked = subject.cost.rows
    kept = _keep(of, moved, noise) if len(rows) == of.n else ()
    made = replace(
        _result(of, moved, noise, kept, limit),
        source=of.source(where, len(rows)),
        asked=asked,
        seconds=time.perf_counter() - started,
    )
    is_checked = bool(made.perturbation and made.n) and moved.before.values is None
    return replace(made, check=check_text(made.to_check())) if is_checked else made


def _ask(
    subject: EvaluationSubject, moved: _Moved, part: slice, noise: Noise, bounds: Bounds
) -> None:
    """Ask about the copies of some rows: all at once, or one by one where the model draws."""
    from mispredict.expectations.planning import united

    rows = moved.rows[part]
    before = subject.frame(rows)
    if bounds.cancel is not None and bounds.cancel():
        raise Cancelled("the spread was cancelled.", known=f"{part.start:,} rows were done.")
    if not noise.strength:
        for _ in range(noise.copies):
            moved.add(part, subject.call(before)[0])  # past all memory
        return
    assert noise.perturbation is not None  # chosen before
    copies = [
        subject.perturb(
            noise.perturbation, before, strength=noise.strength, seed=bounds.seed + copy, rows=rows
        ).frame
        for copy in range(noise.copies)
    ]
    said = subject.ask(united(copies))
    for copy in range(noise.copies):
        moved.add(part, said.take(slice(copy * len(rows), (copy + 1) * len(rows))))


class _Moved:
    """Sums over the copies of rows."""

    def __init__(self, rows: Whole, before: Answers, copies: int) -> None:
        n = len(rows)
        self.rows, self.before, self._copies = rows, before, copies
        self.other = np.full(n, -1, np.int64)
        self._changed = np.zeros(n)
        self._sum, self._squares = np.zeros(n), np.zeros(n)

    def add(self, part: slice, said: Answers) -> None:
        """Count one copy of some of the rows."""
        before = self.before.take(part)
        if said.values is not None:
            assert before.values is not None  # of one model
            level: Floats = said.values - before.values  # squares of large numbers lose digits
        else:
            changed = (said.codes != before.codes) & said.known
            self._changed[part] += changed
            self.other[part] = np.where(changed, said.codes, self.other[part])
            codes = np.clip(before.codes, 0, None)
            if said.probabilities is None:
                level = (~changed).astype(np.float64)
            else:
                level = said.probabilities[np.arange(len(said)), codes]
        self._sum[part] += level
        self._squares[part] += level**2

    @property
    def flips(self) -> Floats:
        """Share of the copies that are predicted otherwise."""
        return self._changed / self._copies

    @property
    def spread(self) -> Floats:
        """Deviation over the copies."""
        mean = self._sum / self._copies
        deviation: Floats = np.sqrt(np.maximum(self._squares / self._copies - mean**2, 0.0))
        return deviation


def _perturbation(subject: EvaluationSubject) -> str:
    """Noise for the numbers, typos where there are none."""
    from mispredict.core.schema import ColumnType

    kinds = set(subject.columns.values())
    if ColumnType.NUMERIC in kinds:
        return "noise"
    if ColumnType.TEXT in kinds:
        return "typo_swap"
    raise BadOption(
        "there is neither a number nor a text to put noise on.",
        known=f"Columns: {', '.join(list(subject.columns)[:8])}.",
        hint="perturbation='category_swap'",
    )


def _keep(of: Evaluation, moved: _Moved, noise: Noise) -> tuple[str, ...]:
    import pyarrow as pa

    columns: dict[str, Any] = {
        "noise_spread": pa.array(moved.spread),
        "noise_flips": pa.array(moved.flips),
    }
    return keep_doubts(of, "noise", columns, {"noise": noise.strength, "copies": noise.copies})


def _result(
    of: Evaluation, moved: _Moved, noise: Noise, kept: tuple[str, ...], limit: int
) -> Spread:
    flips, spread, n = moved.flips, moved.spread, len(moved.rows)
    flipped = flips > 0
    hits = int(flipped.sum())
    among = _by_correct(of, moved.rows, flipped)
    right, wrong = (share.value for share in among) if among else (float("nan"),) * 2
    order = np.lexsort((-spread, -flips))[:limit]
    is_values = moved.before.values is not None
    if is_values:
        note = f"predicted values move by {float(np.median(spread)):.4g} in the median."
    else:
        note = (
            f"{100 * hits / max(n, 1):.3g} % of {counted(n, 'row')} have a copy predicted otherwise"
        )
        more = f": {100 * wrong:.3g} % of the wrong ones, {100 * right:.3g} % of the right ones."
        note += "." if np.isnan(wrong) or np.isnan(right) else more
    return Spread(
        tuple(_row(of, int(at), moved, flips, spread) for at in order),
        of.source(),
        noise.strength,
        noise.copies,
        hits / n if n else float("nan"),
        *exact_share(hits, n),
        n,
        right,
        wrong,
        among,
        kept,
        "noise_flips > 0" if kept and not is_values else "",
        f"{noise.words}, {note}",
        noise.perturbation if noise.strength and noise.perturbation else "",
    )


def _by_correct(
    of: Evaluation, rows: Whole, flipped: npt.NDArray[np.bool_]
) -> tuple[FlipShare, ...]:
    """The share of flipping rows among the right and among the wrong ones."""
    if "correct" not in of._kinds:
        return ()
    wrong = of.target[rows]
    found = []
    for name, value in (("right", 0.0), ("wrong", 1.0)):
        part = flipped[wrong == value]
        hits = int(part.sum())
        share = hits / len(part) if len(part) else float("nan")
        found.append(FlipShare(name, share, *exact_share(hits, len(part)), len(part)))
    return tuple(found)


def _row(of: Evaluation, at: int, moved: _Moved, flips: Floats, spread: Floats) -> SpreadRow:
    row, other = int(moved.rows[at]), int(moved.other[at])
    classes = of.task.classes
    return SpreadRow(
        row,
        id_of(of, row),
        plain(label_of(of, row)),
        plain(moved.before.prediction(at)),
        None if other < 0 or other >= len(classes) else classes[other],
        float(flips[at]),
        float(spread[at]),
    )
