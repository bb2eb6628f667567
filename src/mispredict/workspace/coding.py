"""Codes of columns, stored beside the table they belong to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from mispredict.core.schema import ColumnType

if TYPE_CHECKING:
    import pyarrow as pa

    from mispredict.engine.encode import Coded
    from mispredict.store import Store, Version
    from mispredict.store.parts import Part

_MATRIX = "codes_"


def write_coded(store: Store, table: pa.Table, kinds: Mapping[str, ColumnType]) -> dict[str, Part]:
    """Parts by role with the codes of all columns that have some, and their codebooks."""
    from mispredict.engine.encode import encode_all
    from mispredict.engine.matrix import CodeMatrix

    coded = encode_all({name: (table[name], kinds[name]) for name in table.column_names})
    matrix = CodeMatrix.of(coded)
    parts = {_MATRIX + width: store.write_array(array) for width, array in matrix.arrays.items()}
    return {**parts, "codebooks": store.write_json(matrix.to_dict())}


def load_coded(store: Store, version: Version) -> Mapping[str, Coded]:
    """Codes by column, memory-mapped.

    Raises:
        CorruptPart: what is stored is not what was written; a number from it would be wrong.
    """
    from mispredict.engine.matrix import CodeMatrix

    books = version.role("codebooks")
    if not books:
        return {}
    arrays = {
        part.role.removeprefix(_MATRIX): store.read_array(store.verify_once(part))
        for part in version.parts
        if part.role.startswith(_MATRIX)
    }
    return CodeMatrix.restore(arrays, store.read_json(store.verify_once(books[0])))
