"""The consensus of annotators of a dataset: columns, counts of votes, or a long table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from mispredict.core.errors import BadLabel, BadOption, UnknownColumn
from mispredict.core.options import choice, shown, whole
from mispredict.core.options import names as names_of
from mispredict.core.predicate.text import name_text
from mispredict.core.schema import ColumnType, Role

if TYPE_CHECKING:
    import pyarrow as pa

    from mispredict.core.task import Scalar
    from mispredict.data.labels.results import Consensus
    from mispredict.data.labels.votes import Votes
    from mispredict.workspace.dataset import Dataset

MOST_PAIRED = 12  # columns whose pairs a cohort names
MOST_VOTES = 100_000_000  # that are counted: more are a mistaken column, and fill the memory
UNKNOWN = ("error", "leave_out", "class")
LONG = ("row", "annotator", "label")  # columns of a long table; the id may stand for the row


def consensus_of(
    of: Dataset,
    *,
    annotators: Sequence[str] | None,
    votes: Mapping[Scalar, str] | None,
    table: Any,
    unknown: str,
    method: str,
    limit: int | None,
    seed: int,
    cancel: Callable[[], bool] | None,
) -> Consensus:
    """One label per row out of several people's; nothing of the dataset is changed."""
    from mispredict.data.labels.consensus import consensus

    limit = None if limit is None else whole("limit", limit, 0)
    if annotators is None and table is None:
        annotators, votes = voting(of) if votes is None else (None, votes)
    choice("unknown", unknown, UNKNOWN)
    said = _votes(of, annotators, votes, table, unknown)
    ids = of.column(of.id) if of.id else None
    found = consensus(
        said,
        method=method,
        given=_given(of, said.classes),
        id_of=(lambda row: row) if ids is None else (lambda row: ids[row].as_py()),
        limit=limit,
        dataset=of.ref,
        seed=whole("seed", seed, 0),
        cancel=cancel,
    )
    return replace(found, where=_disagreed(of, annotators or (), votes or {}))


def voting(of: Dataset) -> tuple[tuple[str, ...] | None, dict[Scalar, str] | None]:
    """The columns of what people said: one each, or counts of votes for each class.

    Those that were added as annotations; else columns such as `votes_yes` and `votes_no`, if
    there is one for each class.
    """
    people = tuple(column.name for column in of.schema.of_role(Role.ANNOTATION))
    if len(people) > 1 or of.task is None or not of.task.is_classification:
        return people or None, None
    counts = {name: _count_of(of, name) for name in of.task.classes}
    named = {name: column for name, column in counts.items() if column is not None}
    if len(named) < max(len(counts), 2):
        return people or None, None
    return None, named


def _count_of(of: Dataset, name: Scalar) -> str | None:
    """The numeric column of how many people chose a class."""
    word = str(name).lower()
    meant = (f"votes_{word}", f"{word}_votes", f"n_{word}")
    return next(
        (
            column.name
            for column in of.schema
            if column.name.lower() in meant and column.type is ColumnType.NUMERIC
        ),
        None,
    )


def _disagreed(of: Dataset, people: Sequence[str], votes: Mapping[Scalar, str]) -> str:
    """The cohort of the rows on which two people said different things."""
    columns = [*people, *votes.values()]
    types = {of.schema[name].type for name in columns if name in of.schema}
    if not 2 <= len(columns) <= MOST_PAIRED or len(types) != 1:
        return ""
    pairs = combinations(map(name_text, columns), 2)
    if votes:
        return " OR ".join(f"({one} > 0 AND {other} > 0)" for one, other in pairs)
    return " OR ".join(f"{one} <> {other}" for one, other in pairs)


def _votes(
    of: Dataset,
    annotators: Sequence[str] | None,
    votes: Mapping[Scalar, str] | None,
    table: Any,
    unknown: str,
) -> Votes:
    if sum(item is not None for item in (annotators, votes, table)) > 1:
        raise BadOption(
            "give one of annotators=, votes= and table=.",
            known="They are different forms of the same.",
            hint="annotators=['anna', 'bob']",
        )
    if votes is not None:
        return _of_counts(of, _counted(votes), unknown)
    if table is not None:
        return _of_table(of, table, unknown)
    if annotators is None:
        annotators = [column.name for column in of.schema.of_role(Role.ANNOTATION)]
    given = names_of("annotators", annotators, hint="annotators=['anna', 'bob']")
    names = tuple(dict.fromkeys(given))  # a person named twice has one vote
    if len(names) < 2:
        raise BadOption(
            f"there {'is one annotator' if names else 'are no annotators'} of {of.ref!r}.",
            known="A consensus needs two; annotations are columns with one person's labels each.",
            hint="annotators=['anna', 'bob'], or table= a table of row, annotator, label",
        )
    return _of_columns(of, names, unknown)


def _counted(votes: Any) -> Mapping[Scalar, str]:
    """Classes and their columns of counts, which must be so."""
    is_fine = isinstance(votes, Mapping) and votes
    if not is_fine or not all(isinstance(name, str) for name in votes.values()):
        raise BadOption(
            f"votes={shown(votes)} cannot be used.",
            known="It names a column of counts for each class.",
            hint="votes={'a class': 'a column of counts'}",
        )
    found: Mapping[Scalar, str] = votes
    return found


def _of_columns(of: Dataset, names: Sequence[str], unknown: str) -> Votes:
    from mispredict.data.labels.votes import of_columns

    columns = [_texts(of.column(name)) for name in names]
    classes = _classes(of, columns, unknown)
    codes = [_codes(column, classes) for column in columns]
    given = sum(len(column) - column.null_count for column in columns)
    found = of_columns(codes, names, classes)
    return replace(found, left_out=given - len(found))


def _of_counts(of: Dataset, votes: Mapping[Scalar, str], unknown: str) -> Votes:
    """Votes that are only counted: nobody knows whose they are."""
    from mispredict.data.labels.votes import Votes

    columns = [_whole_numbers(of, name) for name in votes.values()]
    counts = np.stack(columns, axis=1)
    strange = {str(name): int(column.sum()) for name, column in zip(votes, columns, strict=True)
               if _is_strange(of, name)}  # fmt: skip
    if unknown == "error" and strange:
        raise _no_class(of, strange)
    is_kept = np.array([unknown == "class" or str(name) not in strange for name in votes])
    row, said = np.nonzero(counts * is_kept)
    many = counts[row, said]
    if int(many.sum()) > MOST_VOTES:
        raise BadOption(
            f"{', '.join(map(repr, votes.values()))} count more than {MOST_VOTES:,} votes.",
            known=f"The largest count of a row is {int(many.max()):,}.",
            hint="votes={'a class': 'a column of counts'}, with how many people said so",
        )
    rows, codes = np.repeat(row, many), np.repeat(said, many)
    left_out = int(counts[:, ~is_kept].sum())
    people = np.zeros(len(rows), np.int64)
    return Votes(rows, people, codes, of.n, ("",), tuple(votes), left_out).checked()


def _of_table(of: Dataset, source: Any, unknown: str) -> Votes:
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
    classes = _classes(of, [said], unknown)
    if key == of.id:
        ids = of.column(key).combine_chunks()
        rows = pc.index_in(table[key].cast(ids.type), value_set=ids)
    else:
        rows = _row_numbers(table[key])
    who = table["annotator"].cast(pa.string()).combine_chunks().dictionary_encode()
    codes = _codes(said, classes)
    numbers = np.asarray(pc.fill_null(rows, -1), dtype=np.int64)
    known = (numbers >= 0) & (numbers < of.n) & (codes >= 0) & np.asarray(who.is_valid())
    people = tuple(who.dictionary.to_pylist())
    places = np.asarray(pc.fill_null(who.indices, 0), dtype=np.int64)
    return Votes(
        numbers[known], places[known], codes[known], of.n, people, classes, int((~known).sum())
    ).checked()


def _row_numbers(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """The numbers of rows of a table of votes."""
    import pyarrow as pa

    try:
        return column.cast(pa.int64())
    except pa.ArrowException as error:
        raise BadOption(
            f"column {LONG[0]!r} of the table of votes holds no numbers of rows.",
            known=f"It is {column.type}, and rows are whole numbers from 0.",
            hint="the number of the row, or the dataset's id in place of it",
        ) from error


def _classes(of: Dataset, columns: Sequence[pa.ChunkedArray], unknown: str) -> tuple[Any, ...]:
    """The task's classes, and what else people said if that may be a class.

    Raises:
        BadLabel: it is no class, and `unknown` is not told to leave it out.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    own = of.task.classes if of.task is not None and of.task.is_classification else ()
    chunks = [chunk for column in columns for chunk in column.chunks]
    counts = pc.value_counts(pa.chunked_array(chunks, pa.string()).drop_null()).to_pylist()
    strange = {item["values"]: item["counts"] for item in counts if _is_strange(of, item["values"])}
    if not own or unknown == "class":
        return (*own, *sorted(strange))
    if strange and unknown == "error":
        raise _no_class(of, strange)
    return own


def _is_strange(of: Dataset, name: Scalar) -> bool:
    """Whether it is none of the task's classes, where these are known or not."""
    own = of.task.classes if of.task is not None and of.task.is_classification else ()
    return _word(name) not in {_word(item) for item in own}


def _word(name: Scalar) -> str:
    return str(name).lower() if isinstance(name, bool) else str(name)


def _no_class(of: Dataset, strange: Mapping[str, int]) -> BadLabel:
    assert of.task is not None  # it has classes
    most = sorted(strange.items(), key=lambda item: (-item[1], item[0]))
    said = ", ".join(f"{word!r:.40} ({n:,})" for word, n in most[:5])
    more = f" and {len(most) - 5:,} more" if len(most) > 5 else ""
    return BadLabel(
        f"people said {most[0][0]!r:.60}, which is no class of {of.ref!r}.",
        known=f"Votes of no class: {said}{more}. "
        f"Classes: {', '.join(map(str, of.task.classes[:8]))}.",
        hint="unknown='leave_out' where it is no answer, unknown='class' where it may be right",
    )


def _texts(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """What was said as words: whole numbers without a point, which missing ones bring along."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_floating(column.type):
        known = pc.is_finite(column)
        column = pc.if_else(known, column, pa.scalar(None, column.type))
        if pc.all(pc.equal(pc.floor(column), column)).as_py() is not False:
            column = column.cast(pa.int64())
    try:
        return column.cast(pa.string())
    except pa.ArrowException as error:
        raise BadOption(
            f"a column of {column.type} holds no labels that people gave.",
            known="A label is a word or a number, one in each row.",
            hint="columns of labels: annotators=['anna', 'bob']",
        ) from error


def _codes(column: pa.ChunkedArray, classes: Sequence[Any]) -> npt.NDArray[np.int64]:
    import pyarrow as pa
    import pyarrow.compute as pc

    words = pa.array([_word(name) for name in classes], pa.string())
    places = pc.index_in(column, value_set=words)
    return np.asarray(pc.fill_null(places, -1), dtype=np.int64)


def _given(of: Dataset, classes: Sequence[Any]) -> npt.NDArray[np.int64] | None:
    if of.label is None or of.task is None or not of.task.is_classification:
        return None
    return _codes(_texts(of.column(of.label)), classes)


def _whole_numbers(of: Dataset, name: str) -> npt.NDArray[np.int64]:
    """Counts of votes, 0 where there is none."""
    values = np.where(np.isnan(found := _numbers(of, name)), 0.0, found)
    wrong = np.flatnonzero((values < 0) | (values != np.floor(values)) | (values > MOST_VOTES))
    if len(wrong):
        raise BadOption(
            f"column {name!r} holds no counts of votes.",
            known=f"Row {wrong[0]:,} has {values[wrong[0]]:g}; a count is a whole number from 0 "
            f"to {MOST_VOTES:,}.",
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
