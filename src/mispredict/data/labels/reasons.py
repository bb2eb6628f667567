"""Why a row's label is in doubt, in a sentence."""

from __future__ import annotations

from typing import Any


def of_model(
    given: Any, suggested: Any, own: float, best: float, usual: float, *, is_sure: bool
) -> str:
    """What the model's probabilities say against a label.

    Args:
        given: the label.
        suggested: the model's likeliest class.
        own: probability of the label.
        best: probability of the suggested class.
        usual: mean probability that rows labelled `suggested` have of it.
        is_sure: whether `best` reaches it.
    """
    against = f"The model gives ‘{given}’ {share(own)} and ‘{suggested}’ {share(best)}"
    if is_sure:
        return (
            f"{against}, as much as rows labelled ‘{suggested}’ have on average ({share(usual)})."
        )
    return f"{against}, the lead over the label among the largest in its class."


def of_neighbours(given: Any, majority: Any, votes: int, size: int) -> str:
    """What nearly equal rows say against a label."""
    return (
        f"{votes:,} of {size:,} rows nearly equal to it are labelled ‘{majority}’, not ‘{given}’."
    )


def share(value: float) -> str:
    """A probability in percent, never rounded to certainty.

    Example:
        >>> share(0.9996), share(0.5), share(0.0004)
        ('over 99.9 %', '50 %', 'under 0.1 %')
    """
    if value < 0.001:
        return "under 0.1 %"
    if value > 0.999:
        return "over 99.9 %"
    digits = 1 if value < 0.01 or value > 0.99 else 0
    return f"{100 * value:.{digits}f} %"
