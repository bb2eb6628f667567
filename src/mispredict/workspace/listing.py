"""What a workspace holds, as lists, and which evaluation a reference means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from mispredict.core.errors import UnknownName
from mispredict.core.results import Result

if TYPE_CHECKING:
    from mispredict.store import Store, Version


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


def evaluations_like(store: Store, ref: str | None) -> tuple[Version, ...]:
    """The evaluations that a reference may mean; all of them without one.

    Raises:
        UnknownName: there is none.
    """
    versions = store.versions("evaluation")
    if not versions:
        raise UnknownName(
            "there is no evaluation yet.",
            known=f"Workspace: {store.root}.",
            hint="ws.evaluate('model', 'dataset') or ws.add_predictions(…); "
            "mispredict demo shows one",
        )
    exact = ref and _without_labels(store, ref)
    found = tuple(item for item in versions if not exact or fits(item, exact))
    if not found:
        raise UnknownName.of("evaluation", str(ref), [title_of(item) for item in versions])
    return found


def stored_ref(store: Store, kind: str, ref: str) -> str:
    """The reference as the store knows it; people name evaluations by model and dataset."""
    if kind != "evaluation":
        return ref
    found = evaluations_like(store, ref)
    return str(max(found, key=lambda item: item.created_at).ref)


def _without_labels(store: Store, ref: str) -> str:
    """The reference with each `name@label` as `name@version`."""
    return "/".join(without_label(store, part) for part in ref.split("/"))


def without_label(store: Store, part: str) -> str:
    """A model or dataset `name@label` as `name@version`; what has no label stays."""
    name, _, label = part.partition("@")
    for kind in ("model", "dataset"):
        if label and name in store.names(kind):
            found = store.labels(kind, name).get(label)
            if found is not None:
                return str(found)
    return part


def _names(full: str, wanted: str) -> bool:
    return full == wanted or full.partition("@")[0] == wanted
