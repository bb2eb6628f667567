"""Decisions about labels: kept in versions beside the dataset, which stays as it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mispredict.workspace.evaluation import Evaluation


def decided_codes(of: Evaluation) -> Mapping[int, tuple[str, int]]:
    """What was decided of each row: the word, and the class that was chosen, else -1."""
    return {}
