"""A copy of the pages' builder beside small sources, and a Node that is a script."""

from __future__ import annotations

import importlib.util
import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = {"name": "pages", "scripts": {"build": "any"}}
LOCK = {"packages": {"": PACKAGE, "node_modules/a": {"version": "1.0.0", "integrity": "sha512-a"}}}

Program = Callable[[str, str], None]


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Program:
    """Function that puts a shell script on an else empty PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("sh", "mkdir", "cp", "touch"):
        found = shutil.which(name)
        assert found is not None
        (folder / name).symlink_to(found)
    monkeypatch.setenv("PATH", str(folder))

    def add(name: str, script: str) -> None:
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o755)

    return add


@pytest.fixture
def node(programs: Program) -> Program:
    """Node and npm, whose `ci` installs what the lock says and whose `run build` writes pages."""
    programs("node", "echo v22.20.0")
    programs(
        "npm",
        """
        if [ "$1" = --version ]; then echo 11.1.0; exit; fi
        echo "$@" >> npm.calls.md
        if [ "$1" = ci ]; then
          mkdir -p node_modules && cp package-lock.json node_modules/.package-lock.json; exit
        fi
        mkdir -p "$MISPREDICT_BUNDLE/export" && cp page.html "$MISPREDICT_BUNDLE/index.html"
        touch "$MISPREDICT_BUNDLE/export/app.js" "$MISPREDICT_BUNDLE/export/app.css"
        """,
    )
    return programs


@pytest.fixture
def bundle(tmp_path: Path) -> ModuleType:
    """The builder in a folder of its own, with one page to build."""
    ui = tmp_path / "project" / "ui"
    (ui / "src").mkdir(parents=True)
    (tmp_path / "project" / "src" / "mispredict" / "server").mkdir(parents=True)
    (ui / "package.json").write_text(json.dumps(PACKAGE))
    (ui / "package-lock.json").write_text(json.dumps(LOCK))
    (ui / "page.html").write_text("first")
    path = shutil.copy(ROOT / "ui" / "bundle.py", ui / "bundle.py")
    spec = importlib.util.spec_from_file_location("bundle_of_test", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module
