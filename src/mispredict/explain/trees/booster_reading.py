"""Trees read out of the model formats of LightGBM, XGBoost and CatBoost."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import numpy.typing as npt

from mispredict.explain.trees.reading import Gathered, Reading, Unreadable, as_numbers, bits_of
from mispredict.explain.trees.trees import EXP, IDENTITY, SIGMOID, SOFTMAX

Floats = npt.NDArray[np.float64]

_CATEGORICAL, _DEFAULT_LEFT = 1, 2  # bits of LightGBM's decision types
_NEVER, _ZERO = 0, 1  # what counts as missing: nothing (NaN is 0), zeros and NaN, or NaN
_TINY = 1e-35  # of LightGBM: values nearer to 0 are 0
_EXP_OBJECTIVES = ("poisson", "gamma", "tweedie")


def read_lightgbm(estimator: Any) -> Reading:
    """LightGBM's trees, as far as its own predictions use them."""
    booster = getattr(estimator, "booster_", estimator)
    text = booster.model_to_string(num_iteration=_best(booster))
    head, *blocks = text.split("\nTree=")
    facts = dict(line.split("=", 1) for line in head.splitlines() if "=" in line)
    outputs = int(facts["num_tree_per_iteration"])
    gathered = Gathered()
    kinds: dict[int, int] = {}
    for number, block in enumerate(blocks):
        lines = block.split("\n\n")[0].splitlines()
        found = dict(line.split("=", 1) for line in lines if "=" in line)
        if found.get("is_linear", "0") != "0":
            raise Unreadable("its leaves hold linear models")
        _add_lightgbm(gathered, found, number % outputs, kinds)
    is_mean = "average_output" in head.splitlines()
    n_features = int(facts["max_feature_idx"]) + 1
    trees = gathered.trees(np.zeros(outputs), _lightgbm_link(facts, outputs), n_features)
    if is_mean:
        from dataclasses import replace

        trees = replace(trees, value=trees.value / (len(blocks) / outputs))
    never = [f for f, kind in kinds.items() if kind == _NEVER]
    zero = [f for f, kind in kinds.items() if kind == _ZERO]

    def prepare(rows: Any) -> Floats:
        numbers = np.array(as_numbers(_coded(rows, booster.pandas_categorical)))
        part = numbers[:, never]
        numbers[:, never] = np.where(np.isnan(part), 0.0, part)
        part = numbers[:, zero]
        numbers[:, zero] = np.where(np.abs(part) <= _TINY, np.nan, part)
        return numbers

    return Reading(trees, prepare, np.arange(n_features), type(estimator).__name__)


def _best(booster: Any) -> int:
    """Iterations that predictions use: up to the best one, or all."""
    best = getattr(booster, "best_iteration", 0)
    return int(best) if best and best > 0 else -1


def _add_lightgbm(
    gathered: Gathered, found: dict[str, str], output: int, kinds: dict[int, int]
) -> None:
    """Add a tree: its splits first, then its leaves, which are numbered from -1 down."""
    leaves = int(found["num_leaves"])
    splits = leaves - 1
    values = _numbers(found, "leaf_value", float)
    if not splits:
        gathered.add(
            output, 1, feature=[-1], threshold=[0.0], missing_left=[0], left=[-1], right=[-1],
            value=values, cover=[1.0],
        )  # fmt: skip
        return
    decision = _numbers(found, "decision_type", int)
    feature = _numbers(found, "split_feature", int)
    threshold = _numbers(found, "threshold", float)
    by_category = (decision & _CATEGORICAL) != 0
    for f, kind in zip(
        feature[~by_category].tolist(), (decision[~by_category] >> 2) & 3, strict=True
    ):
        kinds[f] = int(kind)
    if by_category.any():
        ends = _numbers(found, "cat_boundaries", int)
        words = _numbers(found, "cat_threshold", int)
        for at in np.flatnonzero(by_category).tolist():
            first = int(threshold[at])
            names = bits_of(words[ends[first] : ends[first + 1]])
            gathered.categories[gathered.size + at] = names
    children = [_numbers(found, name, int) for name in ("left_child", "right_child")]
    left, right = (np.where(part >= 0, part, splits - 1 - part) for part in children)
    gone = np.full(leaves, -1)
    is_left = ((decision & _DEFAULT_LEFT) != 0) & ~by_category
    gathered.add(
        output,
        splits + leaves,
        feature=np.concatenate([feature, gone]),
        threshold=np.concatenate([threshold, np.zeros(leaves)]),
        missing_left=np.concatenate([is_left, np.zeros(leaves, bool)]),
        left=np.concatenate([left, gone]),
        right=np.concatenate([right, gone]),
        value=np.concatenate([np.zeros(splits), values]),
        cover=np.concatenate(
            [_numbers(found, "internal_count", float), _numbers(found, "leaf_count", float)]
        ),
    )


def _numbers(found: dict[str, str], name: str, kind: type) -> npt.NDArray[Any]:
    return np.array(found[name].split(), dtype=np.float64).astype(kind)


def _lightgbm_link(facts: dict[str, str], outputs: int) -> str:
    objective, *options = facts.get("objective", "").split()
    if objective == "binary" and "sigmoid:1" in options:
        return SIGMOID
    if objective == "multiclass":
        return SOFTMAX
    if objective in _EXP_OBJECTIVES:
        return EXP
    if objective.startswith(("regression", "huber", "fair", "quantile", "mape")) and outputs == 1:
        if "sqrt" in options:
            raise Unreadable("it was fitted to square roots")
        return IDENTITY
    raise Unreadable(f"its objective is {objective or 'unknown'!r}")


def _coded(rows: Any, categories: Any) -> Any:
    """The frame with its categories as the numbers that LightGBM gave them."""
    if not hasattr(rows, "columns") or not categories:
        return rows
    chosen = [name for name in rows.columns if str(rows[name].dtype) == "category"]
    codes = {}
    for name, known in zip(chosen, categories, strict=True):
        numbers = rows[name].cat.set_categories(known).cat.codes.astype(float)
        codes[name] = numbers.where(numbers >= 0)
    return rows.assign(**codes)


def read_xgboost(estimator: Any) -> Reading:
    """XGBoost's trees, as far as its own predictions use them."""
    booster = estimator.get_booster() if hasattr(estimator, "get_booster") else estimator
    learner = json.loads(bytes(booster.save_raw("json")))["learner"]
    model = learner["gradient_booster"]
    weights = model.get("weight_drop")
    model = model.get("gbtree", model).get("model")
    if model is None or "trees" not in model:
        raise Unreadable("it is a linear booster")
    if any(kind == "c" for kind in learner.get("feature_types") or ()):
        raise Unreadable("it encodes categories by itself")
    facts = learner["learner_model_param"]
    stop = _xgboost_trees(booster, model)
    gathered = Gathered()
    for number, (tree, output) in enumerate(zip(model["trees"], model["tree_info"], strict=True)):
        if number < stop:
            _add_xgboost(gathered, tree, int(output), 1.0 if weights is None else weights[number])
    outputs = max(int(facts["num_class"]), 1)
    base, link = _xgboost_start(learner["objective"]["name"], facts["base_score"], outputs)
    n_features = int(facts["num_feature"])
    trees = gathered.trees(base, link, n_features, is_float32=True)
    gap = getattr(estimator, "missing", np.nan)

    def prepare(rows: Any) -> Floats:
        numbers = as_numbers(rows)
        return (
            numbers if gap is None or np.isnan(gap) else np.where(numbers == gap, np.nan, numbers)
        )

    return Reading(trees, prepare, np.arange(n_features), type(estimator).__name__)


def _xgboost_trees(booster: Any, model: dict[str, Any]) -> int:
    """How many of the trees predictions use: up to the best iteration, or all."""
    best = booster.attr("best_iteration")
    if best is None:
        return len(model["trees"])
    return int(model["iteration_indptr"][int(best) + 1])


def _add_xgboost(gathered: Gathered, tree: dict[str, Any], output: int, weight: float) -> None:
    left = np.asarray(tree["left_children"], np.int64)
    if int(tree["tree_param"].get("size_leaf_vector") or 0) > 1:
        raise Unreadable("its leaves hold vectors")
    is_leaf = left < 0
    condition = np.asarray(tree["split_conditions"], np.float32)
    below = np.nextafter(condition, np.float32(-np.inf)).astype(np.float64)
    gathered.add(
        output,
        len(left),
        feature=np.where(is_leaf, -1, np.asarray(tree["split_indices"], np.int64)),
        threshold=below,  # XGBoost goes left below the threshold, not at it
        missing_left=np.asarray(tree["default_left"], np.uint8),
        left=left,
        right=np.asarray(tree["right_children"], np.int64),
        value=np.where(is_leaf, condition.astype(np.float64) * weight, 0.0),
        cover=np.asarray(tree["sum_hessian"], np.float64),
    )


def _xgboost_start(objective: str, given: Any, outputs: int) -> tuple[Floats, str]:
    """The number that trees add to, and the link."""
    start = np.resize(np.atleast_1d(np.asarray(json.loads(str(given)), np.float64)), outputs)
    if objective in ("binary:logistic", "reg:logistic"):
        return np.log(start / (1 - start)), SIGMOID
    if objective in ("multi:softprob", "multi:softmax"):
        return start, SOFTMAX
    if objective in ("count:poisson", "reg:gamma", "reg:tweedie"):
        return np.log(start), EXP
    if objective.startswith("reg:") and outputs == 1:
        return start, IDENTITY
    raise Unreadable(f"its objective is {objective!r}")


def read_catboost(estimator: Any) -> Reading:
    """CatBoost's symmetric trees over numbers, as the same binary trees that others have."""
    model = _catboost_json(estimator)
    info = model["features_info"]
    if info.get("categorical_features") or info.get("text_features"):
        raise Unreadable("it encodes categories or texts by itself")
    features = info["float_features"]
    places = [int(item["flat_feature_index"]) for item in features]
    is_high = [item.get("nan_value_treatment") == "AsTrue" for item in features]
    scale, bias = model["scale_and_bias"]
    outputs = len(bias)
    gathered = Gathered()
    for tree in model["oblivious_trees"]:
        values = scale * np.asarray(tree["leaf_values"], np.float64).reshape(-1, outputs)
        for output in range(outputs):
            _add_symmetric(gathered, tree, values[:, output], output, places, is_high)
    link = IDENTITY
    if hasattr(estimator, "predict_proba"):
        link = SIGMOID if outputs == 1 else SOFTMAX
    elif str(estimator.get_all_params().get("loss_function")).startswith(("Poisson", "Tweedie")):
        link = EXP
    n_features = max(places, default=-1) + 1
    trees = gathered.trees(bias, link, n_features, is_float32=True)
    return Reading(trees, as_numbers, np.arange(n_features), type(estimator).__name__)


def _catboost_json(estimator: Any) -> dict[str, Any]:
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.json"
        estimator.save_model(str(path), format="json")
        model: dict[str, Any] = json.loads(path.read_text())
    if "oblivious_trees" not in model:
        raise Unreadable("its trees are not symmetric")
    return model


def _add_symmetric(
    gathered: Gathered,
    tree: dict[str, Any],
    values: Floats,
    output: int,
    places: list[int],
    is_high: list[bool],
) -> None:
    """Add a tree that asks the same on each level; bit i of a leaf's number is split i's answer.

    The last split stands on top, as in CatBoost's own attributions, which depend on the order.
    """
    splits = (tree["splits"] or [])[::-1]
    depth = len(splits)
    inner = (1 << depth) - 1
    n = 2 * inner + 1
    level = np.floor(np.log2(np.arange(1, inner + 1))).astype(int)
    asked = [int(split["float_feature_index"]) for split in splits]
    gone = np.full(n - inner, -1)
    weight = np.zeros(n)
    weight[inner:] = np.asarray(tree["leaf_weights"], np.float64)
    for node in range(inner - 1, -1, -1):
        weight[node] = weight[2 * node + 1] + weight[2 * node + 2]
    nodes = np.arange(inner)
    gathered.add(
        output,
        n,
        feature=np.concatenate([[places[asked[at]] for at in level], gone]).astype(np.int64),
        threshold=np.concatenate([[splits[at]["border"] for at in level], np.zeros(n - inner)]),
        missing_left=np.concatenate([[not is_high[asked[at]] for at in level], gone * 0]),
        left=np.concatenate([2 * nodes + 1, gone]),
        right=np.concatenate([2 * nodes + 2, gone]),
        value=np.concatenate([np.zeros(inner), values]),
        cover=weight,
    )
