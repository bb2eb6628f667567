"""The demo data sets: shapes, types and shares, from the real packages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mispredict.core.errors import UnknownName
from mispredict.core.ids import hash_bytes
from mispredict.demo import SOURCES, data
from mispredict.demo.sources import fetch

GUIDE = Path(__file__).parents[2] / "docs" / "guide" / "demos.md"


def test_every_file_has_its_pinned_hash(online: Any) -> None:
    for source in SOURCES.values():
        paths = online(lambda source=source: fetch(source.name))
        assert [hash_bytes(path.read_bytes()) for path in paths] == list(source.members.values())


def test_the_guide_shows_every_source() -> None:
    guide = GUIDE.read_text(encoding="utf-8")
    for source in SOURCES.values():
        assert f"`{source.name}`" in guide
        assert f"{source.package} {source.version}" in guide
        assert source.licence in guide


def test_an_unknown_source_is_an_error() -> None:
    with pytest.raises(UnknownName, match="no demo data set 'flight'") as caught:
        fetch("flight")
    assert "'flights'" in caught.value.known


@pytest.mark.parametrize(
    ("reading", "shape", "label", "positive", "share"),
    [
        pytest.param(data.telco_churn, (7043, 20), "churn", "Yes", 0.265, id="churn"),
        pytest.param(data.bank_marketing, (45_211, 18), "y", "yes", 0.117, id="bank"),
        pytest.param(data.compas, (7214, 47), "two_year_recid", True, 0.451, id="compas"),
        pytest.param(
            data.give_me_some_credit, (150_000, 12), "SeriousDlqin2yrs", True, 0.067, id="credit"
        ),
    ],
)
def test_tables(
    reading: Callable[[], pd.DataFrame],
    shape: tuple[int, int],
    label: str,
    positive: object,
    share: float,
    online: Any,
) -> None:
    frame = online(reading)
    assert frame.shape == shape
    assert (frame[label] == positive).mean() == pytest.approx(share, abs=0.0005)


def test_churn_has_flags_texts_and_eleven_missing_values(online: Any) -> None:
    frame = online(data.telco_churn)
    assert frame.isna().sum().sum() == frame["total_charges"].isna().sum() == 11
    assert frame["senior_citizen"].dtype == bool
    assert set(frame["contract"]) == {"Month-to-month", "One year", "Two year"}


def test_adult_is_as_published(online: Any) -> None:
    train, test = online(data.adult_income)
    assert train.shape == (32_561, 15)
    assert test.shape == (16_281, 15)
    assert set(test["income"]) == set(train["income"]) == {"<=50K", ">50K"}
    assert test["occupation"].isna().sum() == 966
    assert test["age"].dtype == np.int64


def test_texts_have_the_ratings_of_every_rater(online: Any) -> None:
    frame = online(data.vader_texts)
    assert len(frame) == 23_703 - 196
    counts = frame["domain"].value_counts().to_dict()
    assert counts == {"films": 10_605, "nyt": 5190, "tweets": 4004, "amazon": 3708}
    assert frame["id"].is_unique
    assert not frame.isna().any().any()
    ratings = frame["ratings"]
    assert sum(len(row) for row in ratings) == 517_714
    assert min(len(row) for row in ratings) == 15
    means = np.array([np.mean(row) for row in ratings])
    assert np.allclose(means, frame["mean_rating"])
    assert frame["text"].str.contains("£1000").sum() == 1  # read as UTF-8


def test_bank_calls_are_in_order_of_their_dates(online: Any) -> None:
    frame = online(data.bank_marketing)
    assert str(frame["date"].min().date()) == "2008-05-05"
    assert frame["date"].dt.to_period("M").is_monotonic_increasing
    assert frame["date"].dt.year.max() == 2010


def test_compas_names_nobody(online: Any) -> None:
    frame = online(data.compas)
    assert not {"name", "first", "last", "dob"} & set(frame.columns)
    assert str(frame["c_jail_in"].dtype).startswith("datetime64")


def test_flights_are_three_million_in_order(online: Any) -> None:
    frame = online(data.flights)
    assert frame.shape == (3_000_000, 5)
    assert frame["date"].is_monotonic_increasing
    assert (frame["delay"] > 15).mean() == pytest.approx(0.1997, abs=0.0001)
    assert isinstance(frame["origin"].dtype, pd.CategoricalDtype)
    assert not frame.isna().any().any()
