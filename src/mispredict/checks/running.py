"""Running checks: their model calls are united, each distinct row is asked once.

Checks are planned until their rows make a wave, the wave is asked, its checks are judged, and
so on. What one check breaks on is its verdict `error`; the others go on.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from mispredict.core.errors import Cancelled, MispredictError, ModelError
from mispredict.core.words import counted
from mispredict.expectations.check import Check
from mispredict.expectations.planning import Plan, united
from mispredict.expectations.subject import Answers, Subject
from mispredict.expectations.verdict import Judged, Verdict, Verdicts
from mispredict.models.copies import Asked, Copies, form, frame_of, joined

Progress = Callable[[int, int], None]
WAVE_ROWS = 180_000  # a few full batches of a quick model, the last plan included
MOST_ROUNDS = 64  # of one check that plans again and again


def run_checks(
    checks: Sequence[Check],
    subject: Subject,
    *,
    fail_fast: bool = False,
    progress: Progress | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Verdicts:
    """The verdict of each check, in their order.

    Args:
        checks: what is expected.
        subject: of whom.
        fail_fast: stop after the first check that blocks; the others are `skipped`.
        progress: called with (checks judged, checks in all).
        cancel: asked between checks and model calls; True stops.

    Raises:
        Cancelled: `cancel` said so.
    """
    started = time.perf_counter()
    run = _Run(subject, len(checks), progress, cancel)
    ahead = [_Turn(number, check) for number, check in enumerate(checks)]
    verdicts: dict[int, Verdict] = {}
    is_over = False
    while ahead and not is_over:
        ahead, judged = run.wave(ahead, 1 if fail_fast else WAVE_ROWS)
        verdicts.update(judged)
        is_over = fail_fast and any(verdict.blocks for verdict in judged.values())
    base, reference = subject.baseline, subject.data.reference
    return Verdicts(
        tuple(verdicts[number] for number in sorted(verdicts)),
        of=subject.ref,
        baseline=base.ref if base is not None else "",
        seconds=time.perf_counter() - started,
        cost=subject.cost,
        skipped=tuple(turn.check.name for turn in ahead),
        reference=reference.ref if reference is not None else "",
    )


@dataclass
class _Turn:
    """A check on its way: what it plans, and what it took so far."""

    number: int
    check: Check
    plan: Plan | None = None
    answers: Answers = field(default_factory=Answers.none)
    seconds: float = 0.0
    rounds: int = 0
    error: BaseException | None = None


class _Run:
    """One run: plans, asks and judges wave by wave."""

    def __init__(
        self,
        subject: Subject,
        total: int,
        progress: Progress | None,
        cancel: Callable[[], bool] | None,
    ) -> None:
        self._subject, self._total = subject, total
        self._progress, self._cancel = progress, cancel
        self._done = 0

    def wave(self, ahead: list[_Turn], rows: int) -> tuple[list[_Turn], dict[int, Verdict]]:
        """What is left to do, and the verdicts of the checks that were first in line."""
        taken, planned = 0, 0
        for turn in ahead:
            self._heed_cancel()
            self._plan(turn)
            taken += 1
            planned += turn.plan.n if turn.plan is not None else 0
            if planned >= rows or rows == 1:
                break
        wave, left = ahead[:taken], ahead[taken:]
        self._ask([turn for turn in wave if turn.plan is not None and turn.plan.n])
        judged: dict[int, Verdict] = {}
        again: list[_Turn] = []
        for turn in wave:
            self._heed_cancel()
            verdict = self._judge(turn)
            if verdict is None:
                again.append(turn)
                continue
            judged[turn.number] = verdict
            self._done += 1
            if self._progress is not None:
                self._progress(self._done, self._total)
        return again + left, judged

    def _plan(self, turn: _Turn) -> None:
        if turn.plan is not None:
            return
        with _Timed(turn):
            turn.plan = turn.check.kind.plan(self._subject, turn.check.seed)

    def _ask(self, turns: list[_Turn]) -> None:
        """Answers for the rows of all plans: one question per form of frame."""
        forms: dict[str, list[_Turn]] = {}
        for turn in turns:
            forms.setdefault(form(_frame(turn)), []).append(turn)
        for group in forms.values():
            started = time.perf_counter()
            sizes = [len(_frame(turn)) for turn in group]
            try:
                said = self._subject.ask(_united([_frame(turn) for turn in group]))
            except Cancelled:
                raise
            except MispredictError:
                self._ask_alone(group)
                continue
            seconds = time.perf_counter() - started
            ends = np.cumsum(sizes)
            for turn, size, end in zip(group, sizes, ends, strict=True):
                turn.answers = said.take(slice(int(end) - size, int(end)))
                turn.seconds += seconds * size / max(int(ends[-1]), 1)

    def _ask_alone(self, turns: list[_Turn]) -> None:
        """Ask for each check by itself, so that what one breaks on does no harm to others."""
        for turn in turns:
            with _Timed(turn):
                try:
                    turn.answers = self._subject.ask(_frame(turn))
                except ModelError:
                    turn.answers = self._subject.ask_each(_frame(turn))

    def _judge(self, turn: _Turn) -> Verdict | None:
        """The verdict of a check; None where it plans another round."""
        judged: Judged | Plan | None = None
        if turn.error is None and turn.plan is not None:
            with _Timed(turn):
                judged = turn.check.kind.judge(self._subject, turn.plan, turn.answers)
        if isinstance(judged, Plan) and turn.rounds < MOST_ROUNDS:
            turn.plan, turn.answers = judged, Answers.none()
            turn.rounds += 1
            return None
        turn.plan, turn.answers = None, Answers.none()  # large, and not needed any more
        if isinstance(judged, Judged):
            return verdict_of(turn.check, judged, turn.seconds)
        return error_of(turn.check, turn.error, turn.seconds)

    def _heed_cancel(self) -> None:
        if self._cancel is not None and self._cancel():
            raise Cancelled(
                f"stopped after {self._done:,} of {counted(self._total, 'check')}.",
                hint="run it again; what is in the cache is not asked twice",
            )


class _Timed:
    """Counts the time of a step, and keeps what it raised."""

    def __init__(self, turn: _Turn) -> None:
        self._turn = turn

    def __enter__(self) -> None:
        self._started = time.perf_counter()

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        self._turn.seconds += time.perf_counter() - self._started
        is_fault = isinstance(error, Exception | SystemExit)  # a model may say SystemExit
        if is_fault and not isinstance(error, Cancelled):
            self._turn.error = error
            return True
        return False


def verdict_of(check: Check, judged: Judged, seconds: float) -> Verdict:
    """The verdict of a check from what its kind says."""
    return Verdict(
        check=check.name,
        kind=check.kind.name,
        verdict=judged.verdict,
        value=float(judged.value),
        low=float(judged.low),
        high=float(judged.high),
        n=int(judged.n),
        bound=float(judged.bound),
        seconds=seconds,
        expected=judged.expected,
        severity=check.severity,
        sentence=judged.sentence,
        seed=check.seed,
        failing=judged.failing,
        tags=check.tags,
        owner=check.owner,
        reason=check.reason,
        examples=judged.examples,
        error=judged.error,
        where=judged.where,
    )


def error_of(check: Check, error: BaseException | None, seconds: float) -> Verdict:
    """The verdict `error` of a check that could not be run, with what it broke on."""
    if isinstance(error, MispredictError):
        hint = f" Try: {error.hint}" if error.hint else ""
        said = f"{error.message}{hint}"
    elif error is None:
        said = f"It planned more than {MOST_ROUNDS} rounds."
    else:
        said = f"{type(error).__name__}: {error}"[:500]
    judged = Judged("error", f"It could not be run: {said}", error=said)
    return verdict_of(check, judged, seconds)


def _united(parts: Sequence[Asked]) -> Asked:
    """The rows of all plans, which have the same columns and types."""
    copies = [part for part in parts if isinstance(part, Copies)]
    if len(copies) == len(parts):
        return joined(copies)
    return united([frame_of(part) for part in parts])


def _frame(turn: _Turn) -> Asked:
    assert turn.plan is not None and turn.plan.frame is not None  # only such turns are asked
    return turn.plan.frame
