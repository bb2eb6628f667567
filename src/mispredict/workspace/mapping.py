"""The map of a dataset's rows: made, kept, found again, and lassos on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from mispredict.core.errors import BadOption, UnknownColumn
from mispredict.core.ids import Ref, hash_bytes, joined_name
from mispredict.core.options import whole
from mispredict.core.predicate import MAP, inside
from mispredict.core.schema import ColumnType, Role

if TYPE_CHECKING:
    from mispredict.cohorts.map import EmbeddingMap
    from mispredict.cohorts.places import Facts, Places
    from mispredict.store import Store, Version
    from mispredict.workspace.dataset import Dataset
    from mispredict.workspace.evaluation import Evaluation

KIND = "map"  # of version that keeps the columns `map_x` and `map_y`
MOST = 1_000_000  # points that may be drawn
State: TypeAlias = Literal["ready", "possible", "none"]
Embedding: TypeAlias = "Callable[[Sequence[str]], Any] | npt.NDArray[Any]"


def map_of(
    of: Evaluation,
    *,
    column: str | None,
    embedding: Embedding | None,
    seed: int,
    most: int,
    progress: Callable[[int, int], None] | None = None,
    cancel: Callable[[], bool] | None = None,
) -> EmbeddingMap:
    """The map of the dataset's rows with what the evaluation says of them."""
    from mispredict.cohorts.map import draw

    most, seed = whole("most", most, 1, MOST), whole("seed", seed, 0, 2**32 - 1)
    if column is not None and column not in of.dataset.schema:
        names = of.dataset.schema.names
        raise UnknownColumn.among(column, names, where=f"dataset {of.dataset.ref!r}")
    request = {"column": column or "", "embedding": _digest(embedding), "seed": seed}
    places = _own(of, request) or _known(of, request)
    if places is None:
        places = _made(of, request, column, embedding, seed, progress, cancel)
    return draw(places, of.table, _target(of), source=of.source(), most=most)


def map_state(of: Evaluation) -> State:
    """Whether there is a map, or else could be one, of the evaluation's rows."""
    if set(MAP) <= {*of.fields.reserved, *of.dataset.schema.names}:
        return "ready"
    kinds = of.fields.columns
    usable = {ColumnType.TEXT, ColumnType.VECTOR, *_coded_types()}
    return "possible" if any(kinds[name] in usable for name in of.dataset.searched) else "none"


def stored_map(store: Store, dataset: Dataset) -> Version | None:
    """The newest map of the dataset's rows, if there is one."""
    return store.head(KIND, _name(dataset))


def lasso_of(of: Evaluation, points: Any) -> str:
    """The text of the cohort of rows inside a drawn line."""
    from mispredict.core.predicate.polygon import simplified

    try:
        line = np.asarray(points, dtype=np.float64)
    except (TypeError, ValueError):
        line = np.empty((0, 0))
    if line.ndim != 2 or line.shape[1] != 2 or len(line) < 3 or not np.isfinite(line).all():
        raise BadOption(
            "a lasso needs three points or more.",
            known="Each is a pair of finite numbers, x and y on the map.",
            hint="ev.lasso([(10, 10), (40, 10), (40, 40)])",
        )
    return of.predicate(inside(map(tuple, simplified(line).tolist()))).text


def _target(of: Evaluation) -> npt.NDArray[np.float64]:
    """What rows are judged by; NaN where nothing is."""
    if {"correct", "loss"} & set(of.fields.reserved):
        return of.target
    return np.full(of.n, np.nan)


def _own(of: Evaluation, request: dict[str, Any]) -> Places | None:
    """The map that the dataset brings along as columns `map_x` and `map_y`."""
    from mispredict.cohorts.places import given_places

    own = [name for name in MAP if name in of.dataset.schema]
    if not own:
        return None
    is_asked = bool(request["column"]) or request["embedding"] != ""
    are_numbers = all(of.fields.columns[name] is ColumnType.NUMERIC for name in own)
    if len(own) < len(MAP) or is_asked or not are_numbers:
        raise BadOption(
            f"the dataset has {' and '.join(own)} among its columns.",
            known="As two columns of numbers they are its map, and it can have no other.",
            hint="another name for these columns, or ev.map() without arguments",
        )
    return given_places(np.column_stack([of.table.values(name, True) for name in MAP]))


def _known(of: Evaluation, request: dict[str, Any]) -> Places | None:
    """The stored map, unless another one is asked for."""
    version = stored_map(of.workspace.store, of.dataset)
    if version is None:
        return None
    is_any = request == {"column": "", "embedding": "", "seed": 0}
    if not is_any and (request != version.spec["request"] or request["embedding"] is None):
        return None
    return _read(of, version)


def _made(
    of: Evaluation,
    request: dict[str, Any],
    column: str | None,
    embedding: Embedding | None,
    seed: int,
    progress: Callable[[int, int], None] | None,
    cancel: Callable[[], bool] | None,
) -> Places:
    from mispredict.cohorts.places import find_places

    chosen, columns = _compared_by(of, column)
    is_array = embedding is not None and not callable(embedding)
    places = find_places(
        of.table,
        column=None if is_array else chosen,
        columns=columns,
        embedding=embedding,
        seed=seed,
        progress=progress,
        cancel=cancel,
    )
    of._keep_map(_stored(of, places, request))
    return places


def _compared_by(of: Evaluation, column: str | None) -> tuple[str | None, list[str]]:
    """The column of vectors or texts that rows are compared by, else the columns of numbers."""
    kinds = of.fields.columns
    names = of.dataset.searched
    if column is not None:
        return column, []
    for kind in (ColumnType.VECTOR, ColumnType.TEXT):
        found = next((name for name in names if kinds[name] is kind), None)
        if found is not None:
            return found, []
    inputs = [item.name for item in of.dataset.schema if item.role is Role.INPUT]
    coded = [name for name in inputs if kinds[name] in _coded_types()]
    return None, coded or [name for name in names if kinds[name] in _coded_types()]


def _stored(of: Evaluation, places: Places, request: dict[str, Any]) -> Version:
    import pyarrow as pa

    store, dataset = of.workspace.store, of.dataset
    numbers = dict(zip(MAP, (places.x, places.y), strict=True))
    table = pa.table({name: pa.array(values, from_pandas=True) for name, values in numbers.items()})
    return store.commit(
        KIND,
        _name(dataset),
        spec={"dataset": dataset.ref, "request": request, "facts": _facts_json(places.facts)},
        parts={"table": store.write_table(table)},
        parents=(f"dataset:{dataset.ref}",),
    )


def _read(of: Evaluation, version: Version) -> Places:
    from mispredict.cohorts.places import Facts, Places

    facts = dict(version.spec["facts"])
    facts["columns"] = tuple(facts["columns"])
    if facts["trustworthiness"] is None:
        facts["trustworthiness"] = float("nan")
    x, y = (of.table.values(name) for name in MAP)
    return Places(x, y, Facts(**facts))


def _facts_json(facts: Facts) -> dict[str, Any]:
    from mispredict.core.results import plain

    value: dict[str, Any] = plain(asdict(facts))
    return value


def _digest(embedding: Embedding | None) -> str | None:
    """What tells one embedding from another: nothing does with functions."""
    if embedding is None:
        return ""
    if callable(embedding):
        return None
    array = np.ascontiguousarray(embedding)
    return hash_bytes(array.tobytes() + str((array.shape, array.dtype)).encode())


def _coded_types() -> frozenset[ColumnType]:
    from mispredict.engine.encode import ENCODED_TYPES

    return frozenset(ENCODED_TYPES)


def _name(dataset: Dataset) -> str:
    """Name of the dataset version's map in the catalog, where `@` says the version of the map."""
    ref = Ref.parse(dataset.ref)
    return joined_name(ref.name, str(ref.version))
