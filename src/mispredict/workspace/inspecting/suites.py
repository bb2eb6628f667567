"""Checks of data, proposed with what they come to now, and kept in suites without any model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from mispredict.checks.suites.editing import (
    moved,
    new_suite,
    passages,
    read_suite,
    with_check,
    with_checks,
)
from mispredict.core.errors import BadOption, BadSuite
from mispredict.core.ids import Ref
from mispredict.core.results import Result
from mispredict.expectations.verdict import Verdict
from mispredict.workspace.inspecting.asking import propose, view_of
from mispredict.workspace.inspecting.running import check_data, judge_data
from mispredict.workspace.testing.suites import KIND, saved_text, suite_names

if TYPE_CHECKING:
    from mispredict.workspace.dataset import Dataset


@dataclass(frozen=True, slots=True)
class ProposedDataCheck:
    """A check of data that is not saved yet: its YAML, why, and its verdict now."""

    check: str
    kind: str
    column: str
    yaml: str
    reason: str
    verdict: Verdict


@dataclass(frozen=True)
class ProposedDataChecks(Result):
    """Checks that data like these pass, with their verdicts now; nothing is saved.

    `text` is the whole suite as YAML. `reference` is the data that bounds were learned from.
    """

    rows: tuple[ProposedDataCheck, ...]
    suite: str
    dataset: str
    reference: str
    text: str

    row_type: ClassVar[type] = ProposedDataCheck
    title: ClassVar[str] = "Proposed checks of data"


@dataclass(frozen=True, slots=True)
class KeptChecks:
    """A suite that now has the checks: `added` are new or have another text than before."""

    suite: str
    checks: int
    added: tuple[str, ...]


def proposed_data_checks(
    of: Dataset,
    reference: str | None = None,
    *,
    progress: Callable[[int, int], None] | None = None,
    cancel: Callable[[], bool] | None = None,
) -> ProposedDataChecks:
    """A suite that good data pass, check by check, as `propose_checks` makes it."""
    suite = propose(of, reference, name="", seed=0)
    text = suite.to_yaml()
    texts = passages(text)
    verdicts = judge_data(suite, view_of(of, reference), progress=progress, cancel=cancel)
    rows = [
        ProposedDataCheck(
            check.name,
            check.kind.name,
            str(getattr(check.kind, "column", "") or ""),
            texts[check.name].text,
            check.reason,
            verdict,
        )
        for check, verdict in zip(suite.checks, verdicts.rows, strict=True)
    ]
    return ProposedDataChecks(tuple(rows), suite.name, of.ref, reference or "", text)


def keep_data_checks(
    of: Dataset, suite: str, checks: Sequence[str], *, reference: str = ""
) -> KeptChecks:
    """The suite with further checks of data; those of the same name are replaced.

    Args:
        of: the dataset that names are looked up in.
        suite: where they go; a new one where there is none of that name.
        checks: the YAML of each, without the dash before it.
        reference: the dataset that a new suite's data are held against.

    Raises:
        BadSuite: a check has a fault.
        BadOption: a check needs a model, or there is none.
    """
    if not checks:
        raise BadOption("there are no checks to keep.", hint="checks=['kind: duplicates']")
    head = {"dataset": Ref.parse(of.ref).name}
    head |= {"reference": reference} if reference else {}
    alone = new_suite(suite, head, checks)
    try:
        given = read_suite(alone.text)
    except BadSuite as error:
        raise moved(error, alone) from error
    check_data(given, view_of(of, reference or None), of.workspace)
    store = of.workspace.store
    text = saved_text(store, suite) if suite in suite_names(store) else ""
    made = _with(text, {item.name: text for item, text in zip(given.checks, checks, strict=True)})
    text = made or alone.text
    spec: dict[str, Any] = {"suite": suite, "checks": len(read_suite(text))}
    part = store.write_bytes(text.encode(), "yaml")
    store.commit(KIND, suite, spec=spec, parts={"text": part})
    return KeptChecks(suite, spec["checks"], tuple(item.name for item in given.checks))


def _with(text: str, checks: dict[str, str]) -> str:
    """The suite's text with the checks in it; "" where there is no suite yet."""
    if not text:
        return ""
    for name, new in checks.items():
        has = read_suite(text).has(name)
        text = (with_check(text, name, new) if has else with_checks(text, [new])).text
    return text
