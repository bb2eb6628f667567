"""A check of what was found, kept in a suite: once, with the newest bound."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mispredict.checks.suites.editing import new_suite, passages, read_suite
from mispredict.checks.suites.suite import Suite
from mispredict.core.ids import Ref
from mispredict.workspace.testing.suites import (
    add_checks,
    change_check,
    save_suite,
    saved_text,
    suite_names,
)

if TYPE_CHECKING:
    from mispredict.expectations.check import Check
    from mispredict.workspace.evaluation import Evaluation


def keep_check(of: Evaluation, check: Check, suite: str, *, reference: str = "") -> str:
    """The name of the suite with the check in it; one of the same name is replaced.

    Args:
        of: the evaluation that all names are looked up in.
        check: what is to hold.
        suite: where it goes; a new one where there is none.
        reference: the dataset that a new suite's data are held against.
    """
    store = of.workspace.store
    text = passages(Suite(suite, (check,)).to_yaml())[check.name].text
    before = saved_text(store, suite) if suite in suite_names(store) else ""
    if before and read_suite(before).has(check.name):
        return change_check(of, suite, check.name, text)
    if before or not reference:
        return add_checks(of, suite, [text])
    head = {
        "dataset": Ref.parse(of.dataset.ref).name,
        "model": Ref.parse(of.model).name,
        "reference": reference,
    }
    return save_suite(of, new_suite(suite, head, [text]).text)


def keep_text(of: Evaluation, text: str, suite: str) -> str:
    """The name of the suite with the check of a text in it; one of the same name is replaced."""
    store = of.workspace.store
    (check,) = read_suite(new_suite(suite, {}, [text]).text).checks
    before = saved_text(store, suite) if suite in suite_names(store) else ""
    if before and read_suite(before).has(check.name):
        return change_check(of, suite, check.name, text)
    return add_checks(of, suite, [text])


def drift_check(
    of: Evaluation,
    columns: tuple[str, ...],
    reference: str,
    *,
    bound: float,
    where: str | None = None,
    reference_where: str | None = None,
) -> str:
    """The name of the suite that now holds that columns do not drift from a dataset.

    Args:
        of: the evaluation of a model on the rows that may drift.
        columns: which; label and prediction go by the names that the dataset has for them.
        reference: the dataset to compare with, such as `churn@1`.
        bound: the distance from which on it fails.
        where: cohort of the rows.
        reference_where: cohort of the reference rows.
    """
    from mispredict.expectations.check import KINDS, Check

    label = of.dataset.label
    named = tuple(label if name == "label" and label else name for name in columns)
    kind = KINDS["drift"](columns=named, max=bound, where=where, reference_where=reference_where)  # type: ignore[call-arg]
    name = f"no drift of {', '.join(named)}" + (f" where {where}" if where else "")
    suite = "no-drift-from-" + reference.replace("@", "-")
    return keep_check(of, Check(name, kind), suite, reference=reference)
