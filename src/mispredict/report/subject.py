"""What a report asks of an evaluation, so that it need not know the workspace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

from mispredict.core.predicate import Always, Predicate
from mispredict.core.results import Source
from mispredict.core.task import Task
from mispredict.core.words import counted

if TYPE_CHECKING:
    from mispredict.core.predicate import Fields
    from mispredict.engine.table import Table

Bools = npt.NDArray[np.bool_]


class Evaluated(Protocol):
    """The part of `Evaluation` that overviews are made from."""

    @property
    def ref(self) -> str: ...
    @property
    def model(self) -> str: ...
    @property
    def n(self) -> int: ...
    @property
    def task(self) -> Task: ...
    @property
    def dataset(self) -> Any: ...
    @property
    def version(self) -> Any: ...
    @property
    def fields(self) -> Fields: ...
    @property
    def table(self) -> Table: ...
    @property
    def outcomes(self) -> Any: ...
    @property
    def target(self) -> npt.NDArray[np.float64]: ...
    def predicate(self, where: str | Predicate | None) -> Predicate: ...
    def mask(self, where: str | Predicate | None = None) -> Bools: ...
    def source(self, where: str | Predicate | None = None, n: int | None = None) -> Source: ...
    def error_classes(self, where: str | Predicate | None = None) -> Any: ...
    def cards(self, where: str | Predicate | None = None, *, top: int | None = 50) -> Any: ...
    def slices(
        self,
        top: int = 15,
        where: str | Predicate | None = None,
        *,
        budget_s: float = 60.0,
    ) -> Any: ...
    def rows(
        self,
        where: str | Predicate | None = None,
        order_by: str | None = None,
        limit: int = 20,
        offset: int = 0,
        columns: Sequence[str] | None = None,
    ) -> Any: ...


@dataclass(frozen=True)
class Subject:
    """An evaluation and the cohort of it that an overview is about.

    `where` is the checked cohort and `mask` its rows; both None for all rows.
    """

    evaluation: Evaluated
    where: Predicate | None
    mask: Bools | None
    n: int

    @classmethod
    def of(cls, evaluation: Evaluated, where: str | Predicate | None) -> Subject:
        """The subject, its cohort checked.

        Raises:
            EmptyCohort: no row meets `where`.
        """
        from mispredict.core.errors import EmptyCohort

        predicate = evaluation.predicate(where)
        if isinstance(predicate, Always):
            return cls(evaluation, None, None, evaluation.n)
        mask = evaluation.mask(predicate)
        count = int(mask.sum())
        if not count:
            raise EmptyCohort(
                f"no row of {evaluation.ref} meets {predicate.text}.",
                known=f"The evaluation has {counted(evaluation.n, 'row')}.",
                hint="a wider cohort",
            )
        return cls(evaluation, predicate, mask, count)

    @property
    def task(self) -> Task:
        return self.evaluation.task

    def has(self, name: str) -> bool:
        """Whether the evaluation has a reserved column of the name."""
        return name in self.evaluation.fields.reserved

    @property
    def has_probabilities(self) -> bool:
        return bool(self.evaluation.outcomes.has_probabilities)

    def chosen(self, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """The values of the cohort's rows."""
        return values if self.mask is None else values[self.mask]

    def both(self, also: str) -> Predicate:
        """The cohort and a further condition."""
        extra = self.evaluation.predicate(also)
        return extra if self.where is None else self.where & extra
