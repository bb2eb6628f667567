"""The registry of kinds of checks, filled with those that come with mispredict."""

from __future__ import annotations

from mispredict.checks.check import KINDS, Check, Kind, check_kind
from mispredict.checks.kinds import metric as _metric  # noqa: F401 - registers its kind

__all__ = ["KINDS", "Check", "Kind", "check_kind"]
