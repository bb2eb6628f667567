"""What a predictor that looks at nothing would score: the bar a model must clear."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from mispredict.core.errors import BadOption
from mispredict.core.results import Result, Source
from mispredict.core.task import TaskKind
from mispredict.metrics.columns import required
from mispredict.metrics.measure import measure
from mispredict.metrics.outcomes import Array, Groups, Outcomes

_NOWHERE = Source("")
_SKEWED = 0.8


@dataclass(frozen=True, slots=True)
class BaselineRow:
    """A metric of a predictor that ignores the inputs, beside the model's."""

    baseline: str
    metric: str
    value: float
    model: float


@dataclass(frozen=True)
class BaselineTable(Result):
    """Baselines beside the model; `warning` is a sentence where classes are skewed, else ""."""

    row_type: ClassVar[type] = BaselineRow
    title: ClassVar[str] = "Baselines"

    rows: tuple[BaselineRow, ...]
    warning: str = ""
    source: Source = _NOWHERE


def baselines(outcomes: Outcomes, mask: Array | None = None) -> BaselineTable:
    """Scores of constant and random predictors on the same rows.

    Classification: `majority` always answers the commonest label; `random` answers by the
    labels' shares (its expectation, not a draw). Regression: `mean` and `median` of the labels.
    """
    chosen = outcomes if mask is None else outcomes.take(np.flatnonzero(mask))
    if outcomes.task.is_classification:
        return _classes(chosen)
    if outcomes.task.kind is TaskKind.REGRESSION:
        return BaselineTable(_constants(chosen))
    raise BadOption(f"there are no baselines of a {outcomes.task.kind.value} task.")


def _classes(outcomes: Outcomes) -> BaselineTable:
    label, weight = _labels(outcomes)
    count = np.bincount(label.astype(int), weights=weight, minlength=len(outcomes.task.classes))
    if not count.sum():
        return BaselineTable(())
    share = count / count.sum()
    present = share[share > 0]
    model = _model(outcomes, ("accuracy", "balanced_accuracy", "f1_macro"))
    majority = {
        "accuracy": share.max(),
        "balanced_accuracy": 1 / present.size,
        "f1_macro": 2 * share.max() / (1 + share.max()) / present.size,
    }
    # a random answer hits a label of share s with probability s, and so does its precision
    chance = {
        "accuracy": (share**2).sum(),
        "balanced_accuracy": 1 / present.size,
        "f1_macro": present.mean(),
    }
    rows = [
        BaselineRow(name, metric, float(value), model[metric])
        for name, values in (("majority", majority), ("random", chance))
        for metric, value in values.items()
    ]
    return BaselineTable(tuple(rows), _warning(outcomes, share, model["accuracy"]))


def _warning(outcomes: Outcomes, share: Array, accuracy: float) -> str:
    """Sentence that puts accuracy into its place where one class is most of the rows."""
    most = int(share.argmax())
    if share[most] < _SKEWED and not accuracy <= share[most]:
        return ""
    name = outcomes.task.classes[most]
    return (
        f"A constant predictor that always answers {name!r} would score {100 * share[most]:.1f} % "
        f"accuracy; the model scores {100 * accuracy:.1f} %."
    )


def _constants(outcomes: Outcomes) -> tuple[BaselineRow, ...]:
    label, weight = _labels(outcomes)
    if not label.size:
        return ()
    model = _model(outcomes, ("mae", "rmse", "r2"))
    rows = []
    constants = {"mean": np.average(label, weights=weight), "median": np.median(label)}
    for name, constant in constants.items():
        constantly = Outcomes.of(outcomes.task, label, np.full(label.size, constant), weight=weight)
        scores = _model(constantly, tuple(model))
        rows += [BaselineRow(name, m, scores[m], model[m]) for m in model]
    return tuple(rows)


def _labels(outcomes: Outcomes) -> tuple[Array, Array]:
    label = required(outcomes.label)
    known = label >= 0 if outcomes.task.is_classification else ~np.isnan(label)
    weight = np.ones(label.size) if outcomes.weight is None else outcomes.weight
    return label[known], weight[known]


def _model(outcomes: Outcomes, metrics: tuple[str, ...]) -> dict[str, float]:
    rows = measure(outcomes, Groups.whole(outcomes.n), metrics=metrics)
    return {row.metric: row.value for row in rows}
