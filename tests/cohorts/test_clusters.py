"""Clusters of errors: a planted topic is found and described, noise stays silent."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
import pytest

from mispredict.cohorts.clusters import Clusters, find_clusters
from mispredict.core.errors import BadOption
from mispredict.core.predicate import parse
from mispredict.core.results import Source

from .tables import TOPIC, people, texts

SOURCE = Source("model@1/data@1")


def covered(found: Clusters, planted: np.ndarray) -> float:
    """Jaccard of all rows in reported clusters and the planted ones."""
    inside = np.isin(found.assignment, [row.cluster for row in found.rows])
    return float((inside & planted).sum() / max((inside | planted).sum(), 1))


def test_planted_topic_is_found_and_described() -> None:
    table, target, planted = texts(3000, 0)
    found = find_clusters(table, target, source=SOURCE, column="text")
    assert covered(found, planted) >= 0.8
    row = found.rows[0]
    assert all(word.startswith(f"t{TOPIC}w") for word in row.words.split(", "))
    assert row.low <= row.rate <= row.high
    assert row.rest < 0.2 < row.low
    assert row.p_adjusted < 0.05
    assert row.error_class in ("no → yes", "yes → no")
    assert f"words such as t{TOPIC}w" in row.sentence
    assert f"of {row.confirmed_n:,} held-out rows are wrong" in row.sentence
    assert all(target[list(row.examples)] == 1)
    assert row.n == found.mask(row.cluster).sum()
    chosen = table.mask(parse(row.words_where, table.fields))
    assert (chosen & planted).sum() / chosen.sum() > 0.8
    assert "assignment" not in json.loads(found.to_json())


@pytest.mark.slow
def test_planted_topic_is_found_in_nine_of_ten() -> None:
    """Half of the rows of one topic in twelve wrong, others 10 %: union of what is reported."""
    scores = []
    for seed in range(20):
        table, target, planted = texts(3000, seed)
        scores.append(covered(find_clusters(table, target, source=SOURCE, column="text"), planted))
    assert np.mean(np.array(scores) >= 0.8) >= 0.9, scores


def test_noise_stays_silent() -> None:
    loud = 0
    for seed in range(5):
        table, target, _ = texts(800, 100 + seed, is_planted=False)
        found = find_clusters(table, target, source=SOURCE, column="text")
        loud += bool(found.rows)
    assert loud <= 1
    assert "Nothing significant" in found.note or found.rows


@pytest.mark.slow
def test_noise_stays_silent_in_95_of_100() -> None:
    loud = 0
    for seed in range(60):
        table, target, _ = texts(1000, 500 + seed, is_planted=False)
        loud += bool(find_clusters(table, target, source=SOURCE, column="text").rows)
    assert loud <= 6  # 5 % of 60, and what chance adds to it


def test_same_seed_same_clusters() -> None:
    table, target, _ = texts(1500, 1)
    one, other = (find_clusters(table, target, source=SOURCE, column="text") for _ in range(2))
    assert np.array_equal(one.assignment, other.assignment)
    assert one.rows == other.rows


def test_embedding_of_a_function_or_an_array() -> None:
    table, target, planted = texts(2000, 2)
    random = np.random.default_rng(0)
    near = np.where(planted[:, None], 3.0, 0.0) + random.normal(0, 0.5, (2000, 4))
    by_array = find_clusters(table, target, source=SOURCE, embedding=near)
    assert covered(by_array, planted) > 0.95
    assert by_array.rows[0].words == ""

    def topics(given: Sequence[str]) -> list[list[float]]:
        return [[float(f"t{t}w" in text) for t in range(12)] for text in given]

    by_function = find_clusters(table, target, source=SOURCE, column="text", embedding=topics)
    assert covered(by_function, planted) > 0.9


def test_losses_have_clusters_too() -> None:
    table = people(2000)
    random = np.random.default_rng(0)
    bad = random.random(2000) < 0.1
    points = np.where(bad[:, None], 3.0, 0.0) + random.normal(0, 0.5, (2000, 3))
    loss = random.exponential(np.where(bad, 3.0, 1.0))
    found = find_clusters(table, loss, source=SOURCE, embedding=points)
    assert covered(found, bad) > 0.9
    assert "mean loss" in found.rows[0].sentence


def test_rows_beyond_the_bound_have_no_cluster() -> None:
    table, target, _ = texts(1200, 3)
    found = find_clusters(table, target, source=SOURCE, column="text", most_rows=600)
    assert (found.assignment == 0).sum() == 600
    assert "600 rows have no cluster" in found.note


def test_too_few_rows_say_so() -> None:
    table, target, _ = texts(150, 4)
    found = find_clusters(table, target, source=SOURCE, column="text")
    assert not found.rows
    assert found.note.startswith("Not enough data: 150 rows")


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({}, "nothing to cluster"),
        ({"column": "age"}, "has no texts or vectors"),
        ({"embedding": np.zeros((3, 2))}, "does not fit"),
        ({"column": "note", "components": 1}, "not a number of clusters"),
    ],
    ids=["nothing", "numbers", "shape", "one"],
)
def test_what_cannot_be_clustered_is_refused(options: dict[str, object], problem: str) -> None:
    with pytest.raises(BadOption, match=problem):
        find_clusters(people(400), np.zeros(400), source=SOURCE, **options)  # type: ignore[arg-type]
