"""What a model takes, so that its values can be typed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mispredict.core.results import plain
from mispredict.server.shapes import ModelInput, ModelInputs

if TYPE_CHECKING:
    from mispredict.core.schema import ColumnType
    from mispredict.explain.counterfactuals.search_space import Feature
    from mispredict.workspace import Evaluation

MOST_VALUES = 200  # categories that are named


def inputs_of(ev: Evaluation, *, trust: bool) -> ModelInputs:
    """The inputs of the evaluation's model, with their values in the data.

    Raises:
        ModelError: there is no model that can be called from here.
    """
    from mispredict.server.jobs.kinds_why import refuse_without_model
    from mispredict.workspace.explaining import asking

    refuse_without_model(ev, trust=trust)
    known = asking.inputs_of(ev, trust=trust)
    space, used = known.space, known.used
    features = dict(zip(space.names, space.features, strict=True))
    rows = tuple(
        _input(name, kind, features.get(name), has_missing=known.table[name].null_count > 0)
        for name, kind in known.types.items()
        if used is None or name in used
    )
    return ModelInputs(rows)


def _input(
    name: str, kind: ColumnType, feature: Feature | None, *, has_missing: bool
) -> ModelInput:
    if feature is None or not feature.has_values:
        return ModelInput(name, kind.value, False, None, None, None, (), 0, has_missing)
    if not feature.is_number:
        values = tuple(plain(value) for value in feature.values[:MOST_VALUES])
        more = max(len(feature.values) - MOST_VALUES, 0)
        return ModelInput(name, kind.value, True, None, None, None, values, more, has_missing)
    low, high = feature.plain(feature.low), feature.plain(feature.high)
    decimals = 0 if feature.is_whole else feature.decimals
    return ModelInput(name, kind.value, True, low, high, decimals, (), 0, has_missing)
