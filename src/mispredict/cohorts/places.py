"""Where on a map each row of a table is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from mispredict.cohorts.embedding import Embed, Learned, learn_embedding, reduced
from mispredict.cohorts.layout import lay_out, trustworthiness
from mispredict.cohorts.tabular import read_columns
from mispredict.core.errors import BadOption, Cancelled
from mispredict.core.schema import ColumnType
from mispredict.core.words import counted

if TYPE_CHECKING:
    from mispredict.engine.table import Table

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.intp]
Progress = Callable[[int, int], None]
Cancel = Callable[[], bool]

FITTED = 20_000  # rows that a map is laid out by; the others are placed among them
MOST_CALLED = 40_000  # rows that are given to an embedding function, which may take long
FEWEST = 3
WIDTH = 100.0  # of the map, along its longer side
JUDGED = 2_000  # rows that the map's trustworthiness is measured on: all are compared with all
_AT_ONCE, _READ, _CALLED = 50_000, 5_000, 512  # rows that are placed, read, embedded at once


@dataclass(frozen=True, slots=True)
class Facts:
    """What a map was made from and how; kept beside the places.

    `space` is where rows are near or far: `vectors` of the dataset, a `text` column's words, a
    `function` or an `array` that was given, the input `columns`; a `given` array of two columns
    is the map itself. `trustworthiness` is 1 where all neighbours on the map are neighbours
    there, measured on `judged` rows; `fitted` rows were laid out, others placed among them.
    """

    method: str
    space: str
    column: str
    columns: tuple[str, ...]
    n: int
    fitted: int
    trustworthiness: float
    judged: int
    seed: int


@dataclass(frozen=True)
class Places:
    """The place of each row of a table, NaN where it has none."""

    x: Floats = field(repr=False)
    y: Floats = field(repr=False)
    facts: Facts


@dataclass(frozen=True)
class _Space:
    """Where rows are near or far: its name, columns and rows, and what gives their points."""

    name: str
    column: str
    columns: tuple[str, ...]
    rows: Rows
    learn: Callable[[Rows], tuple[Floats, Learned]]


class _Watch:
    """Tells how far the work is, in percent, and stops it when the caller asks to."""

    def __init__(self, progress: Progress | None, cancel: Cancel | None) -> None:
        self._progress, self._cancel = progress, cancel

    def __call__(self, percent: float) -> None:
        self.heed()
        if self._progress is not None:
            self._progress(round(percent), 100)

    def heed(self) -> None:
        """Stop if the caller asks to."""
        if self._cancel is not None and self._cancel():
            raise Cancelled("the map was stopped.", hint="ev.map() begins anew")


def find_places(
    table: Table,
    *,
    column: str | None = None,
    columns: Sequence[str] = (),
    embedding: Embed | npt.NDArray[Any] | None = None,
    seed: int = 0,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> Places:
    """The place of each row on a map.

    Args:
        column: texts or vectors that rows are compared by; None for `columns`.
        columns: columns of a table that rows are compared by where there is no such column.
        embedding: see `mispredict.cohorts.embedding.embed`.

    Raises:
        BadOption: there is nothing to compare rows by, or too few rows have it.
        Cancelled: `cancel` answered true.
    """
    watch = _Watch(progress, cancel)
    watch(0)
    own = None if callable(embedding) else _pairs(embedding)
    if own is not None:
        return _given(table, own)
    if callable(embedding):
        embedding = _in_parts(embedding, watch)
    space = _space(table, column, columns, embedding, seed)
    if len(space.rows) < FEWEST:
        raise BadOption(
            f"{counted(len(space.rows), 'row is', 'rows are')} too few for a map.",
            known=f"It needs {FEWEST} rows with a value.",
            hint="ev.map(column='another column')",
        )
    return _laid_out(table.n, space, seed, watch)


def given_places(coordinates: npt.NDArray[Any]) -> Places:
    """A map that was made elsewhere: (n, 2), as they are; no place where one is not finite."""
    places = coordinates.astype(np.float64)
    places[~np.isfinite(places).all(axis=1)] = np.nan
    n = int(np.isfinite(places[:, 0]).sum())
    facts = Facts("given", "given", "", (), n, 0, float("nan"), 0, 0)
    return Places(places[:, 0], places[:, 1], facts)


def _laid_out(n: int, space: _Space, seed: int, watch: _Watch) -> Places:
    fitted = _sample(space.rows, FITTED, seed)
    points, read = space.learn(fitted)
    watch(20)
    layout = lay_out(points, seed=seed, watch=lambda share: watch(20 + 40 * share))
    places = np.full((n, 2), np.nan)
    places[fitted] = layout.places
    others = np.setdiff1d(space.rows, fitted, assume_unique=True)
    judge = _Judge(n, _sample(space.rows, JUDGED, seed + 1))
    judge.see(fitted, points)
    for start in range(0, len(others), _AT_ONCE):
        watch(60 + 38 * start / len(others))
        rows = others[start : start + _AT_ONCE]
        found = _read(rows, read, watch)
        places[rows] = layout.place(found)
        judge.see(rows, found)
    facts = Facts(
        layout.method,
        space.name,
        space.column,
        space.columns,
        n=len(space.rows),
        fitted=len(fitted),
        trustworthiness=judge.trustworthiness(places),
        judged=len(judge.rows),
        seed=seed,
    )
    watch(100)
    scaled = _scaled(places)
    return Places(scaled[:, 0], scaled[:, 1], facts)


def _read(rows: Rows, read: Learned, watch: _Watch) -> Floats:
    """The rows' points, few at a time: vectors are wide before they are reduced."""
    parts = []
    for start in range(0, len(rows), _READ):
        watch.heed()
        parts.append(read(rows[start : start + _READ]))
    return np.concatenate(parts)


class _Judge:
    """Keeps the points of some rows until their places are known."""

    def __init__(self, n: int, rows: Rows) -> None:
        self.rows = rows
        self._order = np.full(n, -1)
        self._order[rows] = np.arange(len(rows))
        self._points: Floats | None = None

    def see(self, rows: Rows, points: Floats) -> None:
        order = self._order[rows]
        if self._points is None:
            self._points = np.zeros((len(self.rows), points.shape[1]))
        self._points[order[order >= 0]] = points[order >= 0]

    def trustworthiness(self, places: Floats) -> float:
        assert self._points is not None  # the rows that were fitted were seen
        return trustworthiness(self._points, places[self.rows])


def _space(
    table: Table,
    column: str | None,
    columns: Sequence[str],
    embedding: Embed | npt.NDArray[Any] | None,
    seed: int,
) -> _Space:
    def learn(rows: Rows) -> tuple[Floats, Learned]:
        return learn_embedding(table, column, rows, embedding=embedding, seed=seed)

    if embedding is not None and not callable(embedding):
        return _Space("array", column or "", (), np.arange(table.n), learn)
    if column is not None:
        rows = np.flatnonzero(~np.asarray(table.column(column, True).is_null(), dtype=bool))
        is_text = table.fields.columns[column] is ColumnType.TEXT
        if embedding is not None and is_text:
            return _Space("function", column, (), _sample(rows, MOST_CALLED, seed), learn)
        if embedding is not None:
            raise _needs_texts()
        return _Space("text" if is_text else "vectors", column, (), rows, learn)
    if embedding is not None:
        raise _needs_texts()
    found = read_columns(table, columns)
    if found is None:
        raise BadOption(
            "there is nothing to make a map from.",
            known="No column has texts, vectors, numbers or categories that differ.",
            hint="ev.map(embedding=an array with a vector per row)",
        )
    used, read = found

    def learn_columns(rows: Rows) -> tuple[Floats, Learned]:
        points, turn = reduced(read(rows), seed)
        return points, lambda more: turn(read(more))

    return _Space("columns", "", used, np.arange(table.n), learn_columns)


def _in_parts(embedding: Embed, watch: _Watch) -> Embed:
    """The function, called with few texts at a time, so that it can be stopped."""

    def embed(texts: Sequence[str]) -> Any:
        parts = []
        for start in range(0, len(texts), _CALLED):
            watch.heed()
            parts.append(np.asarray(embedding(texts[start : start + _CALLED])))
        if len({part.shape[1:] for part in parts}) > 1:
            raise BadOption(
                "the embedding function gives vectors of different lengths.",
                known=f"It is called with {_CALLED} texts at a time.",
                hint="a function that is learnt already, or an array with a vector per row",
            )
        return np.concatenate(parts)

    return embed


def _needs_texts() -> BadOption:
    return BadOption(
        "an embedding function needs texts.",
        known="There is no text column, or another one was asked for.",
        hint="ev.map(embedding=an array with a vector per row)",
    )


def _pairs(embedding: Any) -> npt.NDArray[Any] | None:
    """The array of two columns that was given, if it is one."""
    try:
        array = np.asarray(embedding)
    except ValueError:  # lists of several lengths, which are refused later
        return None
    return array if array.ndim == 2 and array.shape[1] == 2 else None


def _given(table: Table, array: npt.NDArray[Any]) -> Places:
    if len(array) != table.n or array.dtype.kind not in "fiu":
        raise BadOption(
            f"a map of shape {array.shape} does not fit {counted(table.n, 'row')}.",
            known="It has two numbers per row.",
            hint="an array of shape (rows, 2)",
        )
    return given_places(array)


def _sample(rows: Rows, most: int, seed: int) -> Rows:
    """At most `most` of the rows, drawn at random, in order."""
    if len(rows) <= most:
        return rows
    return np.sort(np.random.default_rng(seed).choice(rows, most, replace=False))


def _scaled(places: Floats) -> Floats:
    """The places moved and scaled so that the longer side goes from 0 to 100."""
    low, high = np.nanmin(places, axis=0), np.nanmax(places, axis=0)
    scale = WIDTH / max(float((high - low).max()), 1e-12)
    scaled: Floats = ((places - low) * scale).astype(np.float32).astype(np.float64)
    return scaled
