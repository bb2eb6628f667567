"""What people said of tags: ease, importance, ceiling and a note, versioned in the catalog."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from types import EllipsisType
from typing import TYPE_CHECKING, Any

from mispredict.cohorts.tag_settings import TagSettings
from mispredict.core.errors import Conflict, UnknownName

if TYPE_CHECKING:
    from mispredict.store import Store

KIND = "tag_settings"
_TRIES = 10  # at changing settings while others do the same


def set_tag(
    store: Store,
    name: str,
    *,
    ease: int | EllipsisType | None,
    importance: int | EllipsisType | None,
    ceiling: float | EllipsisType | None,
    note: str | EllipsisType,
) -> TagSettings:
    """Store what is given beside what was said before; the settings as they are then."""
    tags = {str(store.version("tag", item).spec["tag"]) for item in store.names("tag")}
    if name not in tags:
        raise UnknownName.of("tag", name, sorted(tags), hint="ev.tag('a name', where='a cohort')")
    given = {"ease": ease, "importance": importance, "ceiling": ceiling, "note": note}
    changed: dict[str, Any] = {key: value for key, value in given.items() if value is not ...}
    for _ in range(_TRIES):
        head = store.head(KIND, name)
        settings = replace(_read(head.spec) if head else TagSettings(), **changed)
        try:
            store.commit(KIND, name, spec=asdict(settings), expected=head.number if head else 0)
        except Conflict:
            continue
        return settings
    raise Conflict(f"tag {name!r} is being changed by others all the time.", hint="try again")


def tag_settings(store: Store) -> dict[str, TagSettings]:
    """What was said of each tag, by its name."""
    return {name: _read(store.version(KIND, name).spec) for name in store.names(KIND)}


def _read(spec: Mapping[str, Any]) -> TagSettings:
    return TagSettings(spec["ease"], spec["importance"], spec["ceiling"], str(spec["note"]))
