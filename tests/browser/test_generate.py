"""Changed and made-up inputs on the screen: looked at, counted, kept; templates and advice."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Locator, Page, expect

import mispredict as mp

from .conftest import Serve, Served

pytestmark = pytest.mark.slow
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
E = "evaluations/words@1/reviews@1"
PLACE = "e/words@1/reviews@1/generate"
GOOD = ["wonderful", "excellent", "splendid"]
BAD = ["terrible", "tedious", "horrible"]
MODULE = f'''
"""A model that knows whole words, a slow one, and one that knows their first letters."""
import time
import numpy as np

GOOD = {GOOD}


def words(texts):
    good = np.array([any(word in text for word in GOOD) for text in texts])
    return np.column_stack([np.where(good, 0.1, 0.9), np.where(good, 0.9, 0.1)])


def letters(texts):
    good = np.array([text.split()[-3][:1].lower() in "wes" for text in texts])
    return np.column_stack([np.where(good, 0.2, 0.8), np.where(good, 0.8, 0.2)])


def slow(texts):
    time.sleep(1.5)
    return words(texts)
'''


def reviews(rows: int = 400) -> pd.DataFrame:
    """A sentence each, whose one word says what it is."""
    rng = np.random.default_rng(0)
    is_good = rng.random(rows) < 0.5
    texts = [
        f"Emily thought the evening in Paris was {rng.choice(GOOD if good else BAD)} on day {i}"
        for i, good in enumerate(is_good)
    ]
    city = rng.choice(["Oslo", "Bergen"], rows)
    return pd.DataFrame(
        {"id": range(rows), "text": texts, "city": city, "mood": np.where(is_good, "pos", "neg")}
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, serve: Serve) -> Iterator[Served]:
    """Models that read texts, and predictions alone."""
    folder = tmp_path_factory.mktemp("generate")
    (folder / "review_models.py").write_text(MODULE)
    frame = reviews()
    with pytest.MonkeyPatch.context() as patch, mp.open(folder / "ws") as workspace:
        patch.syspath_prepend(folder)
        workspace.add_dataset(
            "reviews", frame, label="mood", id="id", types={"text": "text"}, metadata=["city"]
        )
        for name in ("words", "letters", "slow"):
            workspace.add_model(
                name, f"review_models:{name}", input="text", classes=["neg", "pos"], version="1"
            )
            workspace.evaluate(name, "reviews")
        said = pd.DataFrame({"id": frame["id"], "prediction": frame["mood"]})
        workspace.add_predictions("known", "reviews", said)
    path = os.pathsep.join([str(folder), *filter(None, [os.environ.get("PYTHONPATH")])])
    with serve(folder / "ws", env={"PYTHONPATH": path}) as served:
        yield served


def opened(page: Page, served: Served, query: str = "", place: str = PLACE) -> None:
    page.goto(f"{served.address}{place}{query}")
    page.get_by_role("heading", name="Generate", level=1).wait_for()


def rows(page: Page) -> Locator:
    return page.get_by_label("Changed rows").get_by_role("listitem")


def forgive(page: Page) -> None:
    """Forget that the browser told of answers 400, which were asked for."""
    faults: list[str] = page.faults  # type: ignore[attr-defined]
    faults[:] = [fault for fault in faults if "400" not in fault]


def accessible(page: Page, part: str = "body") -> None:
    found = axe.Axe().run(page, context=part).response["violations"]
    assert not found, [(item["id"], [n["html"][:160] for n in item["nodes"][:3]]) for item in found]


def test_rows_change_while_the_slider_moves(made: Served, page: Page) -> None:
    opened(page, made)
    expect(page.get_by_role("checkbox", name="typo", exact=True)).to_be_checked()
    body = {"names": ["typo"], "strength": 0.3}
    said = made.post(f"{E}/perturb", body)
    expect(rows(page)).to_have_count(len(said["rows"]))
    pieces = said["rows"][0]["cells"][0]["pieces"]
    new = next(piece["text"] for piece in pieces if piece["mark"] == "new")
    expect(rows(page).first.locator("ins").first).to_have_text(new)
    page.get_by_role("slider", name="Strength").focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    page.wait_for_url("**strength=0.5*")
    stronger = made.post(f"{E}/perturb", {**body, "strength": 0.5})
    expect(page.get_by_text(stronger["sentence"])).to_be_visible()
    rows(page).first.get_by_role("link").click()
    page.wait_for_url(f"**/row/{stronger['rows'][0]['row']}")


def test_several_are_done_in_order_and_counted(made: Served, page: Page) -> None:
    opened(page, made, "?by=typo&where=city+%3D+%27Oslo%27")
    page.get_by_role("checkbox", name="upper_case").check()
    page.wait_for_url("**by=typo&by=upper_case*")
    expect(page.get_by_role("heading", name="typo, then upper_case")).to_be_visible()
    page.get_by_role("button", name="Count", exact=True).click()
    body = {"names": ["typo", "upper_case"], "where": "city = 'Oslo'", "limit": 1000, "shown": 50}
    said = made.post(f"{E}/perturb", body)
    expect(page.get_by_text(said["sentence"])).to_be_visible()
    expect(page.get_by_text(f"{100 * said['share']:.1f} %", exact=True)).to_be_visible()
    page.reload()
    expect(page.get_by_text(said["sentence"])).to_be_visible()
    page.get_by_role("button", name="Only ten rows").click()
    expect(rows(page)).to_have_count(10)


def test_a_count_is_stopped_and_begun_again(made: Served, page: Page) -> None:
    opened(page, made, place="e/slow@1/reviews@1/generate")
    expect(rows(page)).to_have_count(10)
    page.get_by_role("button", name="Count", exact=True).click()
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("It was stopped.")).to_be_visible()
    page.get_by_role("button", name="Start again").click()
    expect(page.get_by_text("changed rows", exact=False).first).to_be_visible()


def test_what_cannot_be_done_is_told(made: Served, page: Page) -> None:
    opened(page, made, "?by=tipo")
    expect(page.get_by_role("alert").first).to_contain_text("no perturbation 'tipo'")
    opened(page, made, "?by=typo&strength=0")
    expect(page.get_by_text("changed none of the 10 rows")).to_be_visible()
    forgive(page)


def test_a_change_becomes_a_check(made: Served, page: Page) -> None:
    opened(page, made, "?by=lower_case")
    page.get_by_role("button", name="Make a check").click()
    dialog = page.get_by_role("dialog")
    text = dialog.get_by_label("The check as YAML")
    expect(text).to_have_value(re.compile("^name: predictions stay under lower_case\n"))
    dialog.get_by_label("At least, in percent").fill("90")
    expect(text).to_have_value(re.compile("min_share: 0.9\n"))
    dialog.get_by_label("Into the suite").fill("from-generate")
    dialog.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Look at it").click()
    page.wait_for_url("**/tests?suite=from-generate")
    expect(page.get_by_role("row", name="predictions stay under lower_case")).to_be_visible()
    assert "min_share: 0.9" in made.get(f"{E}/suites/from-generate")["text"]


def test_changed_rows_are_downloaded_and_kept_as_a_dataset(
    made: Served, page: Page, tmp_path: Path
) -> None:
    opened(page, made, "?by=typo&strength=0.6")
    page.get_by_role("button", name="Export as dataset").click()
    with page.expect_download() as saved:
        page.get_by_role("menuitem", name="Download CSV").click()
    assert saved.value.suggested_filename == "reviews-generated.csv"
    saved.value.save_as(tmp_path / "rows.csv")
    with (tmp_path / "rows.csv").open() as file:
        found = list(csv.DictReader(file))
    assert len(found) == 400
    assert {row["mood"] for row in found} == {"pos", "neg"}
    page.get_by_role("button", name="Export as dataset").click()
    page.get_by_role("menuitem", name="Add to the workspace").click()
    page.get_by_role("dialog").get_by_role("textbox", name="Name").fill("many-typos")
    page.get_by_role("dialog").get_by_role("button", name="Add").click()
    expect(page.get_by_text("are the dataset many-typos@1 now")).to_be_visible()
    assert "many-typos@1" in {item["ref"] for item in made.get("workspace")["datasets"]}


def test_a_template_is_written_filled_and_held_against_labels(made: Served, page: Page) -> None:
    opened(page, made, "?tab=templates")
    text = page.get_by_role("textbox", name="Sentences")
    text.fill("It was ")
    page.get_by_role("button", name="Lexicons").click()
    page.get_by_role("textbox", name="Search lexicons").fill("adjective")
    page.get_by_role("button", name="positive", exact=True).click()
    expect(text).to_have_value("It was {adjective:positive}")
    filled = page.get_by_label("Rows of the template").get_by_role("listitem")
    expect(filled).to_have_count(20)
    page.get_by_role("combobox", name="What is expected of the rows").click()
    page.get_by_role("option", name="one answer for every row").click()
    page.get_by_role("combobox", name="Answer").click()
    page.get_by_role("option", name="pos", exact=True).click()
    page.wait_for_url("**label=pos*")
    draft = {"template": "It was {adjective:positive}", "label": "pos", "n": 20}
    said = made.post(f"{E}/templates/fill", draft)
    expect(page.get_by_text(said["sentence"])).to_be_visible()
    assert 0 < said["held"] < said["tests"]
    expect(filled.get_by_label("as expected", exact=True).first).to_be_visible()
    page.get_by_role("button", name="Make a check").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("The check as YAML")).to_have_value(re.compile("label: pos"))
    expect(dialog).to_contain_text("predicted as pos")


def test_words_of_ones_own_and_a_place_that_must_not_matter(made: Served, page: Page) -> None:
    opened(page, made, "?tab=templates&template=The+%7Bdish%7D+was+%7Badjective%7D")
    expect(page.get_by_role("alert")).to_contain_text("no lexicon 'dish'")
    page.get_by_role("textbox", name="New lexicon").fill("dish")
    page.get_by_role("textbox", name="Its words").fill("stew, splendid salad")
    page.get_by_role("button", name="Add", exact=True).click()
    filled = page.get_by_label("Rows of the template").get_by_role("listitem")
    expect(filled).to_have_count(20)
    page.get_by_role("combobox", name="What is expected of the rows").click()
    page.get_by_role("option", name="the same answer, whatever stands at a place").click()
    page.wait_for_url("**vary=dish*")
    expect(page.get_by_text("sets get one answer, whatever stands for dish")).to_be_visible()
    expect(filled).to_have_count(6)
    forgive(page)


def test_advice_is_charted_with_its_warnings(made: Served, page: Page) -> None:
    opened(page, made, "?tab=advice&try=typo&try=lower_case&ceiling=letters%401&sample=200")
    page.get_by_role("button", name="Find out").click()
    said = made.until(
        f"{E}/augmentation-advice",
        names=["typo", "lower_case"],
        strengths=[0.1, 0.3, 0.6],
        ceiling="letters@1",
        sample=200,
    )
    for warning in said["warnings"]:
        expect(page.get_by_text(warning)).to_be_visible()
    expect(page.get_by_role("img", name="typo: at 0.1")).to_be_visible()
    first = said["rows"][0]
    page.get_by_role("link", name=f"{first['perturbation']} at {first['strength']}").click()
    page.wait_for_url(f"**/generate?by={first['perturbation']}&strength={first['strength']}")


def test_rows_are_made_up_reported_and_kept(made: Served, page: Page) -> None:
    opened(page, made, "?where=mood%20=%20'pos'")
    page.get_by_role("tab", name="Made-up rows").click()
    page.get_by_label("Rows", exact=True).fill("120")
    page.get_by_role("button", name="Make rows up").click()
    table = page.get_by_role("table").last.get_by_role("row")
    expect(table).to_have_count(21)
    expect(table.nth(1)).to_contain_text("pos")
    expect(page.get_by_text("Told from real rows")).to_be_visible()
    expect(page.get_by_text("Nearer to a row learned from")).to_be_visible()
    expect(page.get_by_role("table").first).to_contain_text("city")
    accessible(page, "main")
    page.get_by_role("button", name="Export as dataset").click()
    page.get_by_role("menuitem", name="Add to the workspace").click()
    form = page.get_by_role("dialog")
    form.get_by_label("Name").fill("more-good-ones")
    form.get_by_role("button", name="Add").click()
    expect(page.get_by_text("120 rows are the dataset more-good-ones@1 now")).to_be_visible()


def test_with_predictions_alone_inputs_are_shown(
    made: Served, page: Page, shot: Callable[[str], Path]
) -> None:
    opened(page, made, place="e/known@1/reviews@1/generate")
    expect(rows(page)).to_have_count(10)
    expect(page.get_by_text("The model cannot be asked here")).to_be_visible()
    expect(page.get_by_role("button", name="Make a check")).to_have_count(0)
    shot("generate-predictions-only")
    accessible(page)
    page.get_by_role("tab", name="Advice").click()
    expect(page.get_by_text("The model cannot be asked here")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_screen_is_accessible_and_narrow(
    scheme: str, made: Served, page: Page, shot: Callable[[str], Path]
) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    template = "?tab=templates&template=%7Bname%7D+was+%7Badjective%7D&answer_by=adjective"
    tabs = {
        "": "&by=typo&by=name_swap&count=1000",
        "templates": f"{template}&answer=positive%3Dpos&answer=negative%3Dneg",
        "first": "?tab=templates",
        "advice": "?tab=advice&try=typo&ask=1&sample=200&ceiling=letters%401",
    }
    for width in (1440, 360):
        page.set_viewport_size({"width": width, "height": 900})
        for name, query in tabs.items():
            opened(page, made, f"?{query.lstrip('&?')}")
            expect(page.locator("[role=status]:has(*)")).to_have_count(0, timeout=60_000)
            shot(f"generate-{name or 'perturb'}-{scheme}-{width}")
            assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
            accessible(page)
    opened(page, made, "?by=typo")
    page.get_by_role("button", name="Make a check").click()
    page.get_by_label("The check as YAML").wait_for()
    accessible(page, "[role=dialog]")


def test_the_keyboard_goes_to_the_screen_and_its_tabs(made: Served, page: Page) -> None:
    page.goto(f"{made.address}e/words@1/reviews@1/overview")
    page.get_by_role("heading", level=1).wait_for()
    page.keyboard.press("g")
    page.keyboard.press("n")
    page.wait_for_url("**/generate")
    page.get_by_role("tab", name="Perturbations").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**/generate?tab=templates")
    page.get_by_role("button", name="Names that must not matter").press("Enter")
    page.wait_for_url("**vary=name*")
