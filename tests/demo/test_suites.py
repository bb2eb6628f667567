"""Our own gate: the suite of the demo runs against the demo's models."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import mispredict as mp
from mispredict.demo import STORIES, wait_passively

SUITE = Path(__file__).parents[2] / "examples" / "demo" / "churn.suite.yaml"


@pytest.fixture(scope="module")
def ws(online: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[mp.Workspace]:
    """A workspace with the demo's data and both models, none of them evaluated."""
    story = online(STORIES["churn"])
    wait_passively()
    with mp.open(tmp_path_factory.mktemp("demo") / "ws") as workspace:
        workspace.add_dataset(
            story.name, story.frame, label=story.label, id=story.id, positive=story.positive
        )
        workspace.add_model(story.model_name, story.model)
        workspace.add_model(story.previous_name, story.previous)
        yield workspace


def test_the_demo_passes_its_gate(ws: mp.Workspace) -> None:
    verdicts = ws.run(SUITE)
    assert verdicts.is_passed, str(verdicts)
    assert verdicts.baseline == "logistic@1/churn@1"
    assert not verdicts.counts["error"]


def test_a_higher_floor_fails_it(ws: mp.Workspace) -> None:
    verdicts = ws.run(SUITE, parameters={"floor": 0.9}, select="better than no model")
    assert [row.verdict for row in verdicts.rows] == ["fail"]


def test_what_is_found_in_the_demo_passes_as_checks(ws: mp.Workspace) -> None:
    of = ws.evaluate("boosting", "churn")
    suite = of.propose_checks(["error_classes", "slices"], limit=5)
    assert ws.run(suite).is_passed
