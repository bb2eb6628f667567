"""Arguments out of their range are refused in three parts, not with a fault."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import mispredict as mp
from mispredict.core.errors import MispredictError

NAN = float("nan")
REFUSED: dict[str, list[dict[str, Any]]] = {
    "calibration": [{"bins": bad} for bad in (10**9, 0, -1, 1.5, "a", None, True)],
    "rows": [
        *({"limit": bad} for bad in (1.5, "a", None, -1)),
        *({"offset": bad} for bad in (1.5, "a", None, -1, 10**30)),
        *({"order_by": bad} for bad in (5, ["age"], "x" * 5000)),
        *({"columns": bad} for bad in ([5], 5, [None], "nope")),
    ],
    "metrics": [
        *({"by": bad} for bad in (5, [5], ["age", 5], [])),
        *({"metrics": bad} for bad in (5, ["accuracy", 5], [], "nope")),
    ],
    "slices": [
        *({"top": bad} for bad in (0, -1, "a", None, 1.5)),
        *({"conditions": bad} for bad in (1.5, 0, 5, "a")),
        *({"seed": bad} for bad in (None, "a", -1, 1.5, 10**20)),
        *({"min_share": bad} for bad in (NAN, -1, 2, "a")),
        *({"budget_s": bad} for bad in (0, -1, NAN, "a")),
        *({"scoring": bad} for bad in ("x", 5, None)),
        *({"objective": bad} for bad in (5, "", "nope", "false_negative[yes", "error[", "loss[x]")),
        *({"columns": bad} for bad in ("nope", 5, [5])),
        {"alpha": NAN},
    ],
    "cards": [
        *({"top": bad} for bad in (-1, 1.5, "a")),
        *({"kinds": bad} for bad in ("nope", 5, [5])),
        *({"columns": bad} for bad in ("nope", 5)),
    ],
    "outliers": [{"limit": bad} for bad in (-1, 1.5, "a", None)],
    "mistakes": [{"limit": -1}, {"order": 5}, {"order": ["loss"]}],
    "error_classes": [{"top": bad} for bad in (-1, 1.5, "a")],
    "thresholds": [
        *({"review": bad} for bad in (0.5, (0.5,), (0.6, 0.4), "a", (NAN, 1))),
        *({"cost_fp": bad} for bad in ("a", NAN, float("inf"), -1, None)),
    ],
    "tag": [
        {"name": "t", "rows": bad}
        for bad in (["a"], [None], [NAN], [1.5], [2**70], [True, False], [-1], [[1]], "a")
    ],
    "decide_threshold": [
        {"threshold": "a", "who": "Ada", "reason": "x"},
        {"threshold": NAN, "who": "Ada", "reason": "x"},
        {"threshold": 0.5, "who": None, "reason": "x"},
        {"threshold": 0.5, "who": "Ada", "reason": 5},
    ],
    "report": [{"path": None}, {"path": 5}],
}


def three_parts(call: Callable[..., Any], *args: Any, **options: Any) -> None:
    with pytest.raises(MispredictError) as caught:
        call(*args, **options)
    error = caught.value
    assert all((error.problem, error.known, error.hint)), str(error)
    assert len(str(error)) < 1500


@pytest.mark.parametrize(
    ("method", "options"),
    [pytest.param(m, o, id=f"{m} {str(o)[:60]}") for m, all_ in REFUSED.items() for o in all_],
)
def test_options_out_of_range(ev: mp.Evaluation, method: str, options: dict[str, Any]) -> None:
    three_parts(getattr(ev, method), **options)
    assert not ev.workspace.tags().rows


@pytest.mark.parametrize("bad", [0, -1, 1.5, "a"])
def test_batch_rows(ev: mp.Evaluation, bad: Any) -> None:
    three_parts(ev.workspace.evaluate, "logistic", "people", batch_rows=bad)


def test_a_text_alone_is_one_name(ev: mp.Evaluation) -> None:
    assert ev.rows(columns="age").columns == ("age",)
    assert {row.column for row in ev.cards(columns="city", kinds="value").rows} <= {"city"}
    assert {row.metric for row in ev.metrics(metrics="accuracy").rows} == {"accuracy"}
    assert "of 1 column" in ev.slices(columns="city", budget_s=5).note


def test_a_mask_tags_its_rows(ws: mp.Workspace, ev: mp.Evaluation, frame: Any) -> None:
    ws.add_dataset("people", frame, label="churn")
    own = ws.add_predictions("m", "people", ev.to_frame(["user_id", "prediction"]))
    mask = np.arange(own.n) < 3
    assert own.tag("first", rows=mask) == 3
    assert (own.mask("tag('first')") == mask).all()
    assert own.untag("first", rows=[0, 1]) == 1
    assert own.tag("first", rows=np.array([5], dtype=np.uint8)) == 2
    assert len(own.rows(limit=10**15)) == own.n
