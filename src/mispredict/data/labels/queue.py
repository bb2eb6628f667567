"""The order in which a person looks at labels, and all that is needed to decide."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

import numpy as np

from mispredict.core.errors import BadOption
from mispredict.data.labels import reasons
from mispredict.data.labels.errors import Labelled, Suspects, reason_of
from mispredict.data.labels.kernels import Array
from mispredict.data.labels.results import LabelChoice, QueueKey, QueueRow
from mispredict.data.labels.wheres import of_row

ORDERS = ("score", "cost", "class", "random")
MOST_CHOICES = 10  # that a row lists; others can be typed
_DIGITS = "1234567890"
KEYS = (
    QueueKey("k", "keep", "Keep the label as it is."),
    QueueKey("r", "relabel", "Take the suggested label."),
    QueueKey("u", "unsure", "Unsure: leave it to somebody else."),
    QueueKey("0–9", "choose", "Take the label that has this digit."),
    QueueKey("z", "undo", "Take the last decision back."),
    QueueKey("j", "next", "Next row, without a decision."),
    QueueKey("i", "previous", "Previous row."),
)
Inputs = Callable[[Sequence[int]], Sequence[tuple[tuple[str, Any], ...]]]


def ordered(of: Labelled, found: Suspects, order: str, seed: int) -> Array:
    """Flagged rows: the likeliest error first, those whose correction changes the accuracy
    first, one class after the other (the most flagged first), or in an order that is drawn.
    """
    rows = found.rows
    if order == "score":
        return rows
    if order == "cost":
        changes = found.suggested[rows] == of.prediction[rows]
        return rows[np.argsort(~changes, kind="stable")]
    if order == "random":
        return np.asarray(np.random.default_rng(seed).permutation(rows))
    if order != "class":
        raise BadOption.choice("order", order, ORDERS)
    given = of.label[rows]
    sizes = np.bincount(given, minlength=len(of.classes))
    return rows[np.lexsort((np.arange(len(rows)), given, -sizes[given]))]


def audited(of: Labelled, found: Suspects, n: int, seed: int) -> Array:
    """`n` rows drawn evenly from those that are not flagged, to see how many were missed."""
    others = np.flatnonzero((of.label >= 0) & ~found.mask(len(of.label)))
    drawn = np.random.default_rng(seed).permutation(others)
    return np.asarray(drawn[:n])


def queue_rows(
    of: Labelled,
    found: Suspects,
    rows: Sequence[tuple[int, Literal["suspected", "audit"]]],
    inputs: Inputs,
    *,
    first: int = 0,
) -> tuple[QueueRow, ...]:
    """Rows to be reviewed with reasons, inputs and choices, in the given order."""
    numbers = [row for row, _ in rows]
    values = inputs(numbers)
    columns = [of.probabilities.column(k)[numbers] for k in range(len(of.classes))]
    chances = np.column_stack(columns)
    return tuple(
        _row(of, found, row, kind, values[at], chances[at], first + at)
        for at, (row, kind) in enumerate(rows)
    )


def _row(
    of: Labelled,
    found: Suspects,
    row: int,
    kind: Literal["suspected", "audit"],
    inputs: tuple[tuple[str, Any], ...],
    chances: Array,
    place: int,
) -> QueueRow:
    given, said = int(of.label[row]), int(of.prediction[row])
    to = int(found.suggested[row]) if kind == "suspected" else int(found.found.suggested[row])
    decision, decided = of.decided.get(row, ("", -1))
    own = float(found.found.own[row])
    drawn = f"Drawn from rows that are not flagged; the model gives its label {reasons.share(own)}."
    return QueueRow(
        place=place,
        row=row,
        id=of.id_of(row),
        kind=kind,
        given=of.classes[given],
        suggested=of.classes[to],
        prediction=of.classes[said] if said >= 0 else None,
        score=own,
        reason=reason_of(of, found, row) if kind == "suspected" else drawn,
        inputs=inputs,
        choices=_choices(of, chances, given, to),
        decision=decision,
        decided=of.classes[decided] if decided >= 0 else None,
        where=of_row(row),
    )


def _choices(of: Labelled, chances: Array, given: int, to: int) -> tuple[LabelChoice, ...]:
    """Classes, the suggested one first, then the given one, then the likeliest.

    A class has the same key in every row, by its place among the classes.
    """
    likely = np.argsort(-chances, kind="stable").tolist()
    order = dict.fromkeys([to, given, *likely[:MOST_CHOICES]])
    return tuple(
        LabelChoice(
            _DIGITS[k] if k < len(_DIGITS) else "",
            of.classes[k],
            float(chances[k]),
            k == given,
            k == to,
        )
        for k in order
    )
