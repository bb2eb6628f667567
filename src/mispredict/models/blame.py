"""Errors of a model that name the batch and the row at fault."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from mispredict.core.errors import BadPredictions, MispredictError, ModelError
from mispredict.models.protocol import Answer, RowsRefused

if TYPE_CHECKING:
    import pandas as pd

MOST_SECONDS = 10.0  # spent on finding the row
SHOWN_COLUMNS, SHOWN_LETTERS = 4, 40
_HINT = "call the model with these rows yourself, to see what it does"


@dataclass(frozen=True, slots=True)
class Place:
    """A batch of a model's run; `rows` are the numbers of its rows in the frame."""

    model: str
    batch: int
    rows: npt.NDArray[np.int64]

    def __str__(self) -> str:
        low, high = int(self.rows.min()), int(self.rows.max())
        if len(self.rows) == high - low + 1:
            return f"batch {self.batch} (rows {low:,}–{high:,})"
        return f"batch {self.batch} ({len(self.rows):,} of the rows {low:,}–{high:,})"


def nonsense(model: str, where: str, error: BadPredictions) -> ModelError:
    """Error for an answer that cannot be used."""
    return ModelError(
        f"model {model!r} answered nonsense{where}: {error.problem}",
        known=error.known,
        hint=error.hint or _HINT,
    )


def raised(
    place: Place,
    batch: pd.DataFrame,
    error: BaseException,
    call: Callable[[pd.DataFrame], Answer],
    heed_cancel: Callable[[], None],
) -> MispredictError:
    """Error for a model that raised; names the first row at fault where that is cheap to find.

    The batch is halved, which costs about as much as predicting it twice, and ends after
    `MOST_SECONDS`. An error of ours is not about a row (a server that is away, a column that
    is missing) and only gets the place.
    """
    if isinstance(error, MispredictError) and not isinstance(error, RowsRefused):
        return type(error)(
            f"{error.problem.rstrip('.')}, in {place}.", known=error.known, hint=error.hint
        )
    said = error.problem if isinstance(error, RowsRefused) else words_of(error)
    found = _search(batch, call, heed_cancel)
    return ModelError(
        f"model {place.model!r} raised in {place}: {said}",
        known=_finding(place, batch, found),
        hint=(isinstance(error, RowsRefused) and error.hint) or _HINT,
    )


def words_of(error: BaseException) -> str:
    """The error's class and what it says, of any error."""
    try:
        text = str(error).strip()
    except Exception:  # noqa: BLE001 - an error of a stranger, which cannot even say itself
        text = ""
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


@dataclass(frozen=True, slots=True)
class _Found:
    row: int | None = None  # position in the batch
    fails_always: bool = False


def _search(
    batch: pd.DataFrame,
    call: Callable[[pd.DataFrame], Answer],
    heed_cancel: Callable[[], None],
) -> _Found:
    deadline = time.monotonic() + MOST_SECONDS
    low, high, has_worked = 0, len(batch), False
    while high - low > 1:
        heed_cancel()
        if time.monotonic() > deadline:
            return _Found()
        middle = (low + high) // 2
        if _fails(batch.iloc[low:middle], call):
            high = middle
        else:
            low, has_worked = middle, True
    if not has_worked and len(batch) > 1 and _fails(batch.iloc[-1:], call):
        return _Found(fails_always=True)
    return _Found(low) if _fails(batch.iloc[low:high], call) else _Found()


def _fails(rows: pd.DataFrame, call: Callable[[pd.DataFrame], Answer]) -> bool:
    try:
        call(rows.reset_index(drop=True))
    except KeyboardInterrupt:
        raise
    except BaseException:  # noqa: BLE001 - whatever a model raises is what is looked for
        return True
    return False


def _finding(place: Place, batch: pd.DataFrame, found: _Found) -> str:
    if found.fails_always:
        return "It fails for the first and the last row alone too: not because of one row."
    if found.row is None:
        return "No single row was found that makes it fail alone."
    inputs = [_shown(name, batch.iloc[found.row, at]) for at, name in enumerate(batch.columns)]
    more = ", …" if len(inputs) > SHOWN_COLUMNS else ""
    number = int(place.rows[found.row])
    return f"The first row that fails is {number:,}: {', '.join(inputs[:SHOWN_COLUMNS])}{more}."


def _shown(name: object, value: object) -> str:
    text = repr(value.item() if isinstance(value, np.generic) else value)
    return f"{name}={text if len(text) <= SHOWN_LETTERS else text[: SHOWN_LETTERS - 1] + '…'}"
