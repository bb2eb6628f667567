"""The page is one bounded file that is safe to open and readable without a network."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import mispredict as mp
from mispredict.core.errors import NotWritable
from mispredict.report import html
from mispredict.report.html import render_fragment, render_html, write_html
from mispredict.report.overview import Overview, overview
from mispredict.report.page import highlighted

MEGABYTE = 1_000_000
_VOID = {"meta", "br", "hr", "img", "input", "link"}


class Page(HTMLParser):
    """Elements of a page, checked to be balanced."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_page_is_balanced_and_small(view: Overview) -> None:
    text = render_html(view)
    page = Page(text)
    assert len(text.encode()) < MEGABYTE / 2
    assert sum(tag == "h1" for tag, _ in page.seen) == 1
    anchors = {attrs["id"] for _, attrs in page.seen if "id" in attrs}
    links = {str(attrs["href"]) for tag, attrs in page.seen if tag == "a"}
    assert {link.removeprefix("#") for link in links} <= anchors


def test_no_resource_from_elsewhere(view: Overview) -> None:
    page = Page(render_html(view))
    for tag, attrs in page.seen:
        assert tag not in {"link", "img", "iframe", "object", "embed", "base", "form"}
        for name in ("src", "srcset", "xlink:href", "data", "action"):
            assert name not in attrs
        assert str(attrs.get("href", "#")).startswith("#")
        assert not [name for name in attrs if name.startswith("on") or name == "style"]
    assert not re.search(r"url\(|@import", render_html(view).split("</style>")[0])


def test_policy_allows_only_its_own_style_and_script(overviews: dict[str, Overview]) -> None:
    text = render_html(overviews["binary"])
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy is not None
    for tag in ("style", "script"):
        found = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        assert len(found) == 1
        digest = base64.b64encode(hashlib.sha256(found[0].encode()).digest()).decode()
        assert f"{tag}-src &#39;sha256-{digest}&#39;" in policy[1].replace("&#43;", "+")
    assert "default-src &#39;none&#39;" in policy[1]


@pytest.mark.parametrize("render", [render_html, render_fragment])
def test_user_text_is_never_markup(overviews: dict[str, Overview], render: object) -> None:
    assert callable(render)
    text = render(overviews["hostile"])
    page = Page(text)
    scripts = sum(tag == "script" for tag, _ in page.seen)
    assert scripts == (1 if render is render_html else 0)
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert" in text
    if render is render_html:
        assert "שלום" in text and "👩🏽‍🚀" in text


def test_long_cells_are_cut(overviews: dict[str, Overview]) -> None:
    view = overviews["hostile"]
    assert len(view.to_json()) < 100_000
    assert "x" * 400 not in render_html(view)


def test_fragment_is_small(view: Overview) -> None:
    text = view._repr_html_()
    Page(text)
    assert len(text) < 100_000


def test_sections_follow_what_there_is(overviews: dict[str, Overview]) -> None:
    assert 'id="errors"' in render_html(overviews["binary"])
    page = render_html(overviews["score"])
    assert 'id="errors"' not in page and 'id="classes"' not in page and 'id="cards"' in page


def test_slices_come_before_single_conditions(overviews: dict[str, Overview]) -> None:
    view = overviews["binary"]
    assert view.slices is not None
    text = render_html(view)
    section = text[text.index('id="cards"') :]
    worst = view.slices.rows[0]
    places = [section.index(part) for part in (f"<h2>Where {worst.name}: ", "Slices:", "Single")]
    assert places == sorted(places)
    shown = " ".join(Page(text).words)
    assert shown.count(worst.sentence.rstrip(".")) == 2  # in short, and with its bar
    for part in (worst.where, "121 rows", "85.9 % of all errors", "p < 0.001", view.slices.note):
        assert part in shown.replace("\u00a0", " ")
    assert worst.sentence in "".join(Page(render_fragment(view)).words)


def test_nothing_significant_is_shown(overviews: dict[str, Overview]) -> None:
    view = overviews["multiclass"]
    assert view.slices is not None
    text = render_html(view)
    assert view.slices.note in text and 'class="rates slices"' not in text


def test_tokens_are_marked_where_they_stand_alone() -> None:
    found = highlighted("Rain, <b>rain</b> and raincoat", ["rain"])
    assert found == ("<mark>Rain</mark>, &lt;b&gt;<mark>rain</mark>&lt;/b&gt; and raincoat")


def test_write_replaces_the_whole_file(overviews: dict[str, Overview], tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    assert write_html(overviews["score"], target) == target
    assert write_html(overviews["binary"], str(target)) == target
    assert target.read_text("utf-8") == render_html(overviews["binary"])
    assert [path.name for path in target.parent.iterdir()] == ["report.html"]


def test_refused_write_leaves_what_was_there(
    overviews: dict[str, Overview], tmp_path: Path
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("kept")
    for place in (tmp_path / "folder", tmp_path / "file" / "report.html", Path("/proc/no/a.html")):
        with pytest.raises(NotWritable, match="cannot be written") as caught:
            write_html(overviews["score"], place)
        assert caught.value.hint and caught.value.known
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder"]
    assert (tmp_path / "file").read_text() == "kept"


def test_full_disk(overviews: dict[str, Overview]) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("no /dev/full here")
    error = OSError(28, "No space left on device")
    assert "free some space" in html._not_writable(full, error).hint


@pytest.mark.slow
def test_many_rows_classes_and_columns_stay_small(workspace: mp.Workspace) -> None:
    rng = np.random.default_rng(0)
    n, size = 200_000, 300
    names = np.array([f"class with a rather long name {i:03d}" for i in range(size)])
    label = rng.integers(0, size, n)
    guess = np.where(rng.random(n) < 0.4, rng.integers(0, size, n), label)
    columns = {f"column {i}": rng.integers(0, 30, n, dtype=np.int8) for i in range(500)}
    frame = pd.DataFrame({**columns, "kind": names[label]})
    workspace.add_dataset("big", frame, label="kind", types={"kind": "categorical"})
    evaluation = workspace.add_predictions("m", "big", pd.DataFrame({"prediction": names[guess]}))
    view = overview(evaluation)
    assert view.confusion is not None and view.confusion.counts == ()
    assert len(view.classes) == 100
    assert len(render_html(view).encode()) < MEGABYTE
    assert len(view.to_json()) < MEGABYTE


@pytest.mark.parametrize("size", [2, 8, 30, 31])
def test_confusion_up_to_thirty_classes(workspace: mp.Workspace, size: int) -> None:
    names = np.array([f"class {i:02d}" for i in range(size)])
    label = np.arange(60 * size) % size
    guess = np.where(np.arange(60 * size) % 7 == 0, (label + 1) % size, label)
    workspace.add_dataset("d", pd.DataFrame({"x": label % 3, "y": names[label]}), label="y")
    evaluation = workspace.add_predictions("m", "d", pd.DataFrame({"prediction": names[guess]}))
    text = render_html(overview(evaluation))
    Page(text)
    assert ("too many for a picture" in text) == (size > 30)
    assert len(text.encode()) < MEGABYTE / 2
