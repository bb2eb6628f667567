"""What a problem is in each evaluation: its metric, its check's verdict, its priority."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from mispredict.core.errors import MispredictError
from mispredict.core.ids import Ref, hash_json
from mispredict.core.results import plain
from mispredict.review.priority import Errors, priority_of
from mispredict.review.results import NAN, ProblemPriority, ProblemVersion
from mispredict.review.state import ProblemState, harm_words

if TYPE_CHECKING:
    from mispredict.expectations.check import Check
    from mispredict.expectations.verdict import Verdict
    from mispredict.store import Version
    from mispredict.workspace.evaluation import Evaluation
    from mispredict.workspace.problems.keeping import Kept
    from mispredict.workspace.workspace import Workspace

_FORM = 2  # of what is kept of a measurement; another number forgets older ones
_ASKS = "Its check asks the model: mispredict problems triage runs it."


@dataclass(frozen=True)
class Point:
    """A problem in one evaluation."""

    row: ProblemVersion
    priority: ProblemPriority


class Shelf:
    """The evaluations of a workspace, listed once and each opened once, for one answer."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._opened: dict[str, Evaluation] = {}

    @cached_property
    def _versions(self) -> tuple[Version, ...]:
        return self.workspace.store.versions("evaluation")

    def of(self, state: ProblemState) -> tuple[Version, ...]:
        """Those that tell of a problem: the newest of each pair, in order of their models."""
        newest: dict[tuple[str, str], Version] = {}
        for version in self._versions:
            model, dataset = str(version.spec["model"]), str(version.spec["dataset"])
            if state.is_about(model, Ref.parse(dataset).name):
                held = newest.get((model, dataset))
                if held is None or held.number < version.number:
                    newest[model, dataset] = version
        return tuple(sorted(newest.values(), key=lambda version: _place(version, state)))

    def current(self, state: ProblemState) -> Version | None:
        """The one that a problem is judged by: of the newest model, on the newest rows."""
        found = self.of(state)
        return found[-1] if found else None

    def open(self, version: Version) -> Evaluation:
        """The evaluation of a version."""
        from mispredict.workspace.evaluation import Evaluation

        if version.key not in self._opened:
            rows = self.workspace.dataset(str(version.spec["dataset"]))
            self._opened[version.key] = Evaluation(self.workspace, version, rows)
        return self._opened[version.key]

    def keep(self, of: Evaluation) -> None:
        """Use an evaluation that is open already."""
        self._opened[of.version.key] = of


def point_of(
    of: Evaluation,
    found: Kept,
    *,
    is_current: bool = False,
    asks: bool = False,
    trust: bool = False,
) -> Point:
    """The problem in an evaluation, kept for the next time.

    Args:
        of: the evaluation.
        found: the problem.
        is_current: whether the problem is judged by it.
        asks: whether the model may be asked, where its check needs that.
        trust: whether a stored copy of the model may be loaded then.
    """
    cache, key = of.workspace.store.cache, _key(of, found)
    data = cache.get(key)
    point = _read(data) if data is not None else None
    if point is None or (asks and point.row.note == _ASKS):
        point = _measured(of, found, asks=asks, trust=trust)
        cache.put(key, json.dumps(plain(point)).encode())
    harmed = _with_harm(point.priority, found.state.harm)
    row = replace(
        point.row, problem=found.name, is_current=is_current, priority=harmed.value,
        priority_low=harmed.low, priority_high=harmed.high,
    )  # fmt: skip
    return Point(row, harmed)


def errors_of(of: Evaluation, users: str = "") -> Errors:
    """How wrong each row is, what it is worth and whose it is."""
    import pyarrow.compute as pc

    weight = of.outcomes.weight
    is_share = "correct" in of.fields.reserved
    numbers = None
    if users:
        values = of.dataset.column(users).combine_chunks()
        codes = pc.fill_null(pc.dictionary_encode(values).indices, -1)
        numbers = np.asarray(codes, dtype=np.int64)
    return Errors(of.target, is_share, weight, numbers, users)


def check_of(state: ProblemState) -> Check | None:
    """The check of a problem, None where it has none."""
    from mispredict.checks.suites.suite import Suite

    return Suite.parse(state.check).checks[0] if state.check else None


def _measured(of: Evaluation, found: Kept, *, asks: bool, trust: bool) -> Point:
    state = found.state
    row = _empty(of, found)
    nothing = ProblemPriority(
        NAN, NAN, NAN, NAN, NAN, NAN, NAN, state.harm, harm_words(state.harm), 0, 0, state.scale,
        True, state.users, of.ref, "it could not be measured here.",
    )  # fmt: skip
    try:
        mask = of.mask(state.where)
        made = priority_of(
            errors_of(of, state.users), mask, harm=state.harm, scale=state.scale, evaluation=of.ref
        )
        table = of.metrics(by=[state.where, f"NOT ({state.where})"], metrics=[state.metric])
    except MispredictError as error:
        return Point(replace(row, note=error.message), replace(nothing, working=error.message))
    own, rest = table.rows
    row = replace(
        row, value=own.value, low=own.low, high=own.high, rest=rest.value, n=own.n,
        share=made.share, error=made.error, priority=made.value, priority_low=made.low,
        priority_high=made.high, note="" if made.n else "No rows of it here.",
    )  # fmt: skip
    return Point(_judged(of, state, row, asks=asks, trust=trust), made)


def _judged(
    of: Evaluation, state: ProblemState, row: ProblemVersion, *, asks: bool, trust: bool
) -> ProblemVersion:
    check = check_of(state)
    if check is None:
        return row
    if check.kind.needs == "model" and not asks:
        return replace(row, note=_ASKS)
    verdict = _verdict(of, check, trust=trust)
    said = {"verdict": verdict.verdict, "bound": verdict.bound, "expected": verdict.expected}
    if check.kind.name != "metric":
        figures = {"value": verdict.value, "low": verdict.low, "high": verdict.high}
        said |= {**figures, "n": verdict.n, "metric": check.kind.name}
    if verdict.verdict in ("error", "unsure"):
        said["note"] = verdict.error or verdict.sentence
    return replace(row, **said)  # type: ignore[arg-type]


def _verdict(of: Evaluation, check: Check, *, trust: bool) -> Verdict:
    from mispredict.checks.suites.suite import Suite
    from mispredict.workspace.testing.testing import judge

    return judge(Suite("problem", (check,)), of, is_checked=True, trust=trust).rows[0]


def _empty(of: Evaluation, found: Kept) -> ProblemVersion:
    return ProblemVersion(
        found.name, of.ref, of.model, of.dataset.ref,
        of.version.created_at.isoformat(timespec="seconds"), found.state.metric,
        NAN, NAN, NAN, NAN, 0, NAN, "", "", NAN, NAN, NAN, NAN, NAN, is_current=False, note="",
    )  # fmt: skip


def _with_harm(made: ProblemPriority, harm: int) -> ProblemPriority:
    """The priority under another harm, which what is kept does not depend on."""
    if made.harm == harm:
        return made
    from mispredict.review.priority import with_harm

    return with_harm(made, harm)


def _key(of: Evaluation, found: Kept) -> str:
    """Name of the measurement: all that it depends on."""
    state, store = found.state, of.workspace.store
    named = store.revision("tag", "cohort") if "(" in state.where else ""
    facts = [_FORM, of.version.key, of.version.content, state.where, state.metric, state.check,
             state.users, state.scale, named]  # fmt: skip
    return f"problem-{hash_json(facts)}"


def _read(data: bytes) -> Point | None:
    try:
        value = json.loads(data)
        return Point(
            _record(ProblemVersion, value["row"]), _record(ProblemPriority, value["priority"])
        )
    except (ValueError, TypeError, KeyError):
        return None


def _record(kind: type[Any], value: dict[str, Any]) -> Any:
    """The record that JSON says; null is NaN where a number stands."""
    numbers = {name for name, text in kind.__annotations__.items() if text == "float"}
    return kind(**{k: math.nan if v is None and k in numbers else v for k, v in value.items()})


def _place(version: Version, state: ProblemState) -> tuple[Any, ...]:
    """Order of evaluations: by the model's version and then the rows', or by time."""
    model, data = (Ref.parse(str(version.spec[key])) for key in ("model", "dataset"))
    if state.model:
        return (model.version or 0, data.version or 0, version.created_at)
    return (0, 0, version.created_at)
