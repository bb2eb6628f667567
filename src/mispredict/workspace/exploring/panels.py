"""From sums per code to the distributions that a screen draws."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from mispredict.engine.codebook import MISSING
from mispredict.engine.linked import Selection, Sums
from mispredict.engine.lookup import YES
from mispredict.workspace.exploring.exploration import Distribution, SummaryRow, TagCount

if TYPE_CHECKING:
    from mispredict.metrics.measure import MetricRow
    from mispredict.workspace.exploring.linked import Counted, Floats, Linked


def distributions_of(
    of: Linked, counted: Counted, shown: Sequence[str]
) -> tuple[Distribution, ...]:
    """The distributions of the columns, whose rates are worked out in one go."""
    bars = [_over(counted, name) for name in shown]
    together = Sums.joined(bars)
    rates, errors = of.rates(together), of.errors(together)
    found, start = [], 0
    for name, own in zip(shown, bars, strict=True):
        part = slice(start, start + len(own.rows))
        figures = (errors[part], *(figure[part] for figure in rates))
        found.append(_distribution(of, counted, name, own, figures))
        start = part.stop
    return tuple(found)


def spread_of(rows: np.ndarray, rate: Floats, low: Floats, high: Floats) -> float:
    """How far rates typically lie from the rate of all, beyond what chance explains.

    The root of their mean square distance, by rows, less their squared standard errors, which
    their 95 % intervals give; NaN where fewer than two rates are known.
    """
    known = (rows > 0) & np.isfinite(rate) & np.isfinite(low) & np.isfinite(high)
    if np.count_nonzero(known) < 2:
        return math.nan
    weight = rows[known] / rows[known].sum()
    away = rate[known] - weight @ rate[known]
    error = (high[known] - low[known]) / (2 * 1.96)
    return math.sqrt(max(0.0, float(weight @ (away**2 - error**2))))


def summary_of(metrics: Sequence[MetricRow]) -> tuple[SummaryRow, ...]:
    """Each metric of the selection beside the rest, from rows of the rest, then the selection."""
    half = len(metrics) // 2
    return tuple(map(_compared, metrics[half:], metrics[:half]))


def tag_counts(of: Linked, selection: Selection) -> tuple[TagCount, ...]:
    """Each tag's rows in the selection."""
    sums = of.tag_sums(selection)
    together = Sums.joined([inside for inside, _ in sums.values()])
    errors, (rate, low, high) = of.errors(together), of.rates(together)
    return tuple(
        TagCount(
            name, int(inside.rows[0]), n,
            float(errors[i]), float(rate[i]), float(low[i]), float(high[i]),
        )
        for i, (name, (inside, n)) in enumerate(sums.items())
    )  # fmt: skip


def _compared(inside: MetricRow, rest: MetricRow) -> SummaryRow:
    """The two groups are different rows, so their intervals combine as independent ones.

    Of proportions this is Newcombe's interval (Newcombe 1998, method 10).
    """
    from mispredict.cohorts.estimates import difference_bounds

    low, high = difference_bounds(
        (inside.value, inside.low, inside.high), (rest.value, rest.low, rest.high), 0.0
    )
    return SummaryRow(
        inside.metric, inside.value, inside.low, inside.high, inside.n,
        rest.value, rest.low, rest.high, rest.n,
        inside.value - rest.value, low, high,
    )  # fmt: skip


def _over(counted: Counted, name: str) -> Sums:
    bars = counted.layouts[name]
    return counted.linked[name].over(bars.codes, bars.starts)


def _distribution(
    of: Linked, counted: Counted, name: str, own: Sums, figures: Sequence[Floats]
) -> Distribution:
    ref, fields, bars = of.names[name], of.of.fields, counted.layouts[name]
    states, whole = counted.states[name], of.whole(name).rows
    is_reserved = fields.is_reserved(ref)
    selected, partly = _selected(states, bars.codes, bars.starts)
    errors, rate, low, high = figures
    hidden = bars.hidden
    everything = np.add.reduceat(whole[bars.codes], bars.starts) if len(bars.starts) else whole[:0]
    return Distribution(
        column=name,
        type=fields.type_of(ref).value,
        role="" if is_reserved else of.of.dataset.schema[ref.name].role.value,
        is_reserved=is_reserved,
        kind=bars.kind,
        label=bars.label,
        first=tuple(bars.first.tolist()),
        last=tuple(bars.last.tolist()),
        low=_or_none(bars.low),
        high=_or_none(bars.high),
        n=tuple(own.rows.tolist()),
        all=tuple(everything.tolist()),
        errors=tuple(errors.tolist()),
        rate=tuple(rate.tolist()),
        rate_low=tuple(low.tolist()),
        rate_high=tuple(high.tolist()),
        is_selected=selected,
        is_partly=partly,
        is_missing=tuple((bars.first == MISSING).tolist()),
        more=len(hidden),
        more_n=int(counted.linked[name].rows[hidden].sum()),
        more_all=int(whole[hidden].sum()),
        more_selected=int(np.count_nonzero(states[hidden])) if states.any() else 0,
        spread=spread_of(own.rows, rate, low, high),
    )


def _selected(
    states: np.ndarray, codes: np.ndarray, starts: np.ndarray
) -> tuple[tuple[bool, ...], tuple[bool, ...]]:
    """Which bars have selected codes, and which of them others too."""
    if not len(starts) or not states.any():
        none = (False,) * len(starts)
        return none, none
    any_ = np.logical_or.reduceat(states[codes] > 0, starts)
    all_ = np.logical_and.reduceat(states[codes] == YES, starts)
    return tuple(any_.tolist()), tuple((any_ & ~all_).tolist())


def _or_none(values: Floats) -> tuple[float | None, ...]:
    return tuple(None if np.isnan(value) else value for value in values.tolist())
