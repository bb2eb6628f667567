"""The web pages are built where they changed, whole or not at all, with a Node that fits."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="programs are shell scripts here")


def calls(bundle: ModuleType) -> list[str]:
    """What npm was called for so far."""
    path = Path(bundle.UI / "npm.calls.md")
    return path.read_text().splitlines() if path.exists() else []


def page(bundle: ModuleType) -> str:
    return str((bundle.BUNDLE / "index.html").read_text())


def leftovers(bundle: ModuleType) -> list[str]:
    return [path.name for path in (bundle.ROOT / "build").iterdir() if path.name != "ui.lock"]


def test_pages_are_built_once(bundle: ModuleType, node: Any) -> None:
    said: list[str] = []
    assert bundle.build(say=said.append)
    assert page(bundle) == "first"
    assert [call.split()[0] for call in calls(bundle)] == ["ci", "run"]
    assert said[0].startswith("Installing")
    assert said[-1].startswith("Built the web pages")
    assert not bundle.build()
    assert len(calls(bundle)) == 2
    assert leftovers(bundle) == []


@pytest.mark.parametrize(
    ("name", "is_source"),
    [
        pytest.param("page.html", True, id="a page"),
        pytest.param("src/new.tsx", True, id="a new module"),
        pytest.param("package.json", True, id="the scripts"),
        pytest.param("src/new.test.ts", False, id="a test"),
        pytest.param("README.md", False, id="a text for people"),
        pytest.param("node_modules/a/index.js", False, id="a library"),
    ],
)
def test_only_changed_sources_are_built(
    name: str, is_source: bool, bundle: ModuleType, node: Any
) -> None:
    bundle.build()
    path = bundle.UI / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"name": "changed"}))
    assert bundle.build() is is_source


def test_libraries_are_installed_when_the_lock_changes(bundle: ModuleType, node: Any) -> None:
    bundle.build()
    lock = json.loads((bundle.UI / "package-lock.json").read_text())
    lock["packages"]["node_modules/a"]["integrity"] = "sha512-b"
    (bundle.UI / "package-lock.json").write_text(json.dumps(lock))
    assert not bundle.has_libraries()
    bundle.build()
    assert bundle.has_libraries()
    assert [call.split()[0] for call in calls(bundle)] == ["ci", "run"] * 2


def test_libraries_of_other_systems_need_not_be_there(bundle: ModuleType, node: Any) -> None:
    bundle.build()
    lock = json.loads((bundle.UI / "package-lock.json").read_text())
    lock["packages"]["node_modules/b"] = {"version": "1.0.0", "optional": True}
    (bundle.UI / "package-lock.json").write_text(json.dumps(lock))
    assert bundle.has_libraries()


@pytest.mark.parametrize(
    ("script", "said"),
    [
        pytest.param(
            'mkdir "$MISPREDICT_BUNDLE"; echo type error; exit 1', "type error", id="fails"
        ),
        pytest.param('mkdir "$MISPREDICT_BUNDLE"', "index.html", id="writes no page"),
    ],
)
def test_a_failed_build_changes_nothing(
    script: str, said: str, bundle: ModuleType, node: Any
) -> None:
    bundle.build()
    (bundle.UI / "page.html").write_text("second")
    node("npm", f'[ "$1" = --version ] && echo 11.1.0 && exit; {script}')
    with pytest.raises(bundle.CannotBuild, match=said):
        bundle.build()
    assert page(bundle) == "first"
    assert not bundle.is_current()
    assert leftovers(bundle) == []


def test_a_bundle_without_its_page_is_built_again(bundle: ModuleType, node: Any) -> None:
    bundle.build()
    (bundle.BUNDLE / "index.html").unlink()
    assert bundle.build()


@pytest.mark.parametrize(
    ("node_says", "npm_says"),
    [
        pytest.param("v18.20.0", "11.1.0", id="old node"),
        pytest.param("v20.18.3", "11.1.0", id="node of a minor too old"),
        pytest.param("v22.20.0", "10.9.0", id="old npm"),
        pytest.param("v22.20.0", "no number", id="npm that is none"),
    ],
)
def test_where_no_node_fits_and_none_comes_people_are_told(
    node_says: str,
    npm_says: str,
    bundle: ModuleType,
    programs: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    programs("node", f"echo {node_says}")
    programs("npm", f"echo {npm_says}")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    with pytest.raises(bundle.CannotBuild, match="make ui") as caught:
        bundle.build(say=lambda text: None)
    assert "Node 20.19 and npm 11" in str(caught.value)
    assert leftovers(bundle) == []
    assert not bundle.BUNDLE.exists()


def test_a_script_ends_as_it_ends(bundle: ModuleType, node: Any) -> None:
    node("npm", '[ "$1" = --version ] && echo 11.1.0; [ "$3" = check ] && exit 7; exit 0')
    command = [sys.executable, str(bundle.UI / "bundle.py"), "check"]
    assert subprocess.run(command, check=False).returncode == 7


def test_what_cannot_be_built_is_told_without_a_traceback(bundle: ModuleType, node: Any) -> None:
    node("npm", '[ "$1" = --version ] && echo 11.1.0 && exit; echo broken; exit 1')
    command = [sys.executable, str(bundle.UI / "bundle.py")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "broken" in done.stderr
    assert "Traceback" not in done.stderr
