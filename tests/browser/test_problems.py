"""The loop on the screen: a finding becomes a problem, a version mends it, a later one does not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Page, expect

import mispredict as mp

from .conftest import Serve, Served

pytestmark = pytest.mark.slow
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
SENIORS = "age >= 60"
N = 900


def loans() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    ages = rng.integers(18, 80, N)
    return pd.DataFrame(
        {"id": np.arange(N), "age": ages, "paid": rng.choice(["no", "yes"], N, p=[0.4, 0.6])}
    )


def predictions(frame: pd.DataFrame, seniors: float) -> pd.DataFrame:
    """Answers that are wrong for this share of the old, and for one in twenty of the others."""
    share = np.where(frame["age"] >= 60, seniors, 0.05)
    is_wrong = np.random.default_rng(1).random(len(frame)) < share
    other = np.where(frame["paid"] == "no", "yes", "no")
    return pd.DataFrame({"id": frame["id"], "prediction": np.where(is_wrong, other, frame["paid"])})


@pytest.fixture
def lent(tmp_path: Path, serve: Serve) -> Iterator[Served]:
    """A model that is wrong about the old."""
    frame = loans()
    with mp.open(tmp_path / "ws") as workspace:
        workspace.add_dataset("loans", frame, label="paid", id="id")
        workspace.add_predictions("rule@1", "loans", predictions(frame, 0.5))
    with serve(tmp_path / "ws") as served:
        yield served


def next_version(served: Served, model: str, seniors: float) -> None:
    with mp.open(served.folder) as workspace:
        workspace.add_predictions(model, "loans", predictions(loans(), seniors))


def place(version: int) -> str:
    return f"e/rule@{version}/loans@1/problems"


def accessible(page: Page) -> None:
    found = axe.Axe().run(page).response["violations"]
    assert not found, [(item["id"], [n["html"][:160] for n in item["nodes"][:3]]) for item in found]


def open_seniors(page: Page, served: Served) -> None:
    page.goto(f"{served.address}e/rule@1/loans@1/explore?where=age+%3E%3D+60")
    page.get_by_role("button", name="Open a problem").click()
    form = page.get_by_role("dialog")
    form.get_by_label("Title").fill("the old are misjudged")
    form.get_by_label("Owner").fill("ana")
    form.get_by_label("Harm").click()
    page.get_by_role("option", name="4 · serious loss").click()
    form.get_by_role("button", name="Open it").click()
    page.get_by_role("button", name="Look at it").click()
    page.wait_for_url("**/problems?problem=*")


def test_a_finding_is_opened_fixed_and_comes_back(
    lent: Served, page: Page, shot: Callable[[str], Path]
) -> None:
    open_seniors(page, lent)
    detail = page.get_by_role("dialog")
    expect(detail.get_by_role("region", name="In this evaluation")).to_contain_text("fail")
    expect(detail).to_contain_text("harm 4 of 5")
    detail.get_by_role("textbox", name="Comment").fill("seen again today")
    detail.get_by_role("button", name="Say it").click()
    said = detail.get_by_role("region", name="Comments").get_by_role("listitem")
    expect(said).to_contain_text("seen again today")
    detail.get_by_label("Status").click()
    page.get_by_role("option", name="fixing").click()
    expect(detail).to_contain_text("somebody works on it")
    detail.get_by_label("Why it is fixing now").fill("ana looks at it")
    detail.get_by_role("button", name="Set fixing").click()
    expect(detail).to_contain_text("from open to fixing: ana looks at it")

    next_version(lent, "rule@2", 0.03)
    page.goto(f"{lent.address}{place(2)}")
    decide = page.get_by_role("region", name="To decide")
    expect(decide).to_contain_text("passes in rule@2/loans@1: fixed?")
    page.goto(f"{lent.address}{place(1)}")
    expect(decide).to_contain_text("passes in rule@2/loans@1: fixed?")
    page.goto(f"{lent.address}{place(2)}")
    decide.get_by_role("button", name="Yes, fixed").click()
    expect(decide).to_be_hidden()
    expect(page.get_by_role("row").nth(1)).to_contain_text("fixed")

    next_version(lent, "rule@3", 0.6)
    page.goto(f"{lent.address}{place(3)}")
    expect(decide).to_contain_text("came back in rule@3/loans@1")
    accessible(page)
    page.get_by_role("row").nth(1).get_by_role("button").click()
    chart = detail.get_by_role("img", name="by model version")
    label = chart.get_attribute("aria-label") or ""
    assert all(f"rule@{version}" in label for version in (1, 2, 3)), label
    accessible(page)
    shot("problem-light")


def test_the_list_is_driven_by_keys_and_taken_back(lent: Served, page: Page) -> None:
    open_seniors(page, lent)
    page.get_by_role("dialog").get_by_role("region", name="In this evaluation").wait_for()
    page.keyboard.press("Escape")
    page.get_by_text("Keys: j and k").wait_for()
    page.get_by_role("heading", name="Problems", level=1).click()
    page.keyboard.press("j")
    page.keyboard.press("a")
    expect(page.get_by_role("row").nth(1)).to_contain_text("accepted")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("row").nth(1)).not_to_contain_text("accepted")
    page.get_by_text("By status").first.click()
    expect(page.get_by_role("region", name="open: 1")).to_contain_text("the old are misjudged")
    page.goto(f"{lent.address}problems")
    page.get_by_role("button", name="the old are misjudged").click()
    page.wait_for_url(re.compile(r"/e/rule(@|%40)1/loans(@|%40)1/problems\?problem="))
    page.goto(f"{lent.address}problems?problem=nope")
    expect(page.get_by_role("alert")).to_contain_text("There is no problem “nope”.")


def test_who_saw_an_older_version_overwrites_nothing(lent: Served, page: Page) -> None:
    open_seniors(page, lent)
    detail = page.get_by_role("dialog")
    detail.get_by_role("button", name="Edit").click()
    with mp.open(lent.folder) as workspace:
        [row] = workspace.problems().rows
        workspace.edit_problem(row.problem, owner="ben", who="ben")
    detail.get_by_label("Owner").fill("cleo")
    detail.get_by_role("button", name="Save").click()
    expect(detail.get_by_role("alert")).to_contain_text("ben")
    with mp.open(lent.folder) as workspace:
        assert workspace.problems().rows[0].owner == "ben"
    faults: list[str] = page.faults  # type: ignore[attr-defined]
    faults[:] = [fault for fault in faults if "409" not in fault]


def test_without_problems_the_way_to_one_is_told(lent: Served, page: Page) -> None:
    page.goto(f"{lent.address}{place(1)}")
    page.get_by_role("heading", name="No problem yet").wait_for()
    accessible(page)
    page.goto(f"{lent.address}problems")
    page.get_by_role("heading", name="No problem yet").wait_for()
    accessible(page)
    page.set_viewport_size({"width": 360, "height": 780})
    page.goto(f"{lent.address}{place(1)}")
    page.get_by_role("heading", name="No problem yet").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
