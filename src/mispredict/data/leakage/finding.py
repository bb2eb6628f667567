"""Looking for leaks: rows, groups and times that two datasets share, columns that know too much."""

from __future__ import annotations

import math
import time as clock
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from mispredict.core.errors import Cancelled
from mispredict.core.results import Source
from mispredict.core.schema import ColumnType, Role
from mispredict.core.words import counted
from mispredict.data.duplicates.groups import joined
from mispredict.data.found_checks import check_yaml
from mispredict.data.kinds.leaks import shared_columns
from mispredict.data.leakage.columns import Predicting, by_row_number, identifiers, predicting
from mispredict.data.leakage.leakage import LEAKS, ColumnScore, Leak, Leakage
from mispredict.expectations.check import KINDS
from mispredict.expectations.subject import Estimate

if TYPE_CHECKING:
    from mispredict.expectations.data import DataView
    from mispredict.expectations.verdict import Judged

SURE = 0.97  # a single column that predicts better was made from the answer, or nearly so
STANDS_OUT = 0.75  # from here a column is asked about that says far more than all others
FAR = 1.6  # how many times as much as the next best
_ORDER = ("high", "medium", "low", "none")


def find_leakage(
    data: DataView,
    against: DataView | None,
    group: str | None,
    time: str | None,
    *,
    near: float = 0.9,
    near_vectors: float = 0.95,
    progress: Callable[[int, int], None] | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Leakage:
    """Ways in which the right answers may be known beforehand; see `Dataset.leakage`."""
    started = clock.perf_counter()
    steps = _steps(data, against, group, time, near)
    if against is not None:
        steps[2:2] = [
            partial(_near_vectors, data, against, column, near_vectors, cancel)
            for column in _vector_columns(data, against)
        ]
    leaks: list[Leak] = []
    for done, step in enumerate(steps, 1):
        if cancel is not None and cancel():
            raise Cancelled(f"stopped after {done - 1} of {len(steps)} looks.", hint="run it again")
        leaks += step()
        if progress is not None:
            progress(done, len(steps))
    leaks.sort(key=lambda leak: (_ORDER.index(leak.severity), LEAKS.index(leak.leak), -leak.share))
    found = [leak for leak in leaks if leak.severity != "none"]
    note = "" if against is not None else (
        "Rows, groups and times were not compared: no data that a model learned from were given."
    )  # fmt: skip
    said = f"{counted(len(found), 'leak')} of {counted(len(leaks), 'way')} that were looked at."
    said = f"{said} {found[0].sentence}" if found else f"No leak in {counted(len(leaks), 'way')}."
    return Leakage(
        tuple(leaks),
        Source(data.ref, "", data.n),
        "" if against is None else against.ref,
        group or "",
        time or "",
        len(leaks),
        said,
        note,
        clock.perf_counter() - started,
        _scores(data),
    )


def _scores(data: DataView) -> tuple[ColumnScore, ...]:
    found = predicting(data) if data.label is not None else ()
    return tuple(ColumnScore(item.column, item.measure, *_numbers(item.score)) for item in found)


def _steps(
    data: DataView, against: DataView | None, group: str | None, time: str | None, near: float
) -> list[Callable[[], Iterator[Leak]]]:
    steps: list[Callable[[], Iterator[Leak]]] = []
    if against is not None:
        steps += [lambda: _same(data, against), lambda: _near(data, against, near)]
        if group is not None:
            steps.append(lambda: _of_check(data, "group", "leak_group", {"column": group}, group))
        if time is not None or data.schema.first(Role.TIME) is not None:
            named = {} if time is None else {"column": time}
            column = time or str(data.schema.of_role(Role.TIME)[0].name)
            steps.append(lambda: _of_check(data, "time", "leak_time", named, column))
    if data.label is not None:
        steps += [lambda: _features(data), lambda: _row_order(data)]
    return [*steps, lambda: _identifiers(data)]


def _same(data: DataView, against: DataView) -> Iterator[Leak]:
    """Rows of both; where rows repeat anyway, as those of few columns do, it is a lesser sign."""
    columns = shared_columns(data, against, ())
    judged = _judged(data, "leak_exact", {})
    root = joined(data, 1.0, columns, None).root
    own = float((root != np.arange(data.n)).mean()) if data.n else 0.0
    severity = _severity(judged.value, own)
    more = f" {100 * own:.1f} % of these rows repeat one another anyway." if own > 0.01 else ""
    yield _leak(data, "exact", "", severity, judged, "leak_exact", {}, more)


def _near(data: DataView, against: DataView, near: float) -> Iterator[Leak]:
    """Rows that are nearly the same, beyond those that are the same: texts, or wide tables."""
    columns = shared_columns(data, against, ())
    if near >= 1 or (len(columns) < 1 / (1 - near) - 1e-9 and not _has_text(data, columns)):
        return  # of so few columns a row that differs in one is another row
    options: dict[str, Any] = {"near": near}
    texts = [name for name in columns if data.schema[name].type.value == "text"]
    if texts:
        options["columns"] = texts
    judged = _judged(data, "leak_near", options)
    used = tuple(texts) or columns
    root = joined(data, near, used, None).root
    own = float((root != np.arange(data.n)).mean()) if data.n else 0.0
    yield _leak(
        data, "near", ", ".join(texts), _severity(judged.value, own), judged, "leak_near", options
    )


def _vector_columns(data: DataView, against: DataView) -> list[str]:
    """Columns of vectors that both have, whatever they are for."""
    return [
        item.name
        for item in data.schema
        if item.type is ColumnType.VECTOR
        and item.name in against.schema
        and against.schema[item.name].type is ColumnType.VECTOR
    ]


def _near_vectors(
    data: DataView,
    against: DataView,
    column: str,
    near: float,
    cancel: Callable[[], bool] | None,
) -> Iterator[Leak]:
    """Rows whose vector points where that of a row of the other data does, or nearly."""
    if near >= 1:
        return  # which is the same, and looked for among whole rows
    options: dict[str, Any] = {"near": near, "columns": [column]}
    joined(data, near, (column,), against, cancel=cancel)  # kept for the check
    judged = _judged(data, "leak_near", options)
    root = joined(data, near, (column,), None, cancel=cancel).root
    own = float((root != np.arange(data.n)).mean()) if data.n else 0.0
    more = f" {100 * own:.1f} % of these rows are as near to one another." if own > 0.01 else ""
    severity = _severity(judged.value, own)
    yield _leak(data, "near", column, severity, judged, "leak_near", options, more)


def _has_text(data: DataView, columns: tuple[str, ...]) -> bool:
    return any(data.schema[name].type.value == "text" for name in columns)


def _of_check(
    data: DataView, leak: str, kind: str, options: Mapping[str, Any], column: str
) -> Iterator[Leak]:
    judged = _judged(data, kind, options)
    yield _leak(data, leak, column, _severity(judged.value, 0.0), judged, kind, options)


def _features(data: DataView) -> Iterator[Leak]:
    """Columns that predict the label too well alone: nearly always, or far beyond all others."""
    found = predicting(data)
    for place, item in enumerate(found):
        severity, said = _feature_words(found, place, data.n)
        if severity == "none" and place:
            return
        limit = SURE if severity in ("high", "none") else telling_limit(data)
        yield Leak(
            "feature",
            item.column,
            severity,
            item.measure,
            *_numbers(item.score),
            data.n if severity != "none" else 0,
            1.0 if severity != "none" else 0.0,
            "",
            said,
            check_yaml(
                f"{item.column} does not give the label away",
                "predictive_feature",
                {"columns": [item.column], "max": limit},
            ),
        )


def _feature_words(found: tuple[Predicting, ...], place: int, n: int) -> tuple[str, str]:
    item = found[place]
    floor = 0.5 if item.measure == "roc_auc" else 0.0
    scores = [other.score.value for at, other in enumerate(found) if at != place]
    others = max((value for value in scores if not math.isnan(value)), default=floor)
    said = f"{item.column} alone predicts the label with {item.measure} {item.score.value:.3f}"
    if item.score.low > SURE:
        return "high", f"{said}: it says nearly all, and may have been made from the label."
    is_far = item.score.low - floor > FAR * max(others - floor, 0.02)
    if is_far and item.score.low > (STANDS_OUT if item.measure == "roc_auc" else 0.4):
        return "medium", (
            f"{said}, the next best column with {others:.3f}:"
            " is it known when a prediction is made?"
        )
    return "none", (
        "No column predicts the label suspiciously well alone;"
        f" the best, {item.column}, has {item.measure} {item.score.value:.3f}."
    )


def telling_limit(data: DataView) -> float:
    """A bound that a column breaks which predicts nearly all, or far more than all others."""
    found = predicting(data)
    if not found or _feature_words(found, 0, data.n)[0] in ("none", "high"):
        return SURE
    floor = 0.5 if found[0].measure == "roc_auc" else 0.0
    return round((found[0].score.low + floor) / 2, 2)


def _row_order(data: DataView) -> Iterator[Leak]:
    found = by_row_number(data)
    if found is None or math.isnan(found.score.value):
        return
    floor = 0.5 if found.measure == "roc_auc" else 0.0
    gain = found.score.low - floor
    severity = "high" if gain > 0.35 else "medium" if gain > 0.1 else "none"
    said = f"The number of a row predicts its label with {found.measure} {found.score.value:.3f}"
    if severity != "none":
        said += ": rows are sorted by label or time, so that a split without shuffling differs"
    options = {"max": round(floor + 0.1, 2)}
    yield Leak(
        "order", "row", severity, found.measure, *_numbers(found.score),
        data.n if severity != "none" else 0, 1.0 if severity != "none" else 0.0, "", f"{said}.",
        check_yaml("rows are in no telling order", "row_order", options),
    )  # fmt: skip


def _identifiers(data: DataView) -> Iterator[Leak]:
    scores = {item.column: item for item in predicting(data)} if data.label else {}
    names = identifiers(data)
    for name in names:
        score = scores[name].score if name in scores else Estimate(math.nan, math.nan, math.nan, 0)
        measure = scores[name].measure if name in scores else ""
        is_telling = not math.isnan(score.low) and score.low > 0.6
        said = f"{name} names the rows and is an input: a model can learn rows by heart"
        if is_telling:
            said += f"; it predicts the label with {measure} {score.value:.3f}"
        yield Leak(
            "id", name, "high" if is_telling else "medium", measure, *_numbers(score),
            data.n, 1.0, "", f"{said}.",
            check_yaml("no input names its rows", "id_feature", {}),
        )  # fmt: skip
    if not names:
        yield Leak(
            "id", "", "none", "columns", 0.0, 0.0, 0.0, data.n, 0, 0.0, "",
            "No input names its rows.", check_yaml("no input names its rows", "id_feature", {}),
        )  # fmt: skip


def _judged(data: DataView, kind: str, options: Mapping[str, Any]) -> Judged:
    made: Any = KINDS[kind](**options)
    found: Judged = made.judge_data(data, 0)
    return found


def _leak(
    data: DataView,
    leak: str,
    column: str,
    severity: str,
    judged: Judged,
    kind: str,
    options: Mapping[str, Any],
    more: str = "",
) -> Leak:
    said = judged.sentence.split(", expected")[0].split(", as expected")[0]
    return Leak(
        leak,
        column,
        severity,
        "share of rows",
        judged.value,
        judged.low,
        judged.high,
        judged.n,
        judged.failing,
        judged.failing / data.n if data.n else 0.0,
        judged.where,
        f"{said}.{more}",
        check_yaml(f"no {leak} leak" + (f" of {column}" if column else ""), kind, options),
        judged.examples,
    )


def _severity(share: float, usual: float) -> str:
    """How bad it is that a share of rows leaks where `usual` repeat without any leak."""
    if math.isnan(share) or share == 0:
        return "none"
    if share <= 3 * usual:
        return "low"
    return "high" if share >= 0.01 else "medium"


def _numbers(score: Estimate) -> tuple[float, float, float, int]:
    return score.value, score.low, score.high, score.n
