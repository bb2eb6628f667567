"""Probabilities in whatever form they came, as a matrix in the order of the classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from mispredict.core.errors import BadPredictions
from mispredict.core.task import Task, TaskKind, probability_column
from mispredict.core.words import counted

if TYPE_CHECKING:
    import pyarrow as pa

_TOLERANCE = 1e-3  # how far the probabilities of a row may sum from 1


def find_probabilities(table: pa.Table, task: Task) -> npt.NDArray[np.float64] | None:
    """Probabilities of shape (n, K), checked; None if the table has none."""
    if "probabilities" in table.column_names:
        matrix = _from_lists(table["probabilities"], task)
    else:
        names = _class_columns(table, task)
        if not names:
            return None
        columns = [numbers(table, name) for name in names]
        matrix = np.column_stack([column for column in columns if column is not None])
        if task.kind is TaskKind.BINARY and len(names) == 1:
            matrix = _complete(matrix[:, 0], names[0], task)
    return check_probabilities(matrix, task)


def _class_columns(table: pa.Table, task: Task) -> list[str]:
    """Names of the probability columns in the order of the classes; empty if there are none."""
    present = set(table.column_names)
    found = {}
    for name in task.classes:
        for column in (probability_column(name), str(name)):
            if column in present:
                found[name] = column
                break
    if not found:
        return []
    _check_unknown(table, task, set(found.values()))
    absent = [name for name in task.classes if name not in found]
    if absent and not (task.kind is TaskKind.BINARY and len(found) == 1):
        raise BadPredictions(
            f"there is no probability for class {absent[0]!r}.",
            known=f"Found: {shown(list(found.values()))}; classes: "
            f"{shown([str(name) for name in task.classes])}.",
            hint=f"a column {probability_column(absent[0])!r}",
        )
    return list(found.values())


def _check_unknown(table: pa.Table, task: Task, found: set[str]) -> None:
    """Refuse `p_Yes` beside `p_no`: a misspelt class would be completed in silence."""
    classes = {probability_column(name) for name in task.classes}
    names = [name for name in table.column_names if name.startswith("p_")]
    unknown = [name for name in names if name not in classes and name not in found]
    if unknown:
        raise BadPredictions(
            f"the column {unknown[0]!r} is no class's probability.",
            known=f"Classes: {shown([repr(name) for name in task.classes])}.",
            hint="p_<class> spelt as the class is; rename or drop what is no probability",
        )


def _complete(given: npt.NDArray[np.float64], column: str, task: Task) -> npt.NDArray[np.float64]:
    first = column in (probability_column(task.classes[0]), str(task.classes[0]))
    return np.column_stack([given, 1 - given] if first else [1 - given, given])


def _from_lists(column: pa.ChunkedArray, task: Task) -> npt.NDArray[np.float64]:
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = column.type
    if not (
        pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind)
    ):
        raise BadPredictions(
            f"the column 'probabilities' holds {kind}, not lists of numbers.",
            known=f"Classes: {shown([str(name) for name in task.classes])}.",
            hint="a list per row, or a column p_<class> per class",
        )
    lengths = pc.list_value_length(column)
    wrong = np.flatnonzero(np.asarray(pc.fill_null(lengths, -1)) != len(task.classes))
    if len(wrong):
        raise BadPredictions(
            f"row {wrong[0]:,} has {lengths[int(wrong[0])].as_py() or 0} probabilities.",
            known=f"There are {len(task.classes)} classes: "
            f"{shown([str(name) for name in task.classes])}.",
            hint="one probability per class, in this order",
        )
    try:
        flat = pc.list_flatten(column.combine_chunks()).cast(pa.float64())
    except pa.ArrowException as error:
        raise BadPredictions(
            f"the column 'probabilities' holds {kind}, not lists of numbers.",
            known=f"The first is {column[0].as_py()!r:.60}.",
            hint="a list of numbers per row, or a column p_<class> per class",
        ) from error
    matrix: npt.NDArray[np.float64] = np.asarray(flat).reshape(-1, len(task.classes))
    return matrix


def check_probabilities(matrix: npt.NDArray[np.float64], task: Task) -> npt.NDArray[np.float64]:
    """The probabilities, if each is between 0 and 1 and (but for multilabel) rows sum to 1."""
    outside = ~((matrix >= -1e-9) & (matrix <= 1 + 1e-9)).all(axis=1)
    if outside.any():
        row = int(np.argmax(outside))
        values = ", ".join(f"{value:.6g}" for value in matrix[row][:6])
        raise BadPredictions(
            f"{counted(int(outside.sum()), 'row has', 'rows have')} probabilities outside 0 to 1.",
            known=f"The first is row {row:,}: {values}.",
            hint="probabilities, not scores or logits; no missing values",
        )
    if task.kind is TaskKind.MULTILABEL:
        return matrix
    total = matrix.sum(axis=1)
    away = np.abs(total - 1) > _TOLERANCE
    if away.any():
        row = int(np.argmax(away))
        raise BadPredictions(
            f"the probabilities of {counted(int(away.sum()), 'row')} do not sum to 1.",
            known=f"The first is row {row:,}, which sums to {total[row]:.6g}.",
            hint="give all classes, each as a share of 1 (not percent)",
        )
    return matrix


def numbers(table: pa.Table, name: str) -> npt.NDArray[np.float64] | None:
    """The column's finite numbers; None if there is no such column."""
    import pyarrow as pa

    if name not in table.column_names:
        return None
    column = table[name]
    try:
        cast = column.cast(pa.float64(), safe=False)  # whole numbers beyond 2^53 are rounded
        values: npt.NDArray[np.float64] = np.asarray(cast, dtype=np.float64)
    except pa.ArrowException as error:
        raise BadPredictions(
            f"the column {name!r} holds {column.type}, not numbers.",
            known=f"The first is {column[0].as_py()!r:.60}.",
            hint="a number per row",
        ) from error
    bad = ~np.isfinite(values)
    if bad.any():
        row = int(np.argmax(bad))
        raise BadPredictions(
            f"the column {name!r} has {int(bad.sum()):,} missing or infinite values.",
            known=f"The first is row {row:,}.",
            hint="a finite number per row",
        )
    return values


def shown(names: list[str]) -> str:
    """The first names, and how many more there are."""
    return ", ".join(names[:8]) + (f" and {len(names) - 8:,} more" if len(names) > 8 else "")
