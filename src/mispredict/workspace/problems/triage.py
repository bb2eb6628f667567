"""Problems held against an evaluation: which it mends, which came back."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from mispredict.core.errors import MispredictError
from mispredict.core.figures import rounded
from mispredict.review.results import Triage, Triaged
from mispredict.review.rules import Seen, moved
from mispredict.workspace.problems.keeping import Kept, add, all_kept, has_problems, kept
from mispredict.workspace.problems.measuring import Point, Shelf, point_of

if TYPE_CHECKING:
    from mispredict.workspace.evaluation import Evaluation

_LOG = logging.getLogger(__name__)
_FIRST = {"reopened": 0, "proposed": 1, "taken back": 2, "": 3}


def triage(of: Evaluation, *, asks: bool = True, trust: bool = False) -> Triage:
    """Every problem of the evaluation's model and data, judged; changes are written.

    Args:
        of: the evaluation.
        asks: whether the model is asked, where a problem's check needs that.
        trust: whether a stored copy of the model may be loaded then.
    """
    shelf = Shelf(of.workspace)
    rows = [
        _triaged(of, item, shelf, asks=asks, trust=trust)
        for item in all_kept(of.workspace.store)
        if item.state.is_about(of.model, of.dataset.name)
    ]
    rows.sort(key=lambda item: (_FIRST[_what(item)], -_number(item.priority), item.problem))
    return Triage(tuple(rows), of.ref, _summary(of, rows))


def notice(of: Evaluation) -> None:
    """Triage after an evaluation was made, without asking the model; it never fails."""
    if not has_problems(of.workspace.store):
        return
    try:
        triage(of, asks=False)
    except MispredictError as error:
        _LOG.warning("Problems could not be held against %s: %s", of.ref, error.message)


def _triaged(of: Evaluation, found: Kept, shelf: Shelf, *, asks: bool, trust: bool) -> Triaged:
    store, before = of.workspace.store, found.state
    current = shelf.current(before)
    is_current = current is not None and current.key == of.version.key
    point = point_of(of, found, is_current=is_current, asks=asks, trust=trust)
    seen = Seen(
        of.ref,
        point.row.verdict,
        _sentence(point),
        is_current,
        is_origin=before.origin.get("evaluation") == of.ref,
    )
    after = before
    if moved(before, seen) is not None:
        add(store, found.name, lambda state: moved(state, seen))
        after = kept(store, found.name).state
    changed = (after.status, after.proposed_by) != (before.status, before.proposed_by)
    return Triaged(
        found.name,
        after.title,
        before.status,
        after.status,
        "fixed" if after.proposed_by else "",
        point.row.verdict,
        point.row.value,
        point.row.bound,
        point.priority.value,
        of.ref,
        changed,
        _told(found.name, before.status, after.status, after.proposed_by, seen, changed),
    )


def _sentence(point: Point) -> str:
    row = point.row
    value, low, high = rounded(row.value, row.low, row.high, [row.bound])
    return f"{row.metric} {value} [{low}, {high}], expected {row.expected}."


def _told(name: str, before: str, after: str, proposed_by: str, seen: Seen, changed: bool) -> str:
    said = f" {seen.sentence}" if seen.verdict else ""
    if changed and after == "reopened":
        return f"{name} came back: it was {before} and is reopened.{said}"
    if changed and proposed_by:
        return f"{name} passes: to be marked as fixed?{said}"
    if changed:
        return f"{name} does not pass any more, and is {after} as before.{said}"
    if not seen.is_current:
        return f"{name} stays {after}: a newer version was evaluated.{said}"
    if not seen.verdict:
        return f"{name} stays {after}: nothing tells whether it is mended."
    proposed = ", proposed as fixed" if proposed_by else ""
    return f"{name} is {after}{proposed}: {seen.verdict}.{said}"


def _what(row: Triaged) -> str:
    if not row.is_changed:
        return ""
    if row.after == "reopened":
        return "reopened"
    return "proposed" if row.proposal else "taken back"


def _number(value: float) -> float:
    return value if value == value else -1.0  # noqa: PLR0124 - NaN


def _summary(of: Evaluation, rows: list[Triaged]) -> str:
    if not rows:
        return f"No problem is about {of.ref}."
    words = {
        "reopened": "came back",
        "proposed": "to be confirmed as fixed",
        "taken back": "no longer fixed",
    }
    counts = {word: sum(_what(row) == word for row in rows) for word in words}
    said = [f"{n:,} {words[word]}" for word, n in counts.items() if n]
    noun = "problem" if len(rows) == 1 else "problems"
    return f"{len(rows):,} {noun} of {of.ref}: {', '.join(said) or 'nothing changed'}."
