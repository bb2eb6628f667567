"""Rows of a dataset as checks see them, and the base of the kinds that need nothing else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeVar

from mispredict.core.errors import BadOption
from mispredict.expectations.check import Kind, Needs
from mispredict.expectations.planning import Plan

if TYPE_CHECKING:
    import pyarrow as pa

    from mispredict.core.schema import Schema
    from mispredict.core.task import Task
    from mispredict.engine.encode import Coded
    from mispredict.expectations.subject import Answers, Bools, Floats, Numbers, Subject
    from mispredict.expectations.verdict import Judged

T = TypeVar("T")


class DataView(Protocol):
    """Rows with their schema, whether they are stored already or not.

    What several checks need of it is computed once: `once` keeps it under a name.
    """

    @property
    def ref(self) -> str:
        """The dataset, such as churn@2."""

    @property
    def n(self) -> int:
        """Number of rows."""

    @property
    def schema(self) -> Schema: ...

    @property
    def task(self) -> Task | None:
        """What is to be predicted; None without a label."""

    @property
    def label(self) -> str | None:
        """Name of the label column."""

    @property
    def reference(self) -> DataView | None:
        """The data that these are held against: an older version, or what a model learned from."""

    def column(self, name: str) -> pa.ChunkedArray:
        """A column in one of the engine's Arrow types, NaN as NULL."""

    def take(self, names: Sequence[str], rows: Numbers) -> list[pa.Array]:
        """The values of some rows in each of the columns."""

    def values(self, name: str) -> Floats:
        """A numeric, boolean or datetime column as float64, missing as NaN; times in seconds."""

    def coded(self, name: str) -> Coded | None:
        """The codes of a column; None where its type has none."""

    def mask(self, where: str | None) -> Bools:
        """The rows of a cohort, all for None."""

    def once(self, key: Any, make: Callable[[], T]) -> T:
        """What `make` gives, which is called the first time that the key is asked for."""


@dataclass(frozen=True, kw_only=True)
class DataKind(Kind):
    """Base of the kinds of checks that need data alone: they are judged by `judge_data`."""

    needs: ClassVar[Needs] = "data"

    def judge(self, subject: Subject, plan: Plan, answers: Answers) -> Judged:
        return self.judge_data(subject.data, plan.seed)

    def judge_data(self, data: DataView, seed: int) -> Judged:
        """The verdict on the rows."""
        raise NotImplementedError


def reference_of(data: DataView, kind: Kind) -> DataView:
    """The data to hold these against.

    Raises:
        BadOption: there are none.
    """
    if data.reference is None:
        raise BadOption(
            f"a check of kind {kind.name!r} compares with other data, and none were given.",
            known=f"It was to judge {data.ref}.",
            hint="reference='churn@1', or reference: churn@1 at the top of the file",
        )
    return data.reference
