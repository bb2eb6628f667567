from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from mispredict.core.errors import BadDataset
from mispredict.sources.infer import infer_columns
from mispredict.sources.read import read


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (pd.Series([1, 2], name="a"), {"a": [1, 2]}),
        (pd.Series([1, 2]), {"value": [1, 2]}),
        (pd.DataFrame({"a": pd.arrays.SparseArray([0, 1])}), {"a": [0, 1]}),
        (pd.DataFrame({"a": [2**70, 1]}), {"a": [str(2**70), "1"]}),
        ({"a": [2**63, None]}, {"a": [str(2**63), None]}),
        (pd.DataFrame({"a": pd.cut(pd.Series([1, 3]), [0, 2, 4])}), {"a": ["(0, 2]", "(2, 4]"]}),
        (pd.DataFrame({"a": pd.period_range("2024-01", periods=1, freq="M")}), {"a": ["2024-01"]}),
    ],
    ids=["series", "nameless", "sparse", "huge frame", "huge", "intervals", "periods"],
)
def test_what_arrow_does_not_know_is_read(source: Any, expected: Any) -> None:
    assert infer_columns(read(source))[0].to_pydict() == expected


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ({"a": 1, "y": "b"}, "column 'a' is 1, not a list"),
        ({"a": "b"}, "column 'a' is 'b', not a list"),
        ({"a": None}, "column 'a' is None, not a list"),
        ([{"a": 1}, 5], "row 1 is 5, not a dictionary"),
        ({"a": ["ok", "\ud800"]}, "not text at row 1"),
        (pd.DataFrame({"a": pd.Series(["\ud800"], dtype=object)}), "not text at row 0"),
        ({"\ud800": [1]}, "the name of column 1 is not text"),
        (pd.DataFrame([[1]], columns=pd.Index(["\ud800"], dtype=object)), "name of column 1"),
        ({"a": [{"b": 1}, {"b": "x"}]}, "column 'a' cannot be read"),
        ({"a": [2**70, "x"]}, "column 'a' mixes types"),
        ({"a": [1, 2], "b": [1]}, "different lengths"),
    ],
    ids=ascii,
)
def test_what_holds_no_columns_is_refused(source: Any, problem: str) -> None:
    with pytest.raises(BadDataset) as caught:
        read(source)
    assert problem in caught.value.problem
    assert caught.value.known
    assert caught.value.hint
