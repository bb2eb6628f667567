"""What a cohort is, in short: for checking it while it is typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from mispredict.core.results import Result
from mispredict.workspace.exploring.exploration import CohortChip

if TYPE_CHECKING:
    from mispredict.core.predicate import Predicate
    from mispredict.workspace.evaluation import Evaluation


@dataclass(frozen=True)
class CohortFacts(Result):
    """A cohort's canonical text, its form in an address, a sentence, conditions and size."""

    where: str
    url: str
    sentence: str
    chips: tuple[CohortChip, ...]
    n: int
    share: float

    row_type: ClassVar[type] = CohortChip
    title: ClassVar[str] = "Cohort"

    def _rows(self) -> tuple[CohortChip, ...]:
        return self.chips


def facts_of(of: Evaluation, where: str | Predicate | None) -> CohortFacts:
    """The facts of a cohort of the evaluation."""
    from mispredict.workspace.exploring.chips import chips_of, cohort_of, text_of

    predicate = cohort_of(of, where)
    n = int(of.table.mask(predicate).sum())
    return CohortFacts(
        where=text_of(predicate),
        url=predicate.to_url() if text_of(predicate) else "",
        sentence=predicate.sentence(),
        chips=chips_of(of, predicate),
        n=n,
        share=n / of.n if of.n else 0.0,
    )
