"""The hash of what a table says."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mispredict.store.content import ContentHash, logical_type

TYPES: dict[str, tuple[pa.DataType, st.SearchStrategy[Any]]] = {
    "int": (pa.int16(), st.integers(-5, 5)),
    "float": (pa.float64(), st.floats(allow_nan=False)),
    "bool": (pa.bool_(), st.booleans()),
    "text": (pa.string(), st.text(max_size=5)),
    "bytes": (pa.binary(), st.binary(max_size=5)),
    "date": (pa.date32(), st.dates()),
    "decimal": (pa.decimal128(5, 2), st.integers(-9, 9).map(Decimal)),
    "list": (pa.list_(pa.string()), st.lists(st.none() | st.text(max_size=3), max_size=3)),
    "pair": (pa.list_(pa.int8(), 2), st.lists(st.integers(0, 9), min_size=2, max_size=2)),
    "struct": (
        pa.struct([("a", pa.int64()), ("b", pa.string())]),
        st.fixed_dictionaries({"a": st.none() | st.integers(0, 9), "b": st.text(max_size=3)}),
    ),
    "map": (pa.map_(pa.string(), pa.int64()), st.just([("k", 1)])),
    "nothing": (pa.null(), st.none()),
}


def content(array: pa.Array) -> str:
    batch = pa.record_batch([array], ["x"])
    found = ContentHash(batch.schema)
    found.update(batch)
    return found.hexdigest()


@pytest.mark.parametrize("kind", TYPES)
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_layout_does_not_count_and_values_do(kind: str, data: st.DataObject) -> None:
    dtype, values = TYPES[kind]
    items = data.draw(st.lists(st.none() | values, max_size=12))
    array = pa.array(items, dtype)
    around = pa.array([None, *items, None], dtype)
    assert content(array) == content(around.slice(1, len(items)))
    other = data.draw(st.lists(st.none() | values, max_size=12))
    changed = pa.array(other, dtype)
    assert (content(array) == content(changed)) == (
        array.equals(changed) and _signs(items) == _signs(other)
    )


def _signs(items: list[Any]) -> list[bool]:
    """Signs of floats: the hash keeps -0.0 and 0.0 apart, equality does not."""
    return [bool(np.signbit(item)) for item in items if isinstance(item, float)]


@pytest.mark.parametrize(
    "dtype",
    [pa.large_string(), pa.dictionary(pa.int8(), pa.string()), pa.string_view()],
    ids=str,
)
def test_text_is_text_in_any_layout(dtype: pa.DataType) -> None:
    items = ["a", None, "", "longer than twelve bytes", "a"]
    assert content(pa.array(items, dtype)) == content(pa.array(items))
    assert logical_type(dtype) == "string"


def test_dictionaries_of_any_order_are_the_same() -> None:
    one = pa.DictionaryArray.from_arrays(pa.array([0, 1, None]), ["a", "b"])
    two = pa.DictionaryArray.from_arrays(pa.array([1, 0, None]), ["b", "a"])
    assert content(one) == content(two)


def test_bytes_under_nulls_do_not_count() -> None:
    mask = pa.array([True, False]).buffers()[1]
    one = pa.Array.from_buffers(pa.int64(), 2, [mask, pa.py_buffer(np.array([1, 5]))])
    two = pa.Array.from_buffers(pa.int64(), 2, [mask, pa.py_buffer(np.array([1, 6]))])
    assert content(one) == content(two)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (pa.array([1, 2]), pa.array([1, 2], pa.int32())),
        (pa.array(["ab", "c"]), pa.array(["a", "bc"])),
        (pa.array(["", None]), pa.array([None, ""])),
        (pa.array([[], None]), pa.array([None, []], pa.list_(pa.null()))),
        (pa.array([0, None]), pa.array([None, 0])),
        (pa.array([[1], [2, 3]]), pa.array([[1, 2], [3]])),
        (pa.array([1], pa.timestamp("s")), pa.array([1], pa.timestamp("ms"))),
        (pa.array(["a"]), pa.array([b"a"])),
    ],
    ids=["width", "cut", "null text", "null list", "null", "lists", "unit", "binary"],
)
def test_near_things_differ(one: pa.Array, two: pa.Array) -> None:
    assert content(one) != content(two)


def test_names_count() -> None:
    assert (
        ContentHash(pa.schema({"ab": pa.int8(), "c": pa.int8()})).hexdigest()
        != ContentHash(pa.schema({"a": pa.int8(), "bc": pa.int8()})).hexdigest()
    )


def test_the_hash_is_what_it_was() -> None:
    """A change of this value would make every stored table look changed."""
    assert content(pa.array([1, None, 3])) == HASH_OF_1_NULL_3


HASH_OF_1_NULL_3 = "c90affa9f3169af5caeffde8c8b5c7f5935417337b424ea87f98f9d503c5bfaa"
