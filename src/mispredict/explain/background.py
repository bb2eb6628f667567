"""The rows against which a feature counts as unknown."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from mispredict.core.ids import hash_bytes

if TYPE_CHECKING:
    import pandas as pd

ROWS = 100  # drawn by default; more make sampled attributions no better for a long time


@dataclass(frozen=True, eq=False)
class Background:
    """Rows as the model is given them, and where they come from.

    `is_given` says that somebody chose them: trees then use them instead of the training rows'
    shares that they hold themselves.
    """

    frame: pd.DataFrame
    origin: str
    seed: int = 0
    is_given: bool = False

    def __len__(self) -> int:
        return len(self.frame)

    @cached_property
    def hash(self) -> str:
        """Hash of the rows' content, in their order."""
        from mispredict.models.caching import row_keys, schema_key

        keys = np.ascontiguousarray(row_keys(self.frame)).tobytes()
        return hash_bytes(keys + schema_key(self.frame).encode())[:16]

    def facts(self) -> dict[str, Any]:
        """JSON value that says which rows they are."""
        return {"origin": self.origin, "rows": len(self), "seed": self.seed, "hash": self.hash}
