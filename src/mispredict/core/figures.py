"""Figures in sentences: as exact as their interval lets them be, shares in percent.

A value is rounded to two figures of half its interval, so that no digit is told which the next
sample of rows would change. Differences of shares are points, never percent.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

_SHARES = frozenset(
    ("accuracy", "balanced_accuracy", "error_rate", "f1", "hamming_loss", "jaccard", "precision",
     "recall", "specificity")
)  # fmt: skip

_MOST_PLACES = 8
_LONG = re.compile(r"-?\d+\.\d{4,}(?:e-?\d+)?")
Bounds = Sequence[float]


def is_share(metric: str) -> bool:
    """Whether people read a metric in percent.

    Example:
        >>> is_share("recall[yes]"), is_share("f1_macro"), is_share("log_loss")
        (True, True, False)
    """
    base = metric.partition("[")[0]
    for averaged in ("_macro", "_micro", "_weighted", "_samples"):
        base = base.removesuffix(averaged)
    return base in _SHARES


def decimals(low: float, high: float) -> int | None:
    """Decimals that show two figures of half an interval, but no more than four of its ends.

    None where there is no interval.

    Example:
        >>> decimals(0.6797, 0.7121), decimals(31_890, 33_200), decimals(0.0002, 0.0004)
        (3, 0, 5)
        >>> decimals(0.49999999, 0.5)
        4
    """
    half, size = (high - low) / 2, max(abs(low), abs(high))
    if not math.isfinite(half) or half <= 0:
        return None
    return max(min(1 - math.floor(math.log10(half)), 3 - math.floor(math.log10(size))), 0)


def figure(value: float, places: int | None = None) -> str:
    """A number with so many decimals; without a number of them, in four figures.

    Example:
        >>> figure(0.69613, 3), figure(32_532.5, 0), figure(0.123456), figure(57_299.4)
        ('0.696', '32,532', '0.1235', '57,299')
    """
    if not math.isfinite(value):
        return "unknown" if math.isnan(value) else "∞" if value > 0 else "-∞"
    if places is not None:
        text = f"{value:,.{places}f}"
        return text.removeprefix("-") if not float(text.replace(",", "")) else text
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    if 0 < abs(value) < 1e-4:
        return f"{value:.2g}"
    return f"{value:.4g}"


def percent(share: float, places: int = 1) -> str:
    """A share in percent.

    Example:
        >>> percent(0.0726), percent(0.9, 0)
        ('7.3 %', '90 %')
    """
    return f"{100 * share:.{places}f} %"


def shortened(words: str) -> str:
    """The words with long numbers in four figures.

    Example:
        >>> shortened("confidence >= 0.5473677792723697 AND age > 60.5")
        'confidence >= 0.5474 AND age > 60.5'
    """
    return _LONG.sub(lambda found: f"{float(found.group()):.4g}", words)


def rounded(value: float, low: float, high: float, bounds: Bounds = ()) -> tuple[str, str, str]:
    """A value and the ends of its interval, as exact as it is narrow.

    `bounds` are what they are held against: more digits are told where fewer would lie on the
    other side of one of them, or upon it.

    Example:
        >>> rounded(0.009677, 0.006539, 0.013787)
        ('0.0097', '0.0065', '0.0138')
        >>> rounded(32_532.5, 31_887.1, 33_205.0), rounded(1.0, 0.9988, 1.0)
        (('32,532', '31,887', '33,205'), ('1', '0.999', '1'))
        >>> rounded(0.71204, 0.69996, 0.72, bounds=(0.7,))
        ('0.71204', '0.69996', '0.72000')
    """
    places = decimals(low, high)
    if places is None:
        return figure(value), figure(low), figure(high)
    known = [x for x in (value, low, high) if math.isfinite(x)]
    while places < _MOST_PLACES and any(
        (x < bound) != (round(x, places) < bound) or (x > bound) != (round(x, places) > bound)
        for x in known
        for bound in bounds
    ):
        places += 1
    value_text, low_text, high_text = (
        f"{x:,.0f}" if math.isfinite(x) and x == int(x) else figure(x, places)
        for x in (value, low, high)
    )
    return value_text, low_text, high_text


def signed(value: float, places: int | None = None) -> str:
    """A difference with its sign; none at 0.

    Example:
        >>> signed(0.0053, 3), signed(-0.0053, 3), signed(0.0001, 2)
        ('+0.005', '-0.005', '0.00')
    """
    text = figure(value, places)
    is_nothing = not math.isfinite(value) or not text.strip("0.,")
    return text if value < 0 or is_nothing else f"+{text}"


def metric_figure(metric: str, value: float, low: float, high: float) -> str:
    """A metric's value, as exact as the interval deserves that stands beside it.

    Example:
        >>> metric_figure("accuracy", 0.75160, -0.0136, 0.0242)
        '75.2 %'
        >>> metric_figure("roc_auc", 0.98740, -0.0025, -0.0003)
        '0.9874'
    """
    places = _places(metric, low, high)
    if not is_share(metric) or not math.isfinite(value):
        return figure(value, places)
    return f"{figure(100 * value, places)} %"


def metric_difference(metric: str, value: float, low: float, high: float) -> str:
    """A difference of a metric with its sign, in points where the metric is a share.

    Example:
        >>> metric_difference("accuracy", 0.005323, -0.01357, 0.02421)
        '+0.5 points'
        >>> metric_difference("roc_auc", -0.0014, -0.002543, -0.0002574)
        '-0.0014'
    """
    places = _places(metric, low, high)
    if not is_share(metric) or not math.isfinite(value):
        return signed(value, places)
    return f"{signed(100 * value, places)} points"


def metric_span(metric: str, low: float, high: float) -> str:
    """The interval of a difference, without the unit that stands before it.

    Example:
        >>> metric_span("accuracy", -0.01357, 0.02421)
        '-1.4 to +2.4'
    """
    places = _places(metric, low, high)
    unit = 100 if is_share(metric) else 1
    return f"{signed(unit * low, places)} to {signed(unit * high, places)}"


def _places(metric: str, low: float, high: float) -> int | None:
    """Decimals of a metric's figures: one at least of percent, as in all other sentences."""
    if not is_share(metric):
        return decimals(low, high)
    places = decimals(100 * low, 100 * high)
    return 1 if places is None else min(max(places, 1), 2)
