"""What was said of rows, over the classes of two evaluations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from mispredict.core.errors import BadOption
from mispredict.core.task import Scalar, Task, TaskKind

if TYPE_CHECKING:
    from mispredict.models.protocol import Model
    from mispredict.workspace.dataset import Dataset
    from mispredict.workspace.evaluation import Evaluation

Array = npt.NDArray[Any]


@dataclass(frozen=True, eq=False)
class Answers:
    """What was said of n rows, over the classes of both sides; `how` it is known."""

    prediction: Array | None
    probabilities: Array | None
    loss: Array | None
    how: str


def united(first: Task, second: Task) -> Task:
    """A task over the classes of both."""
    kinds = {first.kind, second.kind}
    if len(kinds) > 1 and not kinds <= {TaskKind.BINARY, TaskKind.MULTICLASS}:
        raise BadOption(
            "the two evaluations are of different tasks.",
            known=f"Before it is {first.kind}, after it is {second.kind}.",
            hint="two evaluations of one task",
        )
    if not first.classes:
        return second
    extra = tuple(name for name in second.classes if name not in first.classes)
    classes: tuple[Scalar, ...] = (*first.classes, *extra)
    is_binary = first.kind is TaskKind.BINARY and len(classes) == 2
    kind = TaskKind.BINARY if is_binary else first.kind
    if first.kind is TaskKind.BINARY and len(classes) > 2:
        kind = TaskKind.MULTICLASS
    positive = first.positive if is_binary else None
    return Task(kind, classes, positive)


def labels_of(of: Evaluation, task: Task) -> Array | None:
    """The labels of an evaluation, over the task's classes."""
    label = of.outcomes.label
    if label is None or task.kind in (TaskKind.REGRESSION, TaskKind.SCORE):
        return None if label is None else np.asarray(label)
    return _recoded(label, of.task.classes, task.classes)


def stored(of: Evaluation, task: Task) -> Answers:
    """The answers of an evaluation."""
    outcomes = of.outcomes
    probabilities = None
    if task.classes and outcomes.has_probabilities:
        table = np.zeros((of.n, len(task.classes)))
        for place, name in enumerate(of.task.classes):
            values = outcomes.probability(place)
            if values is not None:
                table[:, task.classes.index(name)] = values
        probabilities = table
    prediction = outcomes.prediction
    if prediction is not None and task.classes:
        prediction = _recoded(prediction, of.task.classes, task.classes)
    loss = outcomes.loss if task.kind is TaskKind.SCORE else None
    return Answers(prediction, probabilities, loss, "stored")


def asked(of: Evaluation, model: Model, dataset: Dataset, task: Task, how: str) -> Answers:
    """What a model says of the dataset now; known rows come from the cache."""
    from mispredict.models.running import run
    from mispredict.workspace.evaluating import answers_of

    named = tuple(str(name) for name in model.describe().get("columns") or ())
    frame = dataset.input_frame(named)
    predictions = run(model, frame, task=dataset.task or task, cache=of.workspace.store.cache)
    wider, answers = answers_of(predictions, dataset.task or task)
    unknown = [name for name in wider.classes if name not in task.classes]
    if unknown:
        raise BadOption(f"the model knows the class {unknown[0]!r}, which neither side has.")
    prediction, probabilities = np.asarray(answers.prediction), answers.probabilities
    if task.classes:
        prediction = _recoded(prediction, wider.classes, task.classes)
    if probabilities is not None:
        table = np.zeros((len(probabilities), len(task.classes)))
        table[:, [task.classes.index(name) for name in wider.classes]] = probabilities
        probabilities = table
    return Answers(prediction, probabilities, None, how)


def taken(of: Answers, rows: Array, how: str) -> Answers:
    """The answers to some of the rows, or to rows in another order."""
    parts = [
        None if part is None else part[rows] for part in (of.prediction, of.probabilities, of.loss)
    ]
    return Answers(parts[0], parts[1], parts[2], how)


def chosen(own: Answers, other: Answers, partner: Array, alike: Array, how: str) -> Answers:
    """The other's answers where the row is alike there, else its own."""

    def pick(mine: Array | None, theirs: Array | None) -> Array | None:
        if mine is None or theirs is None:
            return None
        where = alike if mine.ndim == 1 else alike[:, None]
        return np.where(where, theirs[partner], mine)

    return Answers(
        pick(own.prediction, other.prediction), pick(own.probabilities, other.probabilities),
        pick(own.loss, other.loss), how,
    )  # fmt: skip


def shown_threshold(of: Answers, positive: int) -> float | None:
    """The threshold that predictions were made at: 0.5 if it can be, None if there is none."""
    assert of.probabilities is not None and of.prediction is not None
    chance, said = of.probabilities[:, positive], of.prediction == positive
    known = ~np.isnan(chance)
    chance, said = chance[known], said[known]
    least = float(chance[said].min()) if said.any() else np.inf
    most = float(chance[~said].max()) if not said.all() else -np.inf
    if most >= least:
        return 0.5 if _is_tied(chance, said) else None
    if most < 0.5 <= least or (most <= 0.5 < least):
        return 0.5
    if np.isinf(least):
        return float(np.nextafter(most, 2.0))
    return least if np.isinf(most) else (least + most) / 2


def _is_tied(chance: Array, said: Array) -> bool:
    """Whether only ties at one half keep it from being the usual threshold."""
    clear = chance != 0.5
    return bool(((chance > 0.5) == said)[clear].all())


def _recoded(codes: Array, own: Sequence[Scalar], wider: Sequence[Scalar]) -> Array:
    """Codes or indicators over other classes."""
    places = np.array([wider.index(name) for name in own], dtype=np.int32)
    if codes.ndim == 2:
        wide = np.zeros((len(codes), len(wider)), dtype=codes.dtype)
        wide[:, places] = codes
        return wide
    return np.where(codes >= 0, places[codes], -1).astype(np.int32)
