"""Sentences made from a template get the expected answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from mispredict.checks.drawing import check_column
from mispredict.checks.rows import MOST_EXAMPLES, chance_of, class_of, inputs, refused
from mispredict.core.errors import BadOption
from mispredict.core.schema import ColumnType
from mispredict.core.task import TaskKind
from mispredict.core.words import counted
from mispredict.expectations.bounds import Bound, share
from mispredict.expectations.check import Kind, check_kind
from mispredict.expectations.options import option
from mispredict.expectations.planning import Plan
from mispredict.expectations.subject import Answers, Bools, Filled, Numbers, Subject
from mispredict.expectations.verdict import FailingRow, Judged


@check_kind("template")
@dataclass(frozen=True, kw_only=True)
class TemplateCheck(Kind):
    """Sentences with places that lexicons fill get the expected label, or all the same one.

    Attributes:
        template: a sentence with places, such as `{name} is {adjective:positive}`; or several.
        column: the text column that it is for; the model's only one when left out.
        lexicons: words for places by name, beside those that come with mispredict.
        label: the class that is expected of every sentence.
        labels: the class that is expected by what fills the place `by`: a word, or a group such
            as `positive`.
        by: the place that `labels` go by.
        same: the place whose words must not matter: sentences that differ in it alone get the
            same answer. Each such set of sentences is one test.
        n: number of sentences that are made, of all that there are; of sets with `same`.
        tolerance: of a regression, by how much the value may differ.
        min_share: least share of the tests that must hold.
        exact: whether these very sentences decide, and not what they say of others like them.
    """

    template: str | tuple[str, ...] = option()
    column: str | None = option(None, column=True)
    lexicons: Mapping[str, tuple[str | int | float, ...]] | None = option(None)
    label: str | int | float | bool | None = option(None, label=True)
    labels: Mapping[str, str | int | float | bool] | None = option(None, label=True)
    by: str | None = option(None)
    same: str | None = option(None)
    n: int = option(200, minimum=1, maximum=200_000)
    tolerance: float = option(0.0, minimum=0)
    min_share: float = option(0.95, minimum=0, maximum=1)
    exact: bool = False

    needs = "model"

    def validate(self) -> None:
        given = [name for name in ("label", "labels", "same") if getattr(self, name) is not None]
        if len(given) != 1:
            raise BadOption(
                "a template check expects a label, labels by a place, or the same answer.",
                known=f"Given: {' and '.join(given) or 'none of them'}.",
                hint="label='the expected class', or same='name'",
            )
        if (self.labels is None) != (self.by is None):
            raise BadOption(
                "labels go by a place.",
                known="Only one of labels and by is given.",
                hint="by='adjective', labels={'positive': 'good', 'negative': 'bad'}",
            )

    def plan(self, subject: Subject, seed: int) -> Plan:
        column = self._column(subject)
        rule = self.label if self.labels is None else {str(self.by): dict(self.labels)}
        sentences = (self.template,) if isinstance(self.template, str) else self.template
        made = subject.fill(
            sentences, self.n, column=column, lexicons=self.lexicons or {}, label=rule,
            vary=self.same, seed=seed,
        )  # fmt: skip
        if self.same is None:
            self._wanted(subject, made)
        others = np.random.default_rng(seed).integers(0, subject.n, int(made.sets.max()) + 1)
        frame = subject.frame(others[made.sets]).reset_index(drop=True)
        for name in made.frame.columns:
            frame[name] = made.frame[name].to_numpy()
        return Plan(frame, made, seed)

    def judge(self, subject: Subject, plan: Plan, answers: Answers) -> Judged:
        made: Filled = plan.work
        known = np.flatnonzero(answers.known)
        said = answers.take(known)
        if self.same is None:
            holds, groups = self._right(subject, said, self._wanted(subject, made), known), None
            found = share(holds)
            unit = "sentences"
        else:
            holds = _alike(said, made.sets[known], self.tolerance)
            groups, first = np.unique(made.sets[known], return_index=True)
            sets = np.array([holds[made.sets[known] == group].all() for group in groups])
            found = share(sets if len(first) else np.zeros(0, dtype=bool))
            unit = "sets"
        judged = Bound(low=self.min_share, is_exact=self.exact).judged(
            found,
            self._words(),
            unit=unit,
            more=f"From {counted(len(known), 'sentence')}." if groups is not None else "",
            examples=self._examples(plan, answers, known[~holds]),
            failing=int((~holds).sum()),
        )
        unknown = len(answers) - len(known)
        return refused(judged, unknown, answers.failure) if unknown else judged

    def _column(self, subject: Subject) -> str:
        texts = [name for name, kind in subject.columns.items() if kind is ColumnType.TEXT]
        if self.column is not None:
            check_column(subject, self.column)
            return self.column
        if len(texts) == 1:
            return texts[0]
        raise BadOption(
            "a template needs to know its column.",
            known=f"The model takes {counted(len(texts), 'text column')}: {', '.join(texts)}."
            if texts
            else "The model takes no texts.",
            hint=f"column={texts[0]!r}" if texts else "column='the column of sentences'",
        )

    def _wanted(self, subject: Subject, made: Filled) -> Numbers:
        """The class expected of each sentence; of a regression nothing."""
        if subject.task.kind is TaskKind.REGRESSION:
            return np.zeros(len(made.labels), np.int64)
        missing = [at for at, label in enumerate(made.labels) if label is None]
        if missing:
            raise BadOption(
                f"nothing is expected of {counted(len(missing), 'sentence')}.",
                known=f"Such as {made.frame.iloc[missing[0], 0]!r}.",
                hint="labels with every word or group that can fill the place",
            )
        codes = {label: class_of(subject.task, label) for label in dict.fromkeys(made.labels)}
        return np.array([codes[label] for label in made.labels], np.int64)

    def _right(self, subject: Subject, said: Answers, wanted: Numbers, known: Numbers) -> Bools:
        if said.values is None:
            right: Bools = said.codes == wanted[known]
            return right
        assert self.label is not None  # labels by a place are of classes
        return np.asarray(np.abs(said.values - float(self.label)) <= self.tolerance)

    def _words(self) -> str:
        first = self.template if isinstance(self.template, str) else self.template[0]
        of = f"“{first}”"
        if not isinstance(self.template, str) and len(self.template) > 1:
            of += f" and {counted(len(self.template) - 1, 'other')}"
        if self.same is not None:
            return f"The share of sets of {of} with one answer for every {self.same}"
        expected = self.label if self.labels is None else f"expected by {self.by}"
        return f"The share of {of} predicted as {expected}"

    def _examples(self, plan: Plan, answers: Answers, wrong: Numbers) -> list[FailingRow]:
        assert plan.frame is not None  # it was planned
        made: Filled = plan.work
        chance = chance_of(answers, answers.codes)
        wrong = wrong[np.argsort(-np.nan_to_num(chance[wrong]), kind="stable")][:MOST_EXAMPLES]
        given = inputs(made.frame.iloc[wrong])
        return [
            FailingRow(
                label=made.labels[test],
                prediction=answers.prediction(int(test)),
                probability=float(chance[test]),
                inputs=given[at],
            )
            for at, test in enumerate(wrong)
        ]


def _alike(said: Answers, sets: Numbers, tolerance: float) -> Bools:
    """Whether each answer is that of most others of its set."""
    holds = np.ones(len(said), dtype=bool)
    for group in np.unique(sets):
        rows = np.flatnonzero(sets == group)
        if said.values is not None:
            middle = float(np.median(said.values[rows]))
            holds[rows] = np.abs(said.values[rows] - middle) <= tolerance
        else:
            codes: Any = said.codes[rows]
            holds[rows] = codes == np.bincount(codes).argmax()
    return holds
