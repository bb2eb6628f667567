"""Duplicates, exact and near, are all found, and none is made up."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from mispredict.data.duplicates.groups import find_conflicts, find_duplicates
from mispredict.data.duplicates.rows import agreeing_rows
from mispredict.data.duplicates.texts import bands_for, near_texts, similarity_of
from mispredict.data.hashing import hashes_of

from .rows import clean, view


def column(values: list[object], kind: object = None) -> pa.ChunkedArray:
    return pa.chunked_array([pa.array(values, kind)])


def test_equal_values_have_equal_hashes_whatever_they_are_stored_as() -> None:
    whole, real = column([1, 2, None]), column([1.0, 2.0, None])
    assert (hashes_of(whole) == hashes_of(real)).all()
    short, wide = column(["a", "ä", None]), column(["a", "ä", None], pa.large_string())
    assert (hashes_of(short) == hashes_of(wide)).all()
    assert len(set(hashes_of(column([0.5, -0.0, 0.0, 7, 2**53 + 1.0])).tolist())) == 4
    huge = hashes_of(column([2**60, 2**60 + 1]))
    assert huge[0] != huge[1]
    assert (hashes_of(column([[1, 2], [1, 2]])) == hashes_of(column([[1, 2], [1, 2]]))).all()


def test_slices_hash_as_the_whole() -> None:
    values = pa.array(["x", None, "yy", "zzz"])
    assert (hashes_of(pa.chunked_array([values.slice(1), values.slice(0, 1)]))
            == np.roll(hashes_of(pa.chunked_array([values])), -1)).all()  # fmt: skip


def jaccard(a: str, b: str) -> float:
    """As it is defined, with Python's sets."""
    import re

    sets = []
    for text in (a, b):
        whole = f" {re.sub('[^a-z0-9]+', ' ', text.lower()).strip()} "
        sets.append({whole[at : at + 5] for at in range(max(len(whole) - 4, 1))})
    return len(sets[0] & sets[1]) / len(sets[0] | sets[1])


def test_likeness_is_that_of_sets() -> None:
    notes = clean(60)["note"].tolist()
    for a, b in zip(notes, [*notes[1:], "Please, CLOSE it!"], strict=True):
        assert similarity_of(a, b) == pytest.approx(jaccard(a, b))
        assert similarity_of(a, a.upper() + "!!") == 1


@pytest.mark.parametrize("near", [0.7, 0.8, 0.9, 0.95])
def test_pairs_at_the_threshold_are_rarely_missed(near: float) -> None:
    bands, width = bands_for(near)
    assert bands * width <= 128
    assert 1 - (1 - near**width) ** bands >= 0.995


@pytest.mark.parametrize("near", [0.7, 0.85])
def test_recall_and_precision_of_texts(near: float) -> None:
    random = np.random.default_rng(3)
    notes = clean(3_000, seed=3)["note"].tolist()
    pairs = []
    for place in range(400):
        text = list(notes[place])
        for _ in range(int(random.integers(1, 4))):
            text[int(random.integers(0, len(text)))] = "x"
        pairs.append((place, len(notes)))
        notes.append("".join(text))
    found = near_texts(pa.chunked_array([pa.array(notes)]), near)
    alike = np.array([jaccard(notes[a], notes[b]) for a, b in pairs])
    joined = np.array([found.root[a] == found.root[b] for a, b in pairs])
    assert joined[alike >= near].mean() > 0.99
    groups = pd.Series(range(len(notes))).groupby(found.root).agg(list)
    for members in groups[groups.str.len() > 1]:
        for row in members:
            assert max(jaccard(notes[row], notes[o]) for o in members if o != row) >= near


def test_texts_without_words_are_alike_to_none() -> None:
    found = near_texts(column(["", "!?", None, "", "one word", "One  WORD."]), 0.9)
    assert found.root.tolist() == [0, 1, 2, 3, 4, 4]


@pytest.mark.parametrize("seed", range(5))
def test_rows_that_agree_in_most_columns_are_all_found(seed: int) -> None:
    random = np.random.default_rng(seed)
    values = random.integers(0, 12, (300, 10)).astype(np.uint64)
    values[150:200] = values[:50]
    for row in range(150, 200):
        values[row, random.integers(0, 10)] += np.uint64(50)
    found = agreeing_rows(np.ascontiguousarray(values.T), 0.9)
    agree = (values[:, None] == values[None]).mean(2) >= 0.9
    for a, b in np.argwhere(np.triu(agree, 1)):
        assert found.root[a] == found.root[b]
    assert (found.root != np.arange(300)).sum() >= 50


def test_groups_show_rows_and_labels() -> None:
    frame = clean()
    names = ["age", "income", "city", "note", "when", "label"]
    frame.loc[[5, 6, 7], names] = frame.loc[[4, 4, 4], names].to_numpy()
    frame.loc[9, names] = frame.loc[8, names].to_numpy()
    frame.loc[9, "label"] = "yes" if frame.loc[8, "label"] == "no" else "no"
    data = view(frame.infer_objects())
    found = find_duplicates(data)
    assert [group.rows for group in found.rows] == [(4, 5, 6, 7), (8, 9)]
    assert [group.is_conflict for group in found.rows] == [False, True]
    assert (found.extra, found.groups, found.n_rows, found.exact_groups) == (4, 2, 6, 2)
    assert np.flatnonzero(data.mask(found.where)).tolist() == [5, 6, 7, 9]
    assert np.flatnonzero(data.mask(found.rows[0].where)).tolist() == [4, 5, 6, 7]
    assert found.group_of[4] == 0 and found.group_of[0] == -1
    assert "group_of" not in found.to_dict()
    assert found.to_check(max=0.0).kind.judge_data(data, 0).verdict == "fail"  # type: ignore[attr-defined]
    conflicts = find_conflicts(data)
    assert [group.rows for group in conflicts.rows] == [(8, 9)]
    assert conflicts.wrong == 1
    assert conflicts.ceiling == pytest.approx(1 - 1 / len(frame))


def test_rows_of_other_data() -> None:
    train, test = clean(500, seed=1), clean(300, seed=2)
    test.loc[:9, test.columns[1:]] = train.loc[20:29, train.columns[1:]].to_numpy()
    data = view(test.infer_objects(), train)
    found = find_duplicates(data, against=data.reference)
    assert found.extra == 10
    assert np.flatnonzero(data.mask(found.where)).tolist() == list(range(10))
    assert found.rows[0].others[0] in range(20, 30)
