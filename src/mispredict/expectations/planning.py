"""What a check needs to be predicted before it can be judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from mispredict.models.copies import Asked


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """Rows to be predicted, and what the kind has to remember until they are.

    `frame` holds inputs as the model takes them, or copies of the evaluation's rows; None where
    nothing is to be asked. `work` is the kind's own.
    """

    frame: Asked | None = None
    work: Any = None
    seed: int = 0

    @property
    def n(self) -> int:
        return 0 if self.frame is None else len(self.frame)


def united(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """The frames one below the other, which have the same columns and types."""
    import pandas as pd

    if len(frames) == 1:
        return frames[0].reset_index(drop=True)
    return pd.concat(frames, ignore_index=True)
