"""What the names in a cohort mean: columns, reserved names and classes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from mispredict.core.errors import BadPredicate, UnknownColumn, alternatives
from mispredict.core.predicate.literal import Literal
from mispredict.core.predicate.others import Reserved, read_other
from mispredict.core.predicate.text import literal_text
from mispredict.core.predicate.tree import (
    ColumnRef,
    Length,
    Operand,
    Probability,
    Words,
)
from mispredict.core.schema import ColumnType, Schema
from mispredict.core.task import Scalar

# Reserved columns whose values are classes of the task.
CLASS_COLUMNS = ("label", "prediction", "suggested_label")
_NUMBERS = ("int", "uint", "float", "double", "half", "decimal")


class Comparable(StrEnum):
    """What a column can be compared with."""

    NUMBER = "number"
    TEXT = "text"
    BOOLEAN = "boolean"
    MOMENT = "date"
    LABELS = "list of labels"
    SCALAR = "text or number"  # categorical, and nobody said how it is stored
    NOTHING = "value without comparison"


_OF_TYPE = {
    ColumnType.NUMERIC: Comparable.NUMBER,
    ColumnType.BOOLEAN: Comparable.BOOLEAN,
    ColumnType.DATETIME: Comparable.MOMENT,
    ColumnType.TEXT: Comparable.TEXT,
    ColumnType.LABELS: Comparable.LABELS,
}


@dataclass(frozen=True)
class Fields:
    """The columns of the dataset and the reserved ones, by name, and the task's classes.

    `storage` holds Arrow's type name of dataset columns, as in `Column.storage`. With it,
    comparing a categorical column that is stored as text with a number is refused at once.
    """

    columns: Mapping[str, ColumnType]
    reserved: Mapping[str, ColumnType]
    classes: tuple[Scalar, ...] = ()
    storage: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        schema: Schema,
        reserved: Mapping[str, ColumnType],
        classes: tuple[Scalar, ...] = (),
    ) -> Fields:
        """Fields of a dataset with this schema."""
        types = {column.name: column.type for column in schema}
        storage = {column.name: column.storage for column in schema}
        kept = reserved if isinstance(reserved, Reserved) else dict(reserved)
        return cls(types, kept, classes, storage)

    @property
    def names(self) -> tuple[str, ...]:
        """All names, the dataset's first."""
        return tuple(dict.fromkeys([*self.columns, *self.reserved]))

    def resolve(self, ref: ColumnRef, *, hint: str = "") -> ColumnRef:
        """The reference with the name's exact spelling.

        Raises:
            UnknownColumn: no column has the name.
            BadPredicate: several differ from it in case only.
        """
        exact = self._exact(ref)
        if exact is not None:
            return exact
        names = tuple(self.columns) if ref.is_input else self.names
        found = [name for name in names if name.casefold() == ref.name.casefold()]
        if not found:
            raise UnknownColumn.among(ref.name, names, hint=hint or "one of these names")
        if len(found) > 1:
            raise BadPredicate(
                f"{ref.name!r} could be several columns.",
                known=f"Columns: {', '.join(map(repr, found))}.",
                hint=f"the exact name, such as {found[0]}",
            )
        return self._exact(ColumnRef(found[0], ref.is_input)) or ref

    def type_of(self, ref: ColumnRef) -> ColumnType:
        """The type of a resolved column."""
        return self.reserved[ref.name] if self.is_reserved(ref) else self.columns[ref.name]

    def comparable(self, operand: Operand) -> Comparable:
        """What the operand, whose columns are resolved, can be compared with."""
        if isinstance(operand, (Length, Words, Probability)):
            return Comparable.NUMBER
        kind = self.type_of(operand)
        if self.holds_class(operand) and kind is not ColumnType.LABELS:
            return _of_classes(self.classes)
        if kind is not ColumnType.CATEGORICAL:
            return _OF_TYPE.get(kind, Comparable.NOTHING)
        if self.is_reserved(operand):
            is_text = _plain(operand.name) == "error_class"
            return Comparable.TEXT if is_text else Comparable.SCALAR
        return _of_storage(self.storage.get(operand.name, ""))

    def is_reserved(self, ref: ColumnRef) -> bool:
        """Whether the reference means a reserved name, not a column of the dataset."""
        return ref.name in self.reserved and not ref.is_input

    def holds_class(self, operand: Operand) -> bool:
        """Whether the operand is a label or the prediction of a classification."""
        if not isinstance(operand, ColumnRef) or not self.is_reserved(operand):
            return False
        return bool(self.classes) and _plain(operand.name) in CLASS_COLUMNS

    def model_named(self, model: str) -> str:
        """The ref of another model that has an evaluation of the same rows.

        Raises:
            BadPredicate: no other model is known here.
        """
        if isinstance(self.reserved, Reserved):
            return self.reserved.others(model)[0]
        raise BadPredicate(
            f"what the model {model!r} made of these rows is not known here.",
            known="Columns of another model are those of an evaluation.",
            hint="a cohort of an evaluation",
        )

    def class_named(self, value: object, *, place: str) -> Scalar:
        """The class that the value names, as the class itself.

        Raises:
            BadPredicate: it is none of the classes.
        """
        for item in self.classes:
            if item == value and isinstance(item, bool) == isinstance(value, bool):
                return item
        for item in self.classes:
            if str(item) == str(value):
                return item
        raise BadPredicate(
            f"no class {value!r}.",
            known=_known_classes(value, self.classes),
            hint=self._class_hint(place),
        )

    def _class_hint(self, place: str) -> str:
        if not self.classes:
            return "a column of numbers"
        return place.format(literal_text(Literal(self.classes[0])))

    def _exact(self, ref: ColumnRef) -> ColumnRef | None:
        if ref.is_input:
            found = ref.name in self.columns
            # input("x") is x, unless a reserved name hides it.
            return ColumnRef(ref.name, ref.name in self.reserved) if found else None
        if read_other(ref.name) and ref.name not in self.columns:
            return self._of_other(ref.name)
        known = ref.name in self.reserved or ref.name in self.columns
        return ref if known else None

    def _of_other(self, name: str) -> ColumnRef | None:
        """Another model's column, under the model's ref."""
        if not isinstance(self.reserved, Reserved):
            self.model_named((read_other(name) or ("", ""))[1])
            return None
        exact = self.reserved.exact(name)
        return ColumnRef(exact) if exact in self.reserved else None


def _plain(name: str) -> str:
    """The name of the column, whichever model's it is."""
    found = read_other(name)
    return found[0] if found else name


def _known_classes(value: object, classes: tuple[Scalar, ...]) -> str:
    if not classes:
        return "The task has no classes."
    return alternatives(str(value), map(str, classes), "class name")


def _of_classes(classes: tuple[Scalar, ...]) -> Comparable:
    if all(isinstance(item, bool) for item in classes):
        return Comparable.BOOLEAN
    if all(isinstance(item, (int, float)) for item in classes):
        return Comparable.NUMBER
    return Comparable.TEXT


def _of_storage(storage: str) -> Comparable:
    name = storage.removeprefix("dictionary<values=")
    if not name:
        return Comparable.SCALAR
    if name.startswith(_NUMBERS):
        return Comparable.NUMBER
    if name.startswith("bool"):
        return Comparable.BOOLEAN
    return Comparable.TEXT
