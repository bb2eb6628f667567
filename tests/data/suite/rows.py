"""Rows for tests of data, and views of them without a workspace."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from mispredict.expectations.check import KINDS
from mispredict.expectations.verdict import Judged
from mispredict.workspace.dataset import DatasetOptions, prepare
from mispredict.workspace.inspecting.view import RowsView, given_view


def clean(rows: int = 800, seed: int = 0) -> pd.DataFrame:
    """Customers with nothing wrong."""
    random = np.random.default_rng(seed)
    age = random.normal(45, 12, rows).clip(18, 90).round(1)
    words = ["please", "close", "open", "account", "card", "money", "today", "now", "help", "why"]
    texts = [
        " ".join(random.choice(words, 8)) + f" {random.integers(10**6)} thanks for the help"
        for _ in range(rows)
    ]
    when = pd.Timestamp("2024-01-01") + pd.to_timedelta(np.sort(random.integers(0, 400, rows)), "D")
    return pd.DataFrame(
        {
            "id": [f"c{seed}-{number}" for number in range(rows)],
            "age": age,
            "income": random.lognormal(10, 0.4, rows).round(2),
            "city": random.choice(["Rome", "Oslo", "Bern"], rows, p=[0.5, 0.3, 0.2]),
            "note": texts,
            "when": when,
            "label": np.where(random.random(rows) < 1 / (1 + np.exp(-(age - 45) / 9)), "yes", "no"),
        }
    )


def view(frame: pd.DataFrame, reference: pd.DataFrame | None = None, **options: Any) -> RowsView:
    """The rows as checks see them."""
    import pyarrow as pa

    given = {"label": "label", "id": "id", **options}
    given = {key: value for key, value in given.items() if value is None or value in frame}
    table = pa.Table.from_pandas(frame, preserve_index=False)
    rows, schema, task = prepare(table, DatasetOptions(**given))
    other = None if reference is None else view(reference, **options)
    return given_view("here@1", rows, schema, task, reference=other)


def judged(data: RowsView, kind: str, **options: Any) -> Judged:
    """What a check says of the rows."""
    made: Any = KINDS[kind](**options)
    found: Judged = made.judge_data(data, 0)
    return found
