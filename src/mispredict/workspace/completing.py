"""What an evaluation knows that may stand in a cohort."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mispredict.core.options import text as text_option
from mispredict.core.options import whole
from mispredict.core.predicate.completion import Completion, Suggestion
from mispredict.core.predicate.text import name_text

if TYPE_CHECKING:
    from mispredict.workspace.evaluation import Evaluation


def complete(of: Evaluation, text: str, cursor: int | None) -> Completion:
    """Suggestions for the place of the cursor (the end by default)."""
    import re

    text_option("text", text)
    cursor = len(text) if cursor is None else whole("cursor", cursor, 0, len(text))
    match = re.search(r"\w*$", text[:cursor])
    start = match.start() if match else cursor
    typed = text[start:cursor].casefold()
    found = [
        Suggestion(name_text(name), "column", of.table.kind(name).value)
        for name in of.fields.names
        if name.casefold().startswith(typed)
    ]
    return Completion(start, cursor, tuple(found))
