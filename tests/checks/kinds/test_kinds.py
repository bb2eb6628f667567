"""What each kind of check says, on models whose answers are known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

import mispredict as mp
from mispredict.checks.catalog import KINDS
from mispredict.core.errors import BadOption

from . import planted
from .conftest import check, judged


def threshold_model(batch: pd.DataFrame) -> pd.DataFrame:
    """ "yes" where the debt is above 60."""
    yes = np.where(batch["debt"] > 60, 0.9, 0.1)
    return pd.DataFrame({"no": 1 - yes, "yes": yes})


@pytest.fixture(scope="session")
def step(evaluated: Callable[..., mp.Evaluation]) -> mp.Evaluation:
    return evaluated("step", threshold_model)


def one(evaluation: mp.Evaluation, kind: str, /, **options: Any) -> Any:
    return judged(evaluation, check(kind, **options)).rows[0]


def test_every_kind_is_registered() -> None:
    assert set(KINDS) >= {
        "metric", "gap", "confidence", "adversarial", "augmentation", "unit", "directional",
        "template", "regression", "calibration", "latency", "stability", "robustness",
    }  # fmt: skip


def test_a_metric_is_held_against_both_bounds(step: mp.Evaluation) -> None:
    value = one(step, "metric", metric="accuracy", min=0.0).value
    assert one(step, "metric", metric="accuracy", min=value - 0.1).verdict == "pass"
    assert one(step, "metric", metric="accuracy", max=value - 0.1).verdict == "fail"
    assert one(step, "metric", metric="accuracy", min=value).verdict == "unsure"
    assert one(step, "metric", metric="accuracy", min=value, exact=True).verdict == "pass"


def test_no_rows_are_no_pass(step: mp.Evaluation) -> None:
    verdict = one(step, "metric", metric="accuracy", min=0.0, where="age > 200")
    assert (verdict.verdict, verdict.n) == ("unsure", 0)


def test_a_tag_chooses_rows(step: mp.Evaluation) -> None:
    step.tag("deep in debt", "debt > 90")
    verdict = one(step, "confidence", threshold=0.5, of="yes", tag="deep in debt")
    assert verdict.verdict == "pass"
    assert verdict.n == int(step.mask("debt > 90").sum())


def test_confidence_shows_the_rows_below_the_threshold(step: mp.Evaluation) -> None:
    verdict = one(step, "confidence", threshold=0.5, of="yes", where="debt > 50", sample=300)
    assert verdict.n == 300
    assert verdict.failing == round((1 - verdict.value) * 300)
    assert all(row.probability == pytest.approx(0.1) for row in verdict.examples)


@pytest.mark.parametrize("how", ["draws", "search"])
def test_an_attack_reports_the_threshold_that_had_to_be_passed(
    how: str, step: mp.Evaluation
) -> None:
    verdict = one(step, "adversarial", target="yes", vary=("debt",), how=how, tries=60, sample=40)
    assert verdict.verdict == "fail"
    assert "debt" in verdict.sentence
    changed = [change for row in verdict.examples for change in row.changes]
    assert {change.column for change in changed} == {"debt"}
    assert all(60 < change.after < 66 for change in changed)
    assert all(row.label == "no" and row.prediction == "yes" for row in verdict.examples)


def test_an_attack_leaves_out_rows_of_the_target(step: mp.Evaluation) -> None:
    verdict = one(step, "adversarial", target="yes", vary=("age",), tries=5, sample=None)
    assert verdict.verdict == "pass"
    assert verdict.n == int(step.mask("label = 'no' AND prediction = 'no'").sum())


def test_an_attack_keeps_to_its_ranges(step: mp.Evaluation) -> None:
    inside = one(step, "adversarial", target="yes", ranges={"debt": (0, 59)}, sample=100)
    assert inside.verdict == "pass"


def test_a_unit_check_makes_rows(step: mp.Evaluation) -> None:
    high = one(step, "unit", values={"debt": (61, 80), "sex": "f"}, label="yes", n=80)
    assert (high.verdict, high.n) == ("pass", 80)
    low = one(step, "unit", values={"debt": (20, 80), "city": ("Rome", "Oslo")}, label="yes")
    assert low.verdict == "fail"
    for row in low.examples:
        made = dict(row.inputs)
        assert made["debt"] <= 60 and made["city"] in ("Rome", "Oslo")


def test_one_pinned_row_is_exact(step: mp.Evaluation) -> None:
    values = {"age": 30, "income": 50.0, "debt": 70.0, "city": "Rome", "sex": "f"}
    assert one(step, "unit", values=values, label="yes", n=3).verdict == "pass"


def test_directions(step: mp.Evaluation) -> None:
    assert one(step, "directional", column="debt").verdict == "pass"
    wrong = one(step, "directional", column="debt", expect="not_rise", by=30)
    assert wrong.verdict == "fail"
    assert "→" in wrong.examples[0].note
    assert one(step, "directional", column="city", to="Oslo").verdict == "pass"


def test_augmented_rows_keep_their_label_or_prediction(step: mp.Evaluation) -> None:
    same = one(step, "augmentation", perturbations=("noise",), columns=("age",), multiplier=3)
    assert same.verdict == "pass" and 2500 < same.n <= 3000
    assert one(step, "augmentation", perturbations={"noise": 0.5}, label="no").verdict == "fail"
    label = one(step, "augmentation", perturbations=("noise",), columns=("age",), expect="label")
    assert label.value < 1
    wrong = one(step, "augmentation", perturbations=("category_swap",), expect="label")
    assert wrong.verdict == "error" and "right answer" in wrong.error


def test_a_gap_looks_at_crossings_and_cohorts(step: mp.Evaluation) -> None:
    crossing = one(step, "gap", metric="accuracy", by=("sex", "city"), max=0.5)
    assert crossing.verdict == "pass" and "6 cohorts" in crossing.sentence
    cohorts = ("debt > 80", "debt BETWEEN 50 AND 60")
    assert one(step, "gap", metric="accuracy", cohorts=cohorts, max=0.02).verdict == "fail"
    assert one(step, "gap", metric="accuracy", by=("sex",), max=0.5, smallest=5000).verdict == (
        "unsure"
    )


def test_a_regression_needs_a_baseline(step: mp.Evaluation, clean: mp.Evaluation) -> None:
    asked = check("regression", metric="accuracy", max_drop=0.02)
    assert judged(step, asked).rows[0].verdict == "error"
    verdict = judged(step, asked, baseline=clean).rows[0]
    assert verdict.verdict == "fail"
    assert verdict.value == pytest.approx(
        clean.metrics().value("accuracy").value - step.metrics().value("accuracy").value
    )
    assert all(row.before == row.label for row in verdict.examples)
    by = check("regression", metric="roc_auc", max_relative=0.5, by=("sex",))
    assert judged(step, by, baseline=clean).rows[0].verdict == "pass"


def test_latency_is_measured(step: mp.Evaluation) -> None:
    assert one(step, "latency", max_ms=60_000, calls=20, quantile=0.5).verdict == "pass"
    verdict = one(step, "latency", max_ms=1e-6, calls=20, batch_rows=4, per="row", quantile=0.5)
    assert (verdict.verdict, verdict.n) == ("fail", 20)


def test_a_regression_model(evaluated: Callable[..., mp.Evaluation], shop: mp.Workspace) -> None:
    frame = planted.customers(500, seed=8).drop(columns="default")
    shop.add_dataset("incomes", frame.assign(limit=frame["income"] * 2), label="limit")
    of = evaluated("limits", lambda batch: batch["income"].to_numpy() * 2, "incomes")
    verdicts = judged(
        of,
        check("metric", metric="mae", max=0.1, exact=True),
        check("unit", values={"income": (40, 60)}, min=79, max=121),
        check("directional", column="income"),
        check("augmentation", perturbations=("noise",), columns=("age",)),
        check("adversarial", target=(None, 10), vary=("age",)),
        check("stability"),
    )
    assert verdicts.is_passed, str(verdicts)
    broken = one(of, "adversarial", target=(150, None), vary=("income",), sample=20)
    assert broken.verdict == "fail"
    assert all(row.prediction >= 150 for row in broken.examples)


def test_a_model_of_several_labels(
    evaluated: Callable[..., mp.Evaluation], shop: mp.Workspace
) -> None:
    frame = planted.customers(300, seed=8).drop(columns="default")
    rich, poor = frame["income"] > 60, frame["debt"] > 60
    labels = [
        [name for name, held in (("rich", a), ("in debt", b)) if held]
        for a, b in zip(rich, poor, strict=True)
    ]
    shop.add_dataset("traits", frame.assign(traits=labels), label="traits", task="multilabel")

    def model(batch: pd.DataFrame) -> np.ndarray:
        return np.column_stack([batch["debt"] > 60, batch["income"] > 60])

    of = evaluated("traits", model, "traits")
    kept = one(of, "augmentation", perturbations=("noise",), columns=("age",))
    moved = one(of, "augmentation", perturbations={"noise": 0.9}, columns=("debt", "income"))
    assert (kept.verdict, moved.verdict) == ("pass", "fail")
    assert "rich" in {row.before for row in moved.examples} | {
        row.prediction for row in moved.examples
    }
    assert one(of, "stability").verdict == "pass"
    assert one(of, "unit", values={"debt": 90}, label="rich").verdict == "error"


BAD: list[tuple[str, dict[str, Any], str]] = [
    ("metric", {"metric": "accuracy"}, "needs a bound"),
    ("confidence", {"threshold": 1.5}, "threshold=1.5"),
    ("confidence", {"threshold": "high"}, "threshold='high'"),
    ("gap", {"metric": "accuracy", "by": ("sex",), "cohorts": ("age > 3",), "max": 0.1}, "gap"),
    ("unit", {"values": {"age": 3}}, "expect"),
    ("template", {"template": "{name}"}, "expects"),
    ("directional", {}, "changes a column"),
    ("augmentation", {"perturbations": ()}, "empty"),
    ("augmentation", {"perturbations": {"noise": 2.0}}, "perturbations"),
    ("robustness", {"perturbation": "noise", "strengths": (0.0,)}, "strengths"),
    ("regression", {"metric": "accuracy"}, "needs a bound"),
]


@pytest.mark.parametrize(("kind", "options", "said"), BAD, ids=[f"{k}-{s}" for k, _, s in BAD])
def test_bad_options_are_refused(kind: str, options: dict[str, Any], said: str) -> None:
    with pytest.raises(BadOption, match=said):
        KINDS[kind](**options)


@pytest.mark.parametrize(
    ("kind", "options", "hint"),
    [
        ("gap", {"metric": "accuracy", "by": "age", "max": 0.1}, "by=['age']"),
        ("adversarial", {"target": "yes", "vary": "age"}, "vary=['age']"),
        ("gap", {"metric": "accuracy", "by": 3, "max": 0.1}, ""),
        ("unit", {"values": {"age": 3}, "label": "yes", "n": "many"}, "n=100"),
    ],
    ids=["a list", "another list", "no text", "a default"],
)
def test_hints_say_what_was_meant(kind: str, options: dict[str, Any], hint: str) -> None:
    with pytest.raises(BadOption) as refused:
        KINDS[kind](**options)
    assert refused.value.hint == hint


WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("unit", {"values": {"agee": 3}, "label": "yes"}, "agee"),
    ("unit", {"values": {"age": "old"}, "label": "yes"}, "age"),
    ("unit", {"values": {"age": 3}, "label": "perhaps"}, "perhaps"),
    ("adversarial", {"target": "perhaps"}, "perhaps"),
    ("augmentation", {"perturbations": ("shake",)}, "shake"),
    ("directional", {"column": "city"}, "city"),
    ("template", {"template": "{name}", "label": "yes"}, "texts"),
    ("confidence", {"threshold": 0.5, "sample": 5, "exact": True}, "exact"),
]


@pytest.mark.parametrize(("kind", "options", "said"), WRONG, ids=[f"{k}-{s}" for k, _, s in WRONG])
def test_what_does_not_fit_is_an_error_and_not_a_crash(
    kind: str, options: dict[str, Any], said: str, step: mp.Evaluation
) -> None:
    verdict = one(step, kind, **options)
    assert verdict.verdict == "error"
    assert said in verdict.error
