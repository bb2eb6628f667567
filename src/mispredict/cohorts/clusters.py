"""Clusters of like rows on which the model is wrong in a like way.

Found on one half of the rows and confirmed on the other, to which they are carried by their
embedding alone. They are described by the words that tell them from the rest, and by what is
taken for what in them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt

from mispredict.cohorts.describing import COLUMN, Cluster, Found, describe, is_bad
from mispredict.cohorts.embedding import Embed, embed
from mispredict.cohorts.halves import evenly, found_on
from mispredict.cohorts.mixture import fit_mixture, with_risk
from mispredict.core.errors import BadOption
from mispredict.core.results import Result, Source, plain
from mispredict.core.task import probability_column
from mispredict.core.words import counted

if TYPE_CHECKING:
    from mispredict.engine.table import Table

__all__ = ["COLUMN", "Cluster", "Clusters", "find_clusters"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

MOST_ROWS = 40_000  # that are embedded; evenly spaced when there are more
FEWEST_ROWS = 200
_FEWEST_IN_CLUSTER = 50
_LOSS_BINS = 4


@dataclass(frozen=True)
class Clusters(Result):
    """Clusters that are significantly worse, the one with most errors too many first.

    `assignment` is the cluster of every row, from 1 to `searched`; 0 for rows that were not
    looked at.
    """

    rows: tuple[Cluster, ...]
    source: Source
    column: str
    searched: int
    note: str
    assignment: npt.NDArray[np.int16] = field(repr=False)

    row_type: ClassVar[type] = Cluster
    title: ClassVar[str] = "Clusters of errors"

    def mask(self, cluster: int) -> Bools:
        """Which rows are in a cluster."""
        inside: Bools = self.assignment == cluster
        return inside

    def to_dict(self) -> dict[str, Any]:
        names = ("rows", "source", "column", "searched", "note")
        return {name: plain(getattr(self, name)) for name in names}

    def __str__(self) -> str:
        if not self.rows:
            return f"{self.title}\n{self.note}"
        lines = [row.sentence for row in self.rows]
        return "\n".join([self.title, *lines, self.note])


def find_clusters(  # noqa: PLR0913 - each says one thing of the search
    table: Table,
    target: Floats,
    *,
    source: Source,
    column: str | None = None,
    text: str | None = None,
    embedding: Embed | npt.NDArray[Any] | None = None,
    mask: Bools | None = None,
    components: int = 25,
    weight: float = 1.0,
    significance: float = 0.05,
    most_rows: int = MOST_ROWS,
    seed: int = 0,
) -> Clusters:
    """Clusters in which the model is wrong more often than elsewhere.

    Args:
        target: 1 for wrong and 0 for right rows, or a loss per row; NaN where undefined.
        column: texts or vectors to cluster; not needed with an array as embedding.
        text: texts to describe clusters by; None for the column, if it has texts.
        embedding: see `mispredict.cohorts.embedding.embed`.
        mask: the rows to look at; None for all.
        components: clusters at most; fewer where there are few rows.
        weight: of errors and their kinds beside the embedding, when clusters are found.
        most_rows: rows to look at at most; further ones get no cluster.

    Raises:
        BadOption: fewer than 2 components, or nothing to embed.
    """
    if components < 2:
        raise BadOption(f"n={components} is not a number of clusters.", hint="n=25")
    rows = _usable(table, target, column, mask, most_rows)
    if len(rows) < FEWEST_ROWS:
        note = f"Not enough data: {counted(len(rows), 'row')}, and clusters need {FEWEST_ROWS:,}."
        return Clusters((), source, column or "", 0, note, np.zeros(table.n, np.int16))
    values = target[rows]
    points = embed(table, column, rows, embedding=embedding, seed=seed)
    half = found_on(len(rows), seed=seed)
    points, risk_spread = with_risk(points, values, half, weight=weight, seed=seed)
    mixture = fit_mixture(
        points[half],
        tuple(kind[half] for kind in _kinds(table, values, rows)),
        is_bad(values[half]),
        components=min(components, max(2, int(half.sum()) // _FEWEST_IN_CLUSTER)),
        weight=weight,
        risk_spread=risk_spread,
        seed=seed,
    )
    k = len(mixture.mean)
    described_by = text or column
    found = Found(table, described_by, rows, values, half, *mixture.nearest(points), k)
    clusters = describe(found, significance)
    assignment = np.zeros(table.n, np.int16)
    assignment[rows] = found.cluster + 1
    return Clusters(clusters, source, column or "", k, _note(found, clusters, mask), assignment)


def _usable(
    table: Table, target: Floats, column: str | None, mask: Bools | None, most: int
) -> npt.NDArray[np.int64]:
    chosen = np.isfinite(target) if mask is None else mask & np.isfinite(target)
    if column is not None:
        chosen = chosen & ~np.asarray(table.column(column, True).is_null(), dtype=bool)
    return evenly(np.flatnonzero(chosen), most)


def _kinds(table: Table, values: Floats, rows: Ints) -> tuple[Floats, ...]:
    """What each row's error is like: label and prediction, or the size of the loss."""
    task = table.task
    if not task.is_classification or "label" not in table.fields.reserved:
        edges = np.unique(np.quantile(values, np.arange(1, _LOSS_BINS) / _LOSS_BINS))
        return (np.eye(len(edges) + 1)[np.searchsorted(edges, values)],)
    size = len(task.classes)
    label = np.eye(size)[table.class_codes("label")[rows]]
    names = [probability_column(name) for name in task.classes]
    if all(name in table.fields.reserved for name in names):
        given = np.column_stack([table.values(name)[rows] for name in names])
        return label, np.nan_to_num(given)
    return label, np.eye(size)[table.class_codes("prediction")[rows]]


def _note(found: Found, clusters: Sequence[Cluster], mask: Bools | None) -> str:
    whole = found.table.n if mask is None else int(mask.sum())
    told = (
        f"{found.k} clusters found on {counted(int(found.half.sum()), 'row')}, tests from the other"
        f" {int((~found.half).sum()):,}."
    )
    if len(found.rows) < whole:
        told += (
            f" {counted(whole - len(found.rows), 'row has', 'rows have')} no cluster: not looked "
            "at, or missing."
        )
    if not clusters:
        return f"Nothing significant: no cluster is worse than the rest. {told}"
    return told
