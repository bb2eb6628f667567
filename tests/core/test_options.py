"""Arguments out of their range: the error says exactly what the range is."""

from __future__ import annotations

from typing import Any

import pytest

from mispredict.core.errors import BadOption
from mispredict.core.options import number


@pytest.mark.parametrize(
    ("given", "bounds", "said"),
    [
        (0, {"low": 0, "high": 1, "is_above": True}, "above 0, up to 1."),
        (2, {"low": 0, "high": 1}, "from 0 to 1."),
        (0, {"low": 0, "is_above": True}, "above 0."),
        (-1, {"low": 0}, "from 0 up."),
    ],
    ids=["open below", "closed", "open and endless", "closed and endless"],
)
def test_a_range_is_told_with_its_ends(given: float, bounds: dict[str, Any], said: str) -> None:
    with pytest.raises(BadOption) as caught:
        number("near", given, **bounds)
    assert caught.value.known == f"near is a finite number {said}"
