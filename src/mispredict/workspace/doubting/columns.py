"""Columns of doubt: what noise and conformal sets say of every row, kept with the evaluation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mispredict.core.schema import ColumnType

if TYPE_CHECKING:
    from mispredict.store import Store, Version
    from mispredict.workspace.view import View

# By kind of version the columns that it keeps.
FAMILIES: Mapping[str, Mapping[str, ColumnType]] = {
    "noise": {"noise_spread": ColumnType.NUMERIC, "noise_flips": ColumnType.NUMERIC},
    "conformal": {"set_size": ColumnType.NUMERIC, "in_set": ColumnType.BOOLEAN},
}
DOUBTS = {name: kind for family in FAMILIES.values() for name, kind in family.items()}


def stored_doubts(store: Store, evaluation: Version) -> dict[str, Version]:
    """The columns of doubt that are kept, and the version that has each."""
    found = {}
    for family, columns in FAMILIES.items():
        head = store.head(family, evaluation.ref.name)
        if head is not None and head.spec["evaluation"] == str(evaluation.ref):
            found.update(dict.fromkeys(columns, head))
    return found


def keep_doubts(
    of: View, family: str, columns: Mapping[str, Any], spec: Mapping[str, Any]
) -> tuple[str, ...]:
    """Keep columns of all rows; their names, none where the dataset has such columns already."""
    import pyarrow as pa

    if any(name in of.dataset.schema for name in columns):
        return ()
    store, ref = of.workspace.store, str(of.version.ref)
    store.commit(
        family,
        of.version.ref.name,
        spec={"evaluation": ref, **spec},
        parts={"table": store.write_table(pa.table(dict(columns)))},
        parents=(f"evaluation:{ref}",),
    )
    of._keep_doubts(stored_doubts(store, of.version))
    return tuple(columns)


def is_evaluation(of: View, name: str) -> bool:
    """Whether a text is the name of an evaluation, and not a cohort."""
    return any(row.name == name for row in of.workspace.evaluations().rows)
