"""A server that goes away, rows that there are not, findings, and options of a search."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from .conftest import Serve, Served

pytestmark = pytest.mark.slow
PLACE = "e/boosting@1/churn@1"
GONE = "What you see may be old"


def test_the_page_goes_on_when_the_server_is_back(
    page: Page, serve: Serve, churn_folder: Path
) -> None:
    with serve(churn_folder) as served:
        page.goto(f"{served.address}{PLACE}/overview")
        page.locator("[data-part=headline]").wait_for()
        page.wait_for_load_state("networkidle")
    page.get_by_role("link", name="Priorities").first.click()
    banner = page.get_by_text(GONE)
    expect(banner).to_be_visible()
    port = str(urlsplit(served.address).port)
    with serve(churn_folder, "--port", port):
        expect(banner).to_have_count(0)
        expect(page.get_by_role("heading", name="Slices that have no tag").or_(
            page.get_by_role("heading", name="Tag what you want to compare")
        )).to_be_visible()  # fmt: skip
        page.goto("about:blank")
    page.faults.clear()  # type: ignore[attr-defined]  # what could not be reached is reported


def test_a_cohort_that_is_none_is_said_once(page: Page, churn: Served) -> None:
    page.goto(f"{churn.address}{PLACE}/overview?where=nowhere+%3D+1")
    expect(page.get_by_role("alert")).to_have_count(1)
    expect(page.get_by_role("alert")).to_contain_text("no column 'nowhere'")
    page.get_by_role("button", name="Look at all rows").click()
    page.locator("[data-part=headline]").wait_for()
    page.faults.clear()  # type: ignore[attr-defined]  # refused requests are reported


def test_findings_come_first_and_lead_on(page: Page, churn: Served) -> None:
    page.goto(f"{churn.address}{PLACE}/overview")
    short = page.get_by_role("region", name="In short")
    said = churn.get("evaluations/boosting@1/churn@1/overview", parts=["metrics"])["findings"]
    expect(short).to_contain_text(said[0]["sentence"])
    short.get_by_role("button", name="Confidence").click()
    expect(page.get_by_role("region", name="Calibration")).to_be_focused()


def test_options_of_the_search_stand_in_the_address(page: Page, churn: Served) -> None:
    page.goto(f"{churn.address}{PLACE}/slices")
    page.get_by_label("Conditions, at most").fill("1")
    page.get_by_label("Conditions, at most").press("Enter")
    page.wait_for_url("**/slices?conditions=1")
    found = churn.until("evaluations/boosting@1/churn@1/slices", conditions=1, top=15)
    expect(page.get_by_text(found["note"])).to_be_visible()
    page.go_back()
    expect(page.get_by_label("Conditions, at most")).to_have_value("3")
