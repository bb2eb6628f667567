"""Explanations of an evaluation: which rows, by which explainer, and what is said of them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from mispredict.core.errors import BadOption, EmptyCohort, ModelError, UnknownColumn
from mispredict.core.options import number, shown, whole
from mispredict.core.results import Source
from mispredict.core.schema import ColumnType
from mispredict.core.task import Scalar, TaskKind
from mispredict.core.words import counted
from mispredict.explain.explanation import Explanation, ExplanationFacts
from mispredict.workspace.explaining import asking, explained
from mispredict.workspace.explaining import parts as explaining_parts
from mispredict.workspace.explaining.more import More

if TYPE_CHECKING:
    import pandas as pd

    from mispredict.core.predicate import Predicate
    from mispredict.explain.attributions import Choice, Subject
    from mispredict.explain.background import Background
    from mispredict.explain.calling import Caller
    from mispredict.explain.counterfactuals.search_calls import Budget
    from mispredict.explain.explained import Explained
    from mispredict.workspace.view import View

Numbers = npt.NDArray[np.int64]
Progress = Callable[[int, int], None]
Cancel = Callable[[], bool]

SAMPLED_ROWS = 200  # explained by default where attributions are sampled
BUDGET_S = 60.0  # of sampling by default
_SHOWN = 20  # rows that are named one by one


@dataclass(frozen=True)
class Wish:
    """What somebody wants explained, and how; see `Evaluation.explain`."""

    where: str | Predicate | None = None
    rows: Any = None
    method: str | None = None
    column: str | None = None
    target: Scalar | None = None
    background: Any = None
    sample: int | None = None
    samples: int | None = None
    budget: Any = None
    seed: int = 0
    trust: bool = False
    progress: Progress | None = None
    cancel: Cancel | None = None


def explanation_of(of: View, wish: Wish) -> Explanation:
    """What moves the model's answers on the rows; what was explained before is not again."""
    work = Explaining(of, wish)
    work.choice  # noqa: B018 - that a model cannot be explained is said before anything else
    mine, rest = _rows(work)
    if wish.rows is not None:
        return _result(work, explained.computed(work, mine), None, asked=len(mine), kept=0)
    every = np.union1d(mine, rest)
    new = np.setdiff1d(every, explained.known(work))
    explained.add(work, new)
    found = explained.read(work, mine)
    other = explained.read(work, rest) if len(rest) else None
    return _result(work, found, other, asked=len(mine), kept=len(every) - len(new))


class Explaining:
    """One call of `ev.explain`: the model, the explainer and the rows as both want them."""

    def __init__(self, of: View, wish: Wish) -> None:
        self.of, self.wish = of, wish
        self.started = time.perf_counter()
        self.inputs = asking.inputs_of(of, trust=wish.trust)
        self.seed = whole("seed", wish.seed, 0)
        self.target = _target(of, wish.target)

    @cached_property
    def caller(self) -> Caller:
        from mispredict.explain.calling import Caller

        budget = _budget(self.wish.budget)
        return Caller(self.inputs.model, self.of.task, budget=budget, cancel=self.wish.cancel)

    @cached_property
    def fingerprint(self) -> str | None:
        """Identity of the model, read once: that of a large one takes as long as a call of it."""
        return self.inputs.model.fingerprint()

    @cached_property
    def kinds(self) -> dict[str, ColumnType]:
        """Types of the columns that the model takes."""
        used, types = self.inputs.used, self.inputs.types
        given = self.inputs.model.describe().get("input")
        if given in types:  # a model of one column, however few different texts it has
            is_text = "string" in str(self.inputs.table[given].type)
            return {given: ColumnType.TEXT if is_text else types[given]}
        return {name: types[name] for name in types if used is None or name in used}

    @cached_property
    def subject(self) -> Subject:
        from mispredict.explain.attributions import Subject

        mask = self.wish.background if isinstance(self.wish.background, str) else None
        samples = None if self.wish.samples is None else whole("samples", self.wish.samples, 3)
        return Subject(
            self.inputs.model,
            self.of.task,
            self.kinds,
            self.background,
            self.caller,
            column=_text_column(self.kinds, self.wish.column),
            mask=mask,
            samples=samples,
            seed=self.seed,
        )

    @cached_property
    def choice(self) -> Choice:
        from mispredict.explain.attributions import choose

        is_tokens = self.wish.method is None and self.wish.column is not None
        return choose(self.subject, "tokens" if is_tokens else self.wish.method)

    @cached_property
    def background(self) -> Background:
        """The given rows, or some of the evaluation's, drawn by the seed."""
        from mispredict.explain.background import ROWS, Background

        given = self.wish.background
        if given is None or isinstance(given, str):
            numbers = asking.row_numbers(self.of, None, None, ROWS, self.seed)
            return Background(self.frame(numbers), f"rows of {self.of.dataset.ref}", self.seed)
        return _given_background(self, given)

    def frame(self, numbers: Numbers) -> pd.DataFrame:
        """Rows as the model takes them."""
        frame = self.inputs.frame(numbers)
        return frame if list(frame.columns) == list(self.kinds) else frame[list(self.kinds)]

    def targets(self, numbers: Numbers) -> Numbers:
        """The class of interest of each row: the chosen, the positive or the predicted one."""
        task = self.of.task
        if task.kind is TaskKind.REGRESSION:
            return np.zeros(len(numbers), dtype=np.int64)
        if self.target is not None:
            return np.full(len(numbers), self.target)
        if task.kind is TaskKind.BINARY:
            positive = task.classes[-1] if task.positive is None else task.positive
            return np.full(len(numbers), task.classes.index(positive))
        return asking.said_codes(self.of)[numbers]

    @cached_property
    def is_free(self) -> bool:
        """Whether rows are explained without asking the model."""
        return self.choice.explainer.cost(self.background.frame.head(1)) == 0

    @property
    def is_about_one_class(self) -> bool:
        """Whether all rows are explained for the same class."""
        return self.target is not None or self.of.task.kind is TaskKind.BINARY

    def source(self, found: Explained) -> Source:
        """What figures about the explained rows stand on."""
        n = int(found.known.sum())
        if self.wish.rows is None:
            return self.of.source(self.wish.where, n)
        named = ", ".join(map(str, found.rows[:_SHOWN].tolist()))
        return Source(self.of.ref, f"row IN ({named}{', …' if n > _SHOWN else ''})", n)


def _rows(work: Explaining) -> tuple[Numbers, Numbers]:
    """Numbers of the rows to explain, and of those beside a cohort."""
    wish, of, none = work.wish, work.of, np.zeros(0, np.int64)
    if wish.rows is not None and wish.where is not None:
        raise BadOption(
            "give either rows or where.",
            known="Both were given.",
            hint="rows=7, or where='NOT correct'",
        )
    sample = None if wish.sample is None else whole("sample", wish.sample, 1)
    if wish.rows is not None:
        found = asking.row_numbers(of, wish.rows, None, None, work.seed)
        if not len(found):
            known = "There is nothing to explain."
            raise EmptyCohort("rows=[] names no row.", known=known, hint="rows=0")
        return found, none
    if sample is None and not work.is_free:
        sample = SAMPLED_ROWS
    mine = asking.row_numbers(of, None, wish.where, sample, work.seed)
    if wish.where is None:
        return mine, none
    outside = np.flatnonzero(~of.mask(wish.where))
    if sample is not None and len(outside) > sample:
        draw = np.random.default_rng(work.seed + 1)
        outside = np.sort(draw.choice(outside, sample, replace=False))
    return mine, outside


def _result(
    work: Explaining, found: Explained, rest: Explained | None, *, asked: int, kept: int
) -> Explanation:
    if not found.known.any() or (work.wish.rows is not None and _is_blank(found)):
        raise _nothing(work, asked)
    is_cohort = work.wish.rows is None
    mispredictive = explaining_parts.mispredictive(work, found) if is_cohort else None
    faithfulness = explaining_parts.faithfulness(work, found) if is_cohort else None
    rows = explaining_parts.importances(found, rest)
    about = _about(work, found, asked, kept)
    note = _note(work, found, asked)
    source = work.source(found)
    result = Explanation(rows, about, source, mispredictive, faithfulness, note)
    return result.backed_by(More(work, found))


def _is_blank(found: Explained) -> bool:
    """Whether no row has any attribution."""
    if found.tokens is not None:
        counted = [weights for weights in found.weights if len(weights)]
        return bool(counted) and all(np.isnan(weights).all() for weights in counted)
    return all(np.isnan(found.read(name)).all() for name in found.features)


def _about(work: Explaining, found: Explained, asked: int, kept: int) -> ExplanationFacts:
    from mispredict.explain.attributions import output_name

    explainer, used, task = work.choice.explainer, work.caller.used, work.of.task
    target = None
    if task.classes and work.is_about_one_class:
        target = task.classes[int(work.targets(found.rows[:1])[0])]
    additivity, sampling = explaining_parts.errors(found)
    return ExplanationFacts(
        method=explainer.method,
        why=work.choice.why,
        is_exact=explainer.is_exact,
        output=output_name(task, explainer.scale, target),
        base=explaining_parts.mean(found.base),
        additivity_error=additivity,
        sampling_error=sampling,
        facts=explainer.facts,
        asked=asked,
        n=int(found.known.sum()),
        kept=kept,
        model_calls=used.calls,
        model_rows=used.rows,
        model_seconds=used.seconds,
        failed=used.failed,
        failure=used.failure,
        is_budget_spent=used.is_spent,
        seconds=time.perf_counter() - work.started,
    )


def _note(work: Explaining, found: Explained, asked: int) -> str:
    n, used, notes = int(found.known.sum()), work.caller.used, []
    is_cohort = work.wish.rows is None
    cohort = int(work.of.mask(work.wish.where).sum()) if is_cohort else asked
    if asked < cohort:
        notes.append(f"Drawn: {asked:,} of {counted(cohort, 'row')} (seed {work.seed}).")
    if n < asked:
        notes.append(f"{counted(asked - n, 'row')} could not be explained.")
    if used.failures:
        notes.append(used.failures)
    if used.is_spent:
        notes.append("The budget was over before the sampling; intervals are wider for it.")
    return " ".join(notes)


def _nothing(work: Explaining, asked: int) -> ModelError:
    used = work.caller.used
    if used.failure:
        known = f"The model said: {used.failure.rstrip('.')}."
        hint = "ws.evaluate(…) names a row at fault"
    elif work.subject.samples is not None and not used.is_spent:
        known = f"samples={work.subject.samples} are fewer than a row has features or tokens."
        hint = "leave samples out"
    else:
        known, hint = "The budget was over before the first.", "budget= with more seconds"
    return ModelError(
        f"none of {counted(asked, 'row')} could be explained.", known=known, hint=hint
    )


def _target(of: View, target: Scalar | None) -> int | None:
    if target is None:
        if of.task.kind is TaskKind.MULTILABEL:
            raise BadOption(
                "a multilabel evaluation is explained for one label at a time.",
                known=f"Labels: {', '.join(map(repr, of.task.classes[:8]))}.",
                hint=f"target={of.task.classes[0]!r}",
            )
        return None
    if not of.task.classes:
        raise BadOption(
            f"target={shown(target)} cannot be used.",
            known=f"A {of.task.kind} evaluation has no classes.",
            hint="leave target away",
        )
    for code, name in enumerate(of.task.classes):
        if name == target or str(name) == str(target):
            return code
    raise BadOption.choice("target", target, map(str, of.task.classes))


def _budget(given: Any) -> Budget:
    """The bound on calls and time: the default, rows of the model, or as given."""
    from mispredict.explain.counterfactuals.search_calls import Budget

    if given is None:
        return Budget(seconds=BUDGET_S)
    if isinstance(given, Budget):
        return given
    if isinstance(given, float):
        return Budget(seconds=number("budget", given, 0, is_above=True))
    return Budget(rows=whole("budget", given, 1))


def _text_column(kinds: dict[str, ColumnType], column: str | None) -> str | None:
    if column is None:
        return None
    if column not in kinds:
        raise UnknownColumn.among(column, kinds, where="what the model takes")
    if kinds[column] is not ColumnType.TEXT:
        raise BadOption(
            f"column={column!r} holds no texts.",
            known=f"Its type is {kinds[column]}; tokens are of texts.",
            hint="leave column away",
        )
    return column


def _given_background(work: Explaining, given: Any) -> Background:
    """The background that somebody chose: a number of rows, a cohort, or rows of their own."""
    from mispredict.core.predicate import Predicate
    from mispredict.explain.background import Background

    ref = work.of.dataset.ref
    if isinstance(given, Predicate):
        from mispredict.explain.background import ROWS

        numbers = asking.row_numbers(work.of, None, given, ROWS, work.seed)
        origin = f"rows of {ref} where {work.of.predicate(given).text}"
        return Background(work.frame(numbers), origin, work.seed, is_given=True)
    if not hasattr(given, "columns"):
        most = whole("background", given, 1, work.of.n)
        numbers = asking.row_numbers(work.of, None, None, most, work.seed)
        return Background(work.frame(numbers), f"rows of {ref}", work.seed, is_given=True)
    frame = given.to_pandas() if hasattr(given, "to_pandas") else given
    for name in work.kinds:
        if name not in frame.columns:
            raise UnknownColumn.among(name, map(str, frame.columns), where="the background")
    if not len(frame):
        raise BadOption(
            "background has no rows.", known="Features are set to its values.", hint="100 rows"
        )
    return Background(frame[list(work.kinds)].reset_index(drop=True), "given rows", is_given=True)
