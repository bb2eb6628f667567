"""Suites run in a workspace: what they are about, whether all they name is there, the verdicts."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NoReturn

from mispredict.checks.catalog import KINDS, Check, Kind
from mispredict.checks.suite import Suite
from mispredict.checks.suite_checking import Names, check_names
from mispredict.checks.suite_reading import placed_error
from mispredict.core.errors import BadOption, InputError
from mispredict.core.options import choice, shown
from mispredict.core.predicate import Fields
from mispredict.core.schema import ColumnType, Role
from mispredict.core.task import Task, probability_column
from mispredict.expectations.verdict import Verdict, Verdicts
from mispredict.workspace.listing import title_of
from mispredict.workspace.testing_history import keep_run

if TYPE_CHECKING:
    from mispredict.core.ids import Ref
    from mispredict.workspace.dataset import Dataset
    from mispredict.workspace.evaluation import Evaluation
    from mispredict.workspace.workspace import Workspace

Progress = Callable[[int, int], None]
GivenSuite = str | os.PathLike[str] | Suite | Check | Sequence[Check]
_HOW = "ws.run('churn.suite.yaml')"


@dataclass(frozen=True)
class Target:
    """What a suite is run on: rows, a model version, and another to compare it with."""

    dataset: Dataset
    model: str
    baseline: str = ""


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
    select: str | Sequence[str] | None = None,
    parameters: Mapping[str, Any] | None = None,
) -> Prepared:
    """The suite with what it is run on, after everything that it names was looked up.

    Raises:
        BadSuite: its file has a fault; the model was not called.
    """
    whole = suite_of(suite, parameters)
    target = target_of(workspace, whole, model=model, data=data, baseline=baseline)
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
    progress: Progress | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Verdicts:
    """The verdicts of a prepared suite, which the workspace keeps; see `Workspace.run`."""
    target = prepared.target
    is_new = _stored(workspace, target.dataset, target.model) is None
    of = _evaluated(workspace, target.dataset, target.model, trust, cancel)
    other = None
    if target.baseline:
        other = _evaluated(workspace, target.dataset, target.baseline, trust, cancel)
    verdicts = judge(
        prepared.suite,
        of,
        baseline=other,
        is_checked=not is_new,
        fail_fast=fail_fast,
        trust=trust,
        progress=progress,
        cancel=cancel,
    )
    suite = None if prepared.selected else prepared.suite
    keep_run(workspace.store, of, verdicts, selected=prepared.selected, suite=suite)
    return verdicts


def judge(
    suite: Suite,
    of: Evaluation,
    *,
    baseline: Evaluation | None = None,
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
    from mispredict.workspace.testing_subject import EvaluationSubject

    if not is_checked:
        check_names(suite, _names(of.workspace, of.dataset, of, has_baseline=baseline is not None))
    with EvaluationSubject(of, baseline=baseline, trust=trust, cancel=cancel) as subject:
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
    seed: int = 0,
    trust: bool = False,
    options: Mapping[str, Any],
) -> Verdict:
    """The verdict of one check on an evaluation; see `Evaluation.check`."""
    check = _check(kind, name, seed, options)
    other = None
    if baseline is not None:
        other = baseline
        if isinstance(baseline, str):
            other = _evaluated(of.workspace, of.dataset, baseline, trust, None)
    suite = Suite("check", (check,))
    return judge(suite, of, baseline=other, trust=trust).rows[0]  # type: ignore[arg-type]


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
) -> Target:
    """What the suite is run on: as was said, else as its file says, else the newest evaluation.

    Raises:
        BadSuite: its file names a dataset or model that there is not.
        UnknownName: the caller did.
    """
    found: dict[str, str] = {}
    kinds = {"model": "model", "dataset": "dataset", "baseline": "model"}
    for key, given in (("model", model), ("dataset", data), ("baseline", baseline)):
        ref = given if given is not None else str(getattr(suite, key))
        if ref:
            found[key] = str(
                _ref(workspace, suite, key, kinds[key], ref, is_given=given is not None)
            )
    if "model" not in found or "dataset" not in found:
        found |= _newest(workspace, suite, found)
    return Target(workspace.dataset(found["dataset"]), found["model"], found.get("baseline", ""))


def names_of(workspace: Workspace, target: Target) -> Names:
    """What a suite may name, known before the model is called."""
    of = _stored(workspace, target.dataset, target.model)
    return _names(workspace, target.dataset, of, has_baseline=bool(target.baseline))


def _names(
    workspace: Workspace, dataset: Dataset, of: Evaluation | None, *, has_baseline: bool
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


def _check(kind: str | Kind | Check, name: str, seed: int, options: Mapping[str, Any]) -> Check:
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
    from mispredict.checks.suite_options import options_of
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
