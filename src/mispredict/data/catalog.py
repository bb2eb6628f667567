"""The kinds of checks of data: every module of `data/kinds` registers its own."""

from __future__ import annotations

import pkgutil
from importlib import import_module

from mispredict.data import kinds

# Importing them registers them; a module is added by writing it.
OURS = tuple(
    import_module(f"{kinds.__name__}.{module.name}")
    for module in pkgutil.iter_modules(kinds.__path__)
)
