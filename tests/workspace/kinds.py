"""Evaluations of every kind of task, from predictions alone."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

import mispredict as mp


def binary(ws: mp.Workspace, frame: pd.DataFrame) -> mp.Evaluation:
    random = np.random.default_rng(1)
    p = np.clip(random.normal(0.5, 0.25, len(frame)), 0.001, 0.999)
    ws.add_dataset("people", frame, label="churn", metadata=["note"])
    rows = frame[["user_id"]].assign(p_yes=p, p_no=1 - p)
    return ws.add_predictions("binary", "people", rows)


def unlabelled(ws: mp.Workspace, frame: pd.DataFrame) -> mp.Evaluation:
    """Half of the rows have a label."""
    some = frame.assign(churn=frame["churn"].where(frame.index % 2 == 0))
    ws.add_dataset("some", some, label="churn")
    answers = np.where(frame["age"] > 50, "yes", "no")
    return ws.add_predictions("half", "some", frame[["user_id"]].assign(prediction=answers))


def weighted(ws: mp.Workspace, frame: pd.DataFrame) -> mp.Evaluation:
    heavy = frame.assign(w=np.where(frame["member"], 3.0, 0.5))
    ws.add_dataset("heavy", heavy, label="churn", weight="w")
    answers = np.where(frame["age"] > 50, "yes", "no")
    return ws.add_predictions("weighted", "heavy", frame[["user_id"]].assign(prediction=answers))


def multiclass(ws: mp.Workspace, frame: pd.DataFrame) -> mp.Evaluation:
    rows = frame.dropna(subset="city").reset_index(drop=True)
    ws.add_dataset("cities", rows, label="city")
    answers = np.where(rows["member"], "Rome", np.where(rows["age"] > 40, "Oslo", "Bern"))
    return ws.add_predictions("multi", "cities", rows[["user_id"]].assign(prediction=answers))


def multilabel(ws: mp.Workspace, frame: pd.DataFrame) -> mp.Evaluation:
    sets = frame.assign(old=(frame["age"] > 60).astype(int), new=frame["member"].astype(int))
    ws.add_dataset("sets", sets, label=["old", "new"])
    guesses = [["old"] if age > 50 else [] for age in sets["age"]]
    return ws.add_predictions("sets", "sets", frame[["user_id"]].assign(prediction=guesses))


def regression(ws: mp.Workspace, frame: pd.DataFrame) -> mp.Evaluation:
    rows = frame.dropna(subset="age").reset_index(drop=True)
    random = np.random.default_rng(2)
    guesses = 0.7 * rows["age"] + random.normal(10, 8, len(rows))
    ws.add_dataset("ages", rows, label="age")
    return ws.add_predictions("mean", "ages", rows[["user_id"]].assign(prediction=guesses))


def score(ws: mp.Workspace, frame: pd.DataFrame) -> mp.Evaluation:
    random = np.random.default_rng(3)
    ws.add_dataset("scored", frame.drop(columns="churn"))
    losses = frame[["user_id"]].assign(score=random.exponential(size=len(frame)))
    return ws.add_predictions("any", "scored", losses)


def one_row(ws: mp.Workspace, frame: pd.DataFrame) -> mp.Evaluation:
    row = pd.DataFrame({"x": [1.5], "y": ["yes"]})
    ws.add_dataset("one", row, label="y", classes=["no", "yes"])
    return ws.add_predictions("one", "one", pd.DataFrame({"prediction": ["yes"]}))


def all_missing(ws: mp.Workspace, frame: pd.DataFrame) -> mp.Evaluation:
    rows = pd.DataFrame(
        {
            "number": pd.Series([None] * 4, dtype="float64"),
            "name": pd.Series([None] * 4, dtype="object"),
            "when": pd.Series([None] * 4, dtype="datetime64[us]"),
            "y": ["a", "b", "a", "b"],
        }
    )
    ws.add_dataset("void", rows, label="y")
    return ws.add_predictions("void", "void", pd.DataFrame({"prediction": ["a"] * 4}))


Kind = Callable[[mp.Workspace, pd.DataFrame], mp.Evaluation]
KINDS: dict[str, Kind] = {
    "binary": binary,
    "half labelled": unlabelled,
    "weighted": weighted,
    "multiclass": multiclass,
    "multilabel": multilabel,
    "regression": regression,
    "score": score,
    "one row": one_row,
    "all missing": all_missing,
}
