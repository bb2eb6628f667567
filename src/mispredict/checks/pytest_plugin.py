"""Suites as pytest items: one per check of each file NAME.suite.yaml.

Loaded by every pytest where mispredict is installed, so nothing of mispredict is imported before
there is a suite. The checks of a suite are run together when the first of them is due, so that
their model calls are united.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from mispredict.checks.suites.suite import Suite
    from mispredict.expectations.check import Check
    from mispredict.expectations.verdict import Verdict
    from mispredict.workspace import Workspace

_PATTERNS = ["*.suite.yaml", "*.suite.yml"]
_WORDS = re.compile(r"^(suite|checks?|include|parameters)\s*:", re.MULTILINE)
_OPTIONS = {
    "workspace": "folder of the workspace ($MISPREDICT_WORKSPACE, else .mispredict)",
    "model": "the model to test, if not the one that a suite names",
    "dataset": "the data to test it on, likewise",
    "baseline": "the model to compare with, likewise",
    "reference": "the data to compare with, likewise",
}
_OPENED = pytest.StashKey["Workspace"]()


class SuiteWarning(pytest.PytestWarning):
    """A check that only warns did not pass."""


class Failed(Exception):
    """A check did not pass."""

    def __init__(self, verdict: Verdict) -> None:
        self.verdict = verdict
        super().__init__(verdict.sentence)


class Hooks:
    """What a conftest.py may define."""

    @pytest.hookspec(firstresult=True)
    def pytest_mispredict_workspace(self, config: pytest.Config) -> Any:
        """The open workspace to run suites in, such as one with models of this process."""


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    pluginmanager.add_hookspecs(Hooks)


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("mispredict", "suites of checks of models")
    for name, words in _OPTIONS.items():
        group.addoption(f"--mispredict-{name}", metavar=name.upper(), default=None, help=words)
    group.addoption(
        "--mispredict-set",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        help="a parameter of suites; can be repeated",
    )
    patterns = "names of files that are suites of mispredict"
    parser.addini("mispredict_suites", patterns, type="args", default=_PATTERNS)
    for name, words in _OPTIONS.items():
        parser.addini(f"mispredict_{name}", words, default="")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> SuiteFile | None:
    patterns = parent.config.getini("mispredict_suites")
    if not any(fnmatchcase(file_path.name, pattern) for pattern in patterns):
        return None
    is_asked = parent.session.isinitpath(file_path)
    return (
        SuiteFile.from_parent(parent, path=file_path) if is_asked or _is_suite(file_path) else None
    )


class SuiteFile(pytest.File):
    """A suite: its checks are run together, once."""

    verdicts: dict[str, Verdict]
    suite: Suite

    def collect(self) -> Iterable[SuiteItem]:
        from mispredict.checks.suites.suite import Suite

        self.verdicts = {}
        self.suite = Suite.load(_shortest(self.path), self._parameters())
        for check in self.suite.checks:
            yield SuiteItem.from_parent(self, name=check.name, check=check)

    def verdict(self, check: Check) -> Verdict:
        """The verdict of a check; the first question runs all that were not deselected."""
        if check.name not in self.verdicts:
            items = (item for item in self.session.items if isinstance(item, SuiteItem))
            due = [item.check for item in items if item.parent is self]
            # Workers each run some of the items, and must not run those of the others.
            checks = [check] if hasattr(self.config, "workerinput") else due
            self._run(checks or [check])
        return self.verdicts[check.name]

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException]) -> Any:  # type: ignore[override]
        from mispredict import MispredictError

        if isinstance(excinfo.value, MispredictError):
            return str(excinfo.value)
        return super().repr_failure(excinfo)

    def _run(self, checks: list[Check]) -> None:
        from dataclasses import replace

        names = ("model", "dataset", "baseline", "reference")
        asked = {name: _given(self.config, name) for name in names}
        suite = replace(self.suite, checks=tuple(checks))
        run = _workspace(self.config).run(
            suite,
            model=asked["model"],
            data=asked["dataset"],
            baseline=asked["baseline"],
            reference=asked["reference"],
        )
        self.verdicts |= {row.check: row for row in run.rows}

    def _parameters(self) -> dict[str, Any]:
        """Those of the command line that the file has."""
        given = self.config.getoption("--mispredict-set")
        if not given:
            return {}
        from mispredict.checks.suites.files import read_suite_file
        from mispredict.checks.suites.parameters import parse_settings

        known = read_suite_file(self.path).parameters
        return {name: item for name, item in parse_settings(given).items() if name in known}


class SuiteItem(pytest.Item):
    """A check: a verdict that blocks is a failure, one that warns a warning."""

    parent: SuiteFile

    def __init__(self, *, check: Check, **options: Any) -> None:
        super().__init__(**options)
        self.check = check
        self.extra_keyword_matches.update((*check.tags, check.kind.name))

    def runtest(self) -> None:
        verdict = self.parent.verdict(self.check)
        for name in ("verdict", "value", "low", "high", "n", "bound", "seed"):
            self.user_properties.append((name, getattr(verdict, name)))
        if verdict.blocks:
            raise Failed(verdict)
        if not verdict.is_passed:
            self.warn(SuiteWarning(f"{verdict.check} ({verdict.verdict}): {verdict.sentence}"))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException]) -> Any:  # type: ignore[override]
        from mispredict import MispredictError

        error = excinfo.value
        if isinstance(error, MispredictError):
            return str(error)
        if not isinstance(error, Failed):
            return super().repr_failure(excinfo)
        from mispredict.checks.writing.words import example_lines, reason_of

        place = self.parent.suite.place(self.check.name)
        lines = [f"{error.verdict.verdict}: {reason_of(error.verdict)}"]
        lines += [f"  {line}" for line in example_lines(error.verdict)]
        return "\n".join([*lines, *([str(place)] if place is not None else [])])

    def reportinfo(self) -> tuple[Path, int | None, str]:
        place = self.parent.suite.place(self.check.name)
        line = place.line - 1 if place is not None else None
        return self.path, line, f"{self.parent.suite.name}: {self.name}"


def _is_suite(path: Path) -> bool:
    """Whether the file is one of ours: others may use the name for something else."""
    try:
        return _WORDS.search(path.read_text(encoding="utf-8-sig")) is not None
    except (OSError, UnicodeDecodeError):
        return False


def _given(config: pytest.Config, name: str) -> str | None:
    """The option of the command line, else of the configuration."""
    found = config.getoption(f"--mispredict-{name}") or config.getini(f"mispredict_{name}")
    return str(found) if found else None


def _workspace(config: pytest.Config) -> Workspace:
    """The workspace of the session: that of conftest.py, else the named folder."""
    if _OPENED not in config.stash:
        import mispredict

        made = config.hook.pytest_mispredict_workspace(config=config)
        opened: Workspace = made or mispredict.open(_folder(config), create=False)
        if made is None:
            config.add_cleanup(opened.close)
        config.stash[_OPENED] = opened
    return config.stash[_OPENED]


def _folder(config: pytest.Config) -> Path | None:
    """The folder that was named, in the configuration from where that is; None for the usual."""
    asked = config.getoption("--mispredict-workspace")
    if asked:
        return Path(str(asked))
    named = config.getini("mispredict_workspace")
    return config.rootpath / str(named) if named else None


def _shortest(path: Path) -> Path:
    """The path from the current folder where that is above it."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
