"""Starting the worker."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_WORKER = Path(__file__).with_name("worker.py")


def start(command: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(_WORKER), command, *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def answer(command: str, *arguments: object) -> list[str]:
    """Lines that the worker says."""
    with start(command, *arguments) as process:
        said, _ = process.communicate(timeout=120)
    return said.splitlines()
