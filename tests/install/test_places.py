"""No file of the project says where a registry is: those who install know theirs."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCK = ROOT / "ui" / "package-lock.json"
HOSTS = [r"registry\.[a-z]+js", r"registry\.[a-z]+pkg", r"pypi\.(org|python)", r"python" + "hosted"]


def tracked() -> list[Path]:
    """Files of the project, or nothing where it is not under version control."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name]


def test_no_file_names_a_registry() -> None:
    found = []
    for path in tracked():
        if not path.is_file():
            continue
        text = path.read_bytes().decode("utf-8", errors="ignore")
        found += [f"{path.name}: {host}" for host in HOSTS if re.search(host, text)]
    assert not found


def test_the_lock_of_the_pages_names_no_place() -> None:
    packages = json.loads(LOCK.read_text())["packages"]
    assert len(packages) > 100
    assert not [name for name, item in packages.items() if "resolved" in item]
    assert all("integrity" in item for name, item in packages.items() if name)


def test_npm_is_told_to_leave_places_out() -> None:
    lines = (ROOT / "ui" / ".npmrc").read_text().splitlines()
    assert "omit-lockfile-registry-resolved=true" in lines
    assert not [line for line in lines if line.split("=")[0].strip() == "registry"]


@pytest.mark.parametrize("parts", [("registry", "npmjs", "org"), ("pypi", "org")], ids=".".join)
def test_places_would_be_seen(parts: tuple[str, ...]) -> None:
    assert any(re.search(pattern, ".".join(parts)) for pattern in HOSTS)
