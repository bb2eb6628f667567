"""What a workspace holds, as lists, and which evaluation a reference means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from mispredict.core.results import Result

if TYPE_CHECKING:
    from mispredict.store import Version


@dataclass(frozen=True, slots=True)
class Entry:
    """One stored version: what it is called, when it was made and what it is."""

    name: str
    created_at: str
    created_by: str
    rows: int
    summary: str
    labels: str


@dataclass(frozen=True)
class Entries(Result):
    """Stored versions of one kind, by name."""

    rows: tuple[Entry, ...]
    kind: str

    row_type: ClassVar[type] = Entry

    def __contains__(self, name: object) -> bool:
        return any(name in (row.name, row.name.partition("@")[0]) for row in self.rows)


def entry_of(version: Version, summary: str, *, name: str = "") -> Entry:
    return Entry(
        name=name or str(version.ref),
        created_at=version.created_at.isoformat(timespec="seconds"),
        created_by=version.created_by,
        rows=int(version.spec.get("rows", 0)),
        summary=summary,
        labels=", ".join(version.labels),
    )


def title_of(version: Version) -> str:
    """What people call the evaluation: `model@1/dataset@3`."""
    return f"{version.spec['model']}/{version.spec['dataset']}"


def fits(version: Version, ref: str) -> bool:
    """Whether the evaluation is what `model/dataset`, `model` or `dataset` names."""
    model, dataset_ref = str(version.spec["model"]), str(version.spec["dataset"])
    if "/" in ref:
        wanted_model, _, wanted_data = ref.partition("/")
        return _names(model, wanted_model) and _names(dataset_ref, wanted_data)
    return _names(model, ref) or _names(dataset_ref, ref)


def _names(full: str, wanted: str) -> bool:
    return full == wanted or full.partition("@")[0] == wanted
