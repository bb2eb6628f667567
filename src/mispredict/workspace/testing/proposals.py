"""Checks proposed from what was found, so that it cannot get worse unseen.

A bound is the value that the evaluation has, less two and a half times the distance to the end of
its interval: a version that is as good passes in more than 95 % of samples, even if both values
are drawn from different rows, and one that is clearly worse does not.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mispredict.checks.catalog import KINDS, Check, Kind
from mispredict.checks.suites.suite import Suite
from mispredict.core.errors import BadOption, EmptyCohort
from mispredict.core.ids import Ref
from mispredict.core.options import choice, shown, whole
from mispredict.core.predicate import all_of, equals, one_of
from mispredict.core.task import TaskKind
from mispredict.core.words import counted

if TYPE_CHECKING:
    from mispredict.expectations.verdict import Verdict
    from mispredict.workspace.evaluation import Evaluation

SOURCES = ("slices", "error_classes", "priorities", "cohorts", "counterfactuals")
_USUAL = ("slices", "error_classes", "priorities", "cohorts")  # which call no model
_METRICS = {TaskKind.REGRESSION: "mae", TaskKind.SCORE: "loss"}
_LONGEST = 80  # letters of a name
_MARGIN = 2.5  # distances to the interval's end; with 2 one in ten good versions would not pass
_LARGE = 1e300  # a bound that everything is within


@dataclass(frozen=True)
class _Draft:
    """A check to be: `made` gives its kind for a bound, None for one that everything passes."""

    name: str
    made: Callable[[float | None], Kind]
    tag: str
    reason: str
    is_least: bool = True


def propose(of: Evaluation, from_: Any = None, *, limit: int = 15, seed: int = 0) -> Suite:
    """Checks from findings as a suite; see `Evaluation.propose_checks`."""
    from mispredict.workspace.testing.testing import judge

    whole("limit", limit, 1)
    drafts = list(_drafts(of, from_, limit, seed))
    loose = tuple(Check(item.name, item.made(None), seed=seed) for item in drafts)
    measured = judge(Suite("proposed", loose), of).rows if loose else ()
    checks = _bounded(drafts, measured, seed)
    if not checks:
        raise EmptyCohort(
            f"there is nothing to propose checks from in {of.ref}.",
            known=f"{len(drafts):,} findings were looked at; those of few rows say too little.",
            hint="ev.save_cohort('seniors', 'Age > 60'), or another from_=",
        )
    model, dataset = Ref.parse(of.model).name, Ref.parse(of.dataset.ref).name
    return Suite(f"{model}-{dataset}", tuple(checks), dataset=dataset, model=model)


def propose_for(of: Evaluation, where: str, *, name: str = "", seed: int = 0) -> Suite:
    """A check of one cohort, whose bound is what the evaluation has now less its uncertainty.

    Where that is nothing, since almost all of it is wrong, the bound is that of all rows: the
    check fails until the cohort is mended.

    Raises:
        EmptyCohort: its rows say too little.
    """
    from mispredict.workspace.testing.testing import judge

    sentence = of.cohort_facts(where).sentence
    reason = f"Rows where {sentence}."
    draft = _of_cohort(of, _clipped(name or where), where, "cohort", reason)
    every = _of_cohort(of, f"{draft.name} among all", "TRUE", "cohort", "")
    loose = Suite(
        "proposed", tuple(Check(item.name, item.made(None), seed=seed) for item in (draft, every))
    )
    own, whole = judge(loose, of).rows
    bounds = [bound_of(verdict, draft.is_least) for verdict in (own, whole)]
    bound = next((item for item in bounds if item is not None), None)
    if bound is None or not own.n:
        raise EmptyCohort(
            f"there are too few rows where {sentence} to propose a bound.",
            known=f"It has {own.n:,}.",
            hint="a larger cohort, or a bound of your own on the Tests screen",
        )
    check = Check(draft.name, draft.made(bound), tags=(draft.tag,), reason=reason, seed=seed)
    model, dataset = Ref.parse(of.model).name, Ref.parse(of.dataset.ref).name
    return Suite(f"{model}-{dataset}", (check,), dataset=dataset, model=model)


def _bounded(drafts: Sequence[_Draft], measured: Sequence[Verdict], seed: int) -> list[Check]:
    """The checks whose bound can be told from what was measured."""
    return [
        Check(item.name, item.made(bound), tags=(item.tag,), reason=item.reason, seed=seed)
        for item, verdict in zip(drafts, measured, strict=True)
        if (bound := bound_of(verdict, item.is_least)) is not None
    ]


def _drafts(of: Evaluation, from_: Any, limit: int, seed: int) -> Iterator[_Draft]:
    if from_ is None:
        yield _Draft(
            "all rows", _metric(of, None), "overall", "The model as a whole.", _is_least(of)
        )
    names: set[str] = {"all rows"}
    for source, result in _sources(of, from_, limit, seed):
        for draft in _READERS[source](of, result, limit):
            name = _unused(_clipped(draft.name), names)
            names.add(name)
            yield _Draft(name, draft.made, draft.tag, draft.reason, draft.is_least)


def _sources(of: Evaluation, from_: Any, limit: int, seed: int) -> Iterator[tuple[str, Any]]:
    """What was found, by the name of its source."""
    given = _USUAL if from_ is None else [from_] if isinstance(from_, str) else None
    if given is None and isinstance(from_, (list, tuple)):
        given = from_
    if given is None:
        yield _source_of(from_), from_
        return
    for source in given:
        choice("from_", source, SOURCES)
        if from_ is not None or _has(of, source):
            yield source, _found(of, source, limit, seed)


def _has(of: Evaluation, source: str) -> bool:
    """Whether there can be anything of a source that nobody asked for by name."""
    if source == "error_classes":
        return of.task.is_classification
    return source != "priorities" or bool(of.workspace.tag_masks(of.dataset))


def _found(of: Evaluation, source: str, limit: int, seed: int) -> Any:
    if source == "slices":
        return of.slices(top=min(limit, 15), seed=seed)
    if source == "error_classes":
        return of.error_classes()
    if source == "priorities":
        return of.tags()
    if source == "cohorts":
        return of.workspace.cohorts()
    return of.counterfactuals(seed=seed)


def _source_of(result: Any) -> str:
    """The source that a result is of, by its class."""
    found = {
        "Slices": "slices",
        "ErrorClasses": "error_classes",
        "Priorities": "priorities",
        "Cohorts": "cohorts",
        "Counterfactuals": "counterfactuals",
    }.get(type(result).__name__)
    if found is None:
        raise BadOption(
            f"from_={shown(result)} proposes no checks.",
            known=f"It is one of {', '.join(SOURCES)}, or such a result.",
            hint="ev.propose_checks('slices'), or ev.propose_checks(ev.slices())",
        )
    return found


def _from_slices(of: Evaluation, result: Any, limit: int) -> Iterable[_Draft]:
    for row in result.rows[:limit]:
        yield _of_cohort(of, f"slice {row.where}", row.where, "slice", row.sentence)


def _from_error_classes(of: Evaluation, result: Any, limit: int) -> Iterable[_Draft]:
    """The accuracy among rows of the label that get it or the wrong class."""
    by_text = {str(name): name for name in of.task.classes}
    for row in result.rows[:limit]:
        label, wrong = by_text[row.label], by_text[row.prediction]
        terms = [equals("label", label)]
        if len(of.task.classes) > 2:
            terms.append(one_of("prediction", [label, wrong]))
        share = f"{row.n:,} of these, {100 * row.share_of_label:.1f} % of the label"
        reason = f"{row.label} taken for {row.prediction}: {share}."
        where = all_of(terms).text
        yield _of_cohort(of, f"{row.label} not taken for {row.prediction}", where, "error", reason)


def _from_priorities(of: Evaluation, result: Any, limit: int) -> Iterable[_Draft]:
    tags = set(of.workspace.tag_masks(of.dataset))
    for row in [row for row in result.rows if row.tag in tags][:limit]:
        yield _of_cohort(of, f"tag {row.tag}", row.where, "tag", row.sentence)


def _from_cohorts(of: Evaluation, result: Any, limit: int) -> Iterable[_Draft]:
    for row in result.rows[:limit]:
        name = Ref.parse(row.name).name
        if not _selects(of, name):
            continue
        reason = row.note or f"Rows where {row.sentence}."
        yield _of_cohort(of, f"cohort {name}", f"cohort('{name}')", "cohort", reason)


def _from_counterfactuals(of: Evaluation, result: Any, limit: int) -> Iterable[_Draft]:
    """An attack on the features that changed most often, towards each class that was reached."""
    del limit
    targets = dict.fromkeys(row.prediction for row in result.rows)
    for target in targets:
        rows = [row for row in result.rows if row.prediction == target]
        counts: dict[str, int] = {}
        for row in rows:
            for change in row.changes:
                counts[change.column] = counts.get(change.column, 0) + 1
        vary = tuple(sorted(counts, key=lambda name: (-counts[name], name)))
        if vary:
            turned = len({row.row for row in rows})
            rows_turned = counted(turned, "row was", "rows were")
            reason = f"{rows_turned} turned to {target} by changes of {', '.join(vary)}."
            yield _Draft(f"not turned to {target}", _attack(target, vary), "adversarial", reason)


_READERS: dict[str, Callable[[Any, Any, int], Iterable[_Draft]]] = {
    "slices": _from_slices,
    "error_classes": _from_error_classes,
    "priorities": _from_priorities,
    "cohorts": _from_cohorts,
    "counterfactuals": _from_counterfactuals,
}


def _of_cohort(of: Evaluation, name: str, where: str, tag: str, reason: str) -> _Draft:
    return _Draft(name, _metric(of, where), tag, reason, _is_least(of))


def _metric(of: Evaluation, where: str | None) -> Callable[[float | None], Kind]:
    """A check of the task's metric: accuracy, or where there is none the mean error or loss."""
    metric = _METRICS.get(of.task.kind, "accuracy")

    def made(bound: float | None) -> Kind:
        if _is_least(of):
            return KINDS["metric"](metric=metric, where=where, min=0.0 if bound is None else bound)  # type: ignore[call-arg]
        return KINDS["metric"](metric=metric, where=where, max=_LARGE if bound is None else bound)  # type: ignore[call-arg]

    return made


def _attack(target: Any, vary: Sequence[str]) -> Callable[[float | None], Kind]:
    def made(bound: float | None) -> Kind:
        return KINDS["adversarial"](target=target, vary=tuple(vary), min_share=bound or 0.0)  # type: ignore[call-arg]

    return made


def _is_least(of: Evaluation) -> bool:
    """Whether the metric is to be at least so much, and not at most."""
    return of.task.kind not in _METRICS


def bound_of(verdict: Verdict, is_least: bool) -> float | None:
    """The value less a margin for chance; None where that says nothing."""
    if not verdict.n or not all(map(math.isfinite, (verdict.value, verdict.low, verdict.high))):
        return None
    if not is_least:
        bound = verdict.value + _MARGIN * (verdict.high - verdict.value)
        return _rounded(bound, math.ceil) or None
    bound = verdict.value - _MARGIN * (verdict.value - verdict.low)
    return max(_rounded(bound, math.floor), 0.0) if bound > 0.001 else None


def _rounded(value: float, way: Callable[[float], int]) -> float:
    """The value with three digits after the point, or three that count of a large or small one."""
    if value == 0:
        return 0.0
    places = max(3, 2 - math.floor(math.log10(abs(value)))) if abs(value) < 1 else 3
    scale = 10.0**places
    return float(round(way(value * scale) / scale, places))


def _selects(of: Evaluation, cohort: str) -> bool:
    """Whether the saved cohort fits this dataset and has rows in it."""
    from mispredict.core.errors import InputError

    try:
        return bool(of.mask(f"cohort('{cohort}')").any())
    except InputError:
        return False


def _clipped(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"


def _unused(name: str, used: set[str]) -> str:
    """The name, with a number if it is taken."""
    number = 2
    made = name
    while made in used:
        made, number = f"{name} ({number})", number + 1
    return made
