"""Tables as CSV that a spreadsheet shows, and does not compute."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

# What makes a cell a formula, unless it is a number; spreadsheets skip blanks before it.
_FORMULA = re.compile(r"\s*[=+\-@\t\r＝＋－＠]")
_NUMBERS = "biufcmM"  # kinds of columns that hold no text
_NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*")


def as_csv(frame: pd.DataFrame) -> str:
    """The rows as CSV; text that a spreadsheet would take for a formula has an apostrophe before.

    Numbers stay as they are. Text is another one by that apostrophe, so who reads the rows by a
    program takes Parquet or JSON Lines.

    Example:
        >>> import pandas as pd
        >>> print(as_csv(pd.DataFrame({"said": ["=1+1", "-5", "fine"]})).split())
        ['said', "'=1+1", '-5', 'fine']
    """
    shown = frame.rename(columns=_cell)
    for place in range(frame.shape[1]):
        column = frame.iloc[:, place]
        if column.dtype.kind not in _NUMBERS:
            shown.isetitem(place, column.astype(object).map(_cell))
    text: str = shown.to_csv(index=False, lineterminator="\r\n")  # quotes both of them
    return text


def _cell(value: Any) -> Any:
    if not isinstance(value, str) or not _FORMULA.match(value) or _NUMBER.fullmatch(value):
        return value
    return f"'{value}"
