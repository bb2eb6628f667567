"""Attacks on rows by the search for counterfactuals."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mispredict.core.results import Source
from mispredict.core.task import TaskKind
from mispredict.expectations.subject import Attack, Attacks, Numbers
from mispredict.explain.counterfactuals.search_calls import Asker, Budget
from mispredict.explain.halving import failure_words
from mispredict.workspace.explaining.asking import Inputs, id_of, said_codes

if TYPE_CHECKING:
    from mispredict.explain.counterfactuals.results import Counterfactual
    from mispredict.models.caching import Pages

_TOGETHER = 64  # rows that share a budget, so that none is left without tries


def attacks_of(
    inputs: Inputs,
    rows: Numbers,
    target: Any,
    *,
    vary: Sequence[str],
    ranges: Mapping[str, Any],
    tries: int,
    seed: int,
    pages: Callable[[Any], Pages | None],
    cancel: Callable[[], bool] | None,
) -> Attacks:
    """The smallest plausible changes by which rows are predicted as the target."""
    from mispredict.explain.counterfactuals.counterfactuals import find_counterfactuals
    from mispredict.explain.counterfactuals.goal import goal_of
    from mispredict.explain.counterfactuals.limits import Limits, Rules
    from mispredict.explain.counterfactuals.search_subjects import Reference, Subjects

    of = inputs.of
    values = of.table.values("prediction") if of.task.kind is TaskKind.REGRESSION else None
    goal = goal_of(of.task, target, values)
    names = list(vary) or list(ranges) or None
    limits = Limits(inputs.space, Rules(vary=names, ranges=dict(ranges)))
    reference = Reference(inputs.matrix, said_codes(of), values)
    found: list[Attack] = []
    notes: list[str] = []
    for start in range(0, len(rows), _TOGETHER):
        part = rows[start : start + _TOGETHER]
        ids = tuple(id_of(of, int(at)) for at in part)
        asker = Asker(
            inputs.model, of.task, budget=Budget(rows=tries * len(part)), pages=pages,
            cancel=cancel,
        )  # fmt: skip
        made = find_counterfactuals(
            asker,
            Asker(inputs.model, of.task, cancel=cancel),
            inputs.space,
            limits,
            goal,
            Subjects(inputs.frame(part), inputs.matrix(part), part, ids),
            reference,
            k=1,
            source=Source(of.ref, n=len(part)),
            seed=seed,
        )
        asker.close()
        found += [_attack(row) for row in made.rows]
        failures = failure_words(made.queries.failed, made.queries.unsettled, "", "changed rows")
        if failures:
            notes.append(failures)
    return Attacks(rows, tuple(found), " ".join(dict.fromkeys(notes)))


def _attack(row: Counterfactual) -> Attack:
    changes = tuple((change.column, change.before, change.after) for change in row.changes)
    numbers = tuple(
        (name, after)
        for name, before, after in changes
        if all(isinstance(v, (int, float)) and not isinstance(v, bool) for v in (before, after))
    )
    return Attack(row.row, changes, numbers, row.before, row.prediction, row.probability)
