"""How good made-up rows are, and whether they give away the rows they were learned from."""

from __future__ import annotations

from dataclasses import InitVar, dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt

from mispredict.core.figures import percent
from mispredict.core.results import Result, Source
from mispredict.core.words import counted
from mispredict.metrics.intervals import wilson
from mispredict.perturb.realism import told_apart
from mispredict.perturb.reference import Reference
from mispredict.perturb.synthesis import Coded

if TYPE_CHECKING:
    import pandas as pd

Floats = npt.NDArray[np.float64]
_MOST = 4_000  # rows that are compared


@dataclass(frozen=True, slots=True)
class ColumnQuality:
    """One column: how like its values are, 1 for the same shares.

    `similarity` is 1 − the Kolmogorov–Smirnov distance of numbers and 1 − the total variation
    of categories; `control` is the same between real rows that were learned from and real rows
    that were not, which nothing made up can be expected to beat.
    """

    column: str
    kind: str
    similarity: float
    control: float
    missing: float
    missing_made: float


@dataclass(frozen=True)
class Synthetic(Result):
    """Made-up rows with their quality and privacy; `.frame` are the rows.

    `pairs` is 1 − the mean difference of the columns' associations, `worst_pair` the pair that
    differs most. `auc` is of a classifier that tells made-up from real rows, 0.5 by luck.
    `closer` is the share of made-up rows that are nearer to a row learned from than to one that
    was held out, of as many: 0.5 gives nothing away. `copies` is the share that equals a row
    learned from, `copies_held_out` the share of held-out real rows that do.
    """

    rows: tuple[ColumnQuality, ...]
    method: str
    n: int
    learned_from: int
    held_out: int
    seed: int
    pairs: float
    pairs_control: float
    worst_pair: tuple[str, str]
    worst_difference: float
    auc: float
    auc_low: float
    auc_high: float
    closer: float
    closer_low: float
    closer_high: float
    copies: float
    copies_held_out: float
    warnings: tuple[str, ...]
    left_out: tuple[str, ...]
    source: Source
    seconds: float
    kept: str = ""
    made: InitVar[Any] = None

    row_type: ClassVar[type] = ColumnQuality
    title: ClassVar[str] = "Synthetic rows"

    def __post_init__(self, made: Any) -> None:
        object.__setattr__(self, "_made", made)

    @property
    def frame(self) -> pd.DataFrame:
        """The rows that were made up."""
        found: pd.DataFrame = self._made  # type: ignore[attr-defined]
        return found

    @property
    def sentence(self) -> str:
        """Quality and privacy in a sentence."""
        mean = float(np.mean([row.similarity for row in self.rows]))
        return (
            f"{counted(self.n, 'row')} by {self.method} from {self.learned_from:,}: marginals "
            f"{mean:.3f}, pairs {self.pairs:.3f}, told from real ones with AUC {self.auc:.2f}; "
            f"{percent(self.closer)} ({percent(self.closer_low)} to {percent(self.closer_high)}) "
            f"nearer to the rows learned from than to others, {percent(self.copies)} copies."
        )

    def __str__(self) -> str:
        warned = "".join(f"\nWarning: {warning}" for warning in self.warnings)
        return f"{self.sentence}\n{super().__str__()}{warned}"


def compared(
    learned: pd.DataFrame,
    held_out: pd.DataFrame,
    made: pd.DataFrame,
    reference: Reference,
    *,
    seed: int,
) -> dict[str, Any]:
    """Quality and privacy of made-up rows, as fields of the result.

    Args:
        learned: real rows that were learned from.
        held_out: real rows that were not.
        made: rows that were made up.
        reference: what is known of the columns.
        seed: of what is drawn.
    """
    names = [name for name in map(str, made.columns) if name in reference.columns]
    parts = [_drawn(part[names], seed) for part in (learned, held_out, made)]
    coded = [Coded.of(part, reference) for part in parts]
    rows = tuple(_column(place, coded) for place in range(len(coded[0].names)))
    pairs, control, worst, difference = _pairs(coded)
    told = told_apart(parts[1], parts[2], reference, is_paired=False, seed=seed)
    closer, low, high, copies, control_copies = _privacy(coded)
    return {
        "rows": rows,
        "pairs": pairs,
        "pairs_control": control,
        "worst_pair": worst,
        "worst_difference": difference,
        "auc": told.auc,
        "auc_low": told.low,
        "auc_high": told.high,
        "closer": closer,
        "closer_low": low,
        "closer_high": high,
        "copies": copies,
        "copies_held_out": control_copies,
        "warnings": _warnings(
            rows, told.auc, low, copies, control_copies, (len(parts[1]), len(parts[2]))
        ),
    }


def _warnings(
    rows: tuple[ColumnQuality, ...],
    auc: float,
    low: float,
    copies: float,
    control: float,
    sizes: tuple[int, int],
) -> tuple[str, ...]:
    held, made = sizes
    found = []
    if low > 0.55:
        found.append(
            "The rows are nearer to those learned from than to others: they give them away."
        )
    if _is_more(copies, made, control, held):
        found.append(
            f"{percent(copies)} of the rows are copies; of real rows {percent(control)} would be."
        )
    if auc > 0.8:
        found.append(f"A classifier tells the rows from real ones (AUC {auc:.2f}).")
    found += [
        f"The values of {row.column!r} are not those of the data (similarity {row.similarity:.2f})."
        for row in rows
        if row.similarity < row.control - 0.1
    ]
    return tuple(found)


def _is_more(share: float, n: int, other: float, m: int) -> bool:
    """Whether a share is surely above another: their intervals are apart."""
    if not n or not m or not np.isfinite(share + other):
        return False
    return wilson(share * n, n).low > wilson(other * m, m).high


def _drawn(frame: pd.DataFrame, seed: int) -> pd.DataFrame:
    return frame if len(frame) <= _MOST else frame.sample(_MOST, random_state=seed)


def _column(place: int, coded: list[Coded]) -> ColumnQuality:
    learned, held, made = (part.matrix[:, place] for part in coded)
    facts = coded[0].facts[place]
    alike = _numbers_alike if facts.kind == "numeric" else _categories_alike
    return ColumnQuality(
        column=coded[0].names[place],
        kind=facts.kind,
        similarity=alike(learned, made),
        control=alike(learned, held),
        missing=float(np.isnan(learned).mean()),
        missing_made=float(np.isnan(made).mean()),
    )


def _numbers_alike(one: Floats, other: Floats) -> float:
    one, other = np.sort(one[~np.isnan(one)]), np.sort(other[~np.isnan(other)])
    if not len(one) or not len(other):
        return float(len(one) == len(other))
    both = np.concatenate([one, other])
    left = np.searchsorted(one, both, side="right") / len(one)
    right = np.searchsorted(other, both, side="right") / len(other)
    return 1 - float(np.abs(left - right).max())


def _categories_alike(one: Floats, other: Floats) -> float:
    size = int(np.nanmax(np.concatenate([one, other, [0.0]]))) + 2
    shares = [
        np.bincount(np.where(np.isnan(part), size - 1, part).astype(np.int64), minlength=size)
        / max(len(part), 1)
        for part in (one, other)
    ]
    return 1 - float(np.abs(shares[0] - shares[1]).sum()) / 2


def _pairs(coded: list[Coded]) -> tuple[float, float, tuple[str, str], float]:
    """How like the associations of columns are, and the pair in which they differ most."""
    tables = [_associations(part) for part in coded]
    names = coded[0].names
    if len(names) < 2:
        return 1.0, 1.0, ("", ""), 0.0
    upper = np.triu_indices(len(names), 1)
    difference = np.abs(tables[0] - tables[2])[upper]
    control = np.abs(tables[0] - tables[1])[upper]
    at = int(np.argmax(difference))
    worst = (names[int(upper[0][at])], names[int(upper[1][at])])
    return 1 - float(difference.mean()), 1 - float(control.mean()), worst, float(difference[at])


def _associations(of: Coded) -> Floats:
    """Cramér's V of every pair of columns, numbers in ten parts of their range of values."""
    columns = [_parts(of, place) for place in range(len(of.names))]
    found = np.eye(len(columns))
    for i, one in enumerate(columns):
        for j in range(i):
            found[i, j] = found[j, i] = _cramer(one, columns[j])
    return found


def _parts(of: Coded, place: int) -> npt.NDArray[np.int64]:
    values, facts = of.matrix[:, place], of.facts[place]
    if facts.kind == "numeric" and facts.quantiles is not None:
        edges = np.unique(np.quantile(facts.quantiles, np.linspace(0.1, 0.9, 9)))
        codes = np.searchsorted(edges, np.nan_to_num(values)) + 1
    else:
        codes = np.minimum(np.nan_to_num(values), 20) + 1
    return np.where(np.isnan(values), 0, codes).astype(np.int64)


def _cramer(one: npt.NDArray[np.int64], other: npt.NDArray[np.int64]) -> float:
    """Cramér's V, corrected for the size of the sample (Bergsma 2013)."""
    table = np.zeros((one.max() + 1, other.max() + 1))
    np.add.at(table, (one, other), 1)
    table = table[table.sum(1) > 0][:, table.sum(0) > 0]
    n, (r, k) = table.sum(), table.shape
    expected = np.outer(table.sum(1), table.sum(0)) / n
    phi = float(((table - expected) ** 2 / expected).sum()) / n
    phi = max(phi - (k - 1) * (r - 1) / max(n - 1, 1), 0.0)
    rows, columns = r - (r - 1) ** 2 / max(n - 1, 1), k - (k - 1) ** 2 / max(n - 1, 1)
    least = min(rows, columns) - 1
    return float(np.sqrt(phi / least)) if least > 1e-9 else 0.0


def _privacy(coded: list[Coded]) -> tuple[float, float, float, float, float]:
    """Share of made-up rows nearer to rows learned from than to as many held-out ones; copies."""
    from sklearn.neighbors import NearestNeighbors

    learned, held, made = _spaces(coded)
    size = min(len(learned), len(held))
    if size < 10 or not len(made):
        return np.nan, np.nan, np.nan, np.nan, np.nan
    all_learned, learned, held = learned, learned[:size], held[:size]
    nearest = [
        NearestNeighbors(n_neighbors=1).fit(part).kneighbors(made)[0][:, 0]
        for part in (learned, held)
    ]
    tie = np.isclose(nearest[0], nearest[1])
    closer = (nearest[0] < nearest[1]) & ~tie
    count = float(closer.sum() + tie.sum() / 2)
    interval = wilson(count, len(made))
    known = {row.tobytes() for row in np.round(all_learned, 9)}
    copies = [
        float(np.mean([row.tobytes() in known for row in np.round(part, 9)]))
        for part in (made, held)
    ]
    return count / len(made), interval.low, interval.high, copies[0], copies[1]


def _spaces(coded: list[Coded]) -> list[Floats]:
    """Rows as points: numbers by their rank in the data, categories as one axis each."""
    facts = coded[0].facts
    parts: list[list[Floats]] = [[], [], []]
    for place, fact in enumerate(facts):
        for number, part in enumerate(coded):
            values = part.matrix[:, place]
            if fact.kind == "numeric":
                grid = fact.quantiles if fact.quantiles is not None else np.array([0.0, 1.0])
                rank = np.interp(np.nan_to_num(values), grid, np.linspace(0, 1, len(grid)))
                parts[number].append(np.where(np.isnan(values), -0.5, rank)[:, None])
            else:
                codes = np.where(np.isnan(values), -1, np.minimum(values, 30))
                axes = np.arange(-1, min(len(fact.values), 31))
                parts[number].append((codes[:, None] == axes[None, :]) * np.sqrt(0.5))
    return [np.column_stack(columns).astype(np.float64) for columns in parts]
