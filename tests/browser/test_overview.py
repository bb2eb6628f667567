"""Overview in a real browser: its figures are the API's, and each leads to its rows."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from .conftest import Served, settled

pytestmark = pytest.mark.slow
MODEL, DATASET = "boosting@1", "churn@1"
E = f"evaluations/{MODEL}/{DATASET}"


def overview(page: Page, served: Served, query: str = "") -> None:
    page.goto(f"{served.address}e/{MODEL}/{DATASET}/overview{query}")
    page.locator("[data-part=headline]").wait_for()


def test_the_headline_is_what_the_api_says(page: Page, churn: Served) -> None:
    overview(page, churn)
    [row] = churn.get(f"{E}/metrics", metrics=["accuracy"])["rows"]
    headline = page.locator("[data-part=headline]")
    expect(headline).to_contain_text(f"{100 * row['value']:.1f} %")
    expect(headline).to_contain_text(f"{100 * row['low']:.1f} % – {100 * row['high']:.1f} %")


def test_a_cell_of_the_confusion_leads_to_its_rows(page: Page, churn: Served) -> None:
    overview(page, churn)
    rows = churn.get(f"{E}/confusion")["rows"]
    n = next(row["n"] for row in rows if (row["label"], row["prediction"]) == ("Yes", "No"))
    page.get_by_label(f"Yes said to be No: {n:,} rows").click()
    settled(page)
    expect(page.get_by_text(f"{n:,} of 2,818 rows").first).to_be_visible()


def test_the_threshold_follows_the_costs_and_is_recorded(page: Page, churn: Served) -> None:
    overview(page, churn)
    page.get_by_label("A miss costs").fill("4")
    best = churn.get(f"{E}/thresholds", cost_fn=4)["best"]
    shown = f"{float(format(best['threshold'], '.4g')):g}"
    expect(page.get_by_text(f"Cheapest here: {shown}")).to_be_visible()
    page.get_by_role("button", name="Record this threshold").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Threshold").fill("0.3")
    dialog.get_by_label("Who signs it off").fill("Ada")
    dialog.get_by_label("Why").fill("A miss costs four times a needless call.")
    dialog.get_by_role("button", name="Record").click()
    expect(page.get_by_text("Recorded: 0.3")).to_be_visible()
    decision = churn.get(f"{E}/overview", parts=["threshold", "metrics"])["threshold"]["decision"]
    assert (decision["threshold"], decision["who"]) == (0.3, "Ada")


def test_a_slice_leads_to_its_rows(page: Page, churn: Served) -> None:
    overview(page, churn)
    found = churn.until(f"{E}/slices")
    worst = found["rows"][0]
    page.get_by_role("link", name=worst["sentence"]).first.click()
    settled(page)
    expect(page.get_by_text(f"{worst['n']:,} of 2,818 rows").first).to_be_visible()


def test_a_confident_mistake_opens(page: Page, churn: Served) -> None:
    overview(page, churn)
    mistakes = churn.get(
        f"{E}/rows", where="NOT correct", order_by="confidence DESC", limit=1, columns=["row"]
    )
    row = mistakes["rows"][0]["row"]
    panel = page.get_by_role("region", name="Most confident mistakes")
    panel.get_by_role("link", name=str(row), exact=True).click()
    page.wait_for_url(f"**/row/{row}?*")
    expect(page.get_by_label("What the model said")).to_be_visible()


def test_a_cohort_is_seen_beside_all_rows(page: Page, churn: Served) -> None:
    overview(page, churn, "?where=tenure+%3C+12")
    [row] = churn.get(f"{E}/metrics", metrics=["accuracy"], where="tenure < 12")["rows"]
    expect(page.locator("[data-part=headline]")).to_contain_text(f"{100 * row['value']:.1f} %")
    page.get_by_role("button", name="Look at all rows").click()
    [whole] = churn.get(f"{E}/metrics", metrics=["accuracy"])["rows"]
    expect(page.locator("[data-part=headline]")).to_contain_text(f"{100 * whole['value']:.1f} %")
