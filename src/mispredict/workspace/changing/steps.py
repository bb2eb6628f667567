"""Two models taken apart: what prepares their inputs, and what predicts from that.

Only pipelines of scikit-learn are: all steps but the last, and the last one. The steps of one
are put before the estimator of the other where they give the features that it was fitted to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mispredict.core.errors import BadOption, MispredictError

if TYPE_CHECKING:
    import pandas as pd

    from mispredict.models.estimators import SklearnModel
    from mispredict.models.protocol import Model
    from mispredict.workspace.dataset import Dataset
    from mispredict.workspace.evaluation import Evaluation

PREPARING, PREDICTING = "preprocessing", "model"
_SAMPLE = 20  # rows by which the steps' features are looked at
_SHOWN = 3  # features that are named


@dataclass(frozen=True, eq=False)
class Parts:
    """A pipeline: its steps before the last, and the last one; `spec` says how it is called."""

    ref: str
    spec: Mapping[str, Any]
    feed: Callable[[pd.DataFrame], Any]
    steps: tuple[Any, ...]
    estimator: Any

    @property
    def prepares(self) -> str:
        """Names of what prepares the inputs."""
        return ", ".join(type(step).__name__ for step in self.steps)


@dataclass(frozen=True, eq=False)
class Steps:
    """Which parts of two models differ.

    `factors` are preprocessing, model or both; model alone stands for the whole where it cannot
    be taken apart, and `reason` says why then.
    """

    factors: tuple[str, ...]
    parts: tuple[Parts, Parts] | None = None
    reason: str = ""

    def crossed(self, prepares: int, predicts: int, dataset: Dataset) -> Model:
        """The steps of one model before the estimator of the other.

        Raises:
            BadOption: the steps do not give what the estimator was fitted to.
        """
        from sklearn.pipeline import Pipeline

        from mispredict.models.estimators import SklearnModel

        assert self.parts is not None
        first, last = self.parts[prepares], self.parts[predicts]
        _check_features(self.parts, dataset)
        named = [(f"step{at}", step) for at, step in enumerate(first.steps)]
        return SklearnModel(
            Pipeline([*named, ("estimator", last.estimator)]),
            input=first.spec["input"],
            classes=last.spec["classes"],
            name=f"{last.ref} after the steps of {first.ref}",
        )


def steps_of(before: Evaluation, after: Evaluation, *, trust: bool) -> Steps:
    """Which parts of the models of two evaluations differ."""
    found = [_taken_apart(of, trust) for of in (before, after)]
    first, second = found
    if isinstance(first, str) or isinstance(second, str):
        reason = next(item for item in found if isinstance(item, str))
        said = f"It is counted with the model: {reason}.{_of_code(before, after)}"
        return Steps((PREDICTING,), None, said)
    changed = []
    if first.spec["input"] != second.spec["input"] or not _is_same(first.steps, second.steps):
        changed.append(PREPARING)
    if first.spec["classes"] != second.spec["classes"] or not _is_same(
        (first.estimator,), (second.estimator,)
    ):
        changed.append(PREDICTING)
    return Steps(tuple(changed) or (PREDICTING,), (first, second))


def _taken_apart(of: Evaluation, trust: bool) -> Parts | str:
    """The parts of an evaluation's model, or why there are none."""
    from mispredict.models.estimators import SklearnModel

    ref, workspace = of.model, of.workspace
    spec = _spec(of)
    if spec["kind"] == "predictions":
        return f"of {ref} only the predictions are known"
    if not workspace.can_call(ref, trust=trust):
        return f"{ref} cannot be loaded here"
    try:
        model = workspace.model(ref, trust=trust)
    except MispredictError as error:
        return f"{ref} cannot be loaded here ({error.message.rstrip('.')})"
    if not isinstance(model, SklearnModel):
        return f"{ref} is a model of the kind {model.kind}, which is swapped as a whole"
    return _of_pipeline(ref, spec, model)


def _of_code(*sides: Evaluation) -> str:
    """Whether functions, of which there is a record, are of other code."""
    described = [_spec(of).get("describe") or {} for of in sides]
    code = [item.get("code") for item in described]
    if not all(code):
        return ""
    if code[0] == code[1]:
        return " The functions have the same code; what they call and read may differ."
    return " The code of the functions differs."


def _of_pipeline(ref: str, spec: Mapping[str, Any], model: SklearnModel) -> Parts | str:
    from sklearn.pipeline import Pipeline

    pipeline = getattr(model.estimator, "best_estimator_", model.estimator)
    if not isinstance(pipeline, Pipeline) or len(pipeline.steps) < 2:
        return f"{ref} is no pipeline of scikit-learn with steps before its estimator"
    steps = [step for _, step in pipeline.steps]
    if any(isinstance(step, str) or step is None for step in steps[-1:]):
        return f"the last step of {ref} is no estimator"
    kept = [step for step in steps[:-1] if not isinstance(step, str) and step is not None]
    if any(not hasattr(step, "transform") for step in kept):
        return f"a step of {ref} does not transform rows"
    return Parts(ref, spec, model.fed, tuple(kept), steps[-1])


def _spec(of: Evaluation) -> Mapping[str, Any]:
    found = of.workspace.store.version("model", of.model, include_deleted=True)
    return found.spec


def _is_same(first: Sequence[Any], second: Sequence[Any]) -> bool:
    """Whether they are the same objects, or do the same for sure."""
    from mispredict.models.describing import content_hash

    if len(first) != len(second):
        return False
    if all(own is other for own, other in zip(first, second, strict=True)):
        return True
    hashed = content_hash(list(first))
    return hashed is not None and hashed == content_hash(list(second))


def _check_features(parts: tuple[Parts, Parts], dataset: Dataset) -> None:
    """Raise where the steps of the two do not give the same features."""
    frame = dataset.input_frame().head(_SAMPLE)
    given = [_given(part, frame) for part in parts]
    names = [_names(part, item) for part, item in zip(parts, given, strict=True)]
    if names[0] and names[1] and names[0] != names[1]:
        raise BadOption(_other_names(parts, names[0], names[1]))
    width = [int(item.shape[1]) for item in given]
    if width[0] != width[1]:
        raise BadOption(
            f"the steps of {parts[0].ref} give {width[0]:,} features, those of {parts[1].ref}"
            f" {width[1]:,}."
        )
    if hasattr(given[0], "columns") != hasattr(given[1], "columns"):
        raise BadOption("only the steps of one of them give features with names.")


def _given(part: Parts, frame: pd.DataFrame) -> Any:
    """What the steps make of some rows."""
    rows: Any = part.feed(frame)
    try:
        for step in part.steps:
            rows = step.transform(rows)
    except Exception as error:
        raise BadOption(
            f"the steps of {part.ref} cannot prepare these rows: {type(error).__name__}: {error}"
        ) from error
    if len(getattr(rows, "shape", ())) != 2:
        raise BadOption(f"the steps of {part.ref} give no table of features.")
    return rows


def _names(part: Parts, given: Any) -> list[str]:
    """Names of the features; none where the steps know none."""
    from sklearn.pipeline import Pipeline

    if hasattr(given, "columns"):
        return [str(name) for name in given.columns]
    try:
        found = Pipeline([(f"step{at}", step) for at, step in enumerate(part.steps)])
        return [str(name) for name in found.get_feature_names_out()]
    except Exception:  # noqa: BLE001 - steps of users may lack it, or raise anything
        return []


def _other_names(parts: tuple[Parts, Parts], first: list[str], second: list[str]) -> str:
    only = [
        [name for name in own if name not in set(other)]
        for own, other in ((first, second), (second, first))
    ]
    if not only[0] and not only[1]:
        return "their steps give the same features in another order."
    said = [
        f"{part.ref} alone gives {', '.join(map(repr, names[:_SHOWN]))}"
        + (f" and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else "")
        for part, names in zip(parts, only, strict=True)
        if names
    ]
    return f"their steps give other features: {', '.join(said)}."
