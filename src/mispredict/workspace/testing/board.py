"""What a suite came to for one evaluation, check by check, with how each is drawn."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from mispredict.checks.catalog import KINDS
from mispredict.checks.suites.editing import passages, read_suite
from mispredict.core.ids import Ref
from mispredict.core.results import Result
from mispredict.expectations.verdict import WORDS, Verdict
from mispredict.workspace.testing.history import KIND as RUN
from mispredict.workspace.testing.history import (
    CheckVersion,
    Run,
    check_history,
    runs,
    stored_verdicts,
)
from mispredict.workspace.testing.suites import saved_text, saved_version

if TYPE_CHECKING:
    from mispredict.expectations.check import Check
    from mispredict.store import Store
    from mispredict.workspace.evaluation import Evaluation

_ORDER = ("error", "fail", "unsure", "", "pass")
_MOST_RUNS = 50  # that are looked through for the newest verdict of each check


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A check with its newest verdict here, null before its first run.

    `says` sums up its kind, `where` is the cohort that it is about, `yaml` its text, "" where only
    its runs are known. Its value is drawn from `axis_low` to `axis_high`, null where there is
    nothing to draw; `good` says on which side of the bound it is as expected: "above", "below"
    or "".
    """

    check: str
    kind: str
    says: str
    where: str
    yaml: str
    severity: str
    tags: tuple[str, ...]
    owner: str
    reason: str
    verdict: Verdict | None
    run: str
    axis_low: float
    axis_high: float
    good: str
    history: tuple[CheckVersion, ...]


@dataclass(frozen=True)
class Board(Result):
    """A suite for one evaluation, what fails first.

    `counts` has how many checks came to each verdict, and "not run". `is_changed` says that the
    suite was saved after its last run here.
    """

    rows: tuple[BoardRow, ...]
    suite: str
    of: str
    text: str
    is_saved: bool
    is_changed: bool
    is_passed: bool
    summary: str
    counts: Mapping[str, int]
    last: Run | None
    models: tuple[str, ...]

    row_type: ClassVar[type] = BoardRow
    title: ClassVar[str] = "Checks"


def board(of: Evaluation, name: str) -> Board:
    """The suite with the newest verdicts on the evaluation.

    Raises:
        UnknownName: there is no such suite.
    """
    store = of.workspace.store
    text = saved_text(store, name)
    mine, found = _verdicts(store, name, of)
    history = _history(store, name, of)
    if text:
        texts = passages(text)
        checks = read_suite(text).checks
        rows = [
            _row(check, texts[check.name].text if check.name in texts else "", found, history)
            for check in checks
        ]
    else:
        rows = [_row_of_run(verdict, run, history) for verdict, run in found.values()]
    rows.sort(key=lambda row: _ORDER.index(row.verdict.verdict if row.verdict else ""))
    counts = _counts(rows)
    saved = saved_version(store, name)
    last = mine[0] if mine else None
    is_passed = bool(rows) and not any(_blocks(row) for row in rows)
    return Board(
        tuple(rows),
        suite=name,
        of=of.ref,
        text=text,
        is_saved=saved is not None,
        is_changed=bool(
            saved and last and saved.created_at.isoformat(timespec="seconds") > last.created_at
        ),
        is_passed=is_passed,
        summary=_summary(counts, is_passed),
        counts=counts,
        last=last,
        models=tuple(dict.fromkeys(item.model for row in rows for item in row.history)),
    )


def _verdicts(
    store: Store, name: str, of: Evaluation
) -> tuple[list[Run], dict[str, tuple[Verdict, str]]]:
    """Runs on the evaluation, the newest first, and of each check the newest verdict."""
    if RUN not in store.kinds() or name not in store.names(RUN):
        return [], {}
    about = (of.model, of.dataset.ref)
    mine = [run for run in runs(store, name).rows if (run.model, run.dataset) == about]
    found: dict[str, tuple[Verdict, str]] = {}
    for run in mine[:_MOST_RUNS]:
        for verdict in stored_verdicts(store, run.run).rows:
            found.setdefault(verdict.check, (verdict, run.run))
    return mine, found


def _history(store: Store, name: str, of: Evaluation) -> dict[str, list[CheckVersion]]:
    """What each check came to for versions of models on versions of the same dataset."""
    if RUN not in store.kinds() or name not in store.names(RUN):
        return {}
    data = Ref.parse(of.dataset.ref).name
    found: dict[str, list[CheckVersion]] = {}
    for item in check_history(store, name).rows:
        if Ref.parse(item.dataset).name == data:
            found.setdefault(item.check, []).append(item)
    return found


def _row(
    check: Check,
    text: str,
    found: Mapping[str, tuple[Verdict, str]],
    history: Mapping[str, list[CheckVersion]],
) -> BoardRow:
    verdict, run = found.get(check.name, (None, ""))
    low, high, good = _axis(verdict)
    return BoardRow(
        check.name, check.kind.name, check.kind.summary,
        getattr(check.kind, "where", None) or "", text, check.severity, check.tags,
        check.owner, check.reason, verdict, run, low, high, good,
        tuple(history.get(check.name, ())),
    )  # fmt: skip


def _row_of_run(verdict: Verdict, run: str, history: Mapping[str, list[CheckVersion]]) -> BoardRow:
    """The row of a check of which there is no text, since its suite only ran."""
    low, high, good = _axis(verdict)
    says = KINDS[verdict.kind].summary if verdict.kind in KINDS else ""
    return BoardRow(
        verdict.check, verdict.kind, says, "", "", verdict.severity, verdict.tags, verdict.owner,
        verdict.reason, verdict, run, low, high, good, tuple(history.get(verdict.check, ())),
    )  # fmt: skip


def _axis(verdict: Verdict | None) -> tuple[float, float, str]:
    """Ends of the axis on which a verdict's numbers are drawn, and the good side of its bound."""
    if verdict is None or not math.isfinite(verdict.value):
        return math.nan, math.nan, ""
    said = verdict.expected
    is_one = " and " not in said
    good = "above" if said.startswith("≥") and is_one else "below" if said[:1] == "≤" else ""
    known = [
        n for n in (verdict.value, verdict.low, verdict.high, verdict.bound) if math.isfinite(n)
    ]
    low, high = min(known), max(known)
    if low >= 0 and high <= 1:
        return 0.0, 1.0, good
    margin = (high - low) * 0.15 or abs(high) * 0.15 or 1.0
    return (0.0 if low >= 0 else low - margin), high + margin, good


def _blocks(row: BoardRow) -> bool:
    if row.severity != "block":
        return False
    return row.verdict is None or not row.verdict.is_passed


def _counts(rows: list[BoardRow]) -> dict[str, int]:
    found = Counter(row.verdict.verdict if row.verdict else "not run" for row in rows)
    return {word: found[word] for word in (*WORDS, "not run")}


def _summary(counts: Mapping[str, int], is_passed: bool) -> str:
    said = ", ".join(f"{count} {word}" for word, count in counts.items() if count)
    if not any(counts[word] for word in WORDS):
        return "Not run on this evaluation yet."
    outcome = "Passed" if is_passed else "Not passed"
    return f"{outcome}: {said}."
