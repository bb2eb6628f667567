"""Kinds about columns beside each other."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from mispredict.core.errors import BadOption
from mispredict.core.predicate import negate, parse
from mispredict.core.schema import ColumnType, Role
from mispredict.core.words import counted
from mispredict.data.share import ShareKind
from mispredict.data.values import known
from mispredict.expectations.bounds import Bound
from mispredict.expectations.check import check_kind
from mispredict.expectations.data import DataKind, reference_of
from mispredict.expectations.options import option
from mispredict.expectations.subject import Estimate, Floats
from mispredict.expectations.verdict import NAN

if TYPE_CHECKING:
    from mispredict.expectations.data import DataView
    from mispredict.expectations.verdict import Judged

_SAMPLE = 200_000  # rows that correlations of all pairs are computed from


@check_kind("correlation")
@dataclass(frozen=True, kw_only=True)
class Correlation(DataKind):
    """The correlation of two columns is in a range.

    Attributes:
        left: a column of numbers.
        right: another one.
        min: the least good correlation.
        max: the largest good one.
        method: of the values (Pearson) or of their ranks (Spearman).
        exact: whether the value alone decides, and not its interval.
    """

    left: str = option(column=True)
    right: str = option(column=True)
    min: float | None = option(None, minimum=-1, maximum=1)
    max: float | None = option(None, minimum=-1, maximum=1)
    method: Literal["pearson", "spearman"] = "pearson"
    exact: bool = True

    def validate(self) -> None:
        if self.min is None and self.max is None:
            raise BadOption(
                f"a correlation of {self.left} and {self.right} needs a bound.",
                known="Neither min nor max is given.",
                hint="min=0.5",
            )

    def judge_data(self, data: DataView, seed: int) -> Judged:
        found = correlation(data.values(self.left), data.values(self.right), self.method)
        return Bound(self.min, self.max, is_exact=self.exact).judged(
            found, f"The correlation of {self.left} and {self.right}"
        )


@check_kind("correlation_change")
@dataclass(frozen=True, kw_only=True)
class CorrelationChange(DataKind):
    """Two columns correlate as they do in the reference, or nearly so.

    Attributes:
        left: a column of numbers.
        right: another one.
        max: the largest difference, either way.
        method: of the values (Pearson) or of their ranks (Spearman).
        exact: whether the difference alone decides, and not its interval.
    """

    needs_reference: ClassVar[bool] = True

    left: str = option(column=True)
    right: str = option(column=True)
    max: float = option(0.2, minimum=0, maximum=2)
    method: Literal["pearson", "spearman"] = "pearson"
    exact: bool = True

    def judge_data(self, data: DataView, seed: int) -> Judged:
        from mispredict.data.difference.differences import share_difference

        reference = reference_of(data, self)
        here, there = (
            correlation(view.values(self.left), view.values(self.right), self.method)
            for view in (data, reference)
        )
        return Bound(-self.max, self.max, is_exact=self.exact).judged(
            share_difference(here, there),
            f"The change of the correlation of {self.left} and {self.right}, {there.value:.3g}"
            f" in {reference.ref},",
        )


@check_kind("redundant_columns")
@dataclass(frozen=True, kw_only=True)
class RedundantColumns(DataKind):
    """No two inputs say the same: none correlate too much.

    Attributes:
        max: the largest good correlation, of either sign.
        columns: which; all numeric inputs when left out.
    """

    max: float = option(0.98, minimum=0, maximum=1)
    columns: tuple[str, ...] = option((), column=True)

    def judge_data(self, data: DataView, seed: int) -> Judged:
        names = self.columns or tuple(
            item.name for item in data.schema.of_role(Role.INPUT) if item.type is ColumnType.NUMERIC
        )
        pairs = strong_pairs(data, names)
        if not pairs:
            return Bound(high=self.max, is_exact=True).judged(
                Estimate(0.0, 0.0, 0.0, data.n), "The largest correlation of two inputs"
            )
        (left, right), found = pairs[0]
        size = Estimate(abs(found.value), abs(found.value), abs(found.value), found.n)
        beyond = [f"{a} and {b}" for (a, b), item in pairs if abs(item.value) > self.max]
        return Bound(high=self.max, is_exact=True).judged(
            size,
            f"The largest correlation of two inputs, {left} and {right},",
            more=f"{counted(len(beyond), 'pair')}: {', '.join(beyond[:5])}." if beyond else "",
            failing=len(beyond),
        )


@check_kind("compare_columns")
@dataclass(frozen=True, kw_only=True)
class CompareColumns(ShareKind):
    """One column is less than another one, equal to it, or so, in every row that has both.

    Attributes:
        left: a column of numbers or times.
        relation: how it is to the other one.
        right: the other column.
    """

    left: str = option(column=True)
    relation: Literal["<", "<=", "=", "!=", ">=", ">"] = "<="
    right: str = option(column=True)

    def judge_data(self, data: DataView, seed: int) -> Judged:
        left, right = data.values(self.left), data.values(self.right)
        both = ~(np.isnan(left) | np.isnan(right))
        holds = {
            "<": np.less,
            "<=": np.less_equal,
            "=": np.equal,
            "!=": np.not_equal,
            ">=": np.greater_equal,
            ">": np.greater,
        }[self.relation](left, right)
        return self.share(
            data,
            both & ~holds,
            f"The share of rows where {self.left} is not {self.relation} {self.right}",
            [self.left, self.right],
            looked_at=both,
        )


@check_kind("column_sum")
@dataclass(frozen=True, kw_only=True)
class ColumnSum(ShareKind):
    """Some columns add up to another one, or to a number, in every row that has all.

    Attributes:
        columns: the parts.
        total: the column that they add up to.
        value: the number that they add up to, if it is none.
        tolerance: how far the sum may be off.
    """

    columns: tuple[str, ...] = option(column=True)
    total: str | None = option(None, column=True)
    value: float | None = None
    tolerance: float = option(1e-6, minimum=0)

    def validate(self) -> None:
        if (self.total is None) == (self.value is None) or not self.columns:
            raise BadOption(
                "a sum needs parts and either a total or a value.",
                known=f"columns={list(self.columns)}, total={self.total}, value={self.value}.",
                hint="columns=['a', 'b'], value=1",
            )

    def judge_data(self, data: DataView, seed: int) -> Judged:
        parts = np.sum([data.values(name) for name in self.columns], axis=0)
        wanted = data.values(self.total) if self.total is not None else self.value
        off = np.abs(parts - wanted)
        shown = [*self.columns, *([self.total] if self.total else [])]
        return self.share(
            data,
            off > self.tolerance,
            f"The share of rows where {' + '.join(self.columns)} is not"
            f" {self.total or f'{self.value:g}'}",
            shown,
            looked_at=~np.isnan(off),
        )


@check_kind("rule")
@dataclass(frozen=True, kw_only=True)
class Rule(ShareKind):
    """A condition holds in every row, or in all but a few.

    Attributes:
        holds: the condition, in the language of cohorts.
    """

    holds: str = option(cohort=True)

    def judge_data(self, data: DataView, seed: int) -> Judged:
        condition = parse(self.holds)
        named = sorted({ref.name for ref in condition.columns()})
        columns = [name for name in named if name in data.schema]
        return self.share(
            data,
            ~data.mask(self.holds),
            f"The share of rows where {self.holds} does not hold",
            columns[:8] or data.schema.names[:1],
            cohort=None if _is_open(data, columns) else negate(condition),
        )


def correlation(left: Floats, right: Floats, method: str = "pearson") -> Estimate:
    """The correlation of two columns with Fisher's interval."""
    both = ~(np.isnan(left) | np.isnan(right))
    a, b = left[both], right[both]
    n = len(a)
    if n < 4:
        return Estimate(NAN, NAN, NAN, n)
    if method == "spearman":
        from scipy.stats import rankdata

        a, b = rankdata(a), rankdata(b)
    a, b = a - a.mean(), b - b.mean()
    scale = math.sqrt(float((a * a).sum()) * float((b * b).sum()))
    if scale == 0:
        return Estimate(NAN, NAN, NAN, n)
    value = max(-1.0, min(1.0, float((a * b).sum()) / scale))
    if abs(value) >= 1:
        return Estimate(value, value, value, n)
    middle, reach = math.atanh(value), 1.96 / math.sqrt(n - 3)
    return Estimate(value, math.tanh(middle - reach), math.tanh(middle + reach), n)


def strong_pairs(data: DataView, names: tuple[str, ...]) -> list[tuple[tuple[str, str], Estimate]]:
    """Pairs of columns by the size of their correlation, the strongest first."""
    if len(names) < 2:
        return []
    step = max(1, data.n // _SAMPLE)
    table = np.stack([data.values(name)[::step] for name in names])
    table = table[:, ~np.isnan(table).any(0)] if np.isnan(table).any() else table
    n = table.shape[1]
    if n < 4:
        return []
    table = table - table.mean(1, keepdims=True)
    scale = np.sqrt((table**2).sum(1))
    table /= np.where(scale > 0, scale, np.inf)[:, None]
    values = table @ table.T
    pairs = [
        ((names[i], names[j]), Estimate(float(values[i, j]), NAN, NAN, n))
        for i in range(len(names))
        for j in range(i)
    ]
    return sorted(pairs, key=lambda item: -abs(item[1].value))


def _is_open(data: DataView, columns: list[str]) -> bool:
    """Whether the condition may be neither true nor false, so that its negation selects less."""
    return not all(bool(known(data, name).all()) for name in columns)
