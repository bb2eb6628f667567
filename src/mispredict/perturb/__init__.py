"""Changes of inputs and made-up inputs: perturbations, templates, synthetic rows."""

from mispredict.perturb import meaning as _meaning
from mispredict.perturb import mistakes as _mistakes
from mispredict.perturb import surface as _surface
from mispredict.perturb import tabular as _tabular
from mispredict.perturb import typos as _typos
from mispredict.perturb import wording as _wording
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
from mispredict.perturb.template import Template, template

__all__ = [
    "PERTURBATIONS",
    "Altered",
    "Chain",
    "Draws",
    "Facts",
    "Perturbation",
    "Reference",
    "Template",
    "apply",
    "chain_of",
    "perturbation",
    "template",
]

# The modules are imported because they fill the registry.
del _meaning, _mistakes, _surface, _tabular, _typos, _wording
