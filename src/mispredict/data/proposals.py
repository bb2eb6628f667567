"""Checks that data like these pass, learned from them.

Each bound leaves room for chance: data from the same source break it in so few samples that
all checks of the suite together do so in at most 5 %, at `LEAST` rows or more. A bound of a share
is a quantile of the predictive distribution of the count in a new sample (beta-binomial, after
Jeffreys), one of a mean the usual interval of a new mean.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from mispredict.core.schema import Column, ColumnType, Role
from mispredict.data.duplicates.groups import conflicting, doubled, joined
from mispredict.data.duplicates.rows import compared_columns
from mispredict.data.kinds.missing import placeholders
from mispredict.data.kinds.numbers import fences, moments, outside
from mispredict.data.kinds.texts import damaged, mixed, variants
from mispredict.data.leakage.columns import identifiers, predicting
from mispredict.data.values import by_value, counts, known
from mispredict.expectations.check import KINDS, Check

if TYPE_CHECKING:
    from mispredict.expectations.data import DataView

LEAST = 500  # rows of new data for which the bounds leave room
ERROR = 0.05  # of the whole suite
_FEW = 30  # values of a column that are listed
_ROOM = 3.0  # how many times as many rows there may be, or how few


@dataclass(frozen=True)
class _Draft:
    """A check to be: `made` gives its options for the error that it may make."""

    name: str
    kind: str
    made: Callable[[float], dict[str, Any]]
    reason: str
    tag: str


def propose(data: DataView, *, seed: int = 0) -> tuple[Check, ...]:
    """Checks that data from the same source pass; see `Dataset.propose_checks`."""
    drafts = list(_drafts(data))
    error = ERROR / max(len(drafts), 1)
    return tuple(
        Check(
            draft.name,
            KINDS[draft.kind](**draft.made(error)),
            tags=("data", draft.tag),
            reason=draft.reason,
            seed=seed,
        )
        for draft in drafts
    )


def most(bad: int, n: int, error: float, *, least: int = LEAST) -> float:
    """A share that new data from the same source exceed with a probability of `error`.

    Example:
        >>> most(0, 10_000, 0.001) < 0.01, most(500, 10_000, 0.001) > 0.05
        (True, True)
    """
    from scipy.stats import betabinom

    size = max(min(n, 2_000), least)
    top = float(betabinom.ppf(1 - error, size, bad + 0.5, max(n - bad, 0) + 0.5))
    return min(round(math.ceil((top + 1) / size * 10_000) / 10_000, 4), 1.0)


def _drafts(data: DataView) -> Iterator[_Draft]:
    schema = data.schema
    yield _Draft(
        "columns", "schema",
        lambda error: {
            "columns": schema.names,
            "types": {item.name: item.type.value for item in schema},
        },
        "The columns and what they mean.", "schema",
    )  # fmt: skip
    yield _Draft(
        "enough rows", "rows", lambda error: {"min": max(int(data.n / _ROOM), 1)},
        f"There were {data.n:,}.", "size",
    )  # fmt: skip
    yield from _of_rows(data)
    yield from _of_labels(data)
    for column in schema:
        yield from _of_column(data, column)


def _of_rows(data: DataView) -> Iterator[_Draft]:
    used = compared_columns(data, None)
    repeats = int(doubled(data, joined(data, 1.0, used, None), None).sum())
    yield _share("few repeated rows", "duplicates", {}, repeats, data.n, "rows", looser=_ROOM)
    found = conflicting(data, 1.0, used) if data.label is not None else None
    if found is not None:
        wrong = int(found.is_wrong.sum())
        yield _share(
            "labels do not contradict", "conflicting_labels", {}, wrong, found.known, "rows",
            looser=_ROOM,
        )  # fmt: skip
    if not identifiers(data):
        yield _Draft(
            "no identifier as input", "id_feature", lambda error: {}, "There was none.", "leakage"
        )


def _of_labels(data: DataView) -> Iterator[_Draft]:
    if data.label is None or data.task is None:
        return
    label = data.label
    yield _share(
        "labels are there", "label_missing", {}, data.column(label).null_count, data.n, "label"
    )
    best = predicting(data)
    if best and best[0].score.high < 0.95:
        measure, value = best[0].measure, best[0].score.value
        room = value + 4 * (best[0].score.high - value) / 1.96 * math.sqrt(1 + data.n / LEAST)
        limit = min(max(round(room + 0.05, 2), 0.9 if measure == "roc_auc" else 0.6), 0.99)
        yield _Draft(
            "no input gives the label away", "predictive_feature", lambda error: {"max": limit},
            f"The best is {best[0].column} with {measure} {value:.3f}.", "leakage",
        )  # fmt: skip
    if not data.task.classes or data.schema[label].type is ColumnType.LABELS:
        return
    yield _Draft(
        "labels are known", "label_allowed",
        lambda error: {"allowed": tuple(data.task.classes) if data.task else ()},
        "The classes of the task.", "label",
    )  # fmt: skip
    found = counts(data, label)
    if 1 < len(found) <= _FEW:
        for value, n in found.as_dict().items():
            yield _class_share(label, value, n, found.total)


def _class_share(column: str, value: Any, n: int, total: int) -> _Draft:
    def made(error: float) -> dict[str, Any]:
        return {
            "column": column,
            "value": value,
            "min": max(round(1 - most(total - n, total, error / 2), 4), 0.0),
            "max": most(n, total, error / 2),
        }

    return _Draft(
        f"share of {column} {value}"[:80], "category_share", made,
        f"It was {n / max(total, 1):.3f}.", "label",
    )  # fmt: skip


def _of_column(data: DataView, column: Column) -> Iterator[_Draft]:
    name = column.name
    empty = data.column(name).null_count
    if column.role is Role.ID:
        yield _Draft(
            f"{name} is unique", "unique", lambda error: {"columns": (name,)}, "It is the id.", "id"
        )
        return
    if column.role is not Role.LABEL:
        yield _share(f"{name} is there", "missing", {"column": name}, empty, data.n, "missing")
    readers = {
        ColumnType.NUMERIC: _of_numbers,
        ColumnType.CATEGORICAL: _of_names,
        ColumnType.TEXT: _of_texts,
        ColumnType.DATETIME: _of_times,
    }
    if column.type in readers and column.role not in (Role.LABEL, Role.WEIGHT):
        yield from readers[column.type](data, name)


def _of_numbers(data: DataView, name: str) -> Iterator[_Draft]:
    values = data.values(name)
    middle, spread, n = moments(values)
    if n < 30:
        return
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    yield _share(
        f"{name} in range", "range", {"column": name, "low": low, "high": high}, 2, n, "range"
    )
    if spread > 0:
        heavy = abs(float(np.nanmean(((values - middle) / spread) ** 3)))

        def made(error: float) -> dict[str, Any]:
            from scipy.stats import norm

            reach = float(norm.ppf(1 - error / 2)) * (1 + heavy / math.sqrt(LEAST))
            room = reach * spread * math.sqrt(1 / n + 1 / min(max(n, LEAST), 2_000, LEAST))
            return {"column": name, "min": _figure(middle - room), "max": _figure(middle + room)}

        yield _Draft(f"mean of {name}", "mean", made, f"It was {middle:.4g}.", "mean")
        a, b = fences(values, 3.0)
        far = int(outside(values, a, b).sum())
        yield _share(
            f"few outliers in {name}", "outliers", {"column": name}, far, n, "range", looser=1.5
        )
    bad, _ = placeholders(data, name)
    if not bad.any():
        yield _Draft(
            f"no stand-ins in {name}", "placeholders",
            lambda error: {"column": name, "max": 0.001}, "There were none.", "missing",
        )  # fmt: skip


def _of_names(data: DataView, name: str) -> Iterator[_Draft]:
    found = counts(data, name)
    if not len(found):
        return
    listed = found.values.to_pylist()
    if len(found) <= _FEW and all(isinstance(v, (str, int, float, bool)) for v in listed):
        once = int((found.n == 1).sum())  # new values are about as many as those seen once (Good)
        yield _share(
            f"{name} is known", "categories", {"column": name, "allowed": tuple(listed)},
            once, found.total, "categories",
        )  # fmt: skip
    if "string" not in str(data.column(name).type):
        return
    if not variants(data, name)[1] and len(found) <= _FEW:
        yield _Draft(
            f"one spelling of each {name}", "spelling_variants",
            lambda error: {"column": name, "max": 0.001}, "There was one.", "text",
        )  # fmt: skip
    if not placeholders(data, name)[0].any():
        yield _Draft(
            f"no stand-ins in {name}", "placeholders",
            lambda error: {"column": name, "max": 0.001}, "There were none.", "missing",
        )  # fmt: skip
    if not mixed(data, name)[0].any():
        yield _Draft(
            f"{name} is of one type", "mixed_types",
            lambda error: {"column": name, "max": 0.001}, "It was.", "schema",
        )  # fmt: skip


def _of_texts(data: DataView, name: str) -> Iterator[_Draft]:
    import pyarrow.compute as pc

    values = data.column(name)
    n = len(values) - values.null_count
    if n < 30:
        return
    ends = pc.min_max(pc.utf8_length(values)).as_py()
    yield _share(
        f"length of {name}", "text_length",
        {"column": name, "low": int(ends["min"]), "high": int(ends["max"])}, 2, n, "text",
    )  # fmt: skip
    hurt = int(by_value(data, name, damaged).sum())
    yield _share(
        f"{name} is readable", "encoding_damage", {"column": name}, hurt, n, "text", looser=1.5
    )
    repeats = int(doubled(data, joined(data, 1.0, (name,), None), None).sum())
    yield _share(
        f"few repeated {name}", "duplicates", {"columns": (name,)}, repeats, n, "rows",
        looser=_ROOM,
    )  # fmt: skip


def _of_times(data: DataView, name: str) -> Iterator[_Draft]:
    if not known(data, name).any():
        return
    values = data.values(name)
    if float(np.nanmax(values)) <= _now():
        yield _Draft(
            f"{name} is not in the future", "date_range",
            lambda error: {"column": name, "latest": "now"}, "It was not.", "time",
        )  # fmt: skip


def _share(
    name: str,
    kind: str,
    options: dict[str, Any],
    bad: int,
    n: int,
    tag: str,
    *,
    looser: float = 1.0,
) -> _Draft:
    """A check that few rows do not hold: about as many as did not, and what chance adds."""

    def made(error: float) -> dict[str, Any]:
        return {**options, "max": min(round(most(bad, n, error) * looser, 4), 1.0)}

    share = bad / n if n else 0.0
    return _Draft(name[:80], kind, made, f"{share:.2%} did not hold.", tag)


def _figure(value: float) -> float:
    return float(f"{value:.6g}")


def _now() -> float:
    from datetime import UTC, datetime

    return datetime.now(UTC).timestamp()
