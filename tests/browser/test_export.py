"""An export opened from disk, without a server and without a network."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

import mispredict as mp

from .conftest import settled

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")

pytestmark = pytest.mark.slow
EVALUATION = "boosting@1/churn@1"
ROWS = 60
ACCEPTED = "This is an export of boosting@1 on churn@1"


@pytest.fixture(scope="module")
def file(churn_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export by the command line."""
    path = tmp_path_factory.mktemp("export") / "an export.html"
    subprocess.run(
        [
            *(sys.executable, "-m", "mispredict", "export", "html", EVALUATION),
            *("--workspace", str(churn_folder), "--to", str(path), "--rows", str(ROWS)),
        ],
        check=True,
        capture_output=True,
        timeout=240,
    )
    return path


@pytest.fixture(scope="module")
def ev(churn_folder: Path) -> Iterator[mp.Evaluation]:
    with mp.open(churn_folder) as workspace:
        yield workspace.evaluation(EVALUATION)


@pytest.fixture
def opened(browser: Browser, file: Path) -> Iterator[Page]:
    """The file in a browser without a network, whose faults and requests fail the test."""
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, reduced_motion="reduce", offline=True
    )
    page = context.new_page()
    page.set_default_timeout(15_000)
    faults: list[str] = []
    asked: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    page.locator("[data-part=headline]").wait_for()
    yield page
    context.close()
    assert not faults, faults
    assert [url for url in asked if not url.startswith("data:")] == [file.as_uri()]


def go(page: Page, screen: str) -> None:
    page.get_by_role("navigation", name="Screens").get_by_role("link", name=screen).first.click()
    page.mouse.move(700, 4)


def silent(page: Page) -> None:
    """Axe finds nothing on the page."""
    found = axe.Axe().run(page).response["violations"]
    assert not found, [(item["id"], item["nodes"][0]["html"][:200]) for item in found]


def test_overview_has_the_figures_of_python(opened: Page, ev: mp.Evaluation) -> None:
    [row] = ev.metrics(metrics=["accuracy"]).rows
    headline = opened.locator("[data-part=headline]")
    expect(headline).to_contain_text(f"{100 * row.value:.1f} %")
    expect(headline).to_contain_text(f"{100 * row.low:.1f} % – {100 * row.high:.1f} %")
    mistake = ev.rows("NOT correct", order_by="confidence DESC", limit=1, columns=["row"])
    number = str(mistake.to_frame()["row"][0])
    panel = opened.get_by_role("region", name="Most confident mistakes")
    expect(panel.get_by_role("link", name=number, exact=True)).to_be_visible()
    expect(opened.get_by_role("note")).to_have_count(1)  # what needs the model
    expect(opened.get_by_role("button", name="Record this threshold")).to_have_count(0)
    silent(opened)


def test_explore_has_the_worst_rows_and_those_in_order(opened: Page, ev: mp.Evaluation) -> None:
    go(opened, "Explore")
    settled(opened)
    expect(opened.locator("[data-part=count]")).to_contain_text(f"{ev.n:,}")
    worst = ev.rows(order_by="loss DESC", limit=ROWS, columns=["row"]).to_frame()["row"].tolist()
    first = opened.locator("[data-position='0'] [data-open]")
    expect(first).to_have_text(str(worst[0]))
    expect(opened.get_by_text(f"The first {ROWS} of {ev.n:,}")).to_be_visible()
    [of] = [item for item in ev.explore().distributions if item.column == "contract"]
    card = opened.locator("[data-column=contract]")
    expect(card.get_by_role("option")).to_have_count(len(of.label))
    silent(opened)
    opened.get_by_text("In order", exact=True).click()
    expect(first).to_have_text("0")


def test_what_needs_a_server_says_so(opened: Page) -> None:
    go(opened, "Explore")
    settled(opened)
    opened.locator("[data-column=contract] [role=option]").first.click()
    expect(opened.get_by_text(f"{ACCEPTED}: it shows all rows together")).to_be_visible()
    go(opened, "Overview")
    opened.get_by_label("A miss costs").fill("4")
    note = opened.get_by_role("region", name="Threshold").get_by_role("note")
    expect(note).to_contain_text("Start mispredict serve boosting@1/churn@1 to see others.")
    note.get_by_role("button", name="Back to what it holds").click()
    expect(note).to_have_count(0)
    opened.get_by_role("link", name=re.compile("^All 590")).first.click()
    expect(opened.get_by_role("note").first).to_contain_text("to filter them.")


def test_rows_are_read_one_after_the_other(opened: Page, ev: mp.Evaluation) -> None:
    go(opened, "Explore")
    settled(opened)
    worst = ev.rows(order_by="loss DESC", limit=3, columns=["row"]).to_frame()["row"].tolist()
    opened.locator("[data-position='0'] [data-open]").click()
    expect(opened.get_by_role("heading", level=1)).to_contain_text(f"Row {worst[0]}")
    expect(opened.get_by_text(f"1 of {ev.n:,} rows, sorted by loss DESC.")).to_be_visible()
    example = ev.row(worst[0])
    assert example.confidence is not None
    expect(opened.get_by_label("What the model said")).to_contain_text(str(example.prediction))
    expect(opened.get_by_role("button", name="Tag the row")).to_have_count(0)
    silent(opened)
    opened.keyboard.press("ArrowRight")
    expect(opened.get_by_role("heading", level=1)).to_contain_text(f"Row {worst[1]}")
    opened.get_by_role("link", name="Explore").first.click()
    expect(opened.locator("[data-position='0'] [data-open]")).to_have_text(str(worst[0]))


def test_a_row_that_is_not_held_says_so(opened: Page, file: Path, ev: mp.Evaluation) -> None:
    opened.goto(f"{file.as_uri()}#/e/{EVALUATION}/row/{ev.n - 1}")
    expect(opened.get_by_role("note")).to_contain_text("it holds other rows than this one")


def test_slices_and_the_tree_are_those_of_python(opened: Page, ev: mp.Evaluation) -> None:
    go(opened, "Slices")
    for row in ev.slices().rows:
        expect(opened.get_by_role("link", name=row.sentence).first).to_be_visible()
    expect(opened.get_by_role("button", name="Tag")).to_have_count(0)
    silent(opened)
    opened.get_by_text("Error tree", exact=True).click()
    leaves = sum(node.is_leaf for node in ev.error_tree().rows)
    expect(opened.get_by_role("heading", name=f"{leaves} groups")).to_be_visible()


def test_priorities_are_read_only(opened: Page) -> None:
    go(opened, "Priorities")
    expect(opened.get_by_role("heading", level=1, name="Priorities")).to_be_visible()
    expect(opened.get_by_role("button", name=re.compile("^Tag as"))).to_have_count(0)
    expect(opened.get_by_role("note")).to_have_count(0)
    silent(opened)


def test_the_badge_says_what_it_holds(opened: Page) -> None:
    opened.get_by_role("button", name="Export, read only").click()
    expect(opened.get_by_text(f"{ROWS}, worst first and in the order")).to_be_visible()
    opened.keyboard.press("Escape")
    opened.get_by_role("button", name="Use dark colours").click()
    opened.mouse.move(700, 4)
    expect(opened.get_by_role("tooltip")).to_have_count(0)
    silent(opened)
