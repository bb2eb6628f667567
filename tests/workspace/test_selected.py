"""Metrics of a selection beside the rest: as measured, however they are counted."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest

import mispredict as mp
from mispredict.engine.linked import LinkedCounter, Selection, Sums
from mispredict.metrics import default_metrics, measure
from mispredict.metrics.outcomes import Groups
from mispredict.workspace.exploring.linked import linked
from mispredict.workspace.exploring.selected import SelectedMetrics

from .kinds import KINDS

WHERES = ("member", "age > 200", "age > 30", "since >= DATE '2024-06-01' AND NOT member")


@pytest.fixture(
    scope="module", params=[name for name in KINDS if name not in ("one row", "all missing")]
)
def any_ev(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, frame: pd.DataFrame
) -> Iterator[mp.Evaluation]:
    with mp.open(tmp_path_factory.mktemp("kinds") / "ws") as workspace:
        yield KINDS[request.param](workspace, frame)


def where_of(ev: mp.Evaluation, text: str) -> str:
    """The cohort in terms of what the evaluation has."""
    return text if "age" in ev.fields.columns else text.replace("age", "loss")


def measured(ev: mp.Evaluation, mask: np.ndarray, names: list[str]) -> dict[str, tuple[float, ...]]:
    """What the metrics of the rows are everywhere else."""
    rows = measure(ev.outcomes, Groups.of_mask(mask, "part"), metrics=names) if mask.any() else ()
    return {row.metric: (row.value, row.low, row.high, row.n) for row in rows}


@pytest.mark.parametrize("text", WHERES)
def test_as_measured(any_ev: mp.Evaluation, text: str) -> None:
    where = where_of(any_ev, text)
    mask = any_ev.mask(where)
    found = any_ev.explore(where).summary
    assert found
    names = [row.metric for row in found]
    inside, rest = measured(any_ev, mask, names), measured(any_ev, ~mask, names)
    for row in found:
        if inside:
            mine = (row.value, row.low, row.high, row.n)
            np.testing.assert_allclose(mine, inside[row.metric])
        if rest:
            other = (row.rest, row.rest_low, row.rest_high, row.rest_n)
            np.testing.assert_allclose(other, rest[row.metric])


@pytest.mark.parametrize("text", WHERES)
def test_large_evaluations_give_the_same(any_ev: mp.Evaluation, text: str) -> None:
    """What is summed over the smaller part agrees with what is measured."""
    mask = any_ev.mask(where_of(any_ev, text))
    metrics = SelectedMetrics(any_ev, most_rows=0)
    rows = metrics.rows(*sums_of(any_ev, metrics, mask))
    names = list(metrics.names)
    assert names
    for group, part in ((rows[: len(names)], ~mask), (rows[len(names) :], mask)):
        wanted = measured(any_ev, part, names)
        for row in group if wanted else ():
            mine = (row.value, row.low, row.high, row.n)
            np.testing.assert_allclose(mine, wanted[row.metric], rtol=1e-6, atol=1e-9)


def sums_of(
    ev: mp.Evaluation, metrics: SelectedMetrics, mask: np.ndarray
) -> tuple[Selection, tuple[Sums, Sums], tuple[Sums, Sums] | None]:
    """What the counter gives of both parts."""
    outcome = linked(ev).counter.outcome
    cells = metrics.cells if metrics.column else linked(ev).coded("member")
    counter = LinkedCounter(outcome, lambda name: cells)
    selection, inside, _ = counter.under({"": mask}, ["cells"])
    whole, own = counter.wholes(["cells"])["cells"], inside["cells"]
    rest = whole - own
    pair = (rest, own) if metrics.column else None
    return selection, (whole.total - own.total, own.total), pair


def test_the_difference_is_newcombes(ws: mp.Workspace, frame: pd.DataFrame) -> None:
    """The example of Newcombe (1998), table II (a): 56 of 70 against 48 of 80."""
    right = [True] * 56 + [False] * 14 + [True] * 48 + [False] * 32
    rows = pd.DataFrame({"a": [1] * 70 + [0] * 80, "y": ["p"] * 149 + ["q"]})
    ws.add_dataset("newcombe", rows, label="y")
    said = np.where(right, rows["y"], np.where(rows["y"] == "p", "q", "p"))
    ev = ws.add_predictions("m", "newcombe", pd.DataFrame({"prediction": said}))
    row = ev.explore("a = 1").summary[0]
    assert row.metric == "accuracy"
    assert row.difference == pytest.approx(0.2)
    assert (row.difference_low, row.difference_high) == pytest.approx((0.0524, 0.3339), abs=1e-4)


def test_what_is_left_out_is_said(any_ev: mp.Evaluation) -> None:
    assert SelectedMetrics(any_ev).notes == ()
    metrics = SelectedMetrics(any_ev, most_rows=0)
    has_probabilities = any_ev.outcomes.has_probabilities
    usual = default_metrics(any_ev.task, has_probabilities=has_probabilities)
    left = [name for name in usual if name not in metrics.names]
    assert bool(metrics.notes) == bool(left)
    assert all(name in metrics.notes[0] for name in left)
