"""The map of a dataset's rows: made, kept, found again, and lassos on it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from mispredict.core.errors import BadOption, UnknownColumn
from mispredict.core.ids import Ref, hash_bytes, joined_name
from mispredict.core.options import whole
from mispredict.core.predicate import MAP, inside
from mispredict.core.predicate.polygon import simplified
from mispredict.core.results import plain
from mispredict.core.schema import ColumnType, Role

if TYPE_CHECKING:
    from mispredict.cohorts.map import EmbeddingMap
    from mispredict.cohorts.places import Places
    from mispredict.store import Store, Version
    from mispredict.workspace.dataset import Dataset
    from mispredict.workspace.evaluation import Evaluation

KIND = "map"  # of version that keeps the columns `map_x` and `map_y`
MOST = 1_000_000  # points that may be drawn
MOST_SEED = 2**32 - 2
_DIGITS = 4  # of a lasso's corners within its extent
State: TypeAlias = Literal["ready", "possible", "none"]
Embedding: TypeAlias = "Callable[[Sequence[str]], Any] | npt.NDArray[Any]"


@dataclass(frozen=True, slots=True)
class _Asked:
    """What tells one map of a dataset from another; an embedding of None is like no other."""

    column: str
    embedding: str | None
    seed: int


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

    most, seed = whole("most", most, 1, MOST), whole("seed", seed, 0, MOST_SEED)
    if column is not None and column not in of.dataset.schema:
        names = of.dataset.schema.names
        raise UnknownColumn.among(column, names, where=f"dataset {of.dataset.ref!r}")
    is_any = column is None and embedding is None and seed == 0
    asked = _Asked(column or "", _digest(embedding), seed)
    places = _own(of, asked) or _known(of, None if is_any else asked)
    if places is None:
        places = _made(of, asked, column, embedding, progress, cancel)
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
    """The text of the cohort of rows inside a drawn line, with few corners and short numbers."""
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
    extent = max(float(np.ptp(line, axis=0).max()), 1e-12)
    corners = np.round(simplified(line), _DIGITS - math.ceil(math.log10(extent)))
    return of.predicate(inside(map(tuple, corners.tolist()))).text


def _target(of: Evaluation) -> npt.NDArray[np.float64]:
    """What rows are judged by; NaN where nothing is."""
    if {"correct", "loss"} & set(of.fields.reserved):
        return of.target
    return np.full(of.n, np.nan)


def _own(of: Evaluation, asked: _Asked) -> Places | None:
    """The map that the dataset brings along as columns `map_x` and `map_y`."""
    from mispredict.cohorts.places import given_places

    own = [name for name in MAP if name in of.dataset.schema]
    if not own:
        return None
    is_asked = bool(asked.column) or asked.embedding != ""
    are_numbers = all(of.fields.columns[name] is ColumnType.NUMERIC for name in own)
    if len(own) < len(MAP) or is_asked or not are_numbers:
        raise BadOption(
            f"the dataset has {' and '.join(own)} among its columns.",
            known="As two columns of numbers they are its map, and it can have no other.",
            hint="another name for these columns, or ev.map() without arguments",
        )
    return given_places(np.column_stack([of.table.values(name, True) for name in MAP]))


def _known(of: Evaluation, asked: _Asked | None) -> Places | None:
    """The stored map, if it is the one that is asked for; None asks for any."""
    version = stored_map(of.workspace.store, of.dataset)
    if version is None:
        return None
    if asked is not None and (asked.embedding is None or asdict(asked) != version.spec["asked"]):
        return None
    if of._map is None or of._map.ref != version.ref:  # made since the evaluation was opened
        of._keep_map(version)
    return _read(of, version)


def _made(
    of: Evaluation,
    asked: _Asked,
    column: str | None,
    embedding: Embedding | None,
    progress: Callable[[int, int], None] | None,
    cancel: Callable[[], bool] | None,
) -> Places:
    """The map made now, and kept."""
    from mispredict.cohorts.places import find_places

    *better, last = [column] if column is not None else _candidates(of, embedding)
    columns = _coded(of)
    options: dict[str, Any] = {
        "columns": columns, "embedding": embedding, "seed": asked.seed, "progress": progress,
        "cancel": cancel,
    }  # fmt: skip
    for candidate in better:
        try:
            return _kept(of, asked, find_places(of.table, column=candidate, **options))
        except BadOption:
            continue  # texts without common words, vectors of different lengths
    return _kept(of, asked, find_places(of.table, column=last, **options))


def _candidates(of: Evaluation, embedding: Embedding | None) -> list[str | None]:
    """Columns of vectors, then of texts, that rows can be compared by; None for all others."""
    names, types = of.dataset.searched, of.fields.columns
    vectors: list[str | None] = [name for name in names if types[name] is ColumnType.VECTOR]
    texts: list[str | None] = [name for name in names if types[name] is ColumnType.TEXT]
    if callable(embedding):
        return texts or [None]
    return [None] if embedding is not None else [*vectors, *texts, None]


def _coded(of: Evaluation) -> list[str]:
    """Columns of numbers and categories: the inputs, or where none is among them, all."""
    types = of.fields.columns
    names = [name for name in of.dataset.searched if types[name] in _coded_types()]
    inputs = [name for name in names if of.dataset.schema[name].role is Role.INPUT]
    return inputs or names


def _kept(of: Evaluation, asked: _Asked, places: Places) -> Places:
    of._keep_map(_stored(of, asked, places))
    return places


def _stored(of: Evaluation, asked: _Asked, places: Places) -> Version:
    import pyarrow as pa

    store, dataset = of.workspace.store, of.dataset
    columns = dict(zip(MAP, (places.x, places.y), strict=True))
    table = pa.table({name: pa.array(values, from_pandas=True) for name, values in columns.items()})
    return store.commit(
        KIND,
        _name(dataset),
        spec={"dataset": dataset.ref, "asked": asdict(asked), "facts": plain(places.facts)},
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


def _digest(embedding: Embedding | None) -> str | None:
    """What tells one embedding from another; None for functions, which nothing tells apart."""
    if embedding is None:
        return ""
    try:
        array = None if callable(embedding) else np.ascontiguousarray(embedding)
    except ValueError:  # no array, which is refused later
        return None
    if array is None or array.dtype.hasobject:
        return None
    return hash_bytes(array.tobytes() + str((array.shape, array.dtype)).encode())


def _coded_types() -> frozenset[ColumnType]:
    from mispredict.engine.encode import ENCODED_TYPES

    return frozenset(ENCODED_TYPES)


def _name(dataset: Dataset) -> str:
    """Name of the dataset version's map in the catalog, where `@` says the version of the map."""
    ref = Ref.parse(dataset.ref)
    return joined_name(ref.name, str(ref.version))
