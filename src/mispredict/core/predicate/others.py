"""What another model made of the same rows: `correct('gbm@1')`, `p('Exited', 'gbm@1')`.

Such a column is called as it is written. A name of this form is reserved wherever the other
model has an evaluation of the same dataset version; `Reserved` knows of it when it is asked,
and does not list it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from mispredict.core.errors import InputError
from mispredict.core.schema import ColumnType

# Columns that a model gives each row.
OF_MODELS: Final = (
    "prediction",
    "correct",
    "confidence",
    "margin",
    "entropy",
    "residual",
    "loss",
    "score",
    "error_class",
)
# Columns that are made of such ones, beside p_… and shap_…
_MADE_OF_THEM: Final = (
    "cluster",
    "label_error",
    "suggested_label",
    "noise_spread",
    "noise_flips",
    "set_size",
    "in_set",
)
_OTHER = re.compile(r"(?P<column>.+)\('(?P<model>[^'()]+)'\)", re.DOTALL)

# Of a model's name: its ref, and the columns that its evaluation of the same rows has.
Others = Callable[[str], tuple[str, Mapping[str, ColumnType]]]


def is_of_model(column: str) -> bool:
    """Whether a reserved column is another one for another model, so that its cohorts are too.

    Example:
        >>> is_of_model("confidence"), is_of_model("p_yes"), is_of_model("label")
        (True, True, False)
        >>> is_of_model("correct('gbm@1')")
        False
    """
    if read_other(column) is not None:
        return False  # it names its model
    return column in (*OF_MODELS, *_MADE_OF_THEM) or column.startswith(("p_", "shap_"))


def other_name(column: str, model: str) -> str:
    """The name of another model's column.

    Example:
        >>> other_name("correct", "gbm@1")
        "correct('gbm@1')"
    """
    return f"{column}('{model}')"


def read_other(name: str) -> tuple[str, str] | None:
    """Column and model of such a name; None for other names."""
    if not name.endswith("')"):
        return None
    found = _OTHER.fullmatch(name)
    if found is None:
        return None
    column = found["column"]
    is_known = column in OF_MODELS or column.startswith("p_")
    return (column, found["model"]) if is_known else None


class Reserved(dict[str, ColumnType]):
    """Reserved columns by name, and those of other models when they are asked for."""

    def __init__(self, own: Mapping[str, ColumnType], others: Others) -> None:
        super().__init__(own)
        self.others = others

    def __contains__(self, name: object) -> bool:
        if super().__contains__(name):
            return True
        if not isinstance(name, str) or read_other(name) is None:
            return False
        try:
            self[name]
        except (InputError, KeyError):
            return False
        return True

    def __missing__(self, name: str) -> ColumnType:
        found = read_other(name)
        if found is None:
            raise KeyError(name)
        return self.others(found[1])[1][found[0]]

    def exact(self, name: str) -> str:
        """The name of another model's column with the model's version.

        Raises:
            InputError: the model has no evaluation of these rows, or it lacks the column.
        """
        found = read_other(name)
        if found is None or super().__contains__(name):
            return name
        return other_name(found[0], self.others(found[1])[0])
