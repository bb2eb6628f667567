"""Linked distributions of an evaluation: counted under the conditions of all the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from mispredict.core.predicate import Predicate, all_of
from mispredict.core.schema import Role
from mispredict.engine.cache import Cache
from mispredict.engine.codes import mask
from mispredict.engine.linked import (
    RIGHT,
    UNKNOWN,
    WRONG,
    LinkedCounter,
    Outcome,
    Selection,
    Sums,
)
from mispredict.engine.lookup import UNSURE
from mispredict.workspace.exploring.bars import Layout, layout
from mispredict.workspace.exploring.chips import conditions, view_names, view_of
from mispredict.workspace.exploring.selected import SelectedMetrics

if TYPE_CHECKING:
    from mispredict.engine.encode import Coded
    from mispredict.metrics.measure import MetricRow
    from mispredict.workspace.view import View

Mask = NDArray[np.bool_]
Floats = NDArray[np.float64]
States = NDArray[np.uint8]
T = TypeVar("T")

LEVEL = 0.95
STATE_BYTES = 4 << 20  # of what conditions say of codes
MASK_BYTES = 128 << 20  # of masks of single conditions


@dataclass(frozen=True)
class Counted:
    """What was counted under a cohort: of all its conditions, and of each column's others."""

    selection: Selection
    total: Sums
    linked: Mapping[str, Sums]
    layouts: Mapping[str, Layout]
    states: Mapping[str, States]
    metrics: Sequence[MetricRow]


class Linked:
    """The linked distributions of one evaluation, with what was counted of the whole kept."""

    def __init__(self, of: View) -> None:
        self.of = of
        self.table = of.table
        self.names = view_names(of)
        kinds = of.fields.reserved
        self.measure = "mean loss" if "loss" in kinds else ""
        if "correct" in kinds:
            self.measure = "error rate"
        self.metrics = SelectedMetrics(of)
        self.counter = LinkedCounter(self._outcome(), self.coded)
        self._layouts: dict[str, Layout] = {}
        self._states: Cache[States | None] = Cache(STATE_BYTES, _nbytes)
        self._masks: Cache[Mask] = Cache(MASK_BYTES, _nbytes)
        self._read: dict[str, tuple[str, Any]] = {}
        self._rows_of_tags: dict[str, tuple[str, NDArray[np.int32]]] = {}

    def coded(self, name: str) -> Coded:
        """Codes of a listed column, or of the cells of the confusion table."""
        if name == self.metrics.column:
            return self.metrics.cells
        ref = self.names[name]
        return self.table.coded(ref.name, ref.is_input)

    def states(self, name: str, condition: Predicate) -> States | None:
        """What a condition on a listed column says of each code; None where codes can't tell."""
        from mispredict.engine.lookup import states

        book = self.coded(name).book
        return self._states.get((name, condition.key), lambda: states(condition, book))

    def count(self, predicate: Predicate, shown: Sequence[str]) -> Counted:
        """The sums of these columns under the cohort."""
        clauses = self._clauses(predicate)
        masks = {view: self._mask(clause) for view, clause in clauses.items()}
        column = self.metrics.column
        counted = [*shown, column] if column else list(shown) or list(self.names)[:1]
        selection, inside, linked = self.counter.under(masks, counted)
        states = {name: self._states_of(name, clauses.get(name)) for name in shown}
        layouts = {name: self._layout(name, states[name]) for name in shown}
        total = inside[counted[0]].total
        rest = self.whole(counted[0]).total - total
        cells = (self.whole(column) - inside[column], inside[column]) if column else None
        return Counted(
            selection=selection,
            total=total,
            linked={name: linked[name] for name in shown},
            layouts=layouts,
            states=states,
            metrics=self.metrics.rows(selection, (rest, total), cells),
        )

    def whole(self, name: str) -> Sums:
        """The sums of a column over all rows."""
        return self.counter.wholes([name])[name]

    def errors(self, sums: Sums) -> Floats:
        """Wrong rows, or the sum of losses (with weights, weighted)."""
        found: Floats = sums.error + self.counter.outcome.centre * sums.weight
        return found

    def rates(self, sums: Sums) -> tuple[Floats, Floats, Floats]:
        """Error rates or mean losses with their intervals; NaN without known rows."""
        from mispredict.metrics.intervals import effective, mean_bounds, wilson_bounds

        size, centre = effective(sums.weight, sums.weight2), self.counter.outcome.centre
        with np.errstate(all="ignore"):
            mean = np.where(sums.weight > 0, sums.error / sums.weight, np.nan)
            if not self.counter.outcome.is_loss:
                return mean, *wilson_bounds(mean, size, LEVEL)
            spread = sums.error2 - 2 * mean * sums.cross + mean**2 * sums.weight2
            error = np.sqrt(np.maximum(spread, 0.0) * size / (size - 1)) / sums.weight
            low, high = mean_bounds(mean, error, np.zeros_like(mean), size - 1, LEVEL)
        return mean + centre, low + centre, high + centre

    def tag_sums(self, selection: Selection) -> dict[str, tuple[Sums, int]]:
        """Of each tag the sums over its selected rows, and how many rows have it in all."""
        found = {}
        for name, rows in self.rows_by_tag().items():
            chosen = rows[selection.failed[rows] == 0]
            found[name] = self.counter.outcome.total(chosen), len(rows)
        return found

    def _outcome(self) -> Outcome:
        of, n = self.of, self.of.n
        if self.measure == "error rate":
            outcome = Outcome.of_states(_right_or_wrong(self.table.coded("correct")))
        elif self.measure:
            outcome = Outcome.of_losses(self.table.values("loss"))
        else:
            outcome = Outcome.of_states(np.full(n, UNKNOWN, np.uint8))
        if of.dataset.schema.first(Role.WEIGHT) is None:
            return outcome
        return outcome.weighted(self.table.values("weight"))

    def _clauses(self, predicate: Predicate) -> dict[str, Predicate]:
        """The conditions by the view that they belong to; those of none each under its text."""
        found: dict[str, list[Predicate]] = {}
        for term in conditions(predicate):
            name = view_of(self.of, term)
            key = name if name in self.names else f"\0{term.text}"
            found.setdefault(key, []).append(term)
        return {name: all_of(terms) for name, terms in found.items()}

    def _mask(self, clause: Predicate) -> Mask:
        depends = bool(clause.tags() or clause.cohorts())
        key = (clause.key, self._stamp() if depends else "")
        return self._masks.get(key, lambda: mask(clause, self.table))

    def _states_of(self, name: str, clause: Predicate | None) -> States:
        """Per code 0, 1 for selected or 2 for partly so; all 0 without a condition."""
        size = self.coded(name).book.size
        if clause is None:
            return np.zeros(size, np.uint8)
        found = self.states(name, clause)
        return np.full(size, UNSURE, np.uint8) if found is None else found

    def _layout(self, name: str, states: States) -> Layout:
        """The column's bars; made anew only where a selected code would have none."""
        book, whole = self.coded(name).book, self.whole(name).rows
        if name not in self._layouts:
            self._layouts[name] = layout(book, whole, np.zeros(book.size, np.bool_))
        usual = self._layouts[name]
        hidden = usual.hidden[states[usual.hidden] > 0] if states.any() else usual.hidden[:0]
        return layout(book, whole, states > 0) if len(hidden) else usual

    def tag_names(self) -> tuple[str, ...]:
        """Tags of the dataset as they are now, sorted."""
        return tuple(self._tag_heads())

    def cohort_names(self) -> tuple[str, ...]:
        """Saved cohorts as they are now, sorted."""
        saved = self.of.workspace.cohort_predicates()
        return self._as_now("cohorts", lambda: tuple(sorted(saved)))

    def rows_by_tag(self) -> Mapping[str, NDArray[np.int32]]:
        """Numbers of each tag's rows, read again when the tag was changed by anyone."""
        masks, known = self.of.workspace.tag_masks(self.of.dataset), self._rows_of_tags
        found = {}
        for name, version in self._tag_heads().items():
            if name not in known or known[name][0] != version:
                known[name] = version, np.flatnonzero(masks[name]).astype(np.int32)
            found[name] = known[name][1]
        return found

    def _tag_heads(self) -> Mapping[str, str]:
        """The newest version of each tag, by name."""
        masks = self.of.workspace.tag_masks(self.of.dataset)
        return self._as_now("tags", lambda: {k: v.key for k, v in sorted(masks.heads().items())})

    def _as_now(self, what: str, read: Callable[[], T]) -> T:
        """What `read` gives, read again only after a change of a tag or a saved cohort."""
        stamp = self._stamp()
        if self._read.get(what, ("", None))[0] != stamp:
            self._read[what] = stamp, read()
        found: T = self._read[what][1]
        return found

    def _stamp(self) -> str:
        """Another text after each change of a tag or a saved cohort."""
        return self.of.workspace.store.revision("tag", "cohort")


def linked(of: View) -> Linked:
    """The linked distributions of the evaluation, made when first asked for."""
    found = of.__dict__.get("_linked")
    if found is None or found.table is not of.table:
        found = of.__dict__["_linked"] = Linked(of)
    made: Linked = found
    return made


def _right_or_wrong(correct: Coded) -> States:
    """RIGHT, WRONG or UNKNOWN of each row, from the codes of the column `correct`."""
    meaning = np.full(correct.book.size, UNKNOWN, np.uint8)
    for code, is_right in enumerate(correct.book.points, start=1):
        meaning[code] = RIGHT if is_right else WRONG
    states: States = meaning[correct.codes]
    return states


def _nbytes(item: NDArray[np.generic] | None) -> int:
    return 0 if item is None else int(item.nbytes)
