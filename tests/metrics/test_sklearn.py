"""Every metric that scikit-learn has is scikit-learn's number, degenerate inputs included."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from mispredict.metrics import METRICS, measure

from . import cases

QUICK = settings(max_examples=40, deadline=None)


def check(case: cases.Case, expected: dict) -> None:
    rows = measure(case.outcomes, case.groups, metrics=list(expected))
    found = {(row.cohort, row.metric): row for row in rows}
    for g, cohort in enumerate(case.groups.names):
        parts = case.group(g)
        for name, reference in expected.items():
            row = found[cohort, name]
            value = reference(*parts) if len(parts[0]) else np.nan
            assert row.n == (0 if np.isnan(value) else len(parts[0])), name
            if row.n == 0:
                assert np.isnan([row.value, row.low, row.high]).all(), row
                continue
            assert row.value == pytest.approx(value, rel=1e-9, abs=1e-9, nan_ok=True), name
            if not (np.isnan(row.low) or np.isnan(row.high)):
                assert row.low - 1e-9 <= row.value <= row.high + 1e-9 or name == "ece", row


@QUICK
@given(cases.single_label(2))
def test_binary(case: cases.Case) -> None:
    check(case, cases.BINARY)


@QUICK
@given(cases.single_label(4))
def test_multiclass(case: cases.Case) -> None:
    check(case, cases.CLASSIFICATION)


@QUICK
@given(cases.multilabel())
def test_multilabel(case: cases.Case) -> None:
    check(case, cases.MULTILABEL)


@QUICK
@given(cases.regression())
def test_regression(case: cases.Case) -> None:
    check(case, cases.REGRESSION)


def test_every_metric_is_compared() -> None:
    tables = (cases.BINARY, cases.CLASSIFICATION, cases.MULTILABEL, cases.REGRESSION)
    compared = {name.partition("[")[0] for table in tables for name in table}
    assert set(METRICS) - compared == {"loss", "loss_quantile"}
