"""Conformal sets of an evaluation: calibrated, judged by cohort, and kept as columns."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from mispredict.core.errors import BadOption
from mispredict.core.options import choice, number, whole
from mispredict.core.predicate import Predicate, all_of, equals, is_missing, negate
from mispredict.core.task import TaskKind
from mispredict.core.words import counted
from mispredict.data.doubt.conformal import CLASS_METHODS, VALUE_METHODS, Cuts
from mispredict.data.doubt.conformal_ask import Scored, Wish, halves, scored
from mispredict.data.doubt.conformal_results import ConformalSets, CoveredRow, CutRow, SizeRow
from mispredict.data.doubt.weighing import effective_rows, unequal, weighted_share
from mispredict.data.found_checks import check_text
from mispredict.workspace.doubting.columns import is_evaluation, keep_doubts
from mispredict.workspace.doubting.doubting import weighed
from mispredict.workspace.testing.answers import stored_answers

if TYPE_CHECKING:
    from mispredict.metrics.outcomes import Groups
    from mispredict.workspace.evaluation import Evaluation

Whole = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
FEWEST = 30  # judged rows of a cohort that is told


def sets_of(
    of: Evaluation,
    where: str | Predicate | None,
    *,
    target: float,
    method: str | None,
    calibration: str | Predicate | Evaluation | None,
    within: str | None,
    by: str | Sequence[str | Predicate] | None,
    scale: str | None,
    seed: int,
) -> ConformalSets:
    """Sets that hold the label with a given chance, and how often they do."""
    method = _method(of, method, scale)
    target = _target(target)
    wish = Wish(target, method, whole("seed", seed, 0))
    every, rows = _scored(of, where, wish, scale)
    other = _calibration(of, calibration)
    if other is not None:
        learned_from, source = other, other.ref
        base, learned = _scored(other, None, wish, scale)
        judged = rows
    else:
        learned_from, base, source = of, every, "a random half"
        learned, judged = _split(of, calibration, rows, seed)
        source = source if calibration is None else of.predicate(calibration).text  # type: ignore[arg-type]
    names, groups = _groups(learned_from, within)
    if learned_from is not of:
        names, own = _shared(names, groups, of, within)
    else:
        own = groups
    weights = _weights(of, learned_from, learned, judged)
    own_weight = None if weights is None else weights[1]
    learned_weight = None if weights is None else weights[0][learned]
    cuts = Cuts.of(base.own[learned], groups[learned], names, target, learned_weight)
    at = cuts.at(own, own_weight)
    held, sizes = every.held(at), every.sizes(at)
    predicate = None if where is None else of.predicate(where)
    kept = _keep(of, held, sizes, wish, judged, every) if where is None else ()
    found = _by_cohort(of, by, judged, held, sizes, every, target, predicate, own_weight)
    made = ConformalSets(
        found,
        of.source(where, len(judged)),
        method,
        target,
        len(learned),
        source,
        tuple(map(CutRow, cuts.names, cuts.sizes, cuts.cuts.tolist(), cuts.worth)),
        _sizes(judged, held, sizes, every, kept, predicate, own_weight),
        kept,
        _note(found, target, every, method),
        (*_notes(cuts, other, judged, of.n), *weighed(of, judged)),
    )
    return replace(made, check=check_text(made.to_check()))


def _target(target: float) -> float:
    target = number("target", target, 0, 1)
    if target in (0, 1):
        raise BadOption(
            f"target={target:g} cannot be used.",
            known="Sets hold the label with a chance above 0 and below 1: at 1 they hold "
            "everything, at 0 they may be empty.",
            hint="target=0.9",
        )
    return target


def _weights(
    of: Evaluation, learned_from: Evaluation, learned: Whole, judged: Whole
) -> tuple[Floats, Floats] | None:
    """Weights of the rows that calibrate, and of this evaluation's; None where all are equal.

    Each evaluation's are in units of their mean, as two datasets may have other units.
    """
    parts = [
        np.ones(item.n) if item.outcomes.weight is None else np.asarray(item.outcomes.weight)
        for item in (learned_from, of)
    ]
    for item, part, rows in zip((learned_from, of), parts, (learned, judged), strict=True):
        _check_counting(item, part[rows])
    chosen = zip(parts, (learned, judged), strict=True)
    if all(unequal(part[rows]) is None for part, rows in chosen):
        return None
    if learned_from is of:
        return parts[0], parts[1]
    first, second = (part / (part.mean() or 1.0) for part in parts)
    return first, second


def _check_counting(of: Evaluation, weight: Floats) -> None:
    if not weight.any():
        raise BadOption(
            f"{counted(len(weight), 'row')} of {of.ref} that would calibrate or be judged weigh 0.",
            known="Such rows do not count, so that nothing can be said of them.",
            hint="a wider cohort",
        )


def _method(of: Evaluation, method: str | None, scale: str | None) -> str:
    allowed: tuple[str, ...]
    if of.task.kind is TaskKind.REGRESSION:
        allowed = VALUE_METHODS
        method = method or ("absolute" if scale is None else "scaled")
        if (method == "scaled") != (scale is not None):
            raise BadOption(
                f"method={method!r} and scale={scale!r} do not go together.",
                known="Scaled ranges are as wide as a column says.",
                hint="method='scaled', scale='noise_spread'",
            )
    elif of.task.is_classification:
        allowed = CLASS_METHODS
        method = method or "lac"
    else:
        raise BadOption(
            f"there are no conformal sets of a {of.task.kind} evaluation.",
            known="Sets hold one class, ranges one value.",
            hint="an evaluation of a classification or regression",
        )
    return choice("method", method, allowed)


def _scored(
    of: Evaluation, where: str | Predicate | None, wish: Wish, scale: str | None
) -> tuple[Scored, Whole]:
    """Scores of all rows, and the rows with label and prediction."""
    outcomes = of.outcomes
    if outcomes.label is None:
        raise BadOption(
            f"{of.ref} has no label.",
            known="Sets are calibrated and judged by it.",
            hint="calibration='an evaluation with labels' and a dataset with a label",
        )
    said = stored_answers(of)
    spread = None if scale is None else of.table.values(scale)
    found = scored(said, np.asarray(outcomes.label), wish, spread)
    known = np.isfinite(found.own) & said.known
    mask = of._some(where)
    if mask is not None:
        known &= mask
    rows = np.flatnonzero(known).astype(np.int64)
    if len(rows) < 2:
        raise BadOption(
            f"{of.ref} has {counted(len(rows), 'row')} with a label and probabilities.",
            known="Half of the rows calibrate the sets, the others are judged.",
            hint="more rows",
        )
    return found, rows


def _calibration(of: Evaluation, given: str | Predicate | Evaluation | None) -> Evaluation | None:
    """The other evaluation that calibrates; None where a cohort of this one does."""
    if given is None or isinstance(given, Predicate):
        return None
    if isinstance(given, str):
        if not is_evaluation(of, given):
            return None
        given = of.workspace.evaluation(given)
    if given.task.classes != of.task.classes:
        raise BadOption(
            f"{given.ref} has other classes than {of.ref}.",
            known=f"Those are {', '.join(map(str, given.task.classes[:8]))}.",
            hint="an evaluation of the same model",
        )
    return given


def _split(of: Evaluation, calibration: Any, rows: Whole, seed: int) -> tuple[Whole, Whole]:
    if calibration is None:
        return halves(rows, seed)
    mask = of._some(calibration)
    assert mask is not None  # it was given
    learned, judged = rows[mask[rows]], rows[~mask[rows]]
    if not len(learned) or not len(judged):
        raise BadOption(
            f"calibration={str(calibration)!r} leaves {counted(len(judged), 'row')} to judge.",
            known=f"{len(learned):,} rows would calibrate.",
            hint="calibration=None for a random half",
        )
    return learned, judged


def _groups(of: Evaluation, within: str | None) -> tuple[tuple[str, ...], Whole]:
    """Groups that are calibrated apart: values of a column, predictions, or all rows."""
    from mispredict.workspace.measuring import groupings

    if within is None:
        return ("all",), np.zeros(of.n, np.int64)
    found = groupings(of, within, None, None)[0]
    return found.names, np.asarray(found.codes, np.int64)


def _shared(
    names: tuple[str, ...], groups: Whole, of: Evaluation, within: str | None
) -> tuple[tuple[str, ...], Whole]:
    """This evaluation's rows by the groups of the one that calibrated."""
    if within is None:
        return names, np.zeros(of.n, np.int64)
    own = np.full(of.n, -1, np.int64)
    for place, name in enumerate(names):
        own[of.mask(name)] = place
    return names, own


def _by_cohort(
    of: Evaluation,
    by: Any,
    judged: Whole,
    held: npt.NDArray[np.bool_],
    sizes: Floats,
    every: Scored,
    target: float,
    predicate: Predicate | None,
    weight: Floats | None,
) -> tuple[CoveredRow, ...]:
    from mispredict.workspace.measuring import groupings

    text = "" if predicate is None else predicate.text
    rows = [_row("all", text, judged, held, sizes, every, target, 1, weight)]
    if by is None:
        return tuple(rows)
    found: list[tuple[str, Whole]] = []
    groups: Groups
    for groups in groupings(of, by, None, None):
        codes = np.asarray(groups.codes)[judged]
        found += [(name, judged[codes == at]) for at, name in enumerate(groups.names)]
    found = [(name, part) for name, part in found if len(part) >= FEWEST]
    for name, part in found:
        cohort = of.predicate(name)
        where = cohort.text if predicate is None else all_of([predicate, cohort]).text
        rows.append(_row(name, where, part, held, sizes, every, target, len(found), weight))
    return (rows[0], *sorted(rows[1:], key=lambda row: row.covered))


def _row(
    name: str,
    where: str,
    rows: Whole,
    held: npt.NDArray[np.bool_],
    sizes: Floats,
    every: Scored,
    target: float,
    count: int,
    weight: Floats | None,
) -> CoveredRow:
    own = None if weight is None else weight[rows]
    share = weighted_share(held[rows], own, level=1 - 0.05 / count)  # all cohorts together
    worth = float(len(rows)) if own is None else effective_rows(own)
    is_few = worth < FEWEST
    verdict = "short" if share.high < target else "unsure" if is_few else "covered"
    is_sets = every.classes is not None
    nan = math.nan
    return CoveredRow(
        name, where, share.n, share.value, share.low, share.high, target,
        _mean(sizes[rows], own),
        _mean(sizes[rows] == 1, own) if is_sets else nan,
        _mean(sizes[rows] == 0, own) if is_sets else nan,
        verdict,
        worth,
    )  # fmt: skip


def _mean(values: npt.NDArray[Any], weight: Floats | None) -> float:
    if weight is None:
        return float(values.mean())
    kept = weight > 0  # a width may be infinite
    total = float(weight.sum())
    return float((values[kept] * weight[kept]).sum()) / total if total else math.nan


def _sizes(
    judged: Whole,
    held: npt.NDArray[np.bool_],
    sizes: Floats,
    every: Scored,
    kept: tuple[str, ...],
    predicate: Predicate | None,
    weight: Floats | None,
) -> tuple[SizeRow, ...]:
    """Rows by the size of their set: whether large ones are needed where they are."""
    own = sizes[judged]
    if every.classes is None:
        if len(np.unique(own)) < 2:
            return ()
        codes = np.searchsorted(np.quantile(own, (0.2, 0.4, 0.6, 0.8)), own) + 1
    else:
        codes = own.astype(np.int64)
    rows = []
    for code in np.unique(codes).tolist():
        part = judged[codes == code]
        found = weighted_share(held[part], None if weight is None else weight[part])
        where = ""
        if "set_size" in kept and every.classes is not None:
            where = all_of([equals("set_size", code), negate(is_missing("in_set"))]).text
        label = (
            counted(code, "class", "classes")
            if every.classes is not None
            else f"width {sizes[part].min():.4g} to {sizes[part].max():.4g}"
        )
        rows.append(
            SizeRow(
                code,
                label,
                len(part),
                _mean(codes == code, None if weight is None else weight[judged]),
                found.value,
                found.low,
                found.high,
                where,
            )
        )
    return tuple(rows)


def _keep(
    of: Evaluation,
    held: npt.NDArray[np.bool_],
    sizes: Floats,
    wish: Wish,
    judged: Whole,
    every: Scored,
) -> tuple[str, ...]:
    """Keep the size of each set, and of judged rows whether it holds the label."""
    import pyarrow as pa

    unknown = np.ones(of.n, dtype=bool)
    unknown[judged] = False
    size = np.where(np.isfinite(sizes), sizes, np.nan)
    whole = pa.int64() if every.classes is not None else pa.float64()
    columns = {
        "set_size": pa.array(size, from_pandas=True).cast(whole),
        "in_set": pa.array(held, mask=unknown),
    }
    spec = {"target": wish.target, "method": wish.method, "seed": wish.seed}
    return keep_doubts(of, "conformal", columns, spec)


def _note(rows: tuple[CoveredRow, ...], target: float, every: Scored, method: str) -> str:
    row = rows[0]
    what = "classes" if every.classes is not None else "wide"
    short = [item.cohort for item in rows[1:] if item.verdict == "short"]
    said = (
        f"Sets of {100 * target:g} % ({method}) hold the label of {100 * row.covered:.1f} % of "
        f"{row.n:,} other rows and are {row.size:.3g} {what} on average."
    )
    return f"{said} They fall short where {'; where '.join(short[:3])}." if short else said


def _notes(cuts: Cuts, other: Evaluation | None, judged: Whole, n: int) -> tuple[str, ...]:
    notes = []
    few = [
        name for name, cut in zip(cuts.names, cuts.cuts.tolist(), strict=True) if math.isinf(cut)
    ]
    if few:
        notes.append(
            f"Too few rows to calibrate on where {'; '.join(few[:3])}: their sets hold everything."
        )
    if other is not None:
        notes.append("The chance holds as long as these rows are like those calibrated on.")
    return tuple(notes)
