"""A stored dataset: its schema, its task, and its columns when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

import numpy as np

from mispredict.core.errors import BadDataset, BadLabel, BadOption, UnknownColumn
from mispredict.core.results import Result, Source, plain
from mispredict.core.schema import Column, ColumnType, Role, Schema
from mispredict.core.task import Scalar, Task
from mispredict.core.words import counted
from mispredict.workspace.coding import load_coded, write_coded
from mispredict.workspace.face.inspecting import Inspecting
from mispredict.workspace.face.relabelling import Relabelling

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa
    from numpy.typing import NDArray

    from mispredict.engine.encode import Coded
    from mispredict.store import Store, Version
    from mispredict.store.store import Given
    from mispredict.workspace.workspace import Workspace

# Raises where rows with this schema and task may not be stored.
Gate: TypeAlias = "Callable[[pa.Table, Schema, Task | None], None]"
KIND = "dataset"
INFINITIES = ("error", "missing", "keep")
_WEIGHTS = (1e-100, 1e100)  # the largest of a column: its square and sums of that are numbers


@dataclass(frozen=True)
class Columns(Result):
    """The columns of a dataset with their type, role and missing values."""

    rows: tuple[Column, ...]
    source: Source

    row_type: ClassVar[type] = Column
    title: ClassVar[str] = "Columns"


class Dataset(Inspecting, Relabelling):
    """One version of a dataset in a workspace. Columns are read when first needed."""

    def __init__(self, store: Store, version: Version) -> None:
        self._store = store
        self.version = version
        self.ref = str(version.ref)
        self.name = version.ref.name
        self.n = int(version.spec["rows"])
        self.origin = str(version.spec["origin"])
        self.schema = Schema.from_dict(version.spec["schema"])
        self.task = Task.from_dict(version.spec["task"]) if version.spec["task"] else None

    def __len__(self) -> int:
        return self.n

    def __repr__(self) -> str:
        task = f", {self.task.kind}" if self.task else ""
        return f"<Dataset {self.ref}: {counted(self.n, 'row')} × {len(self.schema)} columns{task}>"

    @property
    def workspace(self) -> Workspace:
        """The workspace that it is stored in; models that only live in memory are not known."""
        from mispredict.workspace.workspace import Workspace

        return Workspace(self._store)

    @property
    def label(self) -> str | None:
        """Name of the label column."""
        return self._named(Role.LABEL)

    @property
    def id(self) -> str | None:
        """Name of the id column."""
        return self._named(Role.ID)

    @property
    def inputs(self) -> tuple[str, ...]:
        """Names of the columns that a model is given."""
        return tuple(column.name for column in self.schema.of_role(Role.INPUT))

    @property
    def columns(self) -> Columns:
        """The schema as a table."""
        return Columns(self.schema.columns, Source(self.ref, n=self.n))

    def column(self, name: str) -> pa.ChunkedArray:
        """Values of one column in the dataset's order."""
        if name not in self.schema:
            raise UnknownColumn.among(name, self.schema.names, where=f"dataset {self.ref!r}")
        return self.read([name])[name]

    def read(self, names: Sequence[str] | None = None) -> pa.Table:
        """The named columns, or all of them."""
        return self._store.read_table(self.version.role("table"), columns=names)

    def to_frame(self, names: Sequence[str] | None = None) -> pd.DataFrame:
        """The columns as pandas."""
        frame: pd.DataFrame = self.read(names).to_pandas()
        return frame

    @property
    def searched(self) -> tuple[str, ...]:
        """Columns to look for findings in: all but label, id and annotations."""
        hidden = (Role.LABEL, Role.ID, Role.WEIGHT, Role.ANNOTATION)
        return tuple(column.name for column in self.schema if column.role not in hidden)

    def input_frame(self, named: Sequence[str] = ()) -> pd.DataFrame:
        """What a model is given: the inputs and other columns it names, categories as they came."""
        wanted = {*self.inputs, *named}
        chosen = [column for column in self.schema if column.name in wanted]
        frame = self.to_frame([column.name for column in chosen])
        for column in chosen:
            if column.origin.startswith("dictionary"):
                frame[column.name] = frame[column.name].astype("category")
        return frame

    def coded(self, name: str) -> Coded | None:
        """The column's stored codes, or None if it has none."""
        return self._coded.get(name)

    @cached_property
    def _coded(self) -> Mapping[str, Coded]:
        return load_coded(self._store, self.version)

    def _named(self, role: Role) -> str | None:
        column = self.schema.first(role)
        return column.name if column else None


@dataclass(frozen=True)
class DatasetOptions:
    """What the caller says of a dataset beside its rows."""

    label: str | Sequence[str] | None = None
    id: str | None = None
    time: str | None = None
    split: str | None = None
    weight: str | None = None
    metadata: Sequence[str] = ()
    annotations: Sequence[str] = ()
    types: Mapping[str, str] | None = None
    task: str | None = None
    classes: Sequence[Scalar] = ()
    positive: Scalar | None = None
    infinities: str = "error"


def add(
    store: Store,
    name: str,
    raw: pa.Table,
    origin: str,
    options: DatasetOptions,
    *,
    gate: Gate | None = None,
) -> Dataset:
    """Store the rows as a version of the dataset; nothing is stored if anything is wrong.

    `gate` is asked about the rows as they would be stored, and raises where it refuses them.
    """
    from mispredict.store.recording import meter

    with meter() as run:
        table, schema, task = prepare(raw, options)
        if gate is not None:
            gate(table, schema, task)
        kinds = {column.name: column.type for column in schema}
        parts: Given = {"table": store.write_table(table), **write_coded(store, table, kinds)}
    spec = {
        "schema": schema.to_dict(),
        "task": task.to_dict() if task else None,
        "rows": table.num_rows,
        "origin": origin,
    }
    version = store.commit(KIND, name, spec=spec, parts=parts, usage=run.usage)
    return Dataset(store, version)


def prepare(raw: pa.Table, options: DatasetOptions) -> tuple[pa.Table, Schema, Task | None]:
    """The rows in canonical storage, with their schema and task, all checked."""
    from mispredict.evaluations.labels import infer_task, label_values
    from mispredict.sources.infer import infer_columns

    options = _as_names(options)
    is_one = isinstance(options.label, str) or len(options.label or ()) < 2
    several = () if is_one else tuple(options.label or ())  # classes, even if one never occurs
    raw, label = _joined_labels(raw, options.label)
    table, columns = infer_columns(raw, options.types)
    if label is not None and Schema(columns)[label].type is ColumnType.TEXT:  # long class names
        table, columns = infer_columns(raw, {label: "categorical", **(options.types or {})})
    schema = _with_roles(Schema(columns), table.num_rows, label, options)
    table = _finite(table, schema, options.infinities)
    _check_ids(table, schema)
    _check_weights(table, schema)
    if label is None:
        return table, schema, None
    values = table[label]
    task = infer_task(
        schema[label],
        values,
        kind=options.task,
        classes=options.classes or several,
        positive=options.positive,
    )
    values = label_values(values, task)
    place = table.column_names.index(label)
    schema = schema.with_column(replace(schema[label], storage=str(values.type)))
    return table.set_column(place, label, values), schema, task


def _as_names(options: DatasetOptions) -> DatasetOptions:
    """The options with names as text, as the columns have them, and lists of them."""

    def name(given: object) -> str | None:
        return None if given is None else str(given)

    def several(given: Any) -> tuple[str, ...]:
        is_list = isinstance(given, Iterable) and not isinstance(given, str)
        return tuple(str(item) for item in (given if is_list else [given]))

    label = options.label
    is_one = isinstance(label, str) or not isinstance(label, Iterable)
    return replace(
        options,
        label=name(label) if is_one else several(label),
        id=name(options.id),
        time=name(options.time),
        split=name(options.split),
        weight=name(options.weight),
        metadata=several(options.metadata),
        annotations=several(options.annotations),
    )


def _joined_labels(raw: pa.Table, label: str | Sequence[str] | None) -> tuple[pa.Table, str | None]:
    """Several 0/1 label columns as one column of lists, called `labels`."""
    names = [label] if isinstance(label, str) else list(label or ())
    for name in names:
        if name not in raw.column_names:
            raise UnknownColumn.among(
                name, raw.column_names, where="the dataset", hint="label= one of its columns"
            )
    if len(names) < 2:
        return raw, names[0] if names else None
    if "labels" in raw.column_names and "labels" not in names:
        raise BadDataset(
            "the dataset has a column 'labels' already.",
            known=f"{len(names)} label columns become one column of that name.",
            hint="rename it, or make it one of label=[…]",
        )
    import pyarrow as pa

    from mispredict.evaluations.derive import label_lists

    chosen = np.column_stack([_zero_or_one(name, raw[name]) for name in names])
    lists = label_lists(chosen, tuple(names))
    return raw.drop_columns(names).append_column("labels", pa.chunked_array([lists])), "labels"


def _zero_or_one(name: str, raw: pa.ChunkedArray) -> NDArray[np.bool_]:
    """Where the label is set; every row must say it."""
    import pyarrow as pa
    import pyarrow.compute as pc

    from mispredict.sources.normalise import normalise

    try:
        words = pc.utf8_lower(normalise(raw, name).cast(pa.large_string()))
        yes = pc.is_in(words, pa.array(["1", "1.0", "true"], pa.large_string()))
        no = pc.is_in(words, pa.array(["0", "0.0", "false"], pa.large_string()))
        wrong = np.flatnonzero(~np.asarray(pc.or_(yes, no)))
    except pa.ArrowException:
        wrong = np.zeros(1, np.intp)
    if len(wrong):
        row = int(wrong[0])
        raise BadLabel(
            f"label column {name!r} holds {raw[row].as_py()!r:.60} at row {row:,}.",
            known=f"{len(wrong):,} rows hold neither 0 nor 1; several label columns must, "
            "in every row.",
            hint="1 where the label holds and 0 where not; one label column alone can be words",
        )
    return np.asarray(yes)


def _with_roles(schema: Schema, rows: int, label: str | None, options: DatasetOptions) -> Schema:
    from mispredict.sources.infer import looks_like_id

    roles: dict[str, Role] = dict.fromkeys(options.metadata, Role.METADATA)
    roles |= dict.fromkeys(options.annotations, Role.ANNOTATION)
    single = (
        (options.id, Role.ID),
        (options.time, Role.TIME),
        (options.split, Role.SPLIT),
        (options.weight, Role.WEIGHT),
        (label, Role.LABEL),
    )
    for name, role in single:
        if name is not None:
            if roles.get(name, Role.METADATA) is not Role.METADATA:
                raise BadOption(
                    f"column {name!r} cannot be both {roles[name]} and {role}.",
                    known="A column has one role.",
                    hint=f"another column for {role}=, or a copy of it under another name",
                )
            roles[name] = role
    if options.id is None:
        found = next((c for c in schema if c.name not in roles and looks_like_id(c, rows)), None)
        if found is not None:
            roles[found.name] = Role.ID
    for name, role in roles.items():
        if name not in schema:
            raise UnknownColumn.among(name, schema.names, where="the dataset", hint=f"{role}=…")
        schema = schema.with_column(replace(schema[name], role=role))
    return schema


def _finite(table: pa.Table, schema: Schema, infinities: str) -> pa.Table:
    """The table without infinities, unless they are to be kept."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if infinities not in INFINITIES:
        raise BadOption.choice("infinities", infinities, INFINITIES)
    for place, column in enumerate(schema):
        values = table.column(place)
        if infinities == "keep" or not pa.types.is_floating(values.type):
            continue
        infinite = pc.is_inf(values)
        count = pc.sum(infinite).as_py() or 0
        if not count:
            continue
        if infinities == "error":
            first = pc.index(infinite, True).as_py()
            raise BadDataset(
                f"column {column.name!r} holds infinity.",
                known=f"{count:,} of {counted(table.num_rows, 'row')}, first at row {first:,}.",
                hint="infinities='missing' to treat it as no value, or 'keep'",
            )
        cleaned = pc.if_else(infinite, pa.scalar(None, values.type), values)
        table = table.set_column(place, column.name, cleaned)
    return table


def _check_ids(table: pa.Table, schema: Schema) -> None:
    column = schema.first(Role.ID)
    if column is None:
        return
    if column.missing:
        raise BadDataset(
            f"id column {column.name!r} is missing in {counted(column.missing, 'row')}.",
            known=f"The dataset has {counted(table.num_rows, 'row')}.",
            hint="fill it, or leave id= away and rows are known by their order",
        )
    import pyarrow as pa

    if pa.types.is_nested(table[column.name].type):
        raise BadDataset(
            f"id column {column.name!r} holds lists or records.",
            known=f"It is {column.storage}, such as {table[column.name][0].as_py()!r:.60}.",
            hint="another id column, or convert it to text first",
        )
    ids = table[column.name].to_pandas()
    if not ids.is_unique:
        twice = ids[ids.duplicated()]
        raise BadDataset(
            f"id column {column.name!r} repeats {len(twice):,} times.",
            known=f"For example {plain(twice.iloc[0])!r}, at row {int(twice.index[0]):,}.",
            hint="another id column, or drop the repeated rows",
        )


def _check_weights(table: pa.Table, schema: Schema) -> None:
    import pyarrow.compute as pc

    column = schema.first(Role.WEIGHT)
    if column is None:
        return
    values = table[column.name]
    is_number = column.type is ColumnType.NUMERIC
    bounds = pc.min_max(values).as_py() if is_number else {"min": None, "max": None}
    least, most = bounds["min"], bounds["max"]
    if not is_number or values.null_count or least is None or least < 0:
        raise BadDataset(
            f"weight column {column.name!r} must hold a number from 0 in every row.",
            known=f"It is {column.type}, with {values.null_count:,} missing"
            + (f" and a least value of {least}." if least is not None else "."),
            hint="another weight column",
        )
    if not most:
        raise BadDataset(
            f"weight column {column.name!r} holds 0 in every row.",
            known=f"None of {counted(table.num_rows, 'row')} would count.",
            hint="another weight column, or none",
        )
    low, high = _WEIGHTS
    if not low <= float(most) <= high:
        raise BadDataset(
            f"weight column {column.name!r} holds weights of which the squares have no finite sum, "
            "or none above 0.",
            known=f"The largest of {table.num_rows:,} is {most:g}, beyond {low:g} to {high:g}.",
            hint="divide them by their largest, and leave out infinite ones",
        )
