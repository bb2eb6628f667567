"""Rows as people look at them: the part of `Evaluation` that shows them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy.typing as npt

from mispredict.core.predicate import Predicate
from mispredict.workspace.view import View

if TYPE_CHECKING:
    import pandas as pd

    from mispredict.cohorts.map import EmbeddingMap
    from mispredict.core.predicate.completion import Completion
    from mispredict.workspace.exploring.exploration import Exploration
    from mispredict.workspace.looking.example import Example
    from mispredict.workspace.looking.facts import CohortFacts
    from mispredict.workspace.looking.rows import Rows


class Looking(View):
    """Pages of rows, distributions, one row, the map."""

    def rows(
        self,
        where: str | Predicate | None = None,
        order_by: str | None = None,
        limit: int = 20,
        offset: int = 0,
        columns: Sequence[str] | None = None,
    ) -> Rows:
        """Rows of a cohort: the id, the dataset's columns, then the reserved ones."""
        from mispredict.workspace.looking.rows import find_rows

        return find_rows(self._whole, where, order_by, limit=limit, offset=offset, columns=columns)

    def to_frame(self, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """The whole evaluation table as pandas."""
        return self.rows(limit=self.n, columns=columns).to_frame()

    def explore(
        self,
        where: str | Predicate | None = None,
        *,
        column: str | None = None,
        codes: Sequence[int] | None = None,
        mode: str = "replace",
        columns: Sequence[str] | None = None,
    ) -> Exploration:
        """Linked distributions of a cohort, after a click on bars, and what is special in it.

        Args:
            where: the cohort; the conditions about one column don't filter its distribution.
            column: whose conditions are to be changed.
            codes: of the bars that are to be selected in that column.
            mode: `replace` the column's conditions by the codes, `add` these, or `clear` them.
            columns: whose distributions are shown; all that have one by default.
        """
        from mispredict.workspace.exploring.exploring import explore

        return explore(self._whole, where, column=column, codes=codes, mode=mode, columns=columns)

    def row(
        self,
        row: int,
        *,
        where: str | Predicate | None = None,
        order_by: str | None = None,
        slices: Iterable[str | Predicate] = (),
    ) -> Example:
        """Everything known of one row, the rows most like it, and those before and after it.

        Args:
            row: its number, from 0 in the dataset's order.
            where: the cohort in which it has a place.
            order_by: the order in which it has a place, such as `loss DESC`.
            slices: cohorts of which those that hold the row are named.
        """
        from mispredict.workspace.looking.reading import example_of

        return example_of(self._whole, row, where=where, order_by=order_by, slices=slices)

    def complete(self, text: str, cursor: int | None = None) -> Completion:
        """What may stand at the cursor of a half-typed cohort (at its end by default)."""
        from mispredict.workspace.looking.completing import complete

        return complete(self, text, cursor)

    def cohort_facts(self, where: str | Predicate | None = None) -> CohortFacts:
        """A cohort's canonical text, sentence, conditions and number of rows."""
        from mispredict.workspace.looking.facts import facts_of

        return facts_of(self._whole, where)

    def map(
        self,
        column: str | None = None,
        *,
        embedding: Callable[[Sequence[str]], Any] | npt.NDArray[Any] | None = None,
        seed: int = 0,
        most: int = 100_000,
        progress: Callable[[int, int], None] | None = None,
        cancel: Callable[[], bool] | None = None,
    ) -> EmbeddingMap:
        """The rows as points, near to one another where they are alike.

        Afterwards `map_x` and `map_y` are columns of every evaluation of the dataset, so that
        `inside(…)`, a lasso, is a cohort. A map that is there already is given again, unless
        another column, embedding or seed is asked for; lassos on the old map then mean other
        rows, so tag the rows that should stay.

        Args:
            column: vectors or texts that rows are compared by; the first such column by
                default, vectors before texts. Where there is none, the input columns.
            embedding: a function from texts to vectors, or a vector per row; with two numbers
                per row it is the map itself.
            most: points to draw at most; wrong rows have half of them, if there are so many.
            progress: called with the percentage done, and 100.
            cancel: asked now and then; True stops.

        Raises:
            Cancelled: `cancel` said so.
        """
        from mispredict.workspace.mapping import map_of

        return map_of(
            self._whole,
            column=column,
            embedding=embedding,
            seed=seed,
            most=most,
            progress=progress,
            cancel=cancel,
        )

    def lasso(self, points: Any) -> str:
        """The cohort of the rows inside a line drawn on the map, such as `inside(…)`.

        A closed line of any number of points becomes a polygon of at most 64 corners.

        Args:
            points: pairs of `map_x` and `map_y` along the line.
        """
        from mispredict.workspace.mapping import lasso_of

        return lasso_of(self._whole, points)
