"""Annotators on the screen: agreement, people, conflicts; one sentence where there are none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Page, expect

import mispredict as mp

from .conftest import Serve, Served

pytestmark = pytest.mark.slow
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
PEOPLE = "data/people@1?tab=labels"


@pytest.fixture(scope="module")
def voted(tmp_path_factory: pytest.TempPathFactory, serve: Serve) -> Iterator[Served]:
    rng = np.random.default_rng(1)
    truth = rng.random(400) < 0.4
    frame = pd.DataFrame({"size": rng.normal(size=400).round(2)})
    for name, error in (("anna", 0.05), ("bob", 0.08), ("carl", 0.3)):
        frame[name] = np.where(truth ^ (rng.random(400) < error), "yes", "no")
    frame["answer"] = frame["anna"]
    folder = tmp_path_factory.mktemp("voted") / "ws"
    with mp.open(folder) as workspace:
        people = ["anna", "bob", "carl"]
        workspace.add_dataset("people", frame, label="answer", annotations=people)
        workspace.add_dataset("plain", frame, label="answer")
    with serve(folder) as served:
        yield served


def test_people_are_weighed_and_conflicts_seen(voted: Served, page: Page) -> None:
    page.goto(f"{voted.address}{PEOPLE}")
    found = voted.until("datasets/people@1/consensus")
    panel = page.get_by_role("region", name="What annotators agree on")
    expect(panel.get_by_text(found["sentence"])).to_be_visible()
    expect(panel.get_by_text("Krippendorff's alpha: 3 annotators")).to_be_visible()
    worst = found["annotators"][-1]
    assert worst["annotator"] == "carl"
    expect(panel.get_by_text(worst["sentence"])).to_be_visible()
    panel.get_by_text("Votes counted").click()
    page.wait_for_url("**votes=majority*")
    panel.get_by_role("button", name="Rows here").click()
    expect(panel.get_by_text(f"1 to 10 of {found['disagreed']}")).to_be_visible()


def test_without_annotators_one_sentence_says_so(voted: Served, page: Page) -> None:
    page.goto(f"{voted.address}data/plain@1?tab=labels")
    panel = page.get_by_role("region", name="Annotators")
    expect(panel.get_by_text("No columns of plain@1 are known to hold")).to_be_visible()
    panel.get_by_label("Columns with one person's labels each").first.click()
    for name in ("anna", "bob"):
        page.get_by_role("option", name=name).click()
    expect(page.get_by_text("Cohen's kappa: anna, bob")).to_be_visible()


@pytest.mark.parametrize("width", [1440, 360])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_tab_is_accessible_and_fits(
    voted: Served, page: Page, scheme: Any, width: int, shot: Callable[[str], Path]
) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{voted.address}{PEOPLE}")
    page.get_by_text("Krippendorff's alpha").wait_for()
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = axe.Axe().run(page).response["violations"]
    assert not found, [(item["id"], [n["html"][:160] for n in item["nodes"][:3]]) for item in found]
    people = page.get_by_role("region", name="What annotators agree on")
    people.evaluate("part => part.scrollIntoView()")
    shot(f"data-annotators-{scheme}" + ("" if width == 1440 else "-narrow"))
