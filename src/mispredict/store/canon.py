"""JSON as the catalog keeps it: canonical, and nothing that JSON cannot say."""

from __future__ import annotations

import json
import math
from typing import Any

from mispredict.core.errors import BadOption


def canonical(value: Any) -> str:
    """Canonical text: sorted keys, no spaces, ASCII only (which every database can keep)."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def as_json(value: Any, place: str) -> Any:
    """The value as it reads after a way through JSON; tuples become lists.

    Raises:
        BadOption: it holds something that JSON cannot say, whose place is named.
    """
    if isinstance(value, dict) or hasattr(value, "keys"):
        return {str(key): as_json(value[key], f"{place}[{key!r}]") for key in value}
    if isinstance(value, (list, tuple)):
        return [as_json(item, f"{place}[{i}]") for i, item in enumerate(value)]
    is_number = isinstance(value, float) and math.isfinite(value)
    if value is None or is_number or isinstance(value, (str, bool, int)):
        return value
    raise BadOption(
        f"{place} is {value!r:.80}, which JSON cannot say.",
        known="A spec holds text, finite numbers, true, false, null, lists and dictionaries.",
        hint="mispredict.core.results.plain(value)",
    )
