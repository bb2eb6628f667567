"""What datasets in a workspace are asked: leaks, health, differences, proposals, gates."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

import mispredict as mp
from mispredict.core.errors import BadOption, GateFailed, UnknownColumn

from .rows import clean


@pytest.fixture
def ws(tmp_path: Path) -> Iterator[mp.Workspace]:
    with mp.open(tmp_path / "ws") as workspace:
        yield workspace


def add(ws: mp.Workspace, name: str, frame: pd.DataFrame, **options: Any) -> mp.Dataset:
    given: dict[str, Any] = {"label": "label", "id": "id", "time": "when", **options}
    return ws.add_dataset(name, frame, **given)


def test_a_suite_of_data_needs_no_model_and_is_kept(ws: mp.Workspace) -> None:
    add(ws, "customers", clean())
    late = clean(seed=1)
    late.loc[:99, "age"] = np.nan
    add(ws, "customers", late)
    suite = """
suite: data
checks:
  - {name: ages, kind: missing, column: age, max: 0.01}
  - {name: rows, kind: rows_change}
"""
    first = ws.run(suite, data="customers@1", reference="customers@2")
    second = ws.run(suite, data="customers@2", reference="customers@1")
    assert (first.is_passed, second.is_passed) == (True, False)
    assert second["ages"].where == "age IS NULL"
    assert (second.of, second.reference) == ("customers@2", "customers@1")
    assert ws.verdicts("data@2") == second
    history = ws.check_history("data")
    assert [row.check for row in history.regressed] == ["ages"]
    assert history.wide().columns.tolist() == ["customers@1", "customers@2"]


def test_checks_of_data_stand_beside_those_of_a_model(ws: mp.Workspace) -> None:
    frame = clean()
    add(ws, "customers", frame)
    said = pd.DataFrame({"id": frame["id"], "prediction": np.where(frame["age"] > 45, "yes", "no")})
    ws.add_predictions("rule", "customers", said)
    suite = """
suite: both
checks:
  - {name: ages, kind: missing, column: age, where: correct}
  - {name: right, kind: metric, metric: accuracy, min: 0.5}
"""
    assert ws.run(suite, model="rule", data="customers").is_passed
    with pytest.raises(BadOption, match="needs more than data"):
        ws.dataset("customers").check("metric", metric="accuracy", min=0.5)


def test_what_is_named_and_not_there_is_refused(ws: mp.Workspace) -> None:
    data = add(ws, "customers", clean())
    with pytest.raises(UnknownColumn, match="'agee'"):
        data.check("missing", column="agee")
    with pytest.raises(BadOption, match="compares with a reference"):
        data.check("rows_change")
    with pytest.raises(UnknownColumn):
        data.duplicates(columns=["agee"])
    with pytest.raises(BadOption, match="near=0"):
        data.duplicates(near=0)


def test_leaks_are_found_and_clean_data_have_none(ws: mp.Workspace) -> None:
    train = add(ws, "train", clean(900, seed=1))
    frame = clean(600, seed=2)
    frame["when"] += pd.Timedelta(days=900)
    good = add(ws, "test", frame).leakage(train, group="id")
    assert good.found == ()
    assert {leak.leak for leak in good.rows} == {
        "exact",
        "near",
        "group",
        "time",
        "feature",
        "id",
        "order",
    }
    leaky = frame.copy()
    leaky.iloc[:60] = clean(900, seed=1).iloc[:60].to_numpy()
    leaky = leaky.infer_objects()
    leaky["score"] = np.where(leaky["label"] == "yes", 3.0, 1.0) + np.arange(600) % 7 / 10
    leaky["key"] = np.arange(600) * 7 + 10**6
    found = add(ws, "leaky", leaky).leakage("train", group="id")
    kinds = {leak.leak: leak for leak in found.found}
    assert set(kinds) == {"exact", "near", "group", "time", "feature", "id"}
    assert kinds["feature"].column == "score" and kinds["feature"].severity == "high"
    assert kinds["exact"].rows == 60
    data = ws.dataset("leaky")
    for leak in found.found:
        verdict = data.check(leak.to_check(), reference="train")
        assert verdict.verdict == "fail", leak.leak


def test_an_identifier_is_told_by_the_measure_of_the_label(ws: mp.Workspace) -> None:
    draw = np.random.default_rng(0)
    number = np.arange(300.0)
    frame = pd.DataFrame({"code": np.arange(300) * 7 + 3, "y": number + draw.random(300)})
    rows = ws.add_dataset("numbers", frame, label="y").leakage().rows
    assert [(row.column, row.measure) for row in rows if row.leak == "id"] == [("code", "r2")]


def test_health_ranks_by_cost_and_every_finding_becomes_a_check(ws: mp.Workspace) -> None:
    frame = clean(3_000)
    frame.loc[:599, "age"] = np.nan
    frame.loc[1000:1199, "income"] = 1e8
    frame["flag"] = "x"
    data = add(ws, "customers", frame)
    wrong = np.random.default_rng(0).random(3_000) < np.where(frame["age"].isna(), 0.5, 0.05)
    flipped = frame["label"].map({"yes": "no", "no": "yes"})
    said = pd.DataFrame({"id": frame["id"], "prediction": frame["label"].where(~wrong, flipped)})
    ev = ws.add_predictions("some", "customers", said)
    found = data.health(evaluation=ev)
    first = found.rows[0]
    assert (first.kind, first.column) == ("missing", "age")
    assert first.cost == pytest.approx(0.2 * (0.5 - 0.05), abs=0.02)
    assert first.cost_low < first.cost < first.cost_high
    assert "points lower" in first.cost_sentence
    assert {(row.kind, row.column) for row in found.rows} >= {
        ("outliers", "income"), ("constant", "flag"), ("missing", "age"),
    }  # fmt: skip
    assert not ws.run(list(found.to_checks()), data="customers").of_verdict("pass", "error")
    age = next(item for item in found.column_facts if item.column == "age")
    assert age.missing == 600 and sum(bar.n for bar in age.bars) == 2_400
    json.dumps(found.to_dict(), allow_nan=False)
    assert ev.mask(first.where).sum() == 600  # it opens in Explore


def test_a_few_rows_that_are_all_right_do_not_tell_what_they_cost(ws: mp.Workspace) -> None:
    frame = clean(2_000)
    frame.loc[:3, "label"] = "yes"
    frame.loc[4:7] = frame.loc[:3].to_numpy()
    frame["id"] = range(2_000)
    data = add(ws, "customers", frame)
    wrong = np.arange(2_000) % 5 == 4
    wrong[:8] = False
    flipped = frame["label"].map({"yes": "no", "no": "yes"})
    said = pd.DataFrame({"id": frame["id"], "prediction": frame["label"].where(~wrong, flipped)})
    found = data.health(evaluation=ws.add_predictions("some", "customers", said))
    (repeated,) = (row for row in found.rows if row.kind == "duplicates")
    assert repeated.rows == 4 and repeated.cost == pytest.approx(-0.0004, abs=1e-5)
    assert repeated.cost_low < 0 < repeated.cost_high
    assert repeated.cost_sentence == "Whether these rows change the error rate cannot be told."


def test_a_column_that_the_reference_lacks_is_looked_over(ws: mp.Workspace) -> None:
    old = add(ws, "before", clean(seed=1).assign(code="x"))
    frame = clean().assign(extra=np.arange(800.0), code=np.arange(800.0))
    frame.loc[:29, ["extra", "code"]] = 1e6
    found = add(ws, "now", frame).health(old)
    assert {(row.kind, row.column) for row in found.rows} >= {
        ("outliers", "extra"), ("outliers", "code"), ("schema", ""),
    }  # fmt: skip


def test_a_difference_counts_rows_labels_and_cohorts(ws: mp.Workspace) -> None:
    before = clean()
    after = before.drop(index=range(10)).copy()
    after.loc[50:69, "age"] += 1
    after.loc[60:64, "label"] = after.loc[60:64, "label"].map({"yes": "no", "no": "yes"})
    after = pd.concat([after, clean(30, seed=7)], ignore_index=True)
    after["extra"] = 1.5
    add(ws, "customers", before)
    found = add(ws, "customers", after).diff("customers@1", by=["city", "age > 60"])
    assert (found.added, found.removed, found.changed, found.labels_changed) == (30, 10, 20, 5)
    status = {row.column: row.status for row in found.rows}
    assert (status["extra"], status["age"], status["city"]) == ("added", "changed", "same")
    assert {row.cohort for row in found.cohorts} >= {"age > 60", "city = 'Rome'"}
    data = ws.dataset("customers")
    assert data.check("rule", holds=f"NOT ({found.where_changed})").failing == 20
    assert len(found.examples) == 20 and found.examples[0].changes[0].column == "age"
    assert data.diff("customers@2").is_same
    json.dumps(found.to_dict(), allow_nan=False)


def test_without_an_id_rows_are_matched_by_content(ws: mp.Workspace) -> None:
    frame = pd.DataFrame({"a": [1, 1, 2, 3] * 20, "label": ["x", "y"] * 40})
    ws.add_dataset("plain", frame, label="label")
    found = ws.add_dataset("plain", frame[4:], label="label").diff("plain@1")
    assert (found.added, found.removed, found.changed) == (0, 4, 0)
    assert "no id" in found.note


def test_a_gate_refuses_and_nothing_is_stored(ws: mp.Workspace, tmp_path: Path) -> None:
    data = add(ws, "customers", clean(2_000))
    path = data.propose_checks().save(tmp_path / "gate.suite.yaml")
    assert add(ws, "customers", clean(1_000, seed=4), gate=path).ref == "customers@2"
    broken = clean(1_000, seed=5)
    broken.loc[:200, "city"] = "Paris"
    with pytest.raises(GateFailed) as caught:
        add(ws, "customers", broken, gate=path)
    assert caught.value.verdicts["city is known"].verdict == "fail"
    assert len(ws.store.versions("dataset", "customers")) == 2
    relative = "suite: g\nchecks:\n  - {name: size, kind: rows_change, min: 0.9}\n"
    with pytest.raises(GateFailed, match="'g' refuses"):
        add(ws, "customers", clean(100, seed=6), gate=relative)


@pytest.mark.parametrize("seed", range(12))
def test_proposed_checks_pass_on_data_of_the_same_source(ws: mp.Workspace, seed: int) -> None:
    suite = add(ws, "learned", clean(1_500, seed=seed)).propose_checks()
    fresh = add(ws, "fresh", clean(1_000, seed=seed + 1_000))
    verdicts = ws.run(suite, data=fresh.ref)
    assert [str(row) for row in verdicts.rows if not row.is_passed] == []


@pytest.mark.slow
def test_proposed_checks_rarely_fail_without_reason(ws: mp.Workspace) -> None:
    failed = 0
    for seed in range(100):
        suite = add(ws, "learned", clean(600, seed=seed)).propose_checks()
        fresh = add(ws, "fresh", clean(600, seed=seed + 5_000))
        failed += not ws.run(suite, data=fresh.ref).is_passed
    assert failed <= 5, f"{failed} of 100 suites failed on data of the same source"


def odd_rows(n: int = 60) -> pa.Table:
    """Columns of every type, some of them empty."""
    random = np.random.default_rng(0)
    return pa.table(
        {
            "number": random.normal(size=n),
            "vector": pa.array([[1.0, 2.0]] * n),
            "bytes": pa.array([b"a"] * n),
            "nothing": pa.array([None] * n),
            "truth": pa.array([True, None, False] * (n // 3)),
            "day": pa.array([1, 2, None] * (n // 3), pa.date32()),
            "large": pa.array([2**60 + place for place in range(n)]),
            "signs": pa.array(["🙂 hi", "", "x\u200b"] * (n // 3)),
            "value": random.normal(size=n),
            "name": pa.array(["a", "b", "c"] * (n // 3)),
            "first": pa.array([0, 1] * (n // 2)),
            "second": pa.array([1, 0] * (n // 2)),
        }
    )


def test_missing_values_where_the_reference_had_none_are_a_finding(ws: mp.Workspace) -> None:
    random = np.random.default_rng(5)
    before = pd.DataFrame(
        {"pay": random.lognormal(10, 0.5, 1000), "age": random.normal(40, 9, 1000)}
    )
    now = before.copy()
    now.loc[:29, "pay"] = np.nan
    now.loc[30:49, "pay"] = -999.0
    old, new = ws.add_dataset("before", before), ws.add_dataset("now", now)
    found = {(row.kind, row.column): row for row in new.health(old).rows}
    assert found["missing", "pay"].rows == 30
    assert found["missing", "pay"].title == "pay: missing values where there were none"
    assert found["placeholders", "pay"].rows == 20
    assert not [column for _, column in found if column == "age"]
    assert ("missing", "pay") not in {(row.kind, row.column) for row in new.health().rows}


ODD: dict[str, tuple[int, dict[str, Any]]] = {
    "regression": (60, {"label": "value"}),
    "classes": (60, {"label": "name", "weight": "second"}),
    "several labels": (60, {"label": ["first", "second"]}),
    "no label": (60, {}),
    "two rows": (2, {}),
    "one row": (1, {}),
}


@pytest.mark.parametrize("case", ODD)
def test_every_type_of_column_and_task_is_looked_over(ws: mp.Workspace, case: str) -> None:
    rows, options = ODD[case]
    other = ws.add_dataset("other", odd_rows(), label="value")
    data = ws.add_dataset("odd", odd_rows().slice(0, rows), **options)
    results: list[Any] = [data.health(), data.health(other), data.leakage(), data.leakage(other)]
    results += [data.duplicates(), data.duplicates(0.8, against=other), data.diff(other, by="name")]
    results += [data.conflicts()] if data.label else []
    for result in results:
        json.dumps(result.to_dict(), allow_nan=False)
        assert len(result.to_frame()) == len(result.rows)
        assert result._repr_html_()
    verdicts = ws.run(data.propose_checks(), data=data.ref)
    assert [str(row) for row in verdicts.rows if not row.is_passed] == []
