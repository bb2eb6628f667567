"""Kinds about what a model can know beforehand and should not."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from mispredict.core.predicate import at_most
from mispredict.core.words import counted
from mispredict.data.duplicates.groups import doubled, joined
from mispredict.data.duplicates.rows import compared_columns
from mispredict.data.kinds.labels import label_of
from mispredict.data.kinds.times import _written, time_column
from mispredict.data.leakage.columns import by_row_number, identifiers, predicting
from mispredict.data.share import ShareKind
from mispredict.data.values import counts, known
from mispredict.expectations.bounds import Bound
from mispredict.expectations.check import check_kind
from mispredict.expectations.data import DataKind, reference_of
from mispredict.expectations.options import option
from mispredict.expectations.subject import Estimate
from mispredict.expectations.verdict import NAN, Judged

if TYPE_CHECKING:
    from mispredict.expectations.data import DataView


@check_kind("leak_exact")
@dataclass(frozen=True, kw_only=True)
class LeakExact(ShareKind):
    """No rows are in the reference too, such as rows of a test set in the training set.

    Attributes:
        columns: what is compared; all inputs when left out.
    """

    needs_reference: ClassVar[bool] = True

    columns: tuple[str, ...] = option((), column=True)

    def judge_data(self, data: DataView, seed: int) -> Judged:
        reference = reference_of(data, self)
        used = shared_columns(data, reference, self.columns)
        bad = doubled(data, joined(data, 1.0, used, reference), reference)
        subject = f"The share of rows that are in {reference.ref} too"
        return self.share(data, bad, subject, used[:8])


@check_kind("leak_near")
@dataclass(frozen=True, kw_only=True)
class LeakNear(ShareKind):
    """No rows are nearly the same as one of the reference.

    Attributes:
        columns: what is compared; all inputs when left out.
        near: the least likeness that counts.
    """

    needs_reference: ClassVar[bool] = True

    columns: tuple[str, ...] = option((), column=True)
    near: float = option(0.9, exclusive_minimum=0, maximum=1)

    def judge_data(self, data: DataView, seed: int) -> Judged:
        reference = reference_of(data, self)
        used = shared_columns(data, reference, self.columns)
        bad = doubled(data, joined(data, self.near, used, reference), reference)
        subject = f"The share of rows that are nearly the same as one of {reference.ref}"
        return self.share(data, bad, subject, used[:8])


@check_kind("leak_group")
@dataclass(frozen=True, kw_only=True)
class LeakGroup(ShareKind):
    """No value of a group, such as a customer, is in the reference too.

    Attributes:
        column: of groups.
    """

    needs_reference: ClassVar[bool] = True

    column: str = option(column=True)

    def judge_data(self, data: DataView, seed: int) -> Judged:
        from mispredict.data.hashing import column_hashes

        reference = reference_of(data, self)
        held = np.unique(column_hashes(reference, self.column))
        bad = np.isin(column_hashes(data, self.column), held) & known(data, self.column)
        values = len(counts(data, self.column))
        return self.share(
            data,
            bad,
            f"The share of rows whose {self.column} is in {reference.ref} too",
            [self.column],
            looked_at=known(data, self.column),
            more=f"There are {counted(values, 'value')} here.",
        )


@check_kind("leak_time")
@dataclass(frozen=True, kw_only=True)
class LeakTime(ShareKind):
    """All rows are later than those of the reference.

    Attributes:
        column: of times; that of the role when left out.
    """

    needs_reference: ClassVar[bool] = True

    column: str | None = option(None, column=True)

    def judge_data(self, data: DataView, seed: int) -> Judged:
        reference = reference_of(data, self)
        column = time_column(data, self.column)
        values, before = data.values(column), reference.values(column)
        last = float(np.nanmax(before)) if np.isfinite(before).any() else -math.inf
        end = _written(last) if np.isfinite(last) else ""
        return self.share(
            data,
            values <= last,
            f"The share of rows from before the end of {reference.ref} ({end})",
            [column],
            cohort=at_most(column, end) if end and end.count(".") == 0 else None,
            looked_at=~np.isnan(values),
        )


@check_kind("predictive_feature")
@dataclass(frozen=True, kw_only=True)
class PredictiveFeature(DataKind):
    """No single input predicts the label too well, as one does that was made from it.

    The rule of a column is the mean label of each of its values or bins, made on one half of
    the rows and tried on the other. The measure is the area under the ROC curve (of several
    classes each against the rest), of a regression the share of the variance.

    Attributes:
        max: the largest good value.
        columns: which to try; all inputs when left out.
    """

    max: float = option(0.95, minimum=0, maximum=1)
    columns: tuple[str, ...] = option((), column=True)

    def judge_data(self, data: DataView, seed: int) -> Judged:
        label_of(data, self)
        found = predicting(data, self.columns)
        bound = Bound(high=self.max)
        if not found:
            return bound.judged(Estimate(NAN, NAN, NAN, 0), "What one input predicts")
        best = found[0]
        beyond = [f"{item.column} {item.score.value:.3f}" for item in found
                  if item.score.low > self.max]  # fmt: skip
        return bound.judged(
            best.score,
            f"The {best.measure} of {best.column} alone",
            more=f"Too good: {', '.join(beyond[:5])}." if beyond else "",
            failing=len(beyond),
        )


@check_kind("id_feature")
@dataclass(frozen=True, kw_only=True)
class IdFeature(DataKind):
    """No input names its rows, as an identifier does: a model learns it by heart."""

    def judge_data(self, data: DataView, seed: int) -> Judged:
        found = identifiers(data)
        value = float(len(found))
        said = f"No input names its rows, among {counted(len(data.schema), 'column')}."
        if found:
            does = "names its" if len(found) == 1 else "name their"
            said = f"{counted(len(found), 'input')} {does} rows: {', '.join(found[:6])}."
        return Judged(
            "fail" if found else "pass", said, value, value, value, data.n, 0.0, "none",
            failing=len(found),
        )  # fmt: skip


@check_kind("row_order")
@dataclass(frozen=True, kw_only=True)
class RowOrder(DataKind):
    """The place of a row in the file does not tell its label.

    Attributes:
        max: the largest good area under the ROC curve of the row's number (of a regression the
            share of the variance).
    """

    max: float = option(0.6, minimum=0, maximum=1)

    def judge_data(self, data: DataView, seed: int) -> Judged:
        label_of(data, self)
        found = by_row_number(data)
        score = found.score if found is not None else Estimate(NAN, NAN, NAN, 0)
        measure = found.measure if found is not None else "roc_auc"
        return Bound(high=self.max).judged(score, f"The {measure} of the row's number")


def shared_columns(
    data: DataView, reference: DataView, columns: tuple[str, ...]
) -> tuple[str, ...]:
    """The columns to compare rows by: those that were asked for, or inputs that both have."""
    if columns:
        return compared_columns(data, columns)
    found = compared_columns(data, None)
    return tuple(name for name in found if name in reference.schema) or found
