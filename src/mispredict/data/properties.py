"""Properties of what a column holds, such as the brightness of an image: a number per row.

Rooms and plugins that read images or sounds add theirs with `data_property`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from mispredict.core.registry import Registry
from mispredict.core.schema import ColumnType
from mispredict.expectations.subject import Floats

if TYPE_CHECKING:
    import pyarrow as pa

Measured: TypeAlias = "Callable[[pa.ChunkedArray], Floats]"


@dataclass(frozen=True, slots=True)
class Property:
    """A number of each value of a column; `types` are those of columns that have it."""

    name: str
    types: tuple[ColumnType, ...]
    unit: str
    measure: Measured


PROPERTIES: Registry[Property] = Registry("property")


def data_property(name: str, *types: ColumnType, unit: str = "") -> Callable[[Measured], Measured]:
    """Decorator that adds a property of columns of these types; NaN where it is not known."""

    def add(measure: Measured) -> Measured:
        PROPERTIES.register(name)(Property(name, types, unit, measure))
        return measure

    return add


_WORDS = (ColumnType.TEXT, ColumnType.CATEGORICAL)


@data_property("letters", *_WORDS, unit="letters")
def _letters(values: Any) -> Floats:
    import pyarrow.compute as pc

    return _floats(pc.utf8_length(values))


@data_property("words", *_WORDS, unit="words")
def _words(values: Any) -> Floats:
    import pyarrow.compute as pc

    return _floats(pc.count_substring_regex(values, r"\S+"))


@data_property("capitals", *_WORDS)
def _capitals(values: Any) -> Floats:
    """Share of the letters that are capital ones."""
    import pyarrow.compute as pc

    capitals = _floats(pc.count_substring_regex(values, r"\p{Lu}"))
    return capitals / np.maximum(_floats(pc.count_substring_regex(values, r"\p{L}")), 1)


@data_property("digits", *_WORDS)
def _digits(values: Any) -> Floats:
    """Share of the letters and digits that are digits."""
    import pyarrow.compute as pc

    digits = _floats(pc.count_substring_regex(values, r"[0-9]"))
    return digits / np.maximum(_floats(pc.utf8_length(values)), 1)


@data_property("bytes", ColumnType.IMAGE, ColumnType.AUDIO, *_WORDS, unit="bytes")
def _bytes(values: Any) -> Floats:
    import pyarrow.compute as pc

    return _floats(pc.binary_length(values))


@data_property("dimensions", ColumnType.VECTOR)
def _dimensions(values: Any) -> Floats:
    import pyarrow.compute as pc

    return _floats(pc.list_value_length(values))


def _floats(values: Any) -> Floats:
    import pyarrow as pa

    found: Floats = values.cast(pa.float64()).to_numpy(zero_copy_only=False) if isinstance(
        values, pa.Array) else values.cast(pa.float64()).to_numpy()  # fmt: skip
    return found
