"""Explore in a real browser: filter, sort, mark, tag, save; every figure as the API says."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from .conftest import Served, settled

pytestmark = pytest.mark.slow
MODEL, DATASET = "boosting@1", "churn@1"
E = f"evaluations/{MODEL}/{DATASET}"


def explore(page: Page, served: Served, query: str = "") -> None:
    page.goto(f"{served.address}e/{MODEL}/{DATASET}/explore{query}")
    settled(page)


def where_of(page: Page) -> str:
    """The cohort in the address."""
    return parse_qs(urlsplit(page.url).query).get("where", [""])[0]


def bar(page: Page, column: str, value: str):  # type: ignore[no-untyped-def]
    """The bar of a value of a column."""
    return (
        page.get_by_role("listbox", name=column, exact=True)
        .get_by_role("option")
        .filter(has_text=value)
    )


def wait_for_cohort(page: Page, where: str) -> None:
    expect(page.locator("html")).to_have_attribute("data-settled", where, timeout=15_000)


def test_a_click_on_a_bar_filters_all_views_but_its_own(page: Page, churn: Served) -> None:
    explore(page, churn)
    bar(page, "contract", "Two year").click()
    wait_for_cohort(page, "contract = 'Two year'")
    assert where_of(page) == "contract = 'Two year'"
    said = churn.get(f"{E}/explore", where="contract = 'Two year'")
    expect(page.get_by_text(f"{said['n']:,} of 2,818 rows").first).to_be_visible()
    own = next(item for item in said["distributions"] if item["column"] == "contract")
    assert own["n"] == own["all"]  # its own filter leaves the view whole
    expect(bar(page, "contract", "One year")).to_be_visible()
    other = next(item for item in said["distributions"] if item["column"] == "internet_service")
    assert sum(other["n"]) == said["n"]


def test_the_address_reproduces_the_view(page: Page, churn: Served) -> None:
    query = "?where=tenure+%3C+12+AND+contract+%3D+%27One+year%27&order_by=loss+DESC"
    explore(page, churn, query)
    where = settled(page)
    said = churn.get(f"{E}/explore", where=where)
    expect(page.get_by_text(f"{said['n']:,} of 2,818 rows").first).to_be_visible()
    rows = churn.get(f"{E}/rows", where=where, order_by="loss DESC", limit=3, columns=["row"])
    first = page.locator("[data-position='0'][data-loaded]")
    expect(first.get_by_label(f"Open row {rows['rows'][0]['row']}")).to_have_count(1)


def test_a_cohort_is_typed_with_completion(page: Page, churn: Served) -> None:
    explore(page, churn)
    field = page.get_by_label("Cohort: which rows to look at")
    field.click()
    field.press_sequentially("monthly_c")
    page.get_by_role("option", name="monthly_charges").first.click()
    field.press_sequentially(" > 100")
    field.press("Enter")
    wait_for_cohort(page, "monthly_charges > 100")
    n = churn.get(f"{E}/cohort", where="monthly_charges > 100")["n"]
    expect(page.get_by_text(f"{n:,} of 2,818 rows").first).to_be_visible()


def test_a_bad_cohort_says_what_is_wrong_where_it_stands(page: Page, churn: Served) -> None:
    explore(page, churn)
    field = page.get_by_label("Cohort: which rows to look at")
    field.fill("tenur > 3")
    field.press("Enter")
    expect(page.get_by_text("no column 'tenur'").first).to_be_visible()
    expect(page.get_by_text("tenure").first).to_be_visible()
    page.faults.clear()  # type: ignore[attr-defined]  # the browser reports every answer of 400


def test_undo_and_redo(page: Page, churn: Served) -> None:
    explore(page, churn)
    bar(page, "contract", "Two year").click()
    wait_for_cohort(page, "contract = 'Two year'")
    page.keyboard.press("Control+z")
    wait_for_cohort(page, "")
    page.keyboard.press("Control+Shift+z")
    wait_for_cohort(page, "contract = 'Two year'")


def test_a_range_is_brushed(page: Page, churn: Served) -> None:
    explore(page, churn)
    view = page.get_by_role("listbox", name="tenure", exact=True)
    view.scroll_into_view_if_needed()
    box = view.bounding_box()
    assert box is not None
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.05, y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.3, y, steps=5)
    page.mouse.up()
    expect(page.locator("html")).to_have_attribute("data-settled", re.compile("^tenure"))
    where = where_of(page)
    assert where.startswith("tenure ")
    said = churn.get(f"{E}/cohort", where=where)
    assert 0 < said["n"] < 2818
    expect(page.get_by_text(f"{said['n']:,} of 2,818 rows").first).to_be_visible()


def test_rows_are_sorted_and_the_last_one_is_reached(page: Page, churn: Served) -> None:
    explore(page, churn)
    page.get_by_role("columnheader", name="loss").click()
    page.wait_for_url("**order_by=**")
    order = parse_qs(urlsplit(page.url).query)["order_by"][0]
    last = churn.get(f"{E}/rows", order_by=order, offset=2817, limit=1, columns=["row"])
    page.get_by_label("Position in this order to go to").fill("2818")
    page.keyboard.press("Enter")
    expect(page.get_by_label(f"Open row {last['rows'][0]['row']}", exact=True)).to_be_visible()


def test_marked_rows_are_tagged_and_untagged(page: Page, churn: Served) -> None:
    explore(page, churn, "?where=NOT+correct&order_by=confidence+DESC")
    page.locator("[data-position='0'][data-loaded]").get_by_role("checkbox").click()
    page.locator("[data-position='1'][data-loaded]").get_by_role("checkbox").click()
    page.get_by_role("button", name="Tag", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_placeholder("reviewed").fill("surely-wrong")
    dialog.get_by_role("button", name="Tag", exact=True).click()
    expect(page.get_by_text("surely-wrong").first).to_be_visible()
    expect(page.get_by_text("is on 2 rows now")).to_be_visible()
    rows = churn.get(f"{E}/rows", where="tag('surely-wrong')", columns=["row", "correct"])
    assert [row["correct"] for row in rows["rows"]] == [False, False]


def test_a_selection_is_saved_as_cohort(page: Page, churn: Served) -> None:
    explore(page, churn, "?where=tenure+%3C+6")
    page.get_by_role("button", name="Save as cohort").click()
    page.get_by_role("dialog").get_by_label("Name").fill("newcomers")
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    saved = churn.get(f"{E}/cohort", where="cohort('newcomers')")
    assert saved["n"] == churn.get(f"{E}/cohort", where="tenure < 6")["n"]


def test_an_empty_cohort_says_so(page: Page, churn: Served) -> None:
    explore(page, churn, "?where=tenure+%3C+0")
    expect(page.get_by_text("0 of 2,818 rows").first).to_be_visible()
    expect(page.get_by_text("No row", exact=False).first).to_be_visible()


def test_explore_by_keyboard_alone(page: Page, churn: Served) -> None:
    explore(page, churn)
    page.keyboard.press("/")
    page.keyboard.type("tenure < 3")
    page.keyboard.press("Enter")
    wait_for_cohort(page, "tenure < 3")
    page.keyboard.press("Escape")
    page.get_by_role("grid", name="Rows").focus()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/row/*")
    page.get_by_label("What the model said").wait_for()
    first = page.url
    page.keyboard.press("ArrowRight")
    page.wait_for_url(lambda url: url != first)


def test_the_map_is_computed_and_a_lasso_is_a_cohort(page: Page, churn: Served) -> None:
    explore(page, churn)
    button = page.get_by_role("button", name="map", exact=False).first
    button.scroll_into_view_if_needed()
    button.click()
    said = churn.until(f"{E}/map")
    assert said["n"] == 2818
    expect(page.get_by_label("map", exact=False).first).to_be_visible(timeout=60_000)
