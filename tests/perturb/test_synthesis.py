"""Made-up rows: their shares, their associations, and what they give away."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from mispredict.core.errors import BadDataset, BadOption
from mispredict.perturb import Reference
from mispredict.perturb.synthesis import METHODS, synthesise
from mispredict.perturb.synthesis_report import compared


def customers(n: int = 1_500, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    age = rng.integers(18, 90, n)
    plan = np.where(age > 50, rng.choice(["gold", "basic"], n, p=[0.8, 0.2]), "basic")
    income = (age * 700 + rng.normal(0, 4_000, n)).round(2)
    income[rng.random(n) < 0.1] = np.nan
    return pd.DataFrame(
        {"age": age, "plan": plan, "income": income, "is_new": rng.random(n) < 0.3}
    ).astype({"plan": "category"})


def made(method: Any, n: int = 1_500, seed: int = 0) -> pd.DataFrame:
    frame = customers()
    return synthesise(frame, n, method=method, seed=seed, reference=Reference.of(frame))


def report(rows: pd.DataFrame) -> dict[str, Any]:
    frame = customers()
    held = customers(400, seed=1)
    return compared(frame, held, rows, Reference.of(frame), seed=0)


@pytest.mark.parametrize("method", METHODS)
def test_made_rows_have_the_columns_types_and_ranges_of_the_data(method: str) -> None:
    rows, frame = made(method), customers()
    assert rows.dtypes.to_dict() == frame.dtypes.to_dict()
    assert rows["age"].between(18, 89).all()
    assert set(rows["plan"]) <= set(frame["plan"])
    assert rows["income"].isna().mean() == pytest.approx(0.1, abs=0.03)


@pytest.mark.parametrize("method", METHODS)
def test_the_seed_decides(method: str) -> None:
    pd.testing.assert_frame_equal(made(method, 50, 3), made(method, 50, 3))
    assert not made(method, 50, 3).equals(made(method, 50, 4))


def test_trees_keep_what_columns_have_to_do_with_each_other() -> None:
    found = report(made("trees"))
    assert min(row.similarity for row in found["rows"]) > 0.95
    assert found["pairs"] > 0.95
    assert found["auc"] < 0.6
    assert found["copies"] < 0.15  # those without an income have few other values
    assert not any("classifier" in warning for warning in found["warnings"])


def test_a_copula_keeps_marginals_and_rank_correlation() -> None:
    rows = made("copula")
    known = rows.dropna()
    assert known["age"].corr(known["income"], method="spearman") > 0.85
    assert min(row.similarity for row in report(rows)["rows"]) > 0.95


def test_copies_are_found_out() -> None:
    found = report(customers().sample(1_000, random_state=0).reset_index(drop=True))
    assert found["copies"] > 0.99
    assert found["closer_low"] > 0.5
    assert any("copies" in warning for warning in found["warnings"])


def test_columns_that_are_shuffled_are_found_out() -> None:
    frame = customers()
    rng = np.random.default_rng(0)
    rows = pd.DataFrame({n: frame[n].to_numpy()[rng.permutation(len(frame))] for n in frame})
    found = report(rows)
    assert found["auc"] > 0.8
    assert found["worst_difference"] > 0.3
    assert found["pairs"] < found["pairs_control"] - 0.1
    assert any("classifier" in warning for warning in found["warnings"])


def test_real_rows_that_nobody_learned_from_pass() -> None:
    found = report(customers(1_500, seed=2))
    assert found["auc_low"] < 0.5 < found["auc_high"] + 0.05
    assert found["closer_low"] < 0.5 < found["closer_high"]
    assert found["warnings"] == ()


@pytest.mark.parametrize("known", [0, 3], ids=["no value", "few values"])
def test_columns_of_missing_values_are_made_up_as_such(known: int) -> None:
    frame = customers(200).assign(gone=np.nan)
    frame.loc[: known - 1, "gone"] = 1.0
    reference = Reference.of(frame)
    rows = synthesise(frame, 100, reference=reference)
    found = compared(frame, frame.tail(50), rows, reference, seed=0)
    assert rows["gone"].isna().sum() >= 100 - 10 * known
    assert 0 <= found["auc"] <= 1


def test_a_synthesizer_of_ones_own() -> None:
    class Same:
        def fit(self, frame: pd.DataFrame) -> None:
            self.frame = frame

        def sample(self, n: int) -> pd.DataFrame:
            return self.frame.sample(n, replace=True, random_state=0)

    assert len(made(Same(), 20)) == 20


class _Nonsense:
    def fit(self, frame: Any) -> None: ...

    def sample(self, n: int) -> list[int]:
        return [n]


@pytest.mark.parametrize(
    ("call", "kind", "words"),
    [
        (lambda: made("gan"), BadOption, "method='gan'"),
        (lambda: made(3), BadOption, "fit(frame)"),
        (lambda: made(_Nonsense()), BadOption, "without all columns"),
        (lambda: made("trees", 0), BadOption, "n=0"),
        (
            lambda: synthesise(customers(20), 5, reference=Reference.of(customers(20))),
            BadDataset,
            "too few",
        ),
    ],
)
def test_errors_say_what_to_do(call, kind, words) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(kind) as error:
        call()
    assert words in str(error.value)
    assert error.value.hint
