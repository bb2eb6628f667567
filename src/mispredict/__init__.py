"""The debugging workspace for machine learning: where, why and how a model is wrong.

Example:
    >>> import mispredict as mp
    >>> ws = mp.open()                                              # doctest: +SKIP
    >>> ws.add_dataset("churn", "test.parquet", label="Exited")     # doctest: +SKIP
    >>> ws.add_model("gbm", pipeline)                               # doctest: +SKIP
    >>> ev = ws.evaluate("gbm", "churn")                            # doctest: +SKIP
    >>> mp.show(ev)                                                 # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mispredict.core.errors import MispredictError

if TYPE_CHECKING:
    from mispredict.checks.suites.suite import Suite
    from mispredict.core.predicate import Predicate, parse
    from mispredict.expectations.check import Check, Kind, check_kind
    from mispredict.metrics.registry import metric
    from mispredict.perturb.registry import perturbation
    from mispredict.perturb.template import template
    from mispredict.server.showing import show
    from mispredict.workspace import Dataset, Evaluation, Workspace
    from mispredict.workspace import open_workspace as open  # noqa: A004 - as in mp.open()

__version__ = "0.1.0"

__all__ = [
    "Check",
    "Dataset",
    "Evaluation",
    "Kind",
    "MispredictError",
    "Predicate",
    "Suite",
    "Workspace",
    "check_kind",
    "metric",
    "open",
    "parse",
    "perturbation",
    "show",
    "template",
]

_HOMES = {
    "Check": "mispredict.checks.catalog:Check",
    "Dataset": "mispredict.workspace:Dataset",
    "Evaluation": "mispredict.workspace:Evaluation",
    "Kind": "mispredict.checks.catalog:Kind",
    "Predicate": "mispredict.core.predicate:Predicate",
    "Suite": "mispredict.checks.suites.suite:Suite",
    "Workspace": "mispredict.workspace:Workspace",
    "check_kind": "mispredict.checks.catalog:check_kind",
    "metric": "mispredict.metrics:metric",
    "open": "mispredict.workspace:open_workspace",
    "parse": "mispredict.core.predicate:parse",
    "perturbation": "mispredict.perturb:perturbation",
    "show": "mispredict.server.showing:show",
    "template": "mispredict.perturb:template",
}


def __getattr__(name: str) -> Any:
    """Public names are imported when first used, so that `import mispredict` is quick."""
    if name not in _HOMES:
        raise AttributeError(f"module 'mispredict' has no attribute {name!r}")
    from importlib import import_module

    module, _, attribute = _HOMES[name].partition(":")
    value = getattr(import_module(module), attribute)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
