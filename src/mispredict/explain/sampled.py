"""Attributions of any model that can be called: Shapley values by permutations, LIME.

The model is asked about rows of which some features are replaced by those of a background row.
Which features and which background rows is drawn from a hash of the row's content and the seed,
so that a row's attributions do not depend on the rows beside it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from mispredict.core.errors import BadOption
from mispredict.core.task import TaskKind
from mispredict.explain.attributions import EXPLAINERS, Batch, Subject, Unsuited
from mispredict.explain.draws import Draws
from mispredict.explain.games import Game, TableGame
from mispredict.explain.permuting import LEAST_PAIRS, permuted
from mispredict.models.caching import row_keys

if TYPE_CHECKING:
    import pandas as pd

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

PAIRS = 25  # permutations of a row, each walked forth and back
MASKS = 1000  # changed rows per row that LIME asks about
_MOST_ENUMERATED = 2_000  # changed rows per row for which all of them are asked about
_KERNEL_WIDTH = 0.75  # of LIME, times the root of the number of features, as in its authors' code


@EXPLAINERS.register("permutation")
def permutation(subject: Subject) -> SampledExplainer:
    """Shapley values by sampled permutations."""
    _refuse_unsuited(subject)
    return SampledExplainer(
        subject, "permutation", subject.samples or PAIRS,
        "sampled, since nothing is known of the model but its answers",
    )  # fmt: skip


@EXPLAINERS.register("enumeration")
def enumeration(subject: Subject) -> SampledExplainer:
    """Shapley values by all combinations of features and background rows: exact, for few."""
    _refuse_unsuited(subject)
    asked = (1 << min(len(subject.features), 30)) * len(subject.background)
    if asked > _MOST_ENUMERATED:
        raise Unsuited(f"{asked:,} combinations of features and background rows are too many")
    return SampledExplainer(
        subject, "enumeration", 0, "exact, since the model has few features: all are combined"
    )


@EXPLAINERS.register("lime")
def lime(subject: Subject) -> SampledExplainer:
    """Coefficients of a weighted linear model of what taking features out does (LIME)."""
    _refuse_unsuited(subject)
    least = len(subject.features) + 2
    if subject.samples is not None and subject.samples < least:
        raise BadOption(
            f"samples={subject.samples} are too few for LIME.",
            known=f"A linear model of {len(subject.features)} features needs {least} or more.",
            hint=f"samples={max(10 * least, 100)}",
        )
    return SampledExplainer(
        subject, "lime", subject.samples or MASKS, "a local linear model of the model's answers"
    )


@dataclass(frozen=True, eq=False)
class SampledExplainer:
    """Attributions of columns by asking the model about changed rows."""

    subject: Subject
    method: str
    samples: int
    why: str
    _ends: dict[str, Floats] = field(default_factory=dict)

    @property
    def features(self) -> tuple[str, ...]:
        return self.subject.features

    @property
    def scale(self) -> str:
        return answer_scale(self.subject)

    @property
    def is_exact(self) -> bool:
        return self.method == "enumeration"

    @property
    def facts(self) -> dict[str, Any]:
        return {
            "against": "background rows",
            "background": self.subject.background.facts(),
            "samples": self.samples,
            "seed": self.subject.seed,
        }

    def cost(self, rows: pd.DataFrame) -> float:
        width = len(self.features)
        if self.method == "enumeration":
            return float(len(rows) * ((1 << width) - 2) * len(self.subject.background))
        each = self.samples if self.method == "lime" else LEAST_PAIRS * 2 * (width - 1)
        first = 0 if "empty" in self._ends else len(self.subject.background)
        return float(len(rows) * (each + 1) + first)

    def explain(self, rows: pd.DataFrame, targets: Codes) -> Batch:
        game = TableGame(rows, self.subject.background.frame)
        draws = Draws(row_keys(rows), self.subject.seed)
        asking = Asking(self.subject, game, targets)
        full, empty = asking.whole(rows), self._background()[:, targets].T
        if self.method == "enumeration":
            return enumerated(asking, full, empty)
        if self.method == "lime":
            return locally_linear(asking, draws, full, empty, self.samples)
        return permuted(asking, draws, full, empty, self.samples)

    def _background(self) -> Floats:
        """What the model says of the background rows, (rows, classes); asked once."""
        if "empty" not in self._ends:
            numbers = self.subject.caller.all_numbers(self.subject.background.frame)
            self._ends["empty"] = numbers
        return self._ends["empty"]


def answer_scale(subject: Subject) -> str:
    """What a model's answer is."""
    if subject.task.kind is TaskKind.REGRESSION:
        return "value"
    has_probabilities = subject.model.describe().get("has_probabilities", True)
    return "probability" if has_probabilities else "share of answers"


@dataclass(frozen=True, eq=False)
class Asking:
    """The game's rows and their classes, put to the model."""

    subject: Subject
    game: Game
    targets: Codes

    def __call__(self, rows: Codes, kept: Bools, substitute: Codes) -> Floats:
        """The model's number for each changed row."""
        frame = self.game.frame(rows, kept, substitute)
        return self.subject.caller.numbers(frame, self.targets[rows])

    def whole(self, rows: pd.DataFrame) -> Floats:
        """The model's number for each row as it is."""
        return self.subject.caller.numbers(rows, self.targets)


def enumerated(asking: Asking, full: Floats, empty: Floats) -> Batch:
    """Exact Shapley values from all combinations of players."""
    from scipy.special import comb

    n, substitutes = empty.shape
    m = int(asking.game.players.max(initial=0))
    masks = (np.arange(1 << m)[:, None] >> np.arange(m)) & 1 == 1
    games = np.empty((n, 1 << m))
    for row in range(n):
        inner = np.arange(1, (1 << m) - 1)
        places = np.repeat(inner, substitutes)
        answers = asking(
            np.full(len(places), row), masks[places], np.tile(np.arange(substitutes), len(inner))
        )
        games[row, inner] = answers.reshape(len(inner), substitutes).mean(axis=1)
        games[row, 0], games[row, -1] = empty[row].mean(), full[row]
    values = np.zeros((n, m))
    sizes = masks.sum(axis=1)
    for player in range(m):
        without = np.flatnonzero(~masks[:, player])
        weights = 1 / (m * comb(m - 1, sizes[without]))
        values[:, player] = (games[:, without | (1 << player)] - games[:, without]) @ weights
    return Batch(values, games[:, 0], full)


def locally_linear(
    asking: Asking, draws: Draws, full: Floats, empty: Floats, samples: int
) -> Batch:
    """LIME: the coefficients of a ridge regression on which players are kept, near the row.

    Masks and their weights are those of the authors' code (Ribeiro et al. 2016): each player is
    kept with probability 1/2, and a mask weighs by its cosine distance to keeping all.
    """
    counts = asking.game.players
    n, most = len(counts), int(counts.max(initial=0))
    values, errors = np.full((n, most), np.nan), np.full((n, most), np.nan)
    base, full = np.full(n, np.nan), full.copy()
    for row in range(n):
        m = int(counts[row])
        kept = draws.uniform(row, samples * most, salt=1).reshape(samples, most) < 0.5
        substitute = draws.whole(row, samples, asking.game.substitutes, salt=2)
        answers = asking(np.full(samples, row), kept, substitute)
        kept = np.vstack([kept[:, :m], np.ones(m, bool)])
        answers = np.append(answers, full[row])
        found = _ridge(kept.astype(np.float64), answers)
        if found is not None:
            base[row], values[row, :m], errors[row, :m] = found
        else:
            full[row] = np.nan  # not explained
    return Batch(values, base, full, errors)


def _ridge(kept: Floats, answers: Floats) -> tuple[float, Floats, Floats] | None:
    """Intercept, coefficients and half-widths of their 95 % intervals."""
    known = np.isfinite(answers)
    kept, answers = kept[known], answers[known]
    m = kept.shape[1]
    if len(answers) < m + 2:
        return None
    distance = 1 - np.sqrt(kept.mean(axis=1))
    weight = np.sqrt(np.exp(-(distance**2) / (_KERNEL_WIDTH * np.sqrt(m)) ** 2))
    design = np.column_stack([np.ones(len(kept)), kept])
    ridge = np.diag([0.0] + [1.0] * m)
    inverse = np.linalg.inv(design.T @ (weight[:, None] * design) + ridge)
    solved = inverse @ (design.T @ (weight * answers))
    scores = design * (weight * (answers - design @ solved))[:, None]
    spread = np.sqrt(np.maximum(np.diag(inverse @ (scores.T @ scores) @ inverse), 0))
    return float(solved[0]), solved[1:], 1.96 * spread[1:]


def _refuse_unsuited(subject: Subject) -> None:
    if subject.task.kind is TaskKind.SCORE:
        raise Unsuited("a task judged by a score has no answer to explain")
    if not subject.features:
        raise Unsuited("the model is given no column")
    if not len(subject.background):
        raise Unsuited("there are no background rows")
