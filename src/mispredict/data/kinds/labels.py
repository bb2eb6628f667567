"""Kinds about the label: whether it is there, is one of those known, and how often each is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from mispredict.core.errors import BadOption
from mispredict.core.predicate import is_missing
from mispredict.core.task import Scalar
from mispredict.data.difference.differences import share_difference
from mispredict.data.kinds.missing import missing
from mispredict.data.kinds.values import others
from mispredict.data.rows import share_of
from mispredict.data.share import ShareKind
from mispredict.data.values import Counts, counts, known
from mispredict.expectations.bounds import Bound
from mispredict.expectations.check import check_kind
from mispredict.expectations.data import DataKind, reference_of
from mispredict.expectations.options import option
from mispredict.expectations.subject import Estimate

if TYPE_CHECKING:
    from mispredict.expectations.check import Kind
    from mispredict.expectations.data import DataView
    from mispredict.expectations.verdict import Judged


@check_kind("label_missing")
@dataclass(frozen=True, kw_only=True)
class LabelMissing(ShareKind):
    """Every row has a label, or all but a few."""

    def judge_data(self, data: DataView, seed: int) -> Judged:
        name = label_of(data, self)
        bad = missing(data, name)
        return self.share(
            data, bad, "The share of rows without a label", [name], cohort=is_missing(name)
        )


@check_kind("label_allowed")
@dataclass(frozen=True, kw_only=True)
class LabelAllowed(ShareKind):
    """Every label is one of those that are known.

    Attributes:
        allowed: the good labels; those of the reference when left out.
    """

    allowed: tuple[Scalar, ...] = ()

    def judge_data(self, data: DataView, seed: int) -> Judged:
        name = label_of(data, self)
        allowed = list(self.allowed)
        if not allowed:
            reference = reference_of(data, self)
            allowed = counts(reference, label_of(reference, self)).values.to_pylist()
        bad, values = others(data, name, allowed)
        return self.share(
            data,
            bad,
            "The share of rows with a label that is not known",
            [name],
            looked_at=known(data, name),
            more=f"Found: {', '.join(map(repr, values[:5]))}.",
        )


@check_kind("class_balance")
@dataclass(frozen=True, kw_only=True)
class ClassBalance(DataKind):
    """The rarest class is not too rare.

    Attributes:
        min: the least good share of its rows.
        exact: whether it is about these very rows, so that the share decides and not its
            interval.
    """

    min: float = option(0.01, minimum=0, maximum=1)
    exact: bool = True

    def judge_data(self, data: DataView, seed: int) -> Judged:
        found = classes_of(data, self)
        rarest = len(found) - 1
        name = found.value(rarest) if len(found) else "the rarest class"
        n = int(found.n[rarest]) if len(found) else 0
        return Bound(low=self.min, is_exact=self.exact).judged(
            share_of(n, found.total), f"The share of the rarest class, {name},"
        )


@check_kind("class_change")
@dataclass(frozen=True, kw_only=True)
class ClassChange(DataKind):
    """Every class is about as common as in the reference.

    Attributes:
        max: the largest difference of a class's shares, either way.
        exact: whether the difference alone decides, and not its interval.
    """

    needs_reference: ClassVar[bool] = True

    max: float = option(0.05, minimum=0, maximum=1)
    exact: bool = True

    def judge_data(self, data: DataView, seed: int) -> Judged:
        reference = reference_of(data, self)
        here, there = classes_of(data, self), classes_of(reference, self)
        changes = {
            name: share_difference(
                share_of(here.as_dict().get(name, 0), here.total),
                share_of(there.as_dict().get(name, 0), there.total),
            )
            for name in {**here.as_dict(), **there.as_dict()}
        }
        if not changes:
            return Bound(-self.max, self.max).judged(
                Estimate(0.0, 0.0, 0.0, 0), "The change of a class"
            )
        name = max(changes, key=lambda item: abs(changes[item].value))
        return Bound(-self.max, self.max, is_exact=self.exact).judged(
            changes[name], f"The largest change of a class's share, that of {name},"
        )


def label_of(data: DataView, kind: Kind) -> str:
    """The label column.

    Raises:
        BadOption: there is none.
    """
    if data.label is None:
        raise BadOption(
            f"{data.ref} has no label.",
            known=f"A check of kind {kind.name!r} is about the label.",
            hint="label='a column' when the dataset is added",
        )
    return data.label


def classes_of(data: DataView, kind: Kind) -> Counts:
    """How often each class occurs."""
    name = label_of(data, kind)
    if data.task is not None and not data.task.classes:
        raise BadOption(
            f"the label of {data.ref} has no classes.",
            known=f"The task is {data.task.kind}.",
            hint="a check of kind mean or quantile",
        )
    return counts(data, name)
