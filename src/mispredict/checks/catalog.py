"""The registry of kinds of checks, filled with those that come with mispredict."""

from __future__ import annotations

from mispredict.checks.kinds import (
    adversarial,
    augmentation,
    calibration,
    confidence,
    directional,
    gap,
    latency,
    metric,
    regression,
    stability,
    template,
    unit,
)
from mispredict.expectations.check import KINDS, Check, Kind, check_kind

__all__ = ["KINDS", "Check", "Kind", "check_kind"]

# Importing them registered them.
_OURS = (
    adversarial,
    augmentation,
    calibration,
    confidence,
    directional,
    gap,
    latency,
    metric,
    regression,
    stability,
    template,
    unit,
)
