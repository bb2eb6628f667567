from __future__ import annotations

import posixpath
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mispredict.exchange.limits import cut, flat, metric_key, unique

# What mlflow.utils.validation accepts.
ACCEPTED = re.compile(r"^[/\w.\- :]*$")


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("accuracy", "accuracy"),
        ("recall[Exited]", "recall/Exited"),
        ("recall[a/b]", "recall/a_b"),
        ("recall[why?!]", "recall/why__"),
        ("recall[]", "recall/_"),
        ("recall[..]", "recall/__"),
        ("f1[naïve café]", "f1/naïve café"),
        ("recall[x[0]]", "recall/x_0_"),
        ("recall[..x]", "recall/__x"),
    ],
)
def test_names_of_metrics(name: str, key: str) -> None:
    assert metric_key(name) == key


@given(st.text(max_size=120), st.text(max_size=400))
def test_every_name_is_accepted(metric: str, of: str) -> None:
    for key in (metric_key(f"{metric}[{of}]"), metric_key(metric or "x")):
        assert ACCEPTED.fullmatch(key)
        assert posixpath.normpath(key) == key
        assert not key.startswith(("/", "."))
        assert len(key) <= 240


@given(st.lists(st.sampled_from(["a", "a_2", "a_3", "b"])))
def test_unique_keys_keep_their_order(keys: list[str]) -> None:
    found = list(unique(keys))
    assert len(set(found)) == len(keys)
    assert all(item.startswith(key) for item, key in zip(found, keys, strict=True))


def test_nested_values_become_texts() -> None:
    value = {"kind": "sklearn", "empty": [], "none": None, "p": {"C": 1.0, "deep": {"a b?": True}}}
    assert flat(value) == {"kind": "sklearn", "p.C": "1.0", "p.deep.a b_": "True"}
    assert len(flat({"long": "x" * 1000})["long"]) == 500


def test_cut_marks_what_is_missing() -> None:
    assert cut("abc", 3) == "abc"
    assert cut("abcd", 3) == "ab…"
