from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from mispredict.core.predicate import Fields
from mispredict.core.results import Source
from mispredict.core.schema import Column, ColumnType, Schema
from mispredict.core.task import Task, TaskKind
from mispredict.data.drift.counting import Named
from mispredict.data.drift.sides import Side
from mispredict.engine.table import Table

TYPES = {
    "f": ColumnType.NUMERIC,
    "i": ColumnType.NUMERIC,
    "b": ColumnType.BOOLEAN,
    "M": ColumnType.DATETIME,
}


def side(frame: pd.DataFrame, target: Any = None) -> Side:
    """The frame's rows as a side of a comparison."""
    kinds = {
        name: TYPES.get(frame[name].dtype.kind, ColumnType.CATEGORICAL) for name in frame.columns
    }
    schema = Schema(tuple(Column(name, kind) for name, kind in kinds.items()))
    table = Table.from_arrow(
        pa.Table.from_pandas(frame, preserve_index=False),
        fields=Fields.of(schema, {"row": ColumnType.NUMERIC}),
        task=Task(TaskKind.SCORE),
    )
    return Side(table, Source("rows", n=len(frame)), None, target)


def named(frame: pd.DataFrame) -> list[Named]:
    """All columns of the frame."""
    return [Named(name, "input") for name in frame.columns]


def rows(n: int, seed: int, shift: float = 0.0) -> pd.DataFrame:
    """Rows with columns of all kinds, of which `moved` is shifted by standard deviations."""
    rng = np.random.default_rng(seed)
    columns: dict[str, Any] = {"moved": rng.normal(shift, 1, n)}
    for place in range(6):
        columns[f"normal{place}"] = rng.normal(size=n)
    columns["skewed"] = rng.lognormal(size=n)
    columns["whole"] = rng.integers(0, 40, n)
    columns["spiked"] = np.where(rng.random(n) < 0.6, 0, rng.exponential(1, n))
    columns["flag"] = rng.random(n) < 0.1
    for size in (2, 5, 20, 200, 3_000):
        weights = 1 / np.arange(1, size + 1)
        chosen = rng.choice(size, n, p=weights / weights.sum())
        columns[f"names{size}"] = np.array([f"v{i}" for i in range(size)])[chosen]
    holed = rng.normal(size=n)
    holed[rng.random(n) < 0.1] = np.nan
    columns["holed"] = holed
    return pd.DataFrame(columns)


@pytest.fixture(scope="session")
def reference() -> pd.DataFrame:
    return rows(4_000, 1)
