"""The consensus of annotators: published numbers, planted people, agreement by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.metrics import cohen_kappa_score

from mispredict.core.errors import EmptyCohort
from mispredict.data.labels.agreement import (
    agreements,
    cohen_kappa,
    fleiss_kappa,
    krippendorff_alpha,
)
from mispredict.data.labels.consensus import consensus
from mispredict.data.labels.dawid_skene import dawid_skene
from mispredict.data.labels.groups import group_rows, inconsistent
from mispredict.data.labels.votes import Votes, majority, of_columns

# Table 1 of Dawid & Skene (1979): 45 patients by five anaesthetists, the first of whom saw each
# three times. A line per patient: 111 1 1 1 1 is three answers of the first, one of each other.
PATIENTS = (
    "1111111 3334334 1122122 2223121 2223222 2223322 1222111 3333433 2222223 2322223 4444444 "
    "2223343 1111111 2223212 1211111 1112111 1111111 1111111 2222221 2221322 2222222 2222221 "
    "2223222 2212222 1111111 1111111 2322222 1111111 1111111 1121121 1111111 3333233 1111111 "
    "2222222 2223232 4334343 2212232 2323233 3333432 1111111 1111111 1212111 2322222 1211111 "
    "2222222 "
)
OBSERVER = [0, 0, 0, 1, 2, 3, 4]


@pytest.fixture(scope="module")
def patients() -> Votes:
    said = np.array([[int(letter) - 1 for letter in line] for line in PATIENTS.split()])
    row, place = np.indices(said.shape)
    who = np.array(OBSERVER)[place]
    people = tuple("abcde")
    return Votes(row.ravel(), who.ravel(), said.ravel(), 45, people, (1, 2, 3, 4))


def test_the_paper_of_dawid_and_skene(patients: Votes) -> None:
    """Its Table 2 (shares of the classes) and observer 1's error rates, to two digits."""
    found = dawid_skene(patients, smoothing=0.0)
    assert found.has_settled
    assert found.prior.round(2).tolist() == [0.40, 0.42, 0.11, 0.07]
    assert found.confusion[0].round(2).tolist() == [
        [0.89, 0.11, 0.0, 0.0],
        [0.07, 0.88, 0.05, 0.0],
        [0.0, 0.34, 0.66, 0.0],
        [0.0, 0.0, 0.56, 0.44],
    ]


def people(seed: int, quality: list[float], n: int = 600, k: int = 3) -> tuple[Votes, NDArray]:
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, k, n)
    columns = []
    for chance in quality:
        other = (truth + rng.integers(1, k, n)) % k
        said = np.where(rng.random(n) < chance, truth, other)
        columns.append(np.where(rng.random(n) < 0.2, -1, said))  # who did not see every row
    return of_columns(columns, [f"p{i}" for i in range(len(quality))], range(k)), truth


@pytest.mark.parametrize("seed", range(5))
def test_good_people_weigh_more(seed: int) -> None:
    quality = [0.95, 0.55, 0.55, 0.55, 0.55]
    votes, truth = people(seed, quality)
    found = dawid_skene(votes)
    label = found.posterior.argmax(axis=1)
    counted = majority(votes.counts)
    assert (label == truth).mean() > (counted == truth).mean() + 0.05
    estimated = [float((found.prior * table.diagonal()).sum()) for table in found.confusion]
    assert estimated == pytest.approx(quality, abs=0.08)


def test_the_consensus_puts_doubtful_rows_first() -> None:
    votes, truth = people(0, [0.95, 0.8, 0.7])
    found = consensus(votes, given=truth)
    assert [row.probability for row in found.rows] == sorted(row.probability for row in found.rows)
    assert [person.annotator for person in found.annotators] == ["p0", "p1", "p2"]
    assert found.differs == sum(
        row.label != row.given for row in consensus(votes, given=truth, limit=None).rows
    )
    assert all(person.low <= person.accuracy <= person.high for person in found.annotators)


def test_majority_leaves_ties_open() -> None:
    votes = of_columns([[0, 0, 1], [0, 1, 1]], ["a", "b"], ["no", "yes"])
    found = consensus(votes, method="majority")
    assert {row.row: row.majority for row in found.rows} == {0: "no", 1: None, 2: "yes"}


FIXTURE = Path(__file__).parents[1] / "fixtures" / "crowdkit_consensus.json"


def numbers(text: str) -> NDArray:
    return np.array([-1 if letter == "." else int(letter) for letter in text])


@pytest.fixture(scope="module")
def rated() -> dict[str, Any]:
    """Votes of eight simulated people on real texts, and what crowd-kit 1.4.2 makes of them."""
    found: dict[str, Any] = json.loads(FIXTURE.read_text())
    found["columns"] = [numbers(line) for line in found["votes"]]
    return found


def test_the_consensus_of_real_ratings_is_that_of_crowd_kit(rated: dict[str, Any]) -> None:
    votes = of_columns(rated["columns"], [f"p{i}" for i in range(8)], range(3))
    found = dawid_skene(votes, smoothing=0.0)
    assert found.has_settled
    assert found.posterior[::20] == pytest.approx(np.array(rated["chances"]), abs=2e-4)
    assert found.prior == pytest.approx(rated["prior"], abs=1e-4)
    assert (found.posterior.argmax(axis=1) == numbers(rated["dawid_skene"])).all()
    most = majority(votes.counts)
    assert (most == numbers(rated["majority"]))[most >= 0].all()


def test_on_real_ratings_weighing_people_is_better_than_counting(rated: dict[str, Any]) -> None:
    """Of texts whose class most of about twenty raters say, and people who err in known ways."""
    truth = numbers(rated["truth"])
    known = truth >= 0
    columns = rated["columns"]
    right = {}
    for method in ("dawid_skene", "majority"):
        votes = of_columns(columns, [f"p{i}" for i in range(8)], range(3))
        found = consensus(votes, method=method, limit=None)
        label = np.empty(len(truth), np.int64)
        for row in found.rows:
            label[row.row] = row.label
        right[method] = float((label == truth)[known].mean())
        if method == "dawid_skene":
            people = {person.annotator: person for person in found.annotators}
            hits = {row.row: row.probability for row in found.rows}
            chance = np.array([hits[row] for row in range(len(truth))])
            sure = chance >= 0.9
            assert (label == truth)[known & sure].mean() > 0.93
            assert (label == truth)[known & ~sure].mean() < 0.75
    assert right["dawid_skene"] > right["majority"] + 0.01
    assert right["dawid_skene"] == pytest.approx(0.891, abs=0.002)
    best = max(float((line == truth)[known & (line >= 0)].mean()) for line in columns)
    assert right["dawid_skene"] > best + 0.04
    for place, line in enumerate(columns):
        seen = known & (line >= 0)
        real = float((line == truth)[seen].mean())
        assert people[f"p{place}"].quality == pytest.approx(real, abs=0.06)
    assert people["p3"].confusion[1][1] < 0.01 < people["p3"].confusion[1][2]  # never neutral


# Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability", section C: four observers,
# twelve units, values missing. Nominal alpha is 0.743.
UNITS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3],
    [0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0],
]
# The worked example of Fleiss' kappa with 14 raters, ten subjects and five categories: 0.210.
SUBJECTS = [
    [0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1],
    [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7],
]  # fmt: skip


def test_agreement_is_that_of_the_papers() -> None:
    columns = [np.array(line) - 1 for line in UNITS]
    votes = of_columns(columns, list("abcd"), range(5))
    assert krippendorff_alpha(votes.counts) == pytest.approx(0.743, abs=5e-4)
    assert fleiss_kappa(np.array(SUBJECTS)) == pytest.approx(0.210, abs=5e-4)


def test_cohens_kappa_is_that_of_scikit_learn() -> None:
    rng = np.random.default_rng(0)
    one = rng.integers(0, 3, 200)
    two = np.where(rng.random(200) < 0.7, one, rng.integers(0, 3, 200))
    table = np.zeros((3, 3))
    np.add.at(table, (one, two), 1)
    assert cohen_kappa(table) == pytest.approx(cohen_kappa_score(one, two))


@pytest.mark.slow
def test_intervals_of_agreement_hold_what_many_rows_show() -> None:
    many = agreements(people(0, [0.9, 0.8, 0.7], n=60_000)[0])
    true = {(row.measure, row.between): row.value for row in many}
    held = dict.fromkeys(true, 0)
    for seed in range(1, 101):
        for row in agreements(people(seed, [0.9, 0.8, 0.7], n=300)[0], seed=seed):
            held[row.measure, row.between] += row.low <= true[row.measure, row.between] <= row.high
    assert min(held.values()) >= 88


def test_nobody_voted() -> None:
    with pytest.raises(EmptyCohort, match="nobody voted"):
        of_columns([[-1, -1], [-1, -1]], ["a", "b"], ["no", "yes"])


def test_labels_of_nearly_equal_rows() -> None:
    label = np.array([0, 0, 1, 1, 0, 1, -1], np.int32)
    found = inconsistent(label, [[0, 1, 2], [3, 5], [4, 6], [3, 4]])
    assert found.groups == ((0, 1, 2), (3, 4))
    assert found.majority.tolist() == [-1, -1, 0, -1, -1, -1, -1]
    first, second = group_rows(found, label, ["no", "yes"], None)
    assert first.majority == "no" and first.labels == (("no", 2), ("yes", 1))
    assert second.majority is None and second.where == "row IN (3, 4)"
