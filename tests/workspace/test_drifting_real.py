"""Drift and falls of performance that are known to be in real data, and a control without any."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

import mispredict as mp
from mispredict.core.errors import MispredictError

pytestmark = pytest.mark.slow
BEFORE, AFTER = "time < '2009-01-01'", "time >= '2009-01-01'"


def online(fetch: Callable[[], Any]) -> Any:
    try:
        return fetch()
    except MispredictError as error:
        pytest.skip(error.problem)


def test_bank_calls_drift_and_their_concept_too(ws: mp.Workspace) -> None:
    from sklearn.ensemble import HistGradientBoostingClassifier

    from mispredict.demo.data import bank_marketing

    frame = online(bank_marketing)
    names = [name for name in frame.columns if name not in ("y", "date", "duration")]
    inputs = frame[names].copy()
    for name in inputs.select_dtypes(exclude="number"):
        inputs[name] = inputs[name].astype("category")
    is_train = (frame["date"] < "2009-01-01") & (np.random.default_rng(0).random(len(frame)) < 0.5)
    model = HistGradientBoostingClassifier(random_state=0).fit(
        inputs[is_train], frame["y"][is_train]
    )
    chance = model.predict_proba(inputs[~is_train])[:, 1]
    rows = frame[~is_train].drop(columns="duration").reset_index(drop=True)
    ws.add_dataset("bank", rows, label="y", time="date", positive="yes")
    said = {"prediction": np.where(chance > 0.5, "yes", "no"), "yes": chance, "no": 1 - chance}
    ev = ws.add_predictions("gbm", "bank", pd.DataFrame(said))

    found = ws.drift(ev, ev, reference_where=BEFORE, where=AFTER, windows="year", cohorts=0)
    assert {"month", "contact", "pdays", "poutcome", "label"} <= set(found.drifted)
    assert found.rows[0].column == "label"
    assert found["label"].cost == pytest.approx(0.168, abs=0.02)
    assert [part.verdict for part in found.parts] == ["drift", "drift"]

    estimated = ev.estimated_performance(
        reference_where=BEFORE, where=AFTER, windows="year", metrics="accuracy"
    )
    by_year = {row.window: row for row in estimated.rows}
    assert by_year["2009"].reference == pytest.approx(0.949, abs=0.01)
    assert by_year["2009"].real == pytest.approx(0.827, abs=0.02)
    assert by_year["2010"].real == pytest.approx(0.478, abs=0.03)
    assert by_year["2010"].value > 0.8  # which is what cannot be seen
    assert {row.concept for row in estimated.rows} == {"moved"}
    assert "What inputs mean has changed" in estimated.notes[1]


def test_the_census_is_silent(ws: mp.Workspace) -> None:
    from mispredict.demo.data import census_employment

    frame = online(census_employment)
    chance = frame["predicted_probability"]
    rows = frame.drop(columns=["prediction", "predicted_probability"])
    numbers = ("id", "year", "AGEP", "employed")
    types = {name: "categorical" for name in rows if name not in numbers}
    ws.add_dataset("census", rows, label="employed", id="id", metadata=["year"], types=types)
    said = {"id": frame["id"], "prediction": frame["prediction"]}
    ev = ws.add_predictions(
        "m", "census", pd.DataFrame({**said, "True": chance, "False": 1 - chance})
    )
    sides = {"reference_where": "year = 2015", "where": "year > 2015", "by": "year"}
    found = ws.drift(ev, ev, **sides)
    assert found.verdict == "same"
    assert {part.verdict for part in found.parts} == {"same"}
    estimated = ev.estimated_performance(**sides)
    assert estimated.verdict == "fine"
    for row in estimated.rows:
        assert row.concept == "same"
        assert row.value == pytest.approx(row.real, abs=0.005)
