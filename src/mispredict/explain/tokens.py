"""Attributions of the tokens of a text, for any model that takes texts.

A token that is out is left away, or a word stands in its place (the mask). A text of many tokens
is explained in stretches of neighbouring ones.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from mispredict.explain.attributions import EXPLAINERS, Batch, Subject, Token, Unsuited
from mispredict.explain.draws import Draws
from mispredict.explain.permuting import LEAST_PAIRS, permuted
from mispredict.explain.sampled import MASKS, Asking, answer_scale, locally_linear
from mispredict.models.caching import row_keys

if TYPE_CHECKING:
    import pandas as pd

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

PAIRS = 10  # permutations of a text, each walked forth and back
MOST_PLAYERS = 64  # tokens of a text beyond which neighbours are taken together
_TOKEN = re.compile(r"[\w']+")  # with a letter or digit in it: what `has(column, 'token')` finds


@EXPLAINERS.register("tokens")
def tokens(subject: Subject) -> TokenExplainer:
    """Shapley values of tokens by sampled permutations."""
    return TokenExplainer(
        subject, _column(subject), "tokens", subject.samples or PAIRS,
        "sampled over tokens, since the model is given a text",
    )  # fmt: skip


@EXPLAINERS.register("leave-one-out")
def leave_one_out(subject: Subject) -> TokenExplainer:
    """How far the answer falls when one token alone is out: quick, and not additive."""
    return TokenExplainer(
        subject, _column(subject), "leave-one-out", 1, "one call per token of a text"
    )


@EXPLAINERS.register("lime-tokens")
def lime_tokens(subject: Subject) -> TokenExplainer:
    """LIME over the tokens of a text."""
    return TokenExplainer(
        subject, _column(subject), "lime-tokens", subject.samples or MASKS,
        "a local linear model of the model's answers over tokens",
    )  # fmt: skip


@lru_cache(maxsize=4096)
def find_tokens(text: object) -> tuple[Token, ...]:
    """The tokens of a text, as the cohort language finds them, neighbours together if many.

    Example:
        >>> [token.text for token in find_tokens("It isn't bad.")]
        ['It', "isn't", 'bad']
    """
    if not isinstance(text, str):
        return ()
    runs = (each for each in _TOKEN.finditer(text) if any(map(str.isalnum, each.group())))
    found = [Token(each.group(), *each.span()) for each in runs]
    if len(found) <= MOST_PLAYERS:
        return tuple(found)
    ends = np.linspace(0, len(found), MOST_PLAYERS + 1).astype(int)
    spans = [(found[a].start, found[b - 1].end) for a, b in pairwise(ends)]
    return tuple(Token(text[a:b], a, b) for a, b in spans)


class TextGame:
    """The tokens of one column are the players."""

    substitutes = 1

    def __init__(
        self, rows: pd.DataFrame, column: str, tokens: Sequence[Sequence[Token]], mask: str | None
    ) -> None:
        self._rows, self._column = rows, column
        texts = [text if isinstance(text, str) else "" for text in rows[column]]
        self._pieces = [
            _Pieces.of(text, own, mask) for text, own in zip(texts, tokens, strict=True)
        ]
        self._tokens = tokens

    @property
    def players(self) -> Codes:
        return np.array([len(own) for own in self._tokens], dtype=np.int64)

    def frame(self, rows: Codes, kept: Bools, substitute: Codes) -> pd.DataFrame:
        import pandas as pd

        changed = np.empty(len(rows), dtype=object)
        order = np.argsort(rows, kind="stable")
        for part in np.split(order, np.flatnonzero(np.diff(rows[order])) + 1):
            if len(part):
                changed[part] = self._pieces[rows[part[0]]].joined(kept[part])
        kind = self._rows[self._column].dtype
        texts = pd.Series(changed, dtype=kind, copy=False)
        if len(self._rows.columns) == 1:
            return texts.to_frame(self._column)
        frame = self._rows.iloc[rows].reset_index(drop=True)
        frame[self._column] = texts
        return frame


@dataclass(frozen=True, eq=False)
class _Pieces:
    """A text in pieces: what comes before its tokens, and each token with what follows it.

    `gone` is what stays in a token's place: the mask, or nothing and one space less.
    """

    head: str
    there: npt.NDArray[np.object_]
    gone: npt.NDArray[np.object_]

    @classmethod
    def of(cls, text: str, tokens: Sequence[Token], mask: str | None) -> _Pieces:
        there, gone = np.empty((2, len(tokens)), dtype=object)
        for at, token in enumerate(tokens):
            end = tokens[at + 1].start if at + 1 < len(tokens) else len(text)
            gap = text[token.end : end]
            there[at] = text[token.start : end]
            gone[at] = gap.removeprefix(" ") if mask is None else mask + gap
        return cls(text[: tokens[0].start] if tokens else text, there, gone)

    def joined(self, kept: Bools) -> list[str]:
        """The text with only these tokens, once per row of `kept`."""
        chosen = np.where(kept[:, : len(self.there)], self.there, self.gone)
        return [self.head + "".join(pieces) for pieces in chosen.tolist()]


@dataclass(frozen=True, eq=False)
class TokenExplainer:
    """Attributions of each row's tokens of one column, the other columns as they are."""

    subject: Subject
    column: str
    method: str
    samples: int
    why: str
    features: tuple[str, ...] = ()
    is_exact: bool = False
    _known: dict[str, Any] = field(default_factory=dict)

    @property
    def scale(self) -> str:
        return answer_scale(self.subject)

    @property
    def facts(self) -> dict[str, Any]:
        mask = self.subject.mask
        return {
            "against": f"tokens {'left away' if mask is None else f'replaced by {mask!r}'}",
            "column": self.column,
            "samples": self.samples,
            "seed": self.subject.seed,
        }

    def cost(self, rows: pd.DataFrame) -> float:
        counts = np.array([len(find_tokens(text)) for text in rows[self.column]])
        if self.method == "lime-tokens":
            return float(len(rows) * (self.samples + 2))
        walks = 1 if self.method == "leave-one-out" else 2 * LEAST_PAIRS
        return float((walks * counts + 2).sum())

    def explain(self, rows: pd.DataFrame, targets: Codes) -> Batch:
        found = tuple(find_tokens(text) for text in rows[self.column])
        game = TextGame(rows, self.column, found, self.subject.mask)
        asking = Asking(self.subject, game, targets)
        full = asking.whole(rows)
        if self.method == "leave-one-out":
            return _left_out(asking, full, found)
        n, most = len(rows), int(game.players.max(initial=0))
        none = np.zeros((n, max(most, 1)), bool)
        empty = asking(np.arange(n), none, np.zeros(n, np.int64))[:, None]
        draws = Draws(row_keys(rows), self.subject.seed)
        if self.method == "lime-tokens":
            batch = locally_linear(asking, draws, full, empty, self.samples)
        else:
            batch = permuted(asking, draws, full, empty, self.samples)
        return Batch(batch.values, batch.base, batch.output, batch.errors, found)


def _left_out(asking: Asking, full: Floats, found: tuple[tuple[Token, ...], ...]) -> Batch:
    counts = asking.game.players
    n, most = len(counts), int(counts.max(initial=0))
    row = np.repeat(np.arange(n), counts)
    player = np.concatenate([np.arange(count) for count in counts]) if n else row
    kept = np.arange(most)[None, :] != player[:, None]
    values = np.full((n, most), np.nan)
    if len(row):
        values[row, player] = full[row] - asking(row, kept, np.zeros(len(row), np.int64))
    return Batch(values, np.full(n, np.nan), full, None, found)


def _column(subject: Subject) -> str:
    """The text column whose tokens are explained."""
    if subject.column is not None:
        return subject.column
    if len(subject.features) == 1 and subject.texts:
        return subject.texts[0]
    if not subject.texts:
        raise Unsuited("the model is given no text")
    raise Unsuited("the model is given more than one column; column='…' asks for one's tokens")
