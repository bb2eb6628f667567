"""Uncertainty on the screen: errors by doubt, confident mistakes, noise, sets by cohort, sanity."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

import mispredict as mp

from .conftest import Serve, Served
from .data_workspace import loans as rows_of
from .data_workspace import make

pytestmark = pytest.mark.slow
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
ALONE = "e/rule@1/loans@1/data?tab=uncertainty"
E = "evaluations/rule@1/loans@1"
FITTED = "evaluations/line@1/plain@1"
CALLED = "e/line@1/plain@1/data?tab=uncertainty"


@pytest.fixture(scope="module")
def loans(tmp_path_factory: pytest.TempPathFactory, serve: Serve) -> Iterator[Served]:
    from sklearn.linear_model import LogisticRegression

    folder = make(tmp_path_factory.mktemp("doubt") / "ws")
    frame = rows_of(0, 0.0)[0][["income", "age", "paid"]]
    model = LogisticRegression().fit(frame[["income", "age"]], frame["paid"])
    with mp.open(folder) as workspace:
        workspace.add_dataset("plain", frame, label="paid")
        workspace.add_model("line", model, copy=True)
        workspace.evaluate("line", "plain")
    with serve(folder, "--trust") as served:
        yield served


def test_rows_may_be_left_out_and_confident_mistakes_seen(loans: Served, page: Page) -> None:
    page.goto(f"{loans.address}{ALONE}")
    found = loans.until(f"{E}/uncertainty")
    panel = page.get_by_role("region", name=found["note"])
    expect(panel.get_by_role("img", name="error rate by the share of rows")).to_be_visible()
    panel.get_by_role("slider").press("ArrowRight")
    page.wait_for_url("**doubted=0.11*")
    more = loans.until(f"{E}/uncertainty", doubted=0.11)
    expect(page.get_by_role("heading", name=more["note"])).to_be_visible()
    sure = next(row for row in more["doubts"] if row["name"] == "sure and wrong")
    mistakes = page.get_by_role("region", name=f"{sure['n']} mistakes")
    expect(mistakes.get_by_role("row")).to_have_count(7)
    mistakes.get_by_role("link", name=f"{sure['n']} sure and wrong").click()
    page.wait_for_url("**/explore?where=*correct+%3D+FALSE*")
    expect(page.get_by_text(f"{sure['n']} of")).to_be_visible()


def test_a_check_of_what_was_found_is_kept_once(loans: Served, page: Page) -> None:
    page.goto(f"{loans.address}{ALONE}")
    found = loans.until(f"{E}/uncertainty")
    panel = page.get_by_role("region", name=found["note"])
    for _ in range(2):
        panel.get_by_role("button", name="Make a check").click()
        said = page.get_by_text("The suite uncertainty holds now")
        expect(said.first).to_be_visible()
    assert [row["check"] for row in loans.get(f"{E}/suites/uncertainty")["rows"]] == [
        "few errors among the surest rows"
    ]


def test_sets_follow_the_target_and_are_judged_by_cohort(loans: Served, page: Page) -> None:
    page.goto(f"{loans.address}{ALONE}&target=0.95")
    found = loans.until(f"{E}/conformal", target=0.95)
    panel = page.get_by_role("region", name=found["note"])
    expect(panel.get_by_text("all rows", exact=True)).to_be_visible()
    panel.get_by_role("button", name=f"All {len(found['rows']) - 1} cohorts").click()
    expect(panel.get_by_text("city = 'Oslo'")).to_be_visible()
    panel.get_by_role("slider").press("End")
    page.wait_for_url("**target=0.99*")
    more = loans.until(f"{E}/conformal", target=0.99)
    expect(page.get_by_role("heading", name=more["note"])).to_be_visible()
    sizes = page.get_by_role("region", name="How large the sets are")
    row = more["sizes"][0]
    sizes.get_by_role("link", name=row["label"]).click()
    page.wait_for_url("**where=set_size*")
    expect(page.get_by_text(f"{row['n']:,} of")).to_be_visible()


def test_without_a_model_to_ask_sanity_says_what_it_can(loans: Served, page: Page) -> None:
    page.goto(f"{loans.address}{ALONE}")
    panel = page.get_by_role("region", name="No sanity test failed")
    expect(panel.get_by_text("It beats a constant answer")).to_be_visible()
    expect(panel.get_by_role("button", name="Also ask the model")).to_have_count(0)
    expect(page.get_by_role("button", name="Put noise on the inputs")).to_have_count(0)


def test_noise_is_put_on_when_asked_and_becomes_a_measure(loans: Served, page: Page) -> None:
    page.goto(f"{loans.address}{CALLED}")
    measures = page.get_by_role("region", name="Which doubt is best")
    expect(measures.get_by_role("button", name="confidence")).to_be_visible()
    expect(measures.get_by_role("button", name="noise spread")).to_have_count(0)
    page.get_by_role("button", name="Put noise on the inputs").click()
    found = loans.until(f"{FITTED}/spread", noise=0.05, copies=10)
    expect(page.get_by_role("heading", name=found["note"])).to_be_visible(timeout=20_000)
    measures.get_by_role("button", name="noise spread").click()
    page.wait_for_url("**measure=noise_spread*")
    expect(page.get_by_role("heading", name="least sure by noise_spread")).to_be_visible()


def test_all_sanity_tests_and_what_inputs_are_worth(loans: Served, page: Page) -> None:
    page.goto(f"{loans.address}{CALLED}")
    page.get_by_role("button", name="Also ask the model").click()
    found = loans.until(f"{FITTED}/sanity")
    expect(page.get_by_text("It learns nothing from shuffled labels")).to_be_visible(timeout=30_000)
    for row in found["rows"]:
        expect(page.get_by_text(row["sentence"])).to_be_visible()
    expect(page.get_by_text("What is lost when one input is shuffled")).to_be_visible()


def test_it_asks_for_a_model(loans: Served, page: Page) -> None:
    page.goto(f"{loans.address}data/loans@1?tab=uncertainty&evaluation=none")
    expect(page.get_by_role("heading", name="A model has to speak first")).to_be_visible()


@pytest.mark.parametrize("width", [1440, 360])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_tab_is_accessible_and_fits(
    loans: Served, page: Page, scheme: Any, width: int, shot: Callable[[str], Path]
) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{loans.address}{CALLED}&noise=0.05&sanity=all")
    page.get_by_text("What is lost when one input is shuffled").wait_for()
    page.get_by_role("region", name="How large the sets are").wait_for()
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = axe.Axe().run(page).response["violations"]
    assert not found, [(item["id"], [n["html"][:160] for n in item["nodes"][:3]]) for item in found]
    shot(f"data-uncertainty-{scheme}" + ("" if width == 1440 else "-narrow"))
