"""The map of an evaluation's rows, as many points as can be drawn."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt

from mispredict.core.results import Result, Source, plain
from mispredict.core.words import counted

if TYPE_CHECKING:
    import pandas as pd

    from mispredict.cohorts.places import Places
    from mispredict.engine.table import Table

Floats = npt.NDArray[np.float64]

MOST = 100_000  # points that are drawn by default
STEPS = 65_535  # of a coordinate
UNKNOWN = 255  # as error of a row whose label is missing
NO_CLASS = 65_535
_WORST = 0.9  # share of the losses above which a row is kept like a wrong one


@dataclass(frozen=True)
class EmbeddingMap(Result):
    """Rows as points, near to one another where they are alike; those that are wrong come last.

    `method` is how places were found (`umap`, `pca`, or `given` with the data), `space` what
    rows are compared by: `vectors`, `text`, `columns`, a `function` or an `array`, made from
    `column` or `columns`. `n` of `total` rows have a place, `fitted` of them laid the map out.
    `trustworthiness`, at most 1, says how far neighbours on the map are neighbours in that
    space, measured on `judged` rows.

    `drawn` points are in the arrays. JSON has each as base64 of little-endian whole numbers:
    `row` (uint32), `x` and `y` (uint16, 0 to 65,535 from the low to the high end of `bounds`,
    which are x, y, x, y), `error` (uint8: 1 for wrong, or with `is_loss` the share of smaller
    losses from 0 to 254; 255 unknown), `code` (uint16: place in `classes` of the `coded`
    column, label or prediction; 65,535 for none).
    """

    source: Source
    method: str
    space: str
    column: str
    columns_used: tuple[str, ...]
    n: int
    total: int
    fitted: int
    drawn: int
    trustworthiness: float
    judged: int
    seed: int
    bounds: tuple[float, float, float, float]
    is_loss: bool
    coded: str
    classes: tuple[str, ...]
    note: str
    row: npt.NDArray[np.uint32] = field(repr=False)
    x: npt.NDArray[np.uint16] = field(repr=False)
    y: npt.NDArray[np.uint16] = field(repr=False)
    error: npt.NDArray[np.uint8] = field(repr=False)
    code: npt.NDArray[np.uint16] = field(repr=False)

    title: ClassVar[str] = "Map"
    arrays: ClassVar[dict[str, str]] = {
        "row": "<u4",
        "x": "<u2",
        "y": "<u2",
        "error": "u1",
        "code": "<u2",
    }

    @property
    def columns(self) -> tuple[str, ...]:
        return ("row", "x", "y", "error", "class")

    def to_frame(self) -> pd.DataFrame:
        """The drawn points, their coordinates as `map_x` and `map_y` have them."""
        import pandas as pd

        error = self.error.astype(np.float64)
        error[self.error == UNKNOWN] = np.nan
        names = np.array([*self.classes, None], dtype=object)
        data = {
            "row": self.row.astype(np.int64),
            "x": _restored(self.x, self.bounds[0], self.bounds[2]),
            "y": _restored(self.y, self.bounds[1], self.bounds[3]),
            "error": error / 254 if self.is_loss else error,
            "class": names[np.minimum(self.code, len(self.classes))],
        }
        return pd.DataFrame(data)

    def records(self) -> list[dict[str, Any]]:
        records: list[dict[str, Any]] = self.to_frame().to_dict("records")
        return records

    def to_dict(self) -> dict[str, Any]:
        value: dict[str, Any] = {}
        for name in (item.name for item in fields(self)):
            found = getattr(self, name)
            value[name] = _packed(found, self.arrays[name]) if name in self.arrays else plain(found)
        return value

    def __len__(self) -> int:
        return self.drawn

    def __str__(self) -> str:
        return f"{self.title}\n{self.note}"

    def _repr_html_(self) -> str:
        from html import escape

        return f"<p><b>{self.title}</b></p><p>{escape(self.note)}</p>"


def draw(
    places: Places, table: Table, target: Floats, *, source: Source, most: int = MOST
) -> EmbeddingMap:
    """The map with at most `most` points, among them as many wrong rows as half of that.

    Args:
        target: 1 for wrong and 0 for right rows, or a loss per row; NaN where undefined.
    """
    facts = places.facts
    is_loss = "correct" not in table.fields.reserved
    rows = np.flatnonzero(np.isfinite(places.x) & np.isfinite(places.y))
    error = _errors(target, is_loss)
    is_worst = (error != UNKNOWN) & (error >= (round(_WORST * 254) if is_loss else 1))
    drawn = _drawn(rows, is_worst, most, facts.seed)
    coded, classes, code = _classes(table)
    bounds = _bounds(places, rows)
    return EmbeddingMap(
        source=source,
        method=facts.method,
        space=facts.space,
        column=facts.column,
        columns_used=facts.columns,
        n=facts.n,
        total=table.n,
        fitted=facts.fitted,
        drawn=len(drawn),
        trustworthiness=facts.trustworthiness,
        judged=facts.judged,
        seed=facts.seed,
        bounds=bounds,
        is_loss=is_loss,
        coded=coded,
        classes=classes,
        note=_note(places, table.n, len(drawn)),
        row=drawn.astype(np.uint32),
        x=_quantised(places.x[drawn], bounds[0], bounds[2]),
        y=_quantised(places.y[drawn], bounds[1], bounds[3]),
        error=error[drawn],
        code=code[drawn],
    )


def _errors(target: Floats, is_loss: bool) -> npt.NDArray[np.uint8]:
    is_known = np.isfinite(target)
    error = np.full(len(target), UNKNOWN, np.uint8)
    if not is_loss:
        error[is_known] = target[is_known] > 0
        return error
    values = target[is_known]
    smaller = np.searchsorted(np.sort(values), values) / max(len(values) - 1, 1)
    error[is_known] = np.round(254 * smaller)
    return error


def _drawn(
    rows: npt.NDArray[np.intp], is_worst: npt.NDArray[np.bool_], most: int, seed: int
) -> npt.NDArray[np.intp]:
    """Rows to draw, in order, the worst ones last so that they lie above the others."""
    worst, others = rows[is_worst[rows]], rows[~is_worst[rows]]
    random = np.random.default_rng(seed)
    kept = max(most - len(others), most // 2)
    if len(worst) > kept:
        worst = np.sort(random.choice(worst, kept, replace=False))
    if len(others) > most - len(worst):
        others = np.sort(random.choice(others, most - len(worst), replace=False))
    return np.concatenate([others, worst])


def _classes(table: Table) -> tuple[str, tuple[str, ...], npt.NDArray[np.uint16]]:
    """The column that points can be coloured by, its classes, and each row's place in them."""
    reserved, task = table.fields.reserved, table.task
    for name in ("label", "prediction"):
        if name in reserved and task.is_classification and task.kind != "multilabel":
            code = table.class_codes(name)
            return name, tuple(map(str, task.classes)), code.astype(np.int64).astype(np.uint16)
    return "", (), np.full(table.n, NO_CLASS, np.uint16)


def _bounds(places: Places, rows: npt.NDArray[np.intp]) -> tuple[float, float, float, float]:
    if not len(rows):
        return 0.0, 0.0, 0.0, 0.0
    x, y = places.x[rows], places.y[rows]
    return float(x.min()), float(y.min()), float(x.max()), float(y.max())


def _quantised(values: Floats, low: float, high: float) -> npt.NDArray[np.uint16]:
    return np.round((values - low) / max(high - low, 1e-300) * STEPS).astype(np.uint16)


def _restored(steps: npt.NDArray[np.uint16], low: float, high: float) -> Floats:
    values: Floats = low + steps / STEPS * (high - low)
    return values


def _packed(array: npt.NDArray[Any], kind: str) -> str:
    return base64.b64encode(array.astype(kind).tobytes()).decode()


def _note(places: Places, total: int, drawn: int) -> str:
    facts = places.facts
    spaces = {
        "vectors": f"the vectors of {facts.column!r}",
        "text": f"the words of {facts.column!r}",
        "function": f"an embedding function over {facts.column!r}",
        "array": "the vectors that were given",
        "columns": f"{len(facts.columns)} columns, as ranks and categories",
        "given": "",
    }
    methods = {"umap": "UMAP", "pca": "Principal components", "given": "A map that was given"}
    told = [methods[facts.method] + (f" of {spaces[facts.space]}" if spaces[facts.space] else "")]
    if facts.n < total:
        placeless = total - facts.n
        verb = "has" if placeless == 1 else "have"
        told.append(f"{placeless:,} of {counted(total, 'row')} {verb} no place")
    if 0 < facts.fitted < facts.n:
        told.append(f"laid out by {counted(facts.fitted, 'row')}, the others placed among them")
    if drawn < facts.n:
        told.append(f"{drawn:,} of {facts.n:,} points are drawn")
    if np.isfinite(facts.trustworthiness):
        told.append(
            f"trustworthiness {facts.trustworthiness:.2f}, measured on "
            f"{counted(facts.judged, 'row')}"
        )
    return "; ".join(told) + "."
