"""What-if, effects, flips and flip points of an evaluation: what the room needs is here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from mispredict.core.errors import BadOption, UnknownColumn
from mispredict.core.options import choice
from mispredict.core.results import Source, plain
from mispredict.core.task import Task, TaskKind
from mispredict.workspace.explaining.asking import (
    Bounds,
    Inputs,
    id_of,
    inputs_of,
    label_of,
    row_number,
    row_numbers,
    said_codes,
)

if TYPE_CHECKING:
    import pyarrow as pa

    from mispredict.explain.counterfactuals.search_space import Feature, Space
    from mispredict.explain.effects.effects import Effects, Output, Sample
    from mispredict.explain.effects.flips import Flips
    from mispredict.explain.what_if.flip_points import FlipPoints
    from mispredict.explain.what_if.what_if import Neighbour, WhatIf
    from mispredict.workspace.view import View

_MOST_OTHERS = 50_000  # rows among which the nearest one is looked for


def what_if_of(
    of: View,
    row: Any,
    changes: Any,
    edits: Mapping[str, Any],
    *,
    unseen: bool,
    trust: bool,
) -> WhatIf:
    """The row as it is and with changes."""
    from mispredict.explain.what_if.values import Values
    from mispredict.explain.what_if.what_if import Example, find_what_if

    number = row_number(of, row)
    inputs = inputs_of(of, trust=trust)
    values = Values(inputs.table, of.dataset.schema, of.dataset.ref, unseen=unseen)
    variants = values.variants(changes, edits)
    example = Example(
        number,
        id_of(of, number),
        label_of(of, number),
        inputs.frame(np.array([number])),
        of.table.column("prediction")[number].as_py(),
    )
    asker = inputs.asker(Bounds())
    result = find_what_if(
        asker,
        example,
        variants,
        ranges=_ranges(inputs.table, variants),
        nearest=lambda code: _nearest(inputs, number, code),
        has_features=len(inputs.space) > 0,
        used=inputs.used,
        source=Source(of.ref, f"row = {number}", 1),
    )
    asker.close()
    return result


def flip_points_of(
    of: View,
    row: Any,
    *,
    columns: Sequence[str] | None,
    target: Any,
    ranges: Mapping[str, Any] | None,
    bounds: Bounds,
) -> FlipPoints:
    """Where the prediction of the row flips along each feature."""
    from mispredict.explain.counterfactuals.goal import goal_of
    from mispredict.explain.counterfactuals.limits import Limits, Rules
    from mispredict.explain.counterfactuals.search_subjects import Subjects
    from mispredict.explain.what_if.flip_points import find_flip_points

    number = row_number(of, row)
    values = of.table.values("prediction") if of.task.kind is TaskKind.REGRESSION else None
    goal = goal_of(of.task, target, values)
    inputs = inputs_of(of, trust=bounds.trust)
    limits = Limits(inputs.space, Rules(vary=columns, ranges=ranges))
    chosen = np.array([number])
    subject = Subjects(inputs.frame(chosen), inputs.matrix(chosen), chosen, (id_of(of, number),))
    asker = inputs.asker(bounds)
    source = Source(of.ref, f"row = {number}", 1)
    result = find_flip_points(asker, inputs.space, limits, goal, subject, source=source)
    asker.close()
    return result


def effects_of(
    of: View,
    feature: str,
    other: str | None,
    *,
    where: Any,
    kind: str,
    target: Any,
    sample: int | None,
    grid: Any,
    bounds: Bounds,
) -> Effects:
    """How the prediction moves with a feature, or with two."""
    from mispredict.explain.effects.ale import find_ale
    from mispredict.explain.effects.effects import KINDS, find_effects, refuse_pair

    choice("kind", kind, KINDS)
    refuse_pair(kind, other)
    output = output_of(of.task, target)
    inputs = inputs_of(of, trust=bounds.trust)
    space = inputs.space
    features = tuple(_feature(of, space, name) for name in (feature, other) if name is not None)
    if feature == other:
        raise BadOption(
            f"{feature!r} was given twice.",
            known="A pair has two features.",
            hint=f"ev.effects({feature!r})",
        )
    drawn = _sample(inputs, space, where, sample, bounds.seed, looked_at=features)
    source = of.source(where, len(drawn.matrix))
    asker = inputs.asker(bounds)
    if kind == "ale":
        result = find_ale(asker, space, drawn, features, grid, output, source=source)
    else:
        grids = _grids(features, grid)
        result = find_effects(asker, space, drawn, grids, output, kind=kind, source=source)
    asker.close()
    return result


def flips_of(
    of: View,
    column: str,
    values: Sequence[Any] | None,
    *,
    where: Any,
    sample: int | None,
    target: Any,
    bounds: Bounds,
) -> Flips:
    """Each row with each other value of one attribute."""
    from mispredict.explain.effects.flips import find_flips, values_of

    output = output_of(of.task, target)
    inputs = inputs_of(of, trust=bounds.trust)
    is_input = column in inputs.table.column_names and (
        inputs.used is None or column in inputs.used
    )
    space = inputs.space if is_input else _space_with(of, column)
    feature = _feature(of, space, column)
    drawn = _sample(inputs, space, where, sample, bounds.seed)
    asker = inputs.asker(bounds)
    result = find_flips(
        asker,
        space,
        drawn,
        feature,
        values_of(feature, values),
        output,
        is_input=is_input,
        source=of.source(where, len(drawn.matrix)),
    )
    asker.close()
    return result


def output_of(task: Task, target: Any) -> Output:
    """What of an answer is looked at, and what it is called."""
    from mispredict.explain.counterfactuals.goal import class_of
    from mispredict.explain.effects.effects import Output

    found = class_of(task, target)
    return Output("prediction") if found is None else Output(f"probability of {found[1]}", found[0])


def _sample(
    inputs: Inputs,
    space: Space,
    where: Any,
    sample: int | None,
    seed: int,
    *,
    looked_at: Sequence[Feature] = (),
) -> Sample:
    import pyarrow as pa

    from mispredict.explain.effects.effects import Sample

    rows = row_numbers(inputs.of, None, where, sample, seed)
    table = inputs.table
    for name in space.names:  # of a column that is no input
        if name not in table.column_names:
            table = table.append_column(name, inputs.of.dataset.column(name))
    part = table.select(list(space.names)).take(pa.array(rows))
    columns = {feature.name: feature.encoded(table[feature.name]) for feature in looked_at}
    return Sample(inputs.frame(rows), space.encode(part), rows, columns, inputs.of.n)


def _space_with(of: View, column: str) -> Space:
    """The space of one column that is no input of the model."""
    from mispredict.explain.counterfactuals.search_space import Space

    schema = of.dataset.schema
    if column not in schema:
        raise UnknownColumn.among(column, schema.names, where=f"dataset {of.dataset.ref!r}")
    return Space.of(of.dataset.read([column]), {column: schema[column].type})


def _feature(of: View, space: Space, name: str) -> Feature:
    if name in space.names:
        feature = space[name]
        if not feature.has_values:
            raise BadOption(
                f"column {name!r} has no values.",
                known="It is missing in every row.",
                hint="another column",
            )
        return feature
    if name in of.dataset.schema:
        column = of.dataset.schema[name]
        raise BadOption(
            f"column {name!r} cannot be varied by itself.",
            known=f"It is {column.type} with the role {column.role}.",
            hint=f"one of {', '.join(map(repr, space.names[:5]))}",
        )
    raise UnknownColumn.among(name, space.names, where=f"dataset {of.dataset.ref!r}")


def _grids(features: tuple[Feature, ...], grid: Any) -> Any:
    """A grid for each feature; of a pair each may be given by name."""
    from mispredict.explain.effects.grid import grid_of

    wanted = grid if isinstance(grid, Mapping) else {f.name: grid for f in features}
    unknown = [name for name in wanted if name not in [f.name for f in features]]
    if unknown:
        raise UnknownColumn.among(unknown[0], [f.name for f in features], where="the grid")
    return tuple(grid_of(feature, wanted.get(feature.name, 20)) for feature in features)


def _nearest(inputs: Inputs, row: int, code: int) -> Neighbour | None:
    """The nearest of the rows with another prediction than this class, or of many of them."""
    from mispredict.explain.counterfactuals.search_space import differs
    from mispredict.explain.what_if.what_if import Change, Neighbour, nearest_row

    of, space = inputs.of, inputs.space
    codes = said_codes(of)
    others = np.flatnonzero((codes != code) & (codes >= 0))
    if len(others) > _MOST_OTHERS:
        draw = np.random.default_rng(0)
        others = np.sort(draw.choice(others, _MOST_OTHERS, replace=False))
    own, pool = inputs.matrix(np.array([row]))[0], inputs.matrix(others)
    found = nearest_row(space, pool, own)
    if found is None:
        return None
    at, distance = found
    changed = np.flatnonzero(differs(own, pool[at]))
    names, features = space.names, space.features
    return Neighbour(
        int(others[at]),
        id_of(of, int(others[at])),
        distance,
        plain(of.table.column("prediction")[int(others[at])].as_py()),
        plain(label_of(of, int(others[at]))),
        tuple(
            Change(names[i], features[i].plain(own[i]), features[i].plain(pool[at, i]))
            for i in changed
        ),
    )


def _ranges(table: pa.Table, variants: Sequence[Mapping[str, Any]]) -> dict[str, tuple[Any, Any]]:
    """Least and largest value of the numbers and times that are changed."""
    import pyarrow as pa
    import pyarrow.compute as pc

    names = {name for changes in variants for name in changes}
    found = {}
    for name in names:
        kind = table[name].type
        if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_temporal(kind):
            span = pc.min_max(table[name]).as_py()
            found[name] = (span["min"], span["max"])
    return found
