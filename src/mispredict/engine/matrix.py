"""Codes of many columns as two arrays and a JSON value: how they are stored.

Columns of one byte are the rows of one matrix, columns of two bytes of another, so that each
column lies in one piece and a memory-mapped matrix is read only where it is used.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from mispredict.core.errors import CorruptPart
from mispredict.engine.codebook import Codebook
from mispredict.engine.encode import Coded

_WIDTHS = ("uint8", "uint16")


class CodeMatrix(Mapping[str, Coded]):
    """Coded columns by name, kept in a matrix per width of a code.

    Example:
        >>> matrix = CodeMatrix.of({})
        >>> CodeMatrix.restore(matrix.arrays, matrix.to_dict()) == matrix
        True
    """

    def __init__(
        self, arrays: Mapping[str, NDArray[Any]], places: Mapping[str, tuple[str, int, Codebook]]
    ) -> None:
        self.arrays = dict(arrays)
        self._places = dict(places)

    @classmethod
    def of(cls, columns: Mapping[str, Coded]) -> Self:
        """The columns, which have the same number of rows, stacked."""
        arrays, places = {}, {}
        for width in _WIDTHS:
            names = [name for name, coded in columns.items() if coded.codes.dtype == width]
            if names:
                arrays[width] = np.stack([columns[name].codes for name in names])
            places.update({name: (width, i, columns[name].book) for i, name in enumerate(names)})
        return cls(arrays, {name: places[name] for name in columns})

    @classmethod
    def restore(cls, arrays: Mapping[str, NDArray[Any]], value: Mapping[str, Any]) -> Self:
        """The matrix from its arrays, which may be memory-mapped, and its JSON value.

        Raises:
            CorruptPart: an array is missing or has another shape than the JSON value says.
        """
        places = {
            item["name"]: (item["width"], item["place"], Codebook.from_dict(item["book"]))
            for item in value["columns"]
        }
        for width, place, _ in places.values():
            if width not in arrays or place >= len(arrays[width]):
                raise CorruptPart(
                    "the stored codes are incomplete.",
                    known=f"Row {place} of the {width} matrix is missing.",
                    hint="evaluate the model again",
                )
        return cls(arrays, places)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready value: where each column lies and what its codes mean."""
        return {
            "columns": [
                {"name": name, "width": width, "place": place, "book": book.to_dict()}
                for name, (width, place, book) in self._places.items()
            ]
        }

    def book(self, name: str) -> Codebook:
        """What the codes of a column mean, without reading them."""
        return self._places[name][2]

    def __getitem__(self, name: str) -> Coded:
        width, place, book = self._places[name]
        return Coded(np.asarray(self.arrays[width][place]), book)

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, CodeMatrix):
            return NotImplemented
        return self.to_dict() == other.to_dict() and all(
            np.array_equal(self[name].codes, other[name].codes) for name in self
        )

    __hash__ = None  # type: ignore[assignment]
