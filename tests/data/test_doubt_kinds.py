"""Kinds about doubt and sanity: planted faults fail, good models are rarely failed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import RandomForestClassifier

import mispredict as mp
from mispredict.core.errors import BadOption

SEEDS, ROWS = 120, 250
N = SEEDS * ROWS


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[mp.Evaluation]:
    """A calibrated model on samples of rows; `seen` is a random half, `half` another."""
    draw = np.random.default_rng(0)
    yes = draw.beta(1.2, 1.2, N)
    label = np.where(draw.random(N) < yes, "yes", "no")
    rows = pd.DataFrame(
        {
            "id": np.arange(N),
            "sample": np.arange(N) % SEEDS,
            "seen": draw.random(N) < 0.5,
            "label": label,
        }
    )
    with mp.open(tmp_path_factory.mktemp("samples") / "ws") as ws:
        ws.add_dataset("rows", rows, label="label", id="id")
        answers = rows[["id"]].assign(p_no=1 - yes, p_yes=yes)
        yield ws.add_predictions("calibrated", "rows", answers)


def fails(of: mp.Evaluation, kind: str, **options: Any) -> int:
    """How many samples fail a check."""
    found = [
        of.check(kind, where=f"sample = {number}", seed=number, **options).verdict
        for number in range(SEEDS)
    ]
    assert "error" not in found
    return found.count("fail")


def test_a_model_at_the_bound_is_rarely_failed(samples: mp.Evaluation) -> None:
    """The bounds are the values of all rows, so that each fail is a false one."""
    rate = samples.uncertainty(shares=(0.8,)).rows[0].value
    chance = next(r for r in samples.uncertainty().measures if r.measure == "confidence").auroc
    skill = samples.check("beats_constant").value
    most = 0.05 * SEEDS
    assert fails(samples, "selective", max=rate, kept=0.8) <= most
    assert fails(samples, "knows_errors", min=chance) <= most
    assert fails(samples, "beats_constant", min_skill=skill) <= most
    assert fails(samples, "train_gap", train="seen", max=0.0) <= most
    assert fails(samples, "conformal", target=0.9, slack=0.0) <= 2 * most  # of its own draw, too
    assert fails(samples, "conformal", target=0.9, slack=0.05) <= most


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[mp.Workspace]:
    """Models with one fault each."""
    draw = np.random.default_rng(1)
    n = 3000
    x = pd.DataFrame(draw.normal(size=(n, 4)), columns=list("abcd"))
    y = np.where(x["a"] + x["b"] + draw.normal(0, 0.8, n) > 0, "yes", "no")
    x["answer"] = np.where(y == "yes", 1.0, 0.0) + draw.normal(0, 0.2, n)
    hard = draw.random(n) < 0.25
    yes = np.clip((x["a"] + x["b"]) / 4 + 0.5, 0.02, 0.98)
    turned = np.where(hard & (draw.random(n) < 0.5), 1 - yes, yes)
    with mp.open(tmp_path_factory.mktemp("planted") / "ws") as ws:
        ws.add_dataset("rows", x.assign(y=y, hard=hard), label="y", metadata=["hard"])
        honest = RandomForestClassifier(20, max_depth=5, random_state=0).fit(x[["a", "b", "c"]], y)
        leaky = RandomForestClassifier(20, max_depth=5, max_features=None, random_state=0)
        ws.add_model("honest", honest)
        ws.add_model("leaky", leaky.fit(x, y))
        ws.add_model("stubborn", RandomForestClassifier(1, min_samples_leaf=400).fit(x, y))
        ws.add_model("frozen", Frozen(honest))
        for model in ("honest", "leaky", "stubborn", "frozen"):
            ws.evaluate(model, "rows")
        ws.add_predictions("torn", "rows", pd.DataFrame({"p_no": 1 - turned, "p_yes": turned}))
        constant = pd.DataFrame({"p_no": np.full(n, 0.9), "p_yes": np.full(n, 0.1)})
        ws.add_predictions("constant", "rows", constant)
        yield ws


class Frozen(RandomForestClassifier):
    """Answers as it did before, whatever it is fitted on."""

    def __init__(self, before: RandomForestClassifier | None = None) -> None:
        super().__init__()
        self.before = before
        self.classes_ = None if before is None else before.classes_

    def __sklearn_clone__(self) -> Frozen:
        return Frozen(self.before)

    def fit(self, x: Any, y: Any, sample_weight: Any = None) -> Frozen:
        return self

    def predict_proba(self, x: Any) -> Any:
        assert self.before is not None
        return self.before.predict_proba(x[["a", "b", "c"]])

    def predict(self, x: Any) -> Any:
        return self.classes_[self.predict_proba(x).argmax(axis=1)]


@pytest.mark.parametrize(
    ("model", "kind", "options"),
    [
        ("constant", "beats_constant", {}),
        ("leaky", "input_ablation", {}),
        ("stubborn", "overfits_batch", {}),
        ("frozen", "label_shuffle", {}),
        ("torn", "conformal", {"by": "hard", "target": 0.9, "slack": 0.02}),
        ("torn", "selective", {"kept": 0.5, "max": 0.05}),
    ],
    ids=lambda item: item if isinstance(item, str) else "",
)
def test_a_planted_fault_fails_its_check(
    planted: mp.Workspace, model: str, kind: str, options: dict[str, Any]
) -> None:
    found = planted.evaluation(f"{model}/rows").check(kind, **options)
    assert found.verdict == "fail", found.sentence


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("beats_constant", {}),
        ("input_ablation", {}),
        ("overfits_batch", {}),
        ("label_shuffle", {}),
        ("conformal", {"by": "hard"}),
        ("knows_errors", {}),
        ("selective", {"kept": 0.3, "max": 0.1}),
    ],
    ids=lambda item: item if isinstance(item, str) else "",
)
def test_an_honest_model_passes(planted: mp.Workspace, kind: str, options: dict[str, Any]) -> None:
    found = planted.evaluation("honest/rows").check(kind, **options)
    assert found.verdict == "pass", found.sentence


def test_what_an_input_carries_is_named(planted: mp.Workspace) -> None:
    found = planted.evaluation("leaky/rows").check("input_ablation")
    assert "answer" in found.sentence
    honest = planted.evaluation("honest/rows").check("input_ablation")
    assert "Nothing changes without d, answer." in honest.sentence  # it is not given them


def test_failing_rows_are_shown(planted: mp.Workspace) -> None:
    of = planted.evaluation("torn/rows")
    for kind, options in (("selective", {"max": 0.01}), ("conformal", {})):
        found = of.check(kind, **options)
        assert found.failing >= len(found.examples) > 0
        assert all(row.label != row.prediction for row in found.examples) or kind == "conformal"


@pytest.mark.parametrize(
    ("kind", "options", "words"),
    [
        ("train_gap", {"train": "a > 100"}, "none of the rows"),
        ("conformal", {"by": "hard", "smallest": 100_000}, "no cohort has"),
        ("beats_constant", {"where": "a > 100"}, "no rows with a label"),
    ],
    ids=["gap", "cohorts", "rows"],
)
def test_what_cannot_be_judged_is_said(
    planted: mp.Workspace, kind: str, options: dict[str, Any], words: str
) -> None:
    found = planted.evaluation("honest/rows").check(kind, **options)
    assert found.verdict == "error" and words in found.sentence


def test_options_out_of_range_are_refused(samples: mp.Evaluation) -> None:
    with pytest.raises(BadOption, match="target"):
        samples.check("conformal", target=1.0)
