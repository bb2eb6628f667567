"""What a metric is, how one is added, and which are asked for.

@metric("cost", tasks=[TaskKind.BINARY], higher_is_better=False)
def cost(rows: Outcomes) -> float:
    \"""Five for a missed positive, one for a false alarm.\"""
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from mispredict.core.errors import BadOption, UnknownName
from mispredict.core.registry import Registry
from mispredict.core.task import Task, TaskKind
from mispredict.metrics.columns import no_probabilities, share_of, split_name
from mispredict.metrics.outcomes import Array, Outcomes
from mispredict.metrics.statistics import Estimates, Statistics


@dataclass(frozen=True, slots=True)
class Ask:
    """One question to a metric: the class or share in its brackets, and the level.

    `k` is the class's index (the positive class where none is named), `q` a quantile's share.
    """

    level: float = 0.95
    k: int = -1
    q: float = 0.5


Aggregate: TypeAlias = Callable[[Statistics, Ask], Estimates]


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric and what people must know of it.

    Attributes:
        name: scikit-learn's name where it has one.
        tasks: the kinds of tasks it is defined for.
        fn: from statistics to value and interval per group.
        higher_is_better: False for errors and losses; None where neither is (a bias).
        low: smallest possible value.
        high: largest possible value.
        explanation: what the number says, in a sentence or two.
        source: paper or definition.
        interval: method of its interval.
        argument: what stands in brackets: "" for nothing, "class" or "quantile".
        plain_tasks: tasks for which a class may be left out: the positive one is meant.
        needs_probabilities: whether labels alone are not enough.
        is_by_rows: whether it calls a function of rows, which query engines cannot.
    """

    name: str
    tasks: frozenset[TaskKind]
    fn: Aggregate
    higher_is_better: bool | None = True
    low: float = 0.0
    high: float = 1.0
    explanation: str = ""
    source: str = ""
    interval: str = ""
    argument: str = ""
    plain_tasks: frozenset[TaskKind] = frozenset({TaskKind.BINARY})
    needs_probabilities: bool = False
    is_by_rows: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A metric asked for by a name such as "recall[Exited]"."""

    name: str
    metric: Metric
    ask: Ask


METRICS: Registry[Metric] = Registry("metric")

CLASSIFICATION = (TaskKind.BINARY, TaskKind.MULTICLASS)
LABELS = (*CLASSIFICATION, TaskKind.MULTILABEL)

_DEFAULTS: dict[TaskKind, tuple[str, ...]] = {
    TaskKind.BINARY: (
        *("accuracy", "precision", "recall", "f1", "specificity", "balanced_accuracy", "mcc"),
        *("roc_auc", "average_precision", "log_loss", "brier_score", "ece"),
    ),
    TaskKind.MULTICLASS: (
        *("accuracy", "balanced_accuracy", "precision_macro", "recall_macro", "f1_macro", "mcc"),
        *("log_loss", "ece"),
    ),
    TaskKind.MULTILABEL: ("accuracy", "hamming_loss", "f1_micro", "f1_macro", "f1_samples"),
    TaskKind.REGRESSION: ("mae", "rmse", "r2", "median_absolute_error", "bias"),
    TaskKind.SCORE: ("loss", "loss_quantile[0.9]"),
}


def aggregate(
    name: str, tasks: Iterable[TaskKind], **about: Any
) -> Callable[[Aggregate], Aggregate]:
    """Decorator that adds a metric of sufficient statistics; its docstring explains it."""

    def add(function: Aggregate) -> Aggregate:
        explained = " ".join((function.__doc__ or "").split())
        made = Metric(name, frozenset(tasks), function, **{"explanation": explained, **about})
        METRICS.register(name)(made)
        return function

    return add


def metric(
    name: str,
    *,
    tasks: Iterable[TaskKind | str] = tuple(TaskKind),
    higher_is_better: bool | None = True,
    low: float = float("-inf"),
    high: float = float("inf"),
    needs_probabilities: bool = False,
    draws: int = 200,
    replace: bool = False,
) -> Callable[[Callable[[Outcomes], float | Array]], Callable[[Outcomes], float | Array]]:
    """Decorator that adds a metric of your own: a function of the rows of a cohort.

    A function that returns one number gets a seeded bootstrap interval of `draws` resamples per
    cohort; one that returns a number per row is averaged, which is much faster.

    Example:
        >>> from mispredict.metrics import Outcomes, metric
        >>> @metric("off_by_one", tasks=["multiclass"], replace=True)
        ... def off_by_one(rows: Outcomes):
        ...     return abs(rows.label - rows.prediction) == 1
    """

    def add(function: Callable[[Outcomes], float | Array]) -> Callable[[Outcomes], float | Array]:
        from mispredict.metrics.own import by_rows

        made = Metric(
            name,
            frozenset(TaskKind(task) for task in tasks),
            by_rows(name, function, draws),
            higher_is_better,
            low,
            high,
            explanation=" ".join((function.__doc__ or "").split()),
            interval=f"bootstrap of {draws} draws; Student's t where it returns a row's value",
            needs_probabilities=needs_probabilities,
            is_by_rows=True,
        )
        METRICS.register(name, replace=replace)(made)
        return function

    return add


def default_metrics(task: Task, *, has_probabilities: bool = True) -> tuple[str, ...]:
    """Names of the headline metrics of a task."""
    names = _DEFAULTS[task.kind]
    if has_probabilities:
        return names
    return tuple(name for name in names if not METRICS[split_name(name)[0]].needs_probabilities)


def resolve(
    names: Sequence[str] | None,
    task: Task,
    *,
    positive: int = -1,
    has_probabilities: bool = True,
    level: float = 0.95,
) -> tuple[Asked, ...]:
    """The metrics that the names ask for; the headline ones for None.

    Raises:
        UnknownName: no such metric or class.
        BadOption: the metric is not defined for the task, or lacks what it needs.
    """
    chosen = default_metrics(task, has_probabilities=has_probabilities) if names is None else names
    asked = tuple(_asked(name, task, positive, level) for name in dict.fromkeys(chosen))
    for item in asked:
        if item.metric.needs_probabilities and not has_probabilities:
            raise no_probabilities(f"the metric {item.name!r}")
    return asked


def metrics_for(task: Task) -> tuple[Metric, ...]:
    """All metrics that are defined for a task, by name."""
    return tuple(METRICS[name] for name in METRICS if task.kind in METRICS[name].tasks)


def _asked(name: str, task: Task, positive: int, level: float) -> Asked:
    base, argument = split_name(name)
    if base not in METRICS:
        raise UnknownName.of("metric", name, (m.name for m in metrics_for(task)))
    found = METRICS[base]
    if task.kind not in found.tasks:
        known = ", ".join(sorted(kind.value for kind in found.tasks))
        raise BadOption(
            f"the metric {name!r} is not defined for a {task.kind.value} task.",
            known=f"It is for: {known}.",
            hint=", ".join(default_metrics(task)[:3]),
        )
    if found.argument == "quantile":
        return Asked(name, found, Ask(level, positive, share_of(argument or "0.5")))
    if found.argument == "class":
        return Asked(name, found, Ask(level, _class_index(name, argument, found, task, positive)))
    if argument:
        raise BadOption(f"the metric {base!r} takes nothing in brackets.", hint=base)
    return Asked(name, found, Ask(level, positive))


def _class_index(name: str, argument: str, found: Metric, task: Task, positive: int) -> int:
    classes = [str(value) for value in task.classes]
    if argument:
        if argument not in classes:
            raise UnknownName.of("class", argument, classes, hint=f"{found.name}[{classes[-1]}]")
        return classes.index(argument)
    if task.kind in found.plain_tasks:
        return positive
    macro = f"{found.name}_macro"
    averaged = f"{macro} or " if macro in METRICS else ""
    raise BadOption(
        f"the metric {name!r} is of one class, and a {task.kind.value} task has no positive one.",
        known=f"Classes: {', '.join(classes[:5])}{' …' if len(classes) > 5 else ''}.",
        hint=f"{averaged}{found.name}[{classes[0]}]",
    )
