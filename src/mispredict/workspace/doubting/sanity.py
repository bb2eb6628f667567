"""Sanity tests of an evaluation's model: kinds of checks, run together and explained."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from mispredict.core.errors import MispredictError
from mispredict.core.options import choice, names, whole
from mispredict.core.predicate import Predicate
from mispredict.data.doubt.sanity import AblationRow, Sanity, SanityRow
from mispredict.data.doubt.skill import check_task, skill_name
from mispredict.data.found_checks import check_yaml
from mispredict.expectations.check import KINDS, Check
from mispredict.workspace.doubting.columns import is_evaluation

if TYPE_CHECKING:
    from mispredict.expectations.verdict import Verdict
    from mispredict.workspace.evaluation import Evaluation
    from mispredict.workspace.testing.subject import EvaluationSubject

TESTS = ("beats_constant", "train_gap", "input_ablation", "overfits_batch", "label_shuffle")
_WORST = ("fail", "unsure", "pass", "skipped")


def sanity_of(
    of: Evaluation,
    *,
    train: str | Predicate | Evaluation | None,
    tests: Sequence[str] | None,
    sample: int,
    seed: int,
    trust: bool,
    progress: Callable[[int, int], None] | None,
    cancel: Callable[[], bool] | None,
) -> Sanity:
    """Each test's verdict, and what the model loses without each input."""
    from mispredict.checks.running import run_checks
    from mispredict.workspace.testing.subject import EvaluationSubject

    started = time.perf_counter()
    check_task(of.task)
    asked = (
        TESTS if tests is None else tuple(choice("tests", t, TESTS) for t in names("tests", tests))
    )
    sample = whole("sample", sample, 20)
    plans: dict[str, Check | str] = {
        test: _planned(of, test, train, sample, seed) for test in asked
    }
    checks = [item for item in plans.values() if isinstance(item, Check)]
    with EvaluationSubject(of, trust=trust, cancel=cancel) as subject:
        verdicts = run_checks(checks, subject, progress=progress, cancel=cancel)
        found = {row.check: row for row in verdicts.rows}
        rows = [_row(test, plan, found.get(test)) for test, plan in plans.items()]
        other = _other(of, train)
        if other is not None:
            rows = [_gap_to(of, other) if row.test == "train_gap" else row for row in rows]
        ablation = _ablation(subject, sample, seed) if "input_ablation" in asked else ()
    rows.sort(key=lambda row: _WORST.index(row.verdict))
    return Sanity(
        tuple(rows),
        of.source(),
        skill_name(of.task, of.outcomes.has_probabilities),
        ablation,
        not any(row.verdict == "fail" for row in rows),
        _note(rows),
        time.perf_counter() - started,
    )


def _planned(of: Evaluation, test: str, train: Any, sample: int, seed: int) -> Check | str:
    """The check of a test, or why it cannot be done."""
    options: dict[str, Any] = {}
    if test == "train_gap":
        cohort = _training(of, train)
        if cohort is None:
            return (
                "Which rows the model learned from is not known: their cohort says it, or the "
                "evaluation of the model on its training data."
            )
        options = {"train": cohort}
    if test in ("input_ablation", "label_shuffle"):
        options = {"sample": sample}
    return Check(test, KINDS[test](**options), seed=seed)


def _other(of: Evaluation, train: str | Predicate | Evaluation | None) -> Evaluation | None:
    """The evaluation of the training data, if one was named."""
    if train is None or isinstance(train, Predicate):
        return None
    if not isinstance(train, str):
        return train
    return of.workspace.evaluation(train) if is_evaluation(of, train) else None


def _training(of: Evaluation, train: Any) -> str | None:
    """The cohort of the rows that the model learned from."""
    if isinstance(train, Predicate):
        return train.text
    if isinstance(train, str):
        if is_evaluation(of, train):
            return None
        return of.predicate(train).text
    if train is None and "split" in of.fields.reserved:
        is_train = of.mask("split = 'train'")
        if is_train.any() and not is_train.all():
            return "split = 'train'"
    return None


def _row(test: str, plan: Check | str, verdict: Verdict | None) -> SanityRow:
    nan = float("nan")
    if isinstance(plan, str) or verdict is None:
        why = plan if isinstance(plan, str) else "It was not run."
        return SanityRow(test, "skipped", nan, nan, nan, 0, "", why, "")
    if verdict.verdict == "error":
        return SanityRow(test, "skipped", nan, nan, nan, 0, "", verdict.sentence, "")
    from dataclasses import MISSING, fields

    given = {
        item.name: getattr(plan.kind, item.name)
        for item in fields(plan.kind)
        if item.default is MISSING or getattr(plan.kind, item.name) != item.default
    }
    text = check_yaml(test.replace("_", " "), test, given)
    return SanityRow(
        test, verdict.verdict, verdict.value, verdict.low, verdict.high, verdict.n,
        verdict.expected, verdict.sentence, text,
    )  # fmt: skip


def _gap_to(of: Evaluation, train: Evaluation) -> SanityRow:
    """The gap to another evaluation, that of the training data."""
    from mispredict.data.doubt.skill import skill, skill_gap
    from mispredict.expectations.bounds import Bound
    from mispredict.workspace.testing.answers import stored_answers

    seen, unseen = (
        skill(stored_answers(item), np.asarray(item.outcomes.label)) for item in (train, of)
    )
    bound = Bound(high=0.1)
    said = bound.judged(
        skill_gap(seen, unseen),
        f"The skill that is lost from {train.ref} to {of.ref}",
        more=f"It is {seen.value:.4g} there and {unseen.value:.4g} here.",
    )
    return SanityRow(
        "train_gap", said.verdict, said.value, said.low, said.high, said.n, said.expected,
        said.sentence, "",
    )  # fmt: skip


def _ablation(subject: EvaluationSubject, sample: int, seed: int) -> tuple[AblationRow, ...]:
    """What is lost without each input; nothing where the model cannot be asked."""
    from mispredict.data.doubt.ablation import ablate, lost_by_column
    from mispredict.data.kinds.sanity import InputAblation, labels

    try:
        rows = InputAblation(sample=sample).rows(subject, seed, sample)
        columns = tuple(subject.columns)
        if not columns:
            return ()
        frame, work = ablate(subject.frame(rows), rows, columns, seed)
        said = subject.ask(frame)
    except MispredictError:
        return ()  # the test's own row says why
    found = lost_by_column(subject.predicted.take(rows), said, labels(subject)[rows], work)
    made = [
        AblationRow(
            item.column,
            item.lost.value,
            item.lost.low,
            item.lost.high,
            item.lost.n,
            item.share,
            item.changed,
            item.changed > 0,
        )
        for item in found
    ]
    return tuple(sorted(made, key=lambda row: -row.value))


def _note(rows: Sequence[SanityRow]) -> str:
    def named(verdict: str) -> list[str]:
        return [row.test.replace("_", " ") for row in rows if row.verdict == verdict]

    failed, skipped = named("fail"), named("skipped")
    said = f"Failed: {', '.join(failed)}." if failed else "No sanity test failed."
    return f"{said} Not done: {', '.join(skipped)}." if skipped else said
