"""Drift in sentences."""

from __future__ import annotations

from collections.abc import Sequence

from mispredict.core.figures import percent, shortened
from mispredict.data.drift.results import DriftRow

SIZES = ((2.0, "small"), (4.0, "medium"))


def size_of(effect: float, bound: float) -> str:
    """None below the bound, small to twice, medium to four times of it, else large."""
    if not effect >= bound:
        return "none"
    return next((word for factor, word in SIZES if effect < factor * bound), "large")


def sentence_of(row: DriftRow, moved: str, measure: str) -> str:
    """What changed in a column, how far, and what it would cost."""
    if row.verdict == "same":
        return f"{row.column}: no drift ({_effect(row)})."
    if row.verdict == "unsure":
        return f"{row.column}: no drift seen, too few rows to rule it out ({_effect(row)})."
    shift = ""
    if moved:
        shift = (
            f" Rows where {shortened(moved)} are {percent(row.current_share)}, "
            f"{percent(row.reference_share)} in the reference "
            f"({points(row.change_low)} to {points(row.change_high)} points)."
        )
    direction = f", {row.direction}" if row.direction else ""
    return (
        f"{row.column}{direction}: {row.size} drift ({_effect(row)}).{shift}{_cost(row, measure)}"
    )


def summary(rows: Sequence[DriftRow], n: int, m: int, verdict: str) -> str:
    """The whole comparison in a sentence."""
    drifted = [row.column for row in rows if row.verdict == "drift"]
    unsure = sum(row.verdict == "unsure" for row in rows)
    seen = f"{len(rows)} columns of {n:,} reference rows and {m:,} current rows compared"
    if verdict == "drift":
        shown = ", ".join(drifted[:5]) + (" …" if len(drifted) > 5 else "")
        return f"Drift in {len(drifted)} of {len(rows)} columns: {shown}. {seen}."
    if not rows:
        return f"No column could be compared, of {n:,} reference rows and {m:,} current rows."
    if verdict == "unsure":
        return (
            f"No drift is seen, but these are too few rows to rule it out in {unsure} of "
            f"{len(rows)} columns. {seen}."
        )
    return f"No drift. {seen}."


def points(share: float) -> str:
    return f"{100 * share:+.1f}"


def _effect(row: DriftRow) -> str:
    name = "AUC" if row.method == "classifier" else "distance"
    return f"{name} {row.effect:.3f}, {row.low:.3f} to {row.high:.3f}"


def _cost(row: DriftRow, measure: str) -> str:
    if not measure or row.cost != row.cost:
        return ""
    if row.cost_low <= 0 <= row.cost_high:
        return f" Whether that alone changes the {measure} cannot be told."
    word = "adds" if row.cost > 0 else "takes"
    size = abs(row.cost)
    if measure == "error rate":
        amount = f"{100 * size:.2f} points {'to' if row.cost > 0 else 'from'}"
    else:
        amount = f"{size:.3g} {'to' if row.cost > 0 else 'from'}"
    return f" By itself it {word} {amount} the {measure}."
