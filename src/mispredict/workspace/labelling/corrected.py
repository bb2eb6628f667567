"""Metrics of an evaluation corrected for wrong labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from mispredict.core.errors import BadOption
from mispredict.core.figures import decimals, figure, rounded
from mispredict.core.options import names as names_of
from mispredict.core.options import shown, whole

if TYPE_CHECKING:
    from mispredict.core.predicate import Predicate
    from mispredict.data.labels.corrected import Estimates, Reviewed
    from mispredict.data.labels.errors import Labelled, Suspects
    from mispredict.data.labels.results import CorrectedMetric, CorrectedMetrics
    from mispredict.metrics.measure import MetricRow
    from mispredict.workspace.evaluation import Evaluation

NAN = float("nan")
REVIEWED, ESTIMATED = "reviewed", "estimated"
_ASSUMES = {
    "reviewed": "Reviewed rows are like the other rows that are flagged, or not flagged, as they "
    "are; people decided rightly.",
    "unaudited": "Rows that are not flagged have the right label: none of them was reviewed.",
    "noise": "Labels go wrong with these chances, regardless of what the model says of the row.",
    "estimated": "Labels go wrong regardless of what the model says of the row, with the chances "
    "that the model's own probabilities give.",
}


_OVERLAP = (
    "No label was reviewed. Where classes overlap, rows that are only hard to tell count as wrong "
    "labels, and the correction is too large: review some first."
)
_UNUSED = (
    "The estimated chances do not use what people decided. Where classes overlap, rows that are "
    "only hard to tell count as wrong labels, and the correction is too large: look at the way "
    "that stands on decisions (noise='reviewed')."
)


def corrected_of(
    of: Evaluation,
    *,
    metrics: str | Sequence[str] | None,
    noise: Any,
    where: str | Predicate | None,
    seed: int,
) -> CorrectedMetrics:
    """Metrics as they would be with right labels, beside those by the given ones."""
    from mispredict.data.labels.corrected import by_noise, by_review
    from mispredict.data.labels.results import CorrectedMetrics
    from mispredict.workspace.labelling.labels import found_suspects, warnings_of

    seed = whole("seed", seed, 0)
    rows, found = found_suspects(of, where=where)
    known = _reviewed(of, rows, found)
    reviewed = int((known.truth >= 0).sum())
    way, matrix = _way(of, noise, reviewed)
    names = _names(of, metrics)
    asked = {name: _numbered(of, name) for name in names if _is_of_counts(name)}
    if way == REVIEWED:
        estimates = by_review(known, list(asked.values()), seed=seed)
    elif way == ESTIMATED:
        from mispredict.data.labels.classes import chances

        chance = np.nan_to_num(chances(found.found.joint)[0])
        estimates = by_noise(
            known, _filled(chance), list(asked.values()), counts=found.found.counts, seed=seed
        )
    else:
        estimates = by_noise(known, matrix, list(asked.values()), seed=seed)
    given = _measured(of, rows, names, rows.label)
    after = _measured(of, rows, names, np.where(known.truth >= 0, known.truth, rows.label))
    table = tuple(
        _row(given[name], after[name] if reviewed else None, estimates, asked.get(name))
        for name in names
    )
    return CorrectedMetrics(
        table,
        way,
        reviewed,
        _assumes(way, known),
        (*warnings_of(of, rows, found), *_doubts(way, known)),
        _sentence(table, way, reviewed),
        of.source(where),
    )


def _reviewed(of: Evaluation, rows: Labelled, found: Suspects) -> Reviewed:
    from mispredict.data.labels.corrected import Reviewed
    from mispredict.metrics.outcomes import Outcomes
    from mispredict.workspace.labelling.review import audited_rows

    truth = np.full(of.n, -1, np.int32)
    for row, (word, code) in rows.decided.items():
        if word == "keep":
            truth[row] = rows.label[row]
        elif word == "relabel":
            truth[row] = code
    truth[rows.label < 0] = -1
    flagged, picked = found.mask(of.n), np.zeros(of.n, np.bool_)
    picked[truth >= 0] = True
    picked[flagged] = False
    picked[audited_rows(of)] = False
    outcomes: Outcomes = of.outcomes
    is_binary = len(of.task.classes) == 2
    return Reviewed(
        rows.label,
        rows.prediction,
        flagged,
        truth,
        picked,
        len(of.task.classes),
        outcomes.positive if is_binary else -1,
        outcomes.weight,
    )


def _way(of: Evaluation, noise: Any, reviewed: int) -> tuple[str, npt.NDArray[np.float64]]:
    nothing = np.empty((0, 0))
    if noise is None:
        return (REVIEWED if reviewed else ESTIMATED), nothing
    if isinstance(noise, str):
        if noise not in (REVIEWED, ESTIMATED):
            raise BadOption.choice("noise", noise, (REVIEWED, ESTIMATED))
        if noise == REVIEWED and not reviewed:
            raise BadOption(
                f"no label of {of.dataset.ref!r} was reviewed.",
                known="Corrected metrics then stand on what people decided.",
                hint="ev.label_queue(audit=50), ev.decide_labels(row, 'keep')",
            )
        return noise, nothing
    try:
        return "noise", np.asarray(noise, np.float64)
    except (TypeError, ValueError) as error:
        raise BadOption(
            f"noise={shown(noise)} is no matrix of chances.",
            known="Row i says how often a row of class i gets each label, and sums to 1.",
            hint="noise=[[0.95, 0.05], [0.1, 0.9]]",
        ) from error


def _filled(noise: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The chances, with those of a class without rows as if its labels were right."""
    empty = noise.sum(axis=1) <= 0
    filled = noise.copy()
    filled[empty] = np.eye(len(noise))[empty]
    return np.asarray(filled)


def _names(of: Evaluation, metrics: str | Sequence[str] | None) -> tuple[str, ...]:
    from mispredict.data.labels.corrected import metric_names

    if metrics is not None:
        return names_of("metrics", metrics, hint="metrics=['accuracy']")
    return metric_names(of.task.classes, is_binary=len(of.task.classes) == 2)


def _is_of_counts(name: str) -> bool:
    """Whether a metric follows from a table of labels and predictions."""
    from mispredict.data.labels.corrected import SUPPORTED

    return name.partition("[")[0].removesuffix("_macro") in SUPPORTED


def _numbered(of: Evaluation, name: str) -> str:
    """The metric with the number of its class in place of its name."""
    base, _, inside = name.partition("[")
    return f"{base}[{of._class_index(inside[:-1])}]" if inside else name


def _measured(
    of: Evaluation, rows: Labelled, names: Sequence[str], label: npt.NDArray[Any]
) -> dict[str, MetricRow]:
    """Metrics of the rows with these labels."""
    from mispredict.metrics.measure import measure
    from mispredict.metrics.outcomes import Groups

    outcomes = replace(of.outcomes, label=np.asarray(label, np.int32))
    groups = Groups.of_mask(rows.label >= 0, "all")
    return {row.metric: row for row in measure(outcomes, groups, metrics=names)}


def _row(
    given: MetricRow, after: MetricRow | None, estimates: Estimates, key: str | None
) -> CorrectedMetric:
    from mispredict.data.labels.results import CorrectedMetric

    relabelled = (NAN,) * 3 if after is None else (after.value, after.low, after.high)
    corrected = difference = (NAN,) * 3
    if key is not None:
        found, apart = estimates[key]
        corrected = (found.value, found.low, found.high)
        difference = (apart.value, apart.low, apart.high)
    return CorrectedMetric(
        given.metric, given.value, given.low, given.high, *relabelled, *corrected, *difference,
        given.n,
    )  # fmt: skip


def _assumes(way: str, known: Reviewed) -> str:
    if way != REVIEWED:
        return _ASSUMES[way]
    is_audited = bool(((known.truth >= 0) & ~known.flagged & ~known.picked).any())
    more = "" if is_audited else f" {_ASSUMES['unaudited']}"
    return f"{_ASSUMES['reviewed']}{more}"


def _doubts(way: str, known: Reviewed) -> tuple[str, ...]:
    if way == ESTIMATED:
        return (_UNUSED if (known.truth >= 0).any() else _OVERLAP,)
    if way != REVIEWED:
        return ()
    flagged = int(known.flagged.sum())
    seen = int((known.flagged & (known.truth >= 0)).sum())
    if not flagged or seen == flagged:
        return ()
    return (
        f"{seen:,} of {flagged:,} flagged rows were reviewed. If these were the likeliest errors, "
        "the correction is too large: review them in the order 'random'.",
    )


def _sentence(rows: Sequence[CorrectedMetric], way: str, reviewed: int) -> str:
    row = next((item for item in rows if item.corrected == item.corrected), None)
    if row is None:
        return "None of these metrics can be corrected: they need more than labels and predictions."
    chances = "estimated" if way == ESTIMATED else "given"
    stands = (
        f"By {reviewed:,} reviewed labels"
        if way == REVIEWED
        else f"If labels go wrong with the {chances} chances"
    )
    corrected, low, high = rounded(row.corrected, row.corrected_low, row.corrected_high)
    given = figure(row.value, decimals(row.corrected_low, row.corrected_high))
    is_same = corrected == given
    said = "as by the given labels" if is_same else f"and not {given}, as the given labels have it"
    return (
        f"{stands}, the {row.metric} is {corrected} [{low}, {high}]{',' if is_same else ''} {said}."
    )
