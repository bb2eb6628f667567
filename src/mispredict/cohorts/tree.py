"""The error tree: a few nested conditions under which the model is wrong more or less often.

A shallow decision tree of the error (or the loss) over the codes of columns. It is fitted on
one half of the rows; the other half says how often each node is really wrong, and cuts off
what it does not bear out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import numpy.typing as npt

from mispredict.cohorts.estimates import Estimate, estimate
from mispredict.cohorts.growing import Branch, Grown, grow
from mispredict.cohorts.halves import evenly, found_on
from mispredict.cohorts.regions import find_features, region_text
from mispredict.cohorts.sentences import plain
from mispredict.core.errors import BadOption
from mispredict.core.predicate import Always
from mispredict.core.results import Result, Source
from mispredict.core.words import counted

if TYPE_CHECKING:
    from mispredict.core.predicate import Predicate
    from mispredict.engine.table import Table

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

MOST_DEPTH = 5
FIT_ROWS = 1_000_000  # that the tree is fitted to; evenly spaced when there are more


@dataclass(frozen=True, slots=True)
class TreeNode:
    """A node: the cohort `where`, which is `condition` within the node number `parent`.

    `n`, `share_of_data`, `errors` (or the sum of losses) and `share_of_errors` count all rows.
    `rate` (share of wrong rows, or mean loss) with `low` and `high`, and `rest`, the rate
    outside, are measured on the rows that the tree was not fitted to, `confirmed_n` of them
    inside; `p_adjusted` says whether the node differs from its sibling there.
    """

    node: int
    parent: int | None
    depth: int
    condition: str
    where: str
    n: int
    share_of_data: float
    errors: float
    share_of_errors: float
    rate: float
    rest: float
    low: float
    high: float
    confirmed_n: int
    p_adjusted: float
    is_leaf: bool
    sentence: str


@dataclass(frozen=True)
class ErrorTree(Result):
    """Nodes from the root down, the worse of two children first."""

    rows: tuple[TreeNode, ...]
    source: Source
    is_loss: bool
    columns_searched: int
    note: str

    row_type: ClassVar[type] = TreeNode
    title: ClassVar[str] = "Error tree"

    @property
    def leaves(self) -> tuple[TreeNode, ...]:
        """The leaves, worst first."""
        found = [row for row in self.rows if row.is_leaf]
        return tuple(sorted(found, key=lambda row: -row.rate))

    def __str__(self) -> str:
        return f"{self.title}\n{self.text()}\n{self.note}"

    def text(self) -> str:
        """The tree drawn with lines, a node per line; rates are of the rows held out."""
        names = [_stem(self.rows, row) + (row.condition or "all rows") for row in self.rows]
        width = max(len(name) for name in names)
        lines = [
            f"{name:<{width}}  {row.n:>9,} rows  {_rate(row.rate, self.is_loss):>8}"
            f"  [{_rate(row.low, self.is_loss)}, {_rate(row.high, self.is_loss)}]"
            f" of {row.confirmed_n:,} held out"
            f"  {100 * row.share_of_errors:5.1f} % of the errors"
            for name, row in zip(names, self.rows, strict=True)
        ]
        return "\n".join(lines)


def find_tree(  # noqa: PLR0913 - each says one thing of the tree
    table: Table,
    target: Floats,
    *,
    source: Source,
    columns: Sequence[str],
    mask: Bools | None = None,
    within: Predicate | None = None,
    depth: int = 3,
    min_share: float = 0.02,
    min_rows: int = 50,
    significance: float = 0.05,
    seed: int = 0,
) -> ErrorTree:
    """The error tree of a cohort; only its root where nothing is borne out by the other half.

    Every split is the one that explains most of the error on the first half, among ranges of
    numbers and times, single values against the rest, and missing values. On the second half
    it must go the same way, with p corrected for all splits (Benjamini–Yekutieli); else it
    and all under it are cut off.

    Args:
        target: 1 for wrong and 0 for right rows, or a loss per row; NaN where undefined.
        columns: columns of the dataset to look at; of texts the number of words is used.
        mask: the cohort; None for all rows.
        within: the same cohort as a predicate, which every node's `where` starts with.
        depth: most conditions of a node, 1 to 5.
        min_share: least share of the cohort's rows in a node.

    Raises:
        BadOption: a depth or share out of its range.
    """
    if not 1 <= depth <= MOST_DEPTH or not 0 < min_share <= 0.5:
        raise BadOption(
            f"depth={depth}, min_share={min_share} do not make a tree.",
            known=f"depth goes from 1 to {MOST_DEPTH}, min_share up to 0.5.",
            hint="depth=3, min_share=0.02",
        )
    usable = np.isfinite(target) if mask is None else mask & np.isfinite(target)
    rows = np.flatnonzero(usable)
    features = find_features(table, columns)
    half = found_on(len(rows), seed=seed)
    fit = evenly(rows[half], FIT_ROWS)
    least = max(min_share * len(fit), min_rows / 2)
    grown = grow(
        features,
        target,
        fit=fit,
        confirm=rows[~half],
        depth=depth,
        least=least,
        significance=significance,
    )
    inside = None if isinstance(within, Always) else within
    is_loss = not bool(np.isin(target[rows], (0.0, 1.0)).all())
    nodes = _nodes(grown, target[rows], rows, inside, is_loss=is_loss)
    note = _note(len(nodes), len(fit), int((~half).sum()), len(features))
    return ErrorTree(tuple(nodes), source, is_loss, len(features), note)


def _nodes(
    grown: Grown,
    values: Floats,
    rows: npt.NDArray[np.intp],
    within: Predicate | None,
    *,
    is_loss: bool,
) -> list[TreeNode]:
    nodes: list[TreeNode] = []

    def add(branch: Branch, parent: int | None, depth: int, p: float) -> None:
        inside = values[branch.rows_of(grown.features, rows)]
        held, rest = _held(grown, branch, is_loss=is_loss)
        predicate = region_text(grown.features, branch.allowed, within)
        step = region_text(grown.features, branch.step, None)
        node = TreeNode(
            node=len(nodes),
            parent=parent,
            depth=depth,
            condition="" if parent is None else step.text,
            where=predicate.text,
            n=len(inside),
            share_of_data=_ratio(len(inside), len(values)),
            errors=float(inside.sum()),
            share_of_errors=_ratio(inside.sum(), values.sum()),
            rate=held.value,
            rest=rest,
            low=held.low,
            high=held.high,
            confirmed_n=held.n,
            p_adjusted=p,
            is_leaf=branch.children is None,
            sentence=_sentence(predicate, len(inside), held, rest, is_loss=is_loss),
        )
        nodes.append(node)
        children = branch.children or ()
        for child in sorted(children, key=lambda item: -grown.target[item.confirm].mean()):
            add(child, node.node, depth + 1, branch.p_adjusted)

    add(grown.root, None, 0, np.nan)
    return nodes


def _held(grown: Grown, branch: Branch, *, is_loss: bool) -> tuple[Estimate, float]:
    """The node's rate on the rows that the tree was not fitted to, and that of the others."""
    inside, whole = grown.target[branch.confirm], grown.target[grown.root.confirm]
    held = estimate(inside, np.ones(len(inside)), is_share=not is_loss, level=0.95)
    return held, _ratio(whole.sum() - inside.sum(), len(whole) - len(inside))


def _sentence(predicate: Predicate, n: int, held: Estimate, rest: float, *, is_loss: bool) -> str:
    who = "all rows" if isinstance(predicate, Always) else f"rows where {predicate.sentence()}"
    elsewhere = "" if np.isnan(rest) else f", elsewhere {_rate(rest, is_loss)}"
    rate, on = _rate(held.value, is_loss), f"{held.n:,} held-out rows"
    if is_loss:
        return f"{n:,} {who}: mean loss {rate} on {on}{elsewhere}."
    return f"{n:,} {who}: {rate} of {on} are wrong{elsewhere}."


def _note(nodes: int, fitted: int, held: int, features: int) -> str:
    if not features:
        return "There is no column to split by."
    told = (
        f"Fitted on {counted(fitted, 'row')}; rates, intervals and tests are from the "
        f"other {held:,}. Columns looked at: {features}."
    )
    if nodes == 1:
        return f"Nothing significant: no split is borne out by the other half. {told}"
    return told


def _stem(rows: Sequence[TreeNode], row: TreeNode) -> str:
    """The lines left of a node's name."""
    if row.parent is None:
        return ""
    stem = "└─ " if _is_last(rows, row) else "├─ "
    above = rows[row.parent]
    while above.parent is not None:
        stem = ("   " if _is_last(rows, above) else "│  ") + stem
        above = rows[above.parent]
    return stem


def _is_last(rows: Sequence[TreeNode], row: TreeNode) -> bool:
    return not any(other.parent == row.parent and other.node > row.node for other in rows)


def _rate(value: float, is_loss: bool) -> str:
    return plain(value) if is_loss else f"{100 * value:.1f} %"


def _ratio(part: float, whole: float) -> float:
    return float(part / whole) if whole > 0 else np.nan
