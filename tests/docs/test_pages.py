"""Links lead somewhere, words are the project's own, pictures are light."""

from __future__ import annotations

import re
from pathlib import Path

import examples
import pytest

ROOT = examples.ROOT
PAGES = [*ROOT.glob("*.md"), *sorted((ROOT / "docs").rglob("*.md"))]
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def anchors(page: Path) -> set[str]:
    """What headings can be linked by, as GitHub makes them."""
    text = re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_links_lead_somewhere(page: Path) -> None:
    text = re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    for link in _LINK.findall(re.sub(r"`[^`\n]*`", "", text)):
        if link.startswith(("http://", "https://", "mailto:")):
            continue
        place, _, anchor = link.partition("#")
        target = (page.parent / place).resolve() if place else page
        assert target.exists(), f"{link} does not exist"
        if anchor:
            assert anchor in anchors(target), f"{link}: no such heading"


def test_every_page_is_reached_from_the_index() -> None:
    seen: set[Path] = set()
    ahead = [ROOT / "README.md"]
    while ahead:
        page = ahead.pop()
        if page in seen or page.suffix != ".md":
            continue
        seen.add(page)
        links = (link.partition("#")[0] for link in _LINK.findall(page.read_text("utf-8")))
        ahead += [
            path for path in ((page.parent / link).resolve() for link in links) if path.is_file()
        ]
    missed = [named(page) for page in PAGES if page.resolve() not in seen]
    assert not missed, f"not linked: {missed}"


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_pages_name_no_place_of_the_machine_they_were_written_on(page: Path) -> None:
    assert not re.search(r"/(work|home|root|tmp)/", page.read_text("utf-8"))


def test_pictures_are_light() -> None:
    for picture in (ROOT / "docs" / "images").iterdir():
        assert picture.stat().st_size < 300_000, picture.name


def test_the_readme_counts_right() -> None:
    from mispredict.metrics import METRICS

    found = re.search(r"(\d+) \[metrics\]", (ROOT / "README.md").read_text("utf-8"))
    assert found is not None
    assert int(found[1]) == sum(not METRICS[name].is_by_rows for name in METRICS)
