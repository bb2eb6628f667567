"""The queue of labels to review: which rows, in what order, with what values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

from mispredict.core.options import names as names_of
from mispredict.core.options import whole
from mispredict.core.results import plain
from mispredict.core.schema import ColumnType, Role

if TYPE_CHECKING:
    from mispredict.core.predicate import Predicate
    from mispredict.data.labels.results import LabelQueue
    from mispredict.workspace.evaluation import Evaluation
    from mispredict.workspace.labelling.labels import Groups

LONGEST = 2_000  # letters of a value
_HIDDEN = (ColumnType.VECTOR, ColumnType.OTHER)


def queue_of(
    of: Evaluation,
    *,
    where: str | Predicate | None,
    order: str,
    limit: int,
    audit: int,
    is_all: bool,
    columns: Sequence[str] | None,
    groups: Groups | None,
    near: float | None,
    seed: int,
) -> LabelQueue:
    """The next rows to be reviewed; suspected ones, and drawn ones spread evenly among them."""
    from mispredict.data.labels.queue import KEYS, audited, ordered, queue_rows
    from mispredict.data.labels.results import LabelQueue
    from mispredict.workspace.labelling.labels import found_suspects

    limit, audit, seed = whole("limit", limit, 0), whole("audit", audit, 0), whole("seed", seed, 0)
    rows, found = found_suspects(of, where=where, groups=groups, near=near)
    suspected = [int(row) for row in ordered(rows, found, order, seed)]
    drawn = [int(row) for row in audited(rows, found, audit, seed)]
    mixed = _mixed(suspected, drawn)
    open_rows = [item for item in mixed if is_all or item[0] not in rows.decided]
    done = sum(row in rows.decided for row, _ in mixed)
    shown = _shown(of, columns)
    return LabelQueue(
        queue_rows(rows, found, open_rows[:limit], lambda numbers: _inputs(of, shown, numbers)),
        KEYS,
        len(mixed),
        done,
        len(mixed) - done,
        order,
        of.dataset.ref,
        of.source(where),
    )


def _mixed(
    suspected: Sequence[int], drawn: Sequence[int]
) -> list[tuple[int, Literal["suspected", "audit"]]]:
    """Both, the drawn ones spread evenly, so that a reviewer cannot tell by the place."""
    step = max(1, len(suspected) // (len(drawn) + 1)) if drawn else 0
    left = list(drawn)
    mixed: list[tuple[int, Literal["suspected", "audit"]]] = []
    for at, row in enumerate(suspected, 1):
        mixed.append((row, "suspected"))
        if left and at % step == 0:
            mixed.append((left.pop(0), "audit"))
    return [*mixed, *((row, "audit") for row in left)]


def _shown(of: Evaluation, columns: Sequence[str] | None) -> tuple[str, ...]:
    """The columns that a reviewer sees: inputs and metadata, never the label."""
    schema = of.dataset.schema
    if columns is not None:
        return tuple(schema[name].name for name in names_of("columns", columns))
    roles = (Role.INPUT, Role.METADATA, Role.TIME)
    return tuple(
        column.name for column in schema if column.role in roles and column.type not in _HIDDEN
    )


def _inputs(
    of: Evaluation, columns: Sequence[str], numbers: Sequence[int]
) -> list[tuple[tuple[str, Any], ...]]:
    import numpy as np

    taken = of.table.take_all([(name, True) for name in columns], np.asarray(numbers, np.int64))
    values = [[_cut(value) for value in array.to_pylist()] for array in taken]
    return [
        tuple((name, values[at][place]) for at, name in enumerate(columns))
        for place in range(len(numbers))
    ]


def _cut(value: Any) -> Any:
    value = plain(value)
    is_long = isinstance(value, str) and len(value) > LONGEST
    return f"{value[: LONGEST - 1]}…" if is_long else value
