"""Other models that were evaluated on the same rows, as cohorts name them.

With a dataset (`gbm@1/churn@1`) the evaluation of another dataset version is meant: of the rows
that both versions have.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mispredict.core.errors import UnknownName
from mispredict.core.ids import Ref
from mispredict.workspace.listing import without_label

if TYPE_CHECKING:
    from mispredict.store import Version
    from mispredict.workspace.comparing.rows import Matched
    from mispredict.workspace.dataset import Dataset
    from mispredict.workspace.view import View


class OtherModels:
    """Evaluations of the same dataset version, by model; each is opened once."""

    def __init__(self, of: View) -> None:
        self._of = of
        self._known: dict[str, View] = {}
        self._matches: dict[str, Matched] = {}

    def names(self) -> Sequence[str]:
        """Refs of the models that were evaluated on the same rows, but this one."""
        return [ref for ref in self._versions() if ref != self._of.model]

    def of(self, model: str) -> View:
        """The evaluation of a model: of a name without version, the newest one there is.

        With a dataset in the name it is that of another version, whose rows are to be matched.

        Raises:
            UnknownName: the model was not evaluated on these rows.
        """
        if model not in self._known:
            self._known[model] = self._found(model)
        return self._known[model]

    def match(self, dataset: Dataset) -> Matched:
        """Where the rows of these evaluations are in another dataset version."""
        from mispredict.workspace.comparing.rows import matched

        if dataset.ref not in self._matches:
            self._matches[dataset.ref] = matched(self._of.dataset, dataset)
        return self._matches[dataset.ref]

    def _found(self, model: str) -> View:
        if "/" in model:
            return self._of.workspace.evaluation(model)
        versions = self._versions()
        ref = model if model in versions else self._newest(model, versions)
        if ref is None:
            raise UnknownName(
                f"no model {model!r} was evaluated on {self._of.dataset.ref}.",
                known=f"These were: {', '.join(versions) or 'none'}.",
                hint=f"correct('{next(iter(versions), 'gbm@1')}')",
            )
        return type(self._of)(self._of.workspace, versions[ref], self._of.dataset)

    def _newest(self, model: str, versions: dict[str, Version]) -> str | None:
        """The newest version of a model's name that is none's ref; by a label, if it has one."""
        name, _, label = model.partition("@")
        if label:
            labelled = without_label(self._of.workspace.store, model)
            return labelled if labelled in versions else None
        own = [ref for ref in versions if Ref.parse(ref).name == name]
        return max(own, key=lambda ref: Ref.parse(ref).version or 0) if own else None

    def _versions(self) -> dict[str, Version]:
        """The newest evaluation of each model on this dataset version."""
        found: dict[str, Version] = {}
        for version in self._of.workspace.store.versions("evaluation"):
            if version.spec["dataset"] == self._of.dataset.ref:
                model = str(version.spec["model"])
                found[model] = max(found.get(model, version), version, key=lambda v: v.created_at)
        return found
