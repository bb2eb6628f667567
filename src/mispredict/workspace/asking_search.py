"""Counterfactuals and text edits of an evaluation: what the room needs is here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mispredict.core.options import whole
from mispredict.core.task import TaskKind
from mispredict.explain.search_calls import Asker
from mispredict.workspace.asking import (
    Bounds,
    id_of,
    inputs_of,
    row_numbers,
    said_codes,
    source_of,
)

if TYPE_CHECKING:
    from mispredict.explain.counterfactual_limits import Rules
    from mispredict.explain.counterfactuals import Counterfactuals
    from mispredict.workspace.evaluation import Evaluation


def counterfactuals_of(
    of: Evaluation,
    row: Any,
    *,
    where: Any,
    sample: int | None,
    target: Any,
    rules: Rules,
    k: int,
    bounds: Bounds,
) -> Counterfactuals:
    """Counterfactuals of one row, of some, or of a cohort."""
    from mispredict.explain.counterfactual_goal import goal_of
    from mispredict.explain.counterfactual_limits import Limits
    from mispredict.explain.counterfactuals import Reference, Subjects, find_counterfactuals

    k = whole("k", k, 1, 10)
    chosen = row_numbers(of, row, where, sample, bounds.seed)
    values = of.table.values("prediction") if of.task.kind is TaskKind.REGRESSION else None
    goal = goal_of(of.task, target, values)
    inputs = inputs_of(of, trust=bounds.trust)
    space = inputs.space()
    limits = Limits(space, rules)
    matrix = space.encode(inputs.table)
    subjects = Subjects(
        inputs.frame(chosen), matrix[chosen], chosen, tuple(id_of(of, int(at)) for at in chosen)
    )
    asker = inputs.asker(bounds, len(chosen))
    result = find_counterfactuals(
        asker,
        Asker(inputs.model, of.task),
        space,
        limits,
        goal,
        subjects,
        Reference(matrix, said_codes(of), values),
        k=k,
        source=source_of(of, row, where, len(chosen)),
        seed=bounds.seed,
    )
    asker.close()
    return result
