"""How numbers and names are written, the same in every document."""

from __future__ import annotations

import math
from unicodedata import bidirectional

from mispredict.report.shapes import Figure

_SHARES = {
    "accuracy", "balanced_accuracy", "error_rate", "f1", "f1_macro", "f1_micro", "f1_samples",
    "f1_weighted", "hamming_loss", "jaccard", "precision", "precision_macro", "precision_micro",
    "precision_weighted", "recall", "recall_macro", "recall_micro", "recall_weighted",
    "specificity",
}  # fmt: skip
LONGEST_NAME = 80
_CONTROLS = dict.fromkeys(
    {*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F)} - {ord("\n"), ord("\t"), ord("\r")}
)
NONE = "–"
NO_BREAK = "\u00a0"  # between a number and its unit


def share(value: float | None, digits: int = 1) -> str:
    """A proportion in percent.

    Example:
        >>> share(0.9667).replace(NO_BREAK, " ")
        '96.7 %'
    """
    if value is None or not math.isfinite(value):
        return NONE
    return f"{100 * value:.{digits}f}{NO_BREAK}%"


def number(value: float | None) -> str:
    """A number in three digits, with thousands apart.

    Example:
        >>> number(12345.678), number(12.07), number(0.04567), number(3.0)
        ('12,346', '12.1', '0.0457', '3')
    """
    if value is None or not math.isfinite(value):
        return NONE
    if value == int(value) and abs(value) < 1e15:
        return f"{int(value):,}"
    size = abs(value)
    if size >= 1e6 or size < 1e-4:
        return f"{value:.3g}"
    digits = 0 if size >= 100 else 1 if size >= 10 else 2 if size >= 1 else 3 if size >= 0.1 else 4
    return f"{value:,.{digits}f}"


def brief(value: float) -> str:
    """A number without trailing zeros, as on an axis.

    Example:
        >>> brief(0.6), brief(2500)
        ('0.6', '2,500')
    """
    return f"{value:,.10g}" if abs(value) >= 1000 else f"{value:.3g}"


def count(value: float) -> str:
    """A number of rows, with thousands apart."""
    return f"{value:,.0f}"


def value_of(figure: Figure, value: float | None = None) -> str:
    """A metric's value, in percent where it is a share of rows."""
    shown = figure.value if value is None else value
    return share(shown) if is_share(figure.metric) else number(shown)


def interval_of(figure: Figure) -> str:
    """A metric's interval, such as "77.8 – 80.7 %"; "" where there is none."""
    if not (math.isfinite(figure.low) and math.isfinite(figure.high)):
        return ""
    if is_share(figure.metric):
        return shares(figure.low, figure.high)
    return f"{number(figure.low)} – {number(figure.high)}"


def shares(low: float, high: float) -> str:
    """A range of proportions in percent."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return ""
    return f"{100 * low:.1f} – {100 * high:.1f}{NO_BREAK}%"


def span(low: float, high: float) -> str:
    """A range of numbers; "" where it is not known."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return ""
    return f"{number(low)} – {number(high)}"


def points(low: float, high: float) -> str:
    """A range of differences between proportions, in points of a percent."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return ""
    return f"{100 * low:.1f} – {100 * high:.1f}{NO_BREAK}points"


def chance(p: float) -> str:
    """A p-value; very small ones are only said to be so.

    Example:
        >>> chance(0.0123), chance(1e-9)
        ('p = 0.012', 'p < 0.001')
    """
    if not math.isfinite(p):
        return ""
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}"


def is_share(metric: str) -> bool:
    """Whether a metric is a share of rows, which people read in percent."""
    return metric.partition("[")[0] in _SHARES


def metric_name(metric: str) -> str:
    """A metric's name as people say it."""
    base, bracket, rest = metric.partition("[")
    return _SPOKEN.get(base, base.replace("_", " ")) + bracket + rest


_SPOKEN = {
    "f1": "F1",
    "f1_macro": "F1, macro",
    "f1_micro": "F1, micro",
    "f1_samples": "F1, samples",
    "f1_weighted": "F1, weighted",
    "precision_macro": "precision, macro",
    "recall_macro": "recall, macro",
    "mcc": "Matthews correlation",
    "roc_auc": "ROC AUC",
    "brier_score": "Brier score",
    "ece": "calibration error (ECE)",
    "mae": "mean absolute error",
    "mse": "mean squared error",
    "rmse": "root mean squared error",
    "r2": "R²",
    "bias": "bias (label − prediction)",
}


def seconds(value: float) -> str:
    """A time in seconds, in two digits."""
    return f"{value:.2f} s" if value < 10 else f"{value:.0f} s"


def clip(value: str, most: int) -> str:
    """The text on one line, cut after `most` characters."""
    head = " ".join(_unsteered(value[: most * 4]).split())
    if len(value) <= most * 4 and len(head) <= most:
        return head
    return head[:most].rstrip() + "…"


def harmless(text: str) -> str:
    """The text without characters that steer a terminal or turn the line around.

    Isolates stay: they are ours, around names that run from right to left.
    """
    return text.translate(_CONTROLS)


def _unsteered(text: str) -> str:
    return text.translate(_CONTROLS | dict.fromkeys(range(0x2066, 0x206A)))


def plural(n: float, noun: str) -> str:
    """Number and noun.

    Example:
        >>> plural(1, "row"), plural(1200, "class")
        ('1 row', '1,200 classes')
    """
    if n == 1:
        return f"1 {noun}"
    return f"{count(n)} {noun}{'es' if noun.endswith('s') else 's'}"


def quoted(name: str, most: int = 40) -> str:
    """A user's name in quotation marks, cut where it is long, its direction kept to itself."""
    shown = name if len(name) <= most else name[:most] + "…"
    is_turned = any(bidirectional(letter) in ("R", "AL", "AN") for letter in shown)
    return f"“\u2068{shown}\u2069”" if is_turned else f"“{shown}”"
