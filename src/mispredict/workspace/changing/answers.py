"""What a model says of the rows of the other evaluation: stored, carried over, or asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from mispredict.compare.changed.changed import LeftOut
from mispredict.compare.changed.orders import Coalition
from mispredict.core.errors import BadOption, MispredictError
from mispredict.core.ids import Ref
from mispredict.core.task import Scalar, Task, TaskKind
from mispredict.metrics.outcomes import Outcomes

if TYPE_CHECKING:
    from mispredict.workspace.changing.pairs import Pairing
    from mispredict.workspace.evaluation import Evaluation

Array = npt.NDArray[Any]


@dataclass(frozen=True, eq=False)
class Answers:
    """What was said of n rows, over the classes of both sides; `how` it is known."""

    prediction: Array | None
    probabilities: Array | None
    loss: Array | None
    how: str


class Crossings:
    """Outcomes of the rows of a side under the labels, model and threshold of either.

    `factors` are those that differ; `left_out` says what could not be crossed, and why.
    """

    def __init__(
        self,
        before: Evaluation,
        after: Evaluation,
        pairing: Pairing,
        threshold: tuple[float, float] | None,
        *,
        calls: bool,
        trust: bool,
    ) -> None:
        self.sides, self.pairing = (before, after), pairing
        self.calls, self.trust = calls, trust
        self.task = _united(before.task, after.task)
        self.left_out: list[LeftOut] = []
        self._answers: dict[tuple[int, int], Answers | None] = {}
        self._made: dict[tuple[int, int, int, int], Outcomes | None] = {}
        self._labels = [_labels(of, self.task) for of in self.sides]
        self.thresholds = self._thresholds(threshold)
        self.factors = self._factors()

    @property
    def is_same_model(self) -> bool:
        return self.sides[0].model == self.sides[1].model

    def own(self, side: int) -> Outcomes:
        """The outcomes of a side as they are."""
        made = self._outcomes(side, side, side, side)
        assert made is not None  # its own answers are stored
        return made

    def outcomes(self, side: int, swapped: Coalition) -> Outcomes | None:
        """The outcomes of the rows of a side with some factors as they are after."""
        by_answers = "environment" if self.is_same_model else "model"
        at = [
            int(name in swapped) if name in self.factors else side
            for name in ("labels", by_answers, "threshold")
        ]
        return self._outcomes(side, *at)

    def how(self, swapped: Coalition) -> str:
        """Where the answers of a crossing come from."""
        side = int("within" in swapped)
        model = int("model" in swapped) if "model" in self.factors else side
        found = self._answers_of(model, side)
        return found.how if found is not None else ""

    @cached_property
    def relabelled(self) -> tuple[Array, Array]:
        """Rows of each side whose partner has another label."""
        made = []
        for side in (0, 1):
            partner = self.pairing.partners[side]
            own, other = self._labels[side], self._labels[1 - side]
            if own is None or other is None:
                made.append(np.zeros(len(partner), dtype=bool))
                continue
            there = other[partner]
            differs = own != there if own.ndim == 1 else (own != there).any(axis=1)
            if own.dtype.kind == "f":
                differs &= ~(np.isnan(own) & np.isnan(there))
            made.append((partner >= 0) & differs)
        return made[0], made[1]

    @cached_property
    def reanswered(self) -> int:
        """Rows with the same inputs of which the same model says something else."""
        first, second = (self._answers_of(side, side) for side in (0, 1))
        if first is None or second is None or first.prediction is None or second.prediction is None:
            return 0
        rows = np.flatnonzero(self.pairing.alike[0])
        mine, theirs = first.prediction[rows], second.prediction[self.pairing.partners[0][rows]]
        differs = mine != theirs if mine.ndim == 1 else (mine != theirs).any(axis=1)
        if first.probabilities is not None and second.probabilities is not None:
            there = second.probabilities[self.pairing.partners[0][rows]]
            differs = differs | (np.abs(first.probabilities[rows] - there) > 1e-9).any(axis=1)
        return int(differs.sum())

    @property
    def environment_words(self) -> str:
        """Why nothing is laid to code and libraries."""
        if self.is_same_model:
            return "The same model says the same of the same inputs."
        return "What they do to the answers is counted with the model, which was made with them."

    def told(self, name: str) -> tuple[str, str, int, str]:
        """The two states of a factor, how many rows it is about, and how its part was found."""
        if name == "labels":
            n = int(self.relabelled[1].sum())
            return "as before", f"{n:,} changed", n, f"{n:,} rows that both have got another label."
        if name == "threshold":
            low, high = self.thresholds or (0.0, 0.0)
            n = self.sides[1].n
            return f"{low:.4g}", f"{high:.4g}", n, "Predictions made at either threshold."
        if name == "environment":
            n = self.reanswered
            said = f"The same model says something else of {n:,} rows with the same inputs."
            return self.sides[0].ref, self.sides[1].ref, n, said
        ways = [self._answers_of(model, 1 - model) for model in (0, 1)]
        known = [
            f"{self.sides[model].model} on {self.sides[1 - model].dataset.ref}: {found.how}."
            for model, found in zip((0, 1), ways, strict=True)
            if found is not None
        ]
        words = " ".join(known) or "Neither model's answers for the other rows are known."
        return self.sides[0].model, self.sides[1].model, self.sides[1].n, words

    def _factors(self) -> tuple[str, ...]:
        found = ["labels"] if self.relabelled[0].any() or self.relabelled[1].any() else []
        if not self.is_same_model:
            found.append("model")
            self._note_missing()
        elif self.reanswered:
            found.append("environment")
        if self.thresholds is not None and self.thresholds[0] != self.thresholds[1]:
            found.append("threshold")
        return tuple(found)

    def _note_missing(self) -> None:
        for model in (0, 1):
            if self._answers_of(model, 1 - model) is None:
                name, data = self.sides[model].model, self.sides[1 - model].dataset.ref
                self.left_out.append(
                    LeftOut(
                        f"{name} on {data}",
                        self._why.get((model, 1 - model), "It was not evaluated there."),
                        f"ws.evaluate({name!r}, {data!r}) where the model can be called",
                    )
                )

    def _outcomes(self, side: int, labels: int, model: int, threshold: int) -> Outcomes | None:
        if self.is_same_model and not self.pairing.is_same and model != side:
            model = 2 + model  # the other side's answers where it has the same row
        key = (side, labels, model, threshold)
        if key not in self._made:
            self._made[key] = self._crossed(*key)
        return self._made[key]

    def _crossed(self, side: int, labels: int, model: int, threshold: int) -> Outcomes | None:
        found = self._mixed(side) if model > 1 else self._answers_of(model, side)
        if found is None:
            return None
        label = self._label(side, labels)
        prediction = found.prediction
        if self.thresholds is not None and found.probabilities is not None:
            prediction = self._cut(found.probabilities, self.thresholds[threshold])
        weight = self.sides[side].outcomes.weight
        return Outcomes.of(
            self.task, label, prediction, probabilities=found.probabilities, loss=found.loss,
            weight=weight,
        )  # fmt: skip

    def _label(self, side: int, labels: int) -> Array | None:
        """The labels of a side's rows, those of the other side where they are wanted."""
        own, other = self._labels[side], self._labels[1 - side]
        if labels == side or own is None or other is None:
            return own
        partner = self.pairing.partners[side]
        chosen = partner >= 0 if own.ndim == 1 else (partner >= 0)[:, None]
        return np.where(chosen, other[partner], own)

    def _mixed(self, side: int) -> Answers | None:
        """Answers of the other side's run where the row is the same, else its own."""
        own, other = self._answers_of(side, side), self._answers_of(1 - side, 1 - side)
        if own is None or other is None:
            return None
        partner, alike = self.pairing.partners[side], self.pairing.alike[side]
        return _chosen(own, other, partner, alike, "carried over by row")

    @cached_property
    def _why(self) -> dict[tuple[int, int], str]:
        return {}

    def _answers_of(self, model: int, side: int) -> Answers | None:
        """What the model of one evaluation says of the rows of a side; None if nobody knows."""
        key = (model, side)
        if key not in self._answers:
            self._answers[key] = self._found(model, side)
        return self._answers[key]

    def _found(self, model: int, side: int) -> Answers | None:
        if model == side:
            return _stored_answers(self.sides[side], self.task, "stored")
        if self.is_same_model and not self.pairing.is_same:
            return self._answers_of(side, side)
        if self.pairing.is_same:
            return self._answers_of(model, model)
        stored = self._evaluated(model, side)
        if stored is not None:
            return stored
        if self.pairing.alike[side].all():
            own = self._answers_of(model, model)
            assert own is not None
            return _taken(own, self.pairing.partners[side], "carried over by row")
        return self._called(model, side)

    def _evaluated(self, model: int, side: int) -> Answers | None:
        """The stored evaluation of the model on the side's dataset."""
        from mispredict.workspace.evaluating import stored_name
        from mispredict.workspace.evaluation import Evaluation

        of, dataset = self.sides[model], self.sides[side].dataset
        version = of.workspace.store.head("evaluation", stored_name(of.model, dataset.ref))
        if version is None:
            return None
        found = Evaluation(of.workspace, version, dataset)
        if set(found.task.classes) - set(self.task.classes):
            return None
        return _stored_answers(found, self.task, "stored")

    def _called(self, model: int, side: int) -> Answers | None:
        of, dataset = self.sides[model], self.sides[side].dataset
        if not self.calls:
            self._why[model, side] = "It was not evaluated there, and no model was to be called."
            return None
        if not of.workspace.can_call(of.model, trust=self.trust):
            self._why[model, side] = "It was not evaluated there, and cannot be called from here."
            return None
        try:
            return _asked(of, dataset, self.task, self.trust)
        except MispredictError as error:
            self._why[model, side] = f"It cannot predict these rows: {error.message}"
            return None

    def _cut(self, probabilities: Array, threshold: float) -> Array:
        positive = self._positive
        other = 1 - positive
        is_positive = probabilities[:, positive] >= threshold
        return np.where(is_positive, positive, other).astype(np.int32)

    @property
    def _positive(self) -> int:
        task = self.task
        return len(task.classes) - 1 if task.positive is None else task.classes.index(task.positive)

    def _thresholds(self, given: tuple[float, float] | None) -> tuple[float, float] | None:
        """Thresholds that are meant, or that the predictions show; None where there are none."""
        found = [self._answers_of(side, side) for side in (0, 1)]
        has_all = all(item is not None and item.probabilities is not None for item in found)
        if self.task.kind is not TaskKind.BINARY or not has_all:
            if given is not None:
                raise BadOption(
                    "a threshold needs probabilities of two classes on both sides.",
                    known=f"The task is {self.task.kind}.",
                    hint="without threshold=",
                )
            return None
        if given is not None:
            return given
        shown = [_shown_threshold(item, self._positive) for item in found if item is not None]
        if None in shown or shown == [0.5, 0.5]:
            return None
        return float(shown[0] or 0.0), float(shown[1] or 0.0)


def _united(first: Task, second: Task) -> Task:
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


def _labels(of: Evaluation, task: Task) -> Array | None:
    label = of.outcomes.label
    if label is None or task.kind in (TaskKind.REGRESSION, TaskKind.SCORE):
        return None if label is None else np.asarray(label)
    return _recoded(label, of.task.classes, task.classes)


def _recoded(codes: Array, own: Sequence[Scalar], united: Sequence[Scalar]) -> Array:
    """Codes or indicators over other classes."""
    places = np.array([united.index(name) for name in own], dtype=np.int32)
    if codes.ndim == 2:
        wide = np.zeros((len(codes), len(united)), dtype=codes.dtype)
        wide[:, places] = codes
        return wide
    return np.where(codes >= 0, places[codes], -1).astype(np.int32)


def _stored_answers(of: Evaluation, task: Task, how: str) -> Answers:
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
    return Answers(prediction, probabilities, loss, how)


def _asked(of: Evaluation, dataset: Any, task: Task, trust: bool) -> Answers:
    """What the model says of the dataset now; known rows come from the cache."""
    from mispredict.models.running import run
    from mispredict.workspace.evaluating import answers_of

    workspace = of.workspace
    model = workspace.model(of.model, trust=trust)
    named = tuple(str(name) for name in model.describe().get("columns") or ())
    frame = dataset.input_frame(named)
    predictions = run(model, frame, task=dataset.task or task, cache=workspace.store.cache)
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
    return Answers(prediction, probabilities, None, f"asked again as {Ref.parse(of.model)}")


def _taken(of: Answers, rows: Array, how: str) -> Answers:
    parts = [
        None if part is None else part[rows] for part in (of.prediction, of.probabilities, of.loss)
    ]
    return Answers(parts[0], parts[1], parts[2], how)


def _chosen(own: Answers, other: Answers, partner: Array, alike: Array, how: str) -> Answers:
    def pick(mine: Array | None, theirs: Array | None) -> Array | None:
        if mine is None or theirs is None:
            return None
        where = alike if mine.ndim == 1 else alike[:, None]
        return np.where(where, theirs[partner], mine)

    return Answers(
        pick(own.prediction, other.prediction), pick(own.probabilities, other.probabilities),
        pick(own.loss, other.loss), how,
    )  # fmt: skip


def _shown_threshold(of: Answers, positive: int) -> float | None:
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
