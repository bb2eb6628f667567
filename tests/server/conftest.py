from __future__ import annotations

import shutil
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression

import mispredict as mp
from mispredict.server import Limits, ServerSettings, create_app

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # newer versions of starlette ask for a newer httpx
    from starlette.testclient import TestClient

E = "/api/v1/evaluations/tumours@1/patients@1"
TOKEN = "a token of some length"  # of the tests alone
INPUTS = ["radius", "texture", "smoothness"]
Client = TestClient
MakeClient = Callable[..., TestClient]


def patients() -> pd.DataFrame:
    """The Wisconsin breast cancer data: 569 tumours, three of their measures, a note."""
    raw = load_breast_cancer(as_frame=True)
    mean = raw.frame.rename(columns=lambda name: name.removeprefix("mean "))
    frame = mean[INPUTS].copy()
    frame["size"] = pd.cut(mean["radius"], [0, 12, 15, 99], labels=["small", "middle", "large"])
    frame["size"] = frame["size"].astype(str)
    frame["texture"] = frame["texture"].where(np.arange(len(frame)) % 40 != 0)
    frame["note"] = [
        f"a {size} tumour, {'rough' if rough > 0.1 else 'smooth'} to the touch"
        for size, rough in zip(frame["size"], frame["smoothness"], strict=True)
    ]
    frame["diagnosis"] = np.where(raw.target == 0, "malignant", "benign")
    frame.insert(0, "patient", [f"p{i}" for i in range(len(frame))])
    return frame


def predictions(frame: pd.DataFrame) -> pd.DataFrame:
    """What a logistic regression on smoothness and texture says: often wrong."""
    inputs = frame[["texture", "smoothness"]].fillna(19.0)
    fitted = LogisticRegression(C=1e6).fit(inputs, frame["diagnosis"])
    probability = fitted.predict_proba(inputs)[:, 1].round(4)
    said = np.where(probability > 0.5, "malignant", "benign")
    return pd.DataFrame(
        {
            "patient": frame["patient"],
            "prediction": said,
            "p_benign": 1 - probability,
            "p_malignant": probability,
        }
    )


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a workspace with an evaluation, never changed."""
    folder = tmp_path_factory.mktemp("served") / "ws"
    frame = patients()
    with mp.open(folder) as workspace:
        workspace.add_dataset(
            "patients", frame, label="diagnosis", metadata=["note"], types={"note": "text"}
        )
        ev = workspace.add_predictions("tumours", "patients", predictions(frame))
        ev.save_cohort("large", "radius > 15", note="as surgeons say")
        ev.tag("rough", "smoothness > 0.11")
    return folder


@pytest.fixture
def ws(filled: Path, tmp_path: Path) -> Iterator[mp.Workspace]:
    """A copy of the filled workspace."""
    shutil.copytree(filled, tmp_path / "ws")
    with mp.open(tmp_path / "ws") as workspace:
        yield workspace


@pytest.fixture(scope="session")
def shared(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A client for what changes nothing but the server's own files."""
    folder = tmp_path_factory.mktemp("shared") / "ws"
    shutil.copytree(filled, folder)
    with mp.open(folder) as workspace, client_of(workspace) as client:
        yield client


@pytest.fixture
def client(ws: mp.Workspace) -> Iterator[TestClient]:
    """A client that may write."""
    with client_of(ws) as client:
        yield client


@pytest.fixture
def make_client(ws: mp.Workspace) -> Iterator[MakeClient]:
    """Clients of servers with other settings."""
    with ExitStack() as stack:
        yield lambda **options: stack.enter_context(client_of(ws, **options))


def until(client: TestClient, path: str, **params: Any) -> Any:
    """The answer once its job is done."""
    answer = client.get(path, params=params)
    for _ in range(3):  # a job that does not end, or is cancelled, ends the waiting too
        if answer.status_code == 202:
            client.get(f"/api/v1/jobs/{answer.json()['id']}/events")
            answer = client.get(path, params=params)
    return answer


def client_of(
    workspace: mp.Workspace, *, base_url: str = "http://localhost", **settings: Any
) -> TestClient:
    """A client of a server with these settings."""
    limits = {name: settings.pop(name) for name in list(settings) if name in Limits.__slots__}
    settings.setdefault("bundle", Path("no bundle"))
    told = ServerSettings(limits=Limits(**limits), **settings)
    return TestClient(create_app(workspace, told), base_url=base_url, follow_redirects=False)
