"""The web workspace in a real browser, and under many people: 1 M rows × 24 columns.

    python benchmarks/workspace.py [rows] [--spotlight PYTHON]

Prints, from one run: a cold start of the server until the first view is painted; from a click
on a bar until all panels are painted again; from a jump to row 90 % until it is painted; twenty
people at once over HTTP; and the server's memory. `--spotlight` names the Python of an
environment with Renumics Spotlight, which is then timed on the same rows in the same browser.
Beside the clicks stands the physical limit: one pass of the compiled loop that counts.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
from ingest import make
from spotlight import time_spotlight

CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
CLICKS = 60
FIRST_CLICKS = 8  # each after a page was loaded
LOOK_MS = 300  # nobody clicks before they have looked
PEOPLE = 20
ACTIONS = 15  # of each of them
PLACE = "e/model@1/big@1"

# Resolves with the milliseconds from the click until the panels settled and were painted.
CLICK = """
(at) => new Promise((resolve, reject) => {
  const bars = document.querySelectorAll("[data-bar]")
  const bar = bars[Math.floor(at * bars.length)]
  const root = document.documentElement
  const before = root.dataset.settled
  const start = performance.now()
  const watch = new MutationObserver(() => {
    if (root.dataset.settled === before) return
    watch.disconnect()
    requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - start)))
  })
  watch.observe(root, { attributes: true, attributeFilter: ["data-settled"] })
  setTimeout(() => reject(new Error("the panels did not settle within 20 s")), 20000)
  bar.dispatchEvent(new MouseEvent("click", { bubbles: true }))
})
"""


def build(folder: Path, rows: int) -> None:
    """A workspace with one evaluation of the rows."""
    import mispredict as mp

    make(folder, rows)
    with mp.open(folder / "ws") as workspace:
        workspace.add_dataset("big", folder / "data.parquet", label="y", id="id")
        workspace.add_predictions("model", "big", folder / "predictions.parquet")


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The address and the process of a server that was just started."""
    command = [sys.executable, "-m", "mispredict", "serve", "--no-open", "--port", "0"]
    server = subprocess.Popen(
        [*command, "--workspace", str(folder / "ws")],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    try:
        assert server.stdout is not None
        for line in server.stdout:
            found = re.search(r"http://[\d.]+:\d+/", line)
            if found:
                yield found.group(), server
                break
        else:
            raise SystemExit("the server said no address")
    finally:
        server.terminate()
        server.wait(timeout=20)


def memory_mb(pid: int) -> float:
    """Resident megabytes of the process at its peak."""
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+)", status)
    return int(found.group(1)) / 1024 if found else float("nan")


def quantiles(times: Sequence[float]) -> dict[str, float]:
    ordered = sorted(times)
    at = min(len(ordered) - 1, round(0.95 * len(ordered)))
    return {"median": statistics.median(ordered), "p95": ordered[at], "n": len(ordered)}


def first_view(browser: Any, folder: Path) -> float:
    """Seconds from starting the server's process to the painted headline of the overview."""
    page = browser.new_page()
    start = time.perf_counter()
    with served(folder) as (address, _):
        page.goto(f"{address}{PLACE}/overview", wait_until="commit")
        page.locator("[data-part=headline]").wait_for(timeout=300_000)
        took = time.perf_counter() - start
    page.close()
    return took


def clicks(page: Any, address: str) -> tuple[list[float], list[float]]:
    """Milliseconds of clicks on bars of all columns, each narrowing the rows further.

    After four filters all are cleared, as people do it. The second list has the first clicks
    after the page was loaded, whose code the browser has not compiled yet.
    """
    choose, first, times = random.Random(0), [], []
    for _ in range(FIRST_CLICKS):
        page.goto(f"{address}{PLACE}/explore")
        page.locator("html[data-settled]").wait_for(state="attached")
        page.wait_for_load_state("networkidle")
        first.append(click(page, choose))
    while len(times) < CLICKS:
        if len(times) % 4 == 0:
            page.get_by_role("button", name="Clear all filters").click()
            page.locator('html[data-settled=""]').wait_for(state="attached")
        times.append(click(page, choose))
    return times, first


def click(page: Any, choose: random.Random) -> float:
    page.wait_for_timeout(LOOK_MS)
    return float(page.evaluate(CLICK, choose.random()))


def jumps(page: Any, address: str, rows: int) -> list[float]:
    """Milliseconds until rows far down are painted, unsorted and sorted."""
    times = []
    for order in ("", "?order_by=loss+DESC"):
        page.goto(f"{address}{PLACE}/explore{order}")
        page.locator("html[data-settled]").wait_for(state="attached")
        for share in (0.9, 0.3, 0.99, 0.5, 0.75):
            target = int(rows * share)
            times.append(page.evaluate(JUMP, target))
    return times


# Scrolls the table to a row; milliseconds until its cells are painted.
JUMP = """
(target) => new Promise((resolve, reject) => {
  const start = performance.now()
  const look = () => {
    if (performance.now() - start > 20000) reject(new Error(`row ${target} was not painted`))
    const row = document.querySelector(`[data-position="${target}"][data-loaded]`)
    if (row) requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - start)))
    else requestAnimationFrame(look)
  }
  window.dispatchEvent(new CustomEvent("mp-go-to-row", { detail: target }))
  look()
})
"""


async def people(address: str, rows: int) -> tuple[list[float], int]:
    """Milliseconds of each action of twenty people who work at once, and how many failed.

    Each looks at the overview, filters, sorts, scrolls and opens rows, with a second of thought
    between, as one who works fast does.
    """
    import httpx

    failed, times = 0, []

    async def person(number: int) -> None:
        nonlocal failed
        choose = random.Random(number)
        async with httpx.AsyncClient(base_url=f"{address}api/v1/evaluations/model@1/big@1/") as ask:
            for _ in range(ACTIONS):
                await asyncio.sleep(choose.uniform(0.5, 1.5))
                start = time.perf_counter()
                answers = await asyncio.gather(
                    *(
                        ask.get(path, params=params, timeout=30)
                        for path, params in act(choose, rows)
                    )
                )
                times.append(1e3 * (time.perf_counter() - start))
                failed += any(answer.status_code >= 400 for answer in answers)

    await asyncio.gather(*(person(number) for number in range(PEOPLE)))
    return times, failed


def act(choose: random.Random, rows: int) -> list[tuple[str, dict[str, Any]]]:
    """The requests of one action of a person."""
    column, low = choose.randrange(12), choose.uniform(-1.5, 0.5)
    where = f"number_{column} > {low:.2f} AND category_{choose.randrange(10)} = 'value 1'"
    kind = choose.random()
    if kind < 0.6:
        return [("explore", {"where": where}), ("rows", {"where": where, "limit": 100})]
    if kind < 0.8:
        order = choose.choice(["loss DESC", "confidence", f"number_{column}"])
        return [("rows", {"order_by": order, "offset": choose.randrange(rows), "limit": 100})]
    if kind < 0.9:
        return [("metrics", {"where": where}), ("confusion", {"where": where})]
    return [(f"rows/{choose.randrange(rows)}", {})]


def floor_ms(rows: int) -> float:
    """Milliseconds of the bare loop: counts and errors of 24 columns of bytes under a mask."""
    import numpy as np

    from mispredict.engine.kernels.marginals import count_marks, mark_rows

    draw = np.random.default_rng(0)
    columns = [draw.integers(0, 40, rows).astype(np.uint8) for _ in range(24)]
    mask, wrong = draw.random(rows) < 0.3, draw.random(rows) < 0.2
    times = []
    for _ in range(9):
        start = time.perf_counter()
        count_marks(columns, [40] * 24, mark_rows(mask, wrong))
        times.append(1e3 * (time.perf_counter() - start))
    return statistics.median(times[2:])


def main(rows: int, spotlight: str | None) -> dict[str, Any]:
    from playwright.sync_api import sync_playwright

    found: dict[str, Any] = {"rows": rows}
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        build(folder, rows)
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        found["very first view s"] = first_view(browser, folder)  # nothing is known yet
        found["first view s"] = statistics.median(first_view(browser, folder) for _ in range(3))
        with served(folder) as (address, server):
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            times, first = clicks(page, address)
            found["click ms"] = quantiles(times)
            found["first click ms"] = quantiles(first)
            found["jump ms"] = quantiles(jumps(page, address, rows))
            page.close()
            with ThreadPoolExecutor(1) as thread:  # the browser's own loop runs in this one
                times, failed = thread.submit(asyncio.run, people(address, rows)).result()
            found["20 people ms"] = quantiles(times) | {"failed": failed}
            found["memory MB"] = memory_mb(server.pid)
        found["floor ms"] = floor_ms(rows)
        if spotlight:
            found["spotlight"] = time_spotlight(browser, spotlight, folder)
        browser.close()
    return found


def show(found: dict[str, Any]) -> None:
    print(json.dumps(found, indent=2, default=lambda value: round(value, 1)))
    ratio = found["click ms"]["median"] / found["floor ms"]
    print(f"a click is {ratio:.1f} × the bare loop over the same cells")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", nargs="?", type=float, default=1e6)
    parser.add_argument("--spotlight", help="a Python with renumics-spotlight")
    arguments = parser.parse_args()
    show(main(int(arguments.rows), arguments.spotlight))
