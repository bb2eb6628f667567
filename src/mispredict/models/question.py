"""Rows that a model is asked about, in whatever form they are held."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from mispredict.models.caching import Keys, row_keys, schema_key

if TYPE_CHECKING:
    import pandas as pd

Positions = npt.NDArray[np.int64]


@runtime_checkable
class Rows(Protocol):
    """Rows as a model knows them, one column per input."""

    def __len__(self) -> int: ...

    @property
    def form(self) -> str:
        """Hash of the names and types of the columns."""

    def keys(self) -> Keys:
        """Hashes of the rows."""

    def frame(self, places: Positions) -> pd.DataFrame:
        """The rows at these places, numbered from 0; whoever gets them may write to them."""


class FrameRows:
    """The rows of a frame."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self._frame = frame

    def __len__(self) -> int:
        return len(self._frame)

    @cached_property
    def form(self) -> str:
        return schema_key(self._frame)

    def keys(self) -> Keys:
        return row_keys(self._frame)

    def frame(self, places: Positions) -> pd.DataFrame:
        return self._frame.iloc[places].reset_index(drop=True)
