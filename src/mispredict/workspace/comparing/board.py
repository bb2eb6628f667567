"""All models on the versions of a dataset: evaluated again, and side by side."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mispredict.core.errors import Cancelled, MispredictError, UnknownName
from mispredict.core.ids import Ref
from mispredict.core.predicate import Predicate
from mispredict.core.words import counted

if TYPE_CHECKING:
    from mispredict.compare.board import BoardDataset, BoardFigure, ModelBoard, Reevaluated
    from mispredict.workspace.comparing.rows import Matched
    from mispredict.workspace.dataset import Dataset
    from mispredict.workspace.evaluation import Evaluation
    from mispredict.workspace.workspace import Workspace


def reevaluated(
    workspace: Workspace,
    data: str,
    models: Sequence[str] | None,
    *,
    trust: bool,
    progress: Callable[[int, int], None] | None,
    cancel: Callable[[], bool] | None,
) -> Reevaluated:
    """All models on a dataset version, each as far as it can be called from here."""
    from mispredict.compare.board import Reevaluated, ReevaluatedRow

    dataset = workspace.dataset(data)
    chosen = _models(workspace, models)
    rows = []
    for place, model in enumerate(chosen):
        if progress is not None:
            progress(place, len(chosen))
        start = time.perf_counter()
        outcome, ref, why = _evaluated(workspace, model, dataset, trust, cancel)
        rows.append(ReevaluatedRow(model, outcome, ref, why, time.perf_counter() - start))
    if progress is not None:
        progress(len(chosen), len(chosen))
    return Reevaluated(tuple(rows), dataset.ref, _summary([row.outcome for row in rows]))


def _evaluated(
    workspace: Workspace,
    model: str,
    dataset: Dataset,
    trust: bool,
    cancel: Callable[[], bool] | None,
) -> tuple[str, str, str]:
    """Outcome, evaluation and reason of one model."""
    try:
        return "known", workspace.evaluation(f"{model}/{dataset.ref}").ref, ""
    except UnknownName:
        pass
    if not workspace.can_call(model, trust=trust):
        kind = str(workspace.store.version("model", model).spec.get("kind"))
        why = (
            "only its predictions are known"
            if kind == "predictions"
            else "it was an object in another process, or a copy that has to be trusted"
        )
        return "cannot", "", why
    try:
        made = workspace.evaluate(model, dataset.ref, trust=trust, cancel=cancel)
    except Cancelled:
        raise
    except MispredictError as error:
        return "failed", "", error.problem
    return "evaluated", made.ref, ""


def board(
    workspace: Workspace,
    data: str | None,
    *,
    metric: str | None,
    models: Sequence[str] | None,
    where: str | Predicate | None,
    common: bool,
) -> ModelBoard:
    """Figures of models by dataset version, the newest first."""
    from mispredict.compare.board import ModelBoard
    from mispredict.workspace.comparing.rows import matched

    datasets = _datasets(workspace, data)
    found = _evaluations(workspace, datasets, models)
    names = list(dict.fromkeys(item.model for item in sorted(found, key=_age)))
    newest = datasets[0]
    if not found:
        names = _models(workspace, models)
    matches = {item.ref: matched(newest, item) for item in datasets}
    told = [_told(newest, item, matches[item.ref]) for item in datasets]
    shared = _shared(newest, matches)
    chosen = metric or _usual(found, newest)
    rows: list[BoardFigure] = []
    for item in datasets:
        own = {other.model: other for other in found if other.dataset.ref == item.ref}
        keep = _Kept(newest, matches[item.ref], shared) if common else None
        rows += _column(workspace, names, item, own, chosen, where, keep)
    return ModelBoard(
        tuple(rows), chosen, _metrics(found), tuple(names), tuple(told), common, int(shared.sum()),
        _notes(datasets, common, int(shared.sum()), told) if found else _none_yet(newest, names),
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Kept:
    """The rows of a dataset version that all versions have, with the newest one's labels."""

    newest: Dataset
    match: Matched
    shared: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


def _datasets(workspace: Workspace, data: str | None) -> list[Dataset]:
    """The versions that are shown: those with evaluations, the newest first."""
    versions = workspace.store.versions("evaluation")
    used = dict.fromkeys(str(version.spec["dataset"]) for version in versions)
    if not used and data is None:
        raise UnknownName(
            "there is no evaluation yet.",
            known=f"Workspace: {workspace.store.root}.",
            hint="ws.evaluate('model', 'dataset')",
        )
    if data is None:
        newest = max(versions, key=lambda version: (version.created_at, str(version.ref)))
        data = Ref.parse(str(newest.spec["dataset"])).name
    asked = Ref.parse(data)
    if asked.version is not None or "@" in data:
        return [workspace.dataset(data)]
    found = [workspace.dataset(ref) for ref in used if Ref.parse(ref).name == asked.name]
    if not found:
        return [workspace.dataset(data)]
    return sorted(found, key=lambda item: -(item.version.number or 0))


def _evaluations(
    workspace: Workspace, datasets: Sequence[Dataset], models: Sequence[str] | None
) -> list[Evaluation]:
    wanted = None if models is None else set(_models(workspace, models))
    by_ref = {item.ref for item in datasets}
    found: dict[tuple[str, str], Evaluation] = {}
    for version in workspace.store.versions("evaluation"):
        model, dataset = str(version.spec["model"]), str(version.spec["dataset"])
        if dataset in by_ref and (wanted is None or model in wanted):
            made = workspace.evaluation(f"{model}/{dataset}")
            found[model, dataset] = made
    return list(found.values())


def _models(workspace: Workspace, models: Sequence[str] | None) -> list[str]:
    """Refs of the models: all versions by default, of a name without version all of them."""
    known = [str(version.ref) for version in workspace.store.versions("model")]
    if models is None:
        return known
    chosen: list[str] = []
    for item in models:
        ref = Ref.parse(item)
        if "@" in item:
            chosen.append(str(workspace.store.version("model", item).ref))
            continue
        own = [name for name in known if Ref.parse(name).name == ref.name]
        chosen += own or [str(workspace.store.version("model", item).ref)]
    return list(dict.fromkeys(chosen))


def _age(of: Evaluation) -> tuple[str, int]:
    ref = Ref.parse(of.model)
    return ref.name, ref.version or 0


def _shared(
    newest: Dataset, matches: dict[str, Matched]
) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Which rows of the newest version all versions have."""
    found = np.ones(newest.n, np.bool_)
    for match in matches.values():
        found &= match.places >= 0
    return found


def _told(newest: Dataset, item: Dataset, match: Matched) -> BoardDataset:
    from mispredict.compare.board import BoardDataset

    changed, relabelled = int(match.is_changed.sum()), int(match.is_relabelled.sum())
    sentence = counted(item.n, "row")
    if item.ref != newest.ref:
        sentence += f", {match.n:,} of them in {newest.ref} too (by {match.by})"
        if changed:
            sentence += f", {changed:,} of these with other values"
        if relabelled:
            sentence += f", {relabelled:,} with another label"
    return BoardDataset(item.ref, item.n, match.n, changed, relabelled, match.by, sentence)


def _usual(found: Sequence[Evaluation], newest: Dataset) -> str:
    task = found[0].task if found else newest.task
    if task is not None and (task.is_classification or str(task.kind) == "multilabel"):
        return "accuracy"
    return "mae" if task is not None and str(task.kind) == "regression" else "loss"


def _none_yet(newest: Dataset, names: Sequence[str]) -> tuple[str, ...]:
    """What a board without figures says, and what to do about it."""
    said = f"No model was evaluated on {newest.ref} yet."
    if not names:
        return (said, "There is no model: add one (`mispredict add model`), or its predictions.")
    return (f"{said} Re-evaluate them all (`mispredict reevaluate {newest.name}`).",)


def _metrics(found: Sequence[Evaluation]) -> tuple[str, ...]:
    """Metrics that are usual for the task, and that all models can be measured by."""
    from mispredict.metrics import default_metrics

    if not found:
        return ()
    known = all(item.outcomes.has_probabilities for item in found)
    return tuple(default_metrics(found[0].task, has_probabilities=known))


def _column(
    workspace: Workspace,
    names: Sequence[str],
    dataset: Dataset,
    own: dict[str, Evaluation],
    metric: str,
    where: str | Predicate | None,
    kept: _Kept | None,
) -> list[BoardFigure]:
    """The figures of all models on one dataset version."""
    from mispredict.compare.board import BoardFigure, places
    from mispredict.compare.diff.metrics import is_higher_better

    nan = float("nan")
    values = []
    for name in names:
        if name not in own:
            can = workspace.can_call(name)
            why = "not evaluated yet" if can else "not evaluated, and it cannot be called from here"
            values.append((name, "", nan, nan, nan, 0, why))
            continue
        row = _figure(own[name], metric, where, kept)
        values.append((name, own[name].ref, *row, ""))
    order = places(
        [item[2] for item in values], is_higher_better=is_higher_better(metric) is not False
    )
    return [
        BoardFigure(name, dataset.ref, ref, metric, value, low, high, n, place, why)
        for (name, ref, value, low, high, n, why), place in zip(values, order, strict=True)
    ]


def _figure(
    of: Evaluation, metric: str, where: str | Predicate | None, kept: _Kept | None
) -> tuple[float, float, float, int]:
    from mispredict.metrics.measure import measure
    from mispredict.metrics.outcomes import Groups
    from mispredict.workspace.comparing.rows import aligned, labels_of

    mask = of.mask(where)
    outcomes = of.outcomes
    if kept is not None:
        places = np.maximum(kept.match.places, 0)
        outcomes = aligned(outcomes, kept.match, labels_of(kept.newest, of.task))
        mask = kept.shared & mask[places]
    row = measure(outcomes, Groups.of_mask(mask, "all"), metrics=[metric])[0]
    return row.value, row.low, row.high, row.n


def _notes(
    datasets: Sequence[Dataset], common: bool, shared: int, told: Sequence[BoardDataset]
) -> tuple[str, ...]:
    if len(datasets) < 2:
        return ()
    names = ", ".join(item.ref for item in datasets)
    if common:
        rows = counted(shared, "row")
        return (f"All figures are of the {rows} that {names} have in common.",)
    if not shared:
        return (f"{names} are different rows, none of which all of them have: compare figures"
                " within a column only.",)  # fmt: skip
    return (
        f"{names} are different rows: compare figures within a column only, or those of the"
        f" {counted(shared, 'common row')} alone.",
    )


def _summary(outcomes: Sequence[str]) -> str:
    words = {
        "evaluated": "evaluated",
        "known": "known already",
        "cannot": "cannot be called",
        "failed": "failed",
    }
    told = [f"{outcomes.count(name):,} {said}" for name, said in words.items() if name in outcomes]
    models = counted(len(outcomes), "model")
    return f"{models}: {', '.join(told)}." if told else "There is no model yet."
