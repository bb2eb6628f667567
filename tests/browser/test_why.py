"""Why: a row and a cohort explained, values changed until the prediction flips, other models."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from mispredict.core.errors import MispredictError

from . import why_workspace
from .conftest import Serve, Served, settled

pytestmark = pytest.mark.slow
PLACE = "e/boosting@1/churn@1"
E = "evaluations/boosting@1/churn@1"


@pytest.fixture(scope="module")
def why(tmp_path_factory: pytest.TempPathFactory, serve: Serve) -> Iterator[Served]:
    """Models in a module: one that is quick, one that is slow, one of words, and predictions."""
    folder = tmp_path_factory.mktemp("why")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        try:
            workspace = why_workspace.make(folder)
        except MispredictError as error:
            if "could not be downloaded" in str(error):
                pytest.skip(str(error))
            raise
    with serve(workspace, env={"PYTHONPATH": str(folder)}) as served:
        yield served


@pytest.fixture(scope="module")
def unsure(why: Served) -> int:
    """The row that is the nearest to being predicted otherwise."""
    [row] = why.get(f"{E}/rows", order_by="margin", limit=1, columns=["row"])["rows"]
    return int(row["row"])


def row(page: Page, served: Served, number: int, query: str = "") -> None:
    page.goto(f"{served.address}{PLACE}/row/{number}{query}")
    page.get_by_role("tab", name="Attributions").wait_for()


def test_a_row_is_explained(page: Page, why: Served) -> None:
    row(page, why, 5)
    found = why.until(f"{E}/rows/5/explanation")
    first = found["rows"][0]
    lines = page.get_by_role("tabpanel").get_by_role("listitem")
    expect(lines.first).to_contain_text(first["feature"])
    expect(lines.first).to_contain_text(f"{abs(first['attribution']):.3f}")
    expect(lines).to_have_count(10)
    page.get_by_role("button", name=f"All {len(found['rows'])} features").click()
    expect(lines).to_have_count(len(found["rows"]))
    lines.first.get_by_role("button").click()
    page.wait_for_url(f"**/row/5?why=effects&feature={first['feature']}")
    expect(page.get_by_role("tab", name="Effects")).to_have_attribute("aria-selected", "true")


def test_a_changed_value_flips_the_prediction(page: Page, why: Served, unsure: int) -> None:
    points = why.until(f"{E}/rows/{unsure}/flip-points")["rows"]
    point = next(p for p in points if p["flips"] and p["direction"] in ("up", "down"))
    column, at = point["column"], point["at"]
    row(page, why, unsure, "?why=what-if")
    field = page.locator(f"[data-field={column}]")
    expect(field.get_by_role("button", name=f"{at:g} →")).to_be_visible()
    field.get_by_label(column, exact=True).fill(str(at))
    expect(page.get_by_text("flipped")).to_be_visible()
    said = why.post(f"{E}/rows/{unsure}/what-if", {"changes": {column: at}})["rows"]
    [before, after] = said
    assert after["is_flipped"]
    shown = page.get_by_label("Probabilities, before and after")
    for old, new in zip(before["probabilities"], after["probabilities"], strict=True):
        line = shown.get_by_role("listitem").filter(has_text=old["name"])
        expect(line).to_contain_text(f"{100 * old['value']:.1f} % → {100 * new['value']:.1f} %")
    page.reload()
    expect(page.get_by_text("flipped")).to_be_visible()
    page.get_by_role("button", name="Reset", exact=True).click()
    expect(page.get_by_text("flipped")).to_have_count(0)


def test_a_flip_point_is_a_click_away(page: Page, why: Served, unsure: int) -> None:
    points = why.until(f"{E}/rows/{unsure}/flip-points")["rows"]
    point = next(p for p in points if p["flips"] and p["direction"] == "to")
    row(page, why, unsure, "?why=what-if")
    field = page.locator(f"[data-field={point['column']}]")
    field.get_by_role("button", name=re.compile("→")).first.click()
    expect(field).to_have_attribute("data-changed", "true")
    expect(page.get_by_text("flipped")).to_be_visible()


def test_a_counterfactual_is_tried(page: Page, why: Served) -> None:
    row(page, why, 5)
    page.get_by_role("tab", name="Counterfactuals").click()
    page.get_by_role("button", name="What may change: all").click()
    page.get_by_role("checkbox", name=re.compile("^tenure")).uncheck()
    page.get_by_role("button", name="Find counterfactuals").click()
    page.wait_for_url("**lock=tenure**")
    said = why.post(f"{E}/rows/5/counterfactuals", {"immutable": ["tenure"]})
    changes = {change["column"]: change["after"] for change in said["rows"][0]["changes"]}
    assert "tenure" not in changes
    page.get_by_role("button", name="Try answer 1").click()
    expect(page.get_by_role("tab", name="What if")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_text("flipped")).to_be_visible()
    for column in changes:
        expect(page.locator(f"[data-field={column}]")).to_have_attribute("data-changed", "true")
    page.go_back()
    expect(page.get_by_role("button", name="Try answer 1")).to_be_visible()


def test_the_keyboard_moves_between_ways_to_ask(page: Page, why: Served) -> None:
    row(page, why, 5)
    page.get_by_role("tab", name="Attributions").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**/row/5?why=what-if")
    expect(page.get_by_role("tab", name="What if")).to_be_focused()
    page.get_by_role("tabpanel").get_by_text("asked at once").wait_for()
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**/row/6?why=what-if")


def test_the_effect_of_a_value_says_where_the_row_is(page: Page, why: Served) -> None:
    row(page, why, 5, "?why=effects&feature=contract")
    found = why.until(f"{E}/effects", feature="contract")
    panel = page.get_by_role("tabpanel")
    for point in found["rows"]:
        line = panel.get_by_role("row").filter(has_text=point["value"])
        expect(line).to_contain_text(f"{100 * point['effect']:.1f} %")
    expect(panel.get_by_role("row").filter(has_text="Two year")).to_contain_text("this row")
    expect(page.get_by_text("Local", exact=True)).to_have_count(0)  # no order to go along
    row(page, why, 5, "?why=effects&feature=tenure")
    page.get_by_text("Local", exact=True).click()
    found = why.until(f"{E}/effects", feature="tenure", kind="ale")
    first = f"{found['rows'][0]['value']:g}: {100 * found['rows'][0]['effect']:.1f} %"
    expect(panel.get_by_role("img", name=re.compile(re.escape(first)))).to_be_visible()


def test_what_misleads_the_model_leads_to_its_rows(page: Page, why: Served) -> None:
    page.goto(f"{why.address}{PLACE}/overview")
    panel = page.get_by_role("region", name="What the model looks at")
    panel.get_by_role("button", name="Explain the model").click()
    first = panel.get_by_role("listitem").first
    first.wait_for()
    found = why.until(f"{E}/explanation")
    expect(first).to_contain_text(found["rows"][0]["feature"])
    misled = found["mispredictive"]["rows"][0]
    expect(panel).to_contain_text(misled["sentence"])
    panel.get_by_role("link", name="Rows it pushed wrong").first.click()
    settled(page)
    assert "shap_" in misled["where"]
    n = why.get(f"{E}/cohort", where=misled["where"])["n"]
    expect(page.get_by_text(f"{n:,} of 2,818 rows").first).to_be_visible()


def test_a_cohort_is_explained_beside_the_rest(page: Page, why: Served) -> None:
    page.goto(f"{why.address}{PLACE}/explore?where=tenure+%3C+12")
    settled(page)
    page.get_by_role("button", name="Explain the selection").click()
    found = why.until(f"{E}/explanation", where="tenure < 12")
    side = page.get_by_role("region", name="What the model looks at")
    line = side.get_by_role("listitem").first
    expect(line).to_contain_text(found["rows"][0]["feature"])
    expect(line).to_contain_text(f"{found['rows'][0]['importance']:.3f}")
    side.get_by_role("link", name="More on this").click()
    page.wait_for_url("**/overview?where=tenure*")
    expect(page.get_by_text("in the rest").first).to_be_visible()


def test_values_of_a_feature_are_a_click_away(page: Page, why: Served) -> None:
    page.goto(f"{why.address}{PLACE}/overview?explain=1")
    panel = page.get_by_role("region", name="What the model looks at")
    panel.get_by_role("button", name="tenure").click()
    values = panel.get_by_role("region", name="What the values of tenure do")
    found = why.until(f"{E}/dependence", feature="tenure")
    expect(values.get_by_role("listitem")).to_have_count(len(found["rows"]))
    expect(values).to_contain_text(found["rows"][0]["value"])


def test_one_attribute_alone_is_changed(page: Page, why: Served) -> None:
    page.goto(f"{why.address}{PLACE}/overview")
    panel = page.get_by_role("region", name="If one attribute alone were different")
    panel.get_by_role("combobox", name="Attribute").click()
    page.get_by_role("option", name="contract").click()
    found = why.until(f"{E}/flips", column="contract")
    expect(panel).to_contain_text(f"{100 * found['share']:.1f} %")
    first = found["rows"][0]
    expect(panel).to_contain_text(f"{first['value']} → {first['other']}")


def test_predictions_alone_say_how_to_add_the_model(page: Page, why: Served) -> None:
    page.goto(f"{why.address}e/known@1/churn@1/row/5")
    panel = page.get_by_role("region", name="Why")
    expect(panel).to_contain_text("only its predictions are known")
    expect(panel).to_contain_text("mispredict add model known")
    page.goto(f"{why.address}e/known@1/churn@1/overview")
    panel = page.get_by_role("region", name="What the model looks at")
    expect(panel).to_contain_text("mispredict add model known")


def test_a_slow_model_can_be_stopped(page: Page, why: Served) -> None:
    page.goto(f"{why.address}e/slow@1/churn@1/overview")
    panel = page.get_by_role("region", name="What the model looks at")
    panel.get_by_role("button", name="Explain the model").click()
    panel.get_by_role("button", name="Stop").click()
    expect(panel.get_by_text("It was stopped.")).to_be_visible()
    jobs = [job for job in why.get("jobs")["rows"] if job["evaluation"] == "slow@1/churn@1"]
    assert "cancelled" in {job["state"] for job in jobs if job["kind"] == "explanation"}
    page.get_by_role("link", name="Explore").first.click()  # the page is alive
    settled(page)


def test_tokens_are_coloured_by_what_they_did(page: Page, why: Served) -> None:
    of_row = "evaluations/words@1/messages@1/rows/0"
    why.until(f"{of_row}/explanation")
    why.post(f"{of_row}/text-edits", {})
    page.goto(f"{why.address}e/words@1/messages@1/row/0")
    text = page.get_by_label("The text, coloured")
    token = text.get_by_text("close", exact=True)
    expect(token).to_have_attribute("data-sign", "up")
    expect(text).to_have_text("please close my account")
    page.get_by_role("tab", name="Counterfactuals").click()
    page.get_by_role("button", name="Find edits").click()
    page.get_by_role("button", name="Try this text").first.click()
    expect(page.get_by_text("flipped")).to_be_visible()


SCREENS = {
    "why-attributions": f"{PLACE}/row/5",
    "why-what-if": f"{PLACE}/row/5?why=what-if&set=tenure%3D3&set=contract%3D%22Month-to-month%22",
    "why-rules": f"{PLACE}/row/5?why=counterfactuals&lock=female",
    "why-counterfactuals": f"{PLACE}/row/5?why=counterfactuals&find=1&lock=female",
    "why-effects": f"{PLACE}/row/5?why=effects&feature=tenure&effect=ice",
    "why-effects-values": f"{PLACE}/row/5?why=effects&feature=contract",
    "why-tokens": "e/words@1/messages@1/row/0",
    "why-edits": "e/words@1/messages@1/row/0?why=counterfactuals&edit=1",
    "why-predictions-only": "e/known@1/churn@1/row/5",
}
WHOLE = f"{PLACE}/overview?where=tenure+%3C+12&explain=1&feature=tenure&flip=contract"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", [*SCREENS, "why-overview"])
def test_a_screen_is_accessible(
    screen: str, scheme: Any, page: Page, why: Served, shot: Callable[[str], Path]
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page.emulate_media(color_scheme=scheme)
    page.goto(why.address + SCREENS.get(screen, WHOLE))
    page.wait_for_load_state("networkidle", timeout=60_000)
    if screen == "why-overview":
        panel = page.get_by_role("region", name="What the model looks at")
        panel.get_by_text("Do the attributions hold?").wait_for()
        panel.evaluate("element => element.scrollIntoView()")
    expect(page.locator(".mantine-Skeleton-root")).to_have_count(0)
    shot(f"{screen}-{scheme}")
    found = axe.Axe().run(page)
    said = [
        f"{item['id']}: {item['help']}: {[node['html'][:160] for node in item['nodes'][:3]]}"
        for item in found.response["violations"]
    ]
    assert not said, "\n".join(said)


def test_a_phone_shows_why(page: Page, why: Served) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    for screen in [*SCREENS.values(), WHOLE]:
        page.goto(why.address + screen)
        page.wait_for_load_state("networkidle", timeout=60_000)
        wider = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wider <= 0, f"{screen} is {wider} px wider than the phone"
