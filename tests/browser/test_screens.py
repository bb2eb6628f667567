"""Every screen in light and dark: nothing that axe would find, and a picture for the documents."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from .conftest import Served

pytestmark = pytest.mark.slow
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
PLACE = "e/boosting@1/churn@1"
SCREENS = {
    "home": "",
    "overview": f"{PLACE}/overview",
    "overview-cohort": f"{PLACE}/overview?where=tenure+%3C+12",
    "explore": f"{PLACE}/explore?where=contract+%3D+%27Month-to-month%27&order_by=loss+DESC",
    "row": f"{PLACE}/row/5",
    "slices": f"{PLACE}/slices",
    "tree": f"{PLACE}/slices?view=tree",
    "priorities": f"{PLACE}/priorities",
    "compare": "e/retention@2/churn@1/compare",
    "board": "board/churn",
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", SCREENS)
def test_a_screen_is_accessible(
    screen: str, scheme: str, page: Page, churn: Served, shot: Callable[[str], Path]
) -> None:
    churn.until("evaluations/boosting@1/churn@1/slices", top=15)
    churn.until("evaluations/boosting@1/churn@1/tree")
    churn.until("evaluations/retention@2/churn@1/compare", against="retention@1")
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(churn.address + SCREENS[screen])
    page.wait_for_load_state("networkidle")
    picture = shot(f"{screen}-{scheme}")
    assert picture.stat().st_size > 10_000
    found = axe.Axe().run(page)
    said = [
        f"{item['id']}: {item['help']}: {[node['html'][:160] for node in item['nodes'][:3]]}"
        for item in found.response["violations"]
    ]
    assert not said, "\n".join(said)
