"""Models that can be asked, and evaluations of them, for the tests of what asks models."""

from __future__ import annotations

import json
import shutil
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import make_column_transformer
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

import mispredict as mp
from mispredict.server import Limits, ServerSettings, create_app

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # newer versions of starlette ask for a newer httpx
    from starlette.testclient import TestClient

CLASSES = ["benign", "malignant"]


def trees(frame: pd.DataFrame) -> Any:
    """A fitted pipeline over three numbers and a category."""
    names = ["radius", "texture", "smoothness"]
    columns = make_column_transformer(
        (SimpleImputer(), names), (OneHotEncoder(handle_unknown="ignore"), ["size"])
    )
    made = make_pipeline(columns, GradientBoostingClassifier(n_estimators=12, random_state=0))
    return made.fit(frame[[*names, "size"]], frame["diagnosis"])


def words(texts: Any) -> Any:
    """Says malignant of texts with "rough" in them, as probabilities."""
    p = np.array([0.9 if "rough" in str(text) else 0.2 for text in texts])
    return np.column_stack([1 - p, p])


@pytest.fixture(scope="session")
def asked(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[mp.Workspace]:
    """A workspace with models that can be called, for what changes nothing that others see."""
    folder = tmp_path_factory.mktemp("asked") / "ws"
    shutil.copytree(filled, folder)
    with mp.open(folder) as workspace:
        fill(workspace)
        yield workspace


@pytest.fixture(scope="session")
def why(asked: mp.Workspace) -> Iterator[TestClient]:
    """A client of that workspace, which waits for answers until they are there."""
    with client_of(asked, wait_s=60) as client:
        yield client


@pytest.fixture
def make_why(ws: mp.Workspace) -> Iterator[Callable[..., TestClient]]:
    """Clients of servers with other settings, on a workspace of their own."""
    fill(ws)
    with ExitStack() as stack:
        yield lambda **told: stack.enter_context(client_of(ws, **told))


def client_of(workspace: mp.Workspace, **settings: Any) -> TestClient:
    """A client of a server with these settings."""
    limits = {name: settings.pop(name) for name in list(settings) if name in Limits.__slots__}
    told = ServerSettings(limits=Limits(**limits), bundle=Path("no bundle"), **settings)
    return TestClient(create_app(workspace, told), base_url="http://localhost")


def fill(workspace: mp.Workspace) -> None:
    """Evaluations of the trees and of the words, beside the predictions that there are."""
    frame = workspace.dataset("patients").read().to_pandas()
    workspace.add_model("trees", trees(frame))
    workspace.evaluate("trees", "patients")
    notes = frame[["patient", "note", "diagnosis"]].head(120)
    workspace.add_dataset("notes", notes, label="diagnosis", id="patient", types={"note": "text"})
    workspace.add_model("words", words, input="note", classes=CLASSES)
    workspace.evaluate("words", "notes")


class Remote(ThreadingHTTPServer):
    """A model behind an address that takes its time; `calls` counts what it was asked.

    While `go` is not set it answers nothing.
    """

    daemon_threads = True

    def __init__(self, estimator: Any) -> None:
        super().__init__(("127.0.0.1", 0), _Answering)
        self.estimator, self.delay_s, self.calls = estimator, 0.0, 0
        self.go = threading.Event()
        self.go.set()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing: who asked may be gone."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Answering(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Remote

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.calls += 1
        assert self.server.go.wait(60)
        time.sleep(self.server.delay_s)  # what it is to be slow
        rows = pd.DataFrame(**body["dataframe_split"])
        value = {"predictions": self.server.estimator.predict_proba(rows).tolist()}
        data = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args: Any) -> None:
        """Nothing: the tests say what failed."""


@pytest.fixture
def slow(ws: mp.Workspace) -> Iterator[Remote]:
    """The trees behind an address where each call takes 200 ms, with an evaluation of them."""
    frame = ws.dataset("patients").read().to_pandas()
    with _served(trees(frame)) as server:
        ws.add_model("slow", server.url, classes=CLASSES)
        ws.evaluate("slow", "patients")
        server.delay_s = 0.2
        yield server


@contextmanager
def _served(estimator: Any) -> Iterator[Remote]:
    server = Remote(estimator)
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
    )
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(60)
