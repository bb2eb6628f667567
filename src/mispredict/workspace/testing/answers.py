"""Asking a model for a suite of checks: united questions, each distinct row once.

The quick way asks all rows in large batches. Where the model fails on some of them, those are
found by halving and left unknown, and the rest is answered.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from mispredict.core.task import Scalar, Task, TaskKind
from mispredict.expectations.subject import Answers
from mispredict.expectations.verdict import Cost
from mispredict.models.caching import Cache
from mispredict.models.conform import align, check_answer
from mispredict.models.copies import Asked, form, frame_of
from mispredict.models.pacing import Pace
from mispredict.models.parallel import Parallel, divided
from mispredict.models.remembering import Remembered
from mispredict.models.running import FIRST_ROWS, Predictions, Usage, pages_of, run
from mispredict.workspace.explaining.asking import Aside

if TYPE_CHECKING:
    import pandas as pd

    from mispredict.explain.counterfactuals.search_answers import Said
    from mispredict.models.protocol import Model
    from mispredict.workspace.view import View


class Voice:
    """One model for one run of checks: asks what it does not know yet, and keeps count."""

    def __init__(
        self,
        model: Model,
        task: Task,
        cache: Cache,
        *,
        progress: Callable[[int, int], None] | None = None,
        cancel: Callable[[], bool] | None = None,
    ) -> None:
        self.model, self._task = model, task
        self._asked = divided(model)  # but one answer alone, whose time is taken, is the model's
        self._cache = Aside(cache)
        self._known: dict[str, Remembered] = {}
        self._pace = Pace(FIRST_ROWS)
        self._progress, self._cancel = progress, cancel
        self._planned = self._rows = self._calls = 0
        self._seconds = 0.0

    @property
    def cost(self) -> Cost:
        """What was asked, and the time inside the model."""
        return Cost(self._planned, self._rows, self._calls, self._seconds)

    def ask(self, frame: Asked) -> Answers:
        """What the model says of the rows.

        Raises:
            ModelError: it fails on a row.
        """
        if not len(frame):
            return Answers.none()
        said = run(
            self._asked, frame, task=self._task, pages=self.pages(frame), pace=self._pace,
            progress=self._progress, cancel=self._cancel,
        )  # fmt: skip
        self._planned += len(frame)
        self._count(said.usage.rows, said.usage.calls, said.usage.seconds)
        return answers_of(said, self._task)

    def ask_each(self, frame: Asked) -> Answers:
        """What the model says of the rows that it can take; the others are found by halving.

        Raises:
            ModelError: it fails on all of them.
        """
        from mispredict.explain.counterfactuals.search_calls import Asker, refuse_without_answers

        asker = Asker(self.model, self._task, pages=self.pages, cancel=self._cancel)
        said = asker.ask(frame_of(frame))
        asker.close()
        used = asker.queries
        self._planned += len(frame)
        self._count(used.rows, used.calls, used.seconds)
        refuse_without_answers(said, asker, "all of the rows")
        return _of_said(said, self._task, used.failure)

    def call(self, frame: pd.DataFrame) -> tuple[Answers, float]:
        """What the model says when it is called now, and the seconds that the call took."""
        started = time.perf_counter()
        answer = self.model.predict(frame)
        seconds = time.perf_counter() - started
        self._count(len(frame), 1, seconds)
        checked = check_answer(answer, n=len(frame), task=self._task)
        aligned, _ = align(checked, self._task)
        found = Predictions(
            aligned.labels, aligned.probabilities, aligned.classes, aligned.values, Usage()
        )
        return answers_of(found, self._task), seconds

    def pages(self, frame: Asked) -> Remembered:
        """What is known already of rows of this form."""
        key = form(frame)
        if key not in self._known:
            below = pages_of(self.model, self._task, frame, self._cache)
            self._known[key] = Remembered(below)
        return self._known[key]

    def close(self) -> None:
        """Keep the answers for later runs, and end the processes that gave them."""
        for known in self._known.values():
            known.close()
        if isinstance(self._asked, Parallel):
            self._asked.close()

    def _count(self, rows: int, calls: int, seconds: float) -> None:
        self._rows += rows
        self._calls += calls
        self._seconds += seconds


def stored_answers(of: View) -> Answers:
    """What the evaluation holds of all rows."""
    outcomes, task = of.outcomes, of.task
    if task.kind is TaskKind.REGRESSION:
        values = np.asarray(outcomes.prediction, np.float64)
        return Answers(np.where(np.isnan(values), -1, 0), values=values)
    if task.kind is TaskKind.MULTILABEL:
        return _of_sets(np.asarray(outcomes.prediction, bool), task)
    if not task.is_classification:
        return Answers(np.full(of.n, -1))
    chances = None
    if outcomes.has_probabilities:
        columns = [outcomes.probability(k) for k in range(len(task.classes))]
        chances = np.column_stack([column for column in columns if column is not None])
    return Answers(np.asarray(outcomes.prediction, np.int64), task.classes, chances)


def answers_of(said: Predictions, task: Task) -> Answers:
    """Predictions as checks see them."""
    if task.kind is TaskKind.REGRESSION:
        assert said.values is not None  # checked by `run`
        return Answers(np.zeros(len(said.values), np.int64), values=said.values)
    classes = said.classes or task.classes
    if task.kind is TaskKind.MULTILABEL:
        assert said.labels is not None  # derived by `align`
        return _of_sets(np.asarray(said.labels, bool), task)
    assert said.labels is not None  # derived by `align`
    codes = _class_codes(said.labels, classes)
    return Answers(codes, classes, said.probabilities)


def _of_said(said: Said, task: Task, failure: str) -> Answers:
    if said.sets is not None:
        found = _of_sets(said.sets, task)
        return Answers(np.where(said.known, found.codes, -1), found.classes, failure=failure)
    return Answers(said.codes, said.classes, said.probabilities, said.values, failure)


_FEW = 32  # classes that are looked for one after the other
_sets: dict[tuple[Scalar, ...], dict[bytes, int]] = {}  # a set of labels has one code for good


def _of_sets(sets: Any, task: Task) -> Answers:
    """Sets of labels as classes of their own, named by their labels."""
    known = _sets.setdefault(task.classes, {})
    packed = np.packbits(sets, axis=1)
    codes = [known.setdefault(row.tobytes(), len(known)) for row in packed]
    names = []
    for bits in known:
        held = np.unpackbits(np.frombuffer(bits, np.uint8), count=len(task.classes))
        names.append(", ".join(str(task.classes[k]) for k in np.flatnonzero(held)) or "none")
    return Answers(np.array(codes, dtype=np.int64), tuple(names))


def _class_codes(labels: Any, classes: tuple[Any, ...]) -> Any:
    index = {name: code for code, name in enumerate(classes)}
    index |= {str(name): code for code, name in enumerate(classes) if str(name) not in index}
    labels = np.asarray(labels)
    if labels.dtype.kind == "U":  # pandas would make an object of each of them
        codes = np.full(len(labels), -1, dtype=np.int64)
        for name in list(index)[:_FEW]:
            codes[labels == str(name)] = index[name]
        left = np.flatnonzero(codes < 0)
        codes[left] = _of_objects(labels[left].astype(object), index)
        return codes
    return _of_objects(labels, index)


def _of_objects(labels: Any, index: dict[Any, int]) -> Any:
    import pandas as pd

    inverse, used = pd.factorize(labels)
    places = [index.get(item, index.get(str(item), -1)) for item in used.tolist()]
    return np.array(places, dtype=np.int64)[inverse]
