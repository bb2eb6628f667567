"""Suites that a workspace keeps as text: saved in it, or known from their runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from mispredict.checks.suites.editing import (
    Edited,
    moved,
    new_suite,
    read_suite,
    with_check,
    with_checks,
)
from mispredict.core.errors import BadSuite, Conflict, UnknownName
from mispredict.core.ids import Ref
from mispredict.core.results import Result
from mispredict.workspace.testing.history import KIND as RUN
from mispredict.workspace.testing.history import Run, runs

if TYPE_CHECKING:
    from mispredict.checks.suites.suite import Suite
    from mispredict.store import Store, Version
    from mispredict.workspace.evaluation import Evaluation

KIND = "suite"
_TRIES = 20  # at changing a suite while others do the same


@dataclass(frozen=True, slots=True)
class SuiteEntry:
    """A suite: how many checks it has, and its last run for each version of a model.

    One that is not saved is known from its runs alone.
    """

    suite: str
    checks: int
    is_saved: bool
    saved_at: str
    runs: tuple[Run, ...]


@dataclass(frozen=True)
class SuiteList(Result):
    """The suites of a workspace, by name."""

    rows: tuple[SuiteEntry, ...]

    row_type: ClassVar[type] = SuiteEntry
    title: ClassVar[str] = "Suites"


def suites(store: Store) -> SuiteList:
    """Every suite that was saved or that ran."""
    return SuiteList(tuple(_entry(store, name) for name in suite_names(store)))


def suite_names(store: Store) -> tuple[str, ...]:
    """Names of suites that were saved or that ran, sorted."""
    known = store.kinds()
    return tuple(
        sorted({name for kind in (KIND, RUN) if kind in known for name in store.names(kind)})
    )


def saved_version(store: Store, name: str) -> Version | None:
    """The saved suite's newest version; None where it is known from runs alone."""
    return store.head(KIND, name) if KIND in store.kinds() else None


def saved_text(store: Store, name: str) -> str:
    """The text of a suite: as it was saved, else as it ran last, "" where nobody kept it.

    Raises:
        UnknownName: there is none of that name.
    """
    version = saved_version(store, name)
    if version is not None:
        return store.read_bytes(version.role("text")[0]).decode()
    if name not in suite_names(store):
        raise UnknownName.of("suite", name, suite_names(store))
    ran = [version for version in store.versions(RUN, name) if version.role("text")]
    if not ran:
        return ""
    newest = max(ran, key=lambda version: version.number)
    return store.read_bytes(newest.role("text")[0]).decode()


def save_suite(of: Evaluation, text: str, *, was: str | None = None) -> str:
    """The name of the suite, now saved; all that it names was looked up, what it runs on too.

    Args:
        of: the evaluation.
        text: the suite.
        was: the text that this one was made of, "" for a new suite; without it whatever there is
            is replaced.

    Raises:
        BadSuite: it has a fault.
        Conflict: the suite is no longer as it was.
    """
    from mispredict.workspace.testing.target import check_heads

    store = of.workspace.store
    suite = _checked(of, text)
    check_heads(of.workspace, suite)  # the screen runs it on what is looked at, others do not
    number, now = _as_it_is(store, suite.name)
    if was is not None and was != now:
        raise _too_late(suite.name, is_new=not was)
    try:
        return _commit(store, suite, text, None if was is None else number)
    except Conflict as error:
        raise _too_late(suite.name, is_new=not was) from error


def add_checks(of: Evaluation, name: str, checks: Sequence[str]) -> str:
    """The name of the suite with further checks in it; a new one where there is no text of it.

    Several people may add at once: checks are added to what another wrote first.
    """

    def edited(text: str) -> Edited:
        if text:
            return with_checks(text, checks)
        head = {"dataset": Ref.parse(of.dataset.ref).name, "model": Ref.parse(of.model).name}
        return new_suite(name, head, checks)

    return _change(of, name, edited)


def change_check(of: Evaluation, name: str, check: str, text: str | None) -> str:
    """The name of the suite with another text for one check, or without it.

    Raises:
        UnknownName: there is no such suite or check.
    """
    saved_text(of.workspace.store, name)  # which says what suites there are
    return _change(of, name, lambda now: with_check(now, check, text))


def _change(of: Evaluation, name: str, edit: Callable[[str], Edited]) -> str:
    """Save what the edit makes of the suite; again on what another wrote in the meantime.

    A fault in what was added is told as if that stood alone.
    """
    for _ in range(_TRIES):
        number, now = _as_it_is(of.workspace.store, name)
        edited = edit(now)
        try:
            return _commit(of.workspace.store, _checked(of, edited.text), edited.text, number)
        except Conflict:
            continue
        except BadSuite as error:
            raise moved(error, edited) from error
    raise Conflict(f"suite {name!r} is being changed by others all the time.", hint="try again")


def _as_it_is(store: Store, name: str) -> tuple[int, str]:
    """Number of the suite's newest version, 0 where it was never saved, and its text, or ""."""
    version = saved_version(store, name)
    text = saved_text(store, name) if name in suite_names(store) else ""
    return version.number if version else 0, text


def _checked(of: Evaluation, text: str) -> Suite:
    from mispredict.workspace.testing.testing import prepare

    suite = read_suite(text)
    prepare(of.workspace, suite, model=of.model, data=of.dataset.ref)
    return suite


def _commit(store: Store, suite: Suite, text: str, expected: int | None) -> str:
    spec: dict[str, Any] = {"suite": suite.name, "checks": len(suite)}
    part = store.write_bytes(text.encode(), "yaml")
    store.commit(KIND, suite.name, spec=spec, parts={"text": part}, expected=expected)
    return suite.name


def _too_late(name: str, *, is_new: bool) -> Conflict:
    if is_new:
        return Conflict(
            f"there is a suite {name!r} already.",
            known="Nothing was changed.",
            hint="another name after suite:, or edit the one there is",
        )
    return Conflict(
        f"suite {name!r} was changed by somebody in the meantime.",
        known="Nothing was saved.",
        hint="copy your text, look at the suite as it is now, and change it again",
    )


def _entry(store: Store, name: str) -> SuiteEntry:
    version = saved_version(store, name)
    newest: dict[tuple[str, str], Run] = {}
    if RUN in store.kinds() and name in store.names(RUN):
        for run in runs(store, name).rows:
            newest.setdefault((run.model, run.dataset), run)
    last = next(iter(newest.values()), None)
    counted = last.passed + last.failed + last.unsure + last.errors + last.skipped if last else 0
    return SuiteEntry(
        name,
        int(version.spec["checks"]) if version else counted,
        version is not None,
        version.created_at.isoformat(timespec="seconds") if version else "",
        tuple(newest.values()),
    )
