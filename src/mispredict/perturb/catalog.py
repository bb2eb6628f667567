"""The perturbations there are, as a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from mispredict.core.results import Result
from mispredict.perturb.registry import PERTURBATIONS


@dataclass(frozen=True, slots=True)
class CatalogRow:
    """A perturbation: what it changes, whether the label is kept, its options."""

    name: str
    on: str
    keeps_label: bool
    options: tuple[str, ...]
    summary: str


@dataclass(frozen=True)
class Catalog(Result):
    """All perturbations, by what they change and by name."""

    rows: tuple[CatalogRow, ...]

    row_type: ClassVar[type] = CatalogRow
    title: ClassVar[str] = "Perturbations"


def catalog() -> Catalog:
    """The perturbations that are registered, those of plugins too."""
    items = [PERTURBATIONS[name] for name in PERTURBATIONS]
    rows = [
        CatalogRow(item.name, item.on, item.keeps_label, tuple(item.options), item.summary)
        for item in sorted(items, key=lambda item: (item.on != "text", item.on, item.name))
    ]
    return Catalog(tuple(rows))
