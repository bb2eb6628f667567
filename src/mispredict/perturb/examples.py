"""What the examples of perturbations stand on: `apply` and a small table of people."""

from __future__ import annotations

import doctest
from typing import TYPE_CHECKING, Any

from mispredict.perturb.applying import apply
from mispredict.perturb.registry import Perturbation

if TYPE_CHECKING:
    import pandas as pd


def names() -> dict[str, Any]:
    """Names that the examples use."""
    return {"apply": apply, "people": people()}


def people() -> pd.DataFrame:
    """Three rows, for examples."""
    import pandas as pd

    return pd.DataFrame(
        {
            "age": [23, 45, 67],
            "income": [21_500.0, 38_750.0, 30_200.0],
            "plan": ["basic", "family", "basic"],
        }
    )


def examples(of: Perturbation) -> list[tuple[str, str]]:
    """The examples in a perturbation's docstring: what is typed, and what it says."""
    found = doctest.DocTestParser().get_examples(of.doc)
    return [(item.source.strip(), item.want.rstrip()) for item in found]


def answer(source: str) -> str:
    """What an example really says."""
    return repr(eval(source, names()))
