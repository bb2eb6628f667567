"""Priorities, error tree, clusters and advice of an evaluation in a workspace."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import mispredict as mp
from mispredict.core.errors import BadOption, UnknownColumn, UnknownName


def reviews(rows: int = 800, seed: int = 0) -> pd.DataFrame:
    """Reviews with the labels of three annotators and votes; refunds are hard for the model."""
    random = np.random.default_rng(seed)
    is_refund = random.random(rows) < 0.2
    label = random.choice(["bad", "good"], rows)
    other = np.where(label == "bad", "good", "bad")
    words = np.array(["fine", "cheap", "quick", "late", "again", "shop"])
    text = [
        " ".join([*random.choice(words, 5), *(["refund", "money", "back"] if refund else [])])
        for refund in is_refund
    ]
    frame = pd.DataFrame(
        {
            "review": np.arange(rows),
            "text": text,
            "shop": random.choice(["north", "south"], rows),
            "agent": np.where(is_refund & (random.random(rows) < 0.9), "bot", "human"),
            "label": label,
        }
    )
    for name in ("anna", "bob", "cleo"):
        frame[name] = np.where(random.random(rows) < 0.9, label, other)
    people = frame[["anna", "bob", "cleo"]]
    frame["votes_bad"], frame["votes_good"] = (
        (people == "bad").sum(axis=1),
        (people == "good").sum(axis=1),
    )
    return frame


def answers(frame: pd.DataFrame, right: float, on_refunds: float, seed: int) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    is_refund = frame["text"].str.contains("refund")
    is_right = random.random(len(frame)) < np.where(is_refund, on_refunds, right)
    other = np.where(frame["label"] == "bad", "good", "bad")
    return pd.DataFrame(
        {"review": frame["review"], "prediction": np.where(is_right, frame["label"], other)}
    )


@pytest.fixture
def ev(ws: mp.Workspace) -> mp.Evaluation:
    frame = reviews()
    ws.add_dataset(
        "reviews", frame, label="label", id="review", metadata=["shop", "agent"],
        annotations=["anna", "bob", "cleo", "votes_bad", "votes_good"],
    )  # fmt: skip
    ws.add_predictions("old", "reviews", answers(frame, 0.8, 0.75, seed=1))
    evaluation = ws.add_predictions("new", "reviews", answers(frame, 0.9, 0.5, seed=2))
    evaluation.tag("refunds", "has(text, 'refund')")
    evaluation.tag("north", "shop = 'north'")
    return evaluation


def test_tags_with_one_ceiling(ev: mp.Evaluation) -> None:
    table = ev.tags(0.95)
    first = table.to_frame().iloc[0]
    assert (first["tag"], first["n"]) == ("refunds", ev.mask("tag('refunds')").sum())
    assert first["value"] == pytest.approx(
        ev.metrics(where="tag('refunds')").value("accuracy", "tag('refunds')").value
    )
    assert {row.tag for row in table.rows} == {"refunds", "north", "all others"}
    assert all(ev.mask(row.where).sum() == row.n for row in table.rows)
    assert table.source.of == ev.ref


def test_people_are_the_ceiling_by_columns_or_by_votes(ev: mp.Evaluation) -> None:
    by_column = ev.tags(annotators=["anna", "bob", "cleo"])
    by_votes = ev.tags(votes={"bad": "votes_bad", "good": "votes_good"})
    assert [row.ceiling for row in by_column.rows] == [row.ceiling for row in by_votes.rows]
    row = by_column.rows[0]
    assert row.ceiling_source == "annotators"
    assert 0.75 < row.ceiling_low < row.ceiling < row.ceiling_high < 0.95
    against = ev.tags(annotators=["anna", "bob", "cleo"], against="label").rows[0]
    assert against.ceiling > row.ceiling  # nobody's label but the truth


def test_best_other_model_is_the_ceiling(ev: mp.Evaluation, ws: mp.Workspace) -> None:
    table = ev.tags("best model")
    row = table.rows[0]
    assert (row.tag, row.ceiling_source) == ("refunds", "old@1")
    old = ws.evaluation("old").metrics(where="tag('refunds')").value("accuracy", "tag('refunds')")
    assert row.ceiling == pytest.approx(old.value)
    assert row.is_certain
    north = next(row for row in table.rows if row.tag == "all others")
    assert north.gain == 0


def test_what_is_said_of_a_tag_is_kept(ev: mp.Evaluation, ws: mp.Workspace) -> None:
    ws.set_tag("refunds", ease=2, importance=5, note="ask the shop")
    ws.set_tag("refunds", ceiling=0.8)
    with mp.open(ws.store.root) as again:
        rows = again.evaluation("new").tags(0.95).rows
        row = next(row for row in rows if row.tag == "refunds")
    assert (row.ease, row.importance, row.ceiling, row.note) == (2, 5, 0.8, "ask the shop")
    assert ws.set_tag("refunds", ceiling=None).ceiling is None
    assert ws.tag_settings()["refunds"].ease == 2


def test_only_known_tags_and_whole_numbers_are_set(ev: mp.Evaluation, ws: mp.Workspace) -> None:
    with pytest.raises(UnknownName, match="no tag 'refund'") as error:
        ws.set_tag("refund", ease=1)
    assert "'refunds'" in error.value.known
    with pytest.raises(BadOption, match="ease=7"):
        ws.set_tag("refunds", ease=7)
    assert ev.tags().rows


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"ceiling": "best"}, "ceiling='best'"),
        ({"annotators": ["anna"]}, "1 annotator cannot be compared"),
        ({"annotators": ["anna"], "votes": {"bad": "votes_bad"}}, "either annotators or votes"),
        ({"votes": {"bad": "votes_bad"}, "metric": "loss"}, "ceiling of the accuracy only"),
        ({"annotators": ["anna", "bob"], "against": "me"}, "against='me'"),
        ({"metric": "f1"}, "metric='f1'"),
    ],
    ids=["word", "one annotator", "both", "loss", "against", "metric"],
)  # fmt: skip
def test_impossible_ceilings_are_refused(
    ev: mp.Evaluation, options: dict[str, object], problem: str
) -> None:
    with pytest.raises(BadOption, match=problem):
        ev.tags(**options)  # type: ignore[arg-type]


def test_unknown_annotator_is_refused(ev: mp.Evaluation) -> None:
    with pytest.raises(UnknownColumn, match="no column 'ana'"):
        ev.tags(annotators=["ana", "bob"])


def test_alone_there_is_no_best_model(ws: mp.Workspace) -> None:
    frame = reviews(100)
    ws.add_dataset("reviews", frame, label="label", id="review")
    ev = ws.add_predictions("new", "reviews", answers(frame, 0.9, 0.5, seed=2))
    with pytest.raises(BadOption, match="no other model was evaluated"):
        ev.tags("best model")
    assert "There is no tag yet" in str(ev.tags())


def test_tree_finds_the_column_and_leaves_annotations_alone(ev: mp.Evaluation) -> None:
    tree = ev.error_tree(skip=["text"])
    assert tree.rows[1].where == "agent = 'bot'"
    assert ev.error_tree().rows[1].where == "words(text) >= 8"
    assert not any(name in node.where for node in tree.rows for name in ("anna", "votes_bad"))
    inside = ev.error_tree("shop = 'north'", depth=1)
    assert inside.rows[0].where == "shop = 'north'"
    assert inside.rows[0].n == ev.mask("shop = 'north'").sum()


def test_clusters_become_a_column(ev: mp.Evaluation, ws: mp.Workspace) -> None:
    found = ev.clusters(n=8)
    assert found.rows
    row = found.rows[0]
    assert {"refund", "money"} & set(row.words.split(", "))
    assert ev.mask(row.where).sum() == row.n
    assert ev.metrics(by="cluster").rows
    assert "cluster" in ev.rows(limit=1).to_frame().columns
    with mp.open(ws.store.root) as again:
        assert again.evaluation("new").mask(row.where).sum() == row.n
    ev.tag("from a cluster", row.where)
    assert ev.tags().to_frame().set_index("tag")["n"]["from a cluster"] == row.n


def test_own_column_named_cluster_stays_itself(ws: mp.Workspace) -> None:
    frame = reviews().assign(cluster="mine")
    ws.add_dataset("reviews", frame, label="label", id="review")
    ev = ws.add_predictions("new", "reviews", answers(frame, 0.9, 0.5, seed=2))
    found = ev.clusters(n=8)
    assert ev.mask("cluster = 'mine'").all()
    assert all(row.where == row.words_where for row in found.rows)


def test_advice_names_the_metadata_behind_the_errors(ev: mp.Evaluation) -> None:
    found = ev.feature_advice()
    assert [row.column for row in found.rows] == ["agent"]
    assert found.rows[0].where == "agent = 'bot'"
    assert found.searched == ("shop", "agent")


def test_regression_has_gains_in_loss(ws: mp.Workspace, tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    frame = pd.DataFrame({"i": np.arange(400), "x": random.random(400), "y": random.random(400)})
    ws.add_dataset("numbers", frame, label="y", id="i")
    ev = ws.add_predictions("mean", "numbers", pd.DataFrame({"i": frame["i"], "prediction": 0.5}))
    ev.tag("high", "x > 0.5")
    table = ev.tags(0.1)
    assert table.metric == "mean loss"
    assert table.rows[0].gain == pytest.approx(table.rows[0].gap * table.rows[0].share_of_data)
    with pytest.raises(BadOption, match="has no accuracy"):
        ev.tags(metric="accuracy")
    assert ev.error_tree().is_loss
