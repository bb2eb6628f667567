"""What every page stands in: the first page, signing in, a server that goes away, small screens."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from .conftest import Serve, Served, settled

pytestmark = pytest.mark.slow
MODEL, DATASET = "boosting@1", "churn@1"
PLACE = f"e/{MODEL}/{DATASET}"


def test_an_empty_workspace_teaches(page: Page, serve: Serve, tmp_path: Path) -> None:
    with serve(tmp_path / "empty") as served:
        page.goto(served.address)
        expect(page.get_by_role("heading", level=1)).to_have_text(
            "Nothing has been evaluated here yet"
        )
        expect(page.get_by_text("mispredict demo churn")).to_be_visible()
        assert served.get("workspace")["evaluations"] == []


def test_the_first_page_leads_to_each_evaluation(page: Page, churn: Served) -> None:
    page.goto(churn.address)
    for item in churn.get("workspace")["evaluations"]:
        expect(page.get_by_role("link", name=item["model"], exact=False)).to_be_visible()
    page.get_by_role("link", name=MODEL, exact=False).click()
    page.locator("[data-part=headline]").wait_for()
    page.keyboard.press("g")
    page.keyboard.press("s")
    page.wait_for_url("**/slices")


def test_one_signs_in_with_the_token(page: Page, serve: Serve, churn_folder: Path) -> None:
    with serve(churn_folder, env={"MISPREDICT_TOKEN": "correct horse battery staple"}) as served:
        page.goto(f"{served.address}{PLACE}/overview")
        page.get_by_label("Token").fill("wrong")
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("alert")).to_be_visible()
        page.get_by_label("Token").fill("correct horse battery staple")
        page.get_by_role("button", name="Sign in").click()
        page.locator("[data-part=headline]").wait_for()
        [cookie] = page.context.cookies()
        assert cookie["httpOnly"]
        assert cookie["sameSite"] == "Strict"
        page.wait_for_load_state("networkidle")
        page.goto("about:blank")
        page.faults.clear()  # type: ignore[attr-defined]  # the refused tries are reported


def test_an_unknown_evaluation_says_which_there_are(page: Page, churn: Served) -> None:
    page.goto(f"{churn.address}e/nobody@1/{DATASET}/overview")
    expect(page.get_by_role("alert")).to_contain_text("nobody")
    page.wait_for_load_state("networkidle")
    page.faults.clear()  # type: ignore[attr-defined]


def test_a_phone_shows_what_matters(page: Page, churn: Served) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    for screen in ("overview", "explore", "slices", "priorities", "row/3"):
        page.goto(f"{churn.address}{PLACE}/{screen}")
        page.wait_for_load_state("networkidle")
        wider = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wider <= 0, f"{screen} is {wider} px wider than the phone"
        expect(page.get_by_role("link", name="Explore").last).to_be_visible()


def test_the_json_of_a_screen_is_a_click_away(page: Page, churn: Served) -> None:
    page.goto(f"{churn.address}{PLACE}/explore?where=tenure+%3C+12")
    settled(page)
    link = page.get_by_role("link", name="This page as JSON")
    answer = page.request.get(str(link.evaluate("a => a.href")))
    assert answer.ok
    assert answer.json()["where"] == "tenure < 12"


def test_nothing_is_asked_of_another_host(page: Page, churn: Served) -> None:
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(request.url.split("/")[2]))
    for screen in ("overview", "explore", "slices"):
        page.goto(f"{churn.address}{PLACE}/{screen}")
        page.wait_for_load_state("networkidle")
    assert asked == {churn.address.split("/")[2]}
