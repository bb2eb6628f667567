"""A scikit-learn model taken apart: its last step, and the encoding before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from mispredict.explain.attributions import Subject, Unsuited, class_column
from mispredict.explain.encoding import Encoding, encoding_of

if TYPE_CHECKING:
    import pandas as pd

    from mispredict.models.estimators import SklearnModel

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]

TOLERANCE = 1e-4  # between what the parts and the model itself answer, of the answers' range


@dataclass(frozen=True, eq=False)
class Parts:
    """An estimator's last step and how its rows come about.

    `player` is the feature of the subject that each column before the last step was made of,
    below 0 where it was made of none or of several.
    """

    subject: Subject
    model: SklearnModel
    last: Any
    encoding: Encoding
    player: Codes
    class_column: Codes

    def encode(self, rows: pd.DataFrame) -> Any:
        """The rows as the last step is given them."""
        return self.encoding.encode(self.model.fed(rows))

    def check(self, answers: Floats) -> None:
        """Refuse parts that do not answer the background as the whole model does.

        Args:
            answers: of the parts, (n, K) in the estimator's own order of classes, or (n, 1).

        Raises:
            Unsuited: they differ.
        """
        frame = self.subject.background.frame
        own = self.subject.caller.all_numbers(frame)
        if own.shape[1] > 1:
            answers = answers[:, self.class_column]
        known = np.isfinite(own).all(axis=1)
        reach = max(float(np.ptp(own[known])), 1e-12) if known.any() else 1.0
        if not known.any() or np.abs(own - answers)[known].max() > TOLERANCE * reach:
            raise Unsuited("what can be read of it does not answer as the model itself does")


def take_apart(subject: Subject) -> Parts:
    """The parts of the subject's model.

    Raises:
        Unsuited: it is no scikit-learn-like estimator, or does more than encode and predict.
    """
    from mispredict.models.estimators import SklearnModel

    model = subject.model
    if not isinstance(model, SklearnModel):
        raise Unsuited(f"the model is called as {model.kind}, and its inside is not known")
    steps = _steps(model.estimator)
    frame = subject.background.frame
    fed = model.fed(frame)
    inputs = _inputs(subject, frame, fed)
    try:
        encoding = encoding_of(steps[:-1], fed, len(inputs))
    except Exception as error:  # a step of a stranger
        raise Unsuited(f"its steps cannot be followed ({type(error).__name__})") from error
    origins = encoding.origins
    player = np.where(origins >= 0, inputs[np.maximum(origins, 0)], origins)
    return Parts(subject, model, steps[-1], encoding, player, class_column(subject, model.classes))


def is_unknown(parts: Parts, target: int) -> bool:
    """Whether the class is one that the estimator does not know."""
    return len(parts.class_column) > 0 and int(parts.class_column[target]) < 0


def refuse_mixed(player: Codes, used: Codes) -> None:
    """Raise where a used column was made of several inputs.

    Raises:
        Unsuited: there is one.
    """
    mixed = used[player[used] < -1]
    if len(mixed):
        raise Unsuited(f"{len(mixed):,} of its encoded columns are made of several inputs each")


def _steps(estimator: Any) -> list[Any]:
    """The steps of pipelines and searches, flat; the last is the one that predicts."""
    best = getattr(estimator, "best_estimator_", None)
    if best is not None:
        return _steps(best)
    steps = getattr(estimator, "steps", None)
    if steps:
        return [step for _, step in steps[:-1]] + _steps(steps[-1][1])
    return [estimator]


def _inputs(subject: Subject, frame: pd.DataFrame, fed: Any) -> Codes:
    """The subject's feature of each column that the estimator is given."""
    if hasattr(fed, "columns"):
        return np.array([subject.features.index(str(name)) for name in fed.columns], np.int64)
    if isinstance(fed, list):  # of texts, of one column
        if subject.texts and not isinstance(fed[0], dict):
            name = subject.texts[0] if len(subject.features) > 1 else subject.features[0]
            return np.array([subject.features.index(name)], np.int64)
        raise Unsuited("it is given records, whose columns are not in order")
    return np.arange(len(subject.features))
