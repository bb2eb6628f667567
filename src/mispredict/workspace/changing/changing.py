"""What changed between two evaluations: rows, labels and answers crossed, and put into words."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from mispredict.compare.changed.changed import (
    FACTOR_WORDS,
    ChangedFactor,
    Crossing,
    LeftOut,
    WhatChanged,
)
from mispredict.compare.changed.divide import Division, Part, Side, divide, entangled
from mispredict.compare.changed.orders import Coalition
from mispredict.compare.changed.words import verdict
from mispredict.core.errors import BadOption, EmptyCohort
from mispredict.core.options import names as names_of
from mispredict.core.options import text
from mispredict.core.predicate import Predicate
from mispredict.core.predicate.others import is_of_model
from mispredict.core.task import TaskKind
from mispredict.core.words import counted
from mispredict.metrics.columns import split_name
from mispredict.metrics.measure import MetricRow, measure
from mispredict.metrics.outcomes import Groups
from mispredict.metrics.registry import METRICS
from mispredict.workspace.changing.answers import Crossings
from mispredict.workspace.changing.cells import Kinds, kinds_of, looked_at
from mispredict.workspace.changing.facts import facts_of
from mispredict.workspace.changing.pairs import Pairing, pair
from mispredict.workspace.changing.steps import PREDICTING, PREPARING

if TYPE_CHECKING:
    from mispredict.workspace.evaluation import Evaluation

Bools = npt.NDArray[np.bool_]
STAGES = 4  # that `changed` says it has done
_METRICS = {TaskKind.REGRESSION: "mae", TaskKind.SCORE: "loss"}


@dataclass(frozen=True)
class Wish:
    """What is asked, beside the two evaluations."""

    metric: str
    by: tuple[str, ...] | None
    where: str | Predicate | None
    threshold: tuple[float, float] | None
    calls: bool
    trust: bool


def changed(
    before: Evaluation,
    after: Evaluation,
    metric: str | None = None,
    *,
    by: str | Sequence[str] | None = None,
    where: str | Predicate | None = None,
    threshold: float | tuple[float, float] | None = None,
    calls: bool = True,
    trust: bool = False,
    step: Callable[[], None] = lambda: None,
) -> WhatChanged:
    """A metric's difference divided among what changed; see `Workspace.changed`.

    `step` is called after each of `STAGES` stages.
    """
    begun = time.perf_counter()
    wish = Wish(
        _metric(before, metric), None if by is None else names_of("by", by), where,
        _thresholds(threshold), calls, trust,
    )  # fmt: skip
    _check_where(before, where)
    masks = tuple(_some(item, where) for item in (before, after))
    pairing = pair(before, after)
    crossings = Crossings(before, after, pairing, wish.threshold, calls=calls, trust=trust)
    step()
    kinds = kinds_of(before, after, pairing, masks, wish.by)
    step()
    factors = _factors(pairing, crossings, kinds, masks)
    step()
    asked = (before, after, pairing, crossings, kinds, masks, factors, wish.metric)
    division = _divided(*asked)
    step()
    apart = _apart(division, wish.metric)
    if apart is not None:
        crossings.join()
        division = _divided(*asked)
    return _answer(before, after, pairing, crossings, kinds, masks, division, apart, wish, begun)


def _apart(division: Division, metric: str) -> str | None:
    """What steps and estimator do when swapped apart, where they surely work as one alone."""
    is_better = METRICS[split_name(metric)[0]].higher_is_better
    found = None
    if is_better is not None:
        found = entangled(division, PREPARING, PREDICTING, is_higher_better=is_better)
    if found is None:
        return None
    with_new = f"new steps before the old estimator give {found[0]:.4g}"
    with_old = f"old steps before the new one {found[1]:.4g}"
    said = f"Each estimator was fitted to its own steps: {with_new}, {with_old}"
    return f"{said}. That tells nothing of what either did."


def _divided(
    before: Evaluation,
    after: Evaluation,
    pairing: Pairing,
    crossings: Crossings,
    kinds: Kinds,
    masks: Sequence[Bools],
    factors: Sequence[str],
    metric: str,
) -> Division:
    sides = [
        Side(unit[mask], cell[mask], _weight(of)[mask])
        for of, unit, cell, mask in zip(
            (before, after), pairing.units, kinds.cells, masks, strict=True
        )
    ]
    rows = [np.flatnonzero(mask) for mask in masks]

    def answered(side: int, swapped: Coalition) -> Any:
        outcomes = crossings.outcomes(side, swapped)
        if outcomes is None:
            return None
        return outcomes if masks[side].all() else outcomes.take(rows[side])

    return divide(sides, answered, factors, metric)


def _factors(
    pairing: Pairing, crossings: Crossings, kinds: Kinds, masks: Sequence[Bools]
) -> list[str]:
    """What differs between the two, in the order in which it is told."""
    found = []
    if pairing.has_other_rows(masks):
        found += ["mix", "within"] if kinds.columns else ["within"]
    return [*found, *crossings.factors]


def _answer(
    before: Evaluation,
    after: Evaluation,
    pairing: Pairing,
    crossings: Crossings,
    kinds: Kinds,
    masks: Sequence[Bools],
    division: Division,
    apart: str | None,
    wish: Wish,
    begun: float,
) -> WhatChanged:
    ends = [_end(crossings, side, masks[side], wish.metric) for side in (0, 1)]
    whole = division.whole
    rows = _rows(pairing, crossings, kinds, division, masks)
    better = METRICS[split_name(wish.metric)[0]].higher_is_better
    return WhatChanged(
        rows=rows,
        before=before.ref,
        after=after.ref,
        metric=wish.metric,
        higher_is_better=better,
        value_before=ends[0].value,
        low_before=ends[0].low,
        high_before=ends[0].high,
        n_before=ends[0].n,
        value_after=ends[1].value,
        low_after=ends[1].low,
        high_after=ends[1].high,
        n_after=ends[1].n,
        difference=whole.value,
        low=whole.low,
        high=whole.high,
        verdict=verdict(
            wish.metric, (ends[0].value, ends[1].value), (whole.low, whole.high), rows,
            higher_is_better=better,
        ),
        by=kinds.columns,
        orders=division.orders,
        all_orders=division.all_orders,
        cohorts=looked_at(before, after, pairing, crossings, masks, wish.metric),
        crossings=tuple(_crossing(item, crossings) for item in division.crossings),
        facts=facts_of(before, after, pairing, masks),
        left_out=_left_out(crossings, kinds, division, apart),
        seconds=time.perf_counter() - begun,
        note=_note(pairing, kinds, division),
    )  # fmt: skip


def _end(crossings: Crossings, side: int, mask: Bools, metric: str) -> MetricRow:
    """The metric of one side as it is."""
    outcomes = crossings.own(side).take(np.flatnonzero(mask))
    return measure(outcomes, Groups.whole(outcomes.n), metrics=[metric])[0]


def _rows(
    pairing: Pairing, crossings: Crossings, kinds: Kinds, division: Division, masks: Sequence[Bools]
) -> tuple[ChangedFactor, ...]:
    """Every factor: those that differ with their part, the others with nothing."""
    whole = division.whole
    is_known = whole.low > 0 or whole.high < 0
    made = [
        _changed(part, whole.value if is_known else 0.0, pairing, crossings, kinds, masks)
        for part in division.parts
    ]
    there = {factor for part in division.parts for factor in part.factors}
    there |= {item.factor for item in crossings.counted_with_model}
    same = [name for name in FACTOR_WORDS if name not in there and name != "rows"]
    return (*made, *(_unchanged(name, pairing, crossings) for name in same))


def _changed(
    part: Part,
    whole: float,
    pairing: Pairing,
    crossings: Crossings,
    kinds: Kinds,
    masks: Sequence[Bools],
) -> ChangedFactor:
    told = [_told(name, pairing, crossings, kinds, masks) for name in part.factors]
    return ChangedFactor(
        " + ".join(part.factors),
        " and ".join(FACTOR_WORDS[name] for name in part.factors),
        part.value,
        part.low,
        part.high,
        part.value / whole if whole else float("nan"),
        True,
        bool(part.low > 0 or part.high < 0),
        "; ".join(item[0] for item in told),
        "; ".join(item[1] for item in told),
        max(item[2] for item in told),
        " ".join(item[3] for item in told),
    )


def _unchanged(name: str, pairing: Pairing, crossings: Crossings) -> ChangedFactor:
    same = "The rows are the same."
    mixed = "No column's mix differs by more than chance."
    labelled = "No row that both have has another label."
    why = {
        "mix": same if pairing.is_same else mixed,
        "within": same,
        "labels": labelled if pairing.paired else "No row is on both sides.",
        "preprocessing": "The inputs are prepared in the same way.",
        "model": "The model is the same."
        if crossings.is_same_model
        else "The estimator is the same.",
        "environment": "The same model says the same of the same inputs."
        if crossings.is_same_model
        else "The records name the same code and libraries.",
        "threshold": "Predictions are made at the same threshold, or none is known.",
    }[name]  # fmt: skip
    return ChangedFactor(name, FACTOR_WORDS[name], 0.0, 0.0, 0.0, 0.0, False, False, "", "", 0, why)


def _told(
    name: str, pairing: Pairing, crossings: Crossings, kinds: Kinds, masks: Sequence[Bools]
) -> tuple[str, str, int, str]:
    """The two states of a factor, how many rows it is about, and how its part was found."""
    n = [int(mask.sum()) for mask in masks]
    if name in ("mix", "within"):
        added, removed = pairing.added(masks), pairing.removed(masks)
        rows = f"Rows that are gone: {removed:,}, that are new: {added:,}."
        by = f" by {', '.join(kinds.columns)}" if kinds.columns else ""
        how = (
            f"Rows weighted to the mix{by} of the other side."
            if name == "mix"
            else "Rows of one kind replaced by those of the other side."
        )
        return counted(n[0], "row"), counted(n[1], "row"), added + removed, f"{rows} {how}"
    return crossings.told(name)


def _left_out(
    crossings: Crossings, kinds: Kinds, division: Division, apart: str | None
) -> tuple[LeftOut, ...]:
    """What could not be told apart: answers that are missing, factors joined, parts of a model."""
    found = [*crossings.left_out, *kinds.left_out, *crossings.counted_with_model]
    for part in division.parts:
        if len(part.factors) < 2:
            continue
        reason = apart or crossings.why_not_crossed()
        if reason and {PREPARING, PREDICTING} <= set(part.factors):
            hint = "a model with one of the two as before, registered and evaluated"
            is_uncalled = not apart and all(crossings.is_uncalled(model) for model in (0, 1))
            said = f"They cannot be told apart. {reason}"
            found.append(LeftOut(" + ".join(part.factors), said, hint, is_uncalled=is_uncalled))
            continue
        found.append(
            LeftOut(
                " + ".join(part.factors),
                "They cannot be told apart: no crossing between them is known.",
                "evaluate each model on both datasets, or register models that can be called",
            )
        )
    return tuple(found)


def _crossing(item: Any, crossings: Crossings) -> Crossing:
    order = list(FACTOR_WORDS)
    swapped = tuple(sorted(item.swapped, key=order.index))
    return Crossing(swapped, item.value, item.n, crossings.how(item.swapped))


def _note(pairing: Pairing, kinds: Kinds, division: Division) -> str:
    said = [pairing.words]
    if division.orders < division.all_orders and all(len(p.factors) == 1 for p in division.parts):
        said.append(
            f"Only {division.orders} of {division.all_orders} orders of swapping could be measured."
        )
    return " ".join([*said, *([kinds.words] if kinds.words else [])])


def _metric(of: Evaluation, metric: str | None) -> str:
    asked = metric and text("metric", metric, hint="metric='accuracy'")
    return asked or _METRICS.get(of.task.kind, "accuracy")


def _thresholds(given: float | tuple[float, float] | None) -> tuple[float, float] | None:
    from mispredict.core.options import number

    if given is None:
        return None
    pair_ = given if isinstance(given, (tuple, list)) else (given, given)
    if len(pair_) != 2:
        raise BadOption(
            f"threshold={given!r} cannot be used.",
            known="It is one probability, or a pair: before and after.",
            hint="threshold=(0.5, 0.4)",
        )
    first, second = (number("threshold", item, 0, 1) for item in pair_)
    return first, second


def _check_where(of: Evaluation, where: str | Predicate | None) -> None:
    if where is None:
        return
    own = (ref.name for ref in of.predicate(where).columns() if not ref.is_input)
    used = [name for name in own if name in of.fields.reserved and is_of_model(name)]
    if used:
        raise BadOption(
            f"the cohort depends on {sorted(used)[0]!r}, which is another one for another model.",
            known="The same rows must be looked at whoever predicts.",
            hint="a cohort of the dataset's columns",
        )


def _some(of: Evaluation, where: str | Predicate | None) -> Bools:
    mask = of.mask(where)
    if not mask.any():
        raise EmptyCohort(
            f"no row of {of.ref} meets {of.predicate(where).text}.",
            known=f"The evaluation has {counted(of.n, 'row')}.",
            hint="a wider cohort",
        )
    weight = of.outcomes.weight
    if weight is not None and not weight[mask].any():
        raise EmptyCohort(
            f"every row of {of.ref} that is asked about has weight 0.",
            known=f"Such rows do not count; these are {counted(int(mask.sum()), 'row')}.",
            hint="a wider cohort",
        )
    return mask


def _weight(of: Evaluation) -> npt.NDArray[np.float64]:
    found = of.outcomes.weight
    return np.ones(of.n) if found is None else np.asarray(found, dtype=np.float64)
