"""What one model did on one dataset: the object that people ask."""

from __future__ import annotations

from mispredict.workspace.face.comparing import Compared
from mispredict.workspace.face.doubting import Doubting
from mispredict.workspace.face.drifting import Estimating
from mispredict.workspace.face.explaining import Explaining
from mispredict.workspace.face.finding import Finding
from mispredict.workspace.face.keeping import Keeping
from mispredict.workspace.face.labelling import Labelling
from mispredict.workspace.face.looking import Looking
from mispredict.workspace.face.measuring import Measuring
from mispredict.workspace.face.perturbing import Perturbing
from mispredict.workspace.face.reviewing import Opening
from mispredict.workspace.face.testing import Testing


class Evaluation(
    Measuring,
    Finding,
    Looking,
    Keeping,
    Compared,
    Explaining,
    Perturbing,
    Testing,
    Labelling,
    Opening,
    Estimating,
    Doubting,
):
    """One row per example of a model version × a dataset version.

    Every method takes `where`, a cohort in the cohort language (or a `Predicate`); without it
    the answer is about all rows.
    """

    def __str__(self) -> str:
        return str(self.overview())

    def _repr_html_(self) -> str:
        return str(self.overview()._repr_html_())
