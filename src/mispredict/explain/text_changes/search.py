"""Beam search over the edits of many texts at once.

Words are ranked by what leaving them out does to the prediction, and the most important ones
are edited first: the order of attack of TextFooler (Jin et al. 2020).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from mispredict.explain.counterfactuals.goal import Goal
from mispredict.explain.counterfactuals.search_calls import Asker
from mispredict.explain.text_changes.likeness import Likeness
from mispredict.explain.text_changes.words import Draft, Editor, WordEdit

if TYPE_CHECKING:
    import pandas as pd

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]
BEAM = 3
IMPORTANT = 6  # words of a draft that are edited at each step
MOST_EDITED = 0.3  # share of the words
MOST_EDITS = 6


@dataclass(frozen=True, slots=True, eq=False)
class Texts:
    """The rows whose text is edited: their inputs, texts, numbers and ids."""

    frame: pd.DataFrame
    column: str
    texts: tuple[str, ...]
    numbers: Codes
    ids: tuple[Any, ...]

    def with_texts(self, owner: Codes, texts: Sequence[str]) -> pd.DataFrame:
        """Rows of the frame with other texts."""
        import pandas as pd

        frame = self.frame.iloc[owner].reset_index(drop=True)
        dtype = self.frame[self.column].dtype
        if isinstance(dtype, pd.CategoricalDtype):  # an edited text is no category
            dtype = dtype.categories.dtype
        frame[self.column] = pd.Series(list(texts), index=frame.index, dtype=dtype)
        return frame


@dataclass(frozen=True, slots=True)
class TextRules:
    """How texts may be edited, as people say it.

    Args:
        kinds: of edits; None for all that can be had.
        synonyms: a function, a dictionary, WordNet's folder, or None to look for it.
        embedding: a function from texts to vectors; None for TF-IDF of letters.
        similarity: to the text as it is, at least.
        most_edits: words that are edited.
        tries: rows that the model may be asked about for each row.
        seed: of typos.
    """

    kinds: Sequence[str] | None = None
    synonyms: Any = None
    embedding: Any = None
    similarity: float = 0.75
    most_edits: int = MOST_EDITS
    tries: int = 500
    seed: int = 0


@dataclass
class Hunt:
    """The search for one row."""

    at: int
    draft: Draft
    before: int
    draw: np.random.Generator
    beam: list[Draft] = field(default_factory=list)
    ranks: dict[int, float] = field(default_factory=dict)
    best: Draft | None = None
    similarity: float = 1.0
    queries: int = 1

    @property
    def most_edits(self) -> int:
        return max(1, round(MOST_EDITED * len(self.draft.words)))


class Search:
    def __init__(
        self,
        asker: Asker,
        texts: Texts,
        goal: Goal,
        editor: Editor,
        likeness: Likeness,
        rules: TextRules,
    ) -> None:
        self.asker, self.texts, self.goal = asker, texts, goal
        self.editor, self.likeness, self.rules = editor, likeness, rules

    def run(self, hunts: list[Hunt]) -> None:
        """Edit all texts, one more word at each step, until the prediction changes."""
        self._rank(hunts)
        open_ = hunts
        for step in range(1, self.rules.most_edits + 1):
            open_ = [
                hunt
                for hunt in open_
                if hunt.best is None and step <= hunt.most_edits and self._may_ask(hunt)
            ]
            if not open_ or not self.asker.left:
                return
            self._step(open_)

    def _rank(self, hunts: list[Hunt]) -> None:
        """How much nearer to the goal the prediction is without each word."""
        tries = [
            (hunt, at, hunt.draft.edited(at, WordEdit("delete", hunt.draft.pieces[at], "")))
            for hunt in hunts
            for at in hunt.draft.words[: self.rules.tries]
        ]
        gaps = self._gaps([(hunt, draft) for hunt, _, draft in tries])
        for (hunt, at, _), gap in zip(tries, gaps, strict=True):
            hunt.ranks[at] = float(gap) if np.isfinite(gap) else 1e9
            hunt.queries += 1
        for hunt in hunts:
            hunt.beam = [hunt.draft]

    def _step(self, hunts: list[Hunt]) -> None:
        tries = [(hunt, draft) for hunt in hunts for draft in self._edits(hunt)]
        similar = self.likeness(
            [self.texts.texts[hunt.at] for hunt, _ in tries], [draft.text for _, draft in tries]
        )
        kept = [
            (hunt, draft, float(likeness))
            for (hunt, draft), likeness in zip(tries, similar, strict=True)
            if likeness >= self.rules.similarity
        ]
        kept = self._affordable(kept)
        gaps = self._gaps([(hunt, draft) for hunt, draft, _ in kept])
        mine: dict[int, list[tuple[float, float, Draft]]] = {hunt.at: [] for hunt in hunts}
        for (hunt, draft, likeness), gap in zip(kept, gaps, strict=True):
            hunt.queries += 1
            mine[hunt.at].append((float(gap), likeness, draft))
        for hunt in hunts:
            self._settle(hunt, mine[hunt.at])

    def _edits(self, hunt: Hunt) -> list[Draft]:
        """Each draft of the beam with one more of its important words edited."""
        made: dict[str, Draft] = {}
        for draft in hunt.beam:
            places = [at for at in hunt.ranks if at not in draft.touched]
            for at in sorted(places, key=hunt.ranks.__getitem__)[:IMPORTANT]:
                for edit in self.editor.edits(draft.pieces[at], hunt.draw):
                    edited = draft.edited(at, edit)
                    if edited.text.strip():
                        made.setdefault(edited.text, edited)
        return list(made.values())

    def _settle(self, hunt: Hunt, tried: list[tuple[float, float, Draft]]) -> None:
        """Keep the most similar draft that changes the prediction, else the best for later."""
        hits = [(likeness, draft) for gap, likeness, draft in tried if gap == 0]
        if hits:
            hunt.similarity, hunt.best = max(hits, key=lambda hit: hit[0])
            return
        alive = [item for item in tried if np.isfinite(item[0])]
        hunt.beam = [draft for _, _, draft in sorted(alive, key=lambda item: item[:1])[:BEAM]]

    def _affordable(
        self, tries: list[tuple[Hunt, Draft, float]]
    ) -> list[tuple[Hunt, Draft, float]]:
        """The tries that are within each row's number, in their order."""
        used: dict[int, int] = {}
        kept = []
        for hunt, draft, likeness in tries:
            used[hunt.at] = used.get(hunt.at, hunt.queries) + 1
            if used[hunt.at] <= self.rules.tries:
                kept.append((hunt, draft, likeness))
        return kept

    def _may_ask(self, hunt: Hunt) -> bool:
        return bool(hunt.beam) and hunt.queries < self.rules.tries

    def _gaps(self, tries: Sequence[tuple[Hunt, Draft]]) -> Floats:
        """How far from the goal the model is on each draft."""
        if not tries:
            return np.empty(0)
        owner = np.array([hunt.at for hunt, _ in tries])
        frame = self.texts.with_texts(owner, [draft.text for _, draft in tries])
        said = self.asker.ask(frame)
        return self.goal.gap(said, np.array([hunt.before for hunt, _ in tries]))
