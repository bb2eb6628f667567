"""How unusual each row is among the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from mispredict.core.errors import BadOption

if TYPE_CHECKING:
    from mispredict.engine.table import Table


def outlier_scores(table: Table) -> npt.NDArray[np.float64]:
    """Histogram-based outlier score of each row; larger is more unusual.

    The sum over the input columns of -ln of the share of rows that have the same code (HBOS,
    Goldstein & Dengel 2012): linear in rows and columns, and explained column by column.
    Numbers in quantile bins all look alike, so for them the density of the bin counts: its
    share divided by its width.

    Raises:
        BadOption: the dataset has no column with codes, only text or media.
    """
    scores = np.zeros(table.n)
    used = 0
    for name in table.fields.columns:
        coded = table.find_coded(name, True)
        if coded is None or coded.book.size < 3:
            continue
        counts = np.bincount(coded.codes, minlength=coded.book.size).astype(np.float64)
        density = counts / counts.sum()
        if coded.book.kind == "bins":
            density[1:] /= _widths(coded.book.edges().astype(np.float64))
        with np.errstate(divide="ignore"):
            surprise = -np.log(density)
        surprise -= surprise[np.isfinite(surprise)].min()
        surprise[~np.isfinite(surprise)] = 0
        scores += surprise[coded.codes]
        used += 1
    if not used:
        raise BadOption(
            "there is no column to find outliers in.",
            known="Outliers are found in numeric, categorical, boolean and datetime columns.",
        )
    return scores


def _widths(edges: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Widths of the bins relative to the whole, infinite ends cut at their neighbours."""
    finite = edges.copy()
    finite[~np.isfinite(finite)] = np.nan
    widths = np.diff(finite)
    typical = np.nanmedian(widths) if np.isfinite(widths).any() else 1.0
    widths = np.where(np.isfinite(widths) & (widths > 0), widths, typical)
    result: npt.NDArray[np.float64] = widths / widths.sum()
    return result
