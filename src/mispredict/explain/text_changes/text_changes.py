"""The smallest edits of texts that give another prediction, their meaning kept.

Synonyms, typos, deletions and insertions, found by beam search over all texts at once.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from mispredict.core.results import Result, Source, plain
from mispredict.explain.counterfactuals.goal import Goal
from mispredict.explain.counterfactuals.search_answers import Said
from mispredict.explain.counterfactuals.search_calls import Asker, Queries, failures_since
from mispredict.explain.text_changes.likeness import Likeness
from mispredict.explain.text_changes.search import Hunt, Search, TextRules, Texts
from mispredict.explain.text_changes.words import Draft, Editor, WordEdit

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.int64]


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
    as_they_are = asker.queries
    is_open = said.known & (goal.gap(said, said.codes) > 0)
    is_open &= np.array([bool(text.strip()) for text in texts.texts], dtype=bool)
    hunts = [
        Hunt(int(at), Draft.of(texts.texts[at]), int(said.codes[at]), _draw(texts, int(at), rules))
        for at in np.flatnonzero(is_open)
    ]
    search = Search(asker, texts, goal, editor, likeness, rules)
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
        note=_note(asker, asked, as_they_are),
    )


def _draw(texts: Texts, at: int, rules: TextRules) -> np.random.Generator:
    return np.random.default_rng([rules.seed, int(texts.numbers[at])])


def _rows(
    hunts: Sequence[Hunt], checker: Asker, texts: Texts, goal: Goal, said: Said
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


def _note(asker: Asker, asked: int, first: Queries) -> str:
    notes = []
    if not asked:
        notes.append("Every row is predicted as wanted already, or has no text.")
    if asker.queries.is_spent:
        notes.append("The budget ended before the search did: a larger one may find more.")
    return " ".join([*notes, *failures_since(asker.queries, first, "edited texts")])
