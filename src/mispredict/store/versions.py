"""What the catalog answers with: versions, their lineage and their differences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from mispredict.core.ids import Ref
from mispredict.core.results import Result
from mispredict.store.parts import Part
from mispredict.store.recording import Code, Usage


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a named thing, as committed; it never changes but for labels and deletion.

    `content` is the hash of spec and parts, `parents` are keys such as `dataset:churn@3`,
    `created` is true on the version that a commit made rather than found.
    """

    kind: str
    ref: Ref
    content: str
    created_at: datetime
    created_by: str
    spec: Mapping[str, Any]
    parents: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    code: Code | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    usage: Usage | None = None
    message: str = ""
    labels: tuple[str, ...] = ()
    deleted_at: datetime | None = None
    created: bool = field(default=False, compare=False)

    @property
    def name(self) -> str:
        return self.ref.name

    @property
    def number(self) -> int:
        return self.ref.version or 0

    @property
    def key(self) -> str:
        """Kind and ref, such as `dataset:churn@3`."""
        return f"{self.kind}:{self.ref}"

    @property
    def is_deleted(self) -> bool:
        return self.deleted_at is not None

    @property
    def bytes(self) -> int:
        return sum(part.bytes for part in self.parts)

    def role(self, role: str) -> tuple[Part, ...]:
        """The parts used for the role, in order; empty where there are none."""
        return tuple(part for part in self.parts if part.role == role)

    def __str__(self) -> str:
        return str(self.ref)


@dataclass(frozen=True, slots=True)
class Relative:
    """A version that another comes from (`parent`) or that comes from it (`child`)."""

    relation: str
    depth: int
    kind: str
    ref: str
    created_at: datetime
    is_deleted: bool


@dataclass(frozen=True)
class Lineage(Result):
    """All that a version comes from and all that comes from it, the nearest first."""

    row_type: ClassVar[type] = Relative

    of: str
    rows: tuple[Relative, ...]

    @property
    def parents(self) -> tuple[str, ...]:
        return self._keys("parent")

    @property
    def children(self) -> tuple[str, ...]:
        return self._keys("child")

    def _keys(self, relation: str) -> tuple[str, ...]:
        return tuple(f"{row.kind}:{row.ref}" for row in self.rows if row.relation == relation)


@dataclass(frozen=True, slots=True)
class Difference:
    """A value that differs; None where a version lacks it."""

    section: str
    key: str
    before: Any
    after: Any


@dataclass(frozen=True)
class VersionDiff(Result):
    """What changed between two versions: spec, parents, data, code, environment."""

    row_type: ClassVar[type] = Difference

    before: str
    after: str
    rows: tuple[Difference, ...]

    @property
    def changed(self) -> tuple[str, ...]:
        """Keys of the spec that differ."""
        return tuple(row.key for row in self.rows if row.section == "spec")


def compare(before: Version, after: Version) -> VersionDiff:
    """The differences, sorted by section and key."""
    first, second = _facts(before), _facts(after)
    rows = tuple(
        Difference(*place, first.get(place), second.get(place))
        for place in sorted(first.keys() | second.keys())
        if first.get(place) != second.get(place)
    )
    return VersionDiff(str(before.ref), str(after.ref), rows)


def _facts(version: Version) -> dict[tuple[str, str], Any]:
    facts = {("spec", key): value for key, value in _flat(version.spec)}
    facts |= {("parents", key.partition("@")[0]): key for key in version.parents}
    facts |= {("environment", key): value for key, value in version.environment.items()}
    for role in {part.role for part in version.parts}:
        facts["data", role] = [part.content for part in version.role(role)]
    if version.code:
        facts["code", "commit"] = version.code.commit
        facts["code", "is_dirty"] = version.code.is_dirty
    return facts


def _flat(value: Mapping[str, Any], path: str = "") -> list[tuple[str, Any]]:
    """Dotted keys with their values; lists and empty dictionaries are values."""
    found: list[tuple[str, Any]] = []
    for key, item in value.items():
        if isinstance(item, Mapping) and item:
            found += _flat(item, f"{path}{key}.")
        else:
            found.append((f"{path}{key}", item))
    return found
