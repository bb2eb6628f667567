"""Rows that someone tries to have predicted as a class that they do not have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from mispredict.checks.changing import changed_copies, differ, with_values
from mispredict.checks.drawing import check_column, drawn
from mispredict.checks.rows import (
    RowsKind,
    Tests,
    changes,
    class_of,
    drawn_words,
    label_codes,
    label_values,
)
from mispredict.core.errors import BadOption
from mispredict.core.options import shown
from mispredict.core.task import TaskKind
from mispredict.core.words import counted
from mispredict.expectations.check import check_kind
from mispredict.expectations.options import option
from mispredict.expectations.planning import Plan
from mispredict.expectations.subject import Answers, Attacks, Bools, Floats, Numbers, Subject
from mispredict.expectations.verdict import NAN, Changed, FailingRow, Judged
from mispredict.models.copies import Copies, joined, values_of

_GRID = 16  # values between a row and its changed copy that are tried at once, twice
Value = str | int | float | bool | None


@dataclass(frozen=True, eq=False)
class _Tries:
    """Changed copies of rows on their way to be judged.

    `owner` is the place of each copy's row; `share` how far its numbers go from the row to the
    copy that was found. `best` is the copy found for each row, `found` whether there is one.
    """

    stage: Literal["tries", "single", "coarse", "fine"]
    rows: Numbers
    before: Copies
    owner: Numbers
    share: Floats
    skipped: int
    found: Bools
    best: Copies
    low: Floats
    high: Floats
    prediction: Any = None
    chance: Floats | None = None


@check_kind("adversarial")
@dataclass(frozen=True, kw_only=True)
class AdversarialCheck(RowsKind):
    """Rows that are not of a class are not predicted as it, however chosen features are varied.

    Attributes:
        target: the class that the attack wants, tried on rows with another label; of a
            regression the least and the largest value.
        vary: features that may change; all when left out.
        ranges: for a feature the values that it may take: a pair of numbers or a list.
        tries: how many changed copies are tried on each row.
        how: `draws` takes values of the data (or of `ranges`) at random and then goes back
            towards the row as far as the target lasts; `search` breeds the smallest plausible
            changes, which is stronger and costs more.
        perturbations: the copies are made by these instead; `a | b` does both.
        strength: of the perturbations, from 0 to 1.
        sample: number of rows that are drawn; null for all.
    """

    target: str | int | float | bool | tuple[float | None, ...] = option(label=True)
    vary: tuple[str, ...] = option((), column=True)
    ranges: Mapping[str, tuple[Value, ...]] | None = option(None, column=True)
    tries: int = option(50, minimum=1, maximum=100_000)
    how: Literal["draws", "search"] = "draws"
    perturbations: tuple[str, ...] = option((), perturbation=True)
    strength: float = option(0.3, exclusive_minimum=0, maximum=1)
    sample: int | None = option(200, minimum=1)

    needs = "model"

    def validate(self) -> None:
        if self.perturbations and (self.vary or self.ranges or self.how == "search"):
            raise BadOption(
                "an attack varies features or perturbs rows.",
                known="perturbations were given beside vary, ranges or how='search'.",
                hint="one of them",
            )

    def plan(self, subject: Subject, seed: int) -> Plan:
        rows = self.rows(subject, seed, also=~self._has_target(subject))
        is_open = ~self._met(subject, subject.predicted.take(rows))
        skipped = int((~is_open).sum())
        rows = rows[is_open]
        for name in (*self.vary, *(self.ranges or {})):
            check_column(subject, name)
        if self.how == "search":
            return Plan(None, (rows, skipped), seed)
        before = subject.copies(rows)
        tried = self._tried(subject, rows, before, seed)
        owner = np.tile(np.arange(len(rows)), self.tries)
        none = np.zeros(len(rows))
        work = _Tries(
            "tries", rows, before, owner, np.ones(len(owner)), skipped, none.astype(bool), before,
            none, none + 1,
        )  # fmt: skip
        return Plan(tried, work, seed)

    def judge(self, subject: Subject, plan: Plan, answers: Answers) -> Judged | Plan:
        if self.how == "search":
            return self._searched(subject, plan)
        work: _Tries = plan.work
        hits = self._met(subject, answers)
        if work.stage in ("tries", "single"):
            work = self._chosen(subject, plan, answers, hits)
        elif len(work.owner):
            order = np.argsort(work.share, kind="stable")
            order = order[hits[order]]
            rows, first = np.unique(work.owner[order], return_index=True)
            work = self._said(subject, work, answers, rows, order[first])
            work = _closer(work, rows, work.share[order[first]])
        following = self._next(subject, work)
        if following is not None:
            return replace(following, seed=plan.seed)
        unknown = int((~answers.known).sum()) if plan.work.stage == "tries" else 0
        return self._verdict(subject, work, unknown, answers.failure)

    # ── making copies ────────────────────────────────────────────────────────────────

    def _tried(self, subject: Subject, rows: Numbers, before: Copies, seed: int) -> Copies:
        """Changed copies of the rows: all rows once, all rows once more, …"""
        if self.perturbations:
            frame, every = before.frame(), np.arange(len(rows))
            made = [
                subject.perturb(
                    self.perturbations[at % len(self.perturbations)], frame,
                    strength=self.strength, seed=seed + 1_000_003 * at, rows=rows,
                )
                for at in range(self.tries)
            ]  # fmt: skip
            return joined([changed_copies(before, item, every) for item in made])
        names = self._varied(subject)
        rng = np.random.default_rng(seed)
        n = len(rows) * self.tries
        copies = before.take(np.tile(np.arange(len(rows)), self.tries))
        moved = rng.random((n, len(names))) < 0.5
        moved[np.arange(n), rng.integers(0, len(names), n)] = True  # at least one
        for at, name in enumerate(names):
            given = (self.ranges or {}).get(name)
            values = subject.values(name)
            new = (
                values.to_numpy()[rng.integers(0, len(values), n)]
                if given is None
                else drawn(values, given, n, rng)
            )
            own = copies.column(name)
            copies = with_values(copies, name, _either(moved[:, at], new, own))
        return copies

    def _varied(self, subject: Subject) -> tuple[str, ...]:
        """The features that change: those with values to draw from."""
        from mispredict.core.schema import ColumnType

        kinds = (ColumnType.NUMERIC, ColumnType.CATEGORICAL, ColumnType.BOOLEAN)
        able = [name for name, kind in subject.columns.items() if kind in kinds]
        chosen = self.vary or tuple(self.ranges or ()) or tuple(able)
        wrong = [name for name in chosen if name not in able]
        if wrong or not chosen:
            raise BadOption(
                f"column {wrong[0]!r} cannot be varied." if wrong else "nothing can be varied.",
                known="Numbers and categories can; texts are perturbed.",
                hint="perturbations=['typo_swap']",
            )
        return chosen

    def _next(self, subject: Subject, work: _Tries) -> Plan | None:
        """What to ask next, so that the changes become as small as they can."""
        hit = np.flatnonzero(work.found)
        if self.perturbations or not len(hit):
            return None
        if work.stage == "tries":
            made = _singles(work, hit)
        elif work.stage in ("single", "coarse"):
            made = _between(work, hit, "coarse" if work.stage == "single" else "fine")
        else:
            return None
        frame, following = made
        if len(following.owner):
            return Plan(frame, following, 0)
        return self._next(subject, following)

    # ── reading answers ──────────────────────────────────────────────────────────────

    def _chosen(self, subject: Subject, plan: Plan, answers: Answers, hits: Bools) -> _Tries:
        """For each row the copy that is predicted as the target with the fewest changes."""
        work: _Tries = plan.work
        assert isinstance(plan.frame, Copies)  # copies were asked
        at = np.flatnonzero(hits)
        changed = differ(work.before, plan.frame.take(at), work.owner[at]).sum(axis=1)
        order = at[np.argsort(changed, kind="stable")]
        owner, first = np.unique(work.owner[order], return_index=True)
        best = _with_rows(work.best, owner, plan.frame.take(order[first]))
        found = work.found.copy()
        found[owner] = True
        work = replace(work, found=found, best=best)
        return self._said(subject, work, answers, owner, order[first])

    def _said(
        self, subject: Subject, work: _Tries, answers: Answers, rows: Numbers, tests: Numbers
    ) -> _Tries:
        """The tries with what the model said of the copies that are the best of rows now."""
        n = len(work.rows)
        said = np.full(n, None, dtype=object) if work.prediction is None else work.prediction.copy()
        chance = np.full(n, NAN) if work.chance is None else work.chance.copy()
        said[rows] = answers.predictions(tests)
        if answers.probabilities is not None:
            chance[rows] = answers.probabilities[tests, self._code(subject)]
        return replace(work, prediction=said, chance=chance)

    def _verdict(self, subject: Subject, work: _Tries, unknown: int, failure: str) -> Judged:
        columns = differ(work.before, work.best, np.arange(len(work.rows)))
        passed = {
            name: np.asarray(work.best.column(name))[work.found & columns[:, at]]
            for at, name in enumerate(work.before.sheet)
            if name in work.best.changed and work.before.column(name).dtype.kind in "iuf"
        }

        def show(tests: Numbers) -> list[FailingRow]:
            moved = changes(work.before.take(tests), work.best.take(tests))
            return [
                FailingRow(
                    row=int(work.rows[at]),
                    label=subject.label(int(work.rows[at])),
                    before=subject.predicted.prediction(int(work.rows[at])),
                    prediction=None if work.prediction is None else work.prediction[at],
                    probability=NAN if work.chance is None else float(work.chance[at]),
                    changes=moved[place],
                    note=_threshold_note(moved[place]),
                )
                for place, at in enumerate(tests)
            ]

        worst = -columns.sum(axis=1).astype(np.float64)
        more = " ".join(filter(None, [_passed_words(passed), _skipped_words(work.skipped)]))
        tests = Tests(
            ~work.found, show, worst=worst, unit="rows", more=more, unknown=unknown,
            failure=failure,
        )  # fmt: skip
        return self.judged(self._words(len(work.rows) + work.skipped), tests)

    def _searched(self, subject: Subject, plan: Plan) -> Judged:
        rows, skipped = plan.work
        found: Attacks = subject.attack(
            rows, self.target, vary=self.vary, ranges=dict(self.ranges or {}), tries=self.tries,
            seed=plan.seed,
        )  # fmt: skip
        flipped = {attack.row: attack for attack in found.found}
        holds = np.array([int(row) not in flipped for row in found.asked], dtype=bool)
        numbers: dict[str, list[float]] = {}
        for attack in found.found:
            for name, at in attack.thresholds:
                numbers.setdefault(name, []).append(float(at))

        def show(tests: Numbers) -> list[FailingRow]:
            made = []
            for at in tests:
                attack = flipped[int(found.asked[at])]
                moved = tuple(Changed(*change) for change in attack.changes)
                made.append(
                    FailingRow(
                        row=attack.row,
                        label=subject.label(attack.row),
                        before=attack.before,
                        prediction=attack.prediction,
                        probability=attack.probability,
                        changes=moved,
                        note=_threshold_note(moved),
                    )
                )
            return made

        worst = np.array(
            [-len(flipped[int(row)].changes) if int(row) in flipped else 0 for row in found.asked],
            dtype=np.float64,
        )
        passed = {name: np.array(values) for name, values in numbers.items()}
        parts = [_passed_words(passed), _skipped_words(skipped), found.note]
        more = " ".join(filter(None, parts))
        tests = Tests(holds, show, worst=worst, unit="rows", more=more)
        return self.judged(self._words(len(found.asked) + skipped), tests)

    def _words(self, n: int) -> str:
        way = f"by varying {', '.join(self.vary) or 'any feature'}"
        if self.perturbations:
            way = f"by {', '.join(self.perturbations)}"
        return (
            f"The share of {drawn_words(self, n)} that are never predicted as "
            f"{self._target_words()}, {counted(self.tries, 'try', 'tries')} each {way},"
        )

    def _target_words(self) -> str:
        if not isinstance(self.target, tuple):
            return str(self.target)
        return " to ".join("…" if end is None else f"{end:g}" for end in self.target)

    def _met(self, subject: Subject, said: Answers) -> Bools:
        """Which answers are what the attack wants."""
        if said.values is not None:
            low, high = self._range(subject)
            with np.errstate(invalid="ignore"):
                inside: Bools = (said.values >= low) & (said.values <= high)
            return inside
        right: Bools = said.codes == self._code(subject)
        return right

    def _has_target(self, subject: Subject) -> Bools:
        """Which rows have the target as label, or no label at all."""
        if subject.task.kind is TaskKind.REGRESSION:
            low, high = self._range(subject)
            values = label_values(subject)
            return np.isnan(values) | ((values >= low) & (values <= high))
        codes = label_codes(subject)
        return np.asarray((codes == self._code(subject)) | (codes < 0), dtype=bool)

    def _code(self, subject: Subject) -> int:
        if isinstance(self.target, tuple):
            raise BadOption(
                f"target={shown(self.target)} is a range of values.",
                known=f"{subject.ref} predicts classes.",
                hint=f"target={subject.task.classes[-1]!r}" if subject.task.classes else "",
            )
        return class_of(subject.task, self.target, "target")

    def _range(self, subject: Subject) -> tuple[float, float]:
        if not isinstance(self.target, tuple) or len(self.target) != 2:
            raise BadOption(
                f"target={shown(self.target)} is no range of values.",
                known=f"{subject.ref} predicts values.",
                hint="target=[10, 20], or [null, 20]",
            )
        low, high = self.target
        return -np.inf if low is None else low, np.inf if high is None else high


def _either(moved: Bools, new: Any, own: Any) -> Any:
    """The new value where it says so, else the own one."""
    drawn = np.asarray(new)
    if {drawn.dtype.kind, own.dtype.kind} <= set("iuf"):
        return np.where(moved, drawn, own)
    objects = (np.asarray(values, dtype=object) for values in (new, own))
    return np.where(moved, *objects).tolist()


def _with_rows(copies: Copies, places: Numbers, rows: Copies) -> Copies:
    """The copies, of which some are those others now."""
    import pandas as pd

    columns = {}
    for name in {**copies.changed, **rows.changed}:
        new = rows.column(name)
        column = pd.Series(copies.column(name), copy=True).astype(new.dtype)
        column.iloc[places] = new
        columns[name] = values_of(column)
    return copies.assign(columns)


def _singles(work: _Tries, hit: Numbers) -> tuple[Copies, _Tries]:
    """Copies in which only one of the changes is made, of rows with several."""
    columns = differ(work.before, work.best, np.arange(len(work.rows)))
    several = hit[columns[hit].sum(axis=1) > 1]
    parts, owners = [], []
    for at, name in enumerate(work.before.sheet):
        rows = several[columns[several, at]]
        if len(rows):
            part = work.before.take(rows)
            parts.append(part.assign({name: work.best.column(name)[rows]}))
            owners.append(rows)
    owner = np.concatenate(owners) if owners else np.empty(0, np.int64)
    copies = joined(parts) if parts else work.before.take(owner)
    return copies, replace(work, stage="single", owner=owner, share=np.ones(len(owner)))


def _between(work: _Tries, hit: Numbers, stage: Literal["coarse", "fine"]) -> tuple[Copies, _Tries]:
    """Copies whose numbers go only a part of the way."""
    moved = _moves(work)
    rows = hit[moved[hit].any(axis=1)]
    steps = np.arange(1, _GRID) / _GRID
    owner = np.repeat(rows, len(steps))
    share = (work.low[rows, None] + (work.high - work.low)[rows, None] * steps).ravel()
    frame = _at(work, owner, share)
    return frame, replace(work, stage=stage, owner=owner, share=share)


def _at(work: _Tries, owner: Numbers, share: Floats) -> Copies:
    """The found copies of rows, their numbers at a share of the way from the row."""
    moved = _moves(work)
    copies = work.best.take(owner)
    columns = {}
    for at, name in enumerate(work.before.sheet):
        if not moved[owner, at].any():
            continue
        first, last = work.before.column(name), work.best.column(name)
        own, end = (np.asarray(values, np.float64)[owner] for values in (first, last))
        value = np.where(moved[owner, at], own + share * (end - own), end)
        if first.dtype.kind in "iu":
            value = np.where(end > own, np.ceil(value), np.floor(value)).astype(np.int64)
        columns[name] = value.astype(last.dtype)
    return copies.assign(columns)


def _closer(work: _Tries, rows: Numbers, shares: Floats) -> _Tries:
    """The tries, closed in on the smallest share of the way at which rows are the target."""
    low, high = work.low.copy(), work.high.copy()
    high[rows] = shares
    below = work.share < high[work.owner] - 1e-12
    np.maximum.at(low, work.owner[below], work.share[below])
    if work.stage == "coarse":
        return replace(work, low=low, high=high)
    everyone = np.arange(len(work.rows))
    done = replace(work, low=low, high=high, best=_at(work, everyone, high))
    return replace(done, low=np.zeros(len(low)), high=np.ones(len(high)))


def _moves(work: _Tries) -> Bools:
    """Which numbers differ between a row and its found copy, both known, (rows, columns)."""
    names = list(work.before.sheet)
    moved = np.zeros((len(work.rows), len(names)), dtype=bool)
    for at, name in enumerate(names):
        if name not in work.best.changed:
            continue
        first, last = work.before.column(name), work.best.column(name)
        if {first.dtype.kind, last.dtype.kind} <= set("iuf"):
            gap = np.asarray(last, np.float64) - np.asarray(first, np.float64)
            moved[:, at] = ~np.isnan(gap) & (gap != 0) & work.found
    return moved


def _threshold_note(moved: tuple[Changed, ...]) -> str:
    """What each changed number had to pass."""
    parts = [
        f"{change.column} {'above' if change.after > change.before else 'below'} {change.after:.6g}"
        for change in moved
        if all(
            isinstance(end, (int, float)) and not isinstance(end, bool)
            for end in (change.before, change.after)
        )
    ]
    return "; ".join(parts)


def _passed_words(passed: Mapping[str, Any]) -> str:
    """The values that had to be passed, over all rows that were flipped."""
    parts = [
        f"{name} {np.nanmedian(values.astype(np.float64)):.4g} ({counted(len(values), 'row')})"
        for name, values in passed.items()
        if len(values)
    ]
    return f"Had to be passed, in the median: {', '.join(parts)}." if parts else ""


def _skipped_words(skipped: int) -> str:
    return f"Predicted so unchanged, and left out: {skipped:,}." if skipped else ""
