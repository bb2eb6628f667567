"""Names of people: the part of `Workspace` that keeps cohorts, tags and decisions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import EllipsisType
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from mispredict.core.errors import (
    BadOption,
)
from mispredict.core.ids import Ref
from mispredict.core.options import number, text
from mispredict.workspace import saved
from mispredict.workspace.dataset import Dataset

if TYPE_CHECKING:
    from mispredict.cohorts.tag_settings import TagSettings
    from mispredict.core.predicate import Predicate
    from mispredict.store import Store, Version
    from mispredict.workspace.evaluation import Evaluation


class Naming:
    """Saved cohorts, tags, and thresholds that somebody chose."""

    store: Store

    def save_cohort(self, name: str, where: str | Predicate, *, note: str = "") -> Version:
        """Save a cohort under a name; `cohort('name')` means its newest version."""
        return saved.save(self.store, name, where, note=note)

    def cohorts(self) -> saved.Cohorts:
        """The newest version of each saved cohort."""
        return saved.listed(self.store)

    def cohort_predicates(self) -> Mapping[str, Predicate]:
        """Saved cohorts by name."""
        return saved.predicates(self.store)

    def export_cohorts(self, folder: str | Path) -> list[Path]:
        """Write each saved cohort as a YAML file, to be reviewed and versioned with git."""
        return saved.export(self.store, Path(folder))

    def import_cohorts(self, folder: str | Path) -> list[Version]:
        """Save the cohorts of a folder of YAML files; all of them or, on an error, none."""
        return saved.import_(self.store, Path(folder))

    def tag(
        self,
        name: str,
        of: Evaluation,
        *,
        where: str | Predicate | None = None,
        rows: Sequence[int] | npt.NDArray[np.integer[Any]] | None = None,
        is_removed: bool = False,
    ) -> int:
        """Add rows to a tag, or remove them; how many rows of the dataset have it then."""
        mask = saved.chosen(of, where, rows)
        return saved.tag(self.store, name, of.dataset, mask, is_removed=is_removed)

    def tags(self) -> saved.Tags:
        """All tags with the number of their rows."""
        return saved.tags(self.store)

    def set_tag(
        self,
        name: str,
        *,
        ease: int | EllipsisType | None = ...,
        importance: int | EllipsisType | None = ...,
        ceiling: float | EllipsisType | None = ...,
        note: str | EllipsisType = ...,
    ) -> TagSettings:
        """Say how easy (1 to 5) and important (1 to 5) a tag is, its ceiling, or a note.

        What is left out stays as it was; None takes it back. `ev.tags()` uses it.
        """
        from mispredict.workspace.tag_notes import set_tag

        return set_tag(
            self.store, name, ease=ease, importance=importance, ceiling=ceiling, note=note
        )

    def tag_settings(self) -> Mapping[str, TagSettings]:
        """What was said of tags, by name."""
        from mispredict.workspace.tag_notes import tag_settings

        return tag_settings(self.store)

    def tag_masks(self, of: Dataset) -> saved.TagMasks:
        """Rows of a dataset by tag, each found when it is asked for."""
        return saved.TagMasks(self.store, of)

    def decide_threshold(
        self, of: Evaluation, threshold: float, *, who: str, reason: str
    ) -> Version:
        """Record that `who` chose a threshold for a model, and why."""
        threshold = number("threshold", threshold, 0, 1)
        if not text("who", who).strip() or not text("reason", reason).strip():
            raise BadOption(
                "a decision needs who and reason.",
                known="One of them is empty.",
                hint="who='Ada', reason='…'",
            )
        spec = {
            "evaluation": of.ref, "threshold": threshold, "who": who, "reason": reason,
        }  # fmt: skip
        name = Ref.parse(of.model).name
        return self.store.commit("threshold", name, spec=spec, parents=(f"model:{of.model}",))
