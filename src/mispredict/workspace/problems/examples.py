"""Rows that show a problem, and the patterns that people wrote of such rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from mispredict.core.errors import MispredictError
from mispredict.review.results import NAN, ProblemExample, ProblemPattern
from mispredict.review.state import ProblemState

if TYPE_CHECKING:
    from mispredict.workspace.evaluation import Evaluation

_EXAMPLES = 5  # of each kind


def examples_of(state: ProblemState, of: Evaluation | None) -> tuple[ProblemExample, ...]:
    """The worst rows of the cohort, and those of it that are right for sure."""
    if of is None:
        return ()
    try:
        mask, target = of.mask(state.where), of.target
    except MispredictError:
        return ()
    loss = of.table.values("loss") if "loss" in of.fields.reserved else target
    size = np.nan_to_num(loss, nan=-np.inf)
    is_bad = mask & (target > 0)
    bad = np.flatnonzero(is_bad)
    bad = bad[np.argsort(-size[bad], kind="stable")][:_EXAMPLES]
    good = np.flatnonzero(mask & (target == 0)) if "correct" in of.fields.reserved else bad[:0]
    good = good[np.argsort(size[good], kind="stable")][:_EXAMPLES]
    return (
        *_rows_of(of, bad, loss, is_positive=True),
        *_rows_of(of, good, loss, is_positive=False),
    )


def patterns_of(state: ProblemState, of: Evaluation | None) -> tuple[ProblemPattern, ...]:
    """The patterns that people wrote, each with what is wrong in it."""
    given = [(words, True) for words in state.positive] + [
        (words, False) for words in state.negative
    ]
    return tuple(_pattern(words, is_positive, of) for words, is_positive in given)


def _rows_of(of: Evaluation, numbers: Any, loss: Any, *, is_positive: bool) -> list[ProblemExample]:
    from mispredict.workspace.looking.rows import rows_at

    found = rows_at(of, numbers, total=len(numbers)).records()
    return [
        ProblemExample(
            int(number),
            values.get(of.dataset.id or "row", int(number)),
            is_positive,
            values.get("label", values.get(of.dataset.label or "")),
            values.get("prediction"),
            float(loss[number]),
            {name: values[name] for name in of.dataset.inputs if name in values},
        )
        for number, values in zip(numbers, found, strict=True)
    ]


def _pattern(words: str, is_positive: bool, of: Evaluation | None) -> ProblemPattern:
    """A pattern with what is wrong in it, if it is a cohort and not only words."""
    from mispredict.expectations.bounds import mean, share

    nothing = ProblemPattern(words, is_positive, "", 0, NAN, NAN, NAN)
    if of is None:
        return nothing
    try:
        predicate = of.predicate(words)
        values = of.target[of.mask(predicate)]
    except MispredictError:
        return nothing
    known = values[~np.isnan(values)]
    found = share(known > 0) if "correct" in of.fields.reserved else mean(known)
    return ProblemPattern(
        words, is_positive, predicate.text, found.n, found.value, found.low, found.high
    )
