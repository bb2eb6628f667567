"""`serve` as a process: it says where it is, answers, and ends without a trace."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from mispredict.cli.commands import serving
from mispredict.server import settings

PROGRAM = [sys.executable, "-m", "mispredict.cli"]
TOKEN = "a-token-of-this-test-alone"


@dataclass
class Served:
    """A running server: its process, its first line, and the address in it."""

    process: subprocess.Popen[str]
    line: str

    @property
    def url(self) -> str:
        return self.line.split()[-1]

    @property
    def base(self) -> str:
        return self.url.partition("/e/")[0].rstrip("/")

    def get(self, path: str, **headers: str) -> tuple[int, bytes]:
        request = urllib.request.Request(self.base + path, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read()

    def json(self, path: str, **headers: str) -> Any:
        status, body = self.get(path, **headers)
        assert status == 200, body
        return json.loads(body)

    def end(self, by: signal.Signals = signal.SIGINT) -> tuple[int, str]:
        """Exit code and what was said on stderr."""
        self.process.send_signal(by)
        _, said = self.process.communicate(timeout=60)
        return self.process.returncode, said


@contextmanager
def serve(*arguments: str, **environment: str) -> Iterator[Served]:
    """`mispredict serve` at a free port, from its first line on."""
    process = subprocess.Popen(
        [*PROGRAM, "serve", "--port", "0", *arguments],
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    end = threading.Timer(120, process.kill)
    end.start()
    try:
        line = process.stdout.readline()
        if not line:
            raise AssertionError(process.communicate(timeout=60)[1])
        yield Served(process, line)
    finally:
        end.cancel()
        process.kill()
        process.communicate(timeout=60)


def test_it_says_where_the_newest_evaluation_is(folder: Path) -> None:
    with serve() as served:
        assert served.line.startswith("gbm@1/churn@1 is at http://127.0.0.1:")
        assert served.url.endswith("/e/gbm@1/churn@1/overview")
        assert served.get("/e/gbm@1/churn@1/overview")[0] == 200
        assert served.json("/api/v1/evaluations/gbm@1/churn@1")["n"] == 240
        code, said = served.end()
    assert code == 0
    assert said.splitlines() == ["Ctrl-C ends it.", "Stopped."]


def test_what_terminates_it_ends_it_well(folder: Path) -> None:
    with serve("churn") as served:
        assert served.get("/health")[0] == 200
        assert served.end(signal.SIGTERM)[0] == 0


def test_its_facts_as_json(folder: Path) -> None:
    with serve("--json") as served:
        assert served.process.stdout is not None
        lines = [served.line]
        while lines[-1] not in ("}\n", ""):
            lines.append(served.process.stdout.readline())
        said = json.loads("".join(lines))
    assert said["evaluation"] == "gbm@1/churn@1"
    assert said["workspace"] == str(folder / ".mispredict")
    assert said["url"] == f"http://127.0.0.1:{said['port']}/e/gbm@1/churn@1/overview"
    assert said["is_token_needed"] is False


def test_where_nothing_is_yet_the_home_is_shown_and_nothing_left(empty: Path) -> None:
    with serve() as served:
        assert served.line.startswith("The workspace is at http://127.0.0.1:")
        assert served.get("/")[0] == 200
        assert served.json("/api/v1/workspace")["evaluations"] == []
        assert served.end()[0] == 0
    assert list(empty.iterdir()) == []


def test_what_is_written_meanwhile_is_kept(empty: Path, prepared: Path, run: Any) -> None:
    with serve() as served:
        source = str(prepared / "customers.csv")
        assert run("add", "dataset", "churn", source, "--label", "Exited").code == 0
        assert "churn@1" in json.dumps(served.json("/api/v1/workspace")["datasets"])
        code, said = served.end()
    assert code == 0
    assert "Made the workspace" in said
    assert (empty / ".mispredict" / "workspace.json").exists()


def test_a_server_for_others_asks_for_the_token(folder: Path) -> None:
    with serve("--host", "0.0.0.0", MISPREDICT_TOKEN=TOKEN) as served:
        port = served.base.rpartition(":")[2]
        served.line = f"http://127.0.0.1:{port}"
        assert served.get("/api/v1/workspace")[0] == 401
        assert served.json("/api/v1/workspace", Authorization=f"Bearer {TOKEN}")["datasets"]
        code, said = served.end()
    assert code == 0
    assert "asks for the token" in said
    assert TOKEN not in said


def test_the_token_of_a_file_counts(folder: Path) -> None:
    (folder / "token").write_text(f"{TOKEN}\n")
    with serve("--token-file", "token", MISPREDICT_TOKEN="another-token-than-the-file's") as served:
        assert served.json("/api/v1/workspace", Authorization=f"Bearer {TOKEN}")["datasets"]


def test_below_the_path_of_a_proxy(folder: Path) -> None:
    with serve("--root-path", "/tools/mp") as served:
        assert "/tools/mp/e/gbm@1/churn@1/overview" in served.url
        assert b'<base href="/tools/mp/"' in served.get("/e/gbm@1/churn@1/overview")[1]


@pytest.mark.parametrize(
    ("arguments", "code", "known"),
    [
        pytest.param(("--host", "0.0.0.0"), "BadOption", "MISPREDICT_TOKEN", id="no token"),
        pytest.param(("--host", "no.such.host.invalid"), "BadOption", "", id="host without token"),
        pytest.param(("--token", TOKEN), "UnknownName", "--token-file", id="token as an option"),
        pytest.param(("--token-file", "none"), "BadOption", "MISPREDICT_TOKEN", id="no file"),
        pytest.param(("--token-file", "short"), "BadOption", "16 characters", id="short token"),
        pytest.param(("nothing",), "UnknownName", "gbm", id="no such evaluation"),
        pytest.param(("--root-path", "/a/../b"), "BadOption", "--root-path", id="path with dots"),
        pytest.param(("--allow-origin", "x"), "BadOption", "origin", id="no origin"),
        pytest.param(("--trust-proxy", "x"), "BadOption", "--trust-proxy", id="no address"),
        pytest.param(("--port", "70000"), "BadOption", "65535", id="no such port"),
    ],
)
def test_what_cannot_be_is_refused(
    arguments: tuple[str, ...], code: str, known: str, folder: Path, run: Any
) -> None:
    (folder / "short").write_text("abc")
    said = run("serve", "--json", *arguments)
    assert said.code == 2
    assert said.error["code"] == code
    assert known in f"{said.error['message']} {said.error['hint']}"


def test_a_port_that_is_taken_is_said(folder: Path, run: Any) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        said = run("serve", "--json", "--port", str(port))
    assert said.code == 2
    assert f"--port {port} is taken" in said.error["message"]


def test_a_host_that_is_elsewhere_is_said(
    folder: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MISPREDICT_TOKEN", TOKEN)
    said = run("serve", "--json", "--host", "192.0.2.1")
    assert said.code == 2
    assert "no address of this machine" in said.error["message"]


def test_the_port_is_the_same_everywhere() -> None:
    assert serving.PORT == settings.PORT
    assert f":{serving.PORT}" in (Path(__file__).parents[2] / "ui" / "vite.config.ts").read_text()


@pytest.mark.slow
def test_the_demo_ends_by_serving_in_a_terminal(empty: Path) -> None:
    pty = pytest.importorskip("pty")
    main, terminal = pty.openpty()
    process = subprocess.Popen(
        [*PROGRAM, "demo"],
        env={**os.environ, "CI": "", "DISPLAY": "", "WAYLAND_DISPLAY": "", "COLUMNS": "200"},
        stdin=terminal,
        stdout=terminal,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    os.close(terminal)
    try:
        line = _last_line(main)
        if "is at http" not in line:
            pytest.skip("no package registry to fetch the data from")
        with urllib.request.urlopen(line.split()[-1], timeout=60) as answer:
            assert answer.status == 200
        assert (empty / "mispredict-churn.html").exists()
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
    finally:
        process.kill()
        process.wait(60)
        os.close(main)


def _last_line(terminal: int) -> str:
    """The line that says where the server is, or the last one before the program ended."""
    said = ""
    while select.select([terminal], [], [], 120)[0]:
        try:
            said += os.read(terminal, 4096).decode("utf-8", "replace")
        except OSError:  # how Linux says that the other side is closed
            return said.strip().rpartition("\n")[2]
        for line in said.split("\n")[:-1]:
            if "is at http" in line:
                return line.strip()
    raise AssertionError(f"nothing more was said after: {said}")
