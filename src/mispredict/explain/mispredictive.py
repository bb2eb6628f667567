"""Features and tokens that push towards wrong answers more than they should.

On wrong rows whatever matters to the model pushed towards the wrong answer; that alone says
nothing. The question is what a push is *worth*: if the label is predicted from the model's own
output, does it take this feature's part of the output for as much as the others'? With `m` the
output and φ the feature's attribution, the label is regressed on `a + b m + δ φ`: δ below 0 says
that the feature is trusted too much, compared with all the others. A model that is overconfident
as a whole has b below 1 and every δ at 0, and noise in the labels moves neither, so both stay
silent. The test of δ is the score test, for which a and b are fitted once for all features.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

import numpy as np
import numpy.typing as npt

from mispredict.core.results import Result, Source
from mispredict.core.words import counted
from mispredict.explain.importance import adjusted, mean_of

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

LEAST_ROWS = 20  # with an attribution that is not 0
LEAST_PUSH = 0.02  # root mean square where there is one, of the spread of the output
SHOWN = 20
FITTED_ROWS = 200_000  # evenly spaced, on which worths are estimated
_STEPS = 30
_NEAR = 1e-6  # of probabilities to 0 and 1


@dataclass(frozen=True, slots=True)
class Misleading:
    """A feature whose pushes are worth less, or more, than those of the others.

    `push` is its mean attribution towards the answer that was given, on the `n` wrong rows, from
    `low` to `high` (of a regression: towards the side on which the model erred). `worth` is what
    a push of the feature is worth by the labels, and `others` what one of all others is: 1 as
    much as the model makes of it, 0 nothing, below 0 the opposite. `direction` is mispredictive
    if it is worth less than the others, predictive if more. `where` are the wrong rows that it
    pushed towards the wrong answer (that have the token), as a cohort.
    """

    feature: str
    push: float
    low: float
    high: float
    n: int
    worth: float
    worth_low: float
    worth_high: float
    others: float
    p_adjusted: float
    direction: str
    sentence: str
    where: str = ""


@dataclass(frozen=True)
class Mispredictive(Result):
    """Features that are trusted too much or too little, the surest first; none is an answer.

    `worth` is that of all pushes together: below 1 the model is overconfident as a whole.
    """

    rows: tuple[Misleading, ...]
    source: Source
    tested: int
    n: int
    wrong: int
    worth: float
    note: str = ""

    row_type: ClassVar[type] = Misleading
    title: ClassVar[str] = "What misleads the model"

    @property
    def mispredictive(self) -> tuple[Misleading, ...]:
        """Those that are trusted too much."""
        return tuple(row for row in self.rows if row.direction == "mispredictive")

    def __str__(self) -> str:
        lines = [self.title, *(f"  {row.sentence}" for row in self.rows)]
        return "\n".join([*lines, self.note] if self.note else lines)


@dataclass(frozen=True, eq=False)
class Case:
    """What is known of the rows: `truth` is 0 or 1 (or a value), NaN where it is not known.

    `output` is the explained number, and `logit` the same on the scale on which the label is
    regressed. `side` is 1 where the answer that was given lies up from the base, -1 where down.
    `is_log_odds` says that attributions are on the scale of `logit`, `has_intercept` that labels
    may be shifted as a whole.
    """

    truth: Floats
    output: Floats
    logit: Floats
    side: Floats
    wrong: Bools
    is_binary: bool = True
    is_log_odds: bool = True
    has_intercept: bool = True


class Columns(Protocol):
    """Attributions by feature; products of all columns with vectors over the rows."""

    @property
    def names(self) -> Sequence[str]: ...

    def products(self, vectors: Floats) -> Floats:
        """(features, k) sums of attribution times each of k vectors (n, k)."""

    def square_products(self, vectors: Floats) -> Floats:
        """The same of squared attributions."""

    def counts(self) -> npt.NDArray[np.int64]:
        """Rows with an attribution that is not 0, per feature."""

    def column(self, place: int) -> Floats:
        """The attributions of one feature, (n,)."""


def find_mispredictive(
    columns: Columns,
    case: Case,
    *,
    source: Source,
    significance: float = 0.05,
    top: int = SHOWN,
) -> Mispredictive:
    """Features that are trusted too much or too little, corrected for all that were tested."""
    known = np.isfinite(case.truth) & np.isfinite(case.logit)
    n, wrong = int(known.sum()), int((case.wrong & known).sum())
    if len(columns.names) < 2:
        note = "With one feature there is nothing to compare its pushes with."
        return Mispredictive((), source, 0, n, wrong, float("nan"), note)
    right = n - wrong if case.is_binary else n
    if min(wrong, right) < LEAST_ROWS:
        note = (
            f"Wrong are {wrong:,} of {counted(n, 'row')}: {LEAST_ROWS} right and wrong ones are "
            "needed."
        )
        return Mispredictive((), source, 0, n, wrong, float("nan"), note)
    null = _Null.of(case, known)
    z, tested = null.scores(columns)
    p = np.full(len(z), np.nan)
    p[tested] = _two_sided(z[tested])
    p = adjusted(p)
    order = np.argsort(-np.abs(np.where(tested, z, 0.0)), kind="stable")
    chosen = [at for at in order.tolist() if p[at] <= significance][:top]
    rows = tuple(_row(columns, at, case, null, float(p[at]), z[at]) for at in chosen)
    count = int(tested.sum())
    told = f", {wrong:,} wrong" if case.is_binary else ""  # a number is never quite right
    note = "" if rows else f"Nothing significant among {count:,} on {counted(n, 'row')}{told}."
    return Mispredictive(rows, source, count, n, wrong, null.slope, note)


@dataclass(frozen=True, eq=False)
class _Null:
    """The regression of the truth on the output alone, and what is left of each row."""

    known: Bools
    design: Floats
    residual: Floats
    weight: Floats
    slope: float
    spread: float

    @classmethod
    def of(cls, case: Case, known: Bools) -> _Null:
        x, y = case.logit[known], case.truth[known]
        design = np.column_stack([np.ones(len(x)), x]) if case.has_intercept else x[:, None]
        if case.is_binary:
            fitted = _logistic(design, y)
            mean = _sigmoid(design @ fitted)
            weight = np.maximum(mean * (1 - mean), 1e-12)
        else:
            fitted = np.asarray(np.linalg.lstsq(design, y, rcond=None)[0], np.float64)
            mean = design @ fitted
            weight = np.full(len(y), 1 / max(float(np.mean((y - mean) ** 2)), 1e-300))
        residual = (y - mean) if case.is_binary else (y - mean) * weight
        spread = float(case.output[known].std())
        return cls(known, design, residual, weight, float(fitted[-1]), spread)

    def scores(self, columns: Columns) -> tuple[Floats, Bools]:
        """Standard normal statistics of δ, and which are tested.

        The variance is the larger of the model's and the rows' own (sandwich), since either
        can be too small: one where the curve fits badly, the other for rare tokens.
        """
        full = len(self.known)
        inner = np.linalg.pinv(self.design.T @ (self.weight[:, None] * self.design))
        seen = self.residual**2

        def placed(vector: Floats) -> Floats:
            out = np.zeros((full, vector.shape[1]))
            out[self.known] = vector
            return out

        vectors = [
            self.residual[:, None],
            self.weight[:, None] * self.design,
            seen[:, None] * self.design,
        ]
        sums = columns.products(placed(np.hstack(vectors)))
        squares = columns.square_products(
            placed(np.column_stack([self.weight, seen, np.ones(len(seen))]))
        )
        k = self.design.shape[1]
        along = sums[:, 1 : 1 + k] @ inner  # what the output tells of the feature
        model = squares[:, 0] - (along * sums[:, 1 : 1 + k]).sum(axis=1)
        meat = self.design.T @ (seen[:, None] * self.design)
        rows = (
            squares[:, 1]
            - 2 * (along * sums[:, 1 + k :]).sum(axis=1)
            + np.einsum("fi,ij,fj->f", along, meat, along)
        )
        variance = np.maximum(model, rows)
        own, counts = np.maximum(squares[:, 0], 1e-300), columns.counts()
        size = np.sqrt(squares[:, 2] / np.maximum(counts, 1))
        is_felt = (counts >= LEAST_ROWS) & (size >= LEAST_PUSH * self.spread)
        tested = is_felt & (model > 1e-6 * own) & (variance > 0)
        z = np.where(tested, sums[:, 0] / np.sqrt(np.maximum(variance, 1e-300)), 0.0)
        return z, tested


def _row(columns: Columns, place: int, case: Case, null: _Null, p: float, z: float) -> Misleading:
    name, values = columns.names[place], columns.column(place)
    wrong = case.wrong & null.known & (values != 0)
    push = mean_of((case.side * values)[wrong])
    others, worth, half = _worth(values[null.known], case, null)
    direction = "mispredictive" if z < 0 else "predictive"
    return Misleading(
        name, push.value, push.low, push.high, push.n, worth, worth - half, worth + half, others,
        p, direction,
        _sentence(
            name, push.value, push.n, worth, others, direction, is_value=not case.is_binary
        ),
    )  # fmt: skip


def _worth(values: Floats, case: Case, null: _Null) -> tuple[float, float, float]:
    """What the others' pushes and the feature's are worth, and the half-width of the latter."""
    places = np.flatnonzero(null.known)
    if len(places) > FITTED_ROWS:
        chosen = np.linspace(0, len(places) - 1, FITTED_ROWS).astype(np.int64)
        places, values = places[chosen], values[chosen]
    truth, is_scored = case.truth[places], case.is_binary and case.is_log_odds
    # probabilities and values are on the scale of the truth itself
    output = case.logit[places] if is_scored else case.output[places]
    columns = [output - values, values]
    parts = [np.ones(len(values)), *columns] if case.has_intercept else columns
    design = np.column_stack(parts)
    if is_scored:
        fitted = _logistic(design, truth)
        mean = _sigmoid(design @ fitted)
        weight, residual = mean * (1 - mean), truth - mean
    else:
        fitted = np.asarray(np.linalg.lstsq(design, truth, rcond=None)[0], np.float64)
        weight, residual = np.ones(len(truth)), truth - design @ fitted
    inner = np.linalg.pinv(design.T @ (weight[:, None] * design))
    scores = design * residual[:, None]
    error = float(np.sqrt(max((inner @ (scores.T @ scores) @ inner)[-1, -1], 0.0)))
    return float(fitted[-2]), float(fitted[-1]), 1.96 * error


def _sentence(
    name: str,
    push: float,
    n: int,
    worth: float,
    others: float,
    direction: str,
    *,
    is_value: bool,
) -> str:
    much = "too much" if direction == "mispredictive" else "too little"
    rows = "rows" if is_value else "wrong rows"  # a number is never quite right
    return (
        f"{name} is trusted {much}: a push of it is worth {worth:.2f} of what the model makes of"
        f" it, one of the others {others:.2f}. On {n:,} {rows} it pushed by"
        f" {abs(push):.3g} {'towards' if push >= 0 else 'away from'} the"
        f" {'side on which the model erred' if is_value else 'wrong answer'}."
    )


def logit_of(probability: Floats) -> Floats:
    """Log-odds of probabilities, those near 0 and 1 cut."""
    cut = np.clip(probability, _NEAR, 1 - _NEAR)
    return np.asarray(np.log(cut / (1 - cut)))


def _logistic(design: Floats, truth: Floats) -> Floats:
    """Coefficients of a logistic regression by Newton's method, barely shrunk so that they end."""
    fitted = np.zeros(design.shape[1])
    scale = np.maximum((design**2).mean(axis=0), 1e-12)
    ridge = np.diag(1e-6 * scale * len(truth) ** 0.5)
    for _ in range(_STEPS):
        mean = _sigmoid(design @ fitted)
        gradient = design.T @ (truth - mean) - ridge @ fitted
        curve = design.T @ ((mean * (1 - mean))[:, None] * design) + ridge
        step = np.linalg.lstsq(curve, gradient, rcond=None)[0]
        fitted = fitted + np.clip(step, -5, 5)
        if np.abs(step).max() < 1e-9:
            break
    return fitted


def _sigmoid(x: Floats) -> Floats:
    from scipy.special import expit

    return np.asarray(expit(x))


def _two_sided(z: Floats) -> Floats:
    from scipy import stats

    return np.asarray(2 * stats.norm.sf(np.abs(z)))


@dataclass(frozen=True, eq=False)
class ByFeature:
    """Columns that are read one by one, so that only one is held at a time."""

    names: Sequence[str]
    read: Callable[[str], Floats]

    def products(self, vectors: Floats) -> Floats:
        return np.array([self.column(at) @ vectors for at in range(len(self.names))])

    def square_products(self, vectors: Floats) -> Floats:
        return np.array([self.column(at) ** 2 @ vectors for at in range(len(self.names))])

    def counts(self) -> npt.NDArray[np.int64]:
        found = [np.count_nonzero(self.column(at)) for at in range(len(self.names))]
        return np.array(found, dtype=np.int64)

    def column(self, place: int) -> Floats:
        return np.nan_to_num(self.read(self.names[place]))


@dataclass(frozen=True, eq=False)
class Sparse:
    """Columns of tokens, most of which a row does not have, as a csc_matrix (n, tokens)."""

    names: Sequence[str]
    matrix: Any

    def products(self, vectors: Floats) -> Floats:
        return np.asarray(self.matrix.T @ vectors)

    def square_products(self, vectors: Floats) -> Floats:
        return np.asarray(self.matrix.multiply(self.matrix).T @ vectors)

    def counts(self) -> npt.NDArray[np.int64]:
        return np.asarray(self.matrix.getnnz(axis=0), dtype=np.int64)

    def column(self, place: int) -> Floats:
        out = np.zeros(self.matrix.shape[0])
        own = slice(self.matrix.indptr[place], self.matrix.indptr[place + 1])
        out[self.matrix.indices[own]] = self.matrix.data[own]
        return out
