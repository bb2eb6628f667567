"""Codes are stored and come back the same."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from mispredict.core.errors import CorruptPart
from mispredict.core.schema import ColumnType
from mispredict.engine.encode import encode_all
from mispredict.engine.matrix import CodeMatrix


@pytest.fixture
def matrix() -> CodeMatrix:
    columns = {
        "wide": (pa.array([str(i) for i in range(300)]), ColumnType.CATEGORICAL),
        "number": (pa.array(np.arange(300) / 7), ColumnType.NUMERIC),
        "flag": (pa.array([True, False, None] * 100), ColumnType.BOOLEAN),
    }
    return CodeMatrix.of(encode_all(columns))


def test_columns_lie_in_a_matrix_of_their_width(matrix: CodeMatrix) -> None:
    assert {name: array.shape for name, array in matrix.arrays.items()} == {
        "uint8": (2, 300),
        "uint16": (1, 300),
    }
    assert list(matrix) == ["wide", "number", "flag"]


def test_restored_from_mapped_files(matrix: CodeMatrix, tmp_path: Path) -> None:
    mapped = {}
    for name, array in matrix.arrays.items():
        np.save(tmp_path / f"{name}.npy", array)
        mapped[name] = np.load(tmp_path / f"{name}.npy", mmap_mode="r")
    restored = CodeMatrix.restore(mapped, json.loads(json.dumps(matrix.to_dict())))
    assert restored == matrix
    assert type(restored["flag"].codes) is np.ndarray
    assert restored.book("wide") == matrix["wide"].book


def test_a_missing_matrix_is_reported(matrix: CodeMatrix) -> None:
    with pytest.raises(CorruptPart, match="incomplete"):
        CodeMatrix.restore({"uint8": matrix.arrays["uint8"]}, matrix.to_dict())
