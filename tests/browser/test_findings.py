"""Slices and Priorities in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from .conftest import Served

pytestmark = pytest.mark.slow
MODEL, DATASET = "boosting@1", "churn@1"
E = f"evaluations/{MODEL}/{DATASET}"


def test_a_slice_becomes_a_tag_and_a_cohort(page: Page, churn: Served) -> None:
    page.goto(f"{churn.address}e/{MODEL}/{DATASET}/slices")
    worst = churn.until(f"{E}/slices", top=15)["rows"][0]
    line = page.get_by_role("listitem").filter(has_text=worst["sentence"])
    line.get_by_role("button", name="Tag").click()
    page.get_by_label("Tag these rows as").fill("worst-slice")
    page.keyboard.press("Enter")
    expect(page.get_by_text("have the tag “worst-slice” now")).to_be_visible()
    assert churn.get(f"{E}/cohort", where="tag('worst-slice')")["n"] == worst["n"]
    line.get_by_role("button", name="Save as cohort").click()
    page.get_by_label("Name of the cohort").fill("worst")
    page.keyboard.press("Enter")
    expect(page.get_by_text("cohort('worst')")).to_be_visible()
    assert churn.get(f"{E}/cohort", where="cohort('worst')")["n"] == worst["n"]


def test_the_search_takes_options_from_the_address(page: Page, churn: Served) -> None:
    page.goto(f"{churn.address}e/{MODEL}/{DATASET}/slices?conditions=1&skip=contract")
    found = churn.until(f"{E}/slices", conditions=1, skip=["contract"], top=15)
    expect(page.get_by_text(found["note"])).to_be_visible()
    assert all(" AND " not in row["where"] or " BETWEEN " in row["where"] for row in found["rows"])
    assert not any("contract" in row["where"] for row in found["rows"])


def test_the_tree_shows_each_node_as_a_cohort(page: Page, churn: Served) -> None:
    page.goto(f"{churn.address}e/{MODEL}/{DATASET}/slices")
    page.get_by_text("Error tree", exact=True).click()
    tree = churn.until(f"{E}/tree")
    for node in tree["rows"][1:4]:
        expect(page.get_by_role("link", name=node["sentence"])).to_be_visible()


def test_priorities_are_edited_in_place(page: Page, churn: Served) -> None:
    import httpx

    origin = {"Origin": churn.address.rstrip("/")}
    path = f"{churn.address}api/v1/{E}/tags/fiber"
    body = {"where": "internet_service = 'Fiber optic'"}
    assert httpx.post(path, json=body, headers=origin).status_code == 200
    page.goto(f"{churn.address}e/{MODEL}/{DATASET}/priorities")
    for label, value in (("Ease of fiber, 1 to 5", "4"), ("Ceiling of fiber", "0.9")):
        with page.expect_response(lambda answer: answer.request.method == "PATCH") as saved:
            page.get_by_label(label).fill(value)
            page.get_by_label(label).press("Enter")
        assert saved.value.ok
    page.reload()
    expect(page.get_by_label("Ease of fiber, 1 to 5")).to_have_value("4")
    assert [
        (row["ease"], row["ceiling"])
        for row in churn.get(f"{E}/priorities")["rows"]
        if row["tag"] == "fiber"
    ] == [(4, 0.9)]
    row = next(r for r in churn.get(f"{E}/priorities")["rows"] if r["tag"] == "fiber")
    expect(page.get_by_role("row").filter(has_text="fiber")).to_contain_text(
        f"{100 * row['gain']:.1f} %"
    )
