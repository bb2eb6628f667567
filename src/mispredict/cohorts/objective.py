"""What a slice search looks for: an error of each row, not negative, NaN where undefined."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from mispredict.core.errors import BadOption
from mispredict.core.options import text

if TYPE_CHECKING:
    from mispredict.engine.table import Table

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Objective:
    """Errors of all rows and the words for them.

    `values` minus `shift` is what is reported: a search needs errors that are not negative.
    `is_rate` says that they are 0 or 1; `noun` names their mean, `verb` says it of rows.
    """

    name: str
    values: Floats
    noun: str
    verb: str
    is_rate: bool
    shift: float = 0.0


def objective(table: Table, name: str | None = None) -> Objective:
    """The objective of a name; None takes the error, or the loss where there are no classes.

    Names: `error`; `loss`; `false_positive[class]` (of the rows without the class, those taken
    for it) and `false_negative[class]` (of the rows with the class, those missed);
    `overconfidence` (confidence minus correctness: the calibration gap); `overprediction` and
    `underprediction` (the positive part of prediction - label, or of label - prediction).

    Raises:
        BadOption: there is no such objective, or the task does not have it.
    """
    given = _default(table) if name is None else text("objective", name, hint="objective='loss'")
    kind, bracket, argument = given.partition("[")
    makers = {
        "error": _error,
        "loss": _loss,
        "overconfidence": _overconfidence,
        "overprediction": _overprediction,
        "underprediction": _underprediction,
    }
    if kind in ("false_positive", "false_negative") and argument.endswith("]") == bool(bracket):
        return _missed(table, kind, argument.removesuffix("]"))
    if kind not in makers or bracket:
        choices = [*makers, "false_positive[class]", "false_negative[class]"]
        raise BadOption.choice("objective", given, choices)
    return makers[kind](table)


def _default(table: Table) -> str:
    return "error" if "correct" in table.fields.reserved else "loss"


def _error(table: Table) -> Objective:
    values = 1 - _column(table, "correct", "error")
    return Objective("error", values, "error rate", "wrong", is_rate=True)


def _loss(table: Table) -> Objective:
    values = _column(table, "loss", "loss")
    least = float(np.nanmin(values)) if np.isfinite(values).any() else 0.0
    shift = max(0.0, -least)
    return Objective("loss", values + shift, "mean loss", "loss", is_rate=False, shift=shift)


def _missed(table: Table, kind: str, name: str) -> Objective:
    if not table.task.is_classification:
        raise BadOption(
            f"a {table.task.kind} evaluation has no {kind}.",
            known="It has no classes to be taken for one another.",
            hint="objective='loss'",
        )
    given = name or (str(table.task.positive) if table.task.positive is not None else "")
    names = [str(item) for item in table.task.classes]
    if given not in names:
        raise BadOption.choice("objective", f"{kind}[{name}]", [f"{kind}[{n}]" for n in names])
    index = names.index(given)
    truth, guess = table.class_codes("label"), table.class_codes("prediction")
    if kind == "false_negative":
        values = np.where(truth == index, (guess != index).astype(float), np.nan)
        verb = f"missed {given!r}"
    else:
        values = np.where((truth >= 0) & (truth != index), (guess == index).astype(float), np.nan)
        verb = f"taken for {given!r}"
    noun = f"{kind.replace('_', '-')} rate of {given!r}"
    return Objective(f"{kind}[{given}]", values, noun, verb, is_rate=True)


def _overconfidence(table: Table) -> Objective:
    gap = _column(table, "confidence", "overconfidence") - table.values("correct")
    return Objective("overconfidence", gap + 1, "over-confidence", "too sure", False, shift=1.0)


def _overprediction(table: Table) -> Objective:
    values = np.maximum(-_column(table, "residual", "overprediction"), 0)
    return Objective("overprediction", values, "mean over-prediction", "too high", is_rate=False)


def _underprediction(table: Table) -> Objective:
    values = np.maximum(_column(table, "residual", "underprediction"), 0)
    return Objective("underprediction", values, "mean under-prediction", "too low", is_rate=False)


def _column(table: Table, name: str, objective_name: str) -> Floats:
    if name not in table.fields.reserved:
        hint = f"objective={_default(table)!r}"
        if name == "confidence" and table.task.is_classification:
            hint = f"predictions with probabilities, or {hint}"
        raise BadOption(
            f"objective={objective_name!r} needs the column {name!r}.",
            known=f"This {table.task.kind} evaluation has {', '.join(table.fields.reserved)}.",
            hint=hint,
        )
    return table.values(name)
