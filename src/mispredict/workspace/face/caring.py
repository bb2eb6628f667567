"""Care: the part of `Workspace` that is about any stored version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mispredict.workspace.listing import stored_ref

if TYPE_CHECKING:
    from mispredict.store import Checkup, Lineage, Store, Version, VersionDiff


class Caring:
    """Where versions come from, what changed, labels, deleting, checking of files."""

    store: Store

    def lineage(self, kind: str, ref: str) -> Lineage:
        """All that a version comes from and all that comes from it."""
        return self.store.lineage(kind, stored_ref(self.store, kind, ref))

    def diff(self, kind: str, before: str, after: str) -> VersionDiff:
        """What changed from one version to another: data, parameters, code, environment."""
        return self.store.diff(
            kind, stored_ref(self.store, kind, before), stored_ref(self.store, kind, after)
        )

    def label(self, kind: str, ref: str, label: str) -> Version:
        """Give a version a label such as `prod`; it can then be named `name@prod`."""
        return self.store.label(kind, stored_ref(self.store, kind, ref), label)

    def delete(self, kind: str, ref: str, *, force: bool = False) -> Version:
        """Delete a version; refused while others come from it, unless forced."""
        return self.store.delete(kind, stored_ref(self.store, kind, ref), force=force)

    def doctor(self, *, repair: bool = False) -> Checkup:
        """Check every stored file; with `repair`, remove what nothing uses."""
        return self.store.doctor(repair=repair)
