"""Labels on the screen: reviewed by keys, taken back, and made a new version by a button."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .conftest import Serve, Served
from .data_workspace import make

pytestmark = pytest.mark.slow
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
PLACE = "e/rule@1/loans@1/data?tab=labels"
E = "evaluations/rule@1/loans@1"


@pytest.fixture
def loans(tmp_path: Path, serve: Serve) -> Iterator[Served]:
    with serve(make(tmp_path / "ws")) as served:
        yield served


def opened(page: Page, served: Served, place: str = PLACE) -> list[dict[str, Any]]:
    """The rows of the queue, once the first is shown."""
    rows: list[dict[str, Any]] = served.get(f"{E}/label-queue", limit=100)["rows"]
    page.goto(f"{served.address}{place}")
    expect(page.get_by_role("article")).to_have_attribute("aria-label", f"Row {rows[0]['row']}")
    return rows


def decided(served: Served) -> dict[int, tuple[str, Any]]:
    found = served.get("datasets/loans@1/label-decisions")["rows"]
    return {item["row"]: (item["decision"], item["label"]) for item in found}


def test_labels_are_decided_by_keys_and_taken_back(loans: Served, page: Page) -> None:
    rows = opened(page, loans)
    numbers = [row["row"] for row in rows[:4]]
    total = loans.get(f"{E}/label-queue", limit=0)["total"]
    card = page.get_by_role("article")
    for key, number in zip("rku", numbers, strict=False):
        expect(card).to_have_attribute("aria-label", f"Row {number}")
        page.keyboard.press(key)
    expect(card).to_have_attribute("aria-label", f"Row {numbers[3]}")
    expect(page.get_by_text(f"3 of {total} decided")).to_be_visible()
    table = page.get_by_role("region", name="Decisions")
    expect(table.get_by_role("row")).to_have_count(4)
    assert decided(loans) == {
        numbers[0]: ("relabel", rows[0]["suggested"]),
        numbers[1]: ("keep", None),
        numbers[2]: ("unsure", None),
    }
    page.keyboard.press("z")
    expect(card).to_have_attribute("aria-label", f"Row {numbers[2]}")
    expect(table.get_by_role("row")).to_have_count(3)
    page.keyboard.press("j")
    expect(card).to_have_attribute("aria-label", f"Row {numbers[3]}")
    page.reload()
    expect(card).to_have_attribute("aria-label", f"Row {numbers[3]}")
    expect(page.get_by_text(f"2 of {total} decided")).to_be_visible()


def test_a_note_and_a_name_are_kept_with_the_decision(loans: Served, page: Page) -> None:
    opened(page, loans)
    page.get_by_label("Your name").fill("Ada")
    page.get_by_label("Why, for others").fill("called the bank: k r u")
    assert decided(loans) == {}  # keys are letters in a field
    page.get_by_role("button", name="Relabel as").click()
    table = page.get_by_role("region", name="Decisions")
    expect(table).to_contain_text("called the bank: k r u")
    expect(table).to_contain_text("Ada")


def test_decisions_become_a_new_version_by_a_button_alone(loans: Served, page: Page) -> None:
    rows = opened(page, loans)
    page.keyboard.press("r")
    page.get_by_role("button", name="Make a new version").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("1 row gets the label that people chose")
    assert loans.get("datasets/loans")["ref"] == "loans@2"
    dialog.get_by_role("button", name="Make the version").click()
    page.get_by_role("button", name="Open it").click()
    page.wait_for_url(re.compile("data/loans(@|%40)3"))
    assert loans.get("datasets/loans")["ref"] == "loans@3"
    assert rows[0]["given"] != rows[0]["suggested"]
    expect(page.get_by_role("button", name="Dataset loans@3")).to_be_visible()


def test_what_was_found_opens_its_rows_and_becomes_a_check(loans: Served, page: Page) -> None:
    opened(page, loans)
    found = loans.until(f"{E}/label-errors")
    expect(page.get_by_role("heading", name=found["sentence"])).to_be_visible()
    page.get_by_role("button", name="Make a check").first.click()
    expect(page.get_by_text("The suite labels holds now")).to_be_visible()
    [row] = loans.get(f"{E}/suites/labels")["rows"]
    assert row["kind"] == "label_errors"
    page.get_by_role("link", name="Open rows").click()
    page.wait_for_url("**/explore?where=label_error*")


@pytest.mark.parametrize("width", [1440, 360])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_tab_is_accessible_and_fits(
    loans: Served, page: Page, scheme: Any, width: int, shot: Callable[[str], Path]
) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    opened(page, loans)
    page.get_by_role("heading", name="Metrics with right labels").wait_for()
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = axe.Axe().run(page).response["violations"]
    assert not found, [(item["id"], [n["html"][:160] for n in item["nodes"][:3]]) for item in found]
    shot(f"data-labels-{scheme}" + ("" if width == 1440 else "-narrow"))
