"""Ports, addresses of screens, browsers: what stands around the server."""

from __future__ import annotations

import socket
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pandas as pd
import pytest

import mispredict as mp
from mispredict.core.errors import BadOption, BadPredicate
from mispredict.server.addresses import path_of
from mispredict.server.browser import has_browser
from mispredict.server.listening import Listening
from mispredict.server.settings import ServerSettings


@pytest.fixture(scope="module")
def ev(tmp_path_factory: pytest.TempPathFactory) -> Iterator[mp.Evaluation]:
    frame = pd.DataFrame({"key": range(20), "age": range(40, 60), "left": ["no", "yes"] * 10})
    said = frame.assign(prediction="no")[["key", "prediction"]]
    with mp.open(tmp_path_factory.mktemp("listening") / "ws") as ws:
        ws.add_dataset("churn", frame, label="left", id="key")
        yield ws.add_predictions("gbm", "churn", said)


@pytest.fixture
def taken() -> int:
    """A port that somebody else listens at, until the test ends."""
    other = socket.socket()
    other.bind(("127.0.0.1", 0))
    other.listen()
    return _until_end(other)


_KEPT: list[socket.socket] = []


def _until_end(other: socket.socket) -> int:
    _KEPT.append(other)
    return int(other.getsockname()[1])


@pytest.fixture(autouse=True)
def closed() -> object:
    yield
    while _KEPT:
        _KEPT.pop().close()


def test_a_taken_port_makes_way_for_the_next(ev: mp.Evaluation, taken: int) -> None:
    server = Listening(ev.workspace, ServerSettings(port=taken))
    server.start()
    try:
        assert server.settings.port != taken
        assert server.url == f"http://127.0.0.1:{server.settings.port}"
        assert server.is_running
    finally:
        server.stop()
    assert not server.is_running


def test_a_fixed_port_must_be_free(ev: mp.Evaluation, taken: int) -> None:
    with pytest.raises(BadOption, match=f"port={taken} is taken"):
        Listening(ev.workspace, ServerSettings(port=taken), is_fixed=True)


def test_the_other_loopback_is_written_in_brackets(ev: mp.Evaluation) -> None:
    try:
        server = Listening(ev.workspace, ServerSettings(host="::1", port=0))
    except BadOption:
        pytest.skip("no IPv6 here")
    server.start()
    try:
        assert server.url == f"http://[::1]:{server.settings.port}"
        with urllib.request.urlopen(f"{server.url}/health", timeout=60) as answer:
            assert answer.status == 200
    finally:
        server.stop()


def test_stopping_ends_its_thread(ev: mp.Evaluation) -> None:
    server = Listening(ev.workspace, ServerSettings(port=0))
    server.start()
    names = {thread.name for thread in threading.enumerate()}
    assert "mispredict-server" in names
    server.stop()
    server.stop()
    assert "mispredict-server" not in {thread.name for thread in threading.enumerate()}
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", server.settings.port), 1).close()


@pytest.mark.parametrize("screen", ["overview", "explore", "slices", "priorities", "row/19"])
def test_addresses_of_screens(ev: mp.Evaluation, screen: str) -> None:
    assert path_of(ev, screen) == f"/e/gbm@1/churn@1/{screen}"


def test_the_cohort_is_in_the_address(ev: mp.Evaluation) -> None:
    path = path_of(ev, "explore", "age>50 and left='yes'")
    assert parse_qs(urlsplit(path).query)["where"] == ["age > 50 AND left = 'yes'"]
    assert "+" not in path
    assert path == path_of(ev, "explore", ev.predicate("age>50 and left='yes'"))


@pytest.mark.parametrize(
    ("screen", "said"),
    [
        pytest.param("overvew", "'overview'", id="misspelt"),
        pytest.param("row/20", "0 to 19", id="row beyond the last"),
        pytest.param("row/-1", "choice", id="no number"),
        pytest.param("../x", "choice", id="a path"),
    ],
)
def test_screens_that_are_none(ev: mp.Evaluation, screen: str, said: str) -> None:
    with pytest.raises(BadOption) as caught:
        path_of(ev, screen)
    assert said in str(caught.value)


def test_a_cohort_that_is_none(ev: mp.Evaluation) -> None:
    with pytest.raises(BadPredicate):
        path_of(ev, "explore", "age >")


@pytest.mark.parametrize(
    ("environment", "system", "expected"),
    [
        pytest.param({"DISPLAY": ":0"}, "linux", True, id="a display"),
        pytest.param({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True, id="a newer display"),
        pytest.param({}, "linux", False, id="none"),
        pytest.param({}, "darwin", True, id="macOS"),
        pytest.param({"SSH_CONNECTION": "1"}, "darwin", False, id="macOS from afar"),
        pytest.param({"DISPLAY": ":0", "CI": "true"}, "linux", False, id="CI"),
        pytest.param({"DISPLAY": ":0", "PYTEST_CURRENT_TEST": "x"}, "linux", False, id="a test"),
    ],
)
def test_where_a_browser_is_opened(
    environment: dict[str, str], system: str, expected: bool
) -> None:
    assert has_browser(environment, system) is expected


def test_importing_the_program_imports_no_server(tmp_path: Path) -> None:
    import subprocess
    import sys

    code = (
        "import sys, mispredict.cli; print([m for m in ('fastapi', 'uvicorn') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True
    )
    assert done.stdout.strip() == "[]"
