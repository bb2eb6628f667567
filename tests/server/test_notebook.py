"""`mp.show` in a real notebook: the frame's address answers, directly and through a hub's proxy."""

from __future__ import annotations

import http.server
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import sysconfig
import threading
import urllib.request
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pytest

import mispredict as mp

pytestmark = pytest.mark.slow
SOURCES = Path(mp.__file__).parents[1]
PACKAGES = ("ipykernel", "jupyter-server", "jupyter-server-proxy", "nbclient")
HUB = "/user/ada/"
TOKEN = "only-of-this-test"
CELLS = [
    """
import mispredict as mp, pandas as pd
ws = mp.open("ws")
frame = pd.DataFrame({"key": range(40), "age": range(30, 70), "left": ["no", "yes"] * 20})
ws.add_dataset("churn", frame, label="left", id="key")
ws.add_model("rule", lambda rows: ["yes" if age > 50 else "no" for age in rows["age"]])
ev = ws.evaluate("rule", "churn")
""",
    'mp.show(ev, "explore", where="age > 50")',
]
_RUN = """
import json, sys
import nbformat
from nbclient import NotebookClient
cells = [nbformat.v4.new_code_cell(text) for text in json.loads(sys.argv[1])]
notebook = nbformat.v4.new_notebook(cells=cells)
client = NotebookClient(notebook, kernel_name="python3")
with client.setup_kernel():
    for number, cell in enumerate(notebook.cells):
        client.execute_cell(cell, number)
    print(json.dumps(notebook.cells[-1].outputs[-1]["data"]["text/html"]), flush=True)
    sys.stdin.read()
"""


@pytest.fixture(scope="module")
def jupyter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Python of an environment with Jupyter, and with the libraries of here behind it."""
    place = tmp_path_factory.mktemp("jupyter") / "env"
    venv.create(place, with_pip=False, symlinks=os.name != "nt")
    python = place / ("Scripts" if os.name == "nt" else "bin") / "python"
    command = [sys.executable, "-m", "pip", "--python", str(python), "install", "-q", *PACKAGES]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    if done.returncode:
        pytest.skip(f"Jupyter cannot be installed: {done.stderr[-300:]}")
    [home] = place.glob("**/site-packages")
    (home / "here.pth").write_text(f"{SOURCES}\n{sysconfig.get_path('purelib')}\n")
    return python


@contextmanager
def notebook(jupyter: Path, folder: Path, **environment: str) -> Iterator[str]:
    """HTML that the last cell gives; the kernel lives as long as the block."""
    process = subprocess.Popen(
        [str(jupyter), "-c", _RUN, json.dumps(CELLS)],
        cwd=folder,
        env={**os.environ, "MISPREDICT_TOKEN": "", **environment},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    end = threading.Timer(180, process.kill)
    end.start()
    try:
        line = process.stdout.readline()
        if not line:
            raise AssertionError(process.communicate(timeout=60)[1])
        yield json.loads(line)
        process.communicate("", timeout=60)
        assert process.returncode == 0
    finally:
        end.cancel()
        process.kill()
        process.communicate(timeout=60)


def frame_of(html: str) -> str:
    found = re.search('<iframe src="([^"]*)"', html)
    assert found is not None
    return found[1]


def read(url: str, **headers: str) -> bytes:
    request = urllib.request.Request(url, headers=headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return bytes(answer.read())


def test_the_frame_of_a_cell_answers(jupyter: Path, tmp_path: Path) -> None:
    with notebook(jupyter, tmp_path) as html:
        url = frame_of(html)
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/e/rule@1/churn@1/explore\?where=.*", url)
        assert b"<html" in read(url)
        base = url.partition("/e/")[0]
        facts = json.loads(read(f"{base}/api/v1/evaluations/rule@1/churn@1"))
        assert facts["can_call_model"] is True
    with pytest.raises(OSError):
        read(url)


def test_on_a_hub_the_frame_answers_below_the_users_path(jupyter: Path, tmp_path: Path) -> None:
    with (
        notebook(jupyter, tmp_path, JUPYTERHUB_SERVICE_PREFIX=HUB) as html,
        served(jupyter, tmp_path) as origin,
    ):
        path = frame_of(html)
        assert path.startswith(f"{HUB}proxy/")
        page = read(f"{origin}{path}", Authorization=f"token {TOKEN}").decode()
        base = path.partition("/e/")[0]
        assert f'<base href="{base}/"' in page
        said = json.loads(read(f"{origin}{base}/api/v1/workspace", Authorization=f"token {TOKEN}"))
        assert [item["ref"] for item in said["evaluations"]] == ["rule@1/churn@1"]


@contextmanager
def served(jupyter: Path, folder: Path) -> Iterator[str]:
    """A Jupyter server below the path of a hub's user, with its proxy of ports."""
    options = {"base_url": HUB, "open_browser": "False", "port": "0", "allow_root": "True"}
    process = subprocess.Popen(
        [
            str(jupyter),
            "-m",
            "jupyter_server",
            *(f"--ServerApp.{name}={value}" for name, value in options.items()),
            f"--IdentityProvider.token={TOKEN}",
        ],
        cwd=folder,
        env={**os.environ, "JUPYTER_RUNTIME_DIR": str(folder), "NO_COLOR": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    rest = threading.Thread(target=process.stderr.read, daemon=True)
    end = threading.Timer(120, process.kill)
    end.start()
    try:
        said = ""
        while not (found := re.search(rf"(http://127\.0\.0\.1:\d+){HUB}", said)):
            line = process.stderr.readline()
            assert line, said
            said += line
        rest.start()
        _until_it_listens(found[1])
        yield found[1]
    finally:
        end.cancel()
        process.terminate()
        process.wait(60)
        if rest.is_alive():
            rest.join(60)
        process.stderr.close()


def _until_it_listens(origin: str) -> None:
    """Jupyter says where it is a moment before it listens there."""
    for _ in range(600):
        with socket.socket() as asking:
            if asking.connect_ex(("127.0.0.1", int(origin.rpartition(":")[2]))) == 0:
                return
        threading.Event().wait(0.1)
    raise AssertionError(f"nothing listens at {origin}")


def test_a_browser_draws_the_frame(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("no Chromium here")
    from playwright.sync_api import sync_playwright

    monkeypatch.delenv("MISPREDICT_TOKEN", raising=False)
    with mp.open(tmp_path / "ws") as ws:
        rows = pd.DataFrame({"key": range(20), "left": ["no", "yes"] * 10})
        ws.add_dataset("churn", rows, label="left", id="key")
        said = rows.assign(prediction="no")[["key", "prediction"]]
        shown = mp.show(ws.add_predictions("gbm", "churn", said))
        try:
            with sync_playwright() as playwright, page_at(shown._repr_html_()) as address:
                browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
                page = browser.new_page()
                page.goto(address)
                page.frame_locator("iframe").locator("h1").first.wait_for(timeout=60_000)
                assert page.frames[1].url.startswith(shown.url.partition("/e/")[0])
                browser.close()
        finally:
            shown.close()


@contextmanager
def page_at(html: str) -> Iterator[str]:
    """Address of a page with the HTML in it, as a notebook at localhost."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(f"<!doctype html><title>notebook</title>{html}".encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://localhost:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
