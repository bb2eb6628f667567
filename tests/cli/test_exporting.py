"""`mispredict export html`: what it writes, and how it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from mispredict.server.settings import BUNDLE

from .conftest import Run

is_built = pytest.mark.skipif(
    not (BUNDLE / "export" / "app.js").exists(), reason="the pages are not built: make ui"
)


@is_built
def test_an_export_says_where_it_is_and_how_large(folder: Path, run: Run) -> None:
    found = run("export", "html", "gbm/churn", "--to", "out.html", "--rows", "3", "--json")
    path = folder / "out.html"
    assert found.json == {
        "evaluation": "gbm@1/churn@1",
        "path": str(path),
        "bytes": path.stat().st_size,
    }
    said = run("export", "html", "--rows", "0").out
    size = (folder / "export.html").stat().st_size / 1e6
    assert said == (
        f"Export: {folder / 'export.html'} ({size:.1f} MB), to be opened in a browser.\n"
    )


@is_built
@pytest.mark.parametrize(
    ("options", "code", "hint"),
    [
        (["nothing/churn"], "UnknownName", ""),
        (["--to", "no/folder/x.html"], "NotWritable", "./x.html"),
        (["--rows", "-4"], "BadOption", "export html --help"),
    ],
    ids=["unknown evaluation", "unwritable path", "negative rows"],
)
def test_what_cannot_be_is_refused(
    options: list[str], code: str, hint: str, folder: Path, run: Run
) -> None:
    found = run("export", "html", *options, "--json")
    assert found.code == 2
    assert found.error["code"] == code
    assert hint in found.error["hint"]
    assert not (folder / "export.html").exists()
