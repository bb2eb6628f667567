"""Counterfactuals and text edits of an evaluation: what the room needs is here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mispredict.core.errors import BadOption, UnknownColumn
from mispredict.core.options import choice, names, number, shown, whole
from mispredict.core.schema import ColumnType
from mispredict.core.task import TaskKind
from mispredict.explain.counterfactuals.search_calls import Asker
from mispredict.workspace.explaining.asking import (
    Bounds,
    Inputs,
    id_of,
    inputs_of,
    row_numbers,
    said_codes,
    source_of,
)

if TYPE_CHECKING:
    from mispredict.explain.counterfactuals.limits import Rules
    from mispredict.explain.counterfactuals.results import Counterfactuals
    from mispredict.explain.text_changes.likeness import Likeness
    from mispredict.explain.text_changes.search import TextRules
    from mispredict.explain.text_changes.synonyms import Synonyms
    from mispredict.explain.text_changes.text_changes import TextEdits
    from mispredict.workspace.view import View

_LEARNED = 5_000  # texts that the weights of letters are learned from


def counterfactuals_of(
    of: View,
    row: Any,
    *,
    where: Any,
    sample: int | None,
    target: Any,
    rules: Rules,
    k: int,
    bounds: Bounds,
) -> Counterfactuals:
    """Counterfactuals of one row, of some, or of a cohort."""
    from mispredict.explain.counterfactuals.counterfactuals import find_counterfactuals
    from mispredict.explain.counterfactuals.goal import goal_of
    from mispredict.explain.counterfactuals.limits import Limits
    from mispredict.explain.counterfactuals.search_subjects import Reference, Subjects

    k = whole("k", k, 1, 10)
    chosen = row_numbers(of, row, where, sample, bounds.seed)
    values = of.table.values("prediction") if of.task.kind is TaskKind.REGRESSION else None
    goal = goal_of(of.task, target, values)
    inputs = inputs_of(of, trust=bounds.trust)
    space = inputs.space
    limits = Limits(space, rules)
    ids = tuple(id_of(of, int(at)) for at in chosen)
    subjects = Subjects(inputs.frame(chosen), inputs.matrix(chosen), chosen, ids)
    asker = inputs.asker(bounds, len(chosen))
    result = find_counterfactuals(
        asker,
        Asker(inputs.model, of.task),
        space,
        limits,
        goal,
        subjects,
        Reference(inputs.matrix, said_codes(of), values),
        k=k,
        source=source_of(of, row, where, len(chosen)),
        seed=bounds.seed,
    )
    asker.close()
    return result


def text_edits_of(
    of: View,
    row: Any,
    *,
    where: Any,
    sample: int | None,
    column: str | None,
    target: Any,
    rules: TextRules,
    bounds: Bounds,
) -> TextEdits:
    """Minimal edits of the texts of one row, of some, or of a cohort."""
    from mispredict.explain.counterfactuals.goal import goal_of
    from mispredict.explain.text_changes.search import Texts
    from mispredict.explain.text_changes.text_changes import find_text_edits
    from mispredict.explain.text_changes.words import Editor

    values = of.table.values("prediction") if of.task.kind is TaskKind.REGRESSION else None
    goal = goal_of(of.task, target, values)
    number("similarity", rules.similarity, 0, 1)
    whole("most_edits", rules.most_edits, 1, 50)
    rules = replace(rules, tries=bounds.tries or rules.tries, seed=bounds.seed)
    used, words = _kinds(rules.kinds, rules.synonyms)
    chosen = row_numbers(of, row, where, sample, bounds.seed)
    inputs = inputs_of(of, trust=bounds.trust)
    name = _text_column(inputs, column)
    frame = inputs.frame(chosen)
    texts = Texts(
        frame,
        name,
        tuple(text if isinstance(text, str) else "" for text in frame[name]),
        chosen,
        tuple(id_of(of, int(at)) for at in chosen),
    )
    asker = inputs.asker(bounds, len(chosen))
    result = find_text_edits(
        asker,
        Asker(inputs.model, of.task),
        texts,
        goal,
        Editor(used, words),
        _likeness(inputs, name, rules.embedding),
        rules,
        source=source_of(of, row, where, len(chosen)),
    )
    asker.close()
    if rules.kinds is None and "synonym" not in used:
        note = "Synonyms were left out: there is no WordNet on this machine."
        result = replace(result, note=f"{result.note} {note}".strip())
    return result


def _kinds(kinds: Sequence[str] | None, given: Any) -> tuple[tuple[str, ...], Synonyms | None]:
    """The kinds of edits to make, and where synonyms come from."""
    from mispredict.explain.text_changes.synonyms import has_wordnet, synonyms_of
    from mispredict.explain.text_changes.words import KINDS

    used = KINDS if kinds is None else names("kinds", kinds, hint="kinds=['typo']")
    for kind in used:
        choice("kinds", kind, KINDS)
    if kinds is None and given is None and not has_wordnet():
        used = tuple(kind for kind in used if kind != "synonym")
    if not used:
        raise BadOption("kinds is empty.", known=f"Kinds: {', '.join(KINDS)}.", hint="kinds=None")
    return used, synonyms_of(given) if "synonym" in used else None


def _text_column(inputs: Inputs, column: str | None) -> str:
    """The column that is edited, the first text by default; by name also categories in words."""
    import pyarrow as pa

    texts = [name for name, kind in inputs.types.items() if kind is ColumnType.TEXT]
    if column is None and texts:
        return texts[0]
    kinds = (inputs.table[name].type for name in [column] if name in inputs.types)
    if column is not None and any(
        pa.types.is_string(k) or pa.types.is_large_string(k) for k in kinds
    ):
        return column
    if column is not None and column not in inputs.types:
        raise UnknownColumn.among(column, texts or inputs.types, where="the model's inputs")
    if column is None or column not in texts:
        raise BadOption(
            f"column {column!r} holds no texts." if column else "the model takes no texts.",
            known=f"Its inputs: {', '.join(f'{n} ({k})' for n, k in [*inputs.types.items()][:8])}.",
            hint=f"column={texts[0]!r}" if texts else "ev.counterfactuals(row)",
        )
    return column


def _likeness(
    inputs: Inputs, column: str, embedding: Callable[[Sequence[str]], Any] | None
) -> Likeness:
    from mispredict.explain.text_changes.likeness import LetterLikeness, VectorLikeness

    if embedding is not None:
        if not callable(embedding):
            raise BadOption(
                f"embedding={shown(embedding)} cannot be used.",
                known="It is a function from texts to a vector each.",
                hint="embedding=mispredict.demo.minilm.embed",
            )
        return VectorLikeness(embedding)
    known = inputs.table[column].drop_null()
    step = max(1, len(known) // _LEARNED)
    return LetterLikeness(known.take(list(range(0, len(known), step))).to_pylist())
