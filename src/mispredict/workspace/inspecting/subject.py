"""A dataset as checks see it where no model is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from mispredict.core.errors import BadOption
from mispredict.core.predicate import InTag, all_of
from mispredict.core.schema import ColumnType, Role
from mispredict.core.task import Task, TaskKind
from mispredict.expectations.subject import (
    Answers,
    Attacks,
    Bools,
    Estimate,
    Filled,
    Numbers,
    Perturbed,
    Subject,
)
from mispredict.expectations.verdict import Cost

if TYPE_CHECKING:
    import pandas as pd

    from mispredict.metrics.outcomes import Outcomes
    from mispredict.models.copies import Asked, Copies
    from mispredict.workspace.inspecting.view import RowsView


class DatasetSubject:
    """The rows of a dataset; whatever asks for predictions is told that there are none."""

    def __init__(self, data: RowsView) -> None:
        self.data = data

    @property
    def ref(self) -> str:
        return self.data.ref

    @property
    def n(self) -> int:
        return self.data.n

    @property
    def task(self) -> Task:
        return self.data.task or Task(TaskKind.SCORE)

    @property
    def columns(self) -> Mapping[str, ColumnType]:
        return {item.name: item.type for item in self.data.schema.of_role(Role.INPUT)}

    @property
    def baseline(self) -> Subject | None:
        return None

    @property
    def cost(self) -> Cost:
        return Cost()

    def mask(self, where: str | None) -> Bools:
        return self.data.mask(where)

    def condition(self, where: str | None, tag: str | None) -> str | None:
        """The cohort of the rows that meet `where` and have the tag; None for all."""
        parts = [where] if where is not None else []
        parts += [InTag(tag).text] if tag is not None else []
        return all_of(map(self.data.predicate, parts)).text if parts else None

    def sample(self, n: int | None, where: str | None, seed: int) -> Numbers:
        numbers = np.flatnonzero(self.mask(where)).astype(np.int64)
        if n is None or n >= len(numbers):
            return numbers
        chosen: Numbers = np.random.default_rng(seed).choice(numbers, n, replace=False)
        return np.sort(chosen)

    def frame(self, rows: Numbers) -> pd.DataFrame:
        """The inputs of rows."""
        import pandas as pd

        names = list(self.columns)
        taken = self.data.take(names, rows)
        return pd.DataFrame(
            {name: part.to_pandas() for name, part in zip(names, taken, strict=True)}
        )

    def values(self, column: str) -> pd.Series[Any]:
        known: pd.Series[Any] = self.data.column(column).drop_null().to_pandas()
        return known

    def label(self, row: int) -> Any:
        name = self.data.label
        return None if name is None else self.data.take([name], np.array([row]))[0][0].as_py()

    @property
    def outcomes(self) -> Outcomes:
        self._refuse()

    @property
    def predicted(self) -> Answers:
        self._refuse()

    def metric(self, metric: str, where: str | None = None, *, level: float = 0.95) -> Estimate:
        self._refuse()

    def metrics(
        self,
        metric: str,
        by: str | Sequence[str],
        where: str | None = None,
        *,
        level: float = 0.95,
    ) -> tuple[Estimate, ...]:
        self._refuse()

    def copies(self, rows: Numbers) -> Copies:
        self._refuse()

    def ask(self, frame: Asked) -> Answers:
        self._refuse()

    def ask_each(self, frame: Asked) -> Answers:
        self._refuse()

    def call(self, frame: pd.DataFrame) -> tuple[Answers, float]:
        self._refuse()

    def perturb(self, names: str | Sequence[str], frame: pd.DataFrame, **options: Any) -> Perturbed:
        self._refuse()

    def fill(self, template: Sequence[str], n: int, **options: Any) -> Filled:
        self._refuse()

    def attack(self, rows: Numbers, target: Any, **options: Any) -> Attacks:
        self._refuse()

    def refit(self, rows: Numbers, labels: Any, asked: Numbers) -> Answers:
        self._refuse()

    def _refuse(self) -> NoReturn:
        raise BadOption(
            f"{self.ref} is data without predictions.",
            known="The check asks for what a model says.",
            hint="ws.run(suite, model='gbm')",
        )
