"""Clusters in numbers and words: how often they are wrong, and what is in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from mispredict.cohorts.association import Groups, adjusted, mean_intervals, p_values
from mispredict.cohorts.tokens import TokenIndex, index_tokens
from mispredict.cohorts.words import WordCohort, telling_words, word_cohort
from mispredict.core.predicate import ColumnRef, equals
from mispredict.core.schema import ColumnType
from mispredict.core.words import counted

if TYPE_CHECKING:
    from mispredict.engine.table import Table

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

COLUMN = "cluster"


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster where the model does worse than elsewhere.

    `n`, `share`, `errors` and `share_of_errors` count all rows that were looked at. `rate` (share
    of wrong rows, or mean loss) with `low` and `high`, and `rest`, the rate elsewhere, are
    measured on rows that it was not found on, `confirmed_n` of them inside, and so is
    `p_adjusted`, corrected for all clusters. `where` needs the column `cluster`; `words_where` is
    a cohort of texts that is nearly the same: `words_precision` of its rows are in the cluster,
    of which it has `words_recall`.
    `examples` are numbers of typical wrong rows.
    """

    cluster: int
    words: str
    n: int
    share: float
    errors: float
    rate: float
    rest: float
    low: float
    high: float
    confirmed_n: int
    p_adjusted: float
    share_of_errors: float
    error_class: str
    error_class_share: float
    labels: str
    where: str
    words_where: str
    words_precision: float
    words_recall: float
    examples: tuple[int, ...]
    sentence: str


@dataclass(frozen=True)
class Found:
    """Rows with their values, the half they were found on, and their clusters from 0 on.

    `text` is the column of texts that clusters are described by, if there is one.
    """

    table: Table
    text: str | None
    rows: Ints
    values: Floats
    half: Bools
    cluster: Ints
    density: Floats
    k: int

    @property
    def is_binary(self) -> bool:
        return bool(np.isin(self.values, (0.0, 1.0)).all())

    def sums(self, chosen: Bools) -> Groups:
        """Sums of the values of the chosen rows by cluster."""
        cluster, values = self.cluster[chosen], self.values[chosen]
        n, total, squares = (
            np.bincount(cluster, weights=part, minlength=self.k).astype(np.float64)
            for part in (np.ones(len(values)), values, values**2)
        )
        return Groups(
            n, total, squares, len(values), float(total.sum()), float(squares.sum()),
            self.is_binary,
        )  # fmt: skip


def describe(found: Found, significance: float) -> tuple[Cluster, ...]:
    held, whole = found.sums(~found.half), found.sums(np.ones(len(found.rows), dtype=bool))
    p = adjusted(p_values(held))
    low, high = mean_intervals(held)
    with np.errstate(invalid="ignore"):
        worse = np.flatnonzero((p < significance) & (held.mean > held.rest))
    excess = (held.mean - held.rest) * held.n
    order = worse[np.argsort(-excess[worse], kind="stable")]
    index = _index(found) if len(order) else None
    return tuple(
        _cluster(found, int(k), held, whole, (low[k], high[k], p[k]), index) for k in order
    )


def _cluster(
    found: Found,
    k: int,
    held: Groups,
    whole: Groups,
    bounds: tuple[float, float, float],
    index: TokenIndex | None,
) -> Cluster:
    inside = found.cluster == k
    described = _words_of(found, inside, index)
    error_class, error_class_share = _error_class(found, inside)
    words = described[0]
    wrong = np.flatnonzero(inside & is_bad(found.values))
    typical = wrong[np.argsort(-found.density[wrong], kind="stable")[:3]]
    cohort = described[1]
    return Cluster(
        cluster=k + 1,
        words=", ".join(words),
        n=int(whole.n[k]),
        share=float(whole.n[k] / whole.all_n),
        errors=float(whole.total[k]),
        rate=float(held.mean[k]),
        rest=float(held.rest[k]),
        low=float(bounds[0]),
        high=float(bounds[1]),
        confirmed_n=int(held.n[k]),
        p_adjusted=float(bounds[2]),
        share_of_errors=float(whole.total[k] / whole.all_total),
        error_class=error_class,
        error_class_share=error_class_share,
        labels=_labels(found, inside),
        where=equals(COLUMN, k + 1).text,
        words_where=cohort.where.text if cohort and cohort.where else "",
        words_precision=cohort.precision if cohort else np.nan,
        words_recall=cohort.recall if cohort else np.nan,
        examples=tuple(int(row) for row in found.rows[typical]),
        sentence=_sentence(found, k, words, whole, held, error_class),
    )


def _index(found: Found) -> TokenIndex | None:
    import pyarrow as pa

    if found.text is None or found.table.fields.columns[found.text] is not ColumnType.TEXT:
        return None
    texts = found.table.column(found.text, True).take(pa.array(found.rows))
    return index_tokens(texts, min_rows=5)


def _words_of(
    found: Found, inside: Bools, index: TokenIndex | None
) -> tuple[tuple[str, ...], WordCohort | None]:
    if index is None or found.text is None:
        return (), None
    ref = ColumnRef(found.text, found.text in found.table.fields.reserved)
    return telling_words(index, inside), word_cohort(index, ref, inside, searched=found.half)


def _error_class(found: Found, inside: Bools) -> tuple[str, float]:
    """The most frequent error of the cluster, and its share of the cluster's errors."""
    wrong = inside & (found.values > 0)
    if "error_class" not in found.table.fields.reserved or not wrong.any():
        return "", np.nan
    names = found.table.column("error_class").take(_arrow(found.rows[wrong])).to_pylist()
    name, count = next(_frequent(names), ("", 0))
    return name, count / len(names)


def _labels(found: Found, inside: Bools, most: int = 3) -> str:
    """The cluster's most frequent labels with their shares."""
    if not found.table.task.is_classification:
        return ""
    codes = found.table.class_codes("label")[found.rows[inside]]
    names = [str(found.table.task.classes[code]) for code in codes.tolist() if code >= 0]
    top = list(_frequent(names))[:most]
    return ", ".join(f"{name} ({100 * count / len(names):.0f} %)" for name, count in top)


def _frequent(names: Sequence[str | None]) -> Iterator[tuple[str, int]]:
    from collections import Counter

    counts = Counter(name for name in names if name is not None)
    yield from sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _arrow(rows: Ints) -> Any:
    import pyarrow as pa

    return pa.array(rows)


def _sentence(
    found: Found,
    k: int,
    words: Sequence[str],
    whole: Groups,
    held: Groups,
    error_class: str,
) -> str:
    about = f" with words such as {', '.join(words[:5])}" if words else ""
    n, mean, rest = int(whole.n[k]), float(held.mean[k]), float(held.rest[k])
    start = f"{counted(n, 'row')}{about} (cluster {k + 1}): "
    on = f"{int(held.n[k]):,} held-out rows"
    if not found.is_binary:
        return f"{start}mean loss {mean:.4g} on {on}, elsewhere {rest:.4g}."
    mostly = f", mostly {error_class}" if error_class else ""
    return f"{start}{100 * mean:.1f} % of {on} are wrong{mostly}, elsewhere {100 * rest:.1f} %."


def is_bad(values: Floats) -> Bools:
    """Wrong rows, or those of the highest losses."""
    is_binary = bool(np.isin(values, (0.0, 1.0)).all())
    bad: Bools = values > (0 if is_binary else np.quantile(values, 0.8))
    return bad
