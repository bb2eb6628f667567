"""Suites run in a workspace: what they are about, whether all they name is there, the verdicts."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NoReturn

from mispredict.checks.catalog import KINDS, Check, Kind
from mispredict.checks.suites.checking import Names, check_names
from mispredict.checks.suites.reading import placed_error
from mispredict.checks.suites.suite import Suite
from mispredict.core.errors import BadOption, InputError
from mispredict.core.options import choice, shown
from mispredict.core.predicate import Fields
from mispredict.core.schema import ColumnType, Role
from mispredict.core.task import Task, probability_column
from mispredict.expectations.verdict import Verdict, Verdicts
from mispredict.workspace.listing import title_of
from mispredict.workspace.testing.history import keep_run

if TYPE_CHECKING:
    from mispredict.core.ids import Ref
    from mispredict.expectations.data import DataView
    from mispredict.workspace.dataset import Dataset
    from mispredict.workspace.evaluation import Evaluation
    from mispredict.workspace.workspace import Workspace

Progress = Callable[[int, int], None]
GivenSuite = str | os.PathLike[str] | Suite | Check | Sequence[Check]
_HOW = "ws.run('churn.suite.yaml')"


@dataclass(frozen=True)
class Target:
    """What a suite is run on: rows, a model version, and what both are compared with.

    `model` is "" where the checks need the rows alone.
    """

    dataset: Dataset
    model: str
    baseline: str = ""
    reference: Dataset | None = None


@dataclass(frozen=True)
class Prepared:
    """A suite of which all is known to be there: what is left is to ask the model."""

    suite: Suite
    target: Target
    selected: tuple[str, ...] = ()


def prepare(
    workspace: Workspace,
    suite: GivenSuite,
    *,
    model: str | None = None,
    data: str | None = None,
    baseline: str | None = None,
    reference: str | None = None,
    select: str | Sequence[str] | None = None,
    parameters: Mapping[str, Any] | None = None,
) -> Prepared:
    """The suite with what it is run on, after everything that it names was looked up.

    Raises:
        BadSuite: its file has a fault; the model was not called.
    """
    whole = suite_of(suite, parameters)
    target = target_of(
        workspace, whole, model=model, data=data, baseline=baseline, reference=reference
    )
    check_names(whole, names_of(workspace, target))
    chosen = whole.select(select)
    selected = tuple(check.name for check in chosen.checks) if select is not None else ()
    return Prepared(chosen, target, selected)


def run(
    workspace: Workspace,
    prepared: Prepared,
    *,
    fail_fast: bool = False,
    trust: bool = False,
    workers: int = 1,
    progress: Progress | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Verdicts:
    """The verdicts of a prepared suite, which the workspace keeps; see `Workspace.run`.

    `workers` are processes that ask the model at a time, each with a copy of it.
    """
    from mispredict.models.parallel import asked_by

    target = prepared.target
    if not target.model:
        return _run_on_data(workspace, prepared, fail_fast, progress, cancel)
    is_new = _stored(workspace, target.dataset, target.model) is None
    of = _evaluated(workspace, target.dataset, target.model, trust, cancel)
    other = None
    if target.baseline:
        other = _evaluated(workspace, target.dataset, target.baseline, trust, cancel)
    with asked_by(workers):
        verdicts = judge(
            prepared.suite,
            of,
            baseline=other,
            reference=_reference_view(workspace, target),
            is_checked=not is_new,
            fail_fast=fail_fast,
            trust=trust,
            progress=progress,
            cancel=cancel,
        )
    suite = None if prepared.selected else prepared.suite
    keep_run(workspace.store, of, verdicts, selected=prepared.selected, suite=suite)
    return verdicts


def _run_on_data(
    workspace: Workspace,
    prepared: Prepared,
    fail_fast: bool,
    progress: Progress | None,
    cancel: Callable[[], bool] | None,
) -> Verdicts:
    """The verdicts of checks that need the rows alone."""
    from mispredict.workspace.inspecting.running import judge_data
    from mispredict.workspace.inspecting.view import stored_view

    target = prepared.target
    view = stored_view(workspace, target.dataset, reference=_reference_view(workspace, target))
    verdicts = judge_data(
        prepared.suite, view, fail_fast=fail_fast, progress=progress, cancel=cancel
    )
    suite = None if prepared.selected else prepared.suite
    keep_run(workspace.store, target.dataset, verdicts, selected=prepared.selected, suite=suite)
    return verdicts


def _reference_view(workspace: Workspace, target: Target) -> DataView | None:
    from mispredict.workspace.inspecting.view import stored_view

    return None if target.reference is None else stored_view(workspace, target.reference)


def judge(
    suite: Suite,
    of: Evaluation,
    *,
    baseline: Evaluation | None = None,
    reference: DataView | None = None,
    is_checked: bool = False,
    fail_fast: bool = False,
    trust: bool = False,
    progress: Progress | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Verdicts:
    """The verdicts of a suite on an evaluation; nothing is kept of them.

    `is_checked` says that what it names was looked up in this evaluation already.
    """
    from mispredict.checks.running import run_checks
    from mispredict.workspace.testing.subject import EvaluationSubject

    if not is_checked:
        names = _names(
            of.workspace,
            of.dataset,
            of,
            has_baseline=baseline is not None,
            has_reference=reference is not None,
        )
        check_names(suite, names)
    with EvaluationSubject(
        of, baseline=baseline, reference=reference, trust=trust, cancel=cancel
    ) as subject:
        verdicts = run_checks(
            suite.checks, subject, fail_fast=fail_fast, progress=progress, cancel=cancel
        )
    return replace(verdicts, suite=suite.name)


def judge_one(
    of: Evaluation,
    kind: str | Kind | Check,
    *,
    name: str = "",
    baseline: str | Evaluation | None = None,
    reference: str | None = None,
    seed: int = 0,
    trust: bool = False,
    options: Mapping[str, Any],
) -> Verdict:
    """The verdict of one check on an evaluation; see `Evaluation.check`."""
    check = check_of(kind, name=name, seed=seed, options=options)
    other = None
    if baseline is not None:
        other = baseline
        if isinstance(baseline, str):
            other = _evaluated(of.workspace, of.dataset, baseline, trust, None)
    view = None
    if reference is not None:
        from mispredict.workspace.inspecting.view import stored_view

        view = stored_view(of.workspace, of.workspace.dataset(reference))
    suite = Suite("check", (check,))
    return judge(suite, of, baseline=other, reference=view, trust=trust).rows[0]  # type: ignore[arg-type]


def suite_of(given: GivenSuite, parameters: Mapping[str, Any] | None = None) -> Suite:
    """The suite that was meant: a file, a YAML text, checks, or a suite itself."""
    if isinstance(given, str) and "\n" in given:
        return Suite.parse(given, parameters)
    if isinstance(given, (str, os.PathLike)):
        return Suite.load(given, parameters)
    if parameters:
        raise BadOption(
            "parameters are of a file, and none was given.",
            known="A suite of Python has its values in it.",
            hint="ws.run('churn.suite.yaml', parameters={'floor': 0.9})",
        )
    if isinstance(given, Suite):
        return given
    checks = [given] if isinstance(given, Check) else given
    if not isinstance(checks, (list, tuple)) or not checks:
        raise BadOption(
            f"suite={shown(given)} cannot be run.",
            known="A suite is a file, a YAML text, a Suite, or a list of checks.",
            hint=_HOW,
        )
    return Suite("suite", tuple(checks))


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


_OF_KEY = {"model": "model", "dataset": "dataset", "baseline": "model", "reference": "dataset"}


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


def names_of(workspace: Workspace, target: Target) -> Names:
    """What a suite may name, known before the model is called."""
    if not target.model:
        from mispredict.workspace.inspecting.running import data_names
        from mispredict.workspace.inspecting.view import stored_view

        view = stored_view(workspace, target.dataset)
        return data_names(view, workspace, has_reference=target.reference is not None)
    of = _stored(workspace, target.dataset, target.model)
    return _names(
        workspace,
        target.dataset,
        of,
        has_baseline=bool(target.baseline),
        has_reference=target.reference is not None,
    )


def _names(
    workspace: Workspace,
    dataset: Dataset,
    of: Evaluation | None,
    *,
    has_baseline: bool,
    has_reference: bool,
) -> Names:
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


def _evaluated(
    workspace: Workspace,
    dataset: Dataset,
    model: str,
    trust: bool,
    cancel: Callable[[], bool] | None,
) -> Evaluation:
    """The stored evaluation of the model version on the rows, made now if there is none."""
    version = str(workspace.store.version("model", model).ref)
    found = _stored(workspace, dataset, version)
    return found or workspace.evaluate(version, dataset.ref, trust=trust, cancel=cancel)


def _stored(workspace: Workspace, dataset: Dataset, model: str) -> Evaluation | None:
    from mispredict.workspace.evaluating import stored_name
    from mispredict.workspace.evaluation import Evaluation

    version = workspace.store.head("evaluation", stored_name(model, dataset.ref))
    return Evaluation(workspace, version, dataset) if version is not None else None


def _ref(
    workspace: Workspace, suite: Suite, key: str, kind: str, ref: str, *, is_given: bool
) -> Ref:
    try:
        return workspace.store.version(kind, ref).ref
    except InputError as error:
        if not is_given and key in suite.heads:
            raise placed_error(error, suite.heads[key]) from error
        raise


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


def check_of(
    kind: str | Kind | Check, *, name: str = "", seed: int = 0, options: Mapping[str, Any]
) -> Check:
    """The check that was meant: a kind with its options, or a check itself."""
    if isinstance(kind, Check):
        return kind
    if isinstance(kind, str):
        choice("kind", kind, list(KINDS))
        made = _with_options(KINDS[kind], options)
    elif isinstance(kind, Kind):
        made = replace(kind, **options)
    else:
        raise BadOption(
            f"kind={shown(kind)} cannot be used.",
            known="A check is named by its kind.",
            hint="ev.check('metric', metric='accuracy', min=0.8)",
        )
    return Check(name or made.name, made, seed=seed)


def _with_options(kind: type[Kind], options: Mapping[str, Any]) -> Kind:
    from mispredict.checks.suites.options import options_of
    from mispredict.core.errors import UnknownName

    known = options_of(kind)
    for name in options:
        if name not in known:
            raise UnknownName.of("option", name, known)
    for option in known.values():
        if option.is_required and option.name not in options:
            raise BadOption(
                f"a check of kind {kind.name!r} needs {option.name}.",
                known=f"It is {option.words}.",
                hint=f"ev.check({kind.name!r}, {option.name}={option.example!r})",
            )
    return kind(**options)
