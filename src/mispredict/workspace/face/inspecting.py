"""Checks of data: the part of `Dataset` that looks at the rows themselves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from mispredict.checks.suites.suite import Suite
    from mispredict.data.difference.difference import DatasetDiff
    from mispredict.data.duplicates.duplicates import Conflicts, Duplicates
    from mispredict.data.duplicates.embedding import Embedding
    from mispredict.data.health.health import Health
    from mispredict.data.leakage.leakage import Leakage
    from mispredict.expectations.check import Check, Kind
    from mispredict.expectations.verdict import Verdict
    from mispredict.workspace.dataset import Dataset
    from mispredict.workspace.evaluation import Evaluation

Progress = Callable[[int, int], None]
Cancel = Callable[[], bool]


class Inspecting:
    """Health, duplicates, leaks, conflicts, differences, and checks of data."""

    def check(
        self,
        kind: str | Kind | Check,
        *,
        name: str = "",
        reference: str | Dataset | None = None,
        seed: int = 0,
        **options: Any,
    ) -> Verdict:
        """The verdict of one check of the data; nothing is kept of it.

        Args:
            kind: a kind of check that needs data alone, such as "missing", with its options;
                or a `Check`.
            name: what it is called.
            reference: other data to compare with, where the kind does that.
            seed: of its draws.
            **options: those of the kind, such as `column="Age", max=0.05`.
        """
        from mispredict.workspace.inspecting.asking import check

        return check(
            cast("Dataset", self), kind, name=name, reference=reference, seed=seed, options=options
        )

    def propose_checks(
        self, reference: str | Dataset | None = None, *, name: str = "", seed: int = 0
    ) -> Suite:
        """A suite that data like these pass; edit it, save it, run it on the next version.

        Args:
            reference: the data to learn bounds from; these very data by default.
            name: of the suite; that of the dataset by default.
            seed: of the checks' draws.
        """
        from mispredict.workspace.inspecting.asking import propose

        return propose(cast("Dataset", self), reference, name=name, seed=seed)

    def health(
        self,
        reference: str | Dataset | None = None,
        evaluation: str | Evaluation | None = None,
        *,
        progress: Progress | None = None,
        cancel: Cancel | None = None,
    ) -> Health:
        """What is wrong with the data, what costs most first, and each column at a glance.

        Args:
            reference: an older version, or what a model learned from, to compare with.
            evaluation: of these data, to say what each finding costs.
            progress: called with (checks run, checks in all).
            cancel: asked between checks; True stops.
        """
        from mispredict.workspace.inspecting.asking import health

        return health(
            cast("Dataset", self), reference, evaluation, progress=progress, cancel=cancel
        )

    def duplicates(
        self,
        near: float = 1.0,
        columns: Sequence[str] | None = None,
        against: str | Dataset | None = None,
        *,
        embedding: Embedding | None = None,
        limit: int = 100,
        progress: Progress | None = None,
        cancel: Cancel | None = None,
    ) -> Duplicates:
        """Rows that are the same, or nearly so.

        Args:
            near: the least similarity, from above 0 to 1, which is the same. Texts are compared
                by the runs of letters that they share (Jaccard), a column of vectors by their
                cosine, other rows by the share of values that agree.
            columns: what is compared; all inputs by default.
            against: another dataset, to find rows that are there too.
            embedding: compare by the cosine of vectors that are no column: a function from the
                values of the one column in `columns` (the only text by default) to a vector
                each, or an array with a vector per row.
            limit: most groups in the result.
            progress: called with (steps done, steps in all).
            cancel: asked between steps; True stops.
        """
        from mispredict.workspace.inspecting.asking import duplicates

        return duplicates(
            cast("Dataset", self), near, columns, against,
            embedding=embedding, limit=limit, progress=progress, cancel=cancel,
        )  # fmt: skip

    def conflicts(
        self,
        near: float = 1.0,
        columns: Sequence[str] | None = None,
        *,
        limit: int = 100,
    ) -> Conflicts:
        """Rows with the same inputs and different labels, and the accuracy that they allow.

        Args:
            near: the least similarity of inputs; 1 for the same.
            columns: what is compared; all inputs by default.
            limit: most groups in the result.
        """
        from mispredict.workspace.inspecting.asking import conflicts

        return conflicts(cast("Dataset", self), near, columns, limit=limit)

    def leakage(
        self,
        against: str | Dataset | None = None,
        group: str | None = None,
        time: str | None = None,
        *,
        near: float = 0.9,
        near_vectors: float = 0.95,
        progress: Progress | None = None,
        cancel: Cancel | None = None,
    ) -> Leakage:
        """Ways in which a model can know the right answers beforehand, the worst first.

        Args:
            against: what a model learned from, if these are the data that it is judged by.
            group: column whose values should not be in both, such as a customer.
            time: column of when a row happened; that of the role by default.
            near: the least similarity of rows that count as nearly the same.
            near_vectors: the least cosine that counts, of columns of vectors.
            progress: called with (steps done, steps in all).
            cancel: asked between steps; True stops.
        """
        from mispredict.workspace.inspecting.asking import leakage

        return leakage(
            cast("Dataset", self), against, group, time,
            near=near, near_vectors=near_vectors, progress=progress, cancel=cancel,
        )  # fmt: skip

    def diff(
        self,
        other: str | Dataset,
        key: str | None = None,
        by: str | Sequence[str] | None = None,
        *,
        limit: int = 20,
    ) -> DatasetDiff:
        """What changed from the other version to this one: rows, columns, cohorts.

        Args:
            other: the version before.
            key: column by which rows are matched; the id by default, else their content.
            by: columns, or cohorts, to count by; the label by default.
            limit: most changed rows to show.
        """
        from mispredict.workspace.inspecting.asking import diff

        return diff(cast("Dataset", self), other, key, by, limit=limit)
