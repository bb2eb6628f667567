"""What is wrong with data, on the screen: from a finding to its rows, a check or a problem."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from . import dirty_workspace as made
from .conftest import Serve, Served

pytestmark = pytest.mark.slow
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
PLACE = "e/rule@1/loans@2/data"
DS = "datasets/loans@2"


@pytest.fixture(scope="module")
def loans(tmp_path_factory: pytest.TempPathFactory, serve: Serve) -> Iterator[Served]:
    with serve(made.make(tmp_path_factory.mktemp("health") / "ws")) as served:
        yield served


def test_health_comes_first_and_a_finding_leads_on(loans: Served, page: Page) -> None:
    found = loans.until(f"{DS}/health", evaluation="rule@1/loans@2")
    page.goto(f"{loans.address}{PLACE}")
    title = f"{len(found['rows'])} things look wrong with loans@2"
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    first = found["rows"][0]
    finding = page.get_by_role("region", name="What looks wrong").get_by_role("listitem").first
    expect(finding).to_contain_text(first["sentence"])
    expect(finding).to_contain_text(first["cost_sentence"])
    missing = page.get_by_role("listitem").filter(has_text="Missing values: age").first
    missing.get_by_role("button", name="Rows here").press("Enter")
    rows = next(row["rows"] for row in found["rows"] if row["where"] == "age IS NULL")
    expect(missing.get_by_text(f"1 to 10 of {rows}")).to_be_visible()
    expect(missing.get_by_role("cell", name="missing")).to_have_count(10)
    missing.get_by_role("button", name="Make a check").click()
    page.get_by_role("button", name="Look at it").click()
    page.wait_for_url("**/tests?suite=loans-data")
    expect(page.get_by_text("age", exact=False).first).to_be_visible()
    page.go_back()
    missing.get_by_role("link", name="Open rows").click()
    page.wait_for_url("**/explore?where=age+IS+NULL")


def test_checks_are_proposed_and_saved_as_a_suite(loans: Served, page: Page) -> None:
    page.goto(f"{loans.address}data/loans@2?evaluation=none&against=train@1")
    page.get_by_role("button", name="Propose checks of this data").click()
    found = loans.until(f"{DS}/checks/proposals", reference="train@1")
    box = page.get_by_role("dialog")
    expect(box.get_by_role("checkbox")).to_have_count(len(found["rows"]))
    expect(box.get_by_text("fail").first).to_be_visible()  # these data are not like those
    box.get_by_role("button", name="Show as YAML").click()
    expect(box.get_by_text("suite: train-data")).to_have_count(0)  # it is about loans
    box.get_by_role("button", name="Show as a list").click()
    box.get_by_role("checkbox").first.uncheck()
    box.get_by_role("button", name=f"Save {len(found['rows']) - 1} checks").click()
    said = f"The suite loans-against-train-1 has {len(found['rows']) - 1} checks."
    expect(page.get_by_text(said)).to_be_visible()
    names = [row["suite"] for row in loans.get("suites")["rows"]]
    assert "loans-against-train-1" in names


def test_doubles_stand_side_by_side(loans: Served, page: Page) -> None:
    page.goto(f"{loans.address}{PLACE}?tab=duplicates")
    groups = page.get_by_role("region", name="Groups", exact=True)
    table = groups.get_by_role("table")
    expect(table.get_by_role("rowheader", name="loan")).to_be_visible()
    expect(table.get_by_role("rowheader", name="income")).to_have_count(0)  # it is the same
    groups.get_by_role("button", name="columns where they are the same").click()
    expect(table.get_by_role("rowheader", name="income")).to_be_visible()
    expect(page.get_by_role("region", name="Labels that contradict")).to_contain_text(
        f"{made.CONTRADICTING} groups"
    )
    page.get_by_role("combobox", name="Compared with").click()
    page.get_by_role("option", name="train@1").click()
    expect(page.get_by_role("heading", name=f"{made.KNOWN} rows of")).to_be_visible()
    expect(table.get_by_text("of train@1")).to_be_visible()


def test_a_column_that_says_too_much_is_a_leak(loans: Served, page: Page) -> None:
    page.goto(f"{loans.address}{PLACE}?tab=leakage&against=train@1")
    expect(page.get_by_role("heading", name="A column that says too much: letters")).to_be_visible()
    shared = page.get_by_role("listitem").filter(has_text="The same rows in both")
    expect(shared.get_by_role("link", name="Open rows")).to_be_visible()
    scores = page.get_by_role("region", name="Each column alone")
    best = loans.until(f"{DS}/leakage", against="train@1")["scores"][0]
    expect(scores).to_contain_text(f"{best['value']:.3f}")


def test_what_changed_since_the_version_before(loans: Served, page: Page) -> None:
    found = loans.until(f"{DS}/diff", other="loans@1")
    page.goto(f"{loans.address}{PLACE}?tab=versions")
    expect(page.get_by_role("heading", name=found["sentence"])).to_be_visible()
    columns = page.get_by_role("region", name="Columns")
    expect(columns.get_by_role("row").filter(has_text="branch")).to_contain_text("new")
    rows = page.get_by_role("region", name="Rows")
    expect(rows.locator("ins").first).to_be_visible()
    rows.get_by_role("tab", name=f"{found['added']} added").click()
    expect(rows.get_by_text(f"1 to 10 of {found['added']}")).to_be_visible()


def test_regions_that_were_not_learned_from(loans: Served, page: Page) -> None:
    sides = {"reference": "train@1", "current": "rule@1/loans@2"}
    found = loans.until("coverage", **sides)
    page.goto(f"{loans.address}{PLACE}?tab=coverage&against=train@1")
    expect(page.get_by_role("heading", name=found["note"])).to_be_visible()
    regions = page.get_by_role("region", name="Regions", exact=True).get_by_role("listitem")
    expect(regions).to_have_count(len(found["rows"]))
    regions.first.get_by_role("link", name="Open rows").click()
    page.wait_for_url("**/explore?where=*")


def test_without_a_model_and_without_another_version(loans: Served, page: Page) -> None:
    page.goto(loans.address)
    page.get_by_role("link", name="train@1").click()
    page.wait_for_url(re.compile("/data/train(@|%40)1$"))
    expect(page.get_by_role("heading", name="Columns")).to_be_visible()
    expect(page.get_by_role("link", name="Open rows")).to_have_count(0)
    page.get_by_role("tab", name="Health").focus()
    page.keyboard.press("ArrowLeft")  # the last one
    expect(page.get_by_role("heading", name="train@1 is the first version")).to_be_visible()


TABS = {
    "health": "Columns",
    "duplicates": "Groups with several labels",
    "leakage": "Each column alone",
    "coverage": "Regions",
    "versions": "Cohorts",
}


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 360)])
@pytest.mark.parametrize("tab", TABS)
def test_the_tabs_are_accessible_and_fit(
    loans: Served, page: Page, tab: str, scheme: Any, width: int, shot: Callable[[str], Path]
) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    against = "loans@1" if tab == "versions" else "train@1"
    page.goto(f"{loans.address}{PLACE}?tab={tab}&against={against}")
    page.get_by_role("heading", name=TABS[tab]).last.wait_for()
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = axe.Axe().run(page).response["violations"]
    assert not found, [(item["id"], [n["html"][:160] for n in item["nodes"][:3]]) for item in found]
    shot(f"data-{tab}-{scheme}" + ("" if width == 1440 else "-narrow"))
