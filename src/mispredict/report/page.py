"""What the templates are given: the overview, its charts, and how values are written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mispredict.report import wording

if TYPE_CHECKING:
    from mispredict.report.overview import Overview


def context(view: Overview) -> dict[str, Any]:
    """The names that the templates use."""
    return {"view": view, "w": wording}
