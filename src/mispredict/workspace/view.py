"""The rows of an evaluation: their columns, the names cohorts may use, and masks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numpy as np
import numpy.typing as npt

from mispredict.core.errors import BadOption, EmptyCohort, UnknownColumn
from mispredict.core.options import names
from mispredict.core.predicate import MAP, Always, Fields, Predicate, parse
from mispredict.core.predicate.others import Reserved, read_other
from mispredict.core.results import Source
from mispredict.core.schema import ColumnType, Role
from mispredict.core.task import Task
from mispredict.core.words import counted
from mispredict.workspace.coding import load_coded
from mispredict.workspace.doubting.columns import DOUBTS, stored_doubts
from mispredict.workspace.explaining.explained import column_names, read_column, stored_attributions
from mispredict.workspace.finding import stored_clusters
from mispredict.workspace.labelling.labels import stored_label_errors
from mispredict.workspace.mapping import stored_map
from mispredict.workspace.others import OtherModels
from mispredict.workspace.stored_rows import Numbers, StoredRows

if TYPE_CHECKING:
    import pyarrow as pa

    from mispredict.engine.encode import Coded
    from mispredict.engine.table import Key, Table
    from mispredict.store import Version
    from mispredict.workspace.dataset import Dataset
    from mispredict.workspace.evaluation import Evaluation
    from mispredict.workspace.workspace import Workspace

R = TypeVar("R", bound="Any")
TABLE_MEGABYTES = 512  # of columns in memory; half as much of arrays made of them
LABEL_ERRORS = {"label_error": ColumnType.BOOLEAN, "suggested_label": ColumnType.CATEGORICAL}
RESERVED = (
    "label",
    "prediction",
    "correct",
    "confidence",
    "margin",
    "entropy",
    "residual",
    "loss",
    "score",
    "error_class",
)


class View:
    """An evaluation's table and what its names mean; `Evaluation` asks it."""

    def __init__(self, workspace: Workspace, version: Version, dataset: Dataset) -> None:
        self._workspace = workspace
        self.version = version
        self.dataset = dataset
        self.model = str(version.spec["model"])
        self.ref = f"{self.model}/{dataset.ref}"
        self.task = Task.from_dict(version.spec["task"])
        self.n = dataset.n
        columns = version.spec["columns"]
        self._kinds = {name: ColumnType(columns[name]) for name in sorted(columns, key=_place)}
        self._keep_clusters(stored_clusters(workspace.store, version))
        self._keep_map(stored_map(workspace.store, dataset))
        self._keep_label_errors(stored_label_errors(workspace.store, version))
        self._keep_doubts(stored_doubts(workspace.store, version))
        self._keep_attributions(stored_attributions(workspace.store, version))

    @property
    def workspace(self) -> Workspace:
        """The workspace that the evaluation is stored in."""
        return self._workspace

    @property
    def _whole(self) -> Evaluation:
        """The evaluation, for the parts that its methods are spread over."""
        return cast("Evaluation", self)

    def __len__(self) -> int:
        return self.n

    def __repr__(self) -> str:
        return f"<Evaluation {self.ref}: {counted(self.n, 'row')}, {self.task.kind}>"

    @cached_property
    def fields(self) -> Fields:
        """The names that cohorts of this evaluation may use."""
        reserved = {"row": ColumnType.NUMERIC, **self._kinds}
        for role in (Role.TIME, Role.SPLIT, Role.WEIGHT):
            column = self.dataset.schema.first(role)
            if column is not None:
                reserved[role.value] = column.type
        known = Reserved(reserved, self._columns_of_other)
        return Fields.of(self.dataset.schema, known, self.task.classes)

    def _columns_of_other(self, model: str) -> tuple[str, Mapping[str, ColumnType]]:
        """Ref and columns of another model that was evaluated on the same rows, or elsewhere."""
        found = self.other_models.of(model)
        return (found.ref if self._is_elsewhere(found) else found.model), found._kinds

    def _is_elsewhere(self, other: View) -> bool:
        """Whether an evaluation is of another dataset version, whose rows must be matched."""
        return other.dataset.ref != self.dataset.ref

    @cached_property
    def other_models(self) -> OtherModels:
        """Models that were evaluated on the same rows."""
        return OtherModels(self)

    def _of_other(self, name: str, is_input: bool) -> tuple[View, str] | None:
        """The evaluation of another model that has the column, and its name there."""
        found = None if is_input or name in self.dataset.schema else read_other(name)
        return None if found is None else (self.other_models.of(found[1]), found[0])

    @cached_property
    def table(self) -> Table:
        """The evaluation table that metrics, cohorts and queries work on."""
        return self._table_of(self.fields)

    def _table_of(self, fields: Fields) -> Table:
        from mispredict.engine.table import Table

        return Table(
            n=self.n,
            fields=fields,
            task=self.task,
            load=self._load,
            load_codes=self._load_codes,
            load_rows=self._load_rows,
            tags=self._workspace.tag_masks(self.dataset),
            cohorts=self._workspace.cohort_predicates(),
            names=self.column_names,
            cache_megabytes=TABLE_MEGABYTES,
        )

    @property
    def column_names(self) -> tuple[str, ...]:
        """Id first, then the dataset's columns, then the reserved ones."""
        dataset = self.dataset
        taken = {name for name in self.fields.reserved if name not in (dataset.label, dataset.id)}
        own = [
            f'input("{name}")' if name in taken else name
            for name in dataset.schema.names
            if name != dataset.id
        ]
        shown = [name for name in self._kinds if name not in self._attributed]
        return tuple(dict.fromkeys([dataset.id or "row", *own, *shown]))

    def predicate(self, where: str | Predicate | None) -> Predicate:
        """The cohort as a checked predicate."""
        if where is None:
            return Always()
        if isinstance(where, Predicate):
            return where.bind(self.fields)
        return parse(where, self.fields)

    def mask(self, where: str | Predicate | None = None) -> npt.NDArray[np.bool_]:
        """Which rows a cohort selects, in the dataset's order."""
        return self.table.mask(self.predicate(where))

    def source(self, where: str | Predicate | None = None, n: int | None = None) -> Source:
        """What a figure about the cohort stands on."""
        predicate = self.predicate(where)
        is_all = isinstance(predicate, Always)
        count = n if n is not None else int(self.table.mask(predicate).sum())
        return Source(self.ref, "" if is_all else predicate.text, count)

    @cached_property
    def outcomes(self) -> Any:
        """The arrays that metrics are computed from."""
        from mispredict.workspace.measuring import outcomes

        return outcomes(self)

    @cached_property
    def target(self) -> npt.NDArray[np.float64]:
        """1 for wrong and 0 for right rows, or the loss; NaN without a label."""
        if "correct" in self._kinds:
            return 1 - self.table.values("correct")
        return self.table.values("loss")

    @cached_property
    def _outlier_scores(self) -> npt.NDArray[np.float64]:
        from mispredict.cohorts.outliers import outlier_scores

        return outlier_scores(self.table)

    def _table_with(self, columns: Sequence[str] | None) -> Table:
        """The table to look for findings in: attributions that are asked for are inputs there."""
        given = () if columns is None else names("columns", columns)
        asked = [name for name in given if name in self._attributed]
        if not asked:
            return self.table
        own = {**self.fields.columns, **dict.fromkeys(asked, ColumnType.NUMERIC)}
        reserved = {k: kind for k, kind in self.fields.reserved.items() if k not in asked}
        return self._table_of(replace(self.fields, columns=own, reserved=reserved))

    def _searched(self, columns: Sequence[str] | None, skip: Sequence[str]) -> tuple[str, ...]:
        """The dataset's columns to look through: the given ones, or all but label and id."""
        schema = self.dataset.schema
        columns = None if columns is None else names("columns", columns)
        skip = names("skip", skip)
        for name in (*(columns or ()), *skip):
            if name not in schema and name not in self._attributed:
                raise UnknownColumn.among(name, schema.names, where=f"dataset {self.dataset.ref!r}")
        chosen = self.dataset.searched if columns is None else columns
        return tuple(name for name in chosen if name not in skip)

    def _sourced(self, result: R, where: str | Predicate | None) -> R:
        return replace(result, source=self.source(where))

    def _both(self, where: str | Predicate | None, also: str) -> Predicate:
        predicate = self.predicate(where)
        extra = self.predicate(also)
        return extra if isinstance(predicate, Always) else predicate & extra

    def _some(self, where: str | Predicate | None) -> npt.NDArray[np.bool_] | None:
        """The cohort's rows, which must not be none; None for all."""
        if where is None:
            return None
        mask = self.mask(where)
        if not mask.any():
            raise EmptyCohort(
                f"no row of {self.ref} meets {self.predicate(where).text}.",
                known=f"The evaluation has {counted(self.n, 'row')}.",
                hint="a wider cohort",
            )
        return mask

    def _class_index(self, name: Any) -> int:
        if not self.task.classes:
            raise BadOption(
                f"a {self.task.kind} evaluation has no classes.",
                known="Curves and classes belong to classifications.",
                hint="ev.metrics()",
            )
        chosen = self.task.positive if name is None else name
        for index, item in enumerate(self.task.classes):
            if item == chosen or str(item) == str(chosen):
                return index
        raise BadOption.choice("positive", chosen, map(str, self.task.classes))

    def _load(self, name: str, is_input: bool) -> pa.ChunkedArray | pa.Array:
        if self._is_attributed(name, is_input) and self._attributions is not None:
            return read_column(self._workspace.store, self._attributions, name, self.n)
        other = self._of_other(name, is_input)
        if other is not None and self._is_elsewhere(other[0]):
            from mispredict.workspace.comparing.elsewhere import column_elsewhere

            match = self.other_models.match(other[0].dataset)
            return column_elsewhere(self._whole, cast("Evaluation", other[0]), match, other[1])
        version, column = self._stored(name, is_input)
        return self._workspace.store.read_table(version.role("table"), columns=[column])[column]

    def _load_rows(self, kinds: Mapping[Key, ColumnType], numbers: Numbers) -> dict[Key, pa.Array]:
        """Rows of columns; what not every row has, or what is elsewhere, is loaded whole."""
        aligned = {key: kind for key, kind in kinds.items() if self._is_aligned(*key)}
        return self._stored_rows.load(aligned, numbers)

    def _is_aligned(self, name: str, is_input: bool) -> bool:
        """Whether the column is stored with a value for each row, in the rows' order."""
        other = self._of_other(name, is_input)
        return not self._is_attributed(name, is_input) and (
            other is None or not self._is_elsewhere(other[0])
        )

    @cached_property
    def _stored_rows(self) -> StoredRows:
        return StoredRows(self._workspace.store, self.n, self._stored)

    def _is_attributed(self, name: str, is_input: bool) -> bool:
        return name in self._attributed and not (is_input and name in self.dataset.schema)

    def _stored(self, name: str, is_input: bool) -> tuple[Version, str]:
        """The version whose table has the column, and its name there."""
        other = self._of_other(name, is_input)
        if other is not None:
            return other[0]._stored(other[1], False)
        if is_input or name not in self.fields.reserved:
            self.dataset.schema[name]  # which says what there is
            return self.dataset.version, name
        derived = {"cluster": self._clusters, **dict.fromkeys(MAP, self._map)}
        derived |= dict.fromkeys(LABEL_ERRORS, self._label_errors)
        derived |= self._doubts
        if name in self._kinds and name != "label":
            return derived.get(name) or self.version, name
        role = {"label": Role.LABEL}.get(name) or Role(name)
        column = self.dataset.schema.first(role)
        assert column is not None  # the name is reserved only if the role is taken
        return self.dataset.version, column.name

    def _load_codes(self, name: str, is_input: bool) -> Coded | None:
        other = self._of_other(name, is_input)
        if other is not None:
            is_elsewhere = self._is_elsewhere(other[0])
            return None if is_elsewhere else other[0]._load_codes(other[1], False)
        if not is_input and name in self._coded:
            return self._coded[name]
        if not is_input and name == "label" and self.dataset.label:
            return self.dataset.coded(self.dataset.label)
        if is_input or name not in self.fields.reserved:
            return self.dataset.coded(name)
        return None

    def _keep_clusters(self, version: Version | None) -> None:
        """Make `cluster` a column: the clusters of rows that the version has."""
        self._clusters = version
        if version is None or "cluster" in self.dataset.schema:
            return
        self._add_kinds({"cluster": ColumnType.CATEGORICAL})

    def _keep_map(self, version: Version | None) -> None:
        """Make `map_x` and `map_y` columns: the places of rows that the version has."""
        self._map = version
        if version is not None and not any(name in self.dataset.schema for name in MAP):
            self._add_kinds(dict.fromkeys(MAP, ColumnType.NUMERIC))

    def _keep_label_errors(self, version: Version | None) -> None:
        """Make `label_error` and `suggested_label` columns: what the version flags."""
        self._label_errors = version
        if version is not None and not any(name in self.dataset.schema for name in LABEL_ERRORS):
            self._add_kinds(LABEL_ERRORS)

    def _keep_doubts(self, found: Mapping[str, Version]) -> None:
        """Make columns of what noise and conformal sets say of the rows."""
        self._doubts = {k: held for k, held in found.items() if k not in self.dataset.schema}
        self._add_kinds({name: DOUBTS[name] for name in self._doubts})

    def _keep_attributions(self, version: Version | None) -> None:
        """Make `shap_<feature>` columns: the attributions of rows that the version has."""
        gone = getattr(self, "_attributed", {})
        self._kinds = {name: kind for name, kind in self._kinds.items() if name not in gone}
        self._attributions = version
        found = {} if version is None else column_names(version)
        self._attributed = {k: f for k, f in found.items() if k not in self.dataset.schema}
        self._add_kinds(dict.fromkeys(self._attributed, ColumnType.NUMERIC))

    def _add_kinds(self, kinds: Mapping[str, ColumnType]) -> None:
        self._kinds = {**self._kinds, **kinds}
        for name in ("fields", "table", "_stored_rows"):
            self.__dict__.pop(name, None)

    @cached_property
    def _coded(self) -> Mapping[str, Coded]:
        return load_coded(self._workspace.store, self.version)


def _place(name: str) -> tuple[int, str]:
    """Order of the reserved columns, probabilities last."""
    return (RESERVED.index(name) if name in RESERVED else len(RESERVED), name)
