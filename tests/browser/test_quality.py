"""What a page audit would look at: how much is loaded, from where, how still the page stands."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Response

from .conftest import SHOTS, Served
from .test_screens import SCREENS

pytestmark = pytest.mark.slow
AUDITED = ("home", "overview", "explore", "row", "slices", "priorities")
MOST_BYTES = 600_000  # of scripts and styles of the first screen, compressed
MOST_SHIFT = 0.1  # layout shift that counts as good: https://web.dev/articles/cls
WATCH = """
window.requestIdleCallback = () => 0  // other screens are fetched when nothing else is to do
window.shift = 0
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value
}).observe({ type: "layout-shift", buffered: true })
"""
ASK = """() => ({
  shift: window.shift,
  painted: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0,
  doctype: document.doctype?.name ?? "",
  language: document.documentElement.lang,
  title: document.title,
  viewport: document.querySelector("meta[name=viewport]")?.content ?? "",
  description: document.querySelector("meta[name=description]")?.content ?? "",
  charset: document.characterSet,
  headings: document.querySelectorAll("h1").length,
  unnamed: [...document.querySelectorAll("img:not([alt])")].length,
  wide: document.documentElement.scrollWidth > document.documentElement.clientWidth,
})"""


@dataclass
class Loaded:
    """What the browser fetched of a page."""

    hosts: set[str]
    bytes: int
    insecure: list[str]


@pytest.mark.parametrize("width", [1440, 360])
@pytest.mark.parametrize("screen", AUDITED)
def test_a_page_passes_an_audit(
    screen: str, width: int, page: Page, churn: Served, tmp_path: Path
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.add_init_script(WATCH)
    loaded = watch(page)
    page.goto(churn.address + SCREENS[screen])
    page.wait_for_load_state("networkidle")
    said = page.evaluate(ASK)
    record(tmp_path, screen, width, said | {"kilobytes": round(loaded.bytes / 1000)})
    assert loaded.hosts == {urlsplit(churn.address).netloc}
    assert not loaded.insecure
    assert loaded.bytes < MOST_BYTES
    assert said["shift"] < MOST_SHIFT
    assert (said["doctype"], said["language"], said["charset"]) == ("html", "en", "UTF-8")
    assert said["title"] and said["description"] and "width=device-width" in said["viewport"]
    assert said["headings"] == 1
    assert said["unnamed"] == 0
    assert not said["wide"]


def watch(page: Page) -> Loaded:
    """Counts what the page fetches until it stands; scripts that come later do not count."""
    loaded = Loaded(set(), 0, [])
    needed = ("content-security-policy", "x-content-type-options", "referrer-policy")

    def add(response: Response) -> None:
        address = urlsplit(response.url)
        if address.scheme == "data":
            return
        loaded.hosts.add(address.netloc)
        if "/assets/" in address.path:
            loaded.bytes += int(response.headers.get("content-length", 0))
        if response.request.is_navigation_request():
            loaded.insecure += [name for name in needed if name not in response.headers]

    page.on("response", add)
    return loaded


def record(folder: Path, screen: str, width: int, figures: dict[str, Any]) -> None:
    """Keeps the figures, beside the pictures where those are kept."""
    path = (Path(SHOTS) if SHOTS else folder) / "audit.json"
    known = json.loads(path.read_text()) if path.exists() else {}
    known[f"{screen} {width}"] = figures
    path.write_text(json.dumps(known, indent=2))
