"""Why a model says what it says, as results: of rows, of a cohort, of the model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

import numpy as np
import numpy.typing as npt

from mispredict.core.results import Result, Source
from mispredict.explain.faithful import Faithfulness
from mispredict.explain.importance import Importance
from mispredict.explain.mispredictive import Mispredictive

if TYPE_CHECKING:
    import pandas as pd

    from mispredict.explain.dependence import Dependence
    from mispredict.explain.interacting import Interactions

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ExplanationFacts:
    """How attributions came about.

    `output` says what is explained (log-odds of 'yes'), `base` its mean where nothing is known
    (of several classes, over the rows). `additivity_error` is the largest |output - base - sum of
    attributions|, `sampling_error` the mean half-width of the attributions' 95 % intervals
    (0 where nothing is sampled). `asked` rows were to be explained and `n` are; of these `kept`
    were explained before. `model_rows` is how many rows the model was asked for, in
    `model_calls`, of which it `failed` on some; `failure` is what it said of the first.
    """

    method: str
    why: str
    is_exact: bool
    output: str
    base: float
    additivity_error: float
    sampling_error: float
    facts: Mapping[str, Any]
    asked: int
    n: int
    kept: int = 0
    model_calls: int = 0
    model_rows: int = 0
    model_seconds: float = 0.0
    failed: int = 0
    failure: str = ""
    is_budget_spent: bool = False
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Attribution:
    """How far a feature moved the output of one row; `value` is what the row has there.

    `low` and `high` are the interval of the sampling, the attribution itself where it is exact.
    Of a token, `start` and `end` say where it stands in the text, else they are -1.
    """

    feature: str
    value: Any
    attribution: float
    low: float
    high: float
    start: int = -1
    end: int = -1


@dataclass(frozen=True)
class LocalExplanation(Result):
    """The attributions of one row: tokens in their order, else the largest first.

    `base` plus the attributions is the `output`.
    """

    rows: tuple[Attribution, ...]
    row: int
    id: Any
    prediction: Any
    label: Any
    base: float
    output: float
    about: ExplanationFacts
    source: Source
    text: str = ""

    row_type: ClassVar[type] = Attribution
    title: ClassVar[str] = "Why, for one row"


class Access(Protocol):
    """What an explanation asks for when it is asked for more."""

    def local(self, explanation: Explanation, row: int | None) -> LocalExplanation: ...

    def frame(self, explanation: Explanation, limit: int | None) -> pd.DataFrame: ...

    def dependence(self, explanation: Explanation, feature: str, bins: int) -> Dependence: ...

    def interactions(self, explanation: Explanation, top: int, sample: int) -> Interactions: ...


@dataclass(frozen=True)
class Explanation(Result):
    """What moves the model's answers over the explained rows, the most important feature first.

    `mispredictive` are the features whose pushes are worth less, by the labels, than those of the
    others. `faithfulness` says whether taking out
    what is said to matter moves the model more than taking out anything.
    """

    rows: tuple[Importance, ...]
    about: ExplanationFacts
    source: Source
    mispredictive: Mispredictive | None = None
    faithfulness: Faithfulness | None = None
    note: str = ""

    row_type: ClassVar[type] = Importance
    title: ClassVar[str] = "What moves the model"

    def local(self, row: int | None = None) -> LocalExplanation:
        """The attributions of one of the explained rows; the first without a number."""
        return self._source_of_more().local(self, row)

    def attributions(self, limit: int | None = None) -> pd.DataFrame:
        """A row per explained row: its number, an attribution per feature, base and output.

        Of tokens, a row per token.
        """
        return self._source_of_more().frame(self, limit)

    def dependence(self, feature: str, *, bins: int = 10) -> Dependence:
        """The feature's values against its attributions, in bins."""
        return self._source_of_more().dependence(self, feature, bins)

    def interactions(self, *, top: int = 10, sample: int = 500) -> Interactions:
        """Pairs of features that act together, the strongest first."""
        return self._source_of_more().interactions(self, top, sample)

    def __str__(self) -> str:
        lines = [f"{self.title}: {self.about.output} ({self.about.method}, {self.about.why})"]
        lines.append(self._shown().to_string(index=False, max_rows=40, float_format=_figure))
        for part in (self.mispredictive, self.faithfulness):
            if part is not None:
                lines.append(str(part))
        return "\n".join([*lines, self.note] if self.note else lines)

    def _repr_html_(self) -> str:
        from html import escape

        caption = f"<p><b>{escape(self.title)}</b>: {escape(self.about.output)}</p>"
        notes = [part.sentence for part in (self.faithfulness,) if part is not None]
        notes += [row.sentence for row in (self.mispredictive.rows if self.mispredictive else ())]
        below = "".join(f"<p>{escape(text)}</p>" for text in [*notes, self.note] if text)
        return caption + str(self._shown().to_html(index=False, max_rows=60, escape=True)) + below

    def _shown(self) -> pd.DataFrame:
        """The frame without the columns of a rest that there is not."""
        frame = self.to_frame()
        return frame if any(row.rest_n for row in self.rows) else frame.iloc[:, :7]

    def backed_by(self, access: Access) -> Explanation:
        """The explanation itself, which can now be asked for more."""
        object.__setattr__(self, "_access", access)
        return self

    def _source_of_more(self) -> Access:
        access: Access = self.__dict__["_access"]
        return access


def _figure(value: float) -> str:
    return f"{value:.4g}"
