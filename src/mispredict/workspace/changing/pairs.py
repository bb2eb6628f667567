"""Which rows of two evaluations are the same example."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from mispredict.workspace.dataset import Dataset
    from mispredict.workspace.evaluation import Evaluation

Bools = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.int64]
APART = "The datasets are different ones, so their rows are taken to be too."


@dataclass(frozen=True, eq=False)
class Pairing:
    """Rows before and after, and which belong together.

    `partners` has for each row of a side its number on the other one, -1 for none; `alike` says
    whether its inputs are the same there too. `words` tells how they were found.
    """

    partners: tuple[Numbers, Numbers]
    alike: tuple[Bools, Bools]
    is_same: bool
    words: str

    @cached_property
    def units(self) -> tuple[Numbers, Numbers]:
        """A number for each row; rows that belong together have the same one."""
        first = np.arange(len(self.partners[0]), dtype=np.int64)
        own = len(first) + np.arange(len(self.partners[1]), dtype=np.int64)
        return first, np.where(self.partners[1] >= 0, self.partners[1], own)

    @property
    def paired(self) -> int:
        """How many rows are on both sides."""
        return int((self.partners[0] >= 0).sum())

    def has_other_rows(self, masks: Sequence[Bools]) -> bool:
        """Whether any row that is looked at is not there, as it is, on the other side."""
        return any(not self.shared(side, masks)[masks[side]].all() for side in (0, 1))

    def shared(self, side: int, masks: Sequence[Bools]) -> Bools:
        """Rows of a side that are looked at on the other one too, with the same inputs."""
        partner = self.partners[side]
        is_there = np.where(partner >= 0, masks[1 - side][partner], False)
        return np.asarray(is_there & self.alike[side], dtype=bool)

    def added(self, masks: Sequence[Bools]) -> int:
        """Rows after that were not there before."""
        return int((masks[1] & ~self.shared(1, masks)).sum())

    def removed(self, masks: Sequence[Bools]) -> int:
        """Rows before that are not there any more."""
        return int((masks[0] & ~self.shared(0, masks)).sum())


def pair(before: Evaluation, after: Evaluation) -> Pairing:
    """Rows that belong together: by their id, or else by their inputs.

    Two datasets of different names are taken to be of different rows, unless they have an id of
    the same name and rows with the same id and inputs.
    """
    first, second = before.dataset, after.dataset
    if first.ref == second.ref:
        rows = np.arange(first.n, dtype=np.int64)
        same = np.ones(first.n, dtype=bool)
        return Pairing((rows, rows), (same, same), True, "Both stand on the same rows.")
    by_id = bool(first.id and first.id == second.id)
    is_other = first.name != second.name
    if is_other and not by_id:
        return _apart(first, second, APART)
    content = [_content(item, first, second) for item in (first, second)]
    if by_id:
        partners = _matched(_keys(first), _keys(second))
        words = f"Rows belong together by {first.id}."
    else:
        partners = _matched(*(_counted(item) for item in content))
        words = "Rows have no id, so they belong together where their inputs are the same."
    alike = tuple(_alike(content[side], content[1 - side], partners[side]) for side in (0, 1))
    if is_other:
        if not alike[0].any():
            return _apart(first, second, APART)
        kept = [np.where(same, own, -1) for same, own in zip(alike, partners, strict=True)]
        partners = (kept[0], kept[1])
    return Pairing(partners, (alike[0], alike[1]), False, words)


def _apart(first: Dataset, second: Dataset, words: str) -> Pairing:
    none = [np.full(item.n, -1, dtype=np.int64) for item in (first, second)]
    nowhere = [np.zeros(item.n, dtype=bool) for item in (first, second)]
    return Pairing((none[0], none[1]), (nowhere[0], nowhere[1]), False, words)


def _keys(of: Dataset) -> Any:
    return of.column(of.id or "").to_pandas().to_numpy()


def _content(of: Dataset, first: Dataset, second: Dataset) -> npt.NDArray[np.uint64]:
    """A hash of what a model is given of each row, over the columns that both have."""
    import pandas as pd

    shared = [name for name in first.inputs if name in second.inputs]
    if not shared:
        return np.zeros(of.n, dtype=np.uint64)
    frame = of.to_frame(shared)
    for name in frame.columns:
        if frame[name].dtype == object:
            frame[name] = frame[name].map(str)
        elif frame[name].dtype.kind in "iuf":
            frame[name] = frame[name].astype(np.float64)
    hashed: npt.NDArray[np.uint64] = pd.util.hash_pandas_object(frame, index=False).to_numpy()
    return hashed


def _counted(content: npt.NDArray[np.uint64]) -> Any:
    """The hashes with a number for rows that are there several times."""
    import pandas as pd

    series = pd.Series(content)
    times = series.groupby(series).cumcount().to_numpy()
    return pd.MultiIndex.from_arrays([content, times])


def _matched(first: Any, second: Any) -> tuple[Numbers, Numbers]:
    import pandas as pd

    indexes = [
        item if isinstance(item, pd.MultiIndex) else pd.Index(item) for item in (first, second)
    ]
    return (
        np.asarray(indexes[1].get_indexer(indexes[0]), dtype=np.int64),
        np.asarray(indexes[0].get_indexer(indexes[1]), dtype=np.int64),
    )


def _alike(own: Any, other: Any, partner: Numbers) -> Bools:
    return np.asarray((partner >= 0) & (own == other[partner]), dtype=bool)
