"""Kinds about which values a column has, and how often."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from mispredict.core.errors import BadOption
from mispredict.core.predicate import equals, negate, one_of
from mispredict.core.schema import Role
from mispredict.core.task import Scalar
from mispredict.core.words import counted
from mispredict.data.duplicates.rows import same_rows
from mispredict.data.rows import share_of
from mispredict.data.share import ShareKind
from mispredict.data.values import by_value, counts, known
from mispredict.expectations.bounds import Bound
from mispredict.expectations.check import check_kind
from mispredict.expectations.data import DataKind, reference_of
from mispredict.expectations.options import option
from mispredict.expectations.subject import Bools, Estimate

if TYPE_CHECKING:
    import pyarrow as pa

    from mispredict.expectations.data import DataView
    from mispredict.expectations.verdict import Judged

MOST_NAMED = 50  # values that a cohort names


@check_kind("categories")
@dataclass(frozen=True, kw_only=True)
class Categories(ShareKind):
    """A column has no other values than those allowed.

    Attributes:
        column: of any type that can be listed.
        allowed: the good values.
    """

    column: str = option(column=True)
    allowed: tuple[Scalar, ...] = option()

    def judge_data(self, data: DataView, seed: int) -> Judged:
        return _others(self, data, self.column, list(self.allowed), "allowed")


@check_kind("new_categories")
@dataclass(frozen=True, kw_only=True)
class NewCategories(ShareKind):
    """A column has no values that the reference does not have.

    Attributes:
        column: of names.
    """

    needs_reference: ClassVar[bool] = True

    column: str = option(column=True)

    def judge_data(self, data: DataView, seed: int) -> Judged:
        reference = reference_of(data, self)
        allowed = counts(reference, self.column).values.to_pylist()
        return _others(self, data, self.column, allowed, f"in {reference.ref}")


@check_kind("subset")
@dataclass(frozen=True, kw_only=True)
class Subset(ShareKind):
    """Every value of a column is one of a column of the reference, as a key is of its table.

    Attributes:
        column: of keys.
        of: the column of the reference; that of the same name when left out.
    """

    needs_reference: ClassVar[bool] = True

    column: str = option(column=True)
    of: str | None = None

    def judge_data(self, data: DataView, seed: int) -> Judged:
        from mispredict.data.hashing import column_hashes

        reference = reference_of(data, self)
        held = column_hashes(reference, self.of or self.column)
        bad = ~np.isin(column_hashes(data, self.column), held) & known(data, self.column)
        return self.share(
            data,
            bad,
            f"The share of {self.column} that {self.of or self.column} of {reference.ref} lacks",
            [self.column],
            looked_at=known(data, self.column),
        )


@check_kind("category_share")
@dataclass(frozen=True, kw_only=True)
class CategoryShare(DataKind):
    """A value of a column is neither too rare nor too common.

    Attributes:
        column: of names.
        value: which.
        min: its least good share.
        max: its largest good share.
        exact: whether it is about these very rows, so that the share decides and not its
            interval.
    """

    column: str = option(column=True)
    value: Scalar = option()  # noqa: RUF009 - a field
    min: float | None = option(None, minimum=0, maximum=1)
    max: float | None = option(None, minimum=0, maximum=1)
    exact: bool = True

    def validate(self) -> None:
        if self.min is None and self.max is None:
            raise BadOption(
                f"a share of {self.value!r} needs a bound.",
                known="Neither min nor max is given.",
                hint="max=0.5",
            )

    def judge_data(self, data: DataView, seed: int) -> Judged:
        found = counts(data, self.column)
        n = {str(key): value for key, value in found.as_dict().items()}.get(str(self.value), 0)
        return Bound(self.min, self.max, is_exact=self.exact).judged(
            share_of(n, found.total), f"The share of {self.column} that is {self.value}"
        )


@check_kind("distinct")
@dataclass(frozen=True, kw_only=True)
class Distinct(DataKind):
    """A column has at least, or at most, so many values.

    Attributes:
        column: of any type.
        min: the least number of different values.
        max: the largest number of different values.
    """

    column: str = option(column=True)
    min: int | None = option(None, minimum=0)
    max: int | None = option(None, minimum=0)

    def validate(self) -> None:
        if self.min is None and self.max is None:
            raise BadOption(
                f"a number of values of {self.column} needs a bound.",
                known="Neither min nor max is given.",
                hint="min=2",
            )

    def judge_data(self, data: DataView, seed: int) -> Judged:
        found = counts(data, self.column)
        value = float(len(found))
        return Bound(self.min, self.max, is_exact=True).judged(
            Estimate(value, value, value, data.n),
            f"The number of values of {self.column}",
        )


@check_kind("constant")
@dataclass(frozen=True, kw_only=True)
class Constant(DataKind):
    """A column is not constant, nor nearly so: its commonest value is not that of most rows.

    Missing values count as one more value.

    Attributes:
        column: of any type.
        max: the largest good share of the commonest value; 1 refuses a constant column alone.
    """

    column: str = option(column=True)
    max: float = option(0.999, minimum=0, maximum=1)

    def judge_data(self, data: DataView, seed: int) -> Judged:
        value, n = commonest(data, self.column)
        found = share_of(n, data.n)
        bound = Bound(high=self.max, is_exact=True)
        is_constant = data.n > 0 and n == data.n
        return bound.judged(
            found,
            f"The share of the commonest {self.column}, {value!r:.40},",
            word="fail" if is_constant else None,
            more="It has no other value." if is_constant else "",
        )


@check_kind("unique")
@dataclass(frozen=True, kw_only=True)
class Unique(ShareKind):
    """No two rows have the same values in some columns.

    Rows of which a value is missing are left out.

    Attributes:
        columns: which, taken together; the id when left out.
    """

    columns: tuple[str, ...] = option((), column=True)

    def judge_data(self, data: DataView, seed: int) -> Judged:
        names = self.columns or self._id(data)
        complete = np.ones(data.n, dtype=bool)
        for name in names:
            complete &= known(data, name)
        repeats = (same_rows(data, names) != np.arange(data.n)) & complete
        of = " and ".join(names)
        subject = f"The share of rows that repeat {of}"
        return self.share(data, repeats, subject, names, looked_at=complete)

    def _id(self, data: DataView) -> tuple[str, ...]:
        column = data.schema.first(Role.ID)
        if column is None:
            raise BadOption(
                f"{data.ref} has no id.",
                known="Without columns, the id is to be unique.",
                hint="columns=['CustomerId']",
            )
        return (column.name,)


def commonest(data: DataView, column: str) -> tuple[Any, int]:
    """The commonest value with its rows; None where most are missing."""
    found = counts(data, column)
    empty = data.n - found.total
    if not len(found) or empty >= found.n[0]:
        return None, empty
    return found.value(0), int(found.n[0])


def others(data: DataView, column: str, allowed: list[Any]) -> tuple[Bools, list[Any]]:
    """The rows with a value that is not allowed, and those values, the commonest first."""
    import pyarrow as pa
    import pyarrow.compute as pc

    found = counts(data, column)
    kind = found.values.type
    good = {item for value in allowed for item in (value, str(value))}
    is_text = pa.types.is_string(kind) or pa.types.is_large_string(kind)
    listed = found.values.to_pylist()
    bad = [value for value in listed if value not in good and (is_text or str(value) not in good)]
    if not bad:
        return np.zeros(data.n, dtype=bool), []
    wanted = pa.array(bad, kind)

    def judge(some: pa.Array) -> Any:
        return pc.is_in(some, value_set=wanted)

    return by_value(data, column, judge), bad


def _others(kind: ShareKind, data: DataView, column: str, allowed: list[Any], where: str) -> Judged:
    bad, values = others(data, column, allowed)
    shown = ", ".join(repr(value) for value in values[:5])
    more = f" and {len(values) - 5:,} more" if len(values) > 5 else ""
    cohort = None
    if (
        values
        and len(values) <= MOST_NAMED
        and all(isinstance(v, (str, int, float)) for v in values)
    ):
        cohort = _cohort(column, values)
    return kind.share(
        data,
        bad,
        f"The share of {column} with a value that is not {where}",
        [column],
        cohort=cohort,
        looked_at=known(data, column),
        more=f"{counted(len(values), 'value')}: {shown}{more}.",
    )


def _cohort(column: str, values: list[Any]) -> Any:
    if values in ([True], [False]):
        return equals(column, True) if values[0] else negate(equals(column, True))
    return one_of(column, values)
