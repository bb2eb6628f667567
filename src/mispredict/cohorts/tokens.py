"""Which tokens the rows of a text column have.

A token is a run of letters, digits, `_` and `'` with a letter or digit in it, in lower case:
the tokens that `has(column, 'phrase')` finds in the cohort language.
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


def index_tokens(
    text: pa.ChunkedArray, *, min_rows: int = 5, most: int = 20_000, pairs: bool = False
) -> TokenIndex:
    """Index of the tokens that at least `min_rows` rows have, the `most` frequent of them.

    With `pairs`, two neighbouring tokens count as a token too, written with a space.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    lower = pc.utf8_lower(pc.fill_null(text.cast(pa.large_string()), ""))
    lists = pa.chunked_array(pc.split_pattern_regex(lower, _BETWEEN_TOKENS)).combine_chunks()
    owners = np.asarray(pc.list_parent_indices(lists), dtype=np.int64)
    encoded = pc.dictionary_encode(pc.list_flatten(lists))
    codes = np.asarray(encoded.indices, dtype=np.int64)
    words = encoded.dictionary.to_pylist()
    is_word = np.array([any(map(str.isalnum, word)) for word in words], dtype=bool)
    keep = is_word[codes]
    single = _index(codes[keep], owners[keep], len(text), min_rows, most)
    names = [words[code] for code in single[0]]
    parts = [single]
    if pairs and len(codes) > 1:
        together = (owners[1:] == owners[:-1]) & keep[1:] & keep[:-1]
        frequent = np.zeros(len(words), dtype=bool)
        frequent[single[0]] = True
        together &= frequent[codes[1:]] & frequent[codes[:-1]]
        both = codes[:-1][together] * len(words) + codes[1:][together]
        values, dense = np.unique(both, return_inverse=True)
        double = _index(dense, owners[1:][together], len(text), min_rows, most)
        names += [f"{words[v // len(words)]} {words[v % len(words)]}" for v in values[double[0]]]
        parts.append(double)
    counts = np.concatenate([part[1] for part in parts])
    starts = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
    return TokenIndex(tuple(names), starts, np.concatenate([part[2] for part in parts]), len(text))


def _index(
    codes: npt.NDArray[np.int64], owners: npt.NDArray[np.int64], n: int, min_rows: int, most: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Frequent codes, how many rows have each, and those rows, code by code."""
    once = np.unique(codes * max(1, n) + owners)
    codes, owners = np.divmod(once, max(1, n))
    counts = np.bincount(codes) if len(codes) else np.zeros(0, np.int64)
    kept = np.flatnonzero(counts >= min_rows)
    if len(kept) > most:
        kept = np.sort(kept[np.argsort(-counts[kept], kind="stable")[:most]])
    mask = np.zeros(len(counts), dtype=bool)
    mask[kept] = True
    return kept, counts[kept].astype(np.int64), owners[mask[codes]]


@lru_cache(maxsize=1)
def stop_words() -> frozenset[str]:
    """Words such as "the" and "not" that carry grammar rather than topic (scikit-learn's list)."""
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    return frozenset(ENGLISH_STOP_WORDS)
