"""How plausible a made-up row is: how near it is to the real rows with the same prediction."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from mispredict.explain.counterfactuals.search_space import Space

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]

MOST_ROWS = 1_000  # real rows that made-up ones are compared with
AROUND = 5  # nearest of them that count
_JUDGES = 500
_ORDINARY = 0.8  # share of real rows that are nearer to the others than what counts as remote


class Crowd:
    """Real rows that the model predicts as wanted.

    A row is as remote as the mean distance to its five nearest of them says. Its plausibility is
    the share of the real rows that are at least as remote from one another: a conformal p-value,
    1 for the most ordinary rows, near 0 for rows further out than any real one.
    """

    def __init__(
        self, space: Space, numbers: Codes, matrix: Callable[[Codes], Floats], *, seed: int = 0
    ) -> None:
        """A crowd of rows.

        Args:
            space: of the rows.
            numbers: of the rows in the data; at most `MOST_ROWS` of them are drawn.
            matrix: gives the rows of these numbers, (n, features).
            seed: of the draw.
        """
        draw = np.random.default_rng(seed)
        if len(numbers) > MOST_ROWS:
            numbers = np.sort(draw.choice(numbers, MOST_ROWS, replace=False))
        rows = matrix(numbers)
        self._space, self.rows, self.numbers = space, rows, numbers
        judges = draw.permutation(len(rows))[:_JUDGES]
        self._ordinary = np.sort(self._among(rows[judges], skip=1))
        known = self._ordinary[np.isfinite(self._ordinary)]
        self._free = float(np.quantile(known, _ORDINARY)) if len(known) else 0.0

    def __len__(self) -> int:
        return len(self.rows)

    def neighbours(self, rows: Floats, k: int, weights: Floats) -> Floats:
        """The nearest rows of the crowd by weighted features, (n, at most k, features)."""
        from mispredict.explain.counterfactuals.search_near import nearest

        if not len(self.rows):
            return np.empty((len(rows), 0, rows.shape[1]))
        places, _ = nearest(self._space, rows, self.rows, min(k, len(self.rows)), weights)
        return self.rows[places]

    def nearest_number(self, rows: Floats) -> Codes:
        """Number of the real row that each row is nearest to; -1 without any."""
        from mispredict.explain.counterfactuals.search_near import nearest

        places, _ = nearest(self._space, rows, self.rows, 1)
        if not len(self.rows):
            return np.full(len(rows), -1)
        numbers: Codes = self.numbers[places[:, 0]]
        return numbers

    def drawn(self, draw: np.random.Generator, n: int) -> Floats | None:
        """Rows of the crowd at random; None of an empty one."""
        return self.rows[draw.integers(0, len(self.rows), n)] if len(self.rows) else None

    def remoteness(self, rows: Floats) -> Floats:
        """How much further than ordinary each row is from its nearest ones; 0 for most."""
        return np.nan_to_num(np.maximum(self._among(rows) - self._free, 0.0), posinf=0.0)

    def plausibility(self, rows: Floats) -> Floats:
        """Share of real rows that are at least as far from the others, from 0 to 1."""
        if not len(self._ordinary):
            return np.full(len(rows), np.nan)
        at_least = len(self._ordinary) - np.searchsorted(self._ordinary, self._among(rows) - 1e-9)
        share: Floats = (at_least + 1) / (len(self._ordinary) + 1)
        return share

    def _among(self, rows: Floats, skip: int = 0) -> Floats:
        """Mean distance to the nearest rows; `skip` leaves out the row itself."""
        from mispredict.explain.counterfactuals.search_near import nearest

        k = min(AROUND + skip, len(self.rows))
        if k <= skip:
            return np.full(len(rows), np.inf)
        _, far = nearest(self._space, rows, self.rows, k)
        mean: Floats = far[:, skip:].mean(axis=1)
        return mean
