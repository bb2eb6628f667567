"""Rows as points, near to one another where they are alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from mispredict.core.errors import BadOption
from mispredict.core.schema import ColumnType
from mispredict.core.words import counted

if TYPE_CHECKING:
    from mispredict.engine.table import Table

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.intp]
Embed = Callable[[Sequence[str]], Any]
Learned = Callable[[Rows], Floats]  # from numbers of rows to their points

DIMENSIONS = 48
_FEWEST_TEXTS = 3  # that a word must be in
_MOST_WORDS = 20_000
_AT_ONCE = 50_000  # rows that are looked at for numbers that are not finite
_TOKEN = r"(?u)[\w']+"


def embed(
    table: Table,
    column: str | None,
    rows: Rows,
    *,
    embedding: Embed | npt.NDArray[Any] | None = None,
    seed: int = 0,
) -> Floats:
    """Points of at most 48 dimensions for the rows, as spread out as the data allows.

    Args:
        column: a column of texts or vectors, without missing values in these rows.
        embedding: a function from texts to a vector each, or a vector for each row of the table;
            by default a vector column is taken as it is, and texts become latent semantics
            (TF-IDF of words, singular value decomposition).

    Raises:
        BadOption: a wrong type of column, or vectors of a wrong shape.
    """
    return learn_embedding(table, column, rows, embedding=embedding, seed=seed)[0]


def learn_embedding(
    table: Table,
    column: str | None,
    rows: Rows,
    *,
    embedding: Embed | npt.NDArray[Any] | None = None,
    seed: int = 0,
) -> tuple[Floats, Learned]:
    """The rows' points as `embed` gives them, and what places further rows among them."""
    if embedding is not None and not callable(embedding):
        vectors = _checked(embedding, table.n)
        return _after(reduced(_doubles(vectors[rows]), seed), lambda more: vectors[more])
    if column is None:
        raise BadOption("there is nothing to cluster.", hint="column='a text or vector column'")
    kind = table.fields.columns[column]
    if kind is ColumnType.VECTOR:
        found = _vectors(table, column, rows)
        return _after(reduced(found, seed), lambda more: _vectors(table, column, more))
    if kind is not ColumnType.TEXT:
        raise BadOption(
            f"column {column!r} has no texts or vectors to cluster.",
            known=f"Its type is {kind.value}.",
            hint="a text column, a vector column, or embedding=an array with a vector per row",
        )
    texts = _texts(table, column, rows)
    if embedding is None:
        return _after(_latent(texts, seed), lambda more: _texts(table, column, more))
    found = _doubles(_checked(embedding(texts), len(texts)))
    return _after(
        reduced(found, seed),
        lambda more: _checked(embedding(_texts(table, column, more)), len(more)),
    )


def reduced(vectors: Floats, seed: int) -> tuple[Floats, Callable[[Floats], Floats]]:
    """The vectors along their main directions (principal components), and what turns others."""
    from sklearn.decomposition import PCA

    width = vectors.shape[1]
    size = min(DIMENSIONS, *vectors.shape)
    if width <= DIMENSIONS or size < 2:
        mean = vectors.mean(axis=0)
        return vectors - mean, lambda more: _as_wide(more, width) - mean
    pca = PCA(size, random_state=seed, svd_solver="randomized")
    with np.errstate(invalid="ignore", divide="ignore"):  # shares of the variance, which may be 0
        points: Floats = pca.fit_transform(vectors)
    return points, lambda more: pca.transform(_as_wide(more, width))


def _after(
    learned: tuple[Floats, Callable[[Any], Floats]], read: Callable[[Rows], Any]
) -> tuple[Floats, Learned]:
    """The points, and how rows that are read come to theirs."""
    points, place = learned
    return points, lambda more: place(read(more))


def _latent(texts: list[str], seed: int) -> tuple[Floats, Callable[[list[str]], Floats]]:
    """Latent semantics of the texts (Deerwester et al. 1990), each of length one."""
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.preprocessing import normalize

    words = TfidfVectorizer(
        token_pattern=_TOKEN,
        min_df=min(_FEWEST_TEXTS, max(1, len(texts) // 50)),
        max_features=_MOST_WORDS,
        sublinear_tf=True,
    )
    try:
        matrix = words.fit_transform(texts)
    except ValueError as fault:
        raise BadOption(
            "the texts have too few words in common.",
            known=f"There are {counted(len(texts), 'text')}.",
            hint="embedding=a function from texts to vectors",
        ) from fault
    size = min(DIMENSIONS, matrix.shape[1] - 1, len(texts) - 1)
    if size < 2:
        return _dense(matrix), lambda more: _dense(words.transform(more))
    svd = TruncatedSVD(size, random_state=seed)
    with np.errstate(invalid="ignore", divide="ignore"):  # shares of the variance, which may be 0
        points: Floats = normalize(svd.fit_transform(matrix)).astype(np.float64)
    return points, lambda more: normalize(svd.transform(words.transform(more)))


def _dense(matrix: Any) -> Floats:
    return np.asarray(matrix.todense(), dtype=np.float64)


def _texts(table: Table, column: str, rows: Rows) -> list[str]:
    import pyarrow as pa

    texts: list[str] = table.column(column, True).take(pa.array(rows)).to_pylist()
    return texts


def _vectors(table: Table, column: str, rows: Rows) -> Floats:
    import pyarrow as pa

    lists = table.column(column, True).take(pa.array(rows)).combine_chunks()
    flat = np.asarray(lists.flatten(), dtype=np.float64)
    if len(rows) == 0 or len(flat) % len(rows):
        raise BadOption(f"the vectors of column {column!r} differ in length.")
    return _checked(flat.reshape(len(rows), -1), len(rows))


def _checked(vectors: Any, n: int) -> npt.NDArray[Any]:
    try:
        array = np.asarray(vectors)
        array = array if array.dtype.kind == "f" else array.astype(np.float64)
    except (TypeError, ValueError):
        array = np.empty((0, 0))  # texts, or rows of different lengths
    if array.ndim != 2 or len(array) != n or not array.shape[1] or not _is_finite(array):
        raise BadOption(
            f"an embedding of shape {array.shape} does not fit {counted(n, 'row')}.",
            known="It must have one vector of finite numbers per row.",
            hint="an array of shape (rows, dimensions)",
        )
    return array


def _as_wide(vectors: npt.NDArray[Any], width: int) -> Floats:
    """The vectors, which must have the width of those that were learnt from."""
    if vectors.shape[1] != width:
        raise BadOption(
            f"the vectors of these rows differ in length: {vectors.shape[1]:,} and {width:,}.",
            known="All rows need vectors of one length.",
            hint="embedding=an array with a vector per row",
        )
    return _doubles(vectors)


def _doubles(array: npt.NDArray[Any]) -> Floats:
    return array.astype(np.float64, copy=False)


def _is_finite(array: npt.NDArray[Any]) -> bool:
    """Whether all numbers are finite; asked of few rows at a time, as arrays can be large."""
    parts = (array[start : start + _AT_ONCE] for start in range(0, len(array), _AT_ONCE))
    return all(np.isfinite(part).all() for part in parts)
