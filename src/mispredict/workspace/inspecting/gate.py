"""A gate for new data: checks that they must pass before they are stored."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from mispredict.core.errors import GateFailed
from mispredict.core.words import counted

if TYPE_CHECKING:
    import pyarrow as pa

    from mispredict.checks.suites.suite import Suite
    from mispredict.core.schema import Schema
    from mispredict.core.task import Task
    from mispredict.expectations.data import DataView
    from mispredict.workspace.workspace import Workspace


def gate_of(
    workspace: Workspace, name: str, gate: str | os.PathLike[str] | Suite
) -> Callable[[pa.Table, Schema, Task | None], None]:
    """What refuses rows of a dataset that do not pass a suite.

    Raises:
        BadSuite: the suite has a fault; nothing was looked at.
    """
    from mispredict.workspace.testing.given import suite_of

    suite = suite_of(gate)
    reference = _reference(workspace, name, suite)

    def refuse(table: pa.Table, schema: Schema, task: Task | None) -> None:
        from mispredict.workspace.inspecting.running import check_data, judge_data
        from mispredict.workspace.inspecting.view import given_view

        view = given_view(name, table, schema, task, reference=reference)
        check_data(suite, view, workspace)
        verdicts = judge_data(suite, view)
        if verdicts.is_passed:
            return
        blocking = [row for row in verdicts.rows if row.blocks]
        first = ", ".join(row.check for row in blocking[:5])
        error = GateFailed(
            f"the gate {suite.name!r} refuses these rows of {name!r}, and nothing was stored.",
            known=f"{len(blocking):,} of {counted(len(verdicts), 'check')} block: {first}."
            f" {blocking[0].sentence}",
            hint="mend the rows, or change the gate if they are right",
        )
        error.verdicts = verdicts
        raise error

    return refuse


def _reference(workspace: Workspace, name: str, suite: Suite) -> DataView | None:
    """The data to compare with: what the suite names, else the newest version."""
    from mispredict.workspace.inspecting.view import stored_view

    if suite.reference:
        return stored_view(workspace, workspace.dataset(suite.reference))
    head = workspace.store.head("dataset", name)
    return None if head is None else stored_view(workspace, workspace.dataset(str(head.ref)))
