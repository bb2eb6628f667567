"""Starting the worker."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_WORKER = Path(__file__).with_name("worker.py")


class Worker(subprocess.Popen[str]):
    """A process that is killed at the end of its `with`, if it has not ended."""

    def __exit__(self, *error: object) -> None:
        self.kill()
        super().__exit__(*error)  # type: ignore[arg-type]


def start(command: str, *arguments: object) -> Worker:
    return Worker(
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
