"""Exact Shapley values of trees: against the definition, the models themselves, and shap."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
from sklearn.ensemble import (
    ExtraTreesRegressor,
    GradientBoostingClassifier,
    GradientBoostingRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
)
from sklearn.tree import DecisionTreeClassifier

from mispredict.explain.trees.reading import Unreadable, read_trees

from .games import Floats, path_value, random_trees, shapley

ROWS, FEATURES = 400, 6
SEEDS = range(4)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("n", [3, 700], ids=["row by row", "tables"])
@pytest.mark.parametrize("depth", [3, 5, 9])
def test_values_are_those_of_the_definition(seed: int, n: int, depth: int) -> None:
    rng = np.random.default_rng(seed)
    trees = random_trees(rng, 5, 3, depth)
    rows = rng.normal(size=(n, 5))
    rows[rng.random(rows.shape) < 0.15] = np.nan
    found = trees.shapley(rows, 0, player=np.arange(5, dtype=np.int32), players=5)
    for at in range(0, n, max(n // 3, 1)):
        expected = shapley(lambda known, at=at: path_value(trees, rows[at], known), 5)
        np.testing.assert_allclose(found[at], expected, atol=1e-12)
    total = found.sum(axis=1) + trees.expected(0)
    np.testing.assert_allclose(total, trees.margins(rows)[:, 0], atol=1e-10)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("n", [3, 700], ids=["row by row", "tables"])
def test_values_against_background_rows_are_those_of_the_definition(seed: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    trees = random_trees(rng, 4, 2, 6)
    rows, back = rng.normal(size=(n, 4)), rng.normal(size=(7, 4))

    def value(row: Floats, known: frozenset[int]) -> float:
        mixed = back.copy()
        mixed[:, list(known)] = row[list(known)]
        return float(trees.margins(mixed).mean())

    player = np.arange(4, dtype=np.int32)
    found = trees.shapley(rows, 0, player=player, players=4, background=back)
    for at in (0, n - 1):
        expected = shapley(lambda known, at=at: value(rows[at], known), 4)
        np.testing.assert_allclose(found[at], expected, atol=1e-12)


def test_values_of_one_players_features_are_summed() -> None:
    rng = np.random.default_rng(0)
    trees, rows = random_trees(rng, 5, 3, 5), rng.normal(size=(100, 5))
    single = trees.shapley(rows, 0, player=np.arange(5, dtype=np.int32), players=5)
    player = np.array([0, 1, 0, 1, 2], dtype=np.int32)
    found = trees.shapley(rows, 0, player=player, players=3)
    for at in range(3):
        np.testing.assert_allclose(found[:, at], single[:, player == at].sum(axis=1), atol=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_interactions_are_those_of_the_definition(seed: int) -> None:
    rng = np.random.default_rng(seed)
    trees, rows = random_trees(rng, 4, 2, 5), rng.normal(size=(3, 4))
    found = trees.interactions(rows, 0, player=np.arange(4, dtype=np.int32), players=4)
    for at, row in enumerate(rows):
        for one, other in ((0, 1), (2, 3)):
            rest = [p for p in range(4) if p not in (one, other)]

            def value(known: frozenset[int], row: Floats = row) -> float:
                return path_value(trees, row, known)

            expected = 0.0
            for size in range(3):
                from itertools import combinations

                for chosen in combinations(rest, size):
                    base = frozenset(chosen)
                    both = value(base | {one, other}) + value(base)
                    alone = value(base | {one}) + value(base | {other})
                    weight = {0: 1 / 3, 1: 1 / 6, 2: 1 / 3}[size]
                    expected += weight * (both - alone) / 2
            assert found[at, one, other] == pytest.approx(expected, abs=1e-12)
            assert found[at, other, one] == found[at, one, other]
    values = trees.shapley(rows, 0, player=np.arange(4, dtype=np.int32), players=4)
    np.testing.assert_allclose(found.sum(axis=2), values, atol=1e-12)


def test_paths_too_long_for_tables_are_summed_row_by_row() -> None:
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(3000, 30))
    labels = (rows[:, :15].sum(axis=1) + rng.normal(size=3000) > 0).astype(int)
    model = RandomForestClassifier(3, random_state=0, max_features=None).fit(rows, labels)
    reading = read_trees(model)
    assert reading is not None
    assert reading.trees.deepest > 10
    player = np.arange(30, dtype=np.int32)
    few = reading.trees.shapley(rows[:20], 1, player=player, players=30)
    many = reading.trees.shapley(rows[:500], 1, player=player, players=30)
    np.testing.assert_allclose(many[:20], few, atol=1e-10)
    total = many.sum(axis=1) + reading.trees.expected(1)
    np.testing.assert_allclose(total, model.predict_proba(rows[:500])[:, 1], atol=1e-10)


def table(kind: str, *, missing: bool = False) -> tuple[Floats, Any]:
    rng = np.random.default_rng(1)
    rows = rng.normal(size=(ROWS, FEATURES))
    rows[:, 5] = rng.integers(0, 6, ROWS)
    score = rows[:, 0] + rows[:, 1] * rows[:, 2] + 0.5 * (rows[:, 5] == 3)
    if missing:
        rows[rng.random(rows.shape) < 0.1] = np.nan
    if kind == "value":
        return rows, score
    return rows, np.digitize(score, [0.0] if kind == "binary" else [-0.5, 0.5])


SKLEARN = {
    "tree": (lambda: DecisionTreeClassifier(max_depth=6), "binary", False),
    "forest": (lambda: RandomForestClassifier(10, random_state=0), "multiclass", False),
    "forest with missing": (lambda: RandomForestClassifier(10, random_state=0), "binary", True),
    "extra trees": (lambda: ExtraTreesRegressor(10, random_state=0), "value", False),
    "boosting": (lambda: GradientBoostingClassifier(n_estimators=20), "binary", False),
    "boosting of classes": (
        lambda: GradientBoostingClassifier(n_estimators=9),
        "multiclass",
        False,
    ),
    "boosted values": (lambda: GradientBoostingRegressor(n_estimators=20), "value", False),
    "histograms": (lambda: HistGradientBoostingClassifier(max_iter=20), "binary", True),
    "histograms of classes": (
        lambda: HistGradientBoostingClassifier(max_iter=9),
        "multiclass",
        True,
    ),
    "categories": (
        lambda: HistGradientBoostingClassifier(max_iter=20, categorical_features=[5]),
        "binary",
        True,
    ),
    "counts": (lambda: HistGradientBoostingRegressor(max_iter=9, loss="poisson"), "value", True),
}


@pytest.mark.parametrize("name", SKLEARN)
def test_trees_of_scikit_learn_answer_as_they_do(name: str) -> None:
    make, kind, missing = SKLEARN[name]
    rows, target = table(kind, missing=missing)
    check_reading(make(), rows, np.abs(target) if name == "counts" else target, 1e-10)


LIGHTGBM: dict[str, tuple[dict[str, Any], str, bool]] = {
    "plain": ({}, "binary", False),
    "missing": ({}, "binary", True),
    "zero is missing": ({"zero_as_missing": True}, "binary", True),
    "classes": ({}, "multiclass", True),
    "dart": ({"boosting_type": "dart"}, "binary", False),
    "forest": ({"boosting_type": "rf", "bagging_freq": 1, "bagging_fraction": 0.5}, "binary", True),
    "categories": ({"categorical_feature": [5]}, "binary", False),
}


@pytest.mark.parametrize("name", LIGHTGBM)
def test_trees_of_lightgbm_answer_as_they_do(name: str) -> None:
    lightgbm = pytest.importorskip("lightgbm")
    options, kind, missing = LIGHTGBM[name]
    rows, target = table(kind, missing=missing)
    rows = np.where(np.abs(rows) < 0.2, 0.0, rows)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = lightgbm.LGBMClassifier(n_estimators=20, verbose=-1, n_jobs=1, **options)
        check_reading(model, rows, target, 1e-10)


@pytest.mark.parametrize("name", ["binary", "multiclass", "value", "dart", "counts"])
def test_trees_of_xgboost_answer_as_they_do(name: str) -> None:
    xgboost = pytest.importorskip("xgboost")
    options: dict[str, Any] = {"n_estimators": 20, "n_jobs": 1}
    kind = "binary" if name == "dart" else "value" if name == "counts" else name
    rows, target = table(kind, missing=True)
    if name == "dart":
        options |= {"booster": "dart", "rate_drop": 0.3}
    if name == "counts":
        target, options["objective"] = np.abs(target), "count:poisson"
    make = xgboost.XGBRegressor if kind == "value" else xgboost.XGBClassifier
    check_reading(make(**options), rows, target, 1e-5)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("kind", ["binary", "multiclass", "value"])
def test_trees_of_catboost_answer_as_they_do(kind: str) -> None:
    catboost = pytest.importorskip("catboost")
    rows, target = table(kind, missing=True)
    make = catboost.CatBoostRegressor if kind == "value" else catboost.CatBoostClassifier
    model = make(iterations=20, verbose=0, thread_count=1, allow_writing_files=False)
    check_reading(model, rows, target, 1e-10)
    reading = read_trees(model)
    assert reading is not None
    own = model.get_feature_importance(catboost.Pool(rows), type="ShapValues")
    own = own if own.ndim == 2 else own[:, -1]
    player = np.arange(FEATURES, dtype=np.int32)
    found = reading.trees.shapley(
        reading.prepare(rows), reading.trees.n_outputs - 1, player=player, players=FEATURES
    )
    np.testing.assert_allclose(found, own[:, :-1], atol=1e-10)


def check_reading(model: Any, rows: Floats, target: Any, tolerance: float) -> None:
    model.fit(rows, target)
    reading = read_trees(model)
    assert reading is not None
    prepared = reading.prepare(rows)
    margins = reading.trees.margins(prepared)
    said = model.predict_proba(rows) if hasattr(model, "predict_proba") else model.predict(rows)
    found = reading.trees.answers(margins)
    np.testing.assert_allclose(found, np.reshape(said, found.shape), atol=tolerance, rtol=tolerance)
    output = margins.shape[1] - 1
    values = reading.trees.shapley(
        prepared, output, player=reading.column_of.astype(np.int32), players=FEATURES
    )
    total = values.sum(axis=1) + reading.trees.expected(output)
    np.testing.assert_allclose(total, margins[:, output], atol=1e-10)


def test_what_is_no_sum_of_trees_is_refused() -> None:
    rows, target = table("binary")
    from sklearn.linear_model import LogisticRegression

    assert read_trees(LogisticRegression().fit(rows, target)) is None
    model = GradientBoostingClassifier(n_estimators=2, loss="exponential").fit(rows, target)
    with pytest.raises(Unreadable, match="exponential"):
        read_trees(model)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("library", ["sklearn", "hist", "lightgbm", "xgboost"])
@pytest.mark.parametrize("background", [False, True], ids=["paths", "background"])
def test_values_agree_with_shap(library: str, background: bool) -> None:
    shap = pytest.importorskip("shap")
    if library == "hist" and background:
        pytest.skip("shap's own values do not add up there")
    rows, target = table("binary")
    model: Any = GradientBoostingClassifier(n_estimators=30)
    if library == "hist":
        model = HistGradientBoostingClassifier(max_iter=30)
    elif library == "lightgbm":
        model = pytest.importorskip("lightgbm").LGBMClassifier(
            n_estimators=30, verbose=-1, n_jobs=1
        )
    elif library == "xgboost":
        model = pytest.importorskip("xgboost").XGBClassifier(n_estimators=30, n_jobs=1)
    model.fit(rows, target)
    reading = read_trees(model)
    assert reading is not None
    # shap reads numbers as 32 bits; rows that are such have no other side of a threshold there
    given = rows[:100].astype(np.float32).astype(np.float64)
    back = rows[100:120].astype(np.float32).astype(np.float64) if background else None
    kind = "interventional" if background else "tree_path_dependent"
    expected = shap.TreeExplainer(model, back, feature_perturbation=kind).shap_values(given)
    prepared = None if back is None else reading.prepare(back)
    found = reading.trees.shapley(
        reading.prepare(given), 0, player=np.arange(6, dtype=np.int32), players=6,
        background=prepared,
    )  # fmt: skip
    np.testing.assert_allclose(found, expected, atol=1e-6)
