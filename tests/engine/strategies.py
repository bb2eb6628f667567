"""Random tables with awkward values, and predicates that ask about exactly those."""

from __future__ import annotations

import math
import random
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
from hypothesis import strategies as st

from mispredict.core.predicate import (
    Always,
    Between,
    ColumnRef,
    Compare,
    Fields,
    Has,
    In,
    InCohort,
    InTag,
    IsNull,
    IsTrue,
    Length,
    Like,
    Literal,
    Never,
    Operand,
    Predicate,
    Probability,
    Words,
    all_of,
    any_of,
    inside,
    negate,
    parse,
)
from mispredict.core.schema import ColumnType
from mispredict.core.task import Task, TaskKind
from mispredict.engine.encode import Coded, Limits, encode
from mispredict.engine.table import Table

TEXTS = (
    "",
    "a",
    "A",
    "ß",
    "ÄÖ ü",
    "don't",
    "not, good",
    "no\ngood",
    "50%",
    "a_b",
    "日本 語",
    "x-y",
    "\U0001f600",
)
PHRASES = ("a", "not good", "ä", "ß", "SS", "don't", "日本", "50%", "x", "b")
PATTERNS = ("%", "a%", "_", "%o%", "a_b", "50%", "%\n%", "", "A")
FLOATS = (0.0, -0.0, 0.1, 0.30000000000000004, 1.0, -1.5, 1e-300, 1e300, math.inf, -math.inf, 2.5)
WHOLES = (0, 1, -1, 7, 2**53, 2**53 + 1, 2**63 - 1, -(2**63))
UNSIGNED = (0, 1, 2**63, 2**64 - 1)
START = datetime(2024, 2, 28, 23, 59, 59)
MOMENTS = (
    START,
    START + timedelta(seconds=1),
    START + timedelta(microseconds=1),
    datetime(1969, 12, 31),
    datetime(2262, 4, 1),
    datetime(2024, 3, 1),
)
# A coarse grid, so that places lie on the sides and corners of polygons.
PLACES = (*range(-2, 3), 0.5, -1.25, 1e300, math.inf, -math.inf, math.nan)
NANOSECONDS = (0, 1, 999, 1_000, 1_001, 1_709_164_799_000_000_000, 1_709_164_799_000_000_500)

FIELDS = Fields(
    columns={
        "number": ColumnType.NUMERIC,
        "whole": ColumnType.NUMERIC,
        "unsigned": ColumnType.NUMERIC,
        "few": ColumnType.NUMERIC,
        "name": ColumnType.CATEGORICAL,
        "zip": ColumnType.CATEGORICAL,
        "text": ColumnType.TEXT,
        "flag": ColumnType.BOOLEAN,
        "moment": ColumnType.DATETIME,
        "nano": ColumnType.DATETIME,
        "day": ColumnType.DATETIME,
        "labels": ColumnType.LABELS,
        "label": ColumnType.NUMERIC,
    },
    reserved={
        "row": ColumnType.NUMERIC,
        "label": ColumnType.CATEGORICAL,
        "prediction": ColumnType.CATEGORICAL,
        "loss": ColumnType.NUMERIC,
        "correct": ColumnType.BOOLEAN,
        "p_yes": ColumnType.NUMERIC,
        "map_x": ColumnType.NUMERIC,
        "map_y": ColumnType.NUMERIC,
    },
    classes=("no", "yes"),
)
TASK = Task(TaskKind.BINARY, ("no", "yes"), "yes")
COHORTS = {
    "big": "number > 0 OR flag",
    "inner": "NOT cohort('big') AND name <> 'a'",
}

_any_float = st.one_of(st.sampled_from(FLOATS), st.just(math.nan), st.floats(allow_nan=False))
_any_whole = st.one_of(
    st.sampled_from(WHOLES), st.integers(-(2**63), 2**63 - 1), st.integers(-9, 9)
)
_any_text = st.one_of(
    st.sampled_from(TEXTS),
    st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=6),
)
_any_moment = st.one_of(
    st.sampled_from(MOMENTS), st.datetimes(datetime(1700, 1, 1), datetime(2261, 1, 1))
)


_POOLS: dict[str, tuple[tuple[Any, ...], Any]] = {
    "number": ((*FLOATS, math.nan), pa.float64()),
    "whole": ((*WHOLES, *range(-9, 9)), pa.int64()),
    "unsigned": (UNSIGNED, pa.uint64()),
    "few": ((1, 2, 3), pa.int8()),
    "name": (TEXTS, pa.string()),
    "zip": (tuple(range(6)), pa.int32()),
    "text": (TEXTS, pa.large_string()),
    "flag": ((True, False), pa.bool_()),
    "moment": (MOMENTS, pa.timestamp("us", "UTC")),
    "nano": (NANOSECONDS, pa.int64()),
    "day": (tuple(moment.date() for moment in MOMENTS), pa.date32()),
    "labels": (((), ("a",), ("a", None, "x"), TEXTS), pa.list_(pa.string())),
    'input("label")': ((0.5, 0.1), pa.float32()),
    "label": (("no", "yes"), pa.string()),
    "prediction": (("no", "yes"), pa.string()),
    "loss": ((*FLOATS, math.nan), pa.float64()),
    "correct": ((True, False), pa.bool_()),
    "p_yes": ((0.0, 1.0, 0.5, 0.25, 0.1), pa.float64()),
    "map_x": (PLACES, pa.float64()),
    "map_y": (PLACES, pa.float64()),
}
_DRAWN = {"number": _any_float, "whole": _any_whole, "name": _any_text, "text": _any_text}


@st.composite
def arrow_tables(draw: st.DrawFn) -> pa.Table:
    """Up to 30 rows with missing values, NaN, infinities, ties and odd characters."""
    rng = random.Random(draw(st.integers(0, 2**32)))  # drawing cell by cell takes long
    n = draw(st.integers(0, 30))
    columns = {}
    for name, (pool, type_) in _POOLS.items():
        drawn = draw(st.lists(_DRAWN[name], max_size=4)) if name in _DRAWN else []
        values = rng.choices([None, *pool, *drawn], k=n)
        columns[name] = pa.array(values, type_)
    columns["nano"] = columns["nano"].cast(pa.timestamp("ns"))
    return pa.table(columns)


limits = st.builds(
    Limits,
    distinct=st.sampled_from([0, 2, 64]),
    bins=st.integers(1, 6),
    codes=st.sampled_from([2, 4, 65_534]),
    sample=st.sampled_from([3, 100]),
)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """A table whose columns are coded, with tags and cohorts."""
    arrow = draw(arrow_tables())
    chosen = draw(limits)
    tagged = draw(st.lists(st.booleans(), min_size=len(arrow), max_size=len(arrow)))
    plain = Table.from_arrow(arrow, fields=FIELDS, task=TASK)

    def codes(name: str, is_input: bool) -> Coded | None:
        return encode(plain.column(name, is_input), plain.kind(name, is_input), limits=chosen)

    return Table(
        n=len(arrow),
        fields=FIELDS,
        task=TASK,
        load=plain.column,
        load_codes=codes,
        tags={"seen": np.array(tagged, np.bool_)},
        cohorts={name: parse(text, FIELDS) for name, text in COHORTS.items()},
    )


_numbers = st.one_of(
    st.sampled_from((*FLOATS, *WHOLES, *UNSIGNED, 0.5, 1.5, 3)),
    st.floats(allow_nan=False),
    st.integers(-(2**63), 2**64 - 1),
)
_NUMERIC: tuple[Operand, ...] = (
    *(ColumnRef(name) for name in ("number", "whole", "unsigned", "few", "zip", "row", "loss")),
    ColumnRef("label", True),
    Probability("yes"),
    *(Length(ColumnRef(name)) for name in ("text", "name")),
    *(Words(ColumnRef(name)) for name in ("text", "name")),
)
_TEXT = tuple(ColumnRef(name) for name in ("name", "text", "label"))
_MOMENT = tuple(ColumnRef(name) for name in ("moment", "nano", "day"))
_FLAG = tuple(ColumnRef(name) for name in ("flag", "correct"))
_ANY = (*_NUMERIC, *_TEXT, *_MOMENT, *_FLAG, ColumnRef("labels"))
_corners = st.tuples(st.integers(-2, 3), st.sampled_from([-2, -1, 0, 0.5, 1, 1 / 3, 3]))
polygons = st.lists(_corners, min_size=3, max_size=64, unique=True).map(inside)
_OPS = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])


def _comparisons(
    operands: tuple[Operand, ...], values: st.SearchStrategy[Any]
) -> st.SearchStrategy[Predicate]:
    operand, literal = st.sampled_from(operands), values.map(Literal)
    pair = st.lists(literal, min_size=2, max_size=4).map(tuple)
    return st.one_of(
        st.builds(Compare, operand, _OPS, literal),
        st.builds(Between, operand, literal, literal),
        st.builds(In, operand, pair),
    )


conditions: st.SearchStrategy[Predicate] = st.one_of(
    _comparisons(_NUMERIC, _numbers),
    _comparisons(_TEXT, _any_text),
    _comparisons(_MOMENT, _any_moment),
    st.builds(Compare, st.sampled_from(_NUMERIC), _OPS, st.sampled_from(_NUMERIC)),
    st.builds(Compare, st.sampled_from(_TEXT), _OPS, st.sampled_from(_TEXT)),
    st.builds(
        Compare, st.sampled_from(_FLAG), st.sampled_from(["=", "<>"]), st.booleans().map(Literal)
    ),
    st.builds(IsNull, st.sampled_from(_ANY)),
    st.builds(IsTrue, st.sampled_from(_FLAG)),
    st.builds(Like, st.sampled_from(_TEXT), st.sampled_from(PATTERNS)),
    st.builds(Has, st.sampled_from((*_TEXT, ColumnRef("labels"))), st.sampled_from(PHRASES)),
    st.just(InTag("seen")),
    st.sampled_from(sorted(COHORTS)).map(InCohort),
    st.sampled_from([Always(), Never()]),
    polygons,
)

predicates: st.SearchStrategy[Predicate] = st.recursive(
    conditions,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(all_of),
        st.lists(inner, min_size=2, max_size=3).map(any_of),
        inner.map(negate),
    ),
    max_leaves=6,
)
