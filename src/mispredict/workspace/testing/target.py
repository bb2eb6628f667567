"""What a suite is run on, and what it may name there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from mispredict.checks.suites.checking import Names
from mispredict.checks.suites.reading import placed_error
from mispredict.checks.suites.suite import Suite
from mispredict.core.errors import BadOption, InputError
from mispredict.core.predicate import Fields
from mispredict.core.schema import ColumnType, Role
from mispredict.core.task import Task, probability_column
from mispredict.workspace.listing import title_of

if TYPE_CHECKING:
    from mispredict.core.ids import Ref
    from mispredict.workspace.dataset import Dataset
    from mispredict.workspace.evaluation import Evaluation
    from mispredict.workspace.workspace import Workspace

_OF_KEY = {"model": "model", "dataset": "dataset", "baseline": "model", "reference": "dataset"}


@dataclass(frozen=True)
class Target:
    """What a suite is run on: rows, a model version, and what both are compared with.

    `model` is "" where the checks need the rows alone.
    """

    dataset: Dataset
    model: str
    baseline: str = ""
    reference: Dataset | None = None


def target_of(
    workspace: Workspace,
    suite: Suite,
    *,
    model: str | None = None,
    data: str | None = None,
    baseline: str | None = None,
    reference: str | None = None,
) -> Target:
    """What the suite is run on: as was said, else as its file says, else the newest evaluation.

    Checks that all need the rows alone are run without a model where none is named.

    Raises:
        BadSuite: its file names a dataset or model that there is not.
        UnknownName: the caller did.
    """
    found: dict[str, str] = {}
    asked = {"model": model, "dataset": data, "baseline": baseline, "reference": reference}
    for key, given in asked.items():
        ref = given if given is not None else str(getattr(suite, key))
        if ref:
            found[key] = str(
                _ref(workspace, suite, key, _OF_KEY[key], ref, is_given=given is not None)
            )
    other = workspace.dataset(found["reference"]) if "reference" in found else None
    if "model" not in found and _is_of_data(suite):
        return Target(_rows_alone(workspace, suite, found), "", "", other)
    if "model" not in found or "dataset" not in found:
        found |= _newest(workspace, suite, found)
    rows = workspace.dataset(found["dataset"])
    return Target(rows, found["model"], found.get("baseline", ""), other)


def check_heads(workspace: Workspace, suite: Suite) -> None:
    """Refuse a suite whose file names a model or data that there are not.

    Raises:
        BadSuite: with the place in the file.
    """
    for key, kind in _OF_KEY.items():
        ref = str(getattr(suite, key))
        if ref:
            _ref(workspace, suite, key, kind, ref, is_given=False)


def names_of(workspace: Workspace, target: Target) -> Names:
    """What a suite may name, known before the model is called."""
    if not target.model:
        from mispredict.workspace.inspecting.running import data_names
        from mispredict.workspace.inspecting.view import stored_view

        view = stored_view(workspace, target.dataset)
        return data_names(view, workspace, has_reference=target.reference is not None)
    of = stored_evaluation(workspace, target.dataset, target.model)
    return evaluation_names(
        workspace,
        target.dataset,
        of,
        has_baseline=bool(target.baseline),
        has_reference=target.reference is not None,
    )


def evaluation_names(
    workspace: Workspace,
    dataset: Dataset,
    of: Evaluation | None,
    *,
    has_baseline: bool,
    has_reference: bool,
) -> Names:
    """What a suite may name that is run on an evaluation, which may not be there yet."""
    from mispredict.perturb.registry import chain_of

    task = of.task if of is not None else dataset.task
    has_probabilities = of is None or "confidence" in of.fields.reserved
    return Names(
        of=dataset.ref,
        fields=of.fields if of is not None else _fields(dataset),
        task=task or Task.from_dict({"kind": "score", "classes": (), "positive": None}),
        tags=workspace.tag_masks(dataset),
        cohorts=workspace.cohort_predicates(),
        has_probabilities=has_probabilities,
        has_baseline=has_baseline,
        has_reference=has_reference,
        perturbation=chain_of,
    )


def stored_evaluation(workspace: Workspace, dataset: Dataset, model: str) -> Evaluation | None:
    """The evaluation of a model version on the rows, if there is one."""
    from mispredict.workspace.evaluating import stored_name
    from mispredict.workspace.evaluation import Evaluation

    version = workspace.store.head("evaluation", stored_name(model, dataset.ref))
    return Evaluation(workspace, version, dataset) if version is not None else None


def _is_of_data(suite: Suite) -> bool:
    return bool(suite.checks) and all(check.kind.needs == "data" for check in suite.checks)


def _rows_alone(workspace: Workspace, suite: Suite, found: Mapping[str, str]) -> Dataset:
    """The dataset that is named, else the one that was stored last."""
    if "dataset" in found:
        return workspace.dataset(found["dataset"])
    versions = workspace.store.versions("dataset")
    if not versions:
        _fail_without_target(workspace, suite, found)
    newest = max(versions, key=lambda item: (item.created_at, str(item.ref)))
    return workspace.dataset(str(newest.ref))


def _newest(workspace: Workspace, suite: Suite, found: Mapping[str, str]) -> dict[str, str]:
    """Model and dataset of the newest evaluation that has what is known of them."""
    known = {key: found[key] for key in ("model", "dataset") if key in found}
    versions = [
        version
        for version in workspace.store.versions("evaluation")
        if all(str(version.spec[key]) == ref for key, ref in known.items())
    ]
    if not versions:
        _fail_without_target(workspace, suite, known)
    newest = max(versions, key=lambda item: (item.created_at, str(item.ref)))
    return {key: str(newest.spec[key]) for key in ("model", "dataset")}


def _fail_without_target(workspace: Workspace, suite: Suite, known: Mapping[str, str]) -> NoReturn:
    missing = " and no ".join(key for key in ("model", "dataset") if key not in known)
    titles = [title_of(version) for version in workspace.store.versions("evaluation")]
    of = f" of {' and '.join(known.values())}" if known else ""
    raise BadOption(
        f"the suite {suite.name!r} names no {missing}, and there is no evaluation{of}.",
        known=f"Evaluations: {', '.join(titles[:5])}." if titles else "There is none at all.",
        hint="model='gbm' and data='churn', or both names at the top of the file",
    )


def _ref(
    workspace: Workspace, suite: Suite, key: str, kind: str, ref: str, *, is_given: bool
) -> Ref:
    try:
        return workspace.store.version(kind, ref).ref
    except InputError as error:
        if not is_given and key in suite.heads:
            raise placed_error(error, suite.heads[key]) from error
        raise


def _fields(dataset: Dataset) -> Fields:
    """The names that cohorts of an evaluation will have that is not there yet."""
    task = dataset.task
    kinds = {"row": ColumnType.NUMERIC, "loss": ColumnType.NUMERIC}
    if task is not None and dataset.label:
        label = dataset.schema[dataset.label].type
        kinds |= {"label": label, "prediction": label}
        if task.classes:
            numbers = ("confidence", "margin", "entropy", *map(probability_column, task.classes))
            kinds |= dict.fromkeys(numbers, ColumnType.NUMERIC)
            kinds |= {"correct": ColumnType.BOOLEAN, "error_class": ColumnType.CATEGORICAL}
        else:
            kinds["residual"] = ColumnType.NUMERIC
    for role in (Role.TIME, Role.SPLIT, Role.WEIGHT):
        column = dataset.schema.first(role)
        if column is not None:
            kinds[role.value] = column.type
    return Fields.of(dataset.schema, kinds, task.classes if task is not None else ())
