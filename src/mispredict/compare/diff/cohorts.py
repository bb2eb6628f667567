"""Cohort texts of what two models make of rows, in the language of the later evaluation."""

from __future__ import annotations

from dataclasses import dataclass

from mispredict.core.predicate.literal import Literal
from mispredict.core.predicate.text import literal_text, string_text
from mispredict.core.task import Scalar


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts about a model's evaluation and `against`, another model on the same dataset version.

    Attributes:
        against: the other model's ref; "" where it has no evaluation of these rows, so that
            there is no text.
        positive: the positive class of thresholds.
        threshold: of the model; None for its own predictions.
        threshold_before: of the other model.
        within: the cohort that was compared, "" for all rows.
    """

    against: str
    positive: Scalar | None = None
    threshold: float | None = None
    threshold_before: float | None = None
    within: str = ""

    def group(self, name: str) -> str:
        """The cohort of a group of rows, such as `correct AND NOT correct('gbm@1')`."""
        if not self.against:
            return ""
        new, old = self._right(), self._right(is_before=True)
        other = f"loss({string_text(self.against)})"
        text = {
            "fixed": f"{new[True]} AND {old[False]}",
            "broken": f"{new[False]} AND {old[True]}",
            "both_wrong": f"{new[False]} AND {old[False]}",
            "both_right": f"{new[True]} AND {old[True]}",
            "nearer": f"loss < {other}",
            "further": f"loss > {other}",
            "equal": f"loss = {other}",
        }[name]
        return self._whole(text)

    def cell(self, label: Scalar, prediction: Scalar, *, is_new: bool) -> str:
        """The rows of a label that are now taken for `prediction` and were not, or the reverse."""
        if not self.against:
            return ""
        now, was = self._said(prediction), self._said(prediction, is_before=True)
        here, gone = (now, was) if is_new else (was, now)
        return self._whole(
            f"label = {literal_text(Literal(label))} AND {here[True]} AND {gone[False]}"
        )

    def _whole(self, text: str) -> str:
        if not self.within:
            return text
        is_joined = " OR " in self.within
        return f"({self.within}) AND {text}" if is_joined else f"{self.within} AND {text}"

    def _right(self, *, is_before: bool = False) -> dict[bool, str]:
        """Conditions of a right and of a wrong row."""
        threshold = self.threshold_before if is_before else self.threshold
        if threshold is None:
            name = f"correct({string_text(self.against)})" if is_before else "correct"
            return {True: name, False: f"NOT {name}"}
        said, label = self._said(self.positive, is_before=is_before), self._label()
        return {
            True: f"(label = {label} AND {said[True]} OR label <> {label} AND {said[False]})",
            False: f"(label = {label} AND {said[False]} OR label <> {label} AND {said[True]})",
        }

    def _said(self, prediction: Scalar | None, *, is_before: bool = False) -> dict[bool, str]:
        """Conditions of rows that are, and are not, predicted as a class."""
        assert prediction is not None  # a threshold has a positive class
        threshold = self.threshold_before if is_before else self.threshold
        other = f", {string_text(self.against)}" if is_before else ""
        if threshold is None:
            name = f"prediction({string_text(self.against)})" if is_before else "prediction"
            value = literal_text(Literal(prediction))
            return {True: f"{name} = {value}", False: f"{name} <> {value}"}
        chance = f"p({self._label()}{other})"
        is_positive = str(prediction) == str(self.positive)
        high, low = f"{chance} >= {threshold!r}", f"{chance} < {threshold!r}"
        return {is_positive: high, not is_positive: low}

    def _label(self) -> str:
        assert self.positive is not None  # a threshold has a positive class
        return literal_text(Literal(self.positive))
