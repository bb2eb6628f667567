"""Attributions of models that are known by their answers alone."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mispredict.core.errors import BadOption, ModelError
from mispredict.core.schema import ColumnType
from mispredict.explain.attributions import choose, explainers
from mispredict.explain.counterfactuals.search_calls import Budget

from .games import Floats, shapley
from .subjects import YES_NO, linear, numbers, subject, targets

WEIGHTS = [3.0, -2.0, 1.0, 0.0, 0.5]


def curved(frame: pd.DataFrame) -> Floats:
    x = frame.to_numpy(float)
    return np.asarray(x[:, 0] * x[:, 1] + np.sin(2 * x[:, 2]) + np.maximum(x[:, 3], x[:, 0]))


@pytest.mark.parametrize("method", ["permutation", "enumeration"])
def test_a_linear_function_gets_its_terms(method: str) -> None:
    frame = numbers(40, 5)
    asked = subject(linear(WEIGHTS), frame, background=20)
    batch = explainers()[method](asked).explain(frame, targets(40))
    mean = frame.tail(20).mean().to_numpy()
    expected = (frame.to_numpy() - mean) * WEIGHTS
    if method == "enumeration":
        np.testing.assert_allclose(batch.values, expected, atol=1e-9)
    else:
        assert batch.errors is not None
        assert (np.abs(batch.values - expected) <= 2 * batch.errors + 1e-9).mean() > 0.97
    np.testing.assert_allclose(batch.base + batch.values.sum(axis=1), batch.output, atol=1e-9)


def test_enumeration_is_the_definition() -> None:
    frame = numbers(6, 4)
    asked = subject(curved, frame, background=5)
    batch = explainers()["enumeration"](asked).explain(frame, targets(6))
    rows, back = frame.to_numpy(), frame.tail(5).to_numpy()

    def value(row: Floats, known: frozenset[int]) -> float:
        mixed = back.copy()
        mixed[:, list(known)] = row[list(known)]
        return float(curved(pd.DataFrame(mixed)).mean())

    for at, row in enumerate(rows):
        expected = shapley(lambda known, row=row: value(row, known), 4)
        np.testing.assert_allclose(batch.values[at], expected, atol=1e-12)


def test_intervals_of_permutations_hold() -> None:
    frame = numbers(300, 4)
    exact, sampled = (
        explainers()[method](subject(curved, frame, background=100)).explain(frame, targets(300))
        for method in ("enumeration", "permutation")
    )
    assert sampled.errors is not None
    inside = np.abs(sampled.values - exact.values) <= sampled.errors + 1e-12
    assert 0.93 <= inside.mean() <= 0.995
    assert np.abs(sampled.values - exact.values).mean() < 0.1
    np.testing.assert_allclose(sampled.base, exact.base)
    total = sampled.base + sampled.values.sum(axis=1)
    np.testing.assert_allclose(total, sampled.output, atol=1e-9)


def test_what_the_model_ignores_gets_nothing() -> None:
    frame = numbers(20, 5)
    batch = explainers()["permutation"](subject(linear(WEIGHTS), frame)).explain(frame, targets(20))
    assert np.abs(batch.values[:, 3]).max() < 1e-12  # some products of matrices round
    assert batch.errors is not None
    assert batch.errors[:, 3].max() < 1e-12


def test_a_row_is_explained_alike_whatever_stands_beside_it() -> None:
    frame = numbers(30, 4)
    explainer = explainers()["permutation"](subject(curved, frame))
    whole = explainer.explain(frame, targets(30))
    part = explainer.explain(frame.iloc[[7, 21]].reset_index(drop=True), targets(2))
    np.testing.assert_array_equal(part.values, whole.values[[7, 21]])


def test_lime_finds_the_terms_of_a_linear_function() -> None:
    frame = numbers(15, 4)
    asked = subject(linear(WEIGHTS[:4]), frame, background=20)
    batch = explainers()["lime"](asked).explain(frame, targets(15))
    mean = frame.tail(20).mean().to_numpy()
    expected = (frame.to_numpy() - mean) * WEIGHTS[:4]
    assert batch.errors is not None
    assert (np.abs(batch.values - expected) <= 2 * batch.errors + 0.05).mean() > 0.9


def test_types_of_columns_stay_what_they_are() -> None:
    frame = pd.DataFrame(
        {
            "n": pd.Series([1, 2, 3, 4] * 5),
            "c": pd.Series(["a", "b", None, "a"] * 5, dtype=object),
            "k": pd.Categorical(["x", "y", "x", "z"] * 5),
            "t": pd.date_range("2024-01-01", periods=20),
            "b": [True, False] * 10,
        }
    )
    seen: list[str] = []

    def model(rows: pd.DataFrame) -> Floats:
        seen.append(str(rows.dtypes.to_dict()))
        assert list(rows["k"].cat.categories) == ["x", "y", "z"]
        return rows["n"].to_numpy(float) + (rows["c"] == "a") + rows["t"].dt.day

    batch = explainers()["permutation"](subject(model, frame)).explain(frame, targets(20))
    assert len(set(seen)) == 1
    assert (batch.values[:, [2, 4]] == 0).all()


def test_rows_on_which_the_model_fails_are_counted_and_not_fatal() -> None:
    frame = numbers(40, 4)

    def fragile(rows: pd.DataFrame) -> Floats:
        x = rows.to_numpy()
        if ((x[:, 0] > 1.2) & (x[:, 1] < -1)).any():
            raise ZeroDivisionError("not this pair")
        return np.asarray(x @ [1.0, 2, 3, 4])

    asked = subject(fragile, frame)
    batch = explainers()["permutation"](asked).explain(frame, targets(40))
    used = asked.caller.used
    assert 0 < used.failed < used.rows / 10
    assert used.failure == "ZeroDivisionError: not this pair"
    assert np.isfinite(batch.values).mean() > 0.95


def test_a_budget_bounds_the_calls_and_widens_intervals() -> None:
    frame = numbers(20, 6)
    small = subject(linear([1.0] * 6), frame, budget=Budget(rows=1000))
    batch = explainers()["permutation"](small).explain(frame, targets(20))
    assert small.caller.used.is_spent
    assert small.caller.used.rows <= 1000
    large = subject(linear([1.0] * 6), frame)
    other = explainers()["permutation"](large).explain(frame, targets(20))
    assert batch.errors is not None
    assert other.errors is not None
    assert np.median(other.errors) < np.median(batch.errors)


def test_classes_are_explained_by_their_probability() -> None:
    frame = numbers(30, 3)

    def model(rows: pd.DataFrame) -> pd.DataFrame:
        p = 1 / (1 + np.exp(-rows["x0"]))
        return pd.DataFrame({"no": 1 - p, "yes": p})

    explainer = explainers()["enumeration"](subject(model, frame, task=YES_NO))
    yes, no = (explainer.explain(frame, targets(30, code)) for code in (1, 0))
    np.testing.assert_allclose(yes.values, -no.values, atol=1e-12)
    np.testing.assert_allclose(yes.output, 1 / (1 + np.exp(-frame["x0"])))
    assert explainer.scale == "probability"


def test_a_model_of_labels_alone_is_explained_by_its_answers() -> None:
    frame = numbers(30, 3)
    asked = subject(lambda rows: np.where(rows["x1"] > 0, "yes", "no"), frame, task=YES_NO)
    batch = explainers()["enumeration"](asked).explain(frame, targets(30, 1))
    assert (batch.values[:, [0, 2]] == 0).all()
    assert set(batch.output) == {0.0, 1.0}


def test_few_features_are_enumerated_and_many_are_sampled() -> None:
    few, many = numbers(30, 3), numbers(30, 12)
    assert choose(subject(linear([1.0] * 3), few)).explainer.method == "enumeration"
    found = choose(subject(linear([1.0] * 12), many))
    assert found.explainer.method == "permutation"
    assert set(found.refused) == {"tree", "linear", "enumeration"}


def test_a_method_that_does_not_fit_says_why() -> None:
    asked = subject(linear([1.0] * 3), numbers(30, 3))
    with pytest.raises(BadOption, match="cannot explain") as error:
        choose(asked, "tree")
    assert "its inside is not known" in error.value.known
    with pytest.raises(BadOption, match="is not a choice"):
        choose(asked, "magic")


def test_an_error_that_is_about_no_row_is_raised() -> None:
    def away(rows: pd.DataFrame) -> Floats:
        raise ModelError("the server is away.")

    asked = subject(away, numbers(30, 3))
    with pytest.raises(ModelError, match="away"):
        explainers()["permutation"](asked).explain(numbers(5, 3), targets(5))


def test_lime_needs_more_samples_than_features() -> None:
    asked = subject(linear(WEIGHTS), numbers(10, 5), samples=6)
    with pytest.raises(BadOption, match="samples=6 are too few for LIME") as error:
        explainers()["lime"](asked)
    assert "5 features needs 7 or more" in error.value.known
    enough = subject(linear(WEIGHTS), numbers(10, 5), samples=7)
    batch = explainers()["lime"](enough).explain(numbers(2, 5), targets(2))
    assert np.isfinite(batch.values).all()


def test_lime_tokens_with_few_samples_leave_the_row_unexplained() -> None:
    frame = pd.DataFrame({"text": ["one two three four five six", "one"]})
    asked = subject(
        lambda rows: rows["text"].str.len().to_numpy(float), frame, samples=3,
        kinds={"text": ColumnType.TEXT},
    )  # fmt: skip
    batch = explainers()["lime-tokens"](asked).explain(frame, targets(2))
    assert np.isnan(batch.output).tolist() == [True, False]
