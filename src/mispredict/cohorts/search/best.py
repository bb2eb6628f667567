"""The best boxes so far, and the score that a further box must reach."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from mispredict.cohorts.search.layer import Layer
from mispredict.cohorts.search.space import Box
from mispredict.engine.kernels.slices import Boxes

_TRIM_AT = 50_000


@dataclass(frozen=True, slots=True)
class Candidate:
    """A box with its sums in whole units."""

    box: Box
    size: int
    errors: int
    score: float

    @property
    def order(self) -> tuple[float, int, int, str]:
        """Key that sorts best first, and ties without regard to the order of the columns."""
        return (-self.score, len(self.box.conditions), -self.size, self.box.text)


@dataclass
class Best:
    """Boxes that may still be among the best k; a box must score above `floor`.

    Ties with the k-th best are kept, so that the choice among them can be made at the end by a
    rule that does not depend on the order in which they came.
    """

    k: int
    floor: float
    target: float = field(init=False)
    _parts: list[tuple[Layer, Boxes, NDArray[np.float64]]] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        self.target = self.floor

    def add(self, layer: Layer, boxes: Boxes, scores: NDArray[np.float64]) -> None:
        """Take in the boxes of a scan; each box must come only once."""
        with self._lock:
            kept = np.flatnonzero((scores >= self.target) & (scores > self.floor))
            if len(kept):
                self._parts.append((layer, _take(boxes, kept), scores[kept]))
                self._raise_target()

    def candidates(self) -> list[Candidate]:
        """The best k, best first."""
        found = []
        for layer, boxes, scores in self._parts:
            for i in np.flatnonzero(scores >= self.target).tolist():
                box = layer.box(int(boxes.cube[i]), boxes.conditions[i])
                size, errors = int(boxes.size[i]), int(boxes.errors[i])
                found.append(Candidate(box, size, errors, float(scores[i])))
        return sorted(found, key=lambda candidate: candidate.order)[: self.k]

    def _raise_target(self) -> None:
        scores = np.concatenate([part[2] for part in self._parts])
        self.target = max(self.target, kth_best(scores, self.k))
        if len(scores) > _TRIM_AT:
            self._parts = [
                (layer, _take(boxes, kept), each[kept])
                for layer, boxes, each in self._parts
                if len(kept := np.flatnonzero(each >= self.target))
            ]


def kth_best(scores: NDArray[np.float64], k: int) -> float:
    """The k-th largest score; minus infinity if there are fewer."""
    if len(scores) < k:
        return -np.inf
    return float(np.partition(scores, len(scores) - k)[len(scores) - k])


def _take(boxes: Boxes, chosen: NDArray[np.intp]) -> Boxes:
    return Boxes(
        boxes.cube[chosen], boxes.conditions[chosen], boxes.size[chosen], boxes.errors[chosen]
    )
