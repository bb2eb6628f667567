"""Labels that are likely wrong, put together: the model, neighbours, reasons, what it costs."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from mispredict.core.predicate import Predicate
from mispredict.core.results import Source
from mispredict.core.words import counted
from mispredict.data.labels import reasons
from mispredict.data.labels.classes import chances, class_rows, noise_of, pair_rows
from mispredict.data.labels.confident import Confident, Probabilities, learn
from mispredict.data.labels.cost import accuracy_cost
from mispredict.data.labels.groups import Inconsistent, group_rows, inconsistent
from mispredict.data.labels.kernels import Array
from mispredict.data.labels.results import (
    NOWHERE,
    LabelCost,
    LabelError,
    LabelErrors,
    ReviewShare,
)
from mispredict.data.labels.wheres import flagged as flagged_where
from mispredict.data.labels.wheres import of_row
from mispredict.metrics.intervals import wilson

NAN = float("nan")


@dataclass(frozen=True, slots=True, eq=False)
class Labelled:
    """Rows with labels and what a model says of them.

    Attributes:
        label: int32 class per row, -1 where there is none or the row does not count.
        prediction: int32 class that the model says, -1 where none.
        probabilities: by a model that did not learn from the row.
        classes: names of the classes.
        id_of: the id of a row.
        groups: numbers of rows that are nearly equal to each other.
        decided: what people decided: (decision, class or -1), by row.
        weight: what each row counts in metrics; all alike if None.
    """

    label: Array
    prediction: Array
    probabilities: Probabilities
    classes: Sequence[Any]
    id_of: Callable[[int], Any] = lambda row: row
    groups: Sequence[Sequence[int] | Array] = ()
    decided: Mapping[int, tuple[str, int]] = field(default_factory=dict)
    weight: Array | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Suspects:
    """The flagged rows, the likeliest error first, with the class each seems to be."""

    found: Confident
    near: Inconsistent
    rows: Array
    suggested: Array  # per row of the data, -1 where nothing is suggested

    def mask(self, n: int) -> Array:
        flagged = np.zeros(n, np.bool_)
        flagged[self.rows] = True
        return flagged


def suspects(
    of: Labelled,
    *,
    method: str = "noise_rate",
    progress: Callable[[int, int], None] | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Suspects:
    """Rows whose label is likely wrong, in order: by the model, and by nearly equal rows."""
    found = learn(of.label, of.probabilities, method=method, progress=progress, cancel=cancel)
    near = inconsistent(of.label, of.groups)
    suggested = np.where(found.flagged, found.suggested, -1)
    suggested = np.where((suggested < 0) & (near.majority >= 0), near.majority, suggested)
    rows = np.flatnonzero(suggested >= 0)
    lead = found.own[rows] - found.best[rows]
    rows = rows[np.lexsort((rows, lead, found.own[rows]))]
    return Suspects(found, near, rows, suggested.astype(np.int32))


def label_errors(
    of: Labelled,
    found: Suspects,
    *,
    method: str = "noise_rate",
    limit: int | None = 1000,
    within: Predicate | None = None,
    warnings: Sequence[str] = (),
    source: Source = NOWHERE,
    started: float | None = None,
) -> LabelErrors:
    """The result: rows with reasons, classes, pairs, groups, noise, costs.

    Args:
        of: the rows.
        found: those that are flagged.
        method: by which.
        limit: most rows, groups to list.
        within: the cohort that was looked at.
        warnings: what makes the answer doubtful.
        source: what it stands on.
        started: when, by `time.perf_counter`.
    """
    given, to = of.label[found.rows], found.suggested[found.rows]
    noise = noise_of(found.found)
    by_true, by_given = chances(found.found.joint)
    n = int(found.found.sizes.sum())
    share, low, high = noise.all
    return LabelErrors(
        rows=tuple(_row(of, found, int(row)) for row in found.rows[:limit]),
        classes=class_rows(found.found, given, to, of.classes, within),
        pairs=pair_rows(found.found, given, to, of.classes, within),
        groups=group_rows(found.near, of.label, of.classes, limit),
        joint=tuple(tuple(int(cell) for cell in line) for line in found.found.joint),
        noise=_table(by_true),
        inverse=_table(by_given),
        n=n,
        flagged=len(found.rows),
        share=share,
        low=low,
        high=high,
        costs=_costs(of, found),
        review=_review(of, found),
        method=method,
        warnings=tuple(warnings),
        sentence=_sentence(n, len(found.rows), share, low, high),
        where=flagged_where(within=within),
        seconds=time.perf_counter() - started if started is not None else NAN,
        source=source,
    )


def reason_of(of: Labelled, found: Suspects, row: int) -> str:
    """Why a flagged row's label is in doubt."""
    given, to = of.classes[int(of.label[row])], int(found.suggested[row])
    words = []
    if found.found.flagged[row]:
        own, best = float(found.found.own[row]), float(found.found.best[row])
        usual = float(found.found.thresholds[to])
        is_sure = best >= usual
        words.append(reasons.of_model(given, of.classes[to], own, best, usual, is_sure=is_sure))
    if found.near.majority[row] >= 0:
        majority = of.classes[int(found.near.majority[row])]
        votes, size = int(found.near.votes[row]), int(found.near.size[row])
        words.append(reasons.of_neighbours(given, majority, votes, size))
    return " ".join(words)


def _row(of: Labelled, found: Suspects, row: int) -> LabelError:
    to, said = int(found.suggested[row]), int(of.prediction[row])
    decision, decided = of.decided.get(row, ("", -1))
    is_best = to == int(found.found.suggested[row])
    return LabelError(
        row=row,
        id=of.id_of(row),
        given=of.classes[int(of.label[row])],
        suggested=of.classes[to],
        prediction=of.classes[said] if said >= 0 else None,
        score=float(found.found.own[row]),
        probability=float(found.found.best[row]) if is_best else NAN,
        found_by=_found_by(found, row),
        reason=reason_of(of, found, row),
        decision=decision,
        decided=of.classes[decided] if decided >= 0 else None,
        where=of_row(row),
    )


def _found_by(found: Suspects, row: int) -> Literal["model", "neighbours", "both"]:
    if not found.found.flagged[row]:
        return "neighbours"
    return "both" if found.near.majority[row] >= 0 else "model"


def _costs(of: Labelled, found: Suspects) -> tuple[LabelCost, ...]:
    corrected = np.where(found.suggested >= 0, found.suggested, of.label)
    cost = accuracy_cost(of.label, of.prediction, corrected, of.weight)
    return () if cost is None else (cost,)


def _review(of: Labelled, found: Suspects) -> ReviewShare:
    """How many of the flagged rows that people decided on were wrong, by Wilson's interval."""
    words = [of.decided[row][0] for row in found.rows.tolist() if row in of.decided]
    confirmed = words.count("relabel")
    n = confirmed + words.count("keep")
    if not n:
        return ReviewShare(len(words), 0, NAN, NAN, NAN)
    interval = wilson(confirmed, n)
    return ReviewShare(len(words), confirmed, confirmed / n, interval.low, interval.high)


def _table(values: Array) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(float(cell) for cell in line) for line in values)


def _sentence(n: int, flagged: int, share: float, low: float, high: float) -> str:
    if not flagged:
        return f"None of {counted(n, 'label')} is in doubt."
    rows = counted(flagged, "label is", "labels are")
    return (
        f"{rows} in doubt, of {n:,}; {reasons.share(share)} [{reasons.share(low)}, "
        f"{reasons.share(high)}] of all are wrong, if no row is merely hard for the model."
    )
