"""What changed, in sentences."""

from __future__ import annotations

import math
from collections.abc import Sequence

from mispredict.compare.changed.changed import ChangedFactor
from mispredict.core.figures import metric_difference, metric_figure

_MOST = 3  # factors that the verdict names


def verdict(
    metric: str,
    values: tuple[float, float],
    interval: tuple[float, float],
    rows: Sequence[ChangedFactor],
    *,
    higher_is_better: bool | None,
) -> str:
    """The answer in a sentence: how far it moved, whether that is more than chance, and why."""
    before, after = values
    difference = after - before
    if math.isnan(difference):
        return f"The {metric} is not known on both sides, so there is no difference to explain."
    ends = " → ".join(metric_figure(metric, value, *interval) for value in values)
    size = metric_difference(metric, abs(difference), *interval).removeprefix("+")
    moved = f"The {metric} {_verb(difference, size, higher_is_better)} ({ends})"
    is_certain = interval[0] > 0 or interval[1] < 0
    chance = "" if is_certain else ", which may be chance"
    certain = [row for row in rows if row.is_changed and row.is_certain]
    certain.sort(key=lambda row: -abs(row.value))
    if not any(row.is_changed for row in rows):
        return f"{moved}: rows, labels and answers are the same."
    if not certain:
        return f"{moved}{chance}: no factor's part is more than chance."
    said = ", ".join(f"{row.words} {_part(metric, row, interval)}" for row in certain[:_MOST])
    unsure = sum(row.is_changed and not row.is_certain for row in rows)
    other = "One more part is" if unsure == 1 else f"{unsure} more parts are"
    more = f" {other} within chance." if unsure else ""
    return f"{moved}{chance}: {said}.{more}"


def _part(metric: str, row: ChangedFactor, interval: tuple[float, float]) -> str:
    """The part, as exact as the whole, whose unit is not told again."""
    return metric_difference(metric, row.value, *interval).removesuffix(" points")


def _verb(difference: float, size: str, higher_is_better: bool | None) -> str:
    if difference == 0:
        return "did not move"
    said = f"{'rose' if difference > 0 else 'fell'} by {size}"
    if higher_is_better is not False:
        return said
    return f"{said}, for the {'worse' if difference > 0 else 'better'}"
