"""Which evaluations are compared, on which of their rows; the comparing itself is a room's."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from mispredict.core.errors import BadOption, EmptyCohort, UnknownName
from mispredict.core.ids import Ref
from mispredict.core.options import names as names_of
from mispredict.core.options import number
from mispredict.core.predicate import Predicate
from mispredict.core.predicate.others import is_of_model
from mispredict.core.words import counted

if TYPE_CHECKING:
    from mispredict.compare.diff.cohorts import Texts
    from mispredict.compare.diff.diff import CommonRows, Comparison
    from mispredict.compare.diff.sides import Side
    from mispredict.workspace.comparing.rows import Matched
    from mispredict.workspace.evaluation import Evaluation
    from mispredict.workspace.workspace import Workspace

Threshold = float | Mapping[str, float] | None


@dataclass(frozen=True)
class Wish:
    """What to compare, and how far to look."""

    metrics: Sequence[str] = ()
    by: str | Sequence[str | Predicate] | None = None
    where: str | Predicate | None = None
    threshold: Threshold = None
    common: bool = False
    slices: bool = True
    columns: Sequence[str] | None = None
    skip: Sequence[str] = ()
    conditions: int = 3
    min_share: float = 0.01
    budget_s: float = 60.0
    seed: int = 0
    progress: Callable[[int, int], None] | None = None
    cancel: Callable[[], bool] | None = None


def compared_models(
    workspace: Workspace,
    models: Sequence[str | Evaluation],
    data: str | None,
    wish: Wish,
    *,
    baseline: str | Evaluation | None = None,
    trust: bool = False,
) -> Comparison:
    """The comparison of models on a dataset; those that were not evaluated there are."""
    found = evaluations_of(workspace, models, data, trust=trust, wish=wish)
    if baseline is not None:
        found = _held_against(workspace, found, baseline, data, trust=trust, wish=wish)
    if len(found) < 2:
        raise BadOption(
            "a comparison needs two models at least.",
            known=f"Given: {', '.join(item.ref for item in found) or 'none'}.",
            hint="ws.compare('gbm@1', 'gbm@2', data='churn')",
        )
    return compared(found, wish)


def _held_against(
    workspace: Workspace,
    found: Sequence[Evaluation],
    baseline: str | Evaluation,
    data: str | None,
    *,
    trust: bool,
    wish: Wish,
) -> list[Evaluation]:
    """The evaluations with the baseline first, which may be one of them."""
    shared = {item.dataset.ref for item in found}
    on = data or (next(iter(shared)) if len(shared) == 1 else None)
    (base,) = evaluations_of(workspace, [baseline], on, trust=trust, wish=wish)
    return [base, *(item for item in found if item.ref != base.ref)]


def compared(found: Sequence[Evaluation], wish: Wish) -> Comparison:
    """The comparison of evaluations, the first of which the others are held against."""
    from mispredict.compare.diff.pairs import Question
    from mispredict.compare.diff.pairs import compared as room
    from mispredict.workspace.comparing.slices import searcher
    from mispredict.workspace.measuring import groupings

    start = time.perf_counter()
    _check_rows(found, wish)
    _check_tasks(found)
    last = found[-1]
    mask = last.mask(wish.where)
    if wish.where is not None and not mask.any():
        raise EmptyCohort(
            f"no row of {last.ref} meets {last.predicate(wish.where).text}.",
            known=f"The evaluation has {counted(last.n, 'row')}.",
            hint="a wider cohort",
        )
    metrics = () if wish.metrics is None else names_of("metrics", wish.metrics)
    by = _names(wish.by)
    groups = groupings(last, list(by), mask, wish.where) if by else []
    cohort = "all" if wish.where is None else last.predicate(wish.where).text
    thresholds = _thresholds(found, wish.threshold)
    shared = _Shared.of(found)
    mask = mask & shared.mask
    sides = [_side(item, shared, limit) for item, limit in zip(found, thresholds, strict=True)]
    asked = Question(
        sides,
        mask,
        cohort,
        last.source(wish.where, int(mask.sum())),
        lambda after, before: _texts(after, before, found, wish),
        groups,
        tuple(str(item) for item in by),
        metrics,
        searcher(last, mask, wish) if wish.slices else None,
        shared.told(found),
        shared.notes(found),
    )
    return replace(room(asked), seconds=time.perf_counter() - start)


def evaluations_of(
    workspace: Workspace,
    models: Sequence[str | Evaluation],
    data: str | None,
    *,
    trust: bool = False,
    wish: Wish | None = None,
) -> list[Evaluation]:
    """The evaluation that is meant by each model, on the dataset if one is named."""
    from mispredict.workspace.evaluation import Evaluation

    found: list[Evaluation] = []
    dataset = None if data is None else workspace.dataset(data).ref
    if dataset is None:
        dataset = _shared_dataset(workspace, models)
    for item in models:
        if isinstance(item, Evaluation):
            found.append(item)
        elif "/" in item or dataset is None:
            found.append(workspace.evaluation(item))
        else:
            found.append(_on(workspace, item, dataset, trust, wish or Wish()))
    return found


def _on(workspace: Workspace, model: str, dataset: str, trust: bool, wish: Wish) -> Evaluation:
    """The model's evaluation on the dataset, made if there is none and it can be."""
    ref = str(workspace.store.version("model", model).ref)
    try:
        return workspace.evaluation(f"{ref}/{dataset}")
    except UnknownName as error:
        if not workspace.can_call(ref, trust=trust):
            raise UnknownName(
                f"{ref} was not evaluated on {dataset}.",
                known="It cannot be called from here, so its predictions there are not known.",
                hint=f"ws.add_predictions({ref!r}, {dataset!r}, …)",
            ) from error
        return workspace.evaluate(
            ref, dataset, trust=trust, progress=wish.progress, cancel=wish.cancel
        )


def _shared_dataset(workspace: Workspace, models: Sequence[str | Evaluation]) -> str | None:
    """The newest dataset version that every model was evaluated on; None without one."""
    from mispredict.workspace.evaluation import Evaluation

    shared: set[str] | None = None
    newest: dict[str, Any] = {}
    versions = workspace.store.versions("evaluation")
    for item in models:
        if isinstance(item, Evaluation) or "/" in item:
            name = item.dataset.ref if isinstance(item, Evaluation) else None
            own = {name or str(workspace.evaluation(str(item)).dataset.ref)}
        else:
            ref = str(workspace.store.version("model", item).ref)
            own = {str(v.spec["dataset"]) for v in versions if v.spec["model"] == ref}
        shared = own if shared is None else shared & own
    for version in versions:
        name = str(version.spec["dataset"])
        newest[name] = max(newest.get(name, version.created_at), version.created_at)
    return max(shared, key=lambda name: (newest.get(name), name)) if shared else None


def _check_tasks(found: Sequence[Evaluation]) -> None:
    """Refuse models of different tasks, whose answers have nothing in common.

    Raises:
        BadOption: the tasks are of different kinds.
    """
    first = found[0]
    for item in found[1:]:
        if item.task.kind is not first.task.kind:
            raise BadOption(
                f"{item.model} and {first.model} cannot be compared.",
                known=f"Their tasks are {item.task.kind} and {first.task.kind}.",
                hint="models of one task",
            )


def _check_rows(found: Sequence[Evaluation], wish: Wish) -> None:
    """Refuse to put numbers from different rows side by side.

    Raises:
        BadOption: the evaluations are of different dataset versions.
    """
    datasets = list(dict.fromkeys(item.dataset.ref for item in found))
    if len(datasets) > 1 and not wish.common:
        raise BadOption(
            f"the evaluations are of different rows: {', '.join(datasets)}.",
            known="Figures from different rows say nothing of the models alone.",
            hint="common=True for the rows that all of them have, or one dataset version for all",
        )


def _names(by: str | Sequence[str | Predicate] | None) -> tuple[str | Predicate, ...]:
    if by is None:
        return ()
    return (by,) if isinstance(by, (str, Predicate)) else tuple(by)


def _thresholds(found: Sequence[Evaluation], given: Threshold) -> list[float | None]:
    """Each model's threshold; by the model's ref, or its name."""
    if given is None:
        return [None] * len(found)
    if not isinstance(given, Mapping):
        return [number("threshold", given, 0, 1)] * len(found)
    known = {item.model for item in found} | {Ref.parse(item.model).name for item in found}
    for name in given:
        if name not in known:
            raise UnknownName.of("model", name, sorted(known))
    return [
        None if chosen is None else number("threshold", chosen, 0, 1)
        for item in found
        for chosen in [given.get(item.model, given.get(Ref.parse(item.model).name))]
    ]


def _side(of: Evaluation, shared: _Shared, threshold: float | None) -> Side:
    from mispredict.compare.diff.sides import Side
    from mispredict.workspace.comparing.rows import aligned, labels_of

    match = shared.matches.get(of.dataset.ref)
    outcomes = of.outcomes
    if match is not None:
        outcomes = aligned(outcomes, match, labels_of(shared.last.dataset, of.task))
    return Side(of.model, of.ref, outcomes, threshold)


@dataclass(frozen=True, eq=False)
class _Shared:
    """Which rows of the last evaluation all have, and where they are in the other datasets."""

    last: Evaluation
    mask: Any
    matches: Mapping[str, Matched]

    @classmethod
    def of(cls, found: Sequence[Evaluation]) -> _Shared:
        from mispredict.workspace.comparing.rows import matched

        last = found[-1]
        others = {item.dataset.ref: item.dataset for item in found}
        others.pop(last.dataset.ref)
        matches = {ref: matched(last.dataset, other) for ref, other in others.items()}
        mask = np.ones(last.n, np.bool_)
        for match in matches.values():
            mask &= match.places >= 0
        return cls(last, mask, matches)

    def told(self, found: Sequence[Evaluation]) -> CommonRows | None:
        """How rows were matched; None where there was nothing to match."""
        from mispredict.compare.diff.diff import CommonRows

        if not self.matches:
            return None
        match = next(iter(self.matches.values()))
        n = int(self.mask.sum())
        changed = int(sum((m.is_changed & self.mask).sum() for m in self.matches.values()))
        relabelled = int(sum((m.is_relabelled & self.mask).sum() for m in self.matches.values()))
        names = ", ".join(dict.fromkeys(item.dataset.ref for item in found))
        sentence = f"Compared on the {counted(n, 'row')} that {names} have in common"
        sentence += f", matched by {match.by}"
        if changed:
            sentence += f"; {changed:,} of them have other values there"
        if relabelled:
            sentence += (
                f"; {relabelled:,} have another label, and count by that of {self.last.dataset.ref}"
            )
        return CommonRows(
            match.by, n, sum(m.only_other for m in self.matches.values()),
            self.last.n - n, changed, relabelled, f"{sentence}.",
        )  # fmt: skip

    def notes(self, found: Sequence[Evaluation]) -> tuple[str, ...]:
        told = self.told(found)
        return () if told is None else (told.sentence,)


def _texts(after: Side, before: Side, found: Sequence[Evaluation], wish: Wish) -> Texts:
    from mispredict.compare.diff.cohorts import Texts

    of = next(item for item in found if item.ref == after.evaluation)
    other = next(item for item in found if item.ref == before.evaluation)
    datasets = {item.dataset.ref for item in found}
    is_whole = datasets == {of.dataset.ref, other.dataset.ref}
    within, is_told = "", is_whole and of.dataset.ref == found[-1].dataset.ref
    if wish.where is not None:
        predicate = found[-1].predicate(wish.where)
        within = predicate.text
        is_told = is_told and (of is found[-1] or not _is_of_model(predicate))
    task = of.task
    positive = task.positive
    if positive is None and task.classes:
        positive = task.classes[-1]
    name = other.model if other.dataset.ref == of.dataset.ref else other.ref
    against = name if is_told else ""
    return Texts(against, positive, after.threshold, before.threshold, within)


def _is_of_model(predicate: Predicate) -> bool:
    """Whether other rows are meant in another model's evaluation."""
    return bool(predicate.cohorts()) or any(
        is_of_model(ref.name) for ref in predicate.columns() if not ref.is_input
    )
