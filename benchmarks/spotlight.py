"""Renumics Spotlight on the same rows in the same browser, for benchmarks/workspace.py."""

from __future__ import annotations

import re
import subprocess
import time
from pathlib import Path
from typing import Any

SERVE = """
import sys
import pandas as pd
from renumics import spotlight
frame = pd.read_parquet(sys.argv[1] + "/data.parquet")
view = spotlight.show(frame, port="auto", no_browser=True, wait=False, analyze=False)
print(f"http://{view.host}:{view.port}/", flush=True)
input()
"""
LIMIT_S = 180


def time_spotlight(browser: Any, python: str, folder: Path) -> dict[str, float | str]:
    """Seconds to its first table and megabytes of its process; why not, where it fails."""
    from playwright.sync_api import Error

    start = time.perf_counter()
    server = subprocess.Popen(
        [python, "-c", SERVE, str(folder)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    try:
        assert server.stdout is not None
        address = next((line for line in server.stdout if line.startswith("http")), "")
        if not address:
            return {"failed": "no server"}
        page.goto(address.strip(), timeout=LIMIT_S * 1000)
        page.get_by_text("value 1", exact=True).first.wait_for(timeout=LIMIT_S * 1000)
        took = time.perf_counter() - start
        return {"first view s": took, "memory MB": _family_mb(server.pid)}
    except Error as error:
        return {"failed": type(error).__name__, "after s": time.perf_counter() - start}
    finally:
        page.close()
        server.kill()


def _family_mb(pid: int) -> float:
    """Peak resident megabytes of the process and its children."""
    pids = [pid]
    for line in subprocess.run(
        ["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True
    ).stdout.splitlines():
        child, parent = map(int, line.split())
        if parent in pids:
            pids.append(child)
    peaks = []
    for item in pids:
        status = Path(f"/proc/{item}/status")
        found = re.search(r"VmHWM:\s+(\d+)", status.read_text()) if status.exists() else None
        peaks.append(int(found.group(1)) / 1024 if found else 0.0)
    return sum(peaks)
