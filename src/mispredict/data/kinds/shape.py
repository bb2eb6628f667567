"""Kinds about the columns and the number of rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Literal

from mispredict.core.errors import BadOption
from mispredict.core.schema import ColumnType, Role
from mispredict.core.words import counted
from mispredict.expectations.bounds import Bound
from mispredict.expectations.check import check_kind
from mispredict.expectations.data import DataKind, reference_of
from mispredict.expectations.options import option
from mispredict.expectations.subject import Estimate
from mispredict.expectations.verdict import NAN, Judged, Word

if TYPE_CHECKING:
    from mispredict.expectations.data import DataView

_Type = Literal[
    "numeric", "categorical", "boolean", "datetime", "text", "labels", "vector", "image", "audio",
    "other",
]  # fmt: skip
_Role = Literal["input", "label", "id", "weight", "time", "split", "metadata", "annotation"]


@check_kind("schema")
@dataclass(frozen=True, kw_only=True)
class SchemaCheck(DataKind):
    """The columns are there, with their types, and no others.

    Without columns they are those of the reference.

    Attributes:
        columns: the columns that must be there.
        types: of some of them, such as `{age: numeric}`.
        others: whether there may be more columns.
        order: whether they must be in this order.
    """

    columns: tuple[str, ...] = ()
    types: Mapping[str, str] = field(default_factory=dict)
    others: bool = False
    order: bool = False

    def validate(self) -> None:
        for name, kind in self.types.items():
            if kind not in list(ColumnType):
                raise BadOption.choice(f"types[{name}]", kind, ColumnType)

    def judge_data(self, data: DataView, seed: int) -> Judged:
        columns, types = self.columns, dict(self.types)
        if not columns and not types:
            schema = reference_of(data, self).schema
            columns, types = schema.names, {item.name: item.type.value for item in schema}
        columns = columns or tuple(types)
        faults = self._faults(data, columns, types)
        n = len(data.schema)
        return Judged(
            "fail" if faults else "pass",
            f"The {counted(n, 'column')} are as expected."
            if not faults
            else "; ".join(faults) + ".",
            float(len(faults)),
            float(len(faults)),
            float(len(faults)),
            n,
            0.0,
            "no faults",
            failing=len(faults),
        )

    def _faults(
        self, data: DataView, columns: tuple[str, ...], types: Mapping[str, str]
    ) -> list[str]:
        names = data.schema.names
        lacking = [name for name in columns if name not in names]
        more = [] if self.others else [name for name in names if name not in columns]
        faults = [f"Columns are missing: {', '.join(lacking)}"] if lacking else []
        faults += [f"Columns are new: {', '.join(more)}"] if more else []
        for name, kind in types.items():
            if name in names and data.schema[name].type.value != kind:
                faults.append(f"{name} is {data.schema[name].type}, not {kind}")
        present = [name for name in names if name in columns]
        if self.order and not lacking and present != list(columns):
            faults.append(f"The order is {', '.join(present)}")
        return faults


@check_kind("column_type")
@dataclass(frozen=True, kw_only=True)
class ColumnTypeCheck(DataKind):
    """A column has the type, or the way of storage, that is expected.

    Attributes:
        column: any.
        type: what its values mean.
        storage: what they are stored as, in Arrow's words, such as `int64`.
    """

    column: str = option(column=True)
    type: _Type | None = None
    storage: str | None = None

    def validate(self) -> None:
        if self.type is None and self.storage is None:
            raise BadOption(
                f"a type of {self.column} needs to be said.",
                known="Neither type nor storage is given.",
                hint="type='numeric'",
            )

    def judge_data(self, data: DataView, seed: int) -> Judged:
        found = data.schema[self.column]
        wanted = [item for item in (self.type, self.storage) if item is not None]
        is_right = self.type in (None, found.type.value) and self.storage in (None, found.storage)
        said = f"{self.column} is {found.type}, stored as {found.storage}"
        return _said(is_right, said, " and ".join(wanted), data.n)


@check_kind("column_role")
@dataclass(frozen=True, kw_only=True)
class ColumnRole(DataKind):
    """A column has the role that is expected, such as that of the label.

    Attributes:
        column: any.
        role: what it is for.
    """

    column: str = option(column=True)
    role: _Role = option()  # noqa: RUF009 - a field

    def judge_data(self, data: DataView, seed: int) -> Judged:
        found = data.schema[self.column].role
        is_right = found is Role(self.role)
        return _said(is_right, f"The role of {self.column} is {found}", self.role, data.n)


@check_kind("rows")
@dataclass(frozen=True, kw_only=True)
class Rows(DataKind):
    """There are at least, or at most, so many rows.

    Attributes:
        min: the least good number.
        max: the largest good number.
        where: of a cohort; of all rows when left out.
    """

    min: int | None = option(None, minimum=0)
    max: int | None = option(None, minimum=0)
    where: str | None = option(None, cohort=True)

    def validate(self) -> None:
        if self.min is None and self.max is None:
            raise BadOption(
                "a number of rows needs a bound.",
                known="Neither min nor max is given.",
                hint="min=1000",
            )

    def judge_data(self, data: DataView, seed: int) -> Judged:
        n = data.n if self.where is None else int(data.mask(self.where).sum())
        of = f" where {self.where}" if self.where else ""
        bound = Bound(self.min, self.max, is_exact=True)
        value = float(n)
        word = bound.word(Estimate(value, value, value, 1))
        reason = "as expected: " if word == "pass" else "expected: "
        said = f"There are {counted(n, 'row')}{of}, {reason}{bound.words}."
        return Judged(word, said, value, value, value, n, bound.nearest(value), bound.words)


@check_kind("rows_change")
@dataclass(frozen=True, kw_only=True)
class RowsChange(DataKind):
    """There are about as many rows as in the reference.

    Attributes:
        min: the least good ratio of the numbers of rows.
        max: the largest good ratio.
    """

    needs_reference: ClassVar[bool] = True

    min: float = option(0.5, minimum=0)
    max: float = option(2.0, minimum=0)

    def judge_data(self, data: DataView, seed: int) -> Judged:
        reference = reference_of(data, self)
        ratio = data.n / reference.n if reference.n else NAN
        return Bound(self.min, self.max, is_exact=True).judged(
            Estimate(ratio, ratio, ratio, data.n),
            f"The number of rows over the {reference.n:,} of {reference.ref}",
        )


def _said(is_right: bool, said: str, wanted: str, n: int) -> Judged:
    value = 0.0 if is_right else 1.0
    reason = "as expected" if is_right else f"expected: {wanted}"
    word: Word = "pass" if is_right else "fail"
    return Judged(word, f"{said}, {reason}.", value, value, value, n, 0.0, wanted)
