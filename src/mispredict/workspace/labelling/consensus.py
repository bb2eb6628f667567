"""The consensus of annotators of a dataset: columns, counts of votes, or a long table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from mispredict.core.errors import BadOption, UnknownColumn
from mispredict.core.options import names as names_of
from mispredict.core.options import whole
from mispredict.core.schema import Role

if TYPE_CHECKING:
    import pyarrow as pa

    from mispredict.core.task import Scalar
    from mispredict.data.labels.results import Consensus
    from mispredict.data.labels.votes import Votes
    from mispredict.workspace.dataset import Dataset

LONG = ("row", "annotator", "label")  # columns of a long table; the id may stand for the row


def consensus_of(
    of: Dataset,
    *,
    annotators: Sequence[str] | None,
    votes: Mapping[Scalar, str] | None,
    table: Any,
    method: str,
    limit: int | None,
    seed: int,
    cancel: Callable[[], bool] | None,
) -> Consensus:
    """One label per row out of several people's; nothing of the dataset is changed."""
    from mispredict.data.labels.consensus import consensus

    limit = None if limit is None else whole("limit", limit, 0)
    said = _votes(of, annotators, votes, table)
    ids = of.column(of.id) if of.id else None
    return consensus(
        said,
        method=method,
        given=_given(of, said.classes),
        id_of=(lambda row: row) if ids is None else (lambda row: ids[row].as_py()),
        limit=limit,
        dataset=of.ref,
        seed=whole("seed", seed, 0),
        cancel=cancel,
    )


def _votes(
    of: Dataset,
    annotators: Sequence[str] | None,
    votes: Mapping[Scalar, str] | None,
    table: Any,
) -> Votes:
    if sum(item is not None for item in (annotators, votes, table)) > 1:
        raise BadOption(
            "give one of annotators=, votes= and table=.",
            known="They are different forms of the same.",
            hint="annotators=['anna', 'bob']",
        )
    if votes is not None:
        return _of_counts(of, votes)
    if table is not None:
        return _of_table(of, table)
    if annotators is None:
        annotators = [column.name for column in of.schema.of_role(Role.ANNOTATION)]
    names = names_of("annotators", annotators, hint="annotators=['anna', 'bob']")
    if len(names) < 2:
        raise BadOption(
            f"there {'is one annotator' if names else 'are no annotators'} of {of.ref!r}.",
            known="A consensus needs two; annotations are columns with one person's labels each.",
            hint="annotators=['anna', 'bob'], or table= a table of row, annotator, label",
        )
    return _of_columns(of, names)


def _of_columns(of: Dataset, names: Sequence[str]) -> Votes:
    from mispredict.data.labels.votes import of_columns

    columns = [_texts(of.column(name)) for name in names]
    classes = _classes(of, columns)
    return of_columns([_codes(column, classes) for column in columns], names, classes)


def _of_counts(of: Dataset, votes: Mapping[Scalar, str]) -> Votes:
    """Votes that are only counted: nobody knows whose they are."""
    from mispredict.data.labels.votes import Votes

    columns = [_whole_numbers(of, name) for name in votes.values()]
    counts = np.stack(columns, axis=1)
    row, said = np.nonzero(counts)
    many = counts[row, said]
    classes = tuple(votes)
    rows, codes = np.repeat(row, many), np.repeat(said, many)
    return Votes(rows, np.zeros(len(rows), np.int64), codes, of.n, ("",), classes).checked()


def _of_table(of: Dataset, source: Any) -> Votes:
    """Votes of a table with a line for each: row (or the id), annotator, label."""
    import pyarrow as pa
    import pyarrow.compute as pc

    from mispredict.data.labels.votes import Votes
    from mispredict.sources.read import read

    table = read(source)
    key = of.id if of.id is not None and of.id in table.column_names else LONG[0]
    for name in (key, *LONG[1:]):
        if name not in table.column_names:
            raise UnknownColumn.among(name, table.column_names, where="the table of votes")
    said = _texts(table["label"])
    classes = _classes(of, [said])
    if key == of.id:
        ids = of.column(key).combine_chunks()
        rows = pc.index_in(table[key].cast(ids.type), value_set=ids)
    else:
        rows = table[key].cast(pa.int64())
    who = table["annotator"].cast(pa.string()).combine_chunks().dictionary_encode()
    codes = _codes(said, classes)
    numbers = np.asarray(pc.fill_null(rows, -1), dtype=np.int64)
    known = (numbers >= 0) & (numbers < of.n) & (codes >= 0) & np.asarray(who.is_valid())
    people = tuple(who.dictionary.to_pylist())
    places = np.asarray(pc.fill_null(who.indices, 0), dtype=np.int64)
    return Votes(
        numbers[known], places[known], codes[known], of.n, people, classes, int((~known).sum())
    ).checked()


def _classes(of: Dataset, columns: Sequence[pa.ChunkedArray]) -> tuple[Any, ...]:
    """The task's classes, then what else people said."""
    import pyarrow as pa
    import pyarrow.compute as pc

    own = of.task.classes if of.task is not None and of.task.is_classification else ()
    known = {str(name).lower() if isinstance(name, bool) else str(name) for name in own}
    chunks = [chunk for column in columns for chunk in column.chunks]
    words = pc.unique(pa.chunked_array(chunks, pa.string())).drop_null().to_pylist()
    return (*own, *sorted(word for word in words if word not in known))


def _texts(column: pa.ChunkedArray) -> pa.ChunkedArray:
    import pyarrow as pa

    return column.cast(pa.string())


def _codes(column: pa.ChunkedArray, classes: Sequence[Any]) -> npt.NDArray[np.int64]:
    import pyarrow as pa
    import pyarrow.compute as pc

    words = [str(name).lower() if isinstance(name, bool) else str(name) for name in classes]
    places = pc.index_in(column, value_set=pa.array(words, pa.string()))
    return np.asarray(pc.fill_null(places, -1), dtype=np.int64)


def _given(of: Dataset, classes: Sequence[Any]) -> npt.NDArray[np.int64] | None:
    if of.label is None or of.task is None or not of.task.is_classification:
        return None
    return _codes(_texts(of.column(of.label)), classes)


def _whole_numbers(of: Dataset, name: str) -> npt.NDArray[np.int64]:
    """Counts of votes, 0 where there is none."""
    values = np.where(np.isnan(found := _numbers(of, name)), 0.0, found)
    wrong = np.flatnonzero((values < 0) | (values != np.floor(values)) | np.isinf(values))
    if len(wrong):
        raise BadOption(
            f"column {name!r} holds no counts of votes.",
            known=f"Row {wrong[0]:,} has {values[wrong[0]]:g}; a count is a whole number from 0.",
            hint="votes={'a class': 'a column of counts'}",
        )
    return values.astype(np.int64)


def _numbers(of: Dataset, name: str) -> npt.NDArray[np.float64]:
    import pyarrow as pa

    try:
        values = of.column(name).cast(pa.float64())
    except pa.ArrowException as error:
        raise BadOption(
            f"column {name!r} holds no counts of votes.",
            known=f"It is {of.schema[name].type}.",
            hint="votes={'a class': 'a column of numbers'}",
        ) from error
    return np.asarray(values.to_numpy(), np.float64)
