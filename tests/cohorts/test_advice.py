"""Feature advice: a hidden column that explains the errors is named, others are not."""

from __future__ import annotations

import numpy as np
import pytest

from mispredict.cohorts.advice import advise_features
from mispredict.core.predicate import parse
from mispredict.core.results import Source

from .tables import TYPES, people

SOURCE = Source("model@1/data@1")
COLUMNS = tuple(TYPES)


@pytest.mark.parametrize(
    ("where", "column"),
    [("city = 'Oslo'", "city"), ("age < 35", "age"), ("words(note) < 6", "note")],
    ids=["value", "range", "length of a text"],
)
def test_the_column_behind_the_errors_comes_first(where: str, column: str) -> None:
    table = people(3000)
    bad = table.mask(parse(where, table.fields))
    target = (np.random.default_rng(0).random(3000) < np.where(bad, 0.4, 0.1)).astype(float)
    found = advise_features(table, target, source=SOURCE, columns=COLUMNS)
    first = found.rows[0]
    assert [row.column for row in found.rows] == [column]
    assert 0.03 < first.explained < 0.3
    chosen = table.mask(parse(first.where, table.fields))
    assert (chosen & bad).sum() / (chosen | bad).sum() > 0.8
    assert first.rest < first.low <= first.rate <= first.high
    assert first.sentence in str(found)


def test_direction_of_the_errors_is_told_apart_from_their_size() -> None:
    """City moves the truth one way; member only makes it noisy."""
    table = people(4000)
    random = np.random.default_rng(0)
    oslo = table.mask(parse("city = 'Oslo'", table.fields))
    noisy = table.mask(parse("member = TRUE", table.fields))
    residual = 2.0 * oslo + np.where(noisy, 3.0, 1.0) * random.normal(0, 1, 4000) - 0.5
    found = advise_features(
        table, np.abs(residual), source=SOURCE, columns=COLUMNS, residuals=residual
    )
    knows = {row.column: row.knows_direction for row in found.rows}
    assert knows == {"city": True, "member": False}


def test_noise_gets_no_advice() -> None:
    table = people(1000)
    named = 0
    for seed in range(100):
        target = (np.random.default_rng(seed).random(1000) < 0.2).astype(float)
        found = advise_features(table, target, source=SOURCE, columns=COLUMNS, seed=seed)
        named += bool(found.rows)
    assert named <= 8  # 5 % of 100, and what chance adds to it
    assert (
        "Nothing significant"
        in advise_features(table, np.zeros(1000), source=SOURCE, columns=COLUMNS).note
    )


def test_without_metadata_it_says_so() -> None:
    found = advise_features(people(300), np.zeros(300), source=SOURCE, columns=())
    assert (len(found), found.note[:27]) == (0, "Every column is an input: t")
