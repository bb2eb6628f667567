"""What a model says of the rows of the other evaluation: stored, carried over, or asked for."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from mispredict.compare.changed.changed import LeftOut
from mispredict.compare.changed.orders import Coalition
from mispredict.core.errors import BadOption, MispredictError
from mispredict.core.ids import Ref
from mispredict.core.task import TaskKind
from mispredict.core.words import counted
from mispredict.metrics.outcomes import Outcomes
from mispredict.workspace.changing.facts import runs_apart
from mispredict.workspace.changing.said import (
    Answers,
    asked,
    chosen,
    labels_of,
    shown_threshold,
    stored,
    taken,
    united,
)
from mispredict.workspace.changing.steps import PREDICTING, PREPARING, Steps, steps_of

if TYPE_CHECKING:
    from mispredict.workspace.changing.pairs import Pairing
    from mispredict.workspace.evaluation import Evaluation

Array = npt.NDArray[Any]
_SHOWN = 3  # differences of code and libraries that are named
_NEEDS_CALL = "Steps of one before the estimator of the other were never asked"
Who = tuple[int, int]  # whose steps prepare the inputs, whose estimator predicts: 0 before, 1 after


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
        self._is_joined = False
        self.task = united(before.task, after.task)
        self.left_out: list[LeftOut] = []
        self._answers: dict[tuple[Who, int], Answers | None] = {}
        self._made: dict[tuple[int, int, Who, int], Outcomes | None] = {}
        self._why: dict[tuple[Who, int], str] = {}
        self._labels = [labels_of(of, self.task) for of in self.sides]
        self.thresholds = self._thresholds(threshold)
        self.factors = self._factors()

    @property
    def is_same_model(self) -> bool:
        return self.sides[0].model == self.sides[1].model

    @cached_property
    def steps(self) -> Steps:
        """Which parts of the two models differ."""
        return steps_of(*self.sides, trust=self.trust)

    def own(self, side: int) -> Outcomes:
        """The outcomes of a side as they are."""
        made = self._outcomes(side, side, (side, side), side)
        assert made is not None  # its own answers are stored
        return made

    def outcomes(self, side: int, swapped: Coalition) -> Outcomes | None:
        """The outcomes of the rows of a side with some factors as they are after."""
        labels, threshold = (
            int(name in swapped) if name in self.factors else side
            for name in ("labels", "threshold")
        )
        return self._outcomes(side, labels, self._who(side, swapped), threshold)

    def how(self, swapped: Coalition) -> str:
        """Where the answers of a crossing come from."""
        side = int("within" in swapped)
        who = (side, side) if self.is_same_model else self._who(side, swapped)
        found = self._answers_of(who, side)
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
        first, second = (self._answers_of((side, side), side) for side in (0, 1))
        if first is None or second is None or first.prediction is None or second.prediction is None:
            return 0
        rows = np.flatnonzero(self.pairing.alike[0])
        mine, theirs = first.prediction[rows], second.prediction[self.pairing.partners[0][rows]]
        differs = mine != theirs if mine.ndim == 1 else (mine != theirs).any(axis=1)
        if first.probabilities is not None and second.probabilities is not None:
            there = second.probabilities[self.pairing.partners[0][rows]]
            differs = differs | (np.abs(first.probabilities[rows] - there) > 1e-9).any(axis=1)
        return int(differs.sum())

    def is_uncalled(self, model: int) -> bool:
        """Whether a model could be called, and no model was to be."""
        of = self.sides[model]
        return not self.calls and of.workspace.can_call(of.model, trust=self.trust)

    def join(self) -> None:
        """Let the steps of a model go with its estimator, though they could be swapped."""
        self._is_joined = True
        self._made = {key: made for key, made in self._made.items() if key[2][0] == key[2][1]}

    def why_not_crossed(self) -> str:
        """Why one model's steps could not be put before the other's estimator."""
        reasons = [self._why.get((who, side), "") for who in ((0, 1), (1, 0)) for side in (1, 0)]
        return next((said for said in reasons if said), "")

    @cached_property
    def counted_with_model(self) -> tuple[LeftOut, ...]:
        """What differs, or may differ, and goes with the model that was made with it."""
        if self.is_same_model:
            return ()
        found = []
        if self.steps.parts is None:
            hint = "pipelines of scikit-learn, registered in this process or as copies"
            found.append(LeftOut(PREPARING, self.steps.reason, hint))
        apart = runs_apart(*self.sides)
        if apart:
            named = ", ".join(apart[:_SHOWN])
            more = f" and {len(apart) - _SHOWN:,} more" if len(apart) > _SHOWN else ""
            said = f"What code and libraries did is counted with the model: {named}{more}."
            hint = "evaluate one version of the model in both environments"
            found.append(LeftOut("environment", said, hint))
        return tuple(found)

    def told(self, name: str) -> tuple[str, str, int, str]:
        """The two states of a factor, how many rows it is about, and how its part was found."""
        if name == "labels":
            n = int(self.relabelled[1].sum())
            return (
                "as before",
                f"{n:,} changed",
                n,
                f"{counted(n, 'row')} on both sides with another label.",
            )
        if name == "threshold":
            low, high = self.thresholds or (0.0, 0.0)
            n = self.sides[1].n
            return f"{low:.4g}", f"{high:.4g}", n, "Predictions made at either threshold."
        if name == "environment":
            n = self.reanswered
            said = (
                f"The same model says something else of {counted(n, 'row')} with the same inputs."
            )
            return self.sides[0].ref, self.sides[1].ref, n, said
        if name == PREPARING:
            return self._told_steps()
        words = (
            " ".join(self._told_answers()) or "Neither model's answers for the others are known."
        )
        return self.sides[0].model, self.sides[1].model, self.sides[1].n, words

    def _told_steps(self) -> tuple[str, str, int, str]:
        parts = self.steps.parts
        assert parts is not None  # without them preprocessing is no factor
        states = [part.prepares for part in parts]
        if states[0] == states[1]:
            states = [f"{said} of {part.ref}" for said, part in zip(states, parts, strict=True)]
        words = "The steps before the estimator, as either model has them."
        if PREDICTING not in self.factors:
            words = " ".join([words, "The estimator is the same.", *self._told_answers()])
        return states[0], states[1], self.sides[1].n, words

    def _told_answers(self) -> list[str]:
        ways = [self._answers_of((model, model), 1 - model) for model in (0, 1)]
        return [
            f"{self.sides[model].model} on {self.sides[1 - model].dataset.ref}: {found.how}."
            for model, found in zip((0, 1), ways, strict=True)
            if found is not None
        ]

    def _factors(self) -> tuple[str, ...]:
        found = ["labels"] if self.relabelled[0].any() or self.relabelled[1].any() else []
        if not self.is_same_model:
            found += self.steps.factors
            self._note_missing()
        elif self.reanswered:
            found.append("environment")
        if self.thresholds is not None and self.thresholds[0] != self.thresholds[1]:
            found.append("threshold")
        return tuple(found)

    def _note_missing(self) -> None:
        for model in (0, 1):
            who = (model, model)
            if self._answers_of(who, 1 - model) is None:
                name, data = self.sides[model].model, self.sides[1 - model].dataset.ref
                self.left_out.append(
                    LeftOut(
                        f"{name} on {data}",
                        self._why.get((who, 1 - model), "It was not evaluated there."),
                        f"`mispredict evaluate {name} {data}` where the model can be called",
                        is_uncalled=self.is_uncalled(model),
                    )
                )

    def _who(self, side: int, swapped: Coalition) -> Who:
        """Whose steps and whose estimator answer; the parts of one model go together."""
        if self.is_same_model:
            at = int("environment" in swapped) if "environment" in self.factors else side
            return at, at
        parts = [int(name in swapped) for name in (PREPARING, PREDICTING) if name in self.factors]
        return parts[0], parts[-1]

    def _outcomes(self, side: int, labels: int, who: Who, threshold: int) -> Outcomes | None:
        key = (side, labels, who, threshold)
        if key not in self._made:
            self._made[key] = self._crossed(*key)
        return self._made[key]

    def _crossed(self, side: int, labels: int, who: Who, threshold: int) -> Outcomes | None:
        is_rerun = self.is_same_model and not self.pairing.is_same and who != (side, side)
        found = self._mixed(side) if is_rerun else self._answers_of(who, side)
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
        is_paired = partner >= 0 if own.ndim == 1 else (partner >= 0)[:, None]
        return np.where(is_paired, other[partner], own)

    def _mixed(self, side: int) -> Answers | None:
        """Answers of the other side's run where the row is the same, else its own."""
        own, other = (self._answers_of((at, at), at) for at in (side, 1 - side))
        if own is None or other is None:
            return None
        partner, alike = self.pairing.partners[side], self.pairing.alike[side]
        return chosen(own, other, partner, alike, "carried over by row")

    def _answers_of(self, who: Who, side: int) -> Answers | None:
        """What a model, or parts of both, says of the rows of a side; None if nobody knows."""
        if who[0] != who[1] and self._is_joined:
            return None
        key = (who, side)
        if key not in self._answers:
            self._answers[key] = self._found(who, side)
        return self._answers[key]

    def _found(self, who: Who, side: int) -> Answers | None:
        model = who[1]
        if who[0] != who[1]:
            is_known = side == 1 and self.pairing.is_same
            return self._answers_of(who, 0) if is_known else self._called(who, side)
        if model == side:
            return stored(self.sides[side], self.task)
        if self.is_same_model and not self.pairing.is_same:
            return self._answers_of((side, side), side)
        if self.pairing.is_same:
            return self._answers_of(who, model)
        found = self._evaluated(model, side)
        if found is not None:
            return found
        if self.pairing.alike[side].all():
            own = self._answers_of(who, model)
            assert own is not None
            return taken(own, self.pairing.partners[side], "carried over by row")
        return self._called(who, side)

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
        return stored(found, self.task)

    def _called(self, who: Who, side: int) -> Answers | None:
        of, dataset = self.sides[who[1]], self.sides[side].dataset
        is_whole = who[0] == who[1]
        if not self.calls:
            lacks = "It was not evaluated there" if is_whole else _NEEDS_CALL
            self._why[who, side] = f"{lacks}, and no model was to be called."
            return None
        if is_whole and not of.workspace.can_call(of.model, trust=self.trust):
            self._why[who, side] = "It was not evaluated there, and cannot be called from here."
            return None
        try:
            if is_whole:
                model = of.workspace.model(of.model, trust=self.trust)
                how = f"asked again as {Ref.parse(of.model)}"
            else:
                model = self.steps.crossed(*who, dataset)
                how = f"asked: steps of {self.sides[who[0]].model}, estimator of {of.model}"
            return asked(of, model, dataset, self.task, how)
        except MispredictError as error:
            said = error.message
            self._why[who, side] = (
                f"It cannot predict these rows: {said}" if is_whole else said[:1].upper() + said[1:]
            )
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
        found = [self._answers_of((side, side), side) for side in (0, 1)]
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
        shown = [shown_threshold(item, self._positive) for item in found if item is not None]
        if None in shown or shown == [0.5, 0.5]:
            return None
        return float(shown[0] or 0.0), float(shown[1] or 0.0)
