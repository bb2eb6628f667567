"""Rows made up like those of a cohort: some to look at, and how good and how private they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np

from mispredict.core.cells import plain_cell
from mispredict.core.errors import Cancelled
from mispredict.core.results import Result, Source
from mispredict.perturb.synthesis_report import ColumnQuality
from mispredict.workspace.generating.kept import Made
from mispredict.workspace.perturbing.rows import made_like

if TYPE_CHECKING:
    from mispredict.perturb.synthesis_report import Synthetic
    from mispredict.workspace.evaluation import Evaluation

LEARNED = 50_000  # most rows that are learned from; more make it slower and hardly better
Method = Literal["trees", "copula"]


@dataclass(frozen=True, slots=True)
class SyntheticWish:
    """What somebody wants made up: like which rows, which columns, how."""

    where: str | None = None
    columns: tuple[str, ...] | None = None
    method: Method = "trees"
    seed: int = 0


@dataclass(frozen=True)
class SyntheticPreview(Result):
    """Some made-up rows, and the quality and privacy of all of them, as `ws.synthesise` has them.

    `names` are their columns, `examples` the values of some rows in that order.
    """

    rows: tuple[ColumnQuality, ...]
    names: tuple[str, ...]
    examples: tuple[tuple[Any, ...], ...]
    label: str | None
    sentence: str
    method: str
    n: int
    learned_from: int
    held_out: int
    seed: int
    pairs: float
    pairs_control: float
    worst_pair: tuple[str, str]
    worst_difference: float
    auc: float
    auc_low: float
    auc_high: float
    closer: float
    closer_low: float
    closer_high: float
    copies: float
    copies_held_out: float
    warnings: tuple[str, ...]
    left_out: tuple[str, ...]
    source: Source
    seconds: float

    row_type: ClassVar[type] = ColumnQuality
    title: ClassVar[str] = "Made-up rows"


def synthetic_preview(
    of: Evaluation,
    wish: SyntheticWish,
    n: int,
    *,
    shown: int = 20,
    cancel: Callable[[], bool] | None = None,
) -> SyntheticPreview:
    """Rows like those of the cohort, with their report.

    Raises:
        BadDataset: too few rows to learn from, or no column that can be made up.
        Cancelled: `cancel` said so.
    """
    found = synthetic_of(of, wish, n)
    if cancel is not None and cancel():
        raise Cancelled("stopped after rows were made up.", hint="run it again")
    made = found.frame.head(shown)
    examples = tuple(tuple(map(plain_cell, row)) for row in made.itertuples(index=False, name=None))
    own = {field.name for field in fields(SyntheticPreview)}
    facts = {field.name: getattr(found, field.name) for field in fields(found) if field.name in own}
    label = of.dataset.label
    names = tuple(map(str, made.columns))
    return SyntheticPreview(
        names=names, examples=examples, label=label if label in names else None,
        sentence=found.sentence, **facts,
    )  # fmt: skip


def synthetic_rows(of: Evaluation, wish: SyntheticWish, n: int) -> Made:
    """The made-up rows, with the label that was made up beside the rest."""
    frame = synthetic_of(of, wish, n).frame
    label = of.dataset.label
    return Made(frame, label if label in frame else None, ())


def synthetic_of(of: Evaluation, wish: SyntheticWish, n: int) -> Synthetic:
    """Made-up rows like those of a cohort of the evaluation, errors and predictions included."""
    rows, text = None, ""
    if wish.where is not None:
        rows, text = np.flatnonzero(of.mask(wish.where)), of.predicate(wish.where).text
    if (of.n if rows is None else len(rows)) > LEARNED:
        among = np.arange(of.n) if rows is None else rows
        rows = np.sort(np.random.default_rng(wish.seed).choice(among, LEARNED, replace=False))
    return made_like(
        of.dataset, rows, text, n, columns=wish.columns, method=wish.method, seed=wish.seed
    )
