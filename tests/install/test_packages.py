"""What people install: the wheel holds the built pages, the source archive what they come from."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import urllib.request
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NEEDED = ("CONTRIBUTING.md", "LICENSE", "Makefile", "README.md", "hatch_build.py", "pyproject.toml",
          "requirements.lock", "requirements.oldest")  # fmt: skip
FOLDERS = ("src", "tests", "ui", "docs", "benchmarks", ".ci")
BUILT = ("__pycache__", "node_modules", "bundle", ".vite", "*.pyc")
_SDIST = """
import sys
from hatchling.build import build_sdist
print(build_sdist(sys.argv[1]))
"""

pytestmark = pytest.mark.slow


def ran(*command: str | Path, cwd: Path, **environment: str) -> str:
    """What the command says; the test is skipped where the package index is out of reach."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**os.environ, "MISPREDICT_SKIP_UI": "", **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    said = done.stdout + done.stderr
    if done.returncode and "No matching distribution" in said:
        pytest.skip("no package index to fetch the build's tools from")
    assert done.returncode == 0, said
    return said


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project as it is under version control."""
    folder = tmp_path_factory.mktemp("tree") / "project"
    folder.mkdir()
    for name in FOLDERS:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns(*BUILT))
    for name in (*NEEDED, "CHANGELOG.md", ".gitignore"):
        shutil.copy(ROOT / name, folder / name)
    return folder


@pytest.fixture(scope="module")
def wheel(tree: Path) -> Path:
    """The wheel, built by pip as it is for those who install."""
    ran(sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", "dist", ".", cwd=tree)
    [found] = (tree / "dist").glob("*.whl")
    with zipfile.ZipFile(found) as archive:
        if "mispredict/server/bundle/index.html" not in archive.namelist():
            said = ran(sys.executable, "ui/bundle.py", cwd=tree)
            pytest.skip(f"the pages cannot be built here: {said}")
    return found


def test_a_wheel_holds_the_built_pages_and_not_their_sources(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        page = archive.read("mispredict/server/bundle/index.html").decode()
    assert any(name.startswith("mispredict/server/bundle/assets/") for name in names)
    assert "<script" in page
    assert "mispredict/server/app.py" in names
    tops = {name.split("/")[0] for name in names}
    assert {name for name in tops if not name.endswith(".dist-info")} == {"mispredict"}
    assert not [name for name in names if name.endswith((".ts", ".tsx", ".pyc"))]


def test_a_wheel_brings_the_plugin_of_pytest(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        [points] = [name for name in archive.namelist() if name.endswith("entry_points.txt")]
        text = archive.read(points).decode()
    assert "[pytest11]\nmispredict = mispredict.checks.pytest_plugin" in text


def test_an_installed_wheel_serves_the_built_pages(wheel: Path, tmp_path: Path) -> None:
    place = tmp_path / "fresh"
    venv.create(place, with_pip=False, symlinks=os.name != "nt")
    scripts = place / ("Scripts" if os.name == "nt" else "bin")
    [home] = place.glob("**/site-packages")
    # The libraries are those of here; a path file adds them after the fresh packages.
    (home / "here.pth").write_text(sysconfig.get_path("purelib"))
    install = ("-m", "pip", "--python", scripts / "python", "install", "-q", "--no-deps")
    ran(sys.executable, *install, wheel, cwd=tmp_path)
    process = subprocess.Popen(
        [scripts / "mispredict", "serve", "--port", "0", "--no-open"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        url = process.stdout.readline().split()[-1]
        page = _read(url)
        with zipfile.ZipFile(wheel) as archive:
            names = [n for n in archive.namelist() if "bundle/assets/" in n and n.endswith(".js")]
            asset = next(name for name in names if Path(name).name in page.decode())
            assert _read(f"{url}assets/{Path(asset).name}") == archive.read(asset)
    finally:
        process.kill()
        process.communicate()


def test_a_source_archive_holds_what_the_pages_are_built_from(tree: Path, tmp_path: Path) -> None:
    place = tmp_path / "tools"
    venv.create(place, with_pip=False, symlinks=os.name != "nt")
    python = place / ("Scripts" if os.name == "nt" else "bin") / "python"
    ran(sys.executable, "-m", "pip", "--python", python, "install", "-q", "hatchling", cwd=tmp_path)
    ran(python, "-c", _SDIST, tmp_path, cwd=tree)
    [archive] = tmp_path.glob("*.tar.gz")
    with tarfile.open(archive) as content:
        names = {name.partition("/")[2] for name in content.getnames()}
    assert {*NEEDED, "ui/package-lock.json", "ui/.npmrc", "ui/bundle.py", ".ci/run"} <= names
    assert "ui/src/main.tsx" in names
    assert not [name for name in names if "node_modules" in name or "server/bundle/" in name]


def test_an_install_whose_pages_cannot_be_built_goes_on(tree: Path, tmp_path: Path) -> None:
    copy = tmp_path / "project"
    shutil.copytree(tree, copy, ignore=shutil.ignore_patterns("dist", "build", *BUILT))
    (copy / "ui" / "package.json").write_text("no JSON")
    command = ("-m", "pip", "wheel", "-v", "--no-deps", "-w", "dist", ".")
    said = ran(sys.executable, *command, cwd=copy)
    assert "mispredict goes without its web pages" in said
    assert list((copy / "dist").glob("*.whl"))
    assert not (copy / "src" / "mispredict" / "server" / "bundle").exists()


def test_the_pages_can_be_left_out(tree: Path, tmp_path: Path) -> None:
    copy = tmp_path / "project"
    shutil.copytree(tree, copy, ignore=shutil.ignore_patterns("dist", "build", *BUILT))
    command = ("-m", "pip", "wheel", "-q", "--no-deps", "-w", "dist", ".")
    ran(sys.executable, *command, cwd=copy, MISPREDICT_SKIP_UI="1")
    [found] = (copy / "dist").glob("*.whl")
    with zipfile.ZipFile(found) as archive:
        assert not [name for name in archive.namelist() if "bundle/" in name]


def _read(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=60) as answer:
        return bytes(answer.read())
