"""Differences of shares and means of two sets of rows, with their intervals."""

from __future__ import annotations

import math

from mispredict.expectations.subject import Estimate
from mispredict.expectations.verdict import NAN


def share_difference(here: Estimate, there: Estimate) -> Estimate:
    """One share less another of other rows, its interval from those of both (Newcombe 1998)."""
    value = here.value - there.value
    low = value - math.hypot(here.value - here.low, there.high - there.value)
    high = value + math.hypot(here.high - here.value, there.value - there.low)
    return Estimate(value, max(low, -1.0), min(high, 1.0), here.n)


def mean_difference(here: tuple[float, float, int], there: tuple[float, float, int]) -> Estimate:
    """One mean less another of other rows; each is given as mean, standard deviation and n."""
    value = here[0] - there[0]
    if min(here[2], there[2]) < 2:
        return Estimate(value, NAN, NAN, here[2])
    error = math.sqrt(here[1] ** 2 / here[2] + there[1] ** 2 / there[2])
    from scipy.stats import norm

    reach = float(norm.ppf(0.975)) * error
    return Estimate(value, value - reach, value + reach, here[2])
