"""What data are looked over for: the checks that fit their columns, and how bad each finding is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mispredict.core.schema import Column, ColumnType, Role
from mispredict.data.duplicates.rows import compared_columns
from mispredict.data.leakage.finding import SURE, telling_limit
from mispredict.expectations.check import KINDS, Kind

if TYPE_CHECKING:
    from mispredict.expectations.data import DataView
    from mispredict.expectations.verdict import Judged

_FEW_MISSING = 0.05  # without a reference, fewer are no finding

Severity = Callable[["Judged"], str]


@dataclass(frozen=True)
class Look:
    """One check that is run on the data, and what a failure of it means."""

    kind: str
    title: str
    severity: Severity
    options: Mapping[str, Any] = field(default_factory=dict)
    column: str = ""
    measure: str = "share of rows"

    def made(self) -> Kind:
        """The kind with its options."""
        return KINDS[self.kind](**self.options)

    @property
    def name(self) -> str:
        """What the check is called."""
        return f"{self.kind.replace('_', ' ')} {self.column}".strip()


def battery(data: DataView) -> list[Look]:
    """The checks that fit the columns, those of the whole first."""
    looks = [*_whole(data)]
    if data.reference is not None:
        looks += _against(data, data.reference)
    for column in data.schema:
        looks += _of_column(data, column)
    return looks


def _whole(data: DataView) -> Iterator[Look]:
    yield Look("duplicates", "repeated rows", _by_share(0.2, 0.02))
    for name in compared_columns(data, None):
        if data.schema[name].type is ColumnType.TEXT:
            yield Look(
                "near_duplicates", f"nearly the same {name}", _by_share(0.5, 0.05),
                {"columns": (name,), "near": 0.9}, name,
            )  # fmt: skip
    inputs = data.schema.of_role(Role.INPUT)
    if sum(column.type is ColumnType.NUMERIC for column in inputs) > 1:
        yield Look(
            "redundant_columns", "inputs that say the same", _always("low"), {"max": 0.98},
            measure="correlation",
        )  # fmt: skip
    yield Look("id_feature", "an identifier as an input", _always("medium"), measure="inputs")
    if data.label is None:
        return
    yield Look("label_missing", "rows without a label", _by_share(0.2, 0.01), {}, data.label)
    if data.task is not None and data.task.classes and not _is_list(data):
        yield Look(
            "class_balance", "a rare class", _always("medium"), {"min": 0.01}, data.label,
            "share of the rarest class",
        )  # fmt: skip
    yield Look("conflicting_labels", "labels that contradict each other", _by_share(0.02, 0.002))
    yield Look(
        "predictive_feature", "an input that may give the label away", _of_score,
        {"max": telling_limit(data)}, measure="score of one input",
    )  # fmt: skip
    yield Look(
        "row_order", "rows in the order of their labels", _always("medium"), {"max": 0.6},
        measure="score of the row's number",
    )  # fmt: skip


def _against(data: DataView, reference: DataView) -> Iterator[Look]:
    yield Look("schema", "other columns than the reference", _always("high"), measure="faults")
    yield Look("rows_change", "another number of rows", _always("low"), measure="ratio of rows")
    both = (data, reference)
    is_classed = all(view.label and view.task and view.task.classes for view in both)
    if is_classed and not _is_list(data) and not _is_list(reference):
        label = str(data.label)
        yield Look(
            "class_change", "classes as common as they were not", _always("medium"), {},
            label, "difference of shares",
        )  # fmt: skip
        yield Look("label_allowed", "labels that are new", _always("high"), {}, label)
    for column in data.schema:
        if column.name not in reference.schema or column.role in (Role.ID, Role.WEIGHT):
            continue
        yield Look(
            "missing_change", "other missing values than before", _always("medium"),
            {"column": column.name}, column.name, "difference of shares",
        )  # fmt: skip
        missing = data.column(column.name).null_count
        is_few = 0 < missing <= _FEW_MISSING * data.n
        if (
            is_few
            and not reference.column(column.name).null_count
            and column.role is not Role.LABEL
        ):
            yield Look(
                "missing", "missing values where there were none", _by_share(0.2, 0.01),
                {"column": column.name, "max": 0.0}, column.name,
            )  # fmt: skip
        kinds = {column.type, reference.schema[column.name].type}
        if kinds == {ColumnType.CATEGORICAL}:
            yield Look(
                "new_categories", "values that are new", _by_share(0.1, 0.01),
                {"column": column.name}, column.name,
            )  # fmt: skip
        if kinds == {ColumnType.NUMERIC}:
            yield Look(
                "mean_change", "another mean than before", _always("low"),
                {"column": column.name, "max": 0.25}, column.name, "standard deviations",
            )  # fmt: skip


def _of_column(data: DataView, column: Column) -> Iterator[Look]:
    name, kind = column.name, column.type
    of = {"column": name}
    if column.role is not Role.LABEL:
        yield Look(
            "missing", "missing values", _by_share(0.5, 0.2), {**of, "max": _FEW_MISSING}, name
        )  # fmt: skip
    if column.role in (Role.ID, Role.WEIGHT):
        return
    if kind in (ColumnType.NUMERIC, ColumnType.CATEGORICAL, ColumnType.TEXT):
        yield Look("placeholders", "stand-ins for missing values", _by_share(0.5, 0.05), of, name)
    if column.role is Role.INPUT:
        yield Look(
            "constant", "hardly any other value", _of_constant, of, name, "share of one value"
        )
    if kind is ColumnType.NUMERIC and column.role is not Role.LABEL:
        yield Look("outliers", "numbers far from the others", _by_share(0.2, 0.05), of, name)
    if kind is ColumnType.DATETIME:
        yield Look(
            "date_range", "times in the future", _always("medium"), {**of, "latest": "now"}, name
        )
    if kind in (ColumnType.TEXT, ColumnType.CATEGORICAL) and _is_text(data, name):
        yield Look("whitespace", "empty or spaces around", _always("low"), of, name)
        yield Look("encoding_damage", "a wrong encoding", _by_share(0.5, 0.001), of, name)
        yield Look("special_characters", "invisible characters", _always("low"), of, name)
    if kind is ColumnType.CATEGORICAL and _is_text(data, name):
        yield Look("spelling_variants", "several spellings of a name", _always("medium"), of, name)
        yield Look("mixed_types", "numbers among words", _always("low"), of, name)


def _is_list(data: DataView) -> bool:
    """Whether rows have several labels."""
    return data.schema[str(data.label)].type is ColumnType.LABELS


def _is_text(data: DataView, column: str) -> bool:
    return "string" in str(data.column(column).type)


def _by_share(high: float, medium: float) -> Severity:
    def severity(judged: Judged) -> str:
        if judged.value >= high:
            return "high"
        return "medium" if judged.value >= medium else "low"

    return severity


def _always(word: str) -> Severity:
    return lambda judged: word


def _of_score(judged: Judged) -> str:
    return "high" if judged.low > SURE else "medium"


def _of_constant(judged: Judged) -> str:
    return "medium" if judged.value == 1 else "low"
