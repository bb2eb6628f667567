"""The smallest edits of texts that give another prediction, their meaning kept.

Words are ranked by what leaving them out does to the prediction, and the most important ones
are edited, by beam search over all texts at once: the order of attack of TextFooler (Jin et al.
2020), with deletions, insertions and typos beside synonyms.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt

from mispredict.core.results import Result, Source, plain
from mispredict.explain.counterfactual_goal import Goal
from mispredict.explain.search_calls import Asker, Queries, Said
from mispredict.explain.text_changes_likeness import Likeness
from mispredict.explain.text_changes_words import Draft, Editor, WordEdit

if TYPE_CHECKING:
    import pandas as pd

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.int64]
BEAM = 3
IMPORTANT = 6  # words of a draft that are edited at each step
MOST_EDITED = 0.3  # share of the words
MOST_EDITS = 6


@dataclass(frozen=True, slots=True)
class TextEdit:
    """A text with few edits that the model predicts otherwise, asked once more to be sure.

    `similarity` says how much of the meaning is thought to be kept, up to 1; `queries` how
    often the model was asked for this row.
    """

    row: int
    id: Any
    text: str
    edited: str
    edits: tuple[WordEdit, ...]
    changed: int
    similarity: float
    before: Any
    prediction: Any
    probability: float
    queries: int

    @property
    def name(self) -> str:
        return "; ".join(map(str, self.edits))


@dataclass(frozen=True)
class TextEdits(Result):
    """Minimal edits of texts, the fewest and most similar first.

    `success` is the share of the `asked` rows whose prediction could be changed, with its
    interval, and `queries_per_row` what it took on average, failures included.
    """

    rows: tuple[TextEdit, ...]
    column: str
    target: str
    kinds: tuple[str, ...]
    likeness: str
    least_similarity: float
    asked: int
    found: int
    skipped: int
    success: float
    low: float
    high: float
    queries_per_row: float
    queries: Queries
    seconds: float
    source: Source
    note: str

    row_type: ClassVar[type] = TextEdit
    title: ClassVar[str] = "Text edits"

    def records(self) -> list[dict[str, Any]]:
        """One dictionary per row, its edits as one text."""
        found = super().records()
        return [{**record, "edits": row.name} for record, row in zip(found, self.rows, strict=True)]

    @property
    def where(self) -> str:
        """The rows whose prediction could be changed, as a cohort."""
        rows = sorted({row.row for row in self.rows})
        return f"row IN ({', '.join(map(str, rows))})" if rows else "FALSE"


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


def find_text_edits(
    asker: Asker,
    checker: Asker,
    texts: Texts,
    goal: Goal,
    editor: Editor,
    likeness: Likeness,
    rules: TextRules,
    *,
    source: Source,
) -> TextEdits:
    """At most one edited text for each row.

    Args:
        asker: of the model, with the budget of the search.
        checker: asks once more for what is returned, without any memory.
        texts: the rows.
        goal: the prediction that is wanted.
        editor: makes the edits.
        likeness: similarity of meaning.
        rules: of the search.
        source: what it stands on.
    """
    from mispredict.metrics.intervals import wilson

    started = time.perf_counter()
    said = asker.ask(texts.frame, is_free=True)
    is_open = said.known & (goal.gap(said, said.codes) > 0)
    is_open &= np.array([bool(text.strip()) for text in texts.texts], dtype=bool)
    hunts = [
        _Hunt(int(at), Draft.of(texts.texts[at]), int(said.codes[at]), _draw(texts, int(at), rules))
        for at in np.flatnonzero(is_open)
    ]
    search = _Search(asker, texts, goal, editor, likeness, rules)
    search.run(hunts)
    rows = _rows([hunt for hunt in hunts if hunt.best], checker, texts, goal, said)
    asked, found = len(hunts), len(rows)
    interval = wilson(found, asked) if asked else None
    return TextEdits(
        rows=tuple(rows),
        column=texts.column,
        target=goal.name,
        kinds=editor.kinds,
        likeness=likeness.name,
        least_similarity=rules.similarity,
        asked=asked,
        found=found,
        skipped=int(said.known.sum()) - asked,
        success=found / asked if asked else np.nan,
        low=interval.low if interval else np.nan,
        high=interval.high if interval else np.nan,
        queries_per_row=float(np.mean([hunt.queries for hunt in hunts])) if hunts else np.nan,
        queries=asker.queries,
        seconds=time.perf_counter() - started,
        source=source,
        note=_note(asker, asked, int((~said.known).sum())),
    )


@dataclass
class _Hunt:
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


class _Search:
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

    def run(self, hunts: list[_Hunt]) -> None:
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

    def _rank(self, hunts: list[_Hunt]) -> None:
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

    def _step(self, hunts: list[_Hunt]) -> None:
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

    def _edits(self, hunt: _Hunt) -> list[Draft]:
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

    def _settle(self, hunt: _Hunt, tried: list[tuple[float, float, Draft]]) -> None:
        """Keep the most similar draft that changes the prediction, else the best for later."""
        hits = [(likeness, draft) for gap, likeness, draft in tried if gap == 0]
        if hits:
            hunt.similarity, hunt.best = max(hits, key=lambda hit: hit[0])
            return
        alive = [item for item in tried if np.isfinite(item[0])]
        hunt.beam = [draft for _, _, draft in sorted(alive, key=lambda item: item[:1])[:BEAM]]

    def _affordable(
        self, tries: list[tuple[_Hunt, Draft, float]]
    ) -> list[tuple[_Hunt, Draft, float]]:
        """The tries that are within each row's number, in their order."""
        used: dict[int, int] = {}
        kept = []
        for hunt, draft, likeness in tries:
            used[hunt.at] = used.get(hunt.at, hunt.queries) + 1
            if used[hunt.at] <= self.rules.tries:
                kept.append((hunt, draft, likeness))
        return kept

    def _may_ask(self, hunt: _Hunt) -> bool:
        return bool(hunt.beam) and hunt.queries < self.rules.tries

    def _gaps(self, tries: Sequence[tuple[_Hunt, Draft]]) -> Floats:
        """How far from the goal the model is on each draft."""
        if not tries:
            return np.empty(0)
        owner = np.array([hunt.at for hunt, _ in tries])
        frame = self.texts.with_texts(owner, [draft.text for _, draft in tries])
        said = self.asker.ask(frame)
        return self.goal.gap(said, np.array([hunt.before for hunt, _ in tries]))


def _draw(texts: Texts, at: int, rules: TextRules) -> np.random.Generator:
    return np.random.default_rng([rules.seed, int(texts.numbers[at])])


def _rows(
    hunts: Sequence[_Hunt], checker: Asker, texts: Texts, goal: Goal, said: Said
) -> list[TextEdit]:
    """What was found, as far as the model says the same when it is asked afresh."""
    if not hunts:
        return []
    drafts = [hunt.best or hunt.draft for hunt in hunts]
    owner = np.array([hunt.at for hunt in hunts])
    answers = checker.ask(texts.with_texts(owner, [item.text for item in drafts]), is_free=True)
    before = np.array([hunt.before for hunt in hunts])
    met, chance = goal.met(answers, before), goal.chance(answers, before)
    rows = [
        TextEdit(
            row=int(texts.numbers[hunt.at]),
            id=texts.ids[hunt.at],
            text=texts.texts[hunt.at],
            edited=draft.text,
            edits=draft.edits,
            changed=len(draft.edits),
            similarity=hunt.similarity,
            before=plain(said.prediction(hunt.at)),
            prediction=plain(answers.prediction(number)),
            probability=float(chance[number]),
            queries=hunt.queries,
        )
        for number, (hunt, draft) in enumerate(zip(hunts, drafts, strict=True))
        if met[number]
    ]
    return sorted(rows, key=lambda row: (row.changed, -row.similarity, row.row))


def _note(asker: Asker, asked: int, failed: int) -> str:
    notes = []
    if not asked:
        notes.append("Every row is predicted as wanted already, or has no text.")
    if asker.queries.is_spent:
        notes.append("The budget ended before the search did: a larger one may find more.")
    if failed:
        notes.append(f"The model failed on {failed:,} rows as they are.")
    if asker.queries.failed > failed:
        notes.append(
            f"It failed on {asker.queries.failed - failed:,} edited texts: {asker.queries.failure}"
        )
    return " ".join(notes)
