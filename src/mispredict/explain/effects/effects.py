"""How the prediction moves with a feature, or with two: PDP, ICE and ALE."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt

from mispredict.core.errors import BadOption
from mispredict.core.results import Result, Source, plain
from mispredict.core.words import counted
from mispredict.explain.counterfactuals.search_answers import Said
from mispredict.explain.counterfactuals.search_calls import Asker, Queries, refuse_without_answers
from mispredict.explain.counterfactuals.search_space import Space
from mispredict.explain.effects.grid import Grid

if TYPE_CHECKING:
    import pandas as pd

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]
KINDS = ("pdp", "ice", "ale")
LEVEL = 0.95
FEW = 5  # rows of the data around a value, below which its effect is a guess
_ROWS = 50_000  # asked in one question


@dataclass(frozen=True, slots=True)
class EffectPoint:
    """The effect at one value (of two features: at a pair of values), with its interval.

    `n` rows were asked about; `rows` and `share` of the data have such a value, and where
    `has_data` is false, hardly any: the model is asked about what it has never seen.
    """

    value: Any
    other: Any
    effect: float
    low: float
    high: float
    n: int
    rows: int
    share: float
    has_data: bool


@dataclass(frozen=True, slots=True)
class Curve:
    """The predictions of one row over the values of the grid."""

    row: int
    effects: tuple[float, ...]


@dataclass(frozen=True)
class Effects(Result):
    """How `measure` moves with a feature.

    `pdp` is the mean over rows that are all given the value; `ice` has a curve per row beside
    it; `ale` accumulates what moving to the next value does to the rows that are near, centred
    on 0. `baseline` is the mean for the rows as they are.
    """

    rows: tuple[EffectPoint, ...]
    feature: str
    other: str
    kind: str
    measure: str
    baseline: float
    curves: tuple[Curve, ...]
    queries: Queries
    source: Source
    note: str

    row_type: ClassVar[type] = EffectPoint
    title: ClassVar[str] = ""

    def curves_frame(self) -> pd.DataFrame:
        """One line per row and value of the individual curves: `row, value, effect`."""
        import pandas as pd

        values = [point.value for point in self.rows]
        return pd.DataFrame(
            [
                (curve.row, value, effect)
                for curve in self.curves
                for value, effect in zip(values, curve.effects, strict=True)
            ],
            columns=["row", "value", "effect"],
        )


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """The rows that are asked about, as frame and as matrix.

    `columns` holds the values of the features that are looked at, for all `total` rows.
    """

    frame: pd.DataFrame
    matrix: Floats
    numbers: Codes
    columns: Mapping[str, Floats]
    total: int


@dataclass(frozen=True, slots=True)
class Output:
    """What of an answer is looked at: the probability of a class, or the value."""

    name: str
    code: int | None = None

    def of(self, said: Said) -> Floats:
        """One number per answer; NaN where it is unknown."""
        if self.code is None:
            assert said.values is not None  # of a regression
            return said.values
        return said.chance(self.code)


def find_effects(
    asker: Asker,
    space: Space,
    sample: Sample,
    grids: tuple[Grid, ...],
    output: Output,
    *,
    kind: str,
    source: Source,
) -> Effects:
    """Partial dependence of one feature or two, with the curves of single rows for `ice`."""
    places = [space.names.index(grid.feature.name) for grid in grids]
    as_is = asker.ask(sample.frame)
    refuse_without_answers(as_is, asker, "all rows that were drawn")
    pairs = _pairs(grids)
    effects = np.full((len(sample.matrix), len(pairs)), np.nan)
    step = max(1, _ROWS // max(len(pairs), 1))
    for start in range(0, len(sample.matrix), step):
        part = slice(start, start + step)
        effects[part] = _asked(asker, space, sample, places, pairs, output, part)
    counts = _counts(grids, [sample.columns[grid.feature.name] for grid in grids])
    points = tuple(
        _point(grids, pair, effects[:, at], counts[tuple(pair)], sample.total)
        for at, pair in enumerate(_indices(grids))
    )
    curves: tuple[Curve, ...] = ()
    if kind == "ice":
        curves = tuple(
            Curve(int(number), tuple(float(value) for value in row))
            for number, row in zip(sample.numbers, effects, strict=True)
        )
    return Effects(
        points,
        grids[0].feature.name,
        grids[1].feature.name if len(grids) > 1 else "",
        kind,
        output.name,
        float(np.nanmean(output.of(as_is))),
        curves,
        asker.queries,
        source,
        note_of(points, asker.queries),
    )


def refuse_pair(kind: str, other: str | None) -> None:
    """Raise where a pair of features has no such effect."""
    if other is not None and kind == "ice":
        raise BadOption(
            "curves of single rows are of one feature.",
            known=f"Beside it {other!r} was given.",
            hint="kind='pdp' for a pair",
        )


def note_of(points: tuple[EffectPoint, ...], queries: Queries) -> str:
    """What to know before believing the numbers."""
    notes = []
    thin = sum(not point.has_data for point in points)
    if thin:
        notes.append(
            f"Hardly any rows in the data: {thin:,} of {counted(len(points), 'place')}. What the "
            "model says there it has never been tested on."
        )
    if queries.is_spent:
        notes.append("The budget ended before all places were asked about.")
    return " ".join([*notes, queries.failures]).strip()


def mean_interval(values: Floats) -> tuple[float, float, float, int]:
    """Mean of the known values with Student's interval, and how many they are."""
    from mispredict.metrics.intervals import t_of

    known = values[np.isfinite(values)]
    n = len(known)
    if not n:
        return np.nan, np.nan, np.nan, 0
    mean = float(known.mean())
    if n < 2:
        return mean, np.nan, np.nan, n
    half = float(t_of(LEVEL, np.array(n - 1))) * float(known.std(ddof=1)) / np.sqrt(n)
    return mean, mean - half, mean + half, n


def _asked(
    asker: Asker,
    space: Space,
    sample: Sample,
    places: list[int],
    pairs: Floats,
    output: Output,
    part: slice,
) -> Floats:
    """What the model says of some rows with each pair of values, (rows, pairs)."""
    rows = np.arange(len(sample.matrix))[part]
    owner = np.repeat(rows, len(pairs))
    matrix = sample.matrix[owner].copy()
    for column, at in enumerate(places):
        matrix[:, at] = np.tile(pairs[:, column], len(rows))
    frame = space.decode(matrix, sample.frame, owner, sample.matrix)
    return output.of(asker.ask(frame)).reshape(len(rows), len(pairs))


def _pairs(grids: tuple[Grid, ...]) -> Floats:
    axes = np.meshgrid(*(grid.values for grid in grids), indexing="ij")
    return np.column_stack([axis.ravel() for axis in axes])


def _indices(grids: tuple[Grid, ...]) -> Codes:
    axes = np.meshgrid(*(np.arange(len(grid)) for grid in grids), indexing="ij")
    return np.column_stack([axis.ravel() for axis in axes])


def _counts(grids: tuple[Grid, ...], columns: Sequence[Floats]) -> npt.NDArray[np.int64]:
    """Rows of the data around each value or pair of values."""
    cells = [grid.cells(column) for grid, column in zip(grids, columns, strict=True)]
    inside = np.all([cell >= 0 for cell in cells], axis=0)
    counts = np.zeros([len(grid) for grid in grids], dtype=np.int64)
    np.add.at(counts, tuple(cell[inside] for cell in cells), 1)
    return counts


def _point(
    grids: tuple[Grid, ...], pair: Codes, effects: Floats, rows: int, total: int
) -> EffectPoint:
    mean, low, high, n = mean_interval(effects)
    return EffectPoint(
        value=plain(grids[0].label(int(pair[0]))),
        other=plain(grids[1].label(int(pair[1]))) if len(grids) > 1 else None,
        effect=mean,
        low=low,
        high=high,
        n=n,
        rows=int(rows),
        share=float(rows) / total if total else 0.0,
        has_data=bool(rows >= min(FEW, total)),
    )
