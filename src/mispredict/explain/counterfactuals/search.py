"""The search for counterfactuals of many rows at once, so that the model is asked in few calls.

Nearest rows with the wanted prediction and changes of single features are bred, in the way of
GeCo (Schleich et al. 2021) and MOC (Dandl et al. 2020): children take features from two parents,
drop changes, move numbers back towards the row, or take a value from a row that is as wanted.
The best are then polished: changes that are not needed are dropped, and numbers brought as near
to the row as the prediction allows. Every candidate keeps the rules before it is asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from mispredict.explain.counterfactuals.goal import Goal
from mispredict.explain.counterfactuals.herd import FAILS, Herd
from mispredict.explain.counterfactuals.limits import Limits
from mispredict.explain.counterfactuals.search_answers import UNKNOWN, Said
from mispredict.explain.counterfactuals.search_calls import Asker
from mispredict.explain.counterfactuals.search_plausible import Crowd
from mispredict.explain.counterfactuals.search_space import Space, differs

if TYPE_CHECKING:
    import pandas as pd

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.int64]

NEIGHBOURS = 10  # rows with the wanted prediction to start from
TRIED_VALUES = 5  # of each feature alone
POPULATION = 36
CHILDREN = 36
GENERATIONS = 16
PATIENCE = 6  # generations without any progress
POLISHED = 2  # candidates per answer that is wanted
STEPS = 6  # on the way of a number back to the row, at once


@dataclass(frozen=True, slots=True)
class Prices:
    """What counts as small: the distance, each change, and being far from all data."""

    change: float = 0.5
    remote: float = 0.5


@dataclass(frozen=True, slots=True)
class Task:
    """Rows whose prediction is to be changed, and what may be done for it."""

    space: Space
    limits: Limits
    goal: Goal
    crowd: Crowd
    base: pd.DataFrame
    own: Floats
    before: Codes
    seeds: tuple[int, ...]
    prices: Prices = Prices()


def search(task: Task, asker: Asker, *, answers: int) -> Herd:
    """The best candidates of each row, cheapest first."""
    state = _Search(task, asker)
    herd = state.begin()
    idle = np.zeros(len(task.own), dtype=np.int64)
    for _ in range(GENERATIONS):
        open_ = np.flatnonzero(idle < PATIENCE)  # each row by itself, whatever others do
        if not asker.left or not len(open_):
            break
        part = herd.take(open_)
        grown = state.joined(part, state.children(part), POPULATION)
        idle[open_] = np.where(grown.cost[:, 0] < part.cost[:, 0] - 1e-9, 0, idle[open_] + 1)
        herd = herd.with_rows(open_, grown)
    return state.polish(herd, min(POLISHED * answers, POPULATION))


class _Search:
    def __init__(self, task: Task, asker: Asker) -> None:
        self.task, self.asker = task, asker
        self.draws = [np.random.default_rng(seed) for seed in task.seeds]
        self.places = np.flatnonzero(task.limits.varies)
        self.prices: dict[tuple[int, bytes], float] = {}

    def begin(self) -> Herd:
        """Nearest rows as wanted, and changes of single features."""
        own = self.task.own
        near = self.task.crowd.neighbours(own, NEIGHBOURS, self.task.limits.weights)
        rows = np.arange(len(own))
        genes = self._kept(np.concatenate([near, self._single()], axis=1), rows)
        empty = Herd(rows, np.empty((len(own), 0, own.shape[1])), np.empty((len(own), 0)))
        return self.joined(empty, genes, POPULATION)

    def joined(self, herd: Herd, genes: Floats, size: int) -> Herd:
        """The best of the herd and of new candidates."""
        both = np.concatenate([herd.genes, genes], axis=1)
        moved = self.task.space.differences(both, self.task.own[herd.rows][:, None, :])
        return herd.join(genes, self.cost(genes, herd.rows), moved, size)

    def children(self, herd: Herd) -> Floats:
        """New candidates from pairs of old ones."""
        shape = (CHILDREN, herd.genes.shape[2])
        made = np.empty((len(herd.rows), *shape))
        for at, row in enumerate(herd.rows):
            draw = self.draws[row]
            alive = max(int(np.isfinite(herd.cost[at]).sum()), 1)
            pairs = (draw.random((2, CHILDREN)) ** 2 * alive).astype(int)  # good ones more often
            a, b = herd.genes[at, pairs[0]], herd.genes[at, pairs[1]]
            child = np.where(draw.random(shape) < 0.5, a, b)
            made[at] = self._mutated(child, self.task.own[row], draw)
        return self._kept(made, herd.rows)

    def polish(self, herd: Herd, top: int) -> Herd:
        """The best candidates without needless changes, and no further away than needed."""
        best = herd.top(top)
        for width in (1.0, 1.0 / STEPS):
            best = self._dropped(best)
            best = self._nearer(best, width)
        best = self._dropped(best)
        return self.joined(herd, best.genes, herd.genes.shape[1])

    def cost(self, genes: Floats, rows: Codes) -> Floats:
        """Price of each candidate, (rows, candidates); each is priced once."""
        size = genes.shape[1]
        flat = np.ascontiguousarray(genes.reshape(-1, genes.shape[2]))
        owner = np.repeat(rows, size)
        names = [(row, gene.tobytes()) for row, gene in zip(owner.tolist(), flat, strict=True)]
        new = {name: at for at, name in enumerate(names) if name not in self.prices}
        if new:
            places = np.fromiter(new.values(), dtype=np.int64)
            priced = self._priced(flat[places], owner[places])
            self.prices |= dict(zip(new, priced.tolist(), strict=True))
        found = np.array([self.prices[name] for name in names], dtype=np.float64)
        return found.reshape(len(rows), size)

    def _priced(self, flat: Floats, owner: Codes) -> Floats:
        task = self.task
        own = task.own[owner]
        changed = differs(flat, own)
        is_new: Bools = np.any(changed, axis=1)
        said = self._ask(flat, owner, is_new)
        gap = task.goal.gap(said, task.before[owner])
        parts = task.space.differences(flat, own) * task.limits.costs
        price = parts.sum(axis=1) + task.prices.change * changed.sum(axis=1)
        met = gap == 0
        if met.any():
            price[met] += task.prices.remote * task.crowd.remoteness(flat[met])
        price = np.where(met, price, FAILS * (1 + gap) + price)
        result: Floats = np.where(is_new & np.isfinite(gap), price, np.inf)
        return result

    def _ask(self, flat: Floats, owner: Codes, is_new: Bools) -> Said:
        """What the model says of the candidates; those without a change are not asked."""
        task = self.task
        chosen = np.flatnonzero(is_new)
        frame = task.space.decode(flat[chosen], task.base, owner[chosen], task.own)
        part = self.asker.ask(frame)
        width = part.probabilities.shape[1] if part.probabilities is not None else 0
        codes = np.full(len(flat), UNKNOWN)
        codes[chosen] = part.codes
        probabilities = np.full((len(flat), width), np.nan) if width else None
        if probabilities is not None and part.probabilities is not None:
            probabilities[chosen] = part.probabilities
        values = None if part.values is None else np.full(len(flat), np.nan)
        if values is not None and part.values is not None:
            values[chosen] = part.values
        return Said(codes, part.classes, probabilities, values)

    def _single(self) -> Floats:
        """Each row with one feature changed, to a few values each."""
        own = self.task.own
        steps = [
            (int(at), value)
            for at in self.places
            for value in self.task.limits.values(int(at), TRIED_VALUES)
        ]
        made = np.repeat(own[:, None, :], len(steps), axis=1)
        for number, (at, value) in enumerate(steps):
            made[:, number, at] = value
        return made

    def _mutated(self, child: Floats, own: Floats, draw: np.random.Generator) -> Floats:
        """The candidates with changes dropped, moved back, or taken from a row of the crowd."""
        n = len(child)
        dropped = draw.random(child.shape) < 0.2
        child = np.where(dropped, own, child)
        moves = (draw.random(child.shape) < 0.25) & self.task.space.is_number
        share = draw.random(child.shape)
        with np.errstate(invalid="ignore", over="ignore"):
            moved = own + share * (child - own)
        child = np.where(moves & np.isfinite(moved), moved, child)
        donors = self.task.crowd.drawn(draw, n)
        if donors is not None:
            at = self.places[draw.integers(0, len(self.places), n)]
            takes = draw.random(n) < 0.5
            child[takes, at[takes]] = donors[takes, at[takes]]
        return child

    def _dropped(self, herd: Herd, rounds: int = 4) -> Herd:
        """The candidates without the changes that they do not need."""
        for _ in range(rounds):
            genes = self._one_less(herd)
            better = self._better(herd, genes)
            if better is None:
                break
            herd = better
        return herd

    def _nearer(self, herd: Herd, width: float) -> Herd:
        """The candidates with each number in turn as near to the row as it can be.

        Steps are spread over the last `width` of the way that is known to be too far.
        """
        for rank in range(3):
            genes = self._moved_back(herd, rank, width)
            better = self._better(herd, genes)
            herd = better or herd
        return herd

    def _better(self, herd: Herd, tries: Floats) -> Herd | None:
        """Each candidate or the cheapest of its tries, (rows, candidates, tries, features)."""
        rows, size, n, width = tries.shape
        if not n:
            return None
        tries = self._kept(tries.reshape(rows, size * n, width), herd.rows).reshape(tries.shape)
        cost = self.cost(tries.reshape(rows, size * n, width), herd.rows).reshape(rows, size, n)
        best = cost.argmin(axis=2)
        chosen = np.take_along_axis(tries, best[:, :, None, None], axis=2)[:, :, 0]
        price = np.take_along_axis(cost, best[:, :, None], axis=2)[:, :, 0]
        is_better = price < herd.cost - 1e-9
        if not is_better.any():
            return None
        genes = np.where(is_better[:, :, None], chosen, herd.genes)
        return Herd(herd.rows, genes, np.where(is_better, price, herd.cost))

    def _one_less(self, herd: Herd) -> Floats:
        """Each candidate with each of its changes taken back."""
        own = self.task.own[herd.rows][:, None, :]
        changed = differs(herd.genes, np.broadcast_to(own, herd.genes.shape))
        most = int(changed.sum(axis=2).max(initial=0))
        order = np.argsort(~changed, axis=2, kind="stable")[:, :, :most]
        tries = np.repeat(herd.genes[:, :, None, :], most, axis=2)
        values = np.take_along_axis(np.broadcast_to(own, herd.genes.shape), order, axis=2)
        np.put_along_axis(tries, order[..., None], values[..., None], axis=3)
        return tries

    def _moved_back(self, herd: Herd, rank: int, width: float) -> Floats:
        """Each candidate with its rank-th largest change of a number made smaller."""
        space, own = self.task.space, self.task.own[herd.rows][:, None, :]
        genes = herd.genes
        with np.errstate(invalid="ignore"):
            moved = np.where(space.is_number, np.abs(genes - own) / space.scales, 0.0)
        moved = np.where(np.isfinite(moved), moved, 0.0)  # nothing lies on the way from infinity
        order = np.argsort(-moved, axis=2, kind="stable")
        if rank >= order.shape[2]:
            return np.empty((*genes.shape[:2], 0, genes.shape[2]))
        at = order[:, :, rank : rank + 1]
        ours = np.take_along_axis(np.broadcast_to(own, genes.shape), at, axis=2)
        theirs = np.take_along_axis(genes, at, axis=2)
        is_moved = np.take_along_axis(moved, at, axis=2) > 0
        shares = 1 - width * np.arange(1, STEPS + 1) / (STEPS + (width == 1.0))
        with np.errstate(invalid="ignore"):
            values = np.where(is_moved, ours + (theirs - ours) * shares, theirs)
        tries = np.repeat(genes[:, :, None, :], STEPS, axis=2)
        np.put_along_axis(tries, at[..., None].repeat(STEPS, axis=2), values[..., None], axis=3)
        return tries

    def _kept(self, genes: Floats, rows: Codes) -> Floats:
        n, size, width = genes.shape
        own = np.repeat(self.task.own[rows], size, axis=0)
        return self.task.limits.kept(genes.reshape(-1, width), own).reshape(n, size, width)
