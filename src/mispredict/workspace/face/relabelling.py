"""Labels of a dataset: the parts of `Dataset` and `Workspace` that are about them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from mispredict.core.task import Scalar
    from mispredict.data.labels.results import Consensus, LabelDecisions
    from mispredict.workspace.dataset import Dataset
    from mispredict.workspace.evaluation import Evaluation
    from mispredict.workspace.workspace import Workspace


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
        audit: bool = False,
    ) -> LabelDecisions:
        """Record what a person decided of rows' labels; the data stay as they are.

        Args:
            rows: numbers of rows, an id as text, or a list of either.
            decision: `keep`, `relabel`, `unsure`; `undo` takes one's own decision back.
            label: the right one, for `relabel`.
            who: decides; the user of this process by default.
            note: why.
            audit: whether the rows were drawn by the queue from those not flagged, as their
                `kind` says: only such rows tell how many errors were missed.
        """
        from mispredict.workspace.labelling.review import decide

        own = cast("Dataset", self)
        return decide(
            own._store, own, rows, decision, label=label, suggested=None, who=who, note=note,
            audit=audit,
        )  # fmt: skip

    def label_decisions(self, version: str | None = None) -> LabelDecisions:
        """What was decided of the labels: until now, or by a version such as `churn@3`."""
        from mispredict.workspace.labelling.review import decisions_of

        own = cast("Dataset", self)
        return decisions_of(own._store, own, version)

    def relabelled(self, *, decisions: str) -> Dataset:
        """A new version of the dataset with the labels that people chose; this one stays.

        Args:
            decisions: which, such as `churn@3`; `ds.label_decisions().version` says it. Only
                rows decided to be relabelled change; kept, unsure and disputed ones do not.
        """
        from mispredict.workspace.labelling.review import relabelled

        own = cast("Dataset", self)
        return relabelled(own._store, own, decisions)

    def consensus(
        self,
        annotators: Sequence[str] | None = None,
        *,
        votes: Mapping[Scalar, str] | None = None,
        table: Any = None,
        unknown: str = "error",
        method: str = "dawid_skene",
        limit: int | None = 1000,
        seed: int = 0,
        cancel: Callable[[], bool] | None = None,
    ) -> Consensus:
        """One label per row out of several people's, who they are, and how far they agree.

        Args:
            annotators: columns with one person's labels each; those that were added as
                `annotations` by default.
            votes: column with the number of people who chose each class, by class.
            table: a table (frame or file) with a line for each vote instead: `row`, or the
                dataset's id, `annotator` and `label`.
            unknown: what becomes of votes that are no class of the dataset: `error`, `leave_out`
                (no answer, such as "skip"), or `class` (one more class).
            method: `dawid_skene` weighs people by how they err (Dawid & Skene 1979);
                `majority` counts.
            limit: most rows to list, the least certain first; None for all.
            seed: of the draws behind intervals of agreement.
            cancel: asked now and then; True stops.
        """
        from mispredict.workspace.labelling.consensus import consensus_of

        return consensus_of(
            cast("Dataset", self), annotators=annotators, votes=votes, table=table,
            unknown=unknown, method=method, limit=limit, seed=seed, cancel=cancel,
        )  # fmt: skip


class CrossValidating:
    """Out-of-sample predictions of every row: the part of `Workspace` that fits models."""

    def cross_validate(
        self,
        model: Any,
        data: str,
        *,
        folds: int = 5,
        seed: int = 0,
        group: str | None = None,
        name: str | None = None,
        trust: bool = False,
        progress: Callable[[int, int], None] | None = None,
        cancel: Callable[[], bool] | None = None,
    ) -> Evaluation:
        """An evaluation in which each row is predicted by a model that did not learn from it.

        Copies of the model are fitted on all folds but one and predict that one, so that wrong
        labels can be told from learned ones. Kept as an evaluation of a model of its own,
        `<model>-cv`, which cannot be called.

        Args:
            model: a registered model in scikit-learn's interface, or an estimator, which need
                not be fitted; it stays as it is.
            data: the dataset with its labels.
            folds: how many parts; classes are spread evenly over them.
            seed: of the parts.
            group: column whose equal values stay in one part, such as a customer's id.
            name: of the model that the evaluation is of.
            trust: allow to load a model that was kept as a pickle.
            progress: called with (parts done, parts).
            cancel: asked before each part; True stops.

        Raises:
            ModelError: the model cannot be fitted again.
        """
        from mispredict.workspace.labelling.validating import cross_validate

        return cross_validate(
            cast("Workspace", self), model, data, folds=folds, seed=seed, group=group, name=name,
            trust=trust, progress=progress, cancel=cancel,
        )  # fmt: skip
