"""Kinds about rows that are the same, or nearly so, and labels that contradict each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mispredict.core.words import counted
from mispredict.data.duplicates.groups import conflicting, doubled, joined
from mispredict.data.duplicates.rows import compared_columns
from mispredict.data.kinds.labels import label_of
from mispredict.data.share import ShareKind
from mispredict.expectations.check import check_kind
from mispredict.expectations.options import option

if TYPE_CHECKING:
    from mispredict.expectations.data import DataView
    from mispredict.expectations.verdict import Judged


@check_kind("duplicates")
@dataclass(frozen=True, kw_only=True)
class DuplicateRows(ShareKind):
    """No rows are the same, or few.

    The first row of each group stays, the others count.

    Attributes:
        columns: what is compared; all inputs when left out.
    """

    columns: tuple[str, ...] = option((), column=True)

    def judge_data(self, data: DataView, seed: int) -> Judged:
        used = compared_columns(data, self.columns)
        bad = doubled(data, joined(data, 1.0, used, None), None)
        return self.share(data, bad, "The share of rows that repeat another one", used[:8])


@check_kind("near_duplicates")
@dataclass(frozen=True, kw_only=True)
class NearDuplicates(ShareKind):
    """No rows are nearly the same, or few.

    Texts are alike by the runs of letters that they share, other rows by the columns in which
    they agree. The first row of each group stays, the others count.

    Attributes:
        columns: what is compared; all inputs when left out.
        near: the least likeness that counts.
    """

    columns: tuple[str, ...] = option((), column=True)
    near: float = option(0.9, exclusive_minimum=0, maximum=1)

    def judge_data(self, data: DataView, seed: int) -> Judged:
        used = compared_columns(data, self.columns)
        bad = doubled(data, joined(data, self.near, used, None), None)
        return self.share(data, bad, "The share of rows that nearly repeat another one", used[:8])


@check_kind("conflicting_labels")
@dataclass(frozen=True, kw_only=True)
class ConflictingLabels(ShareKind):
    """Rows with the same inputs have the same label, all or nearly all.

    Rows count whose label is not the one that most rows with their inputs have.

    Attributes:
        columns: the inputs that are compared; all when left out.
        near: the least likeness of inputs that count as the same.
    """

    columns: tuple[str, ...] = option((), column=True)
    near: float = option(1.0, exclusive_minimum=0, maximum=1)

    def judge_data(self, data: DataView, seed: int) -> Judged:
        name = label_of(data, self)
        used = compared_columns(data, self.columns)
        found = conflicting(data, self.near, used)
        return self.share(
            data,
            found.is_wrong,
            "The share of rows whose label contradicts that of rows with the same inputs",
            [*used[:7], name],
            looked_at=found.labels >= 0,
            more=f"{counted(len(found.sizes), 'group')} contradict themselves.",
        )
