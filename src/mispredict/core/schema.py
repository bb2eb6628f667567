"""What the columns of a dataset are: their type and their role."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from mispredict.core.errors import UnknownColumn


class ColumnType(StrEnum):
    """What the values of a column mean, whatever they are stored as."""

    NUMERIC = "numeric"
    CATEGORICAL = "categorical"
    BOOLEAN = "boolean"
    DATETIME = "datetime"
    TEXT = "text"
    LABELS = "labels"  # a list of class names per row (multilabel)
    VECTOR = "vector"  # a list of numbers per row (embeddings)
    IMAGE = "image"  # a reference to a file, or its bytes
    AUDIO = "audio"
    OTHER = "other"  # kept and shown, never computed with


class Role(StrEnum):
    """What a column is for."""

    INPUT = "input"  # the model sees it
    LABEL = "label"
    ID = "id"
    WEIGHT = "weight"
    TIME = "time"
    SPLIT = "split"
    METADATA = "metadata"  # known of a row, but not shown to the model
    ANNOTATION = "annotation"  # known only with the label: votes of raters, what happened later


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a dataset.

    `storage` is the Arrow type's name and `origin` the one it came with; `missing` and
    `distinct` count rows and values, the latter None where counting was not worth it; `note`
    says why the type was inferred.
    """

    name: str
    type: ColumnType
    role: Role = Role.INPUT
    storage: str = ""
    missing: int = 0
    distinct: int | None = None
    note: str = ""
    origin: str = ""

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, value: dict[str, Any]) -> Column:
        return cls(**{**value, "type": ColumnType(value["type"]), "role": Role(value["role"])})


@dataclass(frozen=True, slots=True)
class Schema:
    """The columns of a dataset, in order."""

    columns: tuple[Column, ...]

    def __iter__(self) -> Iterator[Column]:
        return iter(self.columns)

    def __len__(self) -> int:
        return len(self.columns)

    def __contains__(self, name: object) -> bool:
        return any(column.name == name for column in self.columns)

    def __getitem__(self, name: str) -> Column:
        for column in self.columns:
            if column.name == name:
                return column
        raise UnknownColumn.among(name, self.names)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    def of_role(self, role: Role) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.role is role)

    def first(self, role: Role) -> Column | None:
        """The first column of the role, or None."""
        return next(iter(self.of_role(role)), None)

    def with_column(self, column: Column) -> Schema:
        """The schema with the column of the same name replaced."""
        changed = (column if old.name == column.name else old for old in self.columns)
        return replace(self, columns=tuple(changed))

    def to_dict(self) -> list[dict[str, Any]]:
        return [column.to_dict() for column in self.columns]

    @classmethod
    def from_dict(cls, value: Iterable[dict[str, Any]]) -> Schema:
        return cls(tuple(Column.from_dict(item) for item in value))
