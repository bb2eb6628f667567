"""Trees read out of fitted estimators of scikit-learn, LightGBM, XGBoost and CatBoost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from mispredict.explain.trees.trees import EXP, IDENTITY, SIGMOID, SOFTMAX, Trees

Floats = npt.NDArray[np.float64]
Prepare = Callable[[Any], Floats]


@dataclass(frozen=True, eq=False)
class Reading:
    """Trees with the way from the estimator's rows to theirs.

    `prepare` gives (n, features) numbers, NaN for missing; `column_of` the estimator's column
    that each feature of the trees is.
    """

    trees: Trees
    prepare: Prepare
    column_of: npt.NDArray[np.int64]
    title: str


_NOBODY = 1e-30  # the weight of nodes that no training row came to, so that shares exist


class Unreadable(Exception):
    """The estimator's trees are not sums that can be read; the text says why."""


def read_trees(estimator: Any) -> Reading | None:
    """The estimator's trees, or None if it has none.

    Raises:
        Unreadable: it has trees of a kind that cannot be read.
    """
    module, name = type(estimator).__module__, type(estimator).__name__
    if module.startswith("sklearn.ensemble._hist_gradient_boosting"):
        return _hist_boosting(estimator)
    if module.startswith("sklearn.ensemble._gb"):
        return _boosting(estimator)
    if module.startswith(("sklearn.ensemble._forest", "sklearn.tree")) and "Embedding" not in name:
        return _forest(estimator)
    if module.startswith("lightgbm"):
        from mispredict.explain.trees.booster_reading import read_lightgbm

        return read_lightgbm(estimator)
    if module.startswith("xgboost"):
        from mispredict.explain.trees.booster_reading import read_xgboost

        return read_xgboost(estimator)
    if module.startswith("catboost"):
        from mispredict.explain.trees.booster_reading import read_catboost

        return read_catboost(estimator)
    return None


class Gathered:
    """Nodes of trees, gathered tree by tree."""

    def __init__(self) -> None:
        self._parts: dict[str, list[Any]] = {}
        self.roots: list[int] = []
        self.outputs: list[int] = []
        self.categories: dict[int, npt.NDArray[np.int64]] = {}
        self.size = 0

    def add(self, output: int, n: int, **columns: Any) -> None:
        """Add a tree of n nodes, whose children are numbered within it."""
        for name in ("left", "right"):
            columns[name] = np.asarray(columns[name]) + self.size
        for name, values in columns.items():
            self._parts.setdefault(name, []).append(np.asarray(values))
        self.roots.append(self.size)
        self.outputs.append(output)
        self.size += n

    def trees(self, base: Any, link: str, n_features: int, *, is_float32: bool = False) -> Trees:
        """All of them."""
        joined = {name: np.concatenate(parts) for name, parts in self._parts.items()}
        value = joined["value"].astype(np.float64)
        return Trees(
            feature=joined["feature"].astype(np.int32),
            threshold=joined["threshold"].astype(np.float64),
            missing_left=joined["missing_left"].astype(np.uint8),
            left=joined["left"].astype(np.int32),
            right=joined["right"].astype(np.int32),
            value=value if value.ndim == 2 else value[:, None],
            cover=np.maximum(joined["cover"].astype(np.float64), _NOBODY),
            roots=np.asarray(self.roots, np.int32),
            outputs=np.asarray(self.outputs, np.int32),
            base=np.atleast_1d(np.asarray(base, np.float64)),
            link=link,
            n_features=n_features,
            is_float32=is_float32,
            categories=self.categories,
        )


def as_numbers(rows: Any) -> Floats:
    """The rows as a dense float64 matrix."""
    if hasattr(rows, "toarray"):
        rows = rows.toarray()
    if hasattr(rows, "to_numpy"):
        return np.asarray(rows.to_numpy(dtype=np.float64, na_value=np.nan))
    return np.asarray(rows, dtype=np.float64)


def _forest(estimator: Any) -> Reading:
    """A tree, or the mean of a forest's; in probabilities, or in the target's unit."""
    if getattr(estimator, "n_outputs_", 1) != 1:
        raise Unreadable("it has several outputs")
    members = getattr(estimator, "estimators_", None)
    members = [estimator] if members is None else list(members)
    is_classifier = hasattr(estimator, "classes_")
    gathered = Gathered()
    for member in members:
        values = member.tree_.value[:, 0, :]
        if is_classifier:
            values = values / values.sum(axis=1, keepdims=True)
        _add_tree(gathered, member.tree_, values / len(members), 0)
    outputs = len(estimator.classes_) if is_classifier else 1
    trees = gathered.trees(
        np.zeros(outputs), IDENTITY, int(estimator.n_features_in_), is_float32=True
    )
    return _reading(trees, estimator)


def _boosting(estimator: Any) -> Reading:
    """scikit-learn's older gradient boosting: before its link."""
    first = getattr(estimator, "init_", "zero")
    if first != "zero" and not type(first).__name__.startswith("Dummy"):
        raise Unreadable("it starts from another estimator, init=")
    n_features = int(estimator.n_features_in_)
    loss = type(estimator._loss).__name__
    base = estimator._raw_predict_init(np.zeros((1, n_features), np.float32))[0]
    gathered = Gathered()
    for stage in estimator.estimators_:
        for output, member in enumerate(stage):
            _add_tree(
                gathered,
                member.tree_,
                estimator.learning_rate * member.tree_.value[:, 0, :1],
                output,
            )
    is_classifier = hasattr(estimator, "classes_")
    link = IDENTITY
    if is_classifier:
        if "Exponential" in loss:
            raise Unreadable("its loss is exponential")
        link = SIGMOID if len(base) == 1 else SOFTMAX
    return _reading(gathered.trees(base, link, n_features, is_float32=True), estimator)


def _add_tree(gathered: Gathered, tree: Any, value: Any, output: int) -> None:
    left = tree.children_left
    missing = getattr(tree, "missing_go_to_left", None)
    gathered.add(
        output,
        tree.node_count,
        feature=np.where(left < 0, -1, tree.feature),
        threshold=tree.threshold,
        missing_left=np.zeros(tree.node_count, np.uint8) if missing is None else missing,
        left=left,
        right=tree.children_right,
        value=value,
        cover=tree.weighted_n_node_samples,
    )


def _reading(trees: Trees, estimator: Any) -> Reading:
    return Reading(trees, as_numbers, np.arange(trees.n_features), type(estimator).__name__)


def _hist_boosting(estimator: Any) -> Reading:
    """scikit-learn's histogram gradient boosting, with categories, before its link."""
    base = np.ravel(estimator._baseline_prediction)
    is_category = estimator.is_categorical_
    n_features = int(estimator.n_features_in_)
    gathered = Gathered()
    for stage in estimator._predictors:
        for output, member in enumerate(stage):
            nodes = member.nodes
            is_leaf = nodes["is_leaf"].astype(bool)
            for at in np.flatnonzero(~is_leaf & nodes["is_categorical"].astype(bool)).tolist():
                words = member.raw_left_cat_bitsets[nodes["bitset_idx"][at]]
                gathered.categories[gathered.size + at] = bits_of(words)
            gathered.add(
                output,
                len(nodes),
                feature=np.where(is_leaf, -1, nodes["feature_idx"]),
                threshold=nodes["num_threshold"],
                missing_left=nodes["missing_go_to_left"],
                left=nodes["left"].astype(np.int64),
                right=nodes["right"].astype(np.int64),
                value=np.where(is_leaf, nodes["value"], 0.0),
                cover=nodes["count"],
            )
    order = np.arange(n_features)
    if is_category is not None:  # the estimator puts its categories first
        order = np.concatenate([np.flatnonzero(is_category), np.flatnonzero(~is_category)])
    trees = gathered.trees(base, _hist_link(estimator, len(base)), n_features)
    known = _known_categories(estimator)

    def prepare(rows: Any) -> Floats:
        numbers = as_numbers(estimator._preprocess_X(rows, reset=False))
        for place, names in known.items():  # what training never saw is missing
            numbers[~np.isin(numbers[:, place], names), place] = np.nan
        return numbers

    return Reading(trees, prepare, order, type(estimator).__name__)


def _hist_link(estimator: Any, outputs: int) -> str:
    if hasattr(estimator, "classes_"):
        return SIGMOID if outputs == 1 else SOFTMAX
    return EXP if estimator.loss in ("poisson", "gamma") else IDENTITY


def _known_categories(estimator: Any) -> dict[int, npt.NDArray[np.int64]]:
    """The categories of each feature that the estimator was fitted on."""
    if estimator.is_categorical_ is None or not np.any(estimator.is_categorical_):
        return {}
    words, places = estimator._bin_mapper.make_known_categories_bitsets()
    remapped = np.flatnonzero(estimator._bin_mapper.is_categorical_)
    return {int(place): bits_of(words[places[place]]) for place in remapped}


def bits_of(words: Sequence[Any] | npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Which bits are set in an array of 32-bit words."""
    unpacked = np.unpackbits(
        np.ascontiguousarray(words, np.uint32).view(np.uint8), bitorder="little"
    )
    return np.flatnonzero(unpacked)
