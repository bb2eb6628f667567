"""Counterfactuals as a result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from mispredict.core.results import Result, Source
from mispredict.explain.counterfactuals.search_calls import Queries
from mispredict.explain.what_if.what_if import Change


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """A changed row that the model predicts as wanted, asked once more to be sure.

    `distance` sums the changes in robust standard deviations (another category counts as 1),
    `changed` counts them. `plausibility` is the share of real rows with that prediction that
    are at least as unlike the others as this one; `nearest` is the real row it is most like.
    `probability` is that of the wanted class.
    """

    row: int
    id: Any
    answer: int
    changes: tuple[Change, ...]
    before: Any
    prediction: Any
    probability: float
    distance: float
    changed: int
    plausibility: float
    nearest: int

    @property
    def name(self) -> str:
        return "; ".join(map(str, self.changes))


@dataclass(frozen=True)
class Counterfactuals(Result):
    """Counterfactuals of one or many rows, the cheapest of each row first.

    `success` is the share of the `asked` rows for which there is one, with its interval;
    `skipped` rows are predicted as wanted already. `invalid` candidates were not confirmed
    when asked again, and are left out.
    """

    rows: tuple[Counterfactual, ...]
    target: str
    asked: int
    found: int
    skipped: int
    success: float
    low: float
    high: float
    invalid: int
    queries: Queries
    seconds: float
    source: Source
    note: str

    row_type: ClassVar[type] = Counterfactual
    title: ClassVar[str] = "Counterfactuals"

    def records(self) -> list[dict[str, Any]]:
        """One dictionary per counterfactual, its changes as one text."""
        return [{**record, "changes": row.name} for record, row in self._pairs()]

    @property
    def where(self) -> str:
        """The real rows that the counterfactuals are most like, as a cohort."""
        numbers = sorted({row.nearest for row in self.rows if row.nearest >= 0})
        return f"row IN ({', '.join(map(str, numbers))})" if numbers else "FALSE"

    def _pairs(self) -> list[tuple[dict[str, Any], Counterfactual]]:
        return list(zip(super().records(), self.rows, strict=True))
