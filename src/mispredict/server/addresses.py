"""Addresses of screens: the state of what people see, as a path and its parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from mispredict.core.errors import BadOption

if TYPE_CHECKING:
    from mispredict.core.predicate import Predicate
    from mispredict.workspace import Evaluation

SCREENS = ("overview", "explore", "slices", "priorities")
_ROW = "row/"


def path_of(
    evaluation: Evaluation, screen: str = "overview", where: str | Predicate | None = None
) -> str:
    """The path of a screen of an evaluation, such as `/e/gbm@1/churn@1/explore?where=…`.

    Args:
        evaluation: what the screen is about.
        screen: overview, explore, slices, priorities, or row/12.
        where: the cohort that it is about.

    Raises:
        BadOption: there is no such screen, or no such row.
        BadPredicate: the cohort cannot be parsed.
    """
    _check(evaluation, screen)
    parts = (quote(part, safe="@") for part in (evaluation.model, evaluation.dataset.ref))
    path = f"/e/{'/'.join(parts)}/{screen}"
    if where is None:
        return path
    text = evaluation.predicate(where).text
    return f"{path}?{urlencode({'where': text}, quote_via=quote)}"


def _check(evaluation: Evaluation, screen: str) -> None:
    row = screen.removeprefix(_ROW)
    if screen.startswith(_ROW) and row.isdecimal() and row.isascii():
        if int(row) >= evaluation.n:
            raise BadOption(
                f"screen={screen!r}: there is no such row.",
                known=f"Rows are numbered from 0 to {evaluation.n - 1:,}.",
                hint=f"screen='{_ROW}{evaluation.n - 1}'",
            )
    elif screen not in SCREENS:
        raise BadOption.choice("screen", screen, [*SCREENS, f"{_ROW}0"])
