"""Linked distributions of an evaluation: counted under the conditions of all the others."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mispredict.core.predicate import ColumnRef, Predicate, all_of
from mispredict.core.schema import Role
from mispredict.engine.linked import Outcome, Sums, as_list, linked_sums
from mispredict.workspace.chips import conditions, view_names, view_of
from mispredict.workspace.exploration import Distribution, TagCount
from mispredict.workspace.exploring_bars import Layout, layout

if TYPE_CHECKING:
    from mispredict.engine.encode import Coded
    from mispredict.workspace.view import View

Mask = NDArray[np.bool_]
Floats = NDArray[np.float64]
LEVEL = 0.95


@dataclass(frozen=True)
class Counted:
    """What was counted under a cohort."""

    selected: Mask
    n: int
    errors: float
    rate: float
    low: float
    high: float
    distributions: tuple[Distribution, ...]


class Linked:
    """The linked distributions of one evaluation, with what was counted of the whole kept."""

    def __init__(self, of: View) -> None:
        self._of = of
        self.table = of.table
        self.names = view_names(of)
        kinds = of.fields.reserved
        self.measure = (
            "error rate" if "correct" in kinds else "mean loss" if "loss" in kinds else ""
        )
        target = of.target if self.measure else np.full(of.n, np.nan)
        has_weight = of.dataset.schema.first(Role.WEIGHT) is not None
        weight = of.table.values("weight") if has_weight else None
        self.outcome = Outcome(target, weight, is_loss=self.measure == "mean loss")
        self._wholes: dict[str, Sums] = {}
        self._lock = threading.Lock()

    def coded(self, name: str) -> Coded:
        ref = self.names[name]
        return self.table.coded(ref.name, ref.is_input)

    def whole(self, name: str) -> Sums:
        """Sums of a column over all rows."""
        if name not in self._wholes:
            self._wholes[name] = self.outcome.sums(self.coded(name), None)
        return self._wholes[name]

    def count(self, predicate: Predicate, shown: Sequence[str]) -> Counted:
        """The distributions of these columns under the cohort."""
        clauses = self._clauses(predicate)
        masks = {view: self.table.mask(clause) for view, clause in clauses.items()}
        coded = {name: self.coded(name) for name in shown}
        if masks:
            sums, selected = linked_sums(coded, masks, self.outcome)
        else:
            sums = {name: self.whole(name) for name in shown}
            selected = np.ones(self.table.n, np.bool_)
        own = {name: self._states(name, clauses.get(name)) for name in shown}
        layouts = {n: layout(coded[n].book, self.whole(n).rows, own[n] > 0) for n in shown}
        total = self.totals(selected)
        rate, low, high = self.rates(total)
        return Counted(
            selected=selected,
            n=int(total.rows[0]),
            errors=float(self.errors(total)[0]),
            rate=float(rate[0]),
            low=float(low[0]),
            high=float(high[0]),
            distributions=self._distributions(layouts, sums, own),
        )

    def totals(self, selected: Mask) -> Sums:
        """Sums over the selected rows, as if all had one code."""
        from mispredict.core.schema import ColumnType
        from mispredict.engine.codebook import Codebook
        from mispredict.engine.encode import Coded as One

        book = Codebook("values", ColumnType.CATEGORICAL, "string", ())
        return self.outcome.sums(One(np.zeros(self.table.n, np.uint8), book), selected)

    def errors(self, sums: Sums) -> Floats:
        """Wrong rows, or the sum of losses (with weights, weighted)."""
        found: Floats = sums.error + self.outcome.centre * sums.weight
        return found

    def rates(self, sums: Sums) -> tuple[Floats, Floats, Floats]:
        """Error rates or mean losses with their intervals; NaN without known rows."""
        from mispredict.metrics.intervals import effective, mean_bounds, wilson_bounds

        size = effective(sums.weight, sums.weight2)
        with np.errstate(all="ignore"):
            mean = np.where(sums.weight > 0, sums.error / sums.weight, np.nan)
            if not self.outcome.is_loss:
                return mean, *wilson_bounds(mean, size, LEVEL)
            spread = sums.error2 - 2 * mean * sums.cross + mean**2 * sums.weight2
            error = np.sqrt(np.maximum(spread, 0.0) * size / (size - 1)) / sums.weight
            low, high = mean_bounds(mean, error, np.zeros_like(mean), size - 1, LEVEL)
        centre = self.outcome.centre
        return mean + centre, low + centre, high + centre

    def tags(self, selected: Mask) -> tuple[TagCount, ...]:
        """Rows of each tag in the selection."""
        found = []
        for name, mask in sorted(self._of.workspace.tag_masks(self._of.dataset).items()):
            sums = self.totals(mask & selected)
            rate, low, high = (float(part[0]) for part in self.rates(sums))
            n, errors = int(sums.rows[0]), float(self.errors(sums)[0])
            found.append(TagCount(name, n, int(mask.sum()), errors, rate, low, high))
        return tuple(found)

    def _clauses(self, predicate: Predicate) -> dict[str, Predicate]:
        """The conditions by the view that they belong to; those of none each under its text."""
        found: dict[str, list[Predicate]] = {}
        for term in conditions(predicate):
            name = view_of(self._of, term)
            key = name if name in self.names else f"\0{term.text}"
            found.setdefault(key, []).append(term)
        return {name: all_of(terms) for name, terms in found.items()}

    def _states(self, name: str, clause: Predicate | None) -> NDArray[np.uint8]:
        """Per code 0, 1 for selected or 2 for partly; all 0 without a condition."""
        from mispredict.engine.lookup import states

        book = self.coded(name).book
        if clause is None:
            return np.zeros(book.size, np.uint8)
        found = states(clause, book)
        return np.full(book.size, 2, np.uint8) if found is None else found

    def _distributions(
        self, layouts: dict[str, Layout], sums: dict[str, Sums], own: dict[str, Any]
    ) -> tuple[Distribution, ...]:
        return tuple(self._distribution(n, layouts[n], sums[n], own[n]) for n in layouts)

    def _distribution(
        self, name: str, bars: Layout, sums: Sums, own: NDArray[np.uint8]
    ) -> Distribution:
        ref, whole = self.names[name], self.whole(name)
        groups = [np.arange(a, b + 1) for a, b in zip(bars.first, bars.last, strict=True)]
        order = np.concatenate(groups) if groups else np.zeros(0, np.intp)
        starts = np.cumsum([0, *(len(group) for group in groups[:-1])]).astype(np.intp)
        if not groups:
            mine, rows_all = _none(), np.zeros(0, np.int64)
        else:
            mine = sums.over(order, starts)
            rows_all = np.add.reduceat(whole.rows[order], starts)
        rate, low, high = self.rates(mine)
        states = [own[group] for group in groups]
        hidden = np.setdiff1d(np.arange(1, len(whole.rows)), order) if bars.more else []
        return Distribution(
            column=name,
            type=self.table.kind(ref.name, ref.is_input).value,
            role=_role(self._of, ref),
            is_reserved=self._of.fields.is_reserved(ref),
            kind=bars.kind,
            label=bars.label,
            first=tuple(bars.first.tolist()),
            last=tuple(bars.last.tolist()),
            low=tuple(None if v != v else v for v in bars.low.tolist()),
            high=tuple(None if v != v else v for v in bars.high.tolist()),
            n=tuple(mine.rows.tolist()),
            all=tuple(rows_all.tolist()),
            errors=tuple(self.errors(mine).tolist()),
            rate=tuple(rate.tolist()),
            rate_low=tuple(low.tolist()),
            rate_high=tuple(high.tolist()),
            is_selected=tuple(bool(part.any()) for part in states),
            is_partly=tuple(bool(part.any() and (part != 1).any()) for part in states),
            is_missing=tuple(code == 0 for code in bars.first.tolist()),
            more=bars.more,
            more_n=int(sums.rows[hidden].sum()) if len(hidden) else 0,
            more_all=int(whole.rows[hidden].sum()) if len(hidden) else 0,
        )


def linked(of: View) -> Linked:
    """The linked distributions of the evaluation, made when first asked for."""
    found = of.__dict__.get("_linked")
    if found is None or found.table is not of.table:
        found = of.__dict__["_linked"] = Linked(of)
    made: Linked = found
    return made


def _none() -> Sums:
    empty = np.zeros(0)
    return Sums(np.zeros(0, np.int64), empty, empty, empty, empty, empty)


def _role(of: View, ref: ColumnRef) -> str:
    if of.fields.is_reserved(ref):
        return ""
    return of.dataset.schema[ref.name].role.value


__all__ = ["Counted", "Linked", "as_list", "linked"]
