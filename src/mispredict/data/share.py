"""Base of the kinds about rows that each hold or do not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mispredict.data.rows import examples, narrowed, picked, rows_where, share_of
from mispredict.expectations.bounds import Bound
from mispredict.expectations.data import DataKind
from mispredict.expectations.options import option

if TYPE_CHECKING:
    from mispredict.core.predicate import Predicate
    from mispredict.expectations.data import DataView
    from mispredict.expectations.subject import Bools
    from mispredict.expectations.verdict import Judged


@dataclass(frozen=True, kw_only=True)
class ShareKind(DataKind):
    """Few rows, or none, do not hold.

    Attributes:
        max: the largest share of rows that need not hold.
        where: the cohort; all rows when left out.
        exact: whether it is about these very rows, so that the share decides. With false it is
            about rows like these, and the share's interval decides.
    """

    max: float = option(0.0, minimum=0, maximum=1)
    where: str | None = option(None, cohort=True)
    exact: bool = True

    def share(
        self,
        data: DataView,
        bad: Bools,
        subject: str,
        columns: Sequence[str],
        *,
        cohort: Predicate | str | None = None,
        looked_at: Bools | None = None,
        more: str = "",
        notes: Sequence[str] = (),
    ) -> Judged:
        """The verdict on the rows that do not hold.

        Args:
            data: the rows.
            bad: which do not hold.
            subject: what their share is called, the beginning of the sentence.
            columns: what to show of them.
            cohort: the rows that do not hold as a condition; their numbers where left out.
            looked_at: the rows that can hold at all, such as those with a value.
            more: a sentence to add.
            notes: of the first rows that do not hold.
        """
        n = data.n if looked_at is None else int(looked_at.sum())
        if self.where is not None:
            chosen = data.mask(self.where)
            bad = bad & chosen
            n = int((chosen if looked_at is None else chosen & looked_at).sum())
        rows = picked(bad)
        data.once(("failing", self), lambda: bad)
        found = share_of(len(rows), n)
        bound = Bound(high=self.max, is_exact=self.exact)
        judged = bound.judged(
            found,
            f"{subject}{f' where {self.where}' if self.where else ''}",
            more=more if len(rows) else "",
            examples=examples(data, rows, columns, notes=notes),
            failing=len(rows),
        )
        return with_where(judged, narrowed(self.where, cohort) if cohort else rows_where(rows))


def with_where(judged: Judged, where: str) -> Judged:
    """The verdict with the cohort of the rows that do not hold."""
    from dataclasses import replace

    return replace(judged, where=where if judged.failing else "")
