"""What may stand at a place of a half-typed cohort, as a result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from mispredict.core.results import Result


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A text that may stand there, what it is, and a detail such as a type or a count.

    `kind` is column, function, operator, value, keyword, tag, cohort or class.
    """

    text: str
    kind: str
    detail: str = ""


@dataclass(frozen=True)
class Completion(Result):
    """Suggestions, best first, to be put in place of the characters `start` to `end`."""

    start: int
    end: int
    items: tuple[Suggestion, ...]

    row_type: ClassVar[type] = Suggestion
    title: ClassVar[str] = "Completion"

    def _rows(self) -> tuple[Suggestion, ...]:
        return self.items
