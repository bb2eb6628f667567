"""A real server of the command line, a real browser, and the API beside both."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

pytest.importorskip("playwright", reason="playwright is not installed")
from playwright.sync_api import Browser, Page, expect, sync_playwright

WAIT_MS = 30_000  # what a page may take, on a machine that does other things too
expect.set_options(timeout=WAIT_MS)
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
BUNDLE = Path(__file__).parents[2] / "src" / "mispredict" / "server" / "bundle" / "index.html"
SHOTS = os.environ.get("MISPREDICT_SHOTS")  # where pictures of the screens go, if anywhere


@dataclass(frozen=True)
class Served:
    """A workspace that a server of the command line serves."""

    address: str
    folder: Path

    def get(self, path: str, **params: Any) -> Any:
        """What the API says."""
        answer = httpx.get(f"{self.address}api/v1/{path}", params=params, timeout=60)
        answer.raise_for_status()
        return answer.json()

    def until(self, path: str, **params: Any) -> Any:
        """What the API says once its job is done."""
        return self._over("GET", path, params=params)

    def post(self, path: str, body: dict[str, Any]) -> Any:
        """What the API says to a body, once its job is done."""
        token = self.get("session")["csrf"]
        return self._over("POST", path, json=body, headers={"x-csrf-token": token})

    def _over(self, method: str, path: str, **sent: Any) -> Any:
        with httpx.Client(base_url=f"{self.address}api/v1/", timeout=120) as client:
            answer = client.request(method, path, **sent)
            for _ in range(3):  # a job that does not end, or is cancelled, ends the waiting too
                if answer.status_code == 202:
                    client.get(f"jobs/{answer.json()['id']}/events")
                    answer = client.request(method, path, **sent)
            assert answer.status_code != 202, answer.text
            answer.raise_for_status()
            return answer.json()


Serve = Callable[..., AbstractContextManager[Served]]


@pytest.fixture(scope="package")
def serve() -> Serve:
    """Function that serves a folder by the command line, on a free port."""

    @contextmanager
    def served(folder: Path, *options: str, env: dict[str, str] | None = None) -> Iterator[Served]:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "mispredict", "serve", "--no-open", "--port", "0"),
                *("--workspace", str(folder), *options),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=os.environ | {"PYTHONUNBUFFERED": "1"} | (env or {}),
        )
        assert process.stdout is not None
        end = threading.Timer(120, process.kill)
        end.start()
        rest = threading.Thread(target=process.stdout.read, daemon=True)
        said = ""
        try:
            while not (found := re.search(r"http://[\w.]+:\d+/[\w/]*?(?=e/|\s|$)", said)):
                line = process.stdout.readline()
                assert line, f"the server said no address:\n{said}"
                said += line
            end.cancel()
            rest.start()  # so that what it logs never fills the pipe, where it would wait for ever
            yield Served(found.group(), folder)
        finally:
            end.cancel()
            process.terminate()
            process.wait(60)
            if rest.is_alive():
                rest.join(60)
            process.stdout.close()

    return served


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """The machine's Chromium, without a window."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip("there is no Chromium: make test installs it where it may")
    if not BUNDLE.exists():
        pytest.skip("the pages are not built: make ui")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=QUIET)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page whose faults fail the test: nothing may be said to the console."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    page.set_default_timeout(WAIT_MS)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.faults = faults  # type: ignore[attr-defined]
    yield page
    context.close()
    assert not faults, faults


def demo(folder: Path, name: str) -> Path:
    """The workspace of a demo, made by the command line; skips where there is no way out."""
    done = subprocess.run(
        [sys.executable, "-m", "mispredict", "demo", name, "--no-serve", "-w", str(folder)],
        capture_output=True,
        text=True,
        cwd=folder.parent,
        timeout=240,
        check=False,
    )
    if done.returncode and "could not be downloaded" in done.stderr:
        pytest.skip(done.stderr)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="package")
def churn_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return demo(tmp_path_factory.mktemp("churn") / "ws", "churn")


@pytest.fixture(scope="package")
def churn(churn_folder: Path, serve: Serve) -> Iterator[Served]:
    """Customers who leave: two models, 2,818 rows."""
    with serve(churn_folder) as served:
        yield served


@pytest.fixture
def shot(page: Page, tmp_path: Path) -> Callable[[str], Path]:
    """Function that takes a picture of the page, for the documents where asked."""

    def take(name: str) -> Path:
        folder = Path(SHOTS) if SHOTS else tmp_path
        path = folder / f"{name}.png"
        page.screenshot(path=path)
        return path

    return take


def settled(page: Page) -> str:
    """The cohort that all panels of Explore show, once they do."""
    page.locator("html[data-settled]").wait_for(state="attached")
    return str(page.locator("html").get_attribute("data-settled"))


__all__ = ["Serve", "Served", "demo", "json", "settled"]
