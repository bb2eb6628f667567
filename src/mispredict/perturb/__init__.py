"""Changes of inputs and made-up inputs: perturbations, templates, synthetic rows."""

from mispredict.perturb import tabular as _tabular
from mispredict.perturb import typos as _typos
from mispredict.perturb.applying import Altered, apply
from mispredict.perturb.draws import Draws
from mispredict.perturb.reference import Facts, Reference
from mispredict.perturb.registry import (
    PERTURBATIONS,
    Chain,
    Perturbation,
    chain_of,
    perturbation,
)

__all__ = [
    "PERTURBATIONS",
    "Altered",
    "Chain",
    "Draws",
    "Facts",
    "Perturbation",
    "Reference",
    "apply",
    "chain_of",
    "perturbation",
]

del _tabular, _typos  # imported because they fill the registry
