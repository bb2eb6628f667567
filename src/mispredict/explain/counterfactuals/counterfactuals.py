"""The smallest plausible changes of rows that give another prediction."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from mispredict.core.results import Source, plain
from mispredict.core.words import counted
from mispredict.explain.counterfactuals.goal import Goal
from mispredict.explain.counterfactuals.herd import Herd, outdone
from mispredict.explain.counterfactuals.limits import Limits
from mispredict.explain.counterfactuals.results import Counterfactual, Counterfactuals
from mispredict.explain.counterfactuals.search import Task, search
from mispredict.explain.counterfactuals.search_answers import Said
from mispredict.explain.counterfactuals.search_calls import Asker, Queries, failures_since
from mispredict.explain.counterfactuals.search_plausible import Crowd
from mispredict.explain.counterfactuals.search_space import Space, differs
from mispredict.explain.counterfactuals.search_subjects import Reference, Subjects
from mispredict.explain.what_if.what_if import Change

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.int64]
_TOGETHER = 256  # rows searched at once


def find_counterfactuals(
    asker: Asker,
    checker: Asker,
    space: Space,
    limits: Limits,
    goal: Goal,
    subjects: Subjects,
    reference: Reference,
    *,
    k: int,
    source: Source,
    seed: int,
) -> Counterfactuals:
    """At most k diverse counterfactuals for each row.

    Args:
        asker: of the model, with the budget of the search.
        checker: asks once more for what is returned, without any memory.
        space: of the features.
        limits: what may change.
        goal: the prediction that is wanted.
        subjects: the rows.
        reference: the data.
        k: answers per row.
        source: what it stands on.
        seed: of the search; each row has its own draws, whatever other rows are searched.
    """
    from mispredict.metrics.intervals import wilson

    started = time.perf_counter()
    said = asker.ask(subjects.frame, is_free=True)
    before = said.codes.copy()
    is_open = said.known & (goal.gap(said, before) > 0)
    as_they_are = asker.queries
    made: list[_Made] = []
    for group in _groups(goal, before, np.flatnonzero(is_open)):
        as_wanted = np.flatnonzero(reference.met(goal, int(before[group[0]])))
        crowd = Crowd(space, as_wanted, reference.matrix, seed=seed)
        for start in range(0, len(group), _TOGETHER):
            part = group[start : start + _TOGETHER]
            task = Task(
                space, limits, goal, crowd, subjects.frame.iloc[part].reset_index(drop=True),
                subjects.matrix[part], before[part],
                tuple(hash((seed, int(number))) % 2**32 for number in subjects.numbers[part]),
            )  # fmt: skip
            made += _answers(task, search(task, asker, answers=k), part, k)
    valid, answers = _confirmed(made, checker, space, goal, subjects, before)
    rows = _rows(made, valid, answers, said, space, goal, subjects)
    asked = int(is_open.sum())
    found = len({row.row for row in rows})
    interval = wilson(found, asked) if asked else None
    return Counterfactuals(
        rows=tuple(rows),
        target=goal.name,
        asked=asked,
        found=found,
        skipped=int(said.known.sum()) - asked,
        success=found / asked if asked else np.nan,
        low=interval.low if interval else np.nan,
        high=interval.high if interval else np.nan,
        invalid=int((~valid).sum()),
        queries=_sum(asker.queries, checker.queries),
        seconds=time.perf_counter() - started,
        source=source,
        note=_note(asker.queries, as_they_are, asked, found, bool(said.known.any())),
    )


@dataclass(frozen=True, slots=True)
class _Made:
    """A candidate that was chosen: whose it is, its features, and how good it is."""

    at: int
    genes: Floats
    distance: float
    changed: int
    plausibility: float
    nearest: int


def _groups(goal: Goal, before: Codes, rows: Codes) -> list[Codes]:
    """Rows that look for the same crowd."""
    if goal.is_range or goal.code is not None:
        return [rows] if len(rows) else []
    return [rows[before[rows] == code] for code in np.unique(before[rows])]


def _answers(task: Task, herd: Herd, part: Codes, k: int) -> list[_Made]:
    made = []
    for row, at in enumerate(part):
        met = np.flatnonzero(herd.is_met[row])
        genes = herd.genes[row, met]
        chosen = _diverse(task, genes, herd.cost[row, met], task.own[row], k)
        picked = genes[chosen]
        own = np.repeat(task.own[row : row + 1], len(picked), axis=0)
        distance = task.space.differences(picked, own).sum(axis=1)
        plausible = task.crowd.plausibility(picked)
        nearest = task.crowd.nearest_number(picked)
        changed = differs(picked, own).sum(axis=1)
        made += [
            _Made(int(at), picked[i], float(distance[i]), int(changed[i]), float(plausible[i]),
                  int(nearest[i]))
            for i in range(len(picked))
        ]  # fmt: skip
    return made


def _diverse(task: Task, genes: Floats, cost: Floats, own: Floats, k: int) -> list[int]:
    """The cheapest candidate, then the cheapest that is an alternative to it, and so on."""
    moved = task.space.differences(genes, own[None])
    chosen: list[int] = []
    for at in np.argsort(cost, kind="stable").tolist():
        group = [*chosen, at]
        if len(chosen) < k and not outdone(moved[None, group], cost[None, group])[0, -1]:
            chosen.append(at)
    return chosen


def _confirmed(
    made: Sequence[_Made],
    checker: Asker,
    space: Space,
    goal: Goal,
    subjects: Subjects,
    before: Codes,
) -> tuple[Bools, Said | None]:
    """Which of the answers the model predicts as wanted when it is asked afresh."""
    if not made:
        return np.zeros(0, dtype=bool), None
    owner = np.array([item.at for item in made])
    genes = np.array([item.genes for item in made])
    frame = space.decode(genes, subjects.frame, owner, subjects.matrix)
    said = checker.ask(frame, is_free=True)
    return goal.met(said, before[owner]), said


def _rows(
    made: Sequence[_Made],
    valid: Bools,
    answers: Said | None,
    said: Said,
    space: Space,
    goal: Goal,
    subjects: Subjects,
) -> list[Counterfactual]:
    rows: list[Counterfactual] = []
    if answers is None:
        return rows
    owner = np.array([item.at for item in made])
    chance = goal.chance(answers, said.codes[owner])
    ranks: dict[int, int] = {}
    for number, item in enumerate(made):
        if not valid[number]:
            continue
        ranks[item.at] = ranks.get(item.at, 0) + 1
        own = subjects.matrix[item.at]
        rows.append(
            Counterfactual(
                row=int(subjects.numbers[item.at]),
                id=subjects.ids[item.at],
                answer=ranks[item.at],
                changes=changes_of(space, own, item.genes),
                before=plain(said.prediction(item.at)),
                prediction=plain(answers.prediction(number)),
                probability=float(chance[number]),
                distance=item.distance,
                changed=item.changed,
                plausibility=item.plausibility,
                nearest=item.nearest,
            )
        )
    return sorted(rows, key=lambda row: (row.row, row.answer))


def changes_of(space: Space, own: Floats, genes: Floats) -> tuple[Change, ...]:
    """What differs, the largest change first."""
    places = np.flatnonzero(differs(genes, own))
    size = space.differences(genes[None], own[None])[0]
    order = sorted(places, key=lambda at: -size[at])
    return tuple(
        Change(
            space.names[at], space.features[at].plain(own[at]), space.features[at].plain(genes[at])
        )
        for at in order
    )


def _sum(first: Queries, second: Queries) -> Queries:
    return replace(
        first,
        calls=first.calls + second.calls,
        rows=first.rows + second.rows,
        failed=first.failed + second.failed,
        unsettled=first.unsettled + second.unsettled,
        seconds=first.seconds + second.seconds,
    )


def _note(queries: Queries, first: Queries, asked: int, found: int, is_known: bool) -> str:
    notes = []
    if not asked:
        notes.append(
            "Every row is predicted as wanted already."
            if is_known
            else "The model answered for no row."
        )
    if queries.is_spent:
        notes.append("The budget ended before the search did: a larger one may find more.")
    if asked > found:
        notes.append(f"For {counted(asked - found, 'row')} nothing was found within the rules.")
    return " ".join([*notes, *failures_since(queries, first, "changed rows")])
