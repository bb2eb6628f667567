"""Two versions of a model on the screen: which is better, for whom, why; and the board of all."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Locator, Page, expect

import mispredict as mp

from .conftest import Serve, Served

pytestmark = pytest.mark.slow
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
N = 1200
HERE = "e/rule@2/loans@1/compare"


def loans() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "id": np.arange(N),
            "age": rng.integers(18, 80, N),
            "city": rng.choice(["Bergen", "Lund", "Oslo"], N),
            "paid": rng.choice(["no", "yes"], N, p=[0.4, 0.6]),
        }
    )


def predictions(frame: pd.DataFrame, old: float, young: float) -> pd.DataFrame:
    """Answers that are wrong for these shares of those above sixty, and of the others."""
    share = np.where(frame["age"] >= 60, old, young)
    is_wrong = np.random.default_rng(1).random(len(frame)) < share
    truth = (frame["paid"] == "yes").to_numpy()
    chance = np.where(truth != is_wrong, 0.8, 0.2)
    said = np.where(chance > 0.5, "yes", "no")
    return pd.DataFrame(
        {"id": frame["id"], "prediction": said, "p_yes": chance, "p_no": 1 - chance}
    )


@pytest.fixture(scope="module")
def lent(tmp_path_factory: pytest.TempPathFactory, serve: Serve) -> Iterator[Served]:
    """A version that is better with the young and worse with the old; later, other rows."""
    folder, frame = tmp_path_factory.mktemp("compared") / "ws", loans()
    later = frame[200:].copy()
    later.loc[later.index[:60], "paid"] = np.where(later["paid"][:60] == "yes", "no", "yes")
    with mp.open(folder) as workspace:
        workspace.add_dataset("loans", frame, label="paid", id="id")
        workspace.add_predictions("rule@1", "loans", predictions(frame, 0.1, 0.3))
        workspace.add_predictions("rule@2", "loans", predictions(frame, 0.6, 0.1))
        workspace.add_predictions("rule@3", "loans", predictions(frame, 0.1, 0.1))
        workspace.add_dataset("loans", later, label="paid", id="id")
        workspace.add_predictions("rule@3", "loans@2", predictions(frame[200:], 0.1, 0.1))
    with serve(folder) as served:
        yield served


def accessible(page: Page) -> None:
    found = axe.Axe().run(page).response["violations"]
    assert not found, [(item["id"], [n["html"][:160] for n in item["nodes"][:3]]) for item in found]


def panel(page: Page, name: str | re.Pattern[str]) -> Locator:
    return page.get_by_role("region", name=name)


def test_the_version_before_is_what_a_version_is_held_against(
    lent: Served, page: Page, shot: Callable[[str], Path]
) -> None:
    page.goto(f"{lent.address}e/rule@2/loans@1/overview")
    page.get_by_role("heading", level=1).wait_for()
    page.keyboard.press("g")
    page.keyboard.press("c")
    page.wait_for_url("**/compare")
    verdict = panel(page, "Verdict")
    expect(verdict).to_contain_text("rule@2 is better than rule@1 in parts and worse in others")
    found = lent.until("evaluations/rule@2/loans@1/compare", against="rule@1")
    [pair] = found["pairs"]
    slices = panel(page, re.compile("Worse in"))
    worst = slices.get_by_role("listitem").first
    expect(worst).to_contain_text("worse")
    expect(worst).to_contain_text(f"{pair['regressed'][0]['broken']} broken")
    fixed, broken, *_ = pair["groups"]
    expect(panel(page, f"{fixed['n']} rows fixed, {broken['n']} broken")).to_be_visible()
    expect(panel(page, "What changed?")).to_contain_text("rule@1 → rule@2")
    accessible(page)
    shot("compare")
    worst.get_by_role("link", name="Broken rows").click()
    page.wait_for_url("**/explore?where=*")
    n = str(pair["regressed"][0]["broken"])
    expect(page.get_by_text(re.compile(rf"\b{n}\b.*of 1,200")).first).to_be_visible()


def test_rows_stand_side_by_side_and_lead_to_both(lent: Served, page: Page) -> None:
    page.goto(f"{lent.address}{HERE}")
    rows = panel(page, re.compile("rows fixed"))
    table = rows.get_by_role("table")
    expect(table.locator("[data-wrong]").first).to_be_visible()
    rows.get_by_text("Fixed", exact=True).last.click()
    page.wait_for_url("**rows=fixed")
    asked = {"where": "correct AND NOT correct('rule@1')", "columns": "row", "limit": 1}
    order = "loss('rule@1') DESC"
    [first] = lent.get("evaluations/rule@2/loans@1/rows", **asked, order_by=order)["rows"]
    table.get_by_role("link", name=f"Row {first['row']} of rule@1").click()
    page.wait_for_url(f"**/e/rule%401/loans%401/row/{first['row']}")


def test_cohorts_are_compared_and_the_models_change_places(lent: Served, page: Page) -> None:
    page.goto(f"{lent.address}{HERE}")
    page.get_by_role("button", name="by city").click()
    cohorts = panel(page, "By city")
    expect(cohorts.get_by_role("row")).to_have_count(4)
    page.get_by_role("button", name="Swap the two models").click()
    page.wait_for_url("**/e/rule%401/loans%401/compare?**against=rule%402**")
    expect(panel(page, "Verdict")).to_contain_text("rule@1 is")
    expect(panel(page, "By city")).to_be_visible()


def test_the_comparison_is_copied_as_markdown(lent: Served, page: Page) -> None:
    page.goto(f"{lent.address}{HERE}")
    page.get_by_role("button", name="As Markdown").click()
    text = page.get_by_label("The comparison as Markdown")
    expect(text).to_have_value(re.compile(r"^## 🟠 rule@2 is better than rule@1 in parts"))


def test_several_models_are_held_against_the_first(lent: Served, page: Page) -> None:
    page.goto(f"{lent.address}e/rule@3/loans@1/compare?against=rule@1&against=rule@2")
    models = panel(page, "The models")
    expect(models.get_by_role("row")).to_have_count(4)
    models.get_by_role("button", name="rule@2", exact=True).click()
    page.wait_for_url("**pair=rule%402**")
    expect(panel(page, "What changed?")).to_be_visible()
    expect(panel(page, re.compile("Worse in"))).to_be_visible()
    models.get_by_role("button", name="Hold all against rule@2").click()
    page.wait_for_url("**baseline=rule%402**")
    expect(models).to_contain_text("All against rule@2")
    expect(models.get_by_role("button", name="Hold all against rule@1")).to_be_visible()
    accessible(page)


def test_rows_of_two_versions_stand_side_by_side(lent: Served, page: Page) -> None:
    page.goto(f"{lent.address}e/rule@3/loans@2/compare?against=rule@1/loans@1&rows=broken")
    table = panel(page, re.compile("rows fixed")).get_by_role("table")
    expect(table).to_contain_text("rule@1/loans@1")
    expect(page.get_by_text("by the labels of loans@2")).to_be_visible()
    page.get_by_role("link", name=re.compile("rows in Explore")).click()
    page.wait_for_url("**/explore?where=**rule%401%2Floans%401**")


def test_a_bad_cohort_or_column_is_said_once_at_its_field(lent: Served, page: Page) -> None:
    page.goto(f"{lent.address}{HERE}?where=nope%3D1")
    fault = page.get_by_text("No column 'nope'")
    expect(fault).to_have_count(1)
    expect(page.get_by_role("button", name="Try again")).to_have_count(0)
    page.goto(f"{lent.address}{HERE}?by=nope")
    expect(fault).to_have_count(1)
    expect(panel(page, "What changed?")).to_be_visible()
    expect(page.get_by_role("button", name="Try again")).to_have_count(0)
    page.faults.clear()  # type: ignore[attr-defined]  # refused requests are reported


def test_a_change_of_rows_labels_and_model_is_divided(lent: Served, page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(f"{lent.address}e/rule@3/loans@2/compare?against=rule@1/loans@1")
    expect(panel(page, "Verdict")).to_contain_text("rows that loans@1, loans@2 have in common")
    steps = panel(page, "What changed?").get_by_role("list", name=re.compile("step by step"))
    expect(steps).to_contain_text("labels")
    expect(steps).to_contain_text("60 changed")
    accessible(page)


def test_the_board_sets_figures_of_other_rows_apart(
    lent: Served, page: Page, shot: Callable[[str], Path]
) -> None:
    page.goto(lent.address)
    page.get_by_role("link", name="Board").first.click()
    page.wait_for_url("**/board/loans")
    board = panel(page, "3 models: accuracy")
    expect(board).to_contain_text("loans@2, loans@1 are different rows")
    accessible(page)
    shot("board")
    board.get_by_role("switch", name="Common rows only (1,000)").click()
    page.wait_for_url("**common=true")
    expect(board).to_contain_text("All figures are of the 1,000 rows")
    page.get_by_role("button", name="Evaluate all models").click()
    again = panel(page, "Evaluate again")
    expect(again).to_contain_text("3 models: 1 known already, 2 cannot be called")
    expect(again).to_contain_text("only its predictions are known")


def test_a_first_version_says_what_there_is_to_compare(lent: Served, page: Page) -> None:
    page.goto(f"{lent.address}e/rule@1/loans@1/compare")
    page.get_by_role("link", name="rule@1 → rule@2").click()
    page.wait_for_url("**/e/rule%402/loans%401/compare?against=rule%401")
    expect(panel(page, "Verdict")).to_be_visible()
