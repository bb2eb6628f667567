"""Suites that a workspace keeps as text: saved in it, or known from their runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from mispredict.checks.editing import Edited, moved, new_suite, read_suite, with_check, with_checks
from mispredict.core.errors import BadSuite, UnknownName
from mispredict.core.ids import Ref
from mispredict.core.results import Result
from mispredict.workspace.testing_history import KIND as RUN
from mispredict.workspace.testing_history import Run, runs

if TYPE_CHECKING:
    from mispredict.store import Store, Version
    from mispredict.workspace.evaluation import Evaluation

KIND = "suite"


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


def save_suite(of: Evaluation, text: str) -> str:
    """The name of the suite, now saved; all that it names was looked up in the evaluation.

    Raises:
        BadSuite: it has a fault.
    """
    from mispredict.workspace.testing import prepare

    suite = read_suite(text)
    prepare(of.workspace, suite, model=of.model, data=of.dataset.ref)
    store = of.workspace.store
    spec: dict[str, Any] = {"suite": suite.name, "checks": len(suite)}
    part = store.write_bytes(text.encode(), "yaml")
    store.commit(KIND, suite.name, spec=spec, parts={"text": part})
    return suite.name


def add_checks(of: Evaluation, name: str, checks: Sequence[str]) -> str:
    """The name of the suite with further checks in it; a new one where there is no text of it."""
    store = of.workspace.store
    text = saved_text(store, name) if name in suite_names(store) else ""
    if not text:
        head = {"dataset": Ref.parse(of.dataset.ref).name, "model": Ref.parse(of.model).name}
        return _save(of, new_suite(name, head, checks))
    return _save(of, with_checks(text, checks))


def change_check(of: Evaluation, name: str, check: str, text: str | None) -> str:
    """The name of the suite with another text for one check, or without it."""
    return _save(of, with_check(saved_text(of.workspace.store, name), check, text))


def _save(of: Evaluation, edited: Edited) -> str:
    """Save the suite; a fault in what was added is told as if that stood alone."""
    try:
        return save_suite(of, edited.text)
    except BadSuite as error:
        raise moved(error, edited) from error


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
