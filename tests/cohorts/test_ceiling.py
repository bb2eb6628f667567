"""Human-level performance from labels of several annotators."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from mispredict.cohorts.ceiling import agreement, count_votes, human_ceiling
from mispredict.core.errors import BadDataset, BadOption, MissingExtra


def one_by_one(votes: npt.NDArray[np.int64]) -> float:
    """Agreement of each voter with the majority of the others, voter by voter."""
    voters = np.repeat(np.arange(len(votes)), votes)
    if len(voters) < 2:
        return np.nan
    agreed = []
    for place, choice in enumerate(voters):
        others = np.bincount(np.delete(voters, place), minlength=len(votes))
        leaders = np.flatnonzero(others == others.max())
        agreed.append((choice in leaders) / len(leaders))
    return float(np.mean(agreed))


@given(arrays.arrays(np.int64, (6, 4), elements=st.integers(0, 5)))
def test_agreement_equals_asking_each_annotator(votes: npt.NDArray[np.int64]) -> None:
    expected = [one_by_one(row) for row in votes]
    assert np.allclose(agreement(votes), expected, equal_nan=True)


def test_annotators_columns_become_votes_with_missing_labels() -> None:
    labels = [np.array([0, 1, -1]), np.array([0, 2, 2]), np.array([1, 1, -1])]
    votes = count_votes(labels, 3)
    assert votes.tolist() == [[2, 1, 0], [0, 2, 1], [0, 0, 1]]
    assert np.isnan(agreement(votes)[2])


def test_agreement_with_a_label_made_otherwise() -> None:
    votes = np.array([[3, 1], [0, 4], [2, 2]])
    found = agreement(votes, label=np.array([0, 0, -1]))
    assert np.allclose(found, [0.75, 0.0, np.nan], equal_nan=True)


def test_ceiling_of_a_cohort_has_n_and_interval() -> None:
    scores = np.array([1.0, 0.5, np.nan, 1.0, 0.0])
    ceiling = human_ceiling(scores, np.array([True, True, True, True, False]))
    assert (ceiling.n, ceiling.source) == (3, "annotators")
    assert ceiling.value == pytest.approx(2.5 / 3)
    assert ceiling.low < ceiling.value < ceiling.high


def test_nobody_to_compare_with_is_refused() -> None:
    with pytest.raises(BadOption, match="1 annotator cannot be compared"):
        count_votes([np.array([0])], 2)
    with pytest.raises(BadOption, match="count of 0 or more"):
        agreement(np.array([[-1, 2]]))


def test_raters_of_real_texts() -> None:
    """VADER's raters by domain, with the majority of the others, and with the sign of the mean."""
    from mispredict.demo import data

    try:
        frame = data.vader_texts()
    except (BadDataset, MissingExtra) as error:
        pytest.skip(error.problem)
    ratings = [np.asarray(row, dtype=int) for row in frame["ratings"]]
    votes = np.array([[np.sum(np.sign(row) == sign) for sign in (-1, 0, 1)] for row in ratings])
    mean = np.array([np.sign(row.sum()) + 1 for row in ratings])
    domain = frame["domain"].to_numpy()
    scores = {"others": agreement(votes), "mean": agreement(votes, label=mean)}
    found = {
        name: {item: human_ceiling(score, domain == item) for item in np.unique(domain)}
        for name, score in scores.items()
    }
    rounded = {name: {k: round(v.value, 2) for k, v in row.items()} for name, row in found.items()}
    assert rounded["others"] == {"amazon": 0.86, "films": 0.90, "nyt": 0.68, "tweets": 0.81}
    assert rounded["mean"] == {"amazon": 0.80, "films": 0.90, "nyt": 0.55, "tweets": 0.75}
    assert all(0 < item.high - item.low < 0.03 for item in found["others"].values())
