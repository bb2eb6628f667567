"""How much an edited text still means what it did."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from mispredict.core.errors import BadOption

Floats = npt.NDArray[np.float64]
_MOST_TEXTS = 5_000  # that letters' weights are learned from


class Likeness(Protocol):
    """Cosine similarity of texts in pairs."""

    name: str

    def __call__(self, before: Sequence[str], after: Sequence[str]) -> Floats:
        """Similarity of each pair, up to 1."""


class LetterLikeness:
    """TF-IDF of runs of two to four letters inside words: a typo counts a little, a word more."""

    name = "TF-IDF of letters"

    def __init__(self, texts: Sequence[str]) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer

        kept = [text for text in texts[:_MOST_TEXTS] if text.strip()] or ["a text"]
        self._model = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True)
        self._model.fit(kept)

    def __call__(self, before: Sequence[str], after: Sequence[str]) -> Floats:
        """Similarity of each pair; 0 where a text has no known letters."""
        if not len(before):
            return np.empty(0)
        unique = list(dict.fromkeys(before))
        places = {text: at for at, text in enumerate(unique)}
        left = self._model.transform(unique)[[places[text] for text in before]]
        right = self._model.transform(list(after))
        found: Floats = np.asarray(left.multiply(right).sum(axis=1)).ravel()
        return found


class VectorLikeness:
    """Cosine of the vectors that a function gives for texts."""

    name = "embedding"

    def __init__(self, embed: Callable[[Sequence[str]], Any]) -> None:
        self._embed = embed
        self._known: dict[str, Floats] = {}

    def __call__(self, before: Sequence[str], after: Sequence[str]) -> Floats:
        """Similarity of each pair; vectors are made once for each text."""
        new = [text for text in dict.fromkeys([*before, *after]) if text not in self._known]
        if new:
            vectors = np.asarray(self._embed(new), dtype=np.float64)
            if vectors.ndim != 2 or len(vectors) != len(new):
                raise BadOption(
                    f"the embedding gave an array of shape {vectors.shape} for {len(new):,} texts.",
                    known="It gives a vector for each text.",
                    hint="embedding=mispredict.demo.minilm.embed",
                )
            lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
            vectors = vectors / np.where(lengths > 0, lengths, 1)
            self._known |= dict(zip(new, vectors, strict=True))
        pairs = zip(before, after, strict=True)
        return np.array([float(self._known[a] @ self._known[b]) for a, b in pairs])
