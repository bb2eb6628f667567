"""Uncertainty of an evaluation: which rows the model doubts, and whether those are wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from mispredict.core.errors import BadOption
from mispredict.core.options import names, number, some_names
from mispredict.core.predicate import Predicate, all_of, at_least, at_most, equals
from mispredict.core.task import TaskKind
from mispredict.core.words import counted
from mispredict.data.doubt.sureness import MEASURES
from mispredict.data.doubt.uncertainty import RiskCurve, auroc, disagreement
from mispredict.data.doubt.uncertainty_results import (
    DoubtRow,
    MeasureRow,
    RiskPoint,
    SelectiveRow,
    Uncertainty,
)
from mispredict.data.doubt.weighing import effective_rows, unequal, weighted_share
from mispredict.data.found_checks import check_text
from mispredict.metrics.intervals import wilson_bounds, z_of
from mispredict.metrics.paired_means import mean_difference

if TYPE_CHECKING:
    from mispredict.workspace.evaluation import Evaluation

Floats = npt.NDArray[np.float64]
SHARES = (1.0, 0.95, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1)
LEVEL = 0.95
OWN = (*MEASURES, "noise_spread", "noise_flips", "set_size")
MEMBERS = "disagreement"


def uncertainty_of(
    of: Evaluation,
    where: str | Predicate | None,
    *,
    by: str | Sequence[str] | None,
    members: Sequence[str] | None,
    doubted: float,
    shares: Sequence[float],
) -> Uncertainty:
    """Errors among the rows that the model is surest of, by each measure of it."""
    doubted = number("doubted", doubted, 0, 1)
    measures = _measures(of, by, members)
    mask = of._some(where)
    rows = _known(of, measures, mask)
    loss = of.target[rows]
    weight = unequal(None if of.outcomes.weight is None else of.outcomes.weight[rows])
    is_error = "correct" in of._kinds
    curves = {name: RiskCurve.of(sure[rows], loss, weight) for name, sure in measures.items()}
    found = [_measure(name, curve, doubted, is_error) for name, curve in curves.items()]
    found.sort(key=lambda row: (row.aurc, row.measure))
    best = found[0].measure if by is None or not isinstance(by, str) else by
    curve = curves[best]
    cohort = None if where is None else of.predicate(where)
    made = Uncertainty(
        tuple(_selective(curve, share, best, cohort, is_error) for share in _distinct(shares)),
        of.source(where, len(rows)),
        best,
        "error rate" if is_error else "mean loss",
        tuple(found),
        _doubts(curve, best, cohort, doubted) if is_error else (),
        doubted,
        _points(curve, is_error),
        _note(curve, found, best, doubted, is_error),
        _notes(of, rows, mask, found),
        LEVEL,
    )
    is_checked = bool(made.doubts) and best in MEASURES
    return replace(made, check=check_text(made.to_check())) if is_checked else made


def _measures(
    of: Evaluation, by: str | Sequence[str] | None, members: Sequence[str] | None
) -> dict[str, Floats]:
    """How sure the model is of each row, by name of the measure: more is surer."""
    if by is not None:
        asked: tuple[str, ...] = some_names("by", by)
    else:
        asked = tuple(name for name in OWN if name in of._kinds)
        asked += (MEMBERS,) if members else ()
    found = {}
    for name in asked:
        if name == MEMBERS:
            found[name] = -_disagreement(of, members or ())
        else:
            values = of.table.values(name)
            found[name] = values if name in ("confidence", "margin") else -values
    if not found:
        raise BadOption(
            f"{of.ref} says nothing of how sure the model is.",
            known=f"It has none of {', '.join(OWN)}.",
            hint="a model with probabilities, ev.spread() first, or by='a column of uncertainty'",
        )
    return found


def _disagreement(of: Evaluation, members: Sequence[str]) -> Floats:
    """How far models disagree on the rows of this evaluation's dataset."""
    if not of.task.classes or of.task.kind is TaskKind.MULTILABEL:
        raise BadOption(
            f"members of a {of.task.kind} evaluation cannot vote.",
            known="Their disagreement is told by the one class that each says.",
            hint="models of a classification, or by='a column of uncertainty'",
        )
    refs = names("members", members)
    if len(refs) < 2:
        raise BadOption(
            f"members={list(refs)} is no ensemble.",
            known="At least two models must have an evaluation of this dataset.",
            hint="members=['gbm@1', 'forest@1']",
        )
    evaluations = [of.workspace.evaluation(f"{ref}/{of.dataset.ref}") for ref in refs]
    if any(item.task.classes != of.task.classes for item in evaluations):
        raise BadOption(
            "the members know other classes.",
            known=f"Those of {of.ref}: {', '.join(map(str, of.task.classes[:8]))}.",
            hint="models of the same task",
        )
    votes = np.stack([np.asarray(item.outcomes.prediction, np.int64) for item in evaluations])
    chances: Any = None
    if all(item.outcomes.has_probabilities for item in evaluations):
        places = range(len(of.task.classes))
        chances = np.stack(
            [
                np.column_stack([item.outcomes.probability(place) for place in places])
                for item in evaluations
            ]
        )
    return disagreement(votes, chances)


def _known(
    of: Evaluation, measures: dict[str, Floats], mask: npt.NDArray[np.bool_] | None
) -> npt.NDArray[np.int64]:
    if "correct" not in of._kinds and "loss" not in of._kinds:
        raise BadOption(
            f"{of.ref} has no label.",
            known="Which uncertain rows are wrong is read from it.",
            hint="a dataset with a label",
        )
    known = ~np.isnan(of.target)
    for sure in measures.values():
        known &= ~np.isnan(sure)
    if mask is not None:
        known &= mask
    if of.outcomes.weight is not None:
        known &= of.outcomes.weight > 0
    rows: npt.NDArray[np.int64] = np.flatnonzero(known).astype(np.int64)
    if not len(rows):
        raise BadOption(
            f"no row of {of.ref} has a label and {' and '.join(measures)}.",
            known=f"The evaluation has {counted(of.n, 'row')}.",
            hint="another measure, or a wider cohort",
        )
    return rows


def _measure(name: str, curve: RiskCurve, doubted: float, is_error: bool) -> MeasureRow:
    auc = (float("nan"),) * 3
    if is_error:
        auc = auroc(curve.sure, curve.loss > 0, curve.weight)
    half = z_of(LEVEL) * curve.area_error
    lost = curve.loss if curve.weight is None else curve.loss * curve.weight
    total = float(lost.sum())
    first = curve.kept(1 - doubted) if doubted < 1 else 0
    last, low, high, errors = lost[first:], float("nan"), float("nan"), -1
    if is_error:
        wrong = np.flatnonzero(curve.loss > 0)
        errors, weight = len(wrong), None if curve.weight is None else curve.weight[wrong]
        held = weighted_share(wrong >= first, weight)
        low, high = held.low, held.high
    return MeasureRow(
        name, curve.n, *auc, curve.area, max(curve.area - half, 0.0), curve.area + half,
        curve.excess, float(last.sum()) / total if total else float("nan"),
        curve.worth(slice(None)), low, high, errors,
    )  # fmt: skip


def _selective(
    curve: RiskCurve, share: float, measure: str, cohort: Predicate | None, is_error: bool
) -> SelectiveRow:
    kept = curve.kept(share)
    value, worth = curve.mean(slice(kept)), curve.worth(slice(kept))
    low, high = _bounds(curve, kept, value, is_error)
    threshold = float(curve.sure[kept - 1])
    where = "" if kept == curve.n else _where(measure, threshold, cohort)
    if kept == curve.n and cohort is not None:
        where = cohort.text
    shown = threshold if measure in ("confidence", "margin") else -threshold
    errors = int(curve.loss[:kept].sum()) if is_error else -1
    return SelectiveRow(curve.share(kept), kept, shown, where, value, low, high, errors, worth)


def _bounds(curve: RiskCurve, kept: int, value: float, is_error: bool) -> tuple[float, float]:
    """The interval of the mean loss of the first rows."""
    if is_error:
        worth = np.asarray(curve.worth(slice(kept)))
        low, high = wilson_bounds(np.asarray(value), worth, LEVEL)
        return float(low), float(high)
    weight = None if curve.weight is None else curve.weight[:kept]
    found = mean_difference(curve.loss[:kept], weight)
    return found.low, found.high


def _points(curve: RiskCurve, is_error: bool) -> tuple[RiskPoint, ...]:
    """The curve, each point with the interval of the rows up to it."""
    return tuple(
        RiskPoint(share, value, *_bounds(curve, kept, value, is_error), best)
        for kept, share, value, best in curve.points()
    )


def _where(measure: str, threshold: float, cohort: Predicate | None, *also: Predicate) -> str:
    """The cohort of the rows that are at least so sure."""
    if measure == MEMBERS:
        return ""
    term = _sure(measure, threshold)
    return all_of([*([] if cohort is None else [cohort]), term, *also]).text


def _sure(measure: str, threshold: float) -> Predicate:
    if measure in ("confidence", "margin"):
        return at_least(measure, threshold)
    return at_most(measure, -threshold)


def _doubts(
    curve: RiskCurve, measure: str, cohort: Predicate | None, doubted: float
) -> tuple[DoubtRow, ...]:
    """Sure and unsure rows that are right and wrong."""
    from mispredict.core.predicate import negate

    kept = curve.kept(1 - doubted) if doubted < 1 else 0
    threshold = float(curve.sure[kept - 1]) if kept else float("inf")
    rows = []
    weight = np.ones(curve.n) if curve.weight is None else curve.weight
    for name, part, is_sure in (("sure", slice(kept), True), ("unsure", slice(kept, None), False)):
        for word, value in (("right", 0.0), ("wrong", 1.0)):
            chosen = curve.loss[part] == value
            where = ""
            if measure != MEMBERS and kept:
                term = _sure(measure, threshold)
                terms = [term if is_sure else negate(term), equals("correct", not value)]
                where = all_of([*([] if cohort is None else [cohort]), *terms]).text
            share = float(weight[part][chosen].sum() / weight.sum())
            rows.append(DoubtRow(f"{name} and {word}", where, int(chosen.sum()), share))
    return tuple(rows)


def _note(
    curve: RiskCurve, found: list[MeasureRow], measure: str, doubted: float, is_error: bool
) -> str:
    row = next(item for item in found if item.measure == measure)
    rate, kept = curve.mean(slice(None)), curve.mean(slice(curve.kept(1 - doubted)))
    if not is_error:
        return (
            f"Rows in the order of {measure}: the mean loss "
            f"{_moved(rate, kept, '{:.4g}')} without the least sure {100 * doubted:.3g} %."
        )
    if not rate:
        return "The only row is right." if curve.n == 1 else f"All {curve.n:,} rows are right."
    return (
        f"The {100 * doubted:.3g} % of rows that are least sure by {measure} hold "
        f"{100 * row.found:.3g} % of the errors; without them the error rate "
        f"{_moved(100 * rate, 100 * kept, '{:.3g} %')}."
    )


def _moved(before: float, after: float, form: str) -> str:
    """How a value moves, in words."""
    if before == after:
        return f"stays {form.format(before)}"
    way = "rises" if after > before else "falls"
    return f"{way} from {form.format(before)} to {form.format(after)}"


def _notes(
    of: Evaluation,
    rows: npt.NDArray[np.int64],
    mask: npt.NDArray[np.bool_] | None,
    measures: Sequence[MeasureRow],
) -> tuple[str, ...]:
    found = []
    asked = of.n if mask is None else int(mask.sum())
    if len(rows) != asked:
        found.append(
            f"Left out: {counted(asked - len(rows), 'row')} without a label, a measure or weight."
        )
    if sum(row.measure in MEASURES for row in measures) > 1 and len(of.task.classes) == 2:
        found.append(
            "Of two classes, confidence, margin and entropy put the rows in the same order."
        )
    return (*found, *weighed(of, rows))


def weighed(of: Evaluation, rows: npt.NDArray[np.int64]) -> tuple[str, ...]:
    """What weights come to, where rows have some that differ."""
    weight = of.outcomes.weight
    if weight is None or unequal(weight[rows]) is None:
        return ()
    return (
        f"Rows count by their weights: {len(rows):,} rows are worth "
        f"{effective_rows(weight[rows]):,.0f} of equal weight, and intervals say so.",
    )


def _distinct(shares: Sequence[float]) -> tuple[float, ...]:
    found = [number("shares", share, 0, 1) for share in shares]
    if not found:
        raise BadOption(
            "shares=() asks for nothing.",
            known="They are shares of the rows, the surest ones.",
            hint="shares=(1.0, 0.9, 0.8)",
        )
    return tuple(sorted(dict.fromkeys(found), reverse=True))
