"""An epoch of the layout of a map: neighbours pull each other, others push."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mispredict.engine.jit import kernel

PUSHES = 5.0  # for each pull
# The curve 1 / (1 + a d^2b) that is nearest to 1 below a distance of 0.1 and to exp(0.1 - d)
# beyond it: UMAP's for its default of how near points may come.
_A, _B = 1.576943460405378, 0.895060878123305
_STEP = 4.0  # that a pull or push moves a point at most
_NEAR = 0.001  # keeps the push between points in one place finite


@kernel()
def move(
    places: NDArray[np.float64],
    heads: NDArray[np.int32],
    tails: NDArray[np.int32],
    every: NDArray[np.float64],
    next_pull: NDArray[np.float64],
    next_push: NDArray[np.float64],
    state: NDArray[np.uint64],
    epoch: int,
    rate: float,
) -> None:
    """Move the places by one epoch of stochastic gradient descent (McInnes et al. 2018).

    Args:
        places: (n, 2), changed in place.
        heads: first point of each edge; `tails` the other one.
        every: epochs from one pull along an edge to the next.
        next_pull: epoch of each edge's next pull, changed in place, as is `next_push`.
        state: one number, not 0, that the points to push are drawn by; changed in place.
        rate: how far gradients move points.
    """
    n = np.uint64(len(places))
    drawn = state[0]
    for edge in range(len(heads)):
        if next_pull[edge] > epoch:
            continue
        head, tail, wait = heads[edge], tails[edge], every[edge]
        x, y = places[head, 0] - places[tail, 0], places[head, 1] - places[tail, 1]
        square = x * x + y * y
        if square > 0:
            pull = -2.0 * _A * _B * square ** (_B - 1.0) / (1.0 + _A * square**_B)
            along_x = rate * min(_STEP, max(-_STEP, pull * x))
            along_y = rate * min(_STEP, max(-_STEP, pull * y))
            places[head, 0] += along_x
            places[head, 1] += along_y
            places[tail, 0] -= along_x
            places[tail, 1] -= along_y
        next_pull[edge] += wait
        pushes = int((epoch - next_push[edge]) * PUSHES / wait)
        next_push[edge] += pushes * wait / PUSHES
        for _ in range(pushes):
            drawn ^= drawn << np.uint64(13)
            drawn ^= drawn >> np.uint64(7)
            drawn ^= drawn << np.uint64(17)
            other = np.int64(drawn % n)
            x, y = places[head, 0] - places[other, 0], places[head, 1] - places[other, 1]
            square = x * x + y * y
            if square > 0:
                push = 2.0 * _B / ((_NEAR + square) * (1.0 + _A * square**_B))
                places[head, 0] += rate * min(_STEP, max(-_STEP, push * x))
                places[head, 1] += rate * min(_STEP, max(-_STEP, push * y))
    state[0] = drawn


def waits(weights: NDArray[np.float64]) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Epochs between an edge's pulls, and when its first pull and push are due."""
    every = weights.max() / weights
    return every, every.copy(), every / PUSHES
