"""Augmentation advice of an evaluation: what the room needs is here."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from mispredict.core.errors import BadOption, EmptyCohort, UnknownColumn
from mispredict.core.ids import Ref
from mispredict.core.options import number, one_or_many, whole
from mispredict.core.task import TaskKind
from mispredict.workspace.explaining.asking import Bounds, Inputs, inputs_of, row_numbers, source_of
from mispredict.workspace.perturbing.perturbing import (
    ask,
    columns_of,
    names_for,
    reference_of,
    subjects_of,
    voiced,
)

if TYPE_CHECKING:
    import pandas as pd

    from mispredict.perturb.advice import AugmentationAdvice, Measured
    from mispredict.perturb.perturbed import Subjects
    from mispredict.perturb.reference import Reference
    from mispredict.workspace.view import View

Floats = npt.NDArray[np.float64]
STRENGTHS = (0.1, 0.3, 0.6)
_COUNTED = ("coef_", "intercept_", "coefs_", "intercepts_", "theta_", "feature_log_prob_")
_SMALL_KINDS = ("LogisticRegression", "LinearSVC", "RidgeClassifier", "GaussianNB")


@dataclass(frozen=True)
class AdviceWish:
    """What is tried: perturbations, strengths, rows, and who says whether rows are clear."""

    names: Any = None
    strengths: Sequence[float] = STRENGTHS
    where: Any = None
    sample: int | None = 500
    columns: Sequence[str] | str | None = None
    ceiling: str | None = None
    votes: Any = None


def advice_of(of: View, wish: AdviceWish, bounds: Bounds) -> AugmentationAdvice:
    """For each perturbation and strength: realistic, clear, done poorly?"""
    from mispredict.perturb.advice import AugmentationAdvice, advised, ranked, warnings_of

    started = time.perf_counter()
    if of.task.kind in (TaskKind.REGRESSION, TaskKind.MULTILABEL):
        raise BadOption(
            f"augmentation advice is for classes, and this is {of.task.kind}.",
            known="It counts what the model gets wrong.",
            hint="ev.perturb('noise')",
        )
    inputs = inputs_of(of, trust=bounds.trust)
    chosen = row_numbers(of, None, wish.where, wish.sample, bounds.seed)
    panel = _Panel.of(of, inputs, chosen, wish, bounds)
    jobs = [(name, s) for name in _names(of, inputs, wish.names) for s in _strengths(wish)]
    rows = []
    for done, (name, strength) in enumerate(jobs):
        rows.append(advised(panel.measured(name, strength)))
        if bounds.progress is not None:
            bounds.progress(done + 1, len(jobs))
    return AugmentationAdvice(
        rows=ranked(rows),
        ceiling=panel.ceiling_name,
        warnings=warnings_of(
            parameters=_parameters(inputs.model),
            rows=of.n,
            ambiguous=_ambiguous(of, inputs),
            ceiling=panel.ceiling_name,
            clear=_mean(panel.clear_before),
            right=_mean(panel.right_before),
            has_ceiling=panel.has_ceiling,
        ),
        source=source_of(of, None, wish.where, len(chosen)),
        seconds=time.perf_counter() - started,
    )


@dataclass(frozen=True, eq=False)
class _Panel:
    """The rows, the model and the ceiling, with what both say of the rows as they are."""

    subjects: Subjects
    inputs: Inputs
    reference: Reference
    wish: AdviceWish
    bounds: Bounds
    right_before: Floats
    ceiling: Inputs | None
    ceiling_name: str
    clear_before: Floats
    votes: pd.DataFrame | None
    has_ceiling: bool

    @classmethod
    def of(cls, of: View, inputs: Inputs, chosen: Any, wish: AdviceWish, bounds: Bounds) -> _Panel:
        from mispredict.perturb.advice import is_ceiling

        subjects = subjects_of(of, inputs, chosen)
        if not len(chosen):
            raise EmptyCohort("there are no rows to change.", hint="a wider cohort")
        quiet = Bounds(seed=bounds.seed, trust=bounds.trust, cancel=bounds.cancel)
        ceiling = None if wish.ceiling is None else _ceiling(of, wish.ceiling, bounds)
        votes = None if wish.votes is None else _votes(wish.votes)
        clear = np.empty(0) if ceiling is None else _right(ceiling, subjects.frame, subjects, quiet)
        name = wish.ceiling or ("votes" if votes is not None else "")
        right = _right(inputs, subjects.frame, subjects, quiet)
        reference = reference_of(inputs)
        has_ceiling = ceiling is None or is_ceiling(clear, right)
        return cls(
            subjects, inputs, reference, wish, quiet, right, ceiling, name, clear, votes,
            has_ceiling,
        )  # fmt: skip

    def measured(self, name: Any, strength: float) -> Measured:
        """The three measures of the rows that the perturbation changes."""
        from mispredict.perturb.advice import Measured
        from mispredict.perturb.applying import apply
        from mispredict.perturb.realism import told_apart

        altered = apply(
            name,
            self.subjects.frame,
            strength,
            self.bounds.seed,
            rows=self.subjects.numbers,
            columns=columns_of(self.inputs, name, self.wish.columns),
            reference=self.reference,
        )
        moved = np.flatnonzero(altered.is_changed)
        real = self.subjects.frame.iloc[moved].reset_index(drop=True)
        changed = altered.after.iloc[moved].reset_index(drop=True)
        wrong = 1 - _right(self.inputs, changed, self.subjects, self.bounds, moved)
        before = 1 - self.right_before[moved]
        known = np.isfinite(wrong) & np.isfinite(before)
        clear, clear_before = self._clear(altered.name, strength, changed, moved)
        return Measured(
            perturbation=altered.name,
            strength=strength,
            keeps_label=altered.keeps_label,
            n=len(moved),
            told=told_apart(real, changed, self.reference, is_paired=True, seed=self.bounds.seed),
            wrong=wrong[known],
            wrong_before=before[known],
            clear=clear,
            clear_before=clear_before,
            has_ceiling=self.has_ceiling,
        )

    def _clear(
        self, name: str, strength: float, changed: pd.DataFrame, moved: Any
    ) -> tuple[Floats, Floats]:
        if self.votes is not None:
            mine = self.votes["perturbation"] == name
            if "strength" in self.votes:
                mine &= np.isclose(self.votes["strength"].astype(float), strength)
            votes = self.votes.loc[mine, "correct"].to_numpy(dtype=np.float64)
            return votes, np.ones(len(votes))
        if self.ceiling is None:
            return np.empty(0), np.empty(0)
        after = _right(self.ceiling, changed, self.subjects, self.bounds, moved)
        return after, self.clear_before[moved]


def _right(
    inputs: Inputs, frame: pd.DataFrame, subjects: Subjects, bounds: Bounds, moved: Any = None
) -> Floats:
    """1 where a model gives the label, 0 where not, NaN where either is unknown."""
    said = ask(inputs, frame, bounds)
    predictions = voiced(said, said.codes).predictions
    places = range(len(subjects.labels)) if moved is None else moved.tolist()
    return np.array(
        [
            np.nan
            if prediction is None or subjects.labels[at] is None
            else float(prediction == subjects.labels[at])
            for at, prediction in zip(places, predictions, strict=True)
        ]
    )


def _ceiling(of: View, name: str, bounds: Bounds) -> Inputs:
    """The other model, asked with the same rows."""
    other = of.workspace.evaluation(name if "/" in name else f"{name}/{of.dataset.ref}")
    if other.dataset.ref != of.dataset.ref:
        raise BadOption(
            f"ceiling={name!r} is of {other.dataset.ref}, not of {of.dataset.ref}.",
            hint=f"ws.evaluate({Ref.parse(other.model).name!r}, {of.dataset.name!r})",
        )
    if other.model == of.model or _identity(of, other.model) == _identity(of, of.model):
        raise BadOption(
            f"ceiling={name!r} is the model itself.",
            known=f"What is clear to {of.model} says nothing of where it is wrong.",
            hint="ceiling='a better model', or votes= of people",
        )
    return inputs_of(other, trust=bounds.trust)


def _identity(of: View, model: str) -> str:
    """What tells one model from another, whatever it is called; its name where nothing does."""
    spec = of.workspace.store.version("model", model, include_deleted=True).spec
    return str(spec.get("fingerprint") or model)


def _mean(values: Floats) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else float("nan")


def _votes(given: Any) -> pd.DataFrame:
    import pandas as pd

    frame = pd.DataFrame(given)
    for name in ("perturbation", "correct"):
        if name not in frame:
            raise UnknownColumn.among(
                name, map(str, frame.columns), where="the votes",
                hint="columns perturbation, strength and correct (1 or 0), a row for each vote",
            )  # fmt: skip
    return frame


def _names(of: View, inputs: Inputs, given: Any) -> tuple[Any, ...]:
    if given is None:
        return names_for(of, inputs)
    if isinstance(given, str) or not hasattr(given, "__iter__"):
        return (given,)
    return tuple(given)


def _strengths(wish: AdviceWish) -> tuple[float, ...]:
    given = [wish.strengths] if isinstance(wish.strengths, (int, float)) else wish.strengths
    found = tuple(
        number("strengths", item, 0, 1, is_above=True, hint="strengths=[0.1, 0.3]")
        for item in one_or_many("strengths", given, hint="strengths=[0.1, 0.3]")
    )
    if wish.sample is not None:
        whole("sample", wish.sample, 1)
    if not found:
        raise BadOption("strengths is empty.", hint="strengths=[0.1, 0.3]")
    return found


def _parameters(model: Any) -> int | None:
    """Numbers that a scikit-learn model has learned, where they can be counted."""
    estimator = getattr(model, "estimator", None)
    steps = getattr(estimator, "steps", None)
    last = steps[-1][1] if steps else estimator
    sizes = [_size(getattr(last, name, None)) for name in _COUNTED]
    if any(sizes):
        return sum(sizes)
    nodes: Callable[[Any], int] = lambda tree: int(getattr(tree, "node_count", 0))  # noqa: E731
    tree = getattr(last, "tree_", None)
    return nodes(tree) or None if tree is not None else None


def _size(value: Any) -> int:
    if isinstance(value, (list, tuple)):
        return sum(map(_size, value))
    return int(np.size(value)) if value is not None else 0


def _ambiguous(of: View, inputs: Inputs) -> float:
    """Share of rows with an equal, by all inputs, that has another label."""
    import pandas as pd

    if "label" not in of.fields.reserved:
        return 0.0
    names = [
        name for name in inputs.table.column_names if inputs.used is None or name in inputs.used
    ]
    rows = np.arange(min(of.n, 20_000))
    frame = inputs.frame(rows)[names]
    try:
        keys = pd.util.hash_pandas_object(frame, index=False)
    except TypeError:  # values that cannot be hashed, such as lists
        return 0.0
    labels = pd.Series(of.table.column("label").slice(0, len(rows)).to_pylist())
    kinds = labels.groupby(keys.to_numpy()).transform("nunique")
    return float((kinds > 1).mean())
