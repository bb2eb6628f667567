"""Suites on the screen: run, looked at check by check, edited in place, proposed."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Page, expect

import mispredict as mp

from .conftest import Serve, Served

pytestmark = pytest.mark.slow
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
E = "evaluations/rule@2/loans@1"
PLACE = "e/rule@2/loans@1/tests"
MODULE = '''
"""Two versions of a model, for a server to import."""
import time

import numpy as np


def first(frame):
    return _said(frame["income"] > 50)


def second(frame):
    return _said((frame["income"] > 50) & (frame["age"] < 60))


def slow(frame):
    time.sleep(1.5)
    return second(frame)


def _said(good):
    p = np.where(good, 0.9, 0.1)
    return np.column_stack([p, 1 - p])
'''
SUITE = """\
suite: loan-gate
checks:
  - name: good enough
    kind: metric
    metric: accuracy
    min: 0.7
    tags: [quick]
    owner: ana
  - name: seniors are served
    kind: metric
    metric: accuracy
    where: age >= 60
    min: 0.9
    tags: [fairness]
    reason: the regulator asks
  - name: a few old ones
    kind: metric
    metric: accuracy
    where: age > 78
    min: 0.5
    severity: warn
    tags: [fairness]
  - name: an income a little off
    kind: augmentation
    perturbations: [scale, shift]
    min_share: 0.99
  - name: as sure as it is right
    kind: calibration
    max: 0.3
    severity: warn
"""


def loans() -> pd.DataFrame:
    """Incomes, ages, and whether a loan was paid back."""
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "id": np.arange(800),
            "income": rng.normal(52, 15, 800).round(1),
            "age": rng.integers(18, 80, 800),
            "city": rng.choice(["Oslo", "Bergen", "Tromsø"], 800),
        }
    )
    is_paid = (frame["income"] > 50) ^ (rng.random(800) < 0.05)
    return frame.assign(paid=np.where(is_paid, "no", "yes"))


@pytest.fixture
def tested(tmp_path: Path, serve: Serve, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """Two versions of a model, the first of which passed its suite."""
    (tmp_path / "loan_rules.py").write_text(MODULE)
    monkeypatch.syspath_prepend(tmp_path)
    with mp.open(tmp_path / "ws") as workspace:
        workspace.add_dataset("loans", loans(), label="paid", id="id")
        for name, version in (("first", "1"), ("second", "2")):
            target = f"loan_rules:{name}"
            workspace.add_model("rule", target, classes=["no", "yes"], version=version)
            workspace.evaluate(f"rule@{version}", "loans")
        workspace.add_model("slow", "loan_rules:slow", classes=["no", "yes"], version="1")
        workspace.evaluate("slow", "loans")
        workspace.run(SUITE, model="rule@1", data="loans")
    path = os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])])
    with serve(tmp_path / "ws", env={"PYTHONPATH": path}) as served:
        yield served


def opened(page: Page, served: Served, query: str = "") -> None:
    page.goto(f"{served.address}{PLACE}{query}")
    page.get_by_role("heading", name="Tests", level=1).wait_for()


def run(page: Page) -> None:
    page.get_by_role("button", name="Run suite").click()
    expect(line(page, "seniors are served")).to_contain_text("fail")


def line(page: Page, check: str):  # type: ignore[no-untyped-def]
    return page.get_by_role("row").filter(has=page.get_by_role("button", name=check, exact=True))


def forgive(page: Page) -> None:
    """Forget that the browser told of answers 400, which were asked for."""
    faults: list[str] = page.faults  # type: ignore[attr-defined]
    faults[:] = [fault for fault in faults if "400" not in fault]


def accessible(page: Page, part: str = "body") -> None:
    found = axe.Axe().run(page, context=part).response["violations"]
    assert not found, [(item["id"], [n["html"][:160] for n in item["nodes"][:3]]) for item in found]


def test_a_suite_is_run_and_a_failing_check_opened(tested: Served, page: Page) -> None:
    opened(page, tested)
    expect(page.get_by_text("Not run on this evaluation yet.")).to_be_visible()
    expect(line(page, "good enough")).to_contain_text("not run")
    run(page)
    said = tested.get(f"{E}/suites/loan-gate")
    expect(page.get_by_text(said["summary"])).to_be_visible()
    for row in said["rows"]:
        expect(line(page, row["check"])).to_contain_text(row["verdict"]["verdict"])
    first = page.get_by_role("row").nth(1)
    expect(first).to_contain_text(said["rows"][0]["check"])
    versions = line(page, "seniors are served").get_by_label("By version of the model")
    expect(versions.get_by_role("listitem")).to_have_count(2)
    page.get_by_text("unsure 1", exact=True).click()
    expect(page.get_by_role("row")).to_have_count(2)
    page.get_by_text("unsure 1", exact=True).click()
    page.get_by_role("button", name="seniors are served", exact=True).click()
    drawer = page.get_by_role("dialog")
    expect(drawer).to_contain_text("the regulator asks")
    drawer.get_by_role("link", name="Rows of this check").click()
    page.wait_for_url("**/explore?where=age+*")


def test_changed_inputs_are_shown_before_and_after(tested: Served, page: Page) -> None:
    opened(page, tested)
    run(page)
    page.get_by_role("button", name="an income a little off", exact=True).click()
    failing = page.get_by_role("region", name="Failing rows")
    expect(failing.locator("del").first).to_be_visible()
    failing.get_by_role("link", name="Row").first.click()
    page.wait_for_url("**/row/*")


def test_a_check_is_edited_in_place_and_run_again(tested: Served, page: Page) -> None:
    opened(page, tested)
    run(page)
    page.get_by_role("button", name="seniors are served", exact=True).click()
    drawer = page.get_by_role("dialog")
    text = drawer.get_by_label("The check as YAML")
    given = text.input_value()
    text.fill(given.replace("age >= 60", "agee >= 60"))
    drawer.get_by_role("button", name="Save").click()
    fault = drawer.get_by_role("alert")
    expect(fault).to_contain_text("column 8: no column 'agee'.")
    assert text.evaluate("e => e.value.slice(e.selectionStart, e.selectionEnd)") == "agee"
    text.fill(given.replace("0.9", "0.2"))
    drawer.get_by_role("button", name="Save").click()
    expect(fault).not_to_be_attached()
    drawer.get_by_role("button", name="Run this check").click()
    expect(drawer).to_contain_text("pass")
    assert "min: 0.2" in tested.get(f"{E}/suites/loan-gate")["text"]
    forgive(page)


def test_a_check_is_added_by_a_form_of_its_kind(tested: Served, page: Page) -> None:
    opened(page, tested)
    page.get_by_role("button", name="Add a check").click()
    form = page.get_by_role("dialog")
    form.get_by_label("Name").fill("nobody is turned")
    kind = form.get_by_role("combobox", name="Kind")
    kind.click()
    kind.fill("adversarial")
    page.get_by_role("option", name="adversarial").click()
    expect(form).to_contain_text("Rows that are not of a class are not predicted as it")
    form.get_by_role("combobox", name="target").click()
    page.get_by_role("option", name="yes").click()
    vary = form.get_by_role("combobox", name="vary")
    vary.click()
    page.get_by_role("option", name="income").click()
    page.keyboard.press("Escape")
    form.get_by_label("tries").fill("5")
    form.get_by_label("ranges").fill("{income: [40, 60]}")
    accessible(page, "[role=dialog]")
    form.get_by_text("YAML", exact=True).click()
    yaml = form.get_by_label("The check as YAML")
    expect(yaml).to_have_value(
        "name: nobody is turned\nkind: adversarial\ntarget: 'yes'\nvary: [income]\n"
        "ranges: {income: [40, 60]}\ntries: 5"
    )
    yaml.fill(yaml.input_value().replace("tries: 5", "tries: 7"))
    form.get_by_text("Form", exact=True).click()
    expect(form.get_by_label("tries")).to_have_value("7")
    form.get_by_role("button", name="Save").click()
    expect(line(page, "nobody is turned")).to_contain_text("not run")
    page.get_by_role("button", name="nobody is turned", exact=True).click()
    page.get_by_role("button", name="Run this check").click()
    expect(page.get_by_role("dialog")).to_contain_text("Had to be passed, in the median: income")


def test_strength_columns_and_steps_of_a_check_are_edited(tested: Served, page: Page) -> None:
    opened(page, tested)
    page.get_by_role("button", name="an income a little off", exact=True).click()
    detail = page.get_by_role("dialog")
    detail.get_by_text("Form", exact=True).click()
    detail.get_by_label("strength").fill("0.1")
    detail.get_by_role("combobox", name="columns").click()
    page.get_by_role("option", name="income").click()
    page.keyboard.press("Escape")
    steps = detail.get_by_role("combobox", name="perturbations")
    steps.fill("noise | scale(down=true)")
    page.keyboard.press("Enter")
    detail.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved. Run it")).to_be_visible()
    text = tested.get(f"{E}/suites/loan-gate")["text"]
    assert "perturbations: [scale, shift, noise | scale(down=true)]" in text
    assert "columns: [income]" in text
    assert "strength: 0.1" in text
    detail.get_by_text("YAML", exact=True).click()
    expect(detail.get_by_label("The check as YAML")).to_have_value(re.compile("strength: 0.1"))
    detail.get_by_role("button", name="Run this check").click()
    expect(detail).to_contain_text("noise | scale(down=true) at 0.1")


def test_a_bad_suite_is_told_by_line_and_column(tested: Served, page: Page) -> None:
    opened(page, tested)
    page.get_by_role("button", name="New suite").click()
    dialog = page.get_by_role("dialog")
    text = dialog.get_by_label("The suite as YAML")
    text.fill("suite: mine\nchecks:\n  - name: a\n    kind: metrik\n    min: 1\n")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("alert")).to_contain_text("ine 4, column 11: no kind of check")
    text.fill("suite: mine\nchecks:\n  - {name: a, kind: metric, metric: accuracy, min: 0.1}\n")
    dialog.get_by_role("button", name="Save").click()
    page.wait_for_url("**/tests?suite=mine")
    expect(page.get_by_role("heading", name="mine")).to_be_visible()
    forgive(page)


def test_checks_are_proposed_chosen_and_added(tested: Served, page: Page) -> None:
    opened(page, tested)
    page.get_by_role("button", name="Propose checks").click()
    dialog = page.get_by_role("dialog")
    first = dialog.get_by_role("checkbox", name="no not taken for yes")
    expect(first).to_be_checked()
    dialog.get_by_role("checkbox", name="yes not taken for no").uncheck()
    dialog.get_by_label("Into the suite").fill("kept")
    dialog.get_by_role("button", name="Add 1 check").click()
    page.wait_for_url("**/tests?suite=kept")
    expect(line(page, "no not taken for yes")).to_contain_text("not run")


def test_a_run_is_stopped_and_begun_again(tested: Served, page: Page) -> None:
    page.goto(f"{tested.address}e/slow@1/loans@1/tests")
    page.get_by_role("button", name="Run suite").click()
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("It was stopped.")).to_be_visible()
    expect(line(page, "good enough")).to_contain_text("not run")
    page.get_by_role("button", name="Start again").click()
    expect(line(page, "an income a little off")).not_to_contain_text("not run", timeout=60_000)


def test_a_run_is_compared_with_the_model_that_is_chosen(tested: Served, page: Page) -> None:
    check = "  - {name: kept, kind: regression, metric: accuracy, max_drop: 0.05}"
    text = f"suite: no-worse\nbaseline: rule@2\nchecks:\n{check}\n"
    opened(page, tested)
    page.get_by_role("button", name="New suite").click()
    page.get_by_role("dialog").get_by_label("The suite as YAML").fill(text)
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Run suite").click()
    expect(line(page, "kept")).to_contain_text("pass")
    page.get_by_role("combobox", name="Compare with").click()
    page.get_by_role("option", name="rule@1").click()
    page.wait_for_url("**against=rule%401*")
    page.get_by_role("button", name="Run suite").click()
    expect(line(page, "kept")).to_contain_text("fail")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_screen_is_accessible(
    scheme: str, tested: Served, page: Page, shot: Callable[[str], Path]
) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    opened(page, tested)
    run(page)
    shot(f"tests-{scheme}")
    accessible(page)
    page.get_by_role("button", name="an income a little off", exact=True).click()
    page.get_by_role("region", name="Failing rows").wait_for()
    shot(f"tests-check-{scheme}")
    accessible(page, "[role=dialog]")
    opened(page, tested, "?do=propose")
    page.get_by_role("checkbox", name="no not taken for yes").wait_for()
    shot(f"tests-propose-{scheme}")
    accessible(page, "[role=dialog]")
    page.set_viewport_size({"width": 360, "height": 740})
    opened(page, tested)
    line(page, "good enough").wait_for()
    shot(f"tests-narrow-{scheme}")
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


def test_without_a_suite_the_screen_teaches(
    page: Page, tmp_path: Path, serve: Serve, shot: Callable[[str], Path]
) -> None:
    frame = loans()
    with mp.open(tmp_path / "ws") as workspace:
        workspace.add_dataset("loans", frame, label="paid", id="id")
        said = pd.DataFrame({"id": frame["id"], "prediction": frame["paid"]})
        workspace.add_predictions("known", "loans", said)
    with serve(tmp_path / "ws") as served:
        page.goto(f"{served.address}e/known@1/loans@1/tests")
        page.get_by_role("button", name="Good enough").click()
        shot("tests-empty")
        accessible(page)
        page.get_by_role("button", name="Save").click()
        page.wait_for_url("**/tests?suite=first-checks")
        page.get_by_role("button", name="Run suite").click()
        expect(line(page, "good enough")).to_contain_text("pass")
        page.goto("about:blank")  # before the server is gone


def test_a_slice_becomes_a_check(tested: Served, page: Page) -> None:
    tested.until(f"{E}/slices", top=15)
    page.goto(f"{tested.address}e/rule@2/loans@1/slices")
    page.get_by_role("button", name="Make a check").first.click()
    page.get_by_role("button", name="Look at it").click()
    page.wait_for_url("**/tests?suite=rule-loans&check=*")
    expect(page.get_by_role("dialog")).to_contain_text("not run")
