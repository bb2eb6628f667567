"""The registry of kinds of checks, filled with those that come with mispredict."""

from __future__ import annotations

from mispredict.checks.check import KINDS, Check, Kind, check_kind
from mispredict.checks.kinds import (  # noqa: F401 - they register their kinds
    augmentation as _augmentation,
)
from mispredict.checks.kinds import confidence as _confidence  # noqa: F401
from mispredict.checks.kinds import metric as _metric  # noqa: F401

__all__ = ["KINDS", "Check", "Kind", "check_kind"]
