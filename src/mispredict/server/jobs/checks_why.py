"""What is wrong with a question to a model, told at once instead of after others' jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mispredict.core.errors import BadOption
from mispredict.core.task import TaskKind

if TYPE_CHECKING:
    from mispredict.workspace import Evaluation


def check_question(of: Evaluation, options: Any, *, trust: bool) -> None:
    """Raise for a row, cohort, class or rule that there is not; the model is not asked.

    Args:
        of: the evaluation.
        options: of a job that asks the model.
        trust: whether its model may be loaded from a pickle.
    """
    from mispredict.workspace.explaining.asking import row_number
    from mispredict.workspace.exploring.chips import cohort_of

    row, where = getattr(options, "row", None), getattr(options, "where", None)
    if row is not None and where is not None:
        raise BadOption(
            "give either row or where.", known="Both were given.", hint="the one or the other"
        )
    if row is not None:
        row_number(of, row)
    if where is not None:
        cohort_of(of, where)


def check_class(of: Evaluation, options: Any, *, trust: bool) -> None:
    """Raise for a question about a class that there is not."""
    from mispredict.explain.counterfactuals.goal import class_of

    check_question(of, options, trust=trust)
    class_of(of.task, options.target)


def check_changes(of: Evaluation, options: Any, *, trust: bool) -> None:
    """Raise for values that a row cannot have."""
    from mispredict.explain.what_if.values import Values
    from mispredict.workspace.explaining.asking import inputs_of

    check_question(of, options, trust=trust)
    table = inputs_of(of, trust=trust).table
    values = Values(table, of.dataset.schema, of.dataset.ref, unseen=options.unseen)
    values.variants(options.changes, {})


def check_rules(of: Evaluation, options: Any, *, trust: bool) -> None:
    """Raise for a prediction that cannot be wanted, or rules that are about no feature."""
    from mispredict.explain.counterfactuals.limits import Limits, Rules
    from mispredict.workspace.explaining.asking import inputs_of

    check_wanted(of, options, trust=trust)
    told = {
        name: getattr(options, name)
        for name in ("vary", "immutable", "ranges", "monotone", "integer", "costs")
        if hasattr(options, name)
    }
    if hasattr(options, "columns"):
        told["vary"] = options.columns
    Limits(inputs_of(of, trust=trust).space, Rules(**told))


def check_wanted(of: Evaluation, options: Any, *, trust: bool) -> None:
    """Raise for a prediction that cannot be wanted."""
    from mispredict.explain.counterfactuals.goal import goal_of

    check_question(of, options, trust=trust)
    is_value = of.task.kind is TaskKind.REGRESSION
    goal_of(of.task, wanted(options), of.table.values("prediction") if is_value else None)


def wanted(options: Any) -> Any:
    """The class that is wanted, or of a regression the least and largest value."""
    low, high = getattr(options, "low", None), getattr(options, "high", None)
    return options.target if low is None and high is None else (low, high)
