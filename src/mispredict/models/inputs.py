"""In which form a model takes its rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mispredict.core.errors import ModelError, UnknownColumn

if TYPE_CHECKING:
    import pandas as pd

FORMS = ("frame", "array", "records", "text")


@dataclass(frozen=True, slots=True)
class Feed:
    """The form in which rows are handed over.

    `frame` is a DataFrame, `array` its values, `records` a list of dictionaries, `text` the
    only text column as a list, `column` the column of that name as a list.
    """

    form: str = "frame"
    column: str = ""
    columns: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str, columns: Sequence[str] = ()) -> Feed:
        """Feed from a form's name, or else a column's (`column:frame` for one named so)."""
        if text in FORMS:
            return cls(text, columns=tuple(columns))
        return cls("column", text.removeprefix("column:"))

    def __str__(self) -> str:
        return self.column or self.form

    def take(self, batch: pd.DataFrame) -> Any:
        """The batch in this form."""
        if self.form == "column":
            return _values(batch, self.column)
        if self.form == "text":
            return _values(batch, only_text(batch))
        chosen = select(batch, self.columns) if self.columns else batch
        if self.form == "array":
            return chosen.to_numpy()
        return chosen.to_dict("records") if self.form == "records" else chosen


def select(batch: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """The batch with the model's columns, in the model's order."""
    if list(batch.columns) == list(columns):
        return batch
    for name in columns:
        if name not in batch.columns:
            raise UnknownColumn.among(
                name,
                batch.columns,
                where="the rows that the model is given",
                hint="give the model the columns it was fitted on",
            )
    return batch[list(columns)]


def only_text(batch: pd.DataFrame) -> str:
    """Name of the one column that holds text.

    Raises:
        ModelError: there is none, or more than one.
    """
    if batch.shape[1] == 1:
        return str(batch.columns[0])
    texts = [name for name in batch.columns if _is_text(batch[name])]
    if len(texts) == 1:
        return str(texts[0])
    found = ", ".join(repr(name) for name in texts) or "none"
    raise ModelError(
        "the model takes one text per row, but which column holds it is not clear.",
        known=f"Columns with text: {found}.",
        hint=f"input={texts[0] if texts else str(batch.columns[0])!r}",
    )


def _is_text(series: pd.Series[Any]) -> bool:
    from pandas.api import types

    return bool(types.is_string_dtype(series.dtype))


def _values(batch: pd.DataFrame, column: str) -> list[Any]:
    if column not in batch.columns:
        raise UnknownColumn.among(
            column, batch.columns, where="the rows that the model is given", hint="another input="
        )
    return list(batch[column].astype(object))
