"""Which dataset ought to cover rows, where nobody says: one with the same task and inputs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mispredict.core.errors import BadOption
from mispredict.core.ids import Ref
from mispredict.core.schema import Role

if TYPE_CHECKING:
    from mispredict.workspace.dataset import Dataset
    from mispredict.workspace.drifting.sides import Rows
    from mispredict.workspace.workspace import Workspace

_LEARNED = re.compile(r"(?:^|[^a-z])(?:train|training|trained|learned)(?:[^a-z]|$)", re.IGNORECASE)
_SHOWN = 6


def usual_reference(workspace: Workspace, current: Rows) -> Dataset:
    """The dataset before this one, else the one that is called training data, else the only one.

    It must have the inputs of these rows, of the same types, and their task.

    Raises:
        BadOption: there is none, or which of several is meant cannot be told.
    """
    of = current.dataset
    own = Ref.parse(of.ref)
    entries = workspace.store.versions("dataset")  # by name and number
    versions = [item for item in entries if item.ref.name == own.name]
    older = [item for item in versions if (item.ref.version or 0) < (own.version or 0)]
    newest = {item.ref.name: item for item in entries if item.ref.name != own.name}
    before = [workspace.dataset(str(item.ref)) for item in older]
    for found in reversed(before):
        if not misfit(of, found):
            return found
    others = [workspace.dataset(str(item.ref)) for item in newest.values()]
    fitting = [item for item in others if not misfit(of, item)]
    named = [item for item in fitting if _LEARNED.search(item.name)]
    for several in (named, fitting):
        if len(several) == 1:
            return several[0]
    raise _unknown(of, fitting, [*before, *others])


def misfit(of: Dataset, other: Dataset) -> str:
    """Why the other dataset cannot be compared with this one; empty if it can."""
    are_labelled = of.task is not None and other.task is not None
    if are_labelled and (_kind(of), of.label) != (_kind(other), other.label):
        return f"its task is {_kind(other)} of {other.label}"
    for column in of.schema.of_role(Role.INPUT):
        if column.name not in other.schema:
            return f"it has no {column.name}"
        kind = other.schema[column.name].type
        if kind is not column.type:
            return f"{column.name} is {kind.value} there"
    return ""


def _kind(of: Dataset) -> str:
    return "" if of.task is None else of.task.kind.value


def _unknown(of: Dataset, fitting: list[Dataset], others: list[Dataset]) -> BadOption:
    if fitting:
        refs = [item.ref for item in fitting]
        return BadOption(
            f"which data ought to cover {of.ref} is not known.",
            known=f"With its task and inputs there are {', '.join(refs[:_SHOWN])}.",
            hint=f"reference={refs[0]!r}",
        )
    why = [f"{item.ref} ({misfit(of, item)})" for item in others[:_SHOWN]]
    return BadOption(
        f"no other dataset has the task and inputs of {of.ref}.",
        known=f"There are {', '.join(why)}." if why else "It is the only one.",
        hint="reference= what the model learned from, or older rows",
    )
