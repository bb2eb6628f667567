"""What a label column asks for: the task and its classes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from mispredict.core.errors import BadLabel, BadOption
from mispredict.core.results import plain
from mispredict.core.schema import Column, ColumnType
from mispredict.core.task import Scalar, Task, TaskKind
from mispredict.core.words import counted

if TYPE_CHECKING:
    import pyarrow as pa

_LARGEST = 2.0**53  # beyond it fractions cannot be told from whole numbers
_FEW = 20  # distinct whole numbers that still are classes
_MANY = 1000  # distinct words beyond which a label is probably the wrong column


def infer_task(
    column: Column,
    label: pa.ChunkedArray,
    *,
    kind: str | None = None,
    classes: Sequence[Scalar] = (),
    positive: Scalar | None = None,
) -> Task:
    """The task that a label column poses.

    Words and truth values are classes; so are whole numbers when there are at most 20 of
    them. Other numbers make a regression, lists of words a multilabel classification.

    Raises:
        BadLabel: it has no values, one value only, values outside `classes`, or too many to
            be classes.
        BadOption: `kind` does not exist or does not fit, or `positive` is not a class.
    """
    if kind is not None and kind not in list(TaskKind):
        raise BadOption.choice("task", str(kind), [item.value for item in TaskKind])
    is_told = kind == TaskKind.REGRESSION or (kind is not None and bool(classes))
    if label.null_count == len(label) and not is_told:
        raise BadLabel(
            f"label column {column.name!r} has no values.",
            known=f"All {len(label):,} rows are missing.",
            hint="another label column; where labels are still to come task='regression', or task= "
            "and classes=",
        )
    chosen = TaskKind(kind) if kind else _guess(column, label)
    if chosen in (TaskKind.REGRESSION, TaskKind.SCORE):
        return _numeric(column, label, chosen)
    found = _found_classes(column, label, chosen)
    named = _checked_classes(column, found, classes)
    if chosen is TaskKind.MULTICLASS and len(named) == 2:
        chosen = TaskKind.BINARY
    if chosen is TaskKind.BINARY and len(named) > 2:
        raise BadOption(
            f"task='binary' does not fit label {column.name!r}.",
            known=f"It has {len(named)} classes.",
            hint="task='multiclass'",
        )
    return Task(chosen, named, _positive(chosen, named, positive))


def label_values(label: pa.ChunkedArray, task: Task) -> pa.ChunkedArray:
    """The label in the storage of its task: whole numbers where floats only held classes."""
    import pyarrow as pa

    is_float = pa.types.is_floating(label.type)
    if task.is_classification and is_float:
        return label.cast(pa.int64())
    if task.kind is TaskKind.REGRESSION and not is_float:
        return label.cast(pa.float64(), safe=False)
    return label


def _guess(column: Column, label: pa.ChunkedArray) -> TaskKind:
    if column.type is ColumnType.LABELS:
        return TaskKind.MULTILABEL
    if column.type in (ColumnType.BOOLEAN, ColumnType.CATEGORICAL):
        return TaskKind.MULTICLASS
    if column.type is ColumnType.NUMERIC:
        few = column.distinct is not None and column.distinct <= _FEW
        is_classes = few and _is_whole(label) and (column.distinct or 0) <= max(2, len(label) // 4)
        return TaskKind.MULTICLASS if is_classes else TaskKind.REGRESSION
    raise BadLabel(
        f"label column {column.name!r} is {column.type}, which cannot be a label.",
        known="A label is categorical, boolean, a number, or a list of class names.",
        hint=f"another label column, or types={{{column.name!r}: 'categorical'}}",
    )


def _is_whole(label: pa.ChunkedArray) -> bool:
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_integer(label.type):
        return True
    is_whole = pc.and_(pc.equal(label, pc.floor(label)), pc.less(pc.abs(label), _LARGEST))
    return bool(pc.all(is_whole).as_py())


def _numeric(column: Column, label: pa.ChunkedArray, kind: TaskKind) -> Task:
    import pyarrow as pa
    import pyarrow.compute as pc

    if not (pa.types.is_integer(label.type) or pa.types.is_floating(label.type)):
        raise BadLabel(
            f"label column {column.name!r} is {column.type}; {kind} needs numbers.",
            hint="task='multiclass', or another label column",
        )
    if label.null_count == len(label):
        return Task(kind)  # all still to come
    bounds = pc.min_max(label).as_py()
    if bounds["min"] == bounds["max"] and kind is TaskKind.REGRESSION:
        raise _constant(column, bounds["min"], len(label))
    if not np.isfinite([bounds["min"], bounds["max"]]).all():
        raise BadLabel(
            f"label column {column.name!r} holds infinity.",
            hint="remove these rows or make the label missing there",
        )
    return Task(kind)


def _found_classes(column: Column, label: pa.ChunkedArray, kind: TaskKind) -> tuple[Scalar, ...]:
    import pyarrow as pa
    import pyarrow.compute as pc

    values = _members(column, label) if kind is TaskKind.MULTILABEL else label
    if pa.types.is_nested(values.type) or not _is_sortable(values.type):
        raise BadLabel(
            f"label column {column.name!r} holds {values.type}, which cannot be classes.",
            known=f"The first is {values[0].as_py()!r:.60}.",
            hint="another label column, or convert it to words first",
        )
    if pa.types.is_floating(values.type):
        if not _is_whole(values):
            raise BadOption(
                f"task={kind.value!r} does not fit label {column.name!r}.",
                known="It holds fractions or numbers beyond 2^53.",
                hint="task='regression'",
            )
        values = values.cast(pa.int64())
    found = sorted(pc.unique(values.drop_null()).to_pylist())
    if len(found) > _MANY:
        raise BadLabel(
            f"label column {column.name!r} has {len(found):,} different values.",
            known=f"At most {_MANY:,} classes are supported; this looks like an id or a text.",
            hint="another label column, or task='regression' for numbers",
        )
    return tuple(found)


def _is_sortable(kind: pa.DataType) -> bool:
    import pyarrow.types as pt

    is_word = pt.is_string(kind) or pt.is_large_string(kind) or pt.is_boolean(kind)
    return bool(is_word or pt.is_integer(kind) or pt.is_floating(kind) or pt.is_null(kind))


def _members(column: Column, label: pa.ChunkedArray) -> pa.Array:
    """The labels of all rows, one after the other."""
    import pyarrow.compute as pc
    import pyarrow.types as pt

    kind = label.type
    if not (pt.is_list(kind) or pt.is_large_list(kind) or pt.is_fixed_size_list(kind)):
        first = label.drop_null()[0].as_py()
        raise BadOption(
            f"task='multilabel' does not fit label {column.name!r}.",
            known=f"It holds {kind}, such as {first!r:.60}, not lists of labels.",
            hint="a list of labels per row, or label=[…] with several 0/1 columns",
        )
    lists = label.combine_chunks()
    values = pc.list_flatten(lists)
    if values.null_count and not pt.is_null(values.type):
        place = int(np.flatnonzero(np.asarray(values.is_null()))[0])
        row = pc.list_parent_indices(lists)[place].as_py()
        raise BadLabel(
            f"label column {column.name!r} has a list with a missing label.",
            known=f"{counted(values.null_count, 'label is', 'labels are')} missing, the first at "
            f"row {row:,}.",
            hint="remove it from the list; a row without labels has []",
        )
    return values


def _checked_classes(
    column: Column, found: tuple[Scalar, ...], given: Sequence[Scalar]
) -> tuple[Scalar, ...]:
    if not given:
        if len(found) == 1:
            raise _constant(column, found[0], None)
        return found
    given = _plain_classes(found, given)
    unseen = [item for item in found if item not in given]
    if unseen:
        raise BadLabel(
            f"label column {column.name!r} has the value {unseen[0]!r}, which is not a class.",
            known=f"Given classes: {', '.join(map(repr, given))}.",
            hint="add it to classes, or mend the label",
        )
    return tuple(given)


def _plain_classes(found: tuple[Scalar, ...], given: Sequence[Scalar]) -> tuple[Scalar, ...]:
    """The given classes as the label holds them: 1 for 1.0 where it has whole numbers."""
    same = {item: item for item in found}
    classes = tuple(same.get(item, item) for item in map(plain, given))
    twice = next((item for item in classes if classes.count(item) > 1), None)
    kinds = sorted({type(item).__name__ for item in (*classes, *found)})
    if twice is None and len(kinds) == 1 and None not in classes:
        return classes
    if None in classes:
        problem = "classes holds None."
    elif twice is not None:
        problem = f"classes names {twice!r} more than once."
    elif len({type(item) for item in classes}) > 1:
        problem = f"classes mixes {' and '.join(kinds)}."
    else:
        return classes  # of another type than the label: its first value is told to be no class
    raise BadOption(
        problem,
        known=f"classes={list(given)!r:.120}.",
        hint="each class once, in the label's own values; rows without a label are missing",
    )


def _constant(column: Column, value: object, rows: int | None) -> BadLabel:
    return BadLabel(
        f"label column {column.name!r} has one value only: {value!r}.",
        known=f"All {rows:,} rows have it." if rows else "There is nothing to tell apart.",
        hint="classes=[…] if other classes exist but are not in this data",
    )


def _positive(
    kind: TaskKind, classes: tuple[Scalar, ...], positive: Scalar | None
) -> Scalar | None:
    if positive is None:
        return classes[-1] if kind is TaskKind.BINARY else None
    for item in classes:
        if item == positive or str(item) == str(positive):
            return item
    raise BadOption.choice("positive", positive, map(str, classes))
