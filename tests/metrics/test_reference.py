"""The reference has every metric, and every metric says what it is."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from mispredict.metrics import METRICS

DOCS = Path(__file__).parents[2] / "docs"


def test_the_reference_is_up_to_date() -> None:
    spec = importlib.util.spec_from_file_location("metrics_page", DOCS / "metrics_page.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.PAGE.read_text(encoding="utf-8") == module.page()


@pytest.mark.parametrize("name", METRICS)
def test_a_metric_explains_itself(name: str) -> None:
    found = METRICS[name]
    assert found.explanation.endswith(".")
    assert found.interval
    assert found.low < found.high
    assert found.tasks
