"""Problems of a workspace: opened, edited, listed by priority, and looked at."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from mispredict.core.errors import BadOption
from mispredict.core.ids import check_name
from mispredict.core.options import choice, text
from mispredict.core.predicate import parse
from mispredict.review.results import (
    NAN,
    Comment,
    Link,
    Origin,
    ProblemCheck,
    ProblemHistory,
    ProblemRecord,
    ProblemRow,
    Problems,
)
from mispredict.review.state import (
    HARMS,
    STATUS_WORDS,
    STATUSES,
    ProblemState,
    harm_words,
)
from mispredict.workspace.problems.examples import examples_of, patterns_of
from mispredict.workspace.problems.keeping import (
    KIND,
    Kept,
    add,
    all_kept,
    author,
    change,
    create,
    events_of,
    has_problems,
    kept,
)
from mispredict.workspace.problems.measuring import (
    Point,
    Shelf,
    check_of,
    point_of,
)
from mispredict.workspace.problems.opening import (
    first_state,
    found_of,
    name_of,
    pinned,
    title_of,
    with_check,
)

if TYPE_CHECKING:
    from mispredict.workspace.evaluation import Evaluation
    from mispredict.workspace.workspace import Workspace

SORTS = ("priority", "newest", "harm", "status")
_PROMINENT = {"reopened": 0, "open": 0, "fixing": 0, "accepted": 1, "fixed": 2}
_RECHECKED = ("where", "target")  # edits after which the check is made anew
_EXPLANATION = (
    "Priority = share of rows or users affected × error (0 to 1) × harm (1 to 5, over 5) × 100, "
    "in the evaluation that the problem is judged by; open problems first."
)


def open_problem(
    of: Evaluation,
    finding: Any = None,
    *,
    title: str = "",
    where: Any = None,
    rows: Any = None,
    name: str | None = None,
    metric: str | None = None,
    target: float | None = None,
    check: bool = True,
    who: str = "",
    **facts: Any,
) -> ProblemRecord:
    """A new problem with its check; see `Evaluation.open_problem`."""
    workspace = of.workspace
    found = found_of(of, finding, where, rows)
    known = workspace.store.names(KIND) if has_problems(workspace.store) else ()
    titled = text("title", title).strip()
    if name is None:
        name = name_of(titled or title_of(of, found), known)
    check_name(name)
    if name in known:
        raise BadOption(
            f"there is a problem {name!r} already.",
            known="Problems are known by their names.",
            hint=f"name={name_of(name, known)!r}, or ws.edit_problem({name!r}, …)",
        )
    found = pinned(of, found, name)
    state = first_state(
        of, found, title=titled, metric=metric, target=target, is_checked=check, facts=facts
    )
    create(workspace.store, name, state, who=who)
    return record(workspace, name)


def edit_problem(
    workspace: Workspace, name: str, *, version: int | None, who: str, changes: Mapping[str, Any]
) -> ProblemRecord:
    """The problem after a person's edit; see `Workspace.edit_problem`."""
    store, shelf = workspace.store, Shelf(workspace)

    def edit(state: ProblemState) -> ProblemState:
        after = state.edited(changes)
        current = shelf.current(after)
        if any(key in changes for key in _RECHECKED) and current is not None:
            of = shelf.open(current)
            bound = of.predicate(after.where).text
            after = with_check(of, after.edited({"where": bound, "reason": after.reason}))
        if after.status == "fixed" != state.status and current is not None:
            after = after.settled_by(f"{current.spec['model']}/{current.spec['dataset']}")
        return after

    change(store, name, edit, version=version, who=who)
    return record(workspace, name)


def comment_problem(workspace: Workspace, name: str, words: str, *, who: str) -> ProblemRecord:
    """The problem with another comment, whatever others write meanwhile."""
    from mispredict.store.recording import user

    at = datetime.now(UTC).isoformat(timespec="seconds")
    add(workspace.store, name, lambda state: state.said(words, who or user(), at), who=who)
    return record(workspace, name)


def problems(
    workspace: Workspace,
    of: Evaluation | None = None,
    *,
    status: str | None = None,
    owner: str | None = None,
    sort: str = "priority",
) -> Problems:
    """All problems, the most urgent first; see `Workspace.problems`."""
    choice("sort", sort, SORTS)
    if status is not None:
        choice("status", status, (*STATUSES, "proposed"))
    found = [
        item
        for item in all_kept(workspace.store)
        if of is None or item.state.is_about(of.model, of.dataset.name)
    ]
    shelf = Shelf(workspace)
    if of is not None:
        shelf.keep(of)
    rows = [_row(shelf, item, of) for item in found]
    counts = Counter(row.status for row in rows)
    proposed = sum(bool(row.proposal) for row in rows)
    chosen = [
        row
        for row in rows
        if status in (None, row.status) or (status == "proposed" and row.proposal)
    ]
    chosen = [row for row in chosen if owner is None or row.owner == owner]
    chosen.sort(key=_ORDERS[sort])
    return Problems(
        tuple(chosen),
        of.ref if of is not None else "",
        {name: counts[name] for name in STATUSES},
        proposed,
        HARMS,
        _EXPLANATION if rows else "There is no problem yet: open one of a slice, a cohort or rows.",
    )


def record(workspace: Workspace, name: str, of: Evaluation | None = None) -> ProblemRecord:
    """One problem with all that is known of it; see `Workspace.problem`."""
    found = kept(workspace.store, name)
    shelf = Shelf(workspace)
    points = _points(shelf, found, of)
    current = next((point for point in points if point.row.is_current), None)
    state, versions = found.state, found.versions
    newest = shelf.current(state)
    evaluation = of or (shelf.open(newest) if newest is not None else None)
    check = check_of(state)
    return ProblemRecord(
        rows=tuple(point.row for point in points),
        name=name,
        version=found.number,
        title=state.title,
        description=state.description,
        expected=state.expected,
        where=state.where,
        sentence=parse(state.where).sentence(),
        dataset=state.dataset,
        model=state.model,
        metric=state.metric,
        status=state.status,
        status_words=STATUS_WORDS[state.status],
        proposal="fixed" if state.proposed_by else "",
        proposed_by=state.proposed_by,
        fixed_in=state.fixed_in,
        owner=state.owner,
        harm=state.harm,
        harm_words=harm_words(state.harm),
        users=state.users,
        target=NAN if state.target is None else state.target,
        origin=Origin(**{"kind": "", "sentence": "", "evaluation": "", **state.origin}),
        priority=current.priority if current is not None else None,
        current=current.row if current is not None else None,
        check=_check(state, current, check) if check is not None else None,
        patterns=patterns_of(state, evaluation),
        examples=examples_of(state, evaluation),
        links=tuple(Link(**item) for item in state.links),
        comments=tuple(Comment(**item) for item in state.comments),
        events=events_of(found),
        created_at=versions[0].created_at.isoformat(timespec="seconds"),
        created_by=versions[0].created_by,
        updated_at=versions[-1].created_at.isoformat(timespec="seconds"),
        updated_by=author(versions[-1]),
        note=_note(state, current),
    )


def _note(state: ProblemState, current: Point | None) -> str:
    """What is to be known of the problem where it is judged."""
    if current is None:
        return "It was not evaluated yet."
    if state.status == "fixed" and current.row.verdict == "fail":
        said = f"It is said to be fixed, and fails its check in {current.row.evaluation}."
        return f"{said} {current.row.note}".strip()
    return current.row.note


def problem_history(workspace: Workspace, name: str | None = None) -> ProblemHistory:
    """One problem, or each, over the versions of its model: what a chart is drawn of."""
    found = all_kept(workspace.store) if name is None else (kept(workspace.store, name),)
    shelf = Shelf(workspace)
    rows = [point.row for item in found for point in _points(shelf, item)]
    return ProblemHistory(tuple(rows))


def _points(shelf: Shelf, found: Kept, of: Evaluation | None = None) -> list[Point]:
    """The problem in each evaluation; `of`, or else the last one, is the current one."""
    versions = shelf.of(found.state)
    points = []
    for version in versions:
        is_last = version is versions[-1] if of is None else version.key == of.version.key
        points.append(point_of(shelf.open(version), found, is_current=is_last))
    if of is not None and not any(point.row.is_current for point in points):
        points.append(point_of(of, found, is_current=True))
    return points


def _row(shelf: Shelf, found: Kept, of: Evaluation | None) -> ProblemRow:
    state, version = found.state, found.versions[-1]
    points = _last_two(shelf, found, of)
    point = points[-1] if points else None
    row = point.row if point is not None else None
    made = point.priority if point is not None else None
    return ProblemRow(
        problem=found.name,
        title=state.title,
        status=state.status,
        proposal="fixed" if state.proposed_by else "",
        proposed_by=state.proposed_by,
        owner=state.owner,
        harm=state.harm,
        harm_words=harm_words(state.harm),
        priority=made.value if made else NAN,
        low=made.low if made else NAN,
        high=made.high if made else NAN,
        share=made.share if made else NAN,
        error=made.error if made else NAN,
        n=made.n if made else 0,
        affected=made.affected if made else 0,
        verdict=row.verdict if row else "",
        before=points[-2].row.verdict if len(points) > 1 else "",
        value=row.value if row else NAN,
        bound=row.bound if row else NAN,
        metric=row.metric if row else state.metric,
        evaluation=row.evaluation if row else "",
        where=state.where,
        sentence=parse(state.where).sentence(),
        working=made.working if made else "It was not evaluated yet.",
        comments=len(state.comments),
        links=len(state.links),
        open_days=_open_days(found),
        version=version.number,
        updated_at=version.created_at.isoformat(timespec="seconds"),
        note=row.note if row else "It was not evaluated yet.",
    )


def _last_two(shelf: Shelf, found: Kept, of: Evaluation | None) -> list[Point]:
    """The problem in the evaluation that judges it, and in that of the model before on its rows."""
    versions = list(shelf.of(found.state))
    keys = [version.key for version in versions]
    last = None if not versions else versions[-1]
    if of is not None:
        last = next((v for v in versions if v.key == of.version.key), of.version)
    if last is None:
        return []
    earlier = versions[: keys.index(last.key)] if last.key in keys else []
    before = [v for v in earlier if v.spec["dataset"] == last.spec["dataset"]][-1:]
    return [
        point_of(shelf.open(version), found, is_current=version is last)
        for version in (*before, last)
    ]


def _open_days(found: Kept) -> int:
    """Days since it was opened, until it was last said to be fixed."""
    end = datetime.now(UTC)
    if found.state.status == "fixed":
        fixed = [v for v in found.versions if v.spec["status"] != "fixed"]
        later = [v for v in found.versions if v.number > (fixed[-1].number if fixed else 0)]
        end = later[0].created_at if later else end
    start = found.versions[0].created_at
    start = start if start.tzinfo else start.replace(tzinfo=UTC)
    end = end if end.tzinfo else end.replace(tzinfo=UTC)
    return max((end - start).days, 0)


def _urgency(row: ProblemRow) -> tuple[Any, ...]:
    priority = -1.0 if math.isnan(row.priority) else row.priority
    return (_PROMINENT[row.status], -priority, row.problem)


_ORDERS: Mapping[str, Any] = {
    "priority": _urgency,
    "newest": lambda row: (row.open_days, row.problem),
    "harm": lambda row: (-row.harm, *_urgency(row)),
    "status": lambda row: (STATUSES.index(row.status), *_urgency(row)),
}


def _check(state: ProblemState, current: Point | None, check: Any) -> ProblemCheck:
    expected = current.row.expected if current is not None else ""
    return ProblemCheck(check.name, check.kind.name, expected, check.reason, state.check)
