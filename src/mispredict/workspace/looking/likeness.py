"""How alike texts or vectors are, for finding the neighbours of a row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from mispredict.core.schema import ColumnType

if TYPE_CHECKING:
    import pyarrow as pa

    from mispredict.workspace.view import View

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]

MOST_TEXTS = 100_000  # evenly spaced ones of more rows
MOST_NUMBERS = 16_000_000  # of all vectors


class Likeness(Protocol):
    """Distances from one row to others, from 0 to 1; `words` say by what."""

    words: str

    def distances(self, row: int) -> tuple[Rows | None, Floats]:
        """The rows that are looked at (None for all), and how far each of them is."""


def likeness_of(of: View) -> Likeness | None:
    """What compares the evaluation's vectors, or else its texts; None without such a column."""
    if "_likeness" not in of.__dict__:
        of.__dict__["_likeness"] = _made(of)
    found: Likeness | None = of.__dict__["_likeness"]
    return found


def _made(of: View) -> Likeness | None:
    """By the inputs; by metadata only where no input can be compared."""
    from mispredict.engine.encode import ENCODED_TYPES

    kinds, inputs = of.fields.columns, of.dataset.inputs
    names = inputs if any(kinds[name] in ENCODED_TYPES for name in inputs) else of.dataset.searched
    for kind, make in ((ColumnType.VECTOR, _Vectors), (ColumnType.TEXT, _Texts)):
        found = next((name for name in (*inputs, *names) if kinds[name] is kind), None)
        if found is not None:
            return make(of, found)
    return None


def _spaced(n: int, most: int) -> Rows | None:
    """Evenly spaced rows where there are more than `most`, else None for all."""
    return None if n <= most else np.linspace(0, n - 1, most).astype(np.int64)


class _Texts:
    """Texts by the cosine of their words, rare words counting most (TF-IDF, binary)."""

    def __init__(self, of: View, name: str) -> None:
        from mispredict.cohorts.tokens import index_tokens

        self._of, self._name = of, name
        self._rows = _spaced(of.n, MOST_TEXTS)
        some = np.arange(of.n) if self._rows is None else self._rows
        self._index = index_tokens(_chunked(of.table.take(name, some, True)), min_rows=1)
        counts = np.diff(self._index.starts)
        self._weight = np.log((1 + self._index.n) / (1 + counts)) + 1.0
        owners = np.repeat(self._weight**2, counts)
        lengths = np.bincount(self._index.rows, weights=owners, minlength=self._index.n)
        self._lengths = np.sqrt(lengths)
        self._places = {word: place for place, word in enumerate(self._index.vocabulary)}
        among = "" if self._rows is None else f" among {len(some):,} evenly spaced rows"
        self.words = f"words of {name}{among}"

    def distances(self, row: int) -> tuple[Rows | None, Floats]:
        from mispredict.cohorts.tokens import index_tokens

        text = _chunked(self._of.table.take(self._name, np.array([row]), True))
        own = index_tokens(text, min_rows=1).vocabulary
        shared = np.zeros(self._index.n)
        for word in own:
            place = self._places.get(word)
            if place is not None:
                part = slice(self._index.starts[place], self._index.starts[place + 1])
                shared[self._index.rows[part]] += self._weight[place] ** 2
        known = [self._weight[self._places[word]] for word in own if word in self._places]
        unknown = len(own) - len(known)
        rarest = np.log(1 + self._index.n) + 1.0
        length = np.sqrt(np.sum(np.square(known)) + unknown * rarest**2)
        with np.errstate(all="ignore"):
            cosine = np.where(shared > 0, shared / (self._lengths * length), 0.0)
        if not own:  # two texts without words are alike
            cosine = np.where(self._lengths == 0, 1.0, 0.0)
        return self._rows, np.clip(1.0 - cosine, 0.0, 1.0).astype(np.float32)


class _Vectors:
    """Vectors by half of 1 minus the cosine of their angle; a missing one is 1 away."""

    def __init__(self, of: View, name: str) -> None:
        first = of.table.take(name, np.arange(min(of.n, 1)), True)
        width = max(len(first[0].as_py() or ()) if len(first) else 0, 1)
        self._of, self._name = of, name
        self._rows = _spaced(of.n, max(MOST_NUMBERS // width, 1))
        some = np.arange(of.n) if self._rows is None else self._rows
        self._matrix = _unit(of.table.take(name, some, True), width)
        self._width = width
        among = "" if self._rows is None else f" among {len(some):,} evenly spaced rows"
        self.words = f"the angle between vectors of {name}{among}"

    def distances(self, row: int) -> tuple[Rows | None, Floats]:
        own = _unit(self._of.table.take(self._name, np.array([row]), True), self._width)[0]
        cosine = self._matrix @ own
        is_missing = np.isnan(cosine)
        return self._rows, np.where(is_missing, 1.0, (1.0 - cosine) / 2).astype(np.float32)


def _unit(lists: pa.Array, width: int) -> Floats:
    """Vectors of length 1, `(rows, width)`; NaN for missing ones, and ones of another width."""
    import pyarrow.compute as pc

    out = np.full((len(lists), width), np.nan, np.float32)
    sizes = np.asarray(pc.fill_null(pc.list_value_length(lists), -1))
    good = np.flatnonzero(sizes == width)
    if len(good):
        import pyarrow as pa

        flat = pc.list_flatten(lists.take(pa.array(good)))
        out[good] = np.asarray(flat, np.float32).reshape(len(good), width)
    with np.errstate(all="ignore"):
        out /= np.linalg.norm(out, axis=1, keepdims=True)
    return out


def _chunked(array: pa.Array) -> pa.ChunkedArray:
    import pyarrow as pa

    return pa.chunked_array([array])
