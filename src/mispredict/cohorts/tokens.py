"""Which tokens the rows of a text column have.

A token is a run of letters, digits, `_` and `'`, in lower case: the same tokens that
`has(column, 'phrase')` finds in the cohort language.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pyarrow as pa

_BETWEEN_TOKENS = r"[^\p{L}\p{N}_']+"


@dataclass(frozen=True)
class TokenIndex:
    """Rows by token: `rows[starts[t]:starts[t + 1]]` has token `vocabulary[t]`.

    Each row counts once per token. `n` is the number of rows of the column.
    """

    vocabulary: tuple[str, ...]
    starts: npt.NDArray[np.int64]
    rows: npt.NDArray[np.int64]
    n: int

    def totals(self, values: npt.NDArray[np.generic]) -> npt.NDArray[np.float64]:
        """Sum of `values` (one per row of the column) over the rows of each token."""
        sums = np.concatenate(([0.0], np.cumsum(values[self.rows], dtype=np.float64)))
        result: npt.NDArray[np.float64] = sums[self.starts[1:]] - sums[self.starts[:-1]]
        return result


def index_tokens(text: pa.ChunkedArray, *, min_rows: int = 5, most: int = 20_000) -> TokenIndex:
    """Index of the tokens that at least `min_rows` rows have, the `most` frequent of them."""
    import pyarrow as pa
    import pyarrow.compute as pc

    lower = pc.utf8_lower(pc.fill_null(text.cast(pa.large_string()), ""))
    lists = pa.chunked_array(pc.split_pattern_regex(lower, _BETWEEN_TOKENS)).combine_chunks()
    owners = np.asarray(pc.list_parent_indices(lists), dtype=np.int64)
    encoded = pc.dictionary_encode(pc.list_flatten(lists))
    codes = np.asarray(encoded.indices, dtype=np.int64)
    words = encoded.dictionary.to_pylist()
    pairs = np.unique(codes * len(text) + owners)  # once per row, ordered by token
    codes, owners = np.divmod(pairs, max(1, len(text)))
    counts = np.bincount(codes, minlength=len(words))
    if "" in words:
        counts[words.index("")] = 0
    kept = np.flatnonzero(counts >= min_rows)
    if len(kept) > most:
        kept = np.sort(kept[np.argsort(-counts[kept], kind="stable")[:most]])
    mask = np.zeros(len(words), dtype=bool)
    mask[kept] = True
    starts = np.concatenate(([0], np.cumsum(counts[kept]))).astype(np.int64)
    names = tuple(words[index] for index in kept)
    return TokenIndex(names, starts, owners[mask[codes]], len(text))


@lru_cache(maxsize=1)
def stop_words() -> frozenset[str]:
    """Words such as "the" and "not" that carry grammar rather than topic (scikit-learn's list)."""
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    return frozenset(ENGLISH_STOP_WORDS)
