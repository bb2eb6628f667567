"""Small tables with errors planted in them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from mispredict.core.predicate import Fields
from mispredict.core.schema import ColumnType
from mispredict.core.task import Task, TaskKind
from mispredict.engine.table import Table

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

TYPES = {
    "age": ColumnType.NUMERIC,
    "balance": ColumnType.NUMERIC,
    "city": ColumnType.CATEGORICAL,
    "member": ColumnType.BOOLEAN,
    "since": ColumnType.DATETIME,
    "note": ColumnType.TEXT,
}
TOPIC, TOPICS = 3, 12


def people(n: int, seed: int = 0) -> Table:
    """Rows of every type that cohorts are built from, with missing values, without a label."""
    random = np.random.default_rng(seed)
    start = np.datetime64("2024-01-01", "us")
    columns = {
        "age": pa.array(random.integers(18, 90, n), mask=random.random(n) < 0.1),
        "balance": pa.array(random.normal(0, 1000, n)),
        "city": pa.array(random.choice(["Rome", "Oslo", "Bern", "Nice"], n)),
        "member": pa.array(random.random(n) < 0.5),
        "since": pa.array(start + random.integers(0, 400, n).astype("timedelta64[D]")),
        "note": pa.array([" ".join(["word"] * k) for k in random.integers(1, 30, n)]),
    }
    fields = Fields(columns=TYPES, reserved={"row": ColumnType.NUMERIC})
    return Table.from_arrow(pa.table(columns), fields=fields, task=Task(TaskKind.SCORE))


def texts(n: int, seed: int, *, is_planted: bool = True) -> tuple[Table, Floats, Bools]:
    """Texts of 12 topics; the model is wrong on 10 % of them, on 50 % of one topic's if planted.

    Returns:
        The table, which rows are wrong (1) and right (0), and which have the topic.
    """
    random = np.random.default_rng(seed)
    topic = random.integers(0, TOPICS, n)
    own = np.char.add(np.char.add("t", np.arange(TOPICS).astype(str))[:, None], _numbers(60))
    common = np.char.add("common", np.arange(200).astype(str))
    words = [[*random.choice(own[t], 7), *random.choice(common, 7)] for t in topic]
    is_bad = (topic == TOPIC) & is_planted
    label = random.integers(0, 2, n)
    wrong = random.random(n) < np.where(is_bad, 0.5, 0.1)
    prediction = np.where(wrong, 1 - label, label)
    certainty = 0.6 + 0.35 * random.random(n)
    p_yes = np.where(prediction == 1, certainty, 1 - certainty)
    names = np.array(["no", "yes"])
    classes = [
        f"{names[a]} → {names[b]}" if a != b else None
        for a, b in zip(label, prediction, strict=True)
    ]
    columns = pa.table(
        {
            "text": [" ".join(item) for item in words],
            "label": names[label],
            "prediction": names[prediction],
            "p_no": 1 - p_yes,
            "p_yes": p_yes,
            "error_class": pa.array(classes, pa.string()),
        }
    )
    reserved = dict.fromkeys(["label", "prediction", "error_class"], ColumnType.CATEGORICAL)
    reserved |= dict.fromkeys(["p_no", "p_yes"], ColumnType.NUMERIC)
    fields = Fields(columns={"text": ColumnType.TEXT}, reserved=reserved, classes=("no", "yes"))
    task = Task(TaskKind.BINARY, ("no", "yes"), "yes")
    table = Table.from_arrow(columns, fields=fields, task=task)
    return table, wrong.astype(np.float64), topic == TOPIC


def _numbers(count: int) -> npt.NDArray[np.str_]:
    return np.char.add("w", np.arange(count).astype(str))
