from __future__ import annotations

import builtins
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from mispredict.core.errors import BadOption, MissingExtra
from mispredict.exchange.tracking import absolute, asking, connect, without_secrets


@pytest.fixture
def closed_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


class Refusing(BaseHTTPRequestHandler):
    """A server that wants a password for everything."""

    def do_GET(self) -> None:
        self.send_response(401)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def refusing() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Refusing)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(60)
    server.server_close()


@pytest.mark.parametrize(
    ("uri", "shown"),
    [
        ("https://ada:secret@host:5000/a?b=1", "https://host:5000/a?b=1"),
        ("postgresql://ada:p%40ss@db/mlflow", "postgresql://db/mlflow"),
        ("sqlite:////tmp/a@b.db", "sqlite:////tmp/a@b.db"),
        ("databricks", "databricks"),
    ],
)
def test_secrets_are_never_shown(uri: str, shown: str) -> None:
    assert without_secrets(uri) == shown


def test_paths_do_not_depend_on_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert absolute("sqlite:///m.db") == f"sqlite:///{tmp_path}/m.db"
    assert absolute("sqlite:////x/m.db") == "sqlite:////x/m.db"
    assert absolute("mlruns") == str(tmp_path / "mlruns")
    assert absolute("databricks://profile") == "databricks://profile"


def test_nobody_listens(closed_port: int) -> None:
    pytest.importorskip("mlflow")
    with pytest.raises(BadOption, match="no MLflow server answers") as caught:
        connect(f"http://ada:secret@127.0.0.1:{closed_port}")
    assert "refused" in caught.value.known
    assert "tracking_uri" in caught.value.hint
    assert "secret" not in str(caught.value)


def test_a_server_that_refuses_is_there(refusing: str) -> None:
    pytest.importorskip("mlflow")
    assert connect(refusing).tracking_uri == refusing


def test_a_missing_database_is_not_made(tmp_path: Path) -> None:
    pytest.importorskip("mlflow")
    with pytest.raises(BadOption, match="there is no MLflow database"):
        connect(f"sqlite:///{tmp_path}/typo.db")
    assert not (tmp_path / "typo.db").exists()


def test_missing_library_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name.partition(".")[0] == "mlflow":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MissingExtra, match="not installed") as caught:
        connect("sqlite:///x.db")
    assert caught.value.hint == "pip install 'mispredict[mlflow]'"


def test_other_failures_have_three_parts() -> None:
    with pytest.raises(BadOption) as caught, asking("https://ada:secret@host"):
        raise RuntimeError("line one\n  line two " + "x" * 2000)
    assert caught.value.problem == "MLflow at 'https://host' did not do what was asked."
    assert caught.value.known.startswith("RuntimeError: line one line two")
    assert len(caught.value.known) < 800
