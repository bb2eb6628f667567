"""What a verdict does to a problem: it proposes, takes back, or reopens; people decide the rest."""

from __future__ import annotations

from dataclasses import dataclass, replace

from mispredict.review.state import ProblemState


@dataclass(frozen=True, slots=True)
class Seen:
    """What one evaluation says of a problem.

    `is_current` says that no newer version of the model or data was evaluated, `is_origin` that
    the problem was opened from it.
    """

    evaluation: str
    verdict: str
    sentence: str = ""
    is_current: bool = True
    is_origin: bool = False


def moved(state: ProblemState, seen: Seen) -> ProblemState | None:
    """The problem after the evaluation; None where it stays as it is.

    Only the current evaluation counts, so that an old model that is tested on new data reopens
    nothing. Passing proposes that it is fixed, which a person confirms; failing afterwards
    reopens what was fixed. Not knowing (`unsure`, `error`) reopens nothing, and only takes a
    proposal back. What was accepted stays so.
    """
    if not seen.is_current or not seen.verdict:
        return None
    if state.is_open:
        return _proposed(state, seen)
    if state.status == "fixed" and seen.verdict == "fail" and seen.evaluation != state.settled:
        made = {"status": "reopened", "proposed_by": "", "fixed_in": "", "settled": ""}
        return replace(state, **made, by=seen.evaluation, reason=seen.sentence)  # type: ignore[arg-type]
    return None


def _proposed(state: ProblemState, seen: Seen) -> ProblemState | None:
    if seen.verdict == "pass" and not seen.is_origin:
        if state.proposed_by == seen.evaluation:
            return None
        return replace(state, proposed_by=seen.evaluation, by=seen.evaluation, reason=seen.sentence)
    if seen.verdict != "pass" and state.proposed_by:
        return replace(state, proposed_by="", by=seen.evaluation, reason=seen.sentence)
    return None
