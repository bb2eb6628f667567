"""Label errors that people verified, of the study of Northcutt, Athalye and Mueller (2021).

`MISPREDICT_LABEL_ERRORS` names the folder with `mnist` and `imdb`: `NAME.pyx.npy` (out-of-sample
probabilities), `NAME.lab.npy` (given labels) and `NAME.json` (five votes on each suspected row),
from the repository cleanlab/label-errors. Without it the tests are skipped.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from mispredict.data.labels.confident import Probabilities, learn

FOLDER = Path(os.environ.get("MISPREDICT_LABEL_ERRORS", "label_errors"))
pytestmark = pytest.mark.skipif(
    not (FOLDER / "mnist.json").exists(), reason="MISPREDICT_LABEL_ERRORS is not set"
)


def verified(name: str) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Rows that people judged, and which of them fewer than 3 of 5 gave the label."""
    judged = json.loads((FOLDER / f"{name}.json").read_text())
    if name == "imdb":
        order = json.loads((FOLDER / "imdb_idx.json").read_text())
        place = {file.removesuffix(".txt"): row for row, file in enumerate(order)}
        rows = [place[item["id"].removeprefix("test/")] for item in judged]
    else:
        rows = [item["id"] for item in judged]
    return np.array(rows), np.array([item["mturk"]["given"] < 3 for item in judged])


@pytest.mark.parametrize(
    ("name", "flagged", "judged", "confirmed", "errors"),
    [("mnist", 15, 15, 7, 15), ("imdb", 1_309, 1_307, 725, 725)],
    ids=["MNIST", "IMDB"],
)
def test_verified_errors_are_found(
    name: str, flagged: int, judged: int, confirmed: int, errors: int
) -> None:
    table = np.load(FOLDER / f"{name}.pyx.npy")
    label = np.load(FOLDER / f"{name}.lab.npy").astype(np.int32)
    found = learn(label, Probabilities.of(table)).flagged
    rows, is_error = verified(name)
    assert int(is_error.sum()) == errors
    assert int(found.sum()) == flagged
    assert int(found[rows].sum()) == judged
    assert int(found[rows[is_error]].sum()) == confirmed
