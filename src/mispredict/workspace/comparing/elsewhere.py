"""What a model said of a row in another dataset version, beside the row of this one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from mispredict.workspace.comparing.rows import Matched
    from mispredict.workspace.evaluation import Evaluation

_OF_LABELS = frozenset(("correct", "loss", "residual", "error_class"))


def column_elsewhere(of: Evaluation, other: Evaluation, match: Matched, name: str) -> pa.Array:
    """A column of another evaluation in the order of this one's rows; null for other rows.

    Right and wrong are told by this version's labels, as in a comparison. What else depends on
    the label is missing for rows that have another one.
    """
    is_there = match.places >= 0
    if name in _OF_LABELS:
        is_there = is_there & ~match.is_relabelled
    found = _taken(other.table.column(name), match, is_there)
    if name != "correct" or not match.is_relabelled.any() or not of.dataset.label:
        return found
    said = _taken(other.table.column("prediction"), match, match.places >= 0)
    if pa.types.is_nested(said.type):
        return found
    label = _flat(of.dataset.column(of.dataset.label))
    judged = pc.equal(pc.cast(said, pa.string()), pc.cast(label, pa.string()))
    return pc.if_else(pa.array(match.is_relabelled), judged, found)


def _taken(column: Any, match: Matched, is_there: Any) -> pa.Array:
    places = pa.array(np.where(is_there, match.places, 0), mask=~is_there)
    return _flat(column).take(places)


def _flat(column: Any) -> pa.Array:
    found = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    return found.dictionary_decode() if pa.types.is_dictionary(found.type) else found
