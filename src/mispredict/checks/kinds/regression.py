"""No worse than a baseline model on the same rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mispredict.checks.rows import MOST_EXAMPLES
from mispredict.core.errors import BadOption
from mispredict.core.figures import decimals, figure, rounded
from mispredict.core.words import counted
from mispredict.expectations.bounds import Bound, worst_of
from mispredict.expectations.check import Kind, check_kind
from mispredict.expectations.options import option
from mispredict.expectations.planning import Plan
from mispredict.expectations.subject import Answers, Bools, Estimate, Subject
from mispredict.expectations.verdict import FailingRow, Judged, Word
from mispredict.metrics.paired import Drop, drop_of


@check_kind("regression")
@dataclass(frozen=True, kw_only=True)
class RegressionCheck(Kind):
    """A metric is not worse than the baseline model's by more than so much, on the same rows.

    Attributes:
        metric: any metric of the task that has a better direction.
        max_drop: the largest drop that is good, in the metric's own units.
        max_relative: the largest drop that is good, as a share of the baseline's value.
        where: the cohort; all rows when left out.
        tag: only rows with this tag.
        by: columns whose values are looked at one by one (their crossing, of several): none of
            them may be worse.
        smallest: cohorts of `by` with fewer rows are left out, and counted in the sentence.
        exact: whether it is about these very rows, so that the drop decides and not its
            interval.
    """

    metric: str = option(metric=True)
    max_drop: float | None = option(None, minimum=0)
    max_relative: float | None = option(None, minimum=0, maximum=1)
    where: str | None = option(None, cohort=True)
    tag: str | None = option(None, tag=True)
    by: tuple[str, ...] = option((), column=True)
    smallest: int = option(30, minimum=2)
    exact: bool = False

    needs_baseline = True

    def validate(self) -> None:
        if self.max_drop is None and self.max_relative is None:
            raise BadOption(
                f"a regression check of {self.metric} needs a bound.",
                known="Neither max_drop nor max_relative is given.",
                hint="max_drop=0.01",
            )

    def judge(self, subject: Subject, plan: Plan, answers: Answers) -> Judged:
        base = _baseline(subject)
        where = subject.condition(self.where, self.tag)
        cohorts, small = self._cohorts(subject, where)
        level = 1 - 0.05 / max(len(cohorts), 1)
        drops = [
            (name, mask, drop)
            for name, mask in cohorts
            if (drop := drop_of(self.metric, subject.outcomes, base.outcomes, mask, level=level))
        ]
        if not drops:
            return Judged(
                "unsure",
                f"Whether {self.metric} dropped is not known: there are no rows to compare.",
                expected=self._words(),
            )
        words = [self._word(drop) for _, _, drop in drops]
        name, mask, drop = max(drops, key=lambda item: self._excess(item[2]))
        value, low, high, bound = self._main(drop)
        return Judged(
            worst_of(words),
            self._sentence(base.ref, name, drop, worst_of(words), len(drops), small),
            value,
            low,
            high,
            drop.n,
            bound,
            self._words(),
            _lost(subject, base, mask),
            max(drop.lost, 0),
        )

    def _cohorts(self, subject: Subject, where: str | None) -> tuple[list[tuple[str, Bools]], int]:
        """The cohorts that are compared, and how many are too small."""
        mask = subject.mask(where)
        if not self.by:
            return [(where or "", mask)], 0
        groups = subject.metrics(self.metric, self.by, where)
        large = [group for group in groups if group.n >= self.smallest]
        masks = [(group.cohort, subject.mask(group.cohort) & mask) for group in large]
        return masks, len(groups) - len(large)

    def _word(self, drop: Drop) -> Word:
        words: list[Word] = []
        if self.max_drop is not None:
            found = Estimate(drop.value, drop.low, drop.high, drop.n)
            words.append(Bound(high=self.max_drop, is_exact=self.exact).word(found))
        if self.max_relative is not None:
            found = Estimate(drop.relative, drop.relative_low, drop.relative_high, drop.n)
            words.append(Bound(high=self.max_relative, is_exact=self.exact).word(found))
        return worst_of(words)

    def _excess(self, drop: Drop) -> tuple[int, float]:
        """How bad a drop is, to name the worst."""
        order = {"pass": 0, "unsure": 1, "fail": 2}
        return order[self._word(drop)], self._main(drop)[0]

    def _main(self, drop: Drop) -> tuple[float, float, float, float]:
        if self.max_drop is not None:
            return drop.value, drop.low, drop.high, self.max_drop
        assert self.max_relative is not None  # one of them is given
        return drop.relative, drop.relative_low, drop.relative_high, self.max_relative

    def _words(self) -> str:
        parts = [] if self.max_drop is None else [f"drop ≤ {self.max_drop:g}"]
        parts += [] if self.max_relative is None else [f"drop ≤ {self.max_relative:.4g} of it"]
        return " and ".join(parts)

    def _sentence(
        self, base: str, cohort: str, drop: Drop, word: Word, cohorts: int, small: int
    ) -> str:
        value, low, high, most = self._main(drop)
        of = f" where {cohort}" if cohort else ""
        if self.max_drop is not None:
            told = rounded(value, low, high, [most])
            size = f"{told[0]} [{told[1]}, {told[2]}]"
        else:
            size = f"{100 * value:.2f} % of it [{100 * low:.2f} %, {100 * high:.2f} %]"
        places = decimals(drop.low, drop.high)
        said = (
            f"The {self.metric}{of} is {figure(drop.new, places)}, "
            f"that of {base} {figure(drop.base, places)}: "
            f"a drop of {size} ({counted(drop.n, 'row')}, p = {drop.p:.2g})"
        )
        end = {
            "pass": f"as expected: {self._words()}",
            "fail": f"expected: {self._words()}",
            "unsure": f"which does not say whether this holds: {self._words()}",
        }[word]
        more = ""
        if drop.lost >= 0:
            more = f" Right before and wrong now: {counted(drop.lost, 'row')};"
            more += f" the other way: {drop.won:,}."
        if cohorts > 1:
            more += f" It is the worst of {counted(cohorts, 'cohort')}."
        if small:
            more += f" {counted(small, 'cohort')} of fewer than {self.smallest} rows left out."
        return f"{said}, {end}.{more}"


def _baseline(subject: Subject) -> Subject:
    base = subject.baseline
    if base is None:
        raise BadOption(
            "there is no baseline to compare with.",
            known="A regression check holds a model against another one on the same rows.",
            hint="baseline='gbm@1' (--baseline gbm@1)",
        )
    if base.n != subject.n or base.task.kind is not subject.task.kind:
        raise BadOption(
            f"{base.ref} cannot be the baseline of {subject.ref}.",
            known=f"They have {base.n:,} and {counted(subject.n, 'row')}, {base.task.kind} and"
            f" {subject.task.kind} tasks.",
            hint="an evaluation of the same dataset",
        )
    return base


def _lost(subject: Subject, base: Subject, mask: Bools) -> tuple[FailingRow, ...]:
    """Rows that the baseline gets right and the model does not, the surest mistakes first."""
    if not subject.task.is_classification or subject.outcomes.label is None:
        return ()
    names = np.array([str(item) for item in subject.task.classes] + [""], dtype=object)
    label = names[np.asarray(subject.outcomes.label)]
    mine = names[subject.predicted.codes]
    others = np.array([str(item) for item in base.task.classes] + [""], dtype=object)
    theirs = others[base.predicted.codes]
    rows = np.flatnonzero(mask & (label == theirs) & (label != mine) & (label != ""))
    sure = subject.outcomes.confidence
    if sure is not None:
        rows = rows[np.argsort(-np.asarray(sure)[rows], kind="stable")]
    return tuple(
        FailingRow(
            row=int(row),
            label=subject.label(int(row)),
            before=base.predicted.prediction(int(row)),
            prediction=subject.predicted.prediction(int(row)),
            probability=float("nan") if sure is None else float(sure[row]),
            note=f"right in {base.ref}",
        )
        for row in rows[:MOST_EXAMPLES]
    )
