"""Statistics by SQL, through Ibis: for tables that only a query engine can hold.

Only what DuckDB and Spark both do is used: sums, extremes, joins and windows with an order;
divisions are guarded, and nothing is approximate. NaN is NULL in these tables.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import numpy as np

from mispredict.core.task import Task, TaskKind, probability_column
from mispredict.engine.kernels.names import JOINT, MOMENTS, RANKED
from mispredict.metrics.arrays import TOLERANCE
from mispredict.metrics.outcomes import Array
from mispredict.metrics.query_columns import (
    Expression,
    column_expression,
    has_class,
    indicator,
)
from mispredict.metrics.statistics import Bins, ClassCounts, Confusion, Joint, Moments, Ranked

T = TypeVar("T")


class QueryStatistics:
    """Statistics of an Ibis table of outcomes.

    Args:
        table: columns `label, prediction` (the classes' own values, numbers, or lists of
            classes), `p_<class>`, `loss`, `weight` as far as there are any, and `group`, the
            number of each row's group; other numbers and NULL are in none.
        task: kind of task and classes.
        n_groups: number of groups.
    """

    def __init__(self, table: Expression, task: Task, n_groups: int) -> None:
        self.task = task
        self.n_groups = n_groups
        self._known: dict[object, Any] = {}
        weight = table.weight.cast("float64") if "weight" in table.columns else 1.0
        inside = table.group.between(0, n_groups - 1)
        self._table = table.filter(inside, *_counted(table, task)).mutate(
            group=table.group.cast("int64"), w=weight
        )

    @property
    def positive(self) -> int:
        if self.task.positive is None:
            return len(self.task.classes) - 1
        return self.task.classes.index(self.task.positive)

    def rows(self) -> Array:
        return self._once("rows", lambda: self._sums(self._table, n=self._table.count())[:, 0])

    def confusion(self) -> Confusion:
        return self._once("confusion", self._confusion)

    def by_class(self) -> ClassCounts:
        if self.task.kind is TaskKind.MULTILABEL:
            return self._once("by_class", self._by_label)
        return self._once("by_class", lambda: self.confusion().by_class())

    def moments(self, column: str) -> Moments:
        return self._once(("moments", column), lambda: self._moments(column))

    def joint(self, x: str, y: str) -> Joint:
        return self._once(("joint", x, y), lambda: self._joint(x, y))

    def ranked(self, k: int, *, precise: bool) -> Ranked:
        del precise  # one query gives all
        return self._once(("ranked", k), lambda: self._ranked(k))

    def calibration(self, bins: int) -> Bins:
        return self._once(("calibration", bins), lambda: self._calibration(bins))

    def spread(self, hit: Array, predicted: Array, actual: Array) -> Array:
        if self.task.is_classification:
            return self.confusion().spread(hit, predicted, actual)
        table = self._joined(_numbered(hit=hit, predicted=predicted, actual=actual))
        score: Expression = 0.0
        for k, name in enumerate(self.task.classes):
            y, p = table.label.contains(name), table.prediction.contains(name)
            score = score + table[f"hit_{k}"] * indicator(y & p)
            score = score + table[f"predicted_{k}"] * indicator(p)
            score = score + table[f"actual_{k}"] * indicator(y)
        return self._sums(table, s=(table.w * score).pow(2.0).sum())[:, 0]

    def ranked_spread(self, aucs: Sequence[Ranked]) -> Array:
        with np.errstate(all="ignore"):
            parts = [(a.positive, a.negative, a.lost / (a.positive * a.negative)) for a in aucs]
        known = {
            name: np.stack([part[i] for part in parts], axis=1)
            for i, name in enumerate(("p", "m", "mean"))
        }
        table = self._joined(_numbered(**known))
        score: Expression = 0.0
        for k in range(len(aucs)):
            score = score + self._placement(table, k).fill_null(0.0)
        table = table.mutate(score=score / float(len(aucs)))
        return self._sums(table, s=(table.w * table.score).pow(2.0).sum())[:, 0]

    def quantiles(self, column: str, q: Array) -> Array:
        table = self._with(x=column)
        blocks = table.group_by("group", "x").agg(w=table.w.sum()).filter(lambda t: t.w > 0)
        running = blocks.mutate(
            running=blocks.w.sum().over(_window("x")), whole=blocks.w.sum().over(_window())
        )
        out = np.full(q.shape, np.nan)
        for j in range(q.shape[1]):
            share = _numbered(q=np.where(np.isnan(q[:, j]), 0.5, q[:, j])[:, None])
            t = running.join(share, running.group == share.of_group)
            low = (t.running >= (t.q_0 - TOLERANCE) * t.whole).ifelse(t.x, None).min()
            high = (t.running >= (t.q_0 + TOLERANCE) * t.whole).ifelse(t.x, None).min()
            ends = self._sums(t, low=low, high=high, last=t.x.max(), empty=np.nan)
            high_end = np.where(np.isnan(ends[:, 1]), ends[:, 2], ends[:, 1])
            out[:, j] = ends[:, 0] / 2 + high_end / 2
        return np.where(np.isnan(q), np.nan, out)

    def maximum(self, column: str) -> Array:
        table = self._with(x=column)
        return self._sums(table, largest=table.x.max(), empty=np.nan)[:, 0]

    def _once(self, key: object, make: Callable[[], T]) -> T:
        if key not in self._known:
            self._known[key] = make()
        value: T = self._known[key]
        return value

    def _sums(self, table: Expression, *, empty: float = 0.0, **sums: Expression) -> Array:
        """Aggregates per group, `(G, number of them)`; `empty` where a group has no rows."""
        found = table.group_by("group").agg(**sums).to_pyarrow()
        out = np.full((self.n_groups, len(sums)), empty)
        group = found["group"].to_numpy().astype(np.int64)
        for j, name in enumerate(sums):
            out[group, j] = found[name].cast("float64").fill_null(np.nan).to_numpy()
        return out

    def _with(self, **columns: str) -> Expression:
        """The table with columns by name, of rows that have them."""
        expressions = {
            name: column_expression(column, self._table, self.task, self.positive).cast("float64")
            for name, column in columns.items()
        }
        table = self._table.mutate(**expressions)
        return table.filter(*(table[name].notnull() for name in columns))

    def _joined(self, known: Expression) -> Expression:
        return self._table.join(known, self._table.group == known.of_group)

    def _confusion(self) -> Confusion:
        t, k = self._table, len(self.task.classes)
        sums = {"n": t.count(), "s": t.w.sum(), "s2": (t.w * t.w).sum()}
        found = t.group_by("group", "label", "prediction").agg(**sums).to_pyarrow().to_pylist()
        index = {name: i for i, name in enumerate(self.task.classes)}
        out = np.zeros((3, self.n_groups, k, k))
        for row in found:
            cell = (row["group"], index[row["label"]], index[row["prediction"]])
            out[(slice(None), *cell)] = row["n"], row["s"], row["s2"]
        return Confusion(out[0].astype(np.int64), out[1], out[2])

    def _by_label(self) -> ClassCounts:
        t, sums = self._table, {}
        for k, name in enumerate(self.task.classes):
            y, p = t.label.contains(name), t.prediction.contains(name)
            for cell, where in enumerate((y & p, ~y & p, y & ~p, ~y & ~p)):
                for part, value in enumerate((1.0, t.w, t.w * t.w)):
                    sums[f"s{part}_{cell}_{k}"] = (indicator(where) * value).sum()
        shape = (self.n_groups, len(self.task.classes), 4, 3)
        table = self._sums(t, **sums).reshape(shape).transpose(3, 2, 0, 1)
        return ClassCounts(table[0].astype(np.int64), table[1], table[2])

    def _calibration(self, bins: int) -> Bins:
        import ibis

        t = self._with(confidence="confidence", correct="correct")
        number = (t.confidence * float(bins)).ceil().cast("int64") - 1
        t = t.mutate(bin=ibis.greatest(ibis.least(number, bins - 1), 0))
        gap = t.w * (t.correct - t.confidence)
        sums = {
            "n": t.count(),
            "weight": t.w.sum(),
            "confident": (t.w * t.confidence).sum(),
            "right": (t.w * t.correct).sum(),
            "noise": (gap * gap).sum(),
        }
        out = np.zeros((5, self.n_groups, bins))
        for row in t.group_by("group", "bin").agg(**sums).to_pyarrow().to_pylist():
            out[:, row["group"], row["bin"]] = [row[name] for name in sums]
        return Bins(out[0].astype(np.int64), *out[1:])

    def _moments(self, column: str) -> Moments:
        t = self._with(x=column)
        means = _means(t, "x")
        t = t.join(means, t.group == means.of_group)
        wd = t.w * (t.x - t.mean_x)
        noise, third = (wd.pow(power).sum() for power in (2.0, 3.0))
        sums = (t.count(), t.w.sum(), (t.w * t.w).sum(), t.mean_x.max())
        columns = (*sums, (wd * (t.x - t.mean_x)).sum(), noise, third)
        table = self._sums(t, **dict(zip(MOMENTS, columns, strict=True)))
        return Moments.of(_without_mean(table, 3))

    def _joint(self, x: str, y: str) -> Joint:
        t = self._with(x=x, y=y)
        means = _means(t, "x", "y")
        t = t.join(means, t.group == means.of_group)
        t = t.mutate(a=t.x - t.mean_x, b=t.y - t.mean_y, w2=t.w * t.w)
        aa, ab, bb = t.a * t.a, t.a * t.b, t.b * t.b
        second = (aa, ab, bb)
        higher = (aa * t.a, aa * t.b, ab * t.b, aa * aa, aa * bb, bb * bb)
        columns = (
            *(t.count(), t.w.sum(), t.w2.sum(), t.mean_x.max(), t.mean_y.max()),
            *((t.w * product).sum() for product in second),
            *((t.w2 * product).sum() for product in (*second, *higher)),
        )
        table = self._sums(t, **dict(zip(JOINT, columns, strict=True)))
        return Joint.of(_without_mean(table, 3, 4))

    def _ranked(self, k: int) -> Ranked:
        t = self._blocks(k)
        lost_p, lost_m = t.all_m - t.below_m - t.m / 2, t.below_p + t.p / 2
        hits = t.all_p - t.below_p
        above = (hits + t.all_m - t.below_m).nullif(0.0)
        t = t.mutate(lost_p=lost_p, lost_m=lost_m, precision=hits / above)
        t = t.mutate(at_a=(t.p / above).fill_null(0.0))
        t = t.mutate(at_b=(t.at_a * t.precision).fill_null(0.0))
        rising = _window("score")
        t = t.mutate(a=t.at_a.sum().over(rising), b=t.at_b.sum().over(rising))
        t = t.mutate(pull=(t.precision + t.a - t.b).fill_null(0.0))
        columns = (
            *(t.p.sum(), t.m.sum(), t.p2.sum(), t.m2.sum(), t.n_p.sum(), t.n_m.sum()),
            *((t.p * t.lost_p).sum(), (t.p2 * t.lost_p).sum(), (t.p2 * t.lost_p.pow(2.0)).sum()),
            *((t.m2 * t.lost_m).sum(), (t.m2 * t.lost_m.pow(2.0)).sum()),
            (t.p * t.precision).fill_null(0.0).sum(),
            *((t.p2 * t.pull).sum(), (t.p2 * t.pull.pow(2.0)).sum(), (t.m2 * t.b.pow(2.0)).sum()),
        )
        return Ranked.of(self._sums(t, **dict(zip(RANKED, columns, strict=True))))

    def _blocks(self, k: int) -> Expression:
        """One row per group and score, with weights of positives (p) and others (m) below it."""
        name = self.task.classes[k]
        t = self._table.mutate(score=self._table[probability_column(name)])
        t = t.filter(t.score.notnull()).mutate(hit=indicator(has_class(t.label, name, self.task)))
        p, m = t.w * t.hit, t.w * (1.0 - t.hit)
        blocks = t.group_by("group", "score").agg(
            p=p.sum(),
            m=m.sum(),
            p2=(t.w * p).sum(),
            m2=(t.w * m).sum(),
            n_p=t.hit.sum(),
            n_m=(1.0 - t.hit).sum(),
        )
        rising, whole = _window("score"), _window()
        return blocks.mutate(
            below_p=blocks.p.sum().over(rising) - blocks.p,
            below_m=blocks.m.sum().over(rising) - blocks.m,
            all_p=blocks.p.sum().over(whole),
            all_m=blocks.m.sum().over(whole),
        )

    def _placement(self, t: Expression, k: int) -> Expression:
        """Influence of each row on the ROC AUC of class `k`."""
        name = self.task.classes[k]
        column = probability_column(name)
        score = t[column]
        hit = indicator(has_class(t.label, name, self.task) & score.notnull())
        p, m = t.w * hit, t.w * indicator(score.notnull()) * (1.0 - hit)
        rising, tied = _window(column), _window(by=column)
        lost = t[f"m_{k}"] - m.sum().over(rising) + m.sum().over(tied) / 2
        gained = p.sum().over(rising) - p.sum().over(tied) / 2
        all_p, all_m = t[f"p_{k}"].nullif(0.0), t[f"m_{k}"].nullif(0.0)
        of_positive = (t[f"mean_{k}"] - lost / all_m) / all_p
        of_negative = (t[f"mean_{k}"] - gained / all_p) / all_m
        return score.notnull().ifelse((hit > 0).ifelse(of_positive, of_negative), 0.0)


def _counted(table: Expression, task: Task) -> list[Expression]:
    """Conditions of the rows that count."""
    if task.kind is TaskKind.SCORE:
        return [table.loss.notnull()]
    both = (table.label, table.prediction)
    if task.is_classification:
        return [values.isin(list(task.classes)) for values in both]
    return [values.notnull() for values in both]


def _window(order: str = "", by: str = "") -> Expression:
    """Rows of the group (and of one value), up to the value of `order` with its ties."""
    import ibis

    group = ["group", by] if by else ["group"]
    if not order:
        return ibis.window(group_by=group)
    return ibis.range_window(group_by=group, order_by=order, preceding=None, following=0)


def _means(table: Expression, *columns: str) -> Expression:
    """Weighted means of columns per group, as `mean_<column>` beside `of_group`."""
    whole = table.w.sum().nullif(0.0)
    means = {f"mean_{name}": (table.w * table[name]).sum() / whole for name in columns}
    return table.group_by(of_group=table.group).agg(**means)


def _numbered(**parts: Array) -> Expression:
    """Coefficients `(G, K)` as a table: `of_group` and a column `<name>_<k>` for each."""
    import ibis
    import pyarrow as pa

    columns: dict[str, Any] = {}
    for name, part in parts.items():
        for k in range(part.shape[1]):
            known = part[:, k].astype(np.float64)
            columns[f"{name}_{k}"] = pa.array(known, mask=np.isnan(known))
    n = len(next(iter(parts.values())))
    return ibis.memtable(pa.table({"of_group": pa.array(np.arange(n)), **columns}))


def _without_mean(table: Array, *means: int) -> Array:
    """The table with NaN for the means of groups without rows."""
    table[np.ix_(table[:, 0] == 0, means)] = np.nan
    return table
