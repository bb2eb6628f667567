"""The files of examples/ci work, and the guide shows them as they are."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples" / "ci"
GUIDE = ROOT / "docs" / "guide" / "checks.md"
Run = Callable[..., Any]


@pytest.fixture
def checkout(empty: Path) -> Path:
    """What a repository with a model has: the example's suite, data and predictions."""
    shutil.copytree(EXAMPLES / "suites", empty / "suites")
    script = "import example_data, pathlib; example_data.write(pathlib.Path())"
    path = {"PYTHONPATH": str(ROOT / "docs")}
    subprocess.run([sys.executable, "-c", script], cwd=empty, env=path, timeout=120, check=True)
    return empty


def commands() -> Iterator[list[str]]:
    """The commands of ours that the workflow runs."""
    workflow = yaml.safe_load((EXAMPLES / "github-actions.yml").read_text("utf-8"))
    for step in workflow["jobs"]["checks"]["steps"]:
        program, *arguments = shlex.split(step.get("run", "-"))
        if program == "mispredict":
            yield arguments


def test_the_workflow_runs(run: Run, checkout: Path) -> None:
    asked = list(commands())
    assert [arguments[0] for arguments in asked] == ["add", "add", "test"]
    answers = [run(*arguments) for arguments in asked]
    assert [answer.code for answer in answers] == [0, 0, 0], answers[-1].out
    assert ElementTree.parse(checkout / "junit.xml").getroot().get("tests") == "4"
    assert (checkout / "checks.md").read_text("utf-8").startswith("## ✅ churn-gate")
    notes = [line for line in answers[-1].out.splitlines() if line.startswith("::")]
    assert notes[0].startswith("::warning file=suites/churn.suite.yaml,line=11,col=5,title=seniors")


def test_the_workflow_fails_for_a_model_that_is_not_good_enough(run: Run, checkout: Path) -> None:
    for arguments in commands():
        extra = ["--set", "floor=0.99"] if arguments[0] == "test" else []
        answer = run(*arguments, *extra)
    assert answer.code == 1


def test_the_hook_of_pre_commit_reads_the_files_it_is_given(run: Run, checkout: Path) -> None:
    text = (EXAMPLES / "pre-commit-config.yaml").read_text("utf-8")
    (repository,) = yaml.safe_load(text)["repos"]
    (hook,) = repository["hooks"]
    assert re.search(hook["files"], "suites/churn.suite.yaml")
    program, *arguments = shlex.split(hook["entry"])
    assert program == "mispredict"
    assert run(*arguments, "suites/churn.suite.yaml").code == 0
    path = checkout / "suites" / "churn.suite.yaml"
    path.write_text(path.read_text("utf-8").replace("min:", "mim:"), encoding="utf-8")
    assert run(*arguments, "suites/churn.suite.yaml").code == 2


@pytest.mark.parametrize(
    "name", ["github-actions.yml", "pre-commit-config.yaml", "suites/churn.suite.yaml"]
)
def test_the_guide_shows_the_files_as_they_are(name: str) -> None:
    text = (EXAMPLES / name).read_text("utf-8")
    assert f"```yaml\n{text}```" in GUIDE.read_text("utf-8")
