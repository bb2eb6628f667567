"""What the figures stand on, and what is missing from them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import numpy as np

from mispredict.core.task import TaskKind
from mispredict.core.words import counted
from mispredict.report.quality import workspace_of
from mispredict.report.shapes import About, Note, TaskFacts
from mispredict.report.subject import Subject
from mispredict.report.wording import LONGEST_NAME, clip

FEW_ROWS = 100  # below this an interval of a share is wider than ± 10 points
_NAMED_CLASSES = 30


def task_facts(subject: Subject) -> TaskFacts:
    """The task with its first classes."""
    task = subject.task
    named = tuple(clip(str(name), LONGEST_NAME) for name in task.classes[:_NAMED_CLASSES])
    positive = ""
    if task.kind is TaskKind.BINARY:
        positive = clip(str(task.classes[subject.evaluation.outcomes.positive]), LONGEST_NAME)
    return TaskFacts(task.kind.value, named, len(task.classes), positive)


def about(subject: Subject) -> About:
    """Versions, hashes, times and people behind the evaluation."""
    evaluation, dataset = subject.evaluation, subject.evaluation.dataset
    version = evaluation.version
    model = _model(subject)
    code = version.code
    return About(
        model=str(evaluation.model),
        model_kind=_model_kind(model),
        model_hash=str(getattr(model, "content", "")),
        dataset=str(dataset.ref),
        dataset_hash=str(dataset.version.content),
        dataset_origin=clip(str(dataset.origin), 300),
        dataset_rows=int(dataset.n),
        dataset_columns=len(dataset.schema),
        label=clip(str(dataset.label or ""), LONGEST_NAME),
        evaluation_hash=str(version.content),
        evaluated_at=version.created_at.isoformat(timespec="seconds"),
        evaluated_by=str(version.created_by),
        how=str(version.spec.get("how", "")),
        code="" if code is None else f"{code.commit}{' with changes' if code.is_dirty else ''}",
        environment=tuple(f"{k} {v}" for k, v in list(version.environment.items())[:20]),
        mispredict=_own_version(),
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def notes(subject: Subject) -> Iterator[Note]:
    """What is missing from the rows or their predictions, and how to add it."""
    task, evaluation = subject.task, subject.evaluation
    if not subject.has("label") and task.kind is not TaskKind.SCORE:
        yield Note(
            "The dataset has no label, so nothing can be said of right and wrong.",
            "add_dataset(…, label='a column')",
        )
    unlabelled = _unlabelled(subject)
    if unlabelled:
        yield Note(
            f"Without a label, and in no metric: {unlabelled:,} of {counted(subject.n, 'row')}.",
            'label them, or leave them out with where="label IS NOT NULL"',
        )
    known = subject.n - unlabelled
    if 0 < known < FEW_ROWS:
        yield Note(
            f"Only {counted(known, 'row')} count: every interval here is wide.",
            "more rows, or a wider cohort",
        )
    if task.classes and not subject.has_probabilities:
        yield Note(
            "There are no probabilities: no calibration, curves, threshold or confidence.",
            "predictions with a column p_<class> per class, or a model with predict_proba",
        )
    for text in evaluation.version.spec.get("notes", ())[:5]:
        yield Note(clip(str(text), 300))


def _unlabelled(subject: Subject) -> int:
    if not subject.has("label"):
        return 0
    outcomes = subject.evaluation.outcomes
    if subject.task.is_classification:
        return int((subject.chosen(outcomes.label) < 0).sum())
    if subject.task.kind is TaskKind.REGRESSION:
        return int(np.isnan(subject.chosen(outcomes.label)).sum())
    if outcomes.known is not None:
        return int((~subject.chosen(outcomes.known)).sum())
    return 0


def _model(subject: Subject) -> Any:
    store = getattr(workspace_of(subject), "store", None)
    return None if store is None else store.version("model", subject.evaluation.model)


def _model_kind(model: Any) -> str:
    if model is None:
        return ""
    facts = model.spec.get("describe") or {}
    name = next((str(facts[key]) for key in ("class", "type", "name") if facts.get(key)), "")
    kind = str(model.spec.get("kind", ""))
    return clip(f"{kind}: {name}" if name and name != kind else kind, 120)


def _own_version() -> str:
    from mispredict import __version__

    return __version__
