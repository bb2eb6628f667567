"""Tables and random cohorts that the tests of the cohort language share."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
from hypothesis import strategies as st

from mispredict.core.errors import UnknownName
from mispredict.core.predicate import (
    ColumnRef,
    Fields,
    InCohort,
    InTag,
    Length,
    Predicate,
    Probability,
    Words,
    all_of,
    any_of,
    between,
    compare,
    has,
    inside,
    is_missing,
    is_true,
    like,
    negate,
    one_of,
    parse,
)
from mispredict.core.predicate.polygon import rounded, without_repeats
from mispredict.core.schema import ColumnType

NUMERIC, TEXT, BOOLEAN = ColumnType.NUMERIC, ColumnType.TEXT, ColumnType.BOOLEAN
CATEGORICAL, DATETIME = ColumnType.CATEGORICAL, ColumnType.DATETIME

FIELDS = Fields(
    columns={
        "whole": NUMERIC,
        "real": NUMERIC,
        "text": TEXT,
        "Geography": CATEGORICAL,
        "Age group": CATEGORICAL,
        "active": BOOLEAN,
        "seen": DATETIME,
        "path": ColumnType.IMAGE,
        "topics": ColumnType.LABELS,
        "label": CATEGORICAL,
    },
    reserved={
        "label": CATEGORICAL,
        "prediction": CATEGORICAL,
        "correct": BOOLEAN,
        "loss": NUMERIC,
        "time": DATETIME,
        "split": CATEGORICAL,
    },
    classes=("Exited", "Retained"),
    storage={"Geography": "string", "Age group": "dictionary<values=string, indices=int32>"},
)


@dataclass
class Columns:
    """Rows from a dictionary of Arrow arrays."""

    columns: Mapping[str, Any]
    tags: Mapping[str, list[bool]] = field(default_factory=dict)
    cohorts: Mapping[str, str] = field(default_factory=dict)
    classes: tuple[Any, ...] = ("Exited", "Retained")

    @property
    def n(self) -> int:
        return len(next(iter(self.columns.values())))

    def column(self, name: str, is_input: bool = False) -> Any:
        return self.columns[f"input {name}" if is_input else name]

    def tag(self, name: str) -> np.ndarray[Any, Any]:
        return np.array(self.tags[name], dtype=bool)

    def cohort(self, name: str) -> Predicate:
        if name not in self.cohorts:
            raise UnknownName.of("cohort", name, self.cohorts)
        return parse(self.cohorts[name])


STRINGS = [
    "",
    "a",
    "A",
    "b%",
    "it's",
    'say "no"',
    "Zürich",
    "naïve ÉTÉ",
    "日本",
    "a b",
    "a_b",
    "\n",
]
PHRASES = ["a", "A", "it", "été", "no", "b", "a b", "日本"]
REALS = [-1.5, -0.0, 0.0, 0.1, 1.0, 2.0, 1e300, 5e-324]
MOMENTS = [
    dt.datetime(2024, 1, 1),
    dt.datetime(2024, 1, 1, 10, 30),
    dt.datetime(1969, 12, 31, 23, 59, 59, 999999),
    dt.datetime(2262, 1, 1),
]

_wholes = st.integers(-3, 3)
_reals = st.sampled_from(REALS)
_strings = st.sampled_from(STRINGS)
_moments = st.sampled_from(MOMENTS)
# A coarse grid, so that points lie on sides and corners, and sides cross and coincide.
_grid = st.integers(-3, 3).map(float)
_places = _grid | st.sampled_from([0.5, -1.25, math.inf, -math.inf, math.nan, 1e-300, 1e300])
_ops = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])


@st.composite
def tables(draw: st.DrawFn) -> dict[str, list[Any]]:
    """Columns of up to 8 rows with missing values, NaN and unusual texts."""
    n = draw(st.integers(0, 8))

    def column(values: st.SearchStrategy[Any]) -> list[Any]:
        return draw(st.lists(st.none() | values, min_size=n, max_size=n))

    return {
        "whole": column(_wholes),
        "real": column(_reals | st.just(math.nan)),
        "text": column(_strings),
        "Age group": column(_strings),
        "active": column(st.booleans()),
        "seen": column(_moments),
        "p_Exited": column(st.sampled_from([0.0, 0.25, 1.0])),
        "map_x": column(_places),
        "map_y": column(_places),
        "input label": column(_strings),
    }


def arrow_columns(table: Mapping[str, list[Any]]) -> dict[str, Any]:
    types = {
        "whole": pa.int32(),
        "real": pa.float64(),
        "text": pa.string(),
        "Age group": pa.dictionary(pa.int8(), pa.string()),
        "active": pa.bool_(),
        "seen": pa.timestamp("us"),
        "p_Exited": pa.float64(),
        "map_x": pa.float64(),
        "map_y": pa.float64(),
        "input label": pa.large_string(),
    }
    return {name: pa.array(values, types[name]) for name, values in table.items()}


def _numbers() -> st.SearchStrategy[Predicate]:
    operands = st.sampled_from(
        [
            ColumnRef("whole"),
            ColumnRef("real"),
            Length(ColumnRef("text")),
            Words(ColumnRef("Age group")),
            Probability("Exited"),
        ]
    )
    values = _wholes | _reals
    return st.one_of(
        st.builds(compare, operands, _ops, values),
        st.builds(compare, operands, _ops, operands),
        st.builds(between, operands, values, values),
        st.builds(one_of, operands, st.lists(values, min_size=1, max_size=4)),
        st.builds(is_missing, operands),
    )


def _texts() -> st.SearchStrategy[Predicate]:
    refs = st.sampled_from(
        [ColumnRef("text"), ColumnRef("Age group"), ColumnRef("label", is_input=True)]
    )
    patterns = st.text("aAb_%' é日", max_size=4)
    return st.one_of(
        st.builds(compare, refs, _ops, _strings),
        st.builds(compare, refs, _ops, refs),
        st.builds(between, refs, _strings, _strings),
        st.builds(one_of, refs, st.lists(_strings, min_size=1, max_size=4)),
        st.builds(is_missing, refs),
        st.builds(like, refs, patterns),
        st.builds(has, refs, st.sampled_from(PHRASES)),
    )


def polygons() -> st.SearchStrategy[Predicate]:
    """Polygons of any shape, crossing themselves, with sides of no height or of no width."""
    values = _grid | st.sampled_from([0.5, 1 / 3, -1.25]) | st.floats(-4, 4)
    corners = st.lists(st.tuples(values, values), min_size=3, max_size=12)
    return corners.filter(_is_polygon).map(inside)


def _is_polygon(corners: list[tuple[float, float]]) -> bool:
    return len(without_repeats([(rounded(x), rounded(y)) for x, y in corners])) >= 3


def _others() -> st.SearchStrategy[Predicate]:
    seen, active = ColumnRef("seen"), ColumnRef("active")
    return st.one_of(
        st.builds(compare, st.just(seen), _ops, _moments),
        st.builds(between, st.just(seen), _moments, _moments),
        st.builds(one_of, st.just(seen), st.lists(_moments, min_size=1, max_size=3)),
        st.builds(compare, st.just(active), st.sampled_from(["=", "<>"]), st.booleans()),
        st.just(is_true("active")),
        st.sampled_from([parse("TRUE"), parse("FALSE")]),
    )


def _nested(leaves: st.SearchStrategy[Predicate]) -> st.SearchStrategy[Predicate]:
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.builds(all_of, st.lists(inner, min_size=1, max_size=3)),
            st.builds(any_of, st.lists(inner, min_size=1, max_size=3)),
            st.builds(negate, inner),
        ),
        max_leaves=6,
    )


CONDITIONS = _numbers() | _texts() | _others() | polygons()
COHORTS = _nested(CONDITIONS)  # over the columns of `tables`

_any_text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
_any_ref = st.builds(ColumnRef, _any_text, st.booleans())
_any_value = st.one_of(
    _any_text,
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False),
    st.booleans(),
    st.datetimes(),
    st.dates(),
)
ANY_COHORTS = _nested(
    st.one_of(
        CONDITIONS,
        st.builds(compare, _any_ref | st.builds(Probability, _any_text), _ops, _any_value),
        st.builds(compare, _any_ref, _ops, _any_ref),
        st.builds(between, st.builds(Words, _any_ref), _any_value, _any_value),
        st.builds(one_of, _any_ref, st.lists(_any_value, max_size=3)),
        st.builds(like, _any_ref, _any_text),
        st.builds(has, _any_ref, _any_text.filter(lambda text: bool(text.strip()))),
        st.builds(is_true, _any_ref),
        st.builds(InTag, _any_text),
        st.builds(InCohort, _any_text),
    )
)
