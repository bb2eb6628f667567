"""Drift on the screen: two sides, one column beside the others, parts, checks; no model needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .conftest import Serve, Served
from .data_workspace import make

pytestmark = pytest.mark.slow
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
PLACE = "e/rule@1/loans@2/data?tab=drift"
SIDES = {"reference": "rule@1/loans@1", "current": "rule@1/loans@2"}


@pytest.fixture(scope="module")
def loans(tmp_path_factory: pytest.TempPathFactory, serve: Serve) -> Iterator[Served]:
    with serve(make(tmp_path_factory.mktemp("drift") / "ws")) as served:
        yield served


def test_the_version_before_is_compared_and_a_column_looked_at(loans: Served, page: Page) -> None:
    page.goto(f"{loans.address}{PLACE}")
    found = loans.until("drift", **SIDES)
    assert "income" in found["drifted"]
    expect(page.get_by_role("heading", name=found["note"])).to_be_visible()
    assert "reference=rule%401%2Floans%401" in page.url  # the address says what is seen
    page.get_by_role("button", name="income", exact=True).click()
    row = next(row for row in found["rows"] if row["column"] == "income")
    detail = page.get_by_role("region", name="income")
    expect(detail.get_by_text(row["sentence"])).to_be_visible()
    expect(detail.get_by_role("img", name="Shares of the rows by income")).to_be_visible()
    detail.get_by_role("button", name="Make a check").click()
    expect(page.get_by_text("The suite no-drift-from-loans-1 holds now")).to_be_visible()
    detail.get_by_role("link", name="Rows of now").click()
    page.wait_for_url("**/explore?where=income*")


def test_parts_and_performance_over_them(loans: Served, page: Page) -> None:
    page.goto(f"{loans.address}{PLACE}&by=city")
    table = page.get_by_role("region", name="Part by part")
    expect(table.get_by_role("columnheader")).to_have_count(4)
    chart = page.get_by_role("region", name="Performance over the windows")
    expect(chart.get_by_role("img", name="Oslo: estimated")).to_be_visible()
    table.get_by_role("link", name="Oslo").click()
    page.wait_for_url("**where=city+%3D+%27Oslo%27*")
    expect(page.get_by_label("Current: only rows of the cohort")).to_have_value("city = 'Oslo'")


def test_a_cohort_against_the_rest_without_a_model(loans: Served, page: Page) -> None:
    page.goto(f"{loans.address}data/loans@1?tab=drift&evaluation=none")
    page.get_by_role("button", name="first half → second half").click()
    expect(page.get_by_label("Current: only rows of the cohort")).to_have_value("row >= 750")
    expect(page.get_by_role("heading", name="Columns", exact=True)).to_be_visible()
    field = page.get_by_label("Current: only rows of the cohort")
    field.fill("agee > 50")
    field.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("no column 'agee'")
    field.fill("age > 50")
    field.press("Enter")
    expect(page.get_by_role("heading", name="Columns", exact=True)).to_be_visible()
    faults: list[str] = page.faults  # type: ignore[attr-defined]
    faults[:] = [fault for fault in faults if "400" not in fault]


@pytest.mark.parametrize("width", [1440, 360])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_tab_is_accessible_and_fits(
    loans: Served, page: Page, scheme: Any, width: int, shot: Callable[[str], Path]
) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{loans.address}{PLACE}&column=income&by=city")
    page.get_by_role("region", name="Performance over the windows").get_by_role("img").wait_for()
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = axe.Axe().run(page).response["violations"]
    assert not found, [(item["id"], [n["html"][:160] for n in item["nodes"][:3]]) for item in found]
    shot(f"data-drift-{scheme}" + ("" if width == 1440 else "-narrow"))
