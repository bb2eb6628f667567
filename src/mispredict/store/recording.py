"""What a version remembers of how it came to be: who, with which code, where, at what cost."""

from __future__ import annotations

import getpass
import os
import platform
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import MappingProxyType

_PACKAGES = (
    "mispredict",
    "numpy",
    "pandas",
    "polars",
    "pyarrow",
    "duckdb",
    "numba",
    "scipy",
    "scikit-learn",
    "xgboost",
    "lightgbm",
    "catboost",
    "torch",
    "tensorflow",
    "transformers",
    "onnxruntime",
    "mlflow",
    "mlflow-skinny",
)


@dataclass(frozen=True, slots=True)
class Code:
    """The git commit of the working folder; `is_dirty` when tracked files differ from it."""

    commit: str
    is_dirty: bool


@dataclass(frozen=True, slots=True)
class Usage:
    """What a run used; the peak is that of the process up to the run's end, 0 where unknown."""

    wall_s: float = 0.0
    cpu_s: float = 0.0
    peak_memory_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Recording:
    """Who made a version, with which code and in which environment."""

    created_by: str = ""
    code: Code | None = None
    environment: Mapping[str, str] = field(default_factory=dict)


def _cpu_s() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


@dataclass(slots=True)
class Meter:
    """A running measurement; `usage` is what was used so far, or until the block ended."""

    _wall: float = field(default_factory=time.perf_counter)
    _cpu: float = field(default_factory=_cpu_s)
    _final: Usage | None = None

    @property
    def usage(self) -> Usage:
        return self._final or self._now()

    def stop(self) -> Usage:
        self._final = self.usage
        return self._final

    def _now(self) -> Usage:
        wall = time.perf_counter() - self._wall
        return Usage(round(wall, 6), round(_cpu_s() - self._cpu, 6), _peak_memory_bytes())


@contextmanager
def meter() -> Iterator[Meter]:
    """Measure the block: wall time, CPU time of this process and its finished children, memory.

    Example:
        >>> with meter() as run:
        ...     _ = sum(range(1000))
        >>> run.usage.wall_s >= 0
        True
    """
    running = Meter()
    try:
        yield running
    finally:
        running.stop()


def capture(folder: Path | None = None) -> Recording:
    """The recording of this moment; the code is that of `folder`, by default the current one."""
    return Recording(user(), code(folder), dict(environment()))


def user() -> str:
    """Name of the account; "" where the system does not know."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return ""


def code(folder: Path | None = None, *, timeout_s: float = 2.0) -> Code | None:
    """Commit of the folder's repository; None without git, repository, commit or in time."""
    command = ["git", "status", "--porcelain=v2", "--branch", "--untracked-files=no"]
    quiet = {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
    try:
        answer = subprocess.run(
            command,
            cwd=folder or Path.cwd(),
            env={**os.environ, **quiet},
            capture_output=True,
            timeout=timeout_s,
            check=True,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return _parse_status(answer.stdout.decode("utf-8", "replace"))


@cache
def environment() -> MappingProxyType[str, str]:
    """Versions of Python, the platform and the libraries that decide results."""
    found = {"python": platform.python_version(), "platform": platform.platform()}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return MappingProxyType(found)


def _parse_status(text: str) -> Code | None:
    lines = text.splitlines()
    commits = [line.split()[-1] for line in lines if line.startswith("# branch.oid ")]
    if not commits or commits[0] == "(initial)":
        return None
    return Code(commits[0], any(line and not line.startswith("#") for line in lines))


def _peak_memory_bytes() -> int:
    try:
        import resource
    except ImportError:  # Windows
        return 0
    import sys

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(peak if sys.platform == "darwin" else peak * 1024)
