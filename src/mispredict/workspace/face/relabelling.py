"""Labels of a dataset: the part of `Dataset` for decisions about them and for annotators."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from mispredict.core.task import Scalar
    from mispredict.data.labels.results import LabelDecisions
    from mispredict.workspace.dataset import Dataset


class Relabelling:
    """Decisions about labels, which change nothing, and new versions made by them."""

    def decide_labels(
        self,
        rows: int | str | Sequence[int | str],
        decision: str,
        *,
        label: Scalar | None = None,
        who: str = "",
        note: str = "",
    ) -> LabelDecisions:
        """Record what a person decided of rows' labels; the data stay as they are.

        Args:
            rows: numbers of rows, an id as text, or a list of either.
            decision: `keep`, `relabel`, `unsure`; `undo` takes one's own decision back.
            label: the right one, for `relabel`.
            who: decides; the user of this process by default.
            note: why.
        """
        from mispredict.workspace.labels_review import decide

        own = cast("Dataset", self)
        return decide(
            own._store, own, rows, decision, label=label, suggested=None, who=who, note=note
        )

    def label_decisions(self, version: str | None = None) -> LabelDecisions:
        """What was decided of the labels: until now, or by a version such as `churn@3`."""
        from mispredict.workspace.labels_review import decisions_of

        own = cast("Dataset", self)
        return decisions_of(own._store, own, version)

    def relabelled(self, *, decisions: str) -> Dataset:
        """A new version of the dataset with the labels that people chose; this one stays.

        Args:
            decisions: which, such as `churn@3`; `ds.label_decisions().version` says it. Only
                rows decided to be relabelled change; kept, unsure and disputed ones do not.
        """
        from mispredict.workspace.labels_review import relabelled

        own = cast("Dataset", self)
        return relabelled(own._store, own, decisions)
