"""Looking data over: every check that fits them, what each finding costs, each column."""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from mispredict.core.errors import Cancelled
from mispredict.core.figures import decimals, figure
from mispredict.core.results import Source
from mispredict.core.words import counted
from mispredict.data.difference.differences import mean_difference, share_difference
from mispredict.data.found_checks import check_yaml
from mispredict.data.health.battery import Look, battery
from mispredict.data.health.columns import column_health
from mispredict.data.health.health import SEVERITIES, Health, HealthFinding
from mispredict.data.share import ShareKind
from mispredict.expectations.bounds import share
from mispredict.expectations.subject import Bools, Estimate, Floats
from mispredict.expectations.verdict import NAN

if TYPE_CHECKING:
    from mispredict.expectations.data import DataView
    from mispredict.expectations.verdict import Judged

Progress = Callable[[int, int], None]


def find_health(
    data: DataView,
    *,
    target: Floats | None = None,
    evaluation: str = "",
    measure: str = "error rate",
    progress: Progress | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Health:
    """What is wrong with the data; see `Dataset.health`.

    Args:
        data: the rows, with the reference that they are held against.
        target: 1 for rows that an evaluation has wrong and 0 for others, or their loss.
        evaluation: which.
        measure: what the mean of `target` is called.
        progress: called with (checks run, checks in all).
        cancel: asked between checks; True stops.
    """
    started = time.perf_counter()
    looks = battery(data)
    found: list[HealthFinding] = []
    for done, look in enumerate(looks, 1):
        if cancel is not None and cancel():
            raise Cancelled(
                f"stopped after {done - 1} of {len(looks)} checks.", hint="run it again"
            )
        kind: Any = look.made()
        judged = kind.judge_data(data, 0)
        if judged.verdict == "fail":
            is_of_rows = isinstance(kind, ShareKind)
            bad = data.once(("failing", kind), lambda: None) if is_of_rows else None
            found.append(_finding(look, judged, bad, data.n, target, measure))
        if progress is not None:
            progress(done, len(looks))
    found.sort(key=_rank)
    rows = tuple(replace(row, finding=place) for place, row in enumerate(found))
    of = {column.name: tuple(r.finding for r in rows if r.column == column.name)
          for column in data.schema}  # fmt: skip
    counts = Counter(row.severity for row in rows)
    return Health(
        rows,
        Source(data.ref, "", data.n),
        "" if data.reference is None else data.reference.ref,
        evaluation,
        measure if target is not None else "",
        {word: counts[word] for word in SEVERITIES},
        len(looks),
        tuple(column_health(data, column, of[column.name]) for column in data.schema),
        _sentence(rows, len(looks), data),
        time.perf_counter() - started,
    )


def cost_of(target: Floats, bad: Bools) -> Estimate:
    """What rows add to the mean: that over all rows less that without them, with interval.

    It is the share of the rows times the difference of the means inside and outside, whose
    error comes from both sides. A few rows that are all right, or all wrong, have no variance,
    and say little: of errors of 0 and 1 the interval is Newcombe's.
    """
    known = ~np.isnan(target)
    inside, outside = target[known & bad], target[known & ~bad]
    n = int(known.sum())
    if len(inside) < 2 or len(outside) < 2:
        return Estimate(NAN, NAN, NAN, n)
    part = len(inside) / n
    if np.isin(target[known], (0, 1)).all():
        gap = share_difference(share(inside == 1), share(outside == 1))
    else:
        sides = [(float(one.mean()), float(one.std(ddof=1)), len(one)) for one in (inside, outside)]
        gap = mean_difference(sides[0], sides[1])
    return Estimate(part * gap.value, part * gap.low, part * gap.high, n)


def _finding(
    look: Look,
    judged: Judged,
    bad: Bools | None,
    n: int,
    target: Floats | None,
    measure: str,
) -> HealthFinding:
    cost = Estimate(NAN, NAN, NAN, 0)
    if target is not None and bad is not None and judged.failing:
        cost = cost_of(target, bad)
    of = f"{look.column}: " if look.column else ""
    return HealthFinding(
        0,
        look.kind,
        look.column,
        look.severity(judged),
        f"{of}{look.title}",
        judged.sentence.split(", expected")[0].split(", which does not say")[0].rstrip(".") + ".",
        look.measure,
        judged.value,
        judged.low,
        judged.high,
        judged.n,
        judged.failing if bad is not None else 0,
        judged.failing / n if n and bad is not None else NAN,
        cost.value,
        cost.low,
        cost.high,
        _cost_words(cost, measure),
        judged.where,
        check_yaml(look.name, look.kind, look.options),
        judged.examples,
    )


def _rank(row: HealthFinding) -> tuple[float, int, float]:
    """What costs most surely comes first, then what is worst, then what concerns most rows."""
    is_sure = not math.isnan(row.cost) and (row.cost_low > 0 or row.cost_high < 0)
    share = 0.0 if math.isnan(row.share) else row.share
    return -(abs(row.cost) if is_sure else 0.0), SEVERITIES.index(row.severity), -share


def _cost_words(cost: Estimate, measure: str) -> str:
    if math.isnan(cost.value):
        return ""
    if cost.low <= 0 <= cost.high:
        return f"Whether these rows change the {measure} cannot be told."
    if measure != "error rate":
        places = decimals(cost.low, cost.high)
        way = "lower" if cost.value > 0 else "higher"
        return f"Without these rows the {measure} is {figure(abs(cost.value), places)} {way}."
    way = "lower" if cost.value > 0 else "higher"
    low, high = sorted((100 * abs(cost.low), 100 * abs(cost.high)))
    return (
        f"Without these rows the {measure} is {100 * abs(cost.value):.2f} points {way}"
        f" ({low:.2f} to {high:.2f})."
    )


def _sentence(rows: tuple[HealthFinding, ...], ran: int, data: DataView) -> str:
    size = f"{counted(data.n, 'row')} and {counted(len(data.schema), 'column')}"
    if not rows:
        return f"Nothing is wrong with {size}, by {counted(ran, 'check')}."
    high = sum(row.severity == "high" for row in rows)
    more = f", {high:,} of them high" if high else ""
    return (
        f"{counted(len(rows), 'finding')}{more}, in {size}, by {counted(ran, 'check')}."
        f" First: {rows[0].sentence}"
    )
