"""Small evaluations of every task, made in a temporary workspace."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import mispredict as mp
from mispredict.report.overview import Overview, overview

HOSTILE = "<script>alert('x')</script>"
RTL = "שלום עולם مرحبا"
EMOJI = "👩🏽‍🚀 \u202e reversed \x1b[31m"

Make = Callable[[mp.Workspace], mp.Evaluation]


def numbers(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def binary(ws: mp.Workspace, *, n: int = 400, with_probabilities: bool = True) -> mp.Evaluation:
    """Wrong mostly where `region` is north and the text speaks of rain."""
    rng = numbers()
    region = rng.choice(["north", "south", "east"], n)
    label = rng.integers(0, 2, n)
    is_wrong = rng.random(n) < np.where(region == "north", 0.5, 0.05)
    score = np.where(label ^ is_wrong, 0.6 + 0.39 * rng.random(n), 0.4 * rng.random(n))
    frame = pd.DataFrame(
        {
            "key": [f"k{i}" for i in range(n)],
            "region": region,
            "age": rng.normal(40, 9, n).round(2),
            "said": [_sentence(rng, place) for place in region],
            "left": np.where(label == 1, "yes", "no"),
        }
    )
    ws.add_dataset("people", frame, label="left", id="key", positive="yes", types={"said": "text"})
    answers = pd.DataFrame({"key": frame["key"], "prediction": np.where(score > 0.5, "yes", "no")})
    if with_probabilities:
        answers["yes"], answers["no"] = score, 1 - score
    return ws.add_predictions("model", "people", answers)


def binary_labels(ws: mp.Workspace) -> mp.Evaluation:
    return binary(ws, with_probabilities=False)


def multiclass(ws: mp.Workspace, *, n: int = 600, size: int = 4) -> mp.Evaluation:
    rng = numbers(1)
    names = np.array([f"class {i:03d}" for i in range(size)])
    label = rng.integers(0, size, n)
    guess = np.where(rng.random(n) < 0.3, rng.integers(0, size, n), label)
    logits = rng.random((n, size)) + 3 * np.eye(size)[guess]
    p = logits / logits.sum(axis=1, keepdims=True)
    frame = pd.DataFrame({"x": rng.normal(size=n), "kind": names[label]})
    ws.add_dataset("things", frame, label="kind", classes=list(names), task="multiclass")
    answers = pd.DataFrame({"prediction": names[guess], "probabilities": list(p)})
    return ws.add_predictions("model", "things", answers)


def multilabel(ws: mp.Workspace) -> mp.Evaluation:
    rng = numbers(2)
    n, names = 300, ["red", "green", "blue"]
    label = rng.random((n, 3)) < 0.4
    guess = label ^ (rng.random((n, 3)) < 0.15)
    lists = [[c for c, on in zip(names, row, strict=True) if on] for row in label]
    answers = [[c for c, on in zip(names, row, strict=True) if on] for row in guess]
    ws.add_dataset(
        "pictures", pd.DataFrame({"x": rng.normal(size=n), "colours": lists}), label="colours"
    )
    return ws.add_predictions("model", "pictures", pd.DataFrame({"prediction": answers}))


def regression(ws: mp.Workspace) -> mp.Evaluation:
    rng = numbers(3)
    n = 500
    size = rng.normal(100, 20, n)
    kind = rng.choice(["flat", "house"], n)
    price = 3 * size + rng.normal(0, np.where(kind == "house", 40, 5), n)
    frame = pd.DataFrame({"size": size, "kind": kind, "price": price})
    ws.add_dataset("homes", frame, label="price", task="regression")
    return ws.add_predictions("model", "homes", pd.DataFrame({"prediction": 3 * size}))


def score(ws: mp.Workspace) -> mp.Evaluation:
    rng = numbers(4)
    frame = pd.DataFrame({"place": rng.choice(["a", "b"], 300)})
    ws.add_dataset("speech", frame)
    losses = rng.exponential(np.where(frame["place"] == "a", 1.0, 0.2))
    return ws.add_predictions("model", "speech", pd.DataFrame({"loss": losses}))


def hostile(ws: mp.Workspace) -> mp.Evaluation:
    """Names, classes and values that would like to be code, or break the layout."""
    rng = numbers(5)
    n = 200
    label = rng.integers(0, 2, n)
    classes = np.array([f"{HOSTILE}&\"'", RTL])
    texts = [f"{HOSTILE} {EMOJI} {RTL} https://example.org/{i}" for i in range(n)]
    texts[0] = "x" * 10_000_000
    frame = pd.DataFrame(
        {
            f"{HOSTILE} | `name`": rng.choice([f"{HOSTILE}a", "b\nb"], n),
            EMOJI: texts,
            "truth": classes[label],
        }
    )
    ws.add_dataset("hostile", frame, label="truth", types={EMOJI: "text"})
    wrong = np.asarray(frame.iloc[:, 0] == f"{HOSTILE}a") & (rng.random(n) < 0.8)
    wrong[0] = True
    answers = pd.DataFrame({"prediction": classes[label ^ wrong]})
    return ws.add_predictions("model", "hostile", answers)


MAKERS: dict[str, Make] = {
    "binary": binary,
    "binary without probabilities": binary_labels,
    "multiclass": multiclass,
    "multilabel": multilabel,
    "regression": regression,
    "score": score,
    "hostile": hostile,
}


def _sentence(rng: np.random.Generator, place: str) -> str:
    words = rng.choice(["sun", "wind", "cloud", "storm"], 5)
    return " ".join([*words, "rain" if place == "north" else "dry"])


@pytest.fixture(scope="session")
def makers() -> dict[str, Make]:
    return MAKERS


@pytest.fixture
def workspace(tmp_path: Path) -> mp.Workspace:
    return mp.open(tmp_path / "ws")


@pytest.fixture(scope="session")
def evaluations(tmp_path_factory: pytest.TempPathFactory) -> dict[str, mp.Evaluation]:
    """One evaluation per task, each in a workspace of its own."""
    folder = tmp_path_factory.mktemp("report")
    return {name: make(mp.open(folder / name)) for name, make in MAKERS.items()}


@pytest.fixture(params=list(MAKERS))
def evaluation(
    request: pytest.FixtureRequest, evaluations: dict[str, mp.Evaluation]
) -> mp.Evaluation:
    return evaluations[request.param]


@pytest.fixture(scope="session")
def overviews(evaluations: dict[str, mp.Evaluation]) -> dict[str, Overview]:
    return {name: overview(of) for name, of in evaluations.items()}


@pytest.fixture(params=list(MAKERS))
def view(request: pytest.FixtureRequest, overviews: dict[str, Overview]) -> Overview:
    return overviews[request.param]
