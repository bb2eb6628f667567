"""Uncertainty, spread under noise, conformal sets and sanity of an evaluation."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.linear_model import LinearRegression

import mispredict as mp
from mispredict.core.errors import BadOption, Cancelled, ModelError

from . import kinds


@pytest.fixture
def own(ws: mp.Workspace, frame: pd.DataFrame, pipeline: Any) -> mp.Evaluation:
    """An evaluation that may be added to."""
    ws.add_dataset("people", frame, label="churn", metadata=["note"])
    ws.add_model("logistic", pipeline)
    return ws.evaluate("logistic", "people")


@pytest.fixture(scope="module")
def forests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[mp.Workspace]:
    """Numbers: a forest of a regression, and one of three classes."""
    draw = np.random.default_rng(0)
    with mp.open(tmp_path_factory.mktemp("forests") / "ws") as ws:
        x = pd.DataFrame(draw.normal(size=(1500, 3)), columns=["a", "b", "c"])
        value = 2 * x["a"] + x["b"] + draw.normal(0, 0.5 + 0.5 * (x["a"] > 0))
        kind = np.array(["low", "mid", "top"])[np.digitize(value, [-1, 1])]
        ws.add_dataset("values", x.assign(y=value), label="y")
        ws.add_dataset("kinds", x.assign(y=kind), label="y")
        ws.add_model("trees", RandomForestRegressor(20, max_depth=5, random_state=0).fit(x, value))
        ws.add_model("line", LinearRegression().fit(x, value))
        ws.add_model(
            "forest",
            RandomForestClassifier(20, max_depth=4, random_state=0).fit(x[:700], kind[:700]),
        )
        for model in ("trees", "line"):
            ws.evaluate(model, "values")
        ws.evaluate("forest", "kinds")
        yield ws


# ── uncertainty ──────────────────────────────────────────────────────────────────────


def test_each_row_opens_what_it_counts(ev: mp.Evaluation) -> None:
    found = ev.uncertainty()
    assert found.measure in ("confidence", "margin", "entropy")
    assert found.metric == "error rate"
    for row in found.rows:
        assert ev.mask(row.where or None).sum() == row.n
        wrong = ev.metrics(where=row.where or None, metrics="error_rate").rows[0]
        assert row.value == pytest.approx(wrong.value)
    for doubt in found.doubts:
        assert ev.mask(doubt.where).sum() == doubt.n
    assert sum(doubt.n for doubt in found.doubts) == len(ev)


@pytest.mark.parametrize("measure", ["confidence", "margin", "entropy"])
def test_any_measure_opens_its_rows(ev: mp.Evaluation, measure: str) -> None:
    found = ev.uncertainty(by=measure, shares=(0.5,))
    assert found.measure == measure
    assert ev.mask(found.rows[0].where).sum() == found.rows[0].n


def test_a_cohort_stays_in_what_is_opened(ev: mp.Evaluation) -> None:
    found = ev.uncertainty("city = 'Oslo'", shares=(1.0, 0.5))
    for row in found.rows:
        assert "Oslo" in row.where
        assert ev.mask(row.where).sum() == row.n


def test_the_measures_are_told_apart_by_their_area(forests: mp.Workspace) -> None:
    of = forests.evaluation("forest/kinds")
    areas = [row.aurc for row in of.uncertainty().measures]
    assert len(areas) == 3 and areas == sorted(areas)


def test_a_column_of_uncertainty_is_more_where_it_is_less_sure(ws: mp.Workspace) -> None:
    draw = np.random.default_rng(5)
    doubt = draw.random(400)
    rows = pd.DataFrame({"id": np.arange(400), "doubt": doubt, "y": draw.normal(0, doubt)})
    ws.add_dataset("rows", rows, label="y", id="id")
    of = ws.add_predictions("zero", "rows", rows[["id"]].assign(prediction=0.0))
    found = of.uncertainty(by="doubt")
    assert found.metric == "mean loss" and not found.doubts
    assert found.rows[-1].value < found.rows[0].value
    assert of.mask(found.rows[-1].where).sum() == found.rows[-1].n


@pytest.mark.parametrize(
    ("doubt", "said"),
    [
        ("late", "falls from 40 % to 25 %"),
        ("early", "rises from 40 % to 50 %"),
        ("none", "stays 40 %"),
    ],
)
def test_the_note_says_which_way_errors_move(ws: mp.Workspace, doubt: str, said: str) -> None:
    frame = pd.DataFrame({"id": range(10), "y": ["no", "yes"] * 5})
    is_wrong = np.arange(10) >= 6
    frame = frame.assign(late=is_wrong * 1.0, early=1.0 - is_wrong, none=0.5)
    frame.loc[[6, 7], "late"] = frame.loc[[0, 1, 2, 3], "early"] = 0.0
    ws.add_dataset("d", frame, label="y", id="id")
    other = frame["y"].map({"no": "yes", "yes": "no"})
    table = pd.DataFrame({"id": frame["id"], "prediction": frame["y"].where(~is_wrong, other)})
    note = ws.add_predictions("m", "d", table).uncertainty(by=doubt, doubted=0.2).note
    assert f"the error rate {said}." in note


def test_an_ensemble_disagrees_on_errors(ws: mp.Workspace) -> None:
    draw = np.random.default_rng(0)
    x = pd.DataFrame(draw.normal(size=(1200, 2)), columns=["a", "b"])
    y = np.where(x["a"] + draw.normal(0, 0.7, 1200) > 0, "yes", "no")
    ws.add_dataset("points", x.assign(y=y), label="y")
    for seed in range(3):
        part = draw.choice(1200, 150)
        model = RandomForestClassifier(5, random_state=seed).fit(x.iloc[part], y[part])
        ws.add_model(f"m{seed}", model)
        ws.evaluate(f"m{seed}", "points")
    of = ws.evaluation("m0/points")
    found = of.uncertainty(by="disagreement", members=["m0@1", "m1@1", "m2@1"])
    assert found.measures[0].auroc > 0.55
    assert found.rows[-1].where == ""  # no column has it


def test_what_cannot_be_asked_is_said(ws: mp.Workspace, frame: pd.DataFrame) -> None:
    with pytest.raises(BadOption, match="says nothing of how sure"):
        kinds.multiclass(ws, frame).uncertainty()
    of = kinds.binary(ws, frame)
    with pytest.raises(BadOption, match="no ensemble"):
        of.uncertainty(members=["binary@1"])
    with pytest.raises(BadOption, match="doubted"):
        of.uncertainty(doubted=2)


# ── spread ───────────────────────────────────────────────────────────────────────────


def test_unstable_rows_are_near_the_boundary_and_become_columns(own: mp.Evaluation) -> None:
    found = own.spread(noise=0.1, copies=8, sample=None)
    assert found.n == len(own) and 0 < found.flipped < 0.3
    assert found.low <= found.flipped <= found.high
    assert found.columns_kept == ("noise_spread", "noise_flips")
    assert own.mask(found.where).sum() == round(found.flipped * found.n)
    assert own.table.values("margin")[own.mask(found.where)].mean() < 0.3
    assert "noise_spread" in [row.measure for row in own.uncertainty().measures]
    again = own.workspace.evaluation(own.ref)
    assert again.mask(found.where).sum() == own.mask(found.where).sum()


def test_no_noise_asks_a_model_that_draws(ws: mp.Workspace, frame: pd.DataFrame) -> None:
    ws.add_dataset("people", frame, label="churn")
    draw = np.random.default_rng(0)

    def dropout(batch: pd.DataFrame) -> pd.DataFrame:
        yes = np.clip((batch["age"].fillna(50) - 18) / 72 + draw.normal(0, 0.1, len(batch)), 0, 1)
        return pd.DataFrame({"no": 1 - yes, "yes": yes})

    ws.add_model("dropout", dropout)
    found = ws.evaluate("dropout", "people").spread(noise=0, copies=10, sample=200)
    assert found.flipped > 0.05 and found.columns_kept == ()
    assert "Asked again" in found.note


def test_a_model_that_does_not_draw_stays(ev: mp.Evaluation) -> None:
    found = ev.spread(noise=0, copies=2, sample=50)
    assert found.flipped == 0 and all(row.spread == 0 for row in found.rows)


def test_large_values_spread_as_small_ones_do(ws: mp.Workspace) -> None:
    x = np.random.default_rng(0).normal(size=60)
    ws.add_dataset("points", pd.DataFrame({"x": x, "y": x}), label="y")
    spreads = []
    for name, base in (("small", 0.0), ("large", 1e9)):
        ws.add_model(name, lambda frame, base=base: base + frame["x"].to_numpy())
        spreads.append([row.spread for row in ws.evaluate(name, "points").spread(copies=4).rows])
    assert spreads[1] == pytest.approx(spreads[0], rel=1e-4)


def test_the_same_seed_gives_the_same_spread(ev: mp.Evaluation) -> None:
    first, second = (ev.spread(copies=3, sample=40, seed=4) for _ in range(2))
    assert first.rows == second.rows


def test_values_spread_too(forests: mp.Workspace) -> None:
    found = forests.evaluation("trees/values").spread(copies=3, sample=50)
    assert found.rows[0].spread > 0 and found.rows[0].other is None


def test_spread_can_be_cancelled_and_tells_its_progress(ev: mp.Evaluation) -> None:
    with pytest.raises(Cancelled):
        ev.spread(sample=20, cancel=lambda: True)
    told: list[tuple[int, int]] = []
    ev.spread(copies=2, sample=20, progress=lambda done, of: told.append((done, of)))
    assert told == [(20, 20)]


def test_predictions_alone_cannot_be_asked(ws: mp.Workspace, frame: pd.DataFrame) -> None:
    with pytest.raises(ModelError, match="cannot be asked"):
        kinds.binary(ws, frame).spread()


# ── conformal sets ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("method", ["lac", "aps", "raps"])
def test_sets_hold_the_label_as_often_as_they_say(forests: mp.Workspace, method: str) -> None:
    of = forests.evaluation("forest/kinds")
    covered = [
        of.conformal("row >= 700", target=0.8, method=method, seed=seed).rows[0].covered
        for seed in range(40)
    ]
    assert np.mean(covered) == pytest.approx(0.8, abs=0.02)


def test_sets_become_columns(own: mp.Evaluation) -> None:
    found = own.conformal(target=0.9)
    assert found.columns_kept == ("set_size", "in_set")
    assert own.mask("in_set").sum() == round(found.rows[0].covered * found.rows[0].n)
    for size in found.sizes:
        assert own.mask(size.where).sum() == size.n
    assert found.calibrated + found.rows[0].n == len(own)


def test_cohorts_are_judged_apart(own: mp.Evaluation) -> None:
    found = own.conformal(by="city")
    assert found.rows[0].cohort == "all"
    assert {row.cohort for row in found.rows[1:]} >= {"city = 'Oslo'", "city = 'Rome'"}
    for row in found.rows:
        assert row.low <= row.covered <= row.high
        both = f"in_set IS NOT NULL AND ({row.where})" if row.where else "in_set IS NOT NULL"
        assert own.mask(both).sum() == row.n


def test_classes_calibrated_apart_are_each_covered(forests: mp.Workspace) -> None:
    of = forests.evaluation("forest/kinds")
    found = of.conformal("row >= 700", within="label", by="label", target=0.85)
    assert len(found.cuts) == 3
    assert all(row.high >= 0.85 for row in found.rows)


def test_another_evaluation_can_calibrate(ws: mp.Workspace, pipeline: Any) -> None:
    from .conftest import people

    ws.add_model("logistic", pipeline)
    for name, seed in (("past", 3), ("now", 4)):
        ws.add_dataset(name, people(800, seed), label="churn", metadata=["note"])
        ws.evaluate("logistic", name)
    found = ws.evaluation("logistic/now").conformal(calibration="logistic@1/past@1")
    assert found.calibration == "logistic@1/past@1" and found.calibrated == 800
    assert found.rows[0].n == 800 and found.rows[0].high >= 0.9
    assert found.notes


def test_ranges_are_as_wide_as_they_must_be(forests: mp.Workspace) -> None:
    of = forests.evaluation("line/values")
    plain = of.conformal(target=0.9, by=["a > 0", "a <= 0"])
    assert plain.method == "absolute" and plain.rows[0].high >= 0.9
    by = {row.cohort: row.covered for row in plain.rows}
    assert by["a <= 0"] > by["a > 0"]  # whose errors are larger
    apart = of.conformal(target=0.9, within="a", by=["a > 0", "a <= 0"])
    assert all(row.high >= 0.9 for row in apart.rows)


def test_scaled_ranges_follow_a_column(forests: mp.Workspace) -> None:
    of = forests.evaluation("trees/values")
    of.spread(copies=4, sample=None, noise=0.3)
    found = of.conformal(scale="noise_spread", target=0.9)
    assert found.method == "scaled" and len(found.sizes) == 5
    with pytest.raises(BadOption, match="do not go together"):
        of.conformal(method="scaled")


def test_sets_of_what_has_none_are_refused(ws: mp.Workspace, frame: pd.DataFrame) -> None:
    with pytest.raises(BadOption, match="multilabel"):
        kinds.multilabel(ws, frame).conformal()
    with pytest.raises(BadOption, match="need probabilities"):
        kinds.multiclass(ws, frame).conformal()


# ── sanity ───────────────────────────────────────────────────────────────────────────


def test_a_good_model_is_sane(ev: mp.Evaluation) -> None:
    found = ev.sanity(sample=400)
    verdicts = {row.test: row.verdict for row in found.rows}
    assert verdicts["beats_constant"] == verdicts["label_shuffle"] == "pass"
    assert verdicts["train_gap"] == "skipped"
    assert found.ablation[0].column == "age"
    assert {row.column for row in found.ablation if row.is_used} == {"age", "city"}
    assert all(check.kind.name in verdicts for check in found.to_checks())
    assert max(map(len, str(found).splitlines())) <= 120


def test_its_checks_can_be_run(own: mp.Evaluation) -> None:
    found = own.sanity(sample=200, tests=["beats_constant", "label_shuffle"])
    verdicts = own.workspace.run(list(found.to_checks()), model="logistic", data="people")
    assert [row.value for row in verdicts.rows] == [row.value for row in found.rows]


def test_a_model_that_learned_by_heart_has_a_gap(ws: mp.Workspace) -> None:
    draw = np.random.default_rng(0)
    x = pd.DataFrame(draw.normal(size=(800, 4)), columns=list("abcd"))
    y = np.where(x["a"] + draw.normal(0, 2, 800) > 0, "yes", "no")
    part = np.where(np.arange(800) < 400, "train", "test")
    ws.add_dataset("points", x.assign(y=y, part=part), label="y", split="part")
    ws.add_model("deep", RandomForestClassifier(30, random_state=0).fit(x[:400], y[:400]))
    of = ws.evaluate("deep", "points")
    gap = of.sanity(tests=["train_gap"]).rows[0]
    assert gap.verdict == "fail" and gap.value > 0.3
    named = of.sanity(tests=["train_gap"], train="row < 400").rows[0]
    assert named.value == gap.value


def test_the_gap_to_another_evaluation(ws: mp.Workspace, pipeline: Any) -> None:
    from .conftest import people

    ws.add_model("logistic", pipeline)
    for name, seed in (("learned", 1), ("held", 5)):
        ws.add_dataset(name, people(2000, seed), label="churn", metadata=["note"])
        ws.evaluate("logistic", name)
    of = ws.evaluation("logistic/held")
    found = of.sanity(tests=["train_gap"], train="logistic@1/learned@1").rows[0]
    assert found.verdict in ("pass", "unsure") and abs(found.value) < 0.1


def test_what_cannot_be_fitted_again_is_skipped(ws: mp.Workspace, frame: pd.DataFrame) -> None:
    ws.add_dataset("people", frame, label="churn")
    ws.add_model("rule", lambda batch: np.where(batch["age"] > 50, "yes", "no"))
    found = ws.evaluate("rule", "people").sanity(sample=200)
    skipped = {row.test: row.sentence for row in found.rows if row.verdict == "skipped"}
    assert set(skipped) == {"train_gap", "overfits_batch", "label_shuffle"}
    assert "cannot be fitted" in skipped["label_shuffle"]
    assert found.skill == "error rate"


def test_a_model_without_inputs_is_looked_at_all_the_same(ws: mp.Workspace) -> None:
    rows = pd.DataFrame({"key": [f"k{i}" for i in range(60)], "y": ["yes", "no"] * 30})
    ws.add_dataset("keys", rows, label="y", id="key")
    ws.add_model("always", lambda batch: np.repeat("yes", len(batch)))
    found = ws.evaluate("always", "keys").sanity(sample=50)
    row = next(row for row in found.rows if row.test == "input_ablation")
    assert row.verdict == "skipped" and found.ablation == ()


def test_predictions_alone_have_some_tests(ws: mp.Workspace, frame: pd.DataFrame) -> None:
    found = kinds.regression(ws, frame).sanity()
    assert {row.test for row in found.rows if row.verdict != "skipped"} == {"beats_constant"}
    assert found.skill == "squared error" and found.ablation == ()


# ── all of them ──────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "ask",
    [
        lambda ev: ev.uncertainty(),
        lambda ev: ev.spread(copies=2, sample=30),
        lambda ev: ev.conformal(by="city"),
        lambda ev: ev.sanity(tests=["beats_constant", "input_ablation"], sample=50),
    ],
    ids=["uncertainty", "spread", "conformal", "sanity"],
)
def test_results_show_and_export_themselves(own: mp.Evaluation, ask: Any) -> None:
    found = ask(own)
    assert json.loads(found.to_json()) == found.to_dict()
    assert len(found.to_frame()) == len(found)
    assert found.note in str(found)
    assert "<table" in found._repr_html_()


@pytest.mark.parametrize(
    ("ask", "kind"),
    [
        (lambda ev: ev.uncertainty(), "selective"),
        (lambda ev: ev.uncertainty("city = 'Oslo'"), "selective"),
        (lambda ev: ev.conformal(by="city"), "conformal"),
        (lambda ev: ev.spread(copies=4), "robustness"),
    ],
    ids=["uncertainty", "cohort", "conformal", "spread"],
)
def test_what_was_found_becomes_a_check_that_passes(
    own: mp.Evaluation, ask: Any, kind: str
) -> None:
    check = ask(own).to_check()
    assert check.kind.name == kind
    found = own.workspace.run([check], model="logistic", data="people")
    assert found.rows[0].verdict in ("pass", "unsure"), str(found)


def test_no_check_is_made_of_a_model_that_draws(own: mp.Evaluation) -> None:
    with pytest.raises(BadOption, match="model that draws"):
        own.spread(noise=0, copies=2, sample=10).to_check()


def test_a_dataset_with_such_columns_keeps_its_own(tmp_path: Path, frame: pd.DataFrame) -> None:
    with mp.open(tmp_path / "ws") as ws:
        of = kinds.binary(ws, frame.assign(set_size=1))
        assert of.conformal().columns_kept == ()
        assert of.mask("set_size = 1").all()


def test_rows_of_many_labels_or_of_numbers_are_no_ensemble(ws: mp.Workspace) -> None:
    rows = pd.DataFrame({"x": np.arange(40.0), "y": [["p"], ["q"]] * 20})
    ws.add_dataset("several", rows, label="y")
    ws.add_dataset("numbers", rows.assign(y=rows["x"] / 3), label="y")
    for data, said in (("several", [["p"]] * 40), ("numbers", [0.5] * 40)):
        for name in ("a", "b"):
            ws.add_predictions(f"{name}-{data}", data, pd.DataFrame({"prediction": said}))
        of = ws.evaluation(f"a-{data}/{data}")
        with pytest.raises(BadOption, match="cannot vote") as caught:
            of.uncertainty(members=[f"a-{data}", f"b-{data}"])
        assert caught.value.known and caught.value.hint


def test_rows_count_by_their_weights(ws: mp.Workspace, frame: pd.DataFrame) -> None:
    draw = np.random.default_rng(1)
    p = draw.random(300)
    rows = pd.DataFrame({"w": draw.choice([1.0, 4.0], 300), "y": np.where(p > 0.5, "yes", "no")})
    said = pd.DataFrame({"prediction": "yes", "yes": 0.5 + p / 3, "no": 0.5 - p / 3})
    ws.add_dataset("heavy", rows, label="y", weight="w")
    ws.add_dataset("even", rows.assign(w=2.0), label="y", weight="w")
    ws.add_dataset("plain", rows.drop(columns="w"), label="y")
    ws.add_predictions("m", "plain", said)
    heavy, even = (ws.add_predictions("m", name, said) for name in ("heavy", "even"))
    for of, is_told in ((heavy, True), (even, False)):
        for found in (of.uncertainty(), of.conformal()):
            assert any("count by their weights" in note for note in found.notes) == is_told
    assert heavy.uncertainty().rows[0].value == pytest.approx(
        heavy.metrics(metrics=["error_rate"]).rows[0].value
    )
    worth = rows["w"].sum() ** 2 / (rows["w"] ** 2).sum()
    assert heavy.uncertainty().rows[0].n_effective == pytest.approx(worth)
    assert even.uncertainty().rows[0].n_effective == heavy.uncertainty().rows[0].n == 300
    assert even.uncertainty().rows == ws.evaluation("m/plain").uncertainty().rows
    assert even.conformal(seed=3).rows == ws.evaluation("m/plain").conformal(seed=3).rows


def test_whole_weights_are_as_so_many_rows(ws: mp.Workspace) -> None:
    draw = np.random.default_rng(2)
    p, weight = draw.random(400), draw.integers(1, 5, 400)
    said = pd.DataFrame({"yes": p, "no": 1 - p, "prediction": np.where(p > 0.5, "yes", "no")})
    frame = pd.DataFrame({"w": weight, "y": np.where(draw.random(400) < p, "yes", "no")})
    many = np.repeat(np.arange(400), weight)
    ws.add_dataset("heavy", frame, label="y", weight="w")
    ws.add_dataset("many", frame.loc[many].assign(w=1.0).reset_index(drop=True), label="y")
    heavy = ws.add_predictions("m", "heavy", said).uncertainty(by="confidence")
    same = ws.add_predictions("m", "many", said.loc[many].reset_index(drop=True)).uncertainty(
        by="confidence"
    )
    for row, other in zip(heavy.rows, same.rows, strict=True):
        assert (row.kept, row.value) == pytest.approx((other.kept, other.value))
        assert row.threshold == other.threshold
        assert row.n < other.n and row.n_effective < row.n
        assert row.high - row.low > other.high - other.low  # a row is no four independent ones
    first, second = heavy.measures[0], same.measures[0]
    assert first.auroc == pytest.approx(second.auroc)
    assert first.found == pytest.approx(second.found)
    assert first.aurc == pytest.approx(second.aurc, abs=2 / 400)
    shares = [row.share for row in heavy.doubts]
    assert shares == pytest.approx([row.share for row in same.doubts])
    assert sum(shares) == pytest.approx(1)


def test_weighted_sets_hold_the_label_in_the_population(ws: mp.Workspace) -> None:
    """Hard rows are sampled rarely: sets that count each row as one fall short there."""
    draw = np.random.default_rng(0)
    n = 40_000
    is_hard = draw.random(n) < 0.5
    chance = np.where(is_hard, draw.uniform(0.3, 0.7, n), draw.uniform(0.9, 1.0, n))
    frame = pd.DataFrame({"y": np.where(draw.random(n) < chance, "yes", "no"), "hard": is_hard})
    said = pd.DataFrame({"yes": chance, "no": 1 - chance, "prediction": "yes"})
    kept = draw.random(n) < np.where(is_hard, 0.05, 0.5)
    frame["w"] = np.where(is_hard, 20.0, 2.0)
    sample = frame[kept].reset_index(drop=True)
    for name, options in (("weighted", {"weight": "w"}), ("plain", {"metadata": ["w"]})):
        ws.add_dataset(name + "_sample", sample, label="y", **options)
    predictions = said[kept].reset_index(drop=True)
    weighted = ws.add_predictions("m", "weighted_sample", predictions).conformal(target=0.8)
    plain = ws.add_predictions("m", "plain_sample", predictions).conformal(target=0.8)
    sets = 1 - np.where(frame["y"] == "yes", chance, 1 - chance)
    in_population = [float((sets <= item.cuts[0].cut).mean()) for item in (weighted, plain)]
    assert in_population[0] == pytest.approx(0.8, abs=0.03)
    assert in_population[1] < 0.72
    assert weighted.rows[0].covered == pytest.approx(in_population[0], abs=0.05)
    assert weighted.cuts[0].n_effective < weighted.cuts[0].n


@pytest.mark.parametrize("target", [0, 1, 0.0, 1.0, True])
def test_a_target_of_nothing_or_everything_is_refused(ev: mp.Evaluation, target: float) -> None:
    with pytest.raises(BadOption, match="target="):
        ev.conformal(target=target)
