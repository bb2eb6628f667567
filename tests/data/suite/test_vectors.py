"""Rows with nearly the same vectors are all found, and none is made up."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pytest

import mispredict as mp
from mispredict.core.errors import BadOption, Cancelled
from mispredict.data.duplicates import vectors as vectors_module
from mispredict.data.duplicates.groups import find_duplicates
from mispredict.data.duplicates.vectors import near_vectors
from mispredict.data.hashing import hashes_of

from .rows import judged, view

Floats = npt.NDArray[np.float64]


def drawn(n: int, d: int = 40, seed: int = 0) -> Floats:
    """Vectors of which a part are near another: moved by noise of any size."""
    random = np.random.default_rng(seed)
    scale = (1 + np.arange(d)) ** -0.5
    found = random.normal(size=(n, d)) * scale
    copies = n // 5
    moved = random.normal(size=(copies, d)) * scale * random.uniform(0, 0.6, (copies, 1))
    found[-copies:] = found[random.integers(0, n - copies, copies)] + moved
    return found


def cosines(left: Floats, right: Floats) -> Floats:
    """As they are defined."""
    unit = [part / np.linalg.norm(part, axis=1, keepdims=True) for part in (left, right)]
    found: Floats = unit[0] @ unit[1].T
    return found


@pytest.mark.parametrize("near", [0.5, 0.9, 0.99])
@pytest.mark.parametrize("n", [300, 2_600], ids=["without a filter", "with a filter"])
def test_groups_are_those_of_all_pairs(n: int, near: float) -> None:
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    given = drawn(n, seed=n)
    found = near_vectors(given, near)
    said = cosines(given, given)
    np.fill_diagonal(said, -1)
    said[np.abs(said - near) < 1e-5] = -1  # too near the threshold to tell in single precision
    count, labels = connected_components(csr_array(said >= near))
    pairs = pd.DataFrame({"own": found.root, "true": labels})
    assert pairs.groupby("true")["own"].nunique().max() == 1
    assert len(np.unique(found.root)) == pytest.approx(count, abs=2)
    most = said.max(axis=1)
    is_near = most >= near
    assert found.similarity[is_near] == pytest.approx(most[is_near], abs=1e-5)


def test_a_filter_never_loses_a_pair() -> None:
    given = drawn(4_000, 120, seed=3)
    _, ones = vectors_module._directions(given)
    for near in (0.6, 0.8, 0.95):
        short = vectors_module._filter(ones, near)
        assert short is not None and short.shape[1] < 120
        assert (short @ short.T - ones @ ones.T).min() > -1e-5


def test_vectors_in_any_order_and_scale_form_the_same_groups() -> None:
    given = drawn(800, seed=5)
    first = near_vectors(given, 0.9)
    order = np.random.default_rng(1).permutation(800)
    scales = 10.0 ** np.random.default_rng(2).uniform(-20, 20, (800, 1))
    second = near_vectors((given * scales)[order], 0.9)
    groups = [
        {frozenset(part) for _, part in pd.Series(rows).groupby(found.root)}
        for found, rows in ((first, np.arange(800)), (second, order))
    ]
    assert groups[0] == groups[1]
    assert second.similarity == pytest.approx(first.similarity[order], abs=1e-5)


def test_rows_without_a_direction_are_alike_to_none() -> None:
    given = np.array([[1, 0], [0, 0], [np.nan, 1], [2, 0], [0, 0], [np.nan, 1], [np.inf, 0]])
    assert near_vectors(given, 0.5).root.tolist() == [0, 1, 2, 0, 4, 5, 6]
    assert near_vectors(np.empty((0, 3)), 0.5).root.tolist() == []


def test_of_two_datasets_only_direct_neighbours_count() -> None:
    angles = np.radians([0, 4, 8, 200, 12])  # a chain, of which the last is of the other dataset
    given = np.column_stack([np.cos(angles), np.sin(angles)])
    found = near_vectors(given, np.cos(np.radians(5)), own=4)
    assert found.root.tolist() == [0, 1, 2, 3, 2]
    alone = near_vectors(given[:4], np.cos(np.radians(5)))
    assert alone.root.tolist() == [0, 0, 0, 3]


def test_copies_on_both_sides_are_joined() -> None:
    given = drawn(500, seed=7)
    found = near_vectors(np.concatenate([given, given[100:140]]), 0.999, own=500)
    assert (found.root[500:] == found.root[100:140]).all()
    said = cosines(given, given[100:140]).max(axis=1) >= 0.999
    assert set(np.flatnonzero(np.isin(found.root[:500], found.root[500:]))) == set(
        np.flatnonzero(said)
    )


def test_many_alike_rows_do_not_fill_memory() -> None:
    random = np.random.default_rng(0)
    given = np.ones((6_000, 24)) + random.normal(0, 0.01, (6_000, 24))
    found = near_vectors(given, 0.9)
    assert (found.root == 0).all()
    assert found.similarity.min() > 0.99


def test_comparing_can_be_watched_and_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors_module, "BLOCK", (64, 128))
    seen: list[tuple[int, int]] = []
    whole = near_vectors(drawn(500), 0.9, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1][0] == seen[-1][1] == len(seen)
    assert near_vectors(drawn(500), 0.9).root.tolist() == whole.root.tolist()
    with pytest.raises(Cancelled):
        near_vectors(drawn(500), 0.9, cancel=lambda: len(seen) > 3)


def test_lists_of_numbers_hash_by_their_numbers() -> None:
    lists: list[list[float] | None] = [[1.0, 2.0], [1.0], None, [2.0, 1.0], [1.0, 2.0], [-0.0, 0.0]]
    first = hashes_of(pa.chunked_array([pa.array(lists, pa.list_(pa.float32()))]))
    parts = [
        pa.array(lists[:2], pa.large_list(pa.float64())),
        pa.array(lists[2:], pa.large_list(pa.float64())),
    ]
    assert first.tolist() == hashes_of(pa.chunked_array(parts)).tolist()
    assert first[0] == first[4] and len(set(first.tolist())) == 5
    whole = pa.chunked_array([pa.array([[1, 2]], pa.list_(pa.int64()))])
    assert hashes_of(whole)[0] == first[0]
    assert hashes_of(whole.slice(0, 0)).tolist() == []


def pictures(n: int, seed: int, copies: Floats | None = None) -> pd.DataFrame:
    """Rows with a vector each, of which the last are near those given."""
    random = np.random.default_rng(seed)
    vectors = random.normal(size=(n, 16))
    if copies is not None:
        vectors[-len(copies) :] = copies + random.normal(0, 0.05, copies.shape)
    return pd.DataFrame(
        {
            "id": [f"p{seed}-{row}" for row in range(n)],
            "vector": list(vectors),
            "file": [f"{seed}/{row}.png" for row in range(n)],
            "label": random.choice(["cat", "dog"], n),
        }
    )


def test_a_column_of_vectors_is_compared_by_its_angle() -> None:
    frame = pictures(300, 0)
    frame.at[7, "vector"] = frame.at[3, "vector"] * 2 + 0.01
    frame.at[9, "vector"] = frame.at[8, "vector"]
    data = view(frame)
    found = find_duplicates(data, 0.95, ["vector"])
    assert sorted(group.rows for group in found.rows) == [(3, 7), (8, 9)]
    exact = {group.rows: group.is_exact for group in found.rows}
    assert exact == {(3, 7): False, (8, 9): True}
    assert "cosine of at least 0.95" in found.method
    assert "0/3.png" in next(group.text for group in found.rows if group.rows == (3, 7))
    assert found.extra == 2
    check = found.to_check(max=0.0)
    assert judged(data, "near_duplicates", columns=("vector",), near=0.95).failing == 2
    assert check.kind.judge_data(data, 0).verdict == "fail"  # type: ignore[attr-defined]


def test_vectors_of_two_datasets_leak(tmp_path: Path) -> None:
    train = pictures(400, 1)
    copied = np.stack(train["vector"].to_list())[:30]
    with mp.open(tmp_path / "ws") as ws:
        roles: dict[str, Any] = {"label": "label", "id": "id", "metadata": ["file", "vector"]}
        ws.add_dataset("train", train, **roles)
        clean = ws.add_dataset("clean", pictures(200, 2), **roles)
        leaky = ws.add_dataset("leaky", pictures(200, 3, copied), **roles)
        found = leaky.leakage("train")
        leak = next(leak for leak in found.found if leak.column == "vector")
        assert (leak.leak, leak.severity, leak.rows) == ("near", "high", 30)
        assert leak.where == "row BETWEEN 170 AND 199"
        assert leaky.check(leak.to_check(), reference="train").verdict == "fail"
        assert not [leak for leak in clean.leakage("train").found if leak.column == "vector"]
        both = leaky.duplicates(0.95, ["vector"], "train")
        assert both.extra == 30 and both.rows[0].others


def letters(values: Sequence[str]) -> Floats:
    """How often each letter is in a text."""
    return np.array([[text.count(letter) for letter in "abcdefgh"] for text in values], float)


def test_texts_are_compared_by_an_embedding(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    texts = ["".join(random.choice(list("abcdefgh"), 30)) for _ in range(200)]
    texts[50] = texts[20][::-1]  # the same letters
    frame = pd.DataFrame({"text": texts, "other": texts, "label": random.choice(["x", "y"], 200)})
    frame.loc[[3, 4], "text"] = None
    with mp.open(tmp_path / "ws") as ws:
        types = {"text": "text", "other": "text"}
        data = ws.add_dataset("texts", frame, label="label", types=types)
        found = data.duplicates(0.9999, ["text"], embedding=letters)
        assert [group.rows for group in found.rows] == [(20, 50)]
        assert not found.rows[0].is_exact
        assert "an embedding of text" in found.method and found.check == ""
        array = letters(frame["other"].to_list())
        assert data.duplicates(0.9999, ["other"], embedding=array).extra == found.extra
        there = data.duplicates(0.9999, ["other"], data, embedding=letters)
        assert there.extra == 200
        with pytest.raises(BadOption, match="no check of"):
            found.to_check()
        with pytest.raises(BadOption, match="near=1"):
            data.duplicates(columns=["text"], embedding=letters)
        with pytest.raises(BadOption, match="these are 2"):
            data.duplicates(0.9, embedding=letters)
        with pytest.raises(BadOption, match="two are compared"):
            data.duplicates(0.9, ["other"], data, embedding=array)
        with pytest.raises(BadOption, match="does not fit 200 rows"):
            data.duplicates(0.9, ["other"], embedding=array[:5])


def test_vectors_of_another_width_are_refused() -> None:
    other = pictures(50, 2)
    other["vector"] = [vector[:8] for vector in other["vector"]]
    data = view(pictures(50, 1), other)
    with pytest.raises(BadOption, match="16 numbers, those of here@1 8"):
        find_duplicates(data, 0.9, ["vector"], data.reference)
    mixed = pictures(50, 1)
    mixed.at[3, "vector"] = np.ones(4)
    with pytest.raises(BadOption, match="differ in length"):
        find_duplicates(view(mixed), 0.9, ["vector"])


def test_empty_lists_are_alike_to_none() -> None:
    data = view(pd.DataFrame({"v": [[], []]}))
    assert not find_duplicates(data, 0.9).rows


@pytest.mark.parametrize("length", [1e300, 1e-300], ids=["huge", "tiny"])
def test_numbers_beyond_single_precision_have_a_direction(length: float) -> None:
    given = drawn(40, seed=4)
    given[7] = given[3] * length
    for found in (
        find_duplicates(view(pd.DataFrame({"v": list(given)})), 0.999),
        find_duplicates(
            view(pd.DataFrame({"text": [f"the row {at}" for at in range(40)]})),
            0.999,
            columns=["text"],
            embedding=given,
        ),
    ):
        assert (3, 7) in [group.rows for group in found.rows]


def test_complex_numbers_are_no_embedding() -> None:
    data = view(pd.DataFrame({"text": ["one", "two"]}))
    with pytest.raises(BadOption, match="does not fit 2 rows"):
        find_duplicates(data, 0.9, columns=["text"], embedding=np.ones((2, 3)) * 1j)
