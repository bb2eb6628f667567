"""A board of data that no model was evaluated on teaches what to do."""

from __future__ import annotations

import pandas as pd
import pytest

import mispredict as mp
from mispredict.core.errors import UnknownName


def test_without_evaluations_it_says_what_to_do(ws: mp.Workspace) -> None:
    ws.add_dataset("d", pd.DataFrame({"x": [1, 2], "y": ["a", "b"]}), label="y")
    assert ws.board("d").models == ()
    assert ws.board("d").notes[0] == "No model was evaluated on d@1 yet."
    ws.add_model("m", lambda frame: ["a"] * len(frame), classes=["a", "b"])
    found = ws.board("d")
    assert (found.models, found.metric) == (("m@1",), "accuracy")
    assert [row.why for row in found.rows] == ["not evaluated yet"]
    assert "mispredict reevaluate d" in found.notes[0]
    ws.reevaluate("d")
    assert ws.board("d").rows[0].value == 0.5
    with pytest.raises(UnknownName):
        ws.board("nothing")
