"""What a form for checks of an evaluation offers: kinds, and what their options may name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from mispredict.checks.suites.forms import KindForm, kind_forms
from mispredict.core.results import Result

if TYPE_CHECKING:
    from mispredict.workspace.evaluation import Evaluation


@dataclass(frozen=True)
class CheckKinds(Result):
    """The kinds of checks with their options; `offered` has what options may name.

    It has names by what they are of: "column", "label", "tag", "metric", "perturbation".
    """

    rows: tuple[KindForm, ...]
    of: str
    offered: Mapping[str, tuple[str, ...]]

    row_type: ClassVar[type] = KindForm
    title: ClassVar[str] = "Kinds of checks"


def check_kinds(of: Evaluation, *, trust: bool = False) -> CheckKinds:
    """Every kind of check, and the columns, labels, tags, metrics and perturbations there are."""
    from mispredict.workspace.generating.generating import offered_perturbations

    offered = {
        "column": tuple(of.dataset.schema.names),
        "label": tuple(map(str, of.task.classes)),
        "tag": tuple(sorted(of.workspace.tag_masks(of.dataset))),
        "metric": _metrics(of),
        "perturbation": tuple(row.name for row in offered_perturbations(of, trust=trust).rows),
    }
    return CheckKinds(kind_forms(), of.ref, offered)


def _metrics(of: Evaluation) -> tuple[str, ...]:
    """The metrics that can be told of the evaluation, the usual ones first."""
    from mispredict.metrics.registry import default_metrics, metrics_for

    has_chances = of.outcomes.has_probabilities
    usual = default_metrics(of.task, has_probabilities=has_chances)
    able = [item for item in metrics_for(of.task) if has_chances or not item.needs_probabilities]
    return tuple(dict.fromkeys((*usual, *(item.name for item in able))))
