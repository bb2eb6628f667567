"""An export: the answers of the API in one file that asks for nothing else."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import mispredict as mp
from mispredict.core.errors import BadOption, NotBuilt, NotWritable
from mispredict.report.errors import LONGEST_TEXT
from mispredict.server.exporting import export_html
from mispredict.server.exporting.gathering import ERRORS, QUALITY
from mispredict.server.exporting.keys import embedded, key_of
from mispredict.server.exporting.page import Template, page_of

from .conftest import Client, E

ROOT = Path(__file__).parents[2]
DATA = re.compile(r'<script type="application/json" id="mispredict-export">(.*?)</script>', re.S)
ROWS = re.compile(r'<script type="application/gzip" id="mispredict-export-rows">(.*?)</script>')
POLICY = re.compile(r'http-equiv="Content-Security-Policy" content="([^"]+)"')
LONG = "a long word " * 100


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """Built pages, of which the test reads none."""
    folder = tmp_path / "bundle"
    (folder / "export").mkdir(parents=True)
    (folder / "export" / "app.js").write_text('run("</script><!--");', encoding="utf-8")
    (folder / "export" / "app.css").write_text("a::after { content: '</style>' }")
    (folder / "icon.svg").write_text("<svg/>")
    return folder


@pytest.fixture
def ev(ws: mp.Workspace) -> mp.Evaluation:
    return ws.evaluation("tumours/patients")


def contents(path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """What an export holds: its data, and the pages of rows."""
    text = path.read_text(encoding="utf-8")
    data, packed = DATA.search(text), ROWS.search(text)
    assert data is not None
    assert packed is not None
    return json.loads(data[1]), json.loads(gzip.decompress(base64.b64decode(packed[1])))


# The same pairs as in ui/src/api/exported.test.ts.
@pytest.mark.parametrize(
    ("path", "params", "key"),
    [
        ("", {}, '["",[]]'),
        ("slices", {"top": 15, "where": None}, '["slices",[["top","15"]]]'),
        (
            "rows",
            {"where": 'Land = "Köln\n"', "columns": ["b", "a"], "order_by": ""},
            r'["rows",[["columns","b"],["columns","a"],["where","Land = \"Köln\n\""]]]',
        ),
    ],
    ids=["nothing", "a number", "lists and quotes"],
)
def test_names_of_answers(path: str, params: dict[str, Any], key: str) -> None:
    assert key_of(path, params) == key


def test_the_parts_of_the_overview_are_those_the_pages_ask_for() -> None:
    text = (ROOT / "ui" / "src" / "screens" / "overview" / "parts.ts").read_text()
    listed = re.findall(r"(quality|errors): \[(.*?)\]", text, re.S)
    parts = {name: tuple(re.findall(r'"([^"]+)"', items)) for name, items in listed}
    assert parts == {"quality": QUALITY, "errors": ERRORS}


@given(st.text(alphabet=st.sampled_from('<>&/!-"\\\u2028\u2029é𝄞script '), max_size=40))
def test_data_never_end_their_element(text: str) -> None:
    written = embedded({"text": text})
    assert not set("<>&\u2028\u2029") & set(written)
    assert json.loads(written) == {"text": text}


def test_the_policy_allows_the_script_and_nothing_of_a_network(bundle: Path) -> None:
    page = page_of(Template.read(bundle), 'a <b> & "c"', {"x": "</script>"}, {})
    assert "<title>a &lt;b&gt; &amp; &quot;c&quot;</title>" in page
    assert page.count("</script>") == 3
    assert page.count("</style>") == 1
    [script] = re.findall(r"<script>(.*?)</script>", page, re.S)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    found = POLICY.search(page)
    assert found is not None
    policy = found[1].replace("&#x27;", "'")
    assert f"script-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert "connect-src" not in policy
    assert not re.search(r"https?://", page)


def test_answers_are_those_of_the_api(
    ev: mp.Evaluation, bundle: Path, shared: Client, tmp_path: Path
) -> None:
    path = export_html(ev, tmp_path / "export.html", rows=20, bundle=bundle)
    data, examples = contents(path)
    for endpoint, params in [
        ("overview", {"parts": list(QUALITY)}),
        ("confusion", {}),
        ("explore", {}),
        ("roc", {}),
        ("priorities", {}),
    ]:
        told = shared.get(f"{E}/{endpoint}", params=params).json()
        held = data["answers"][key_of(endpoint, params)]
        for answer in (told, held):
            for timed in ("seconds", "about"):
                answer.pop(timed, None)
        assert told == held, endpoint
    assert data["about"]["rows"] == 20
    assert data["answers"][key_of("slices", {"top": 15})]["rows"] is not None
    assert data["answers"][key_of("tree")]["rows"]
    known = shared.get(f"{E}/rows/7").json()
    assert {**examples["7"], "slices": []} == {
        **known, "previous": None, "next": None, "slices": []
    }  # fmt: skip


def test_rows_are_worst_first_and_in_order(ev: mp.Evaluation, bundle: Path, tmp_path: Path) -> None:
    data, examples = contents(export_html(ev, tmp_path / "e.html", rows=20, bundle=bundle))
    lists = {(item["where"], item["order_by"]): item["rows"] for item in data["lists"]}
    worst = ev.rows(order_by="loss DESC", limit=20, columns=["row"]).to_frame()["row"].tolist()
    assert lists["", "loss DESC"] == worst
    assert lists["", ""] == list(range(20))
    assert len(lists["NOT correct", "confidence DESC"]) == 8
    assert set(map(int, examples)) == {row for rows in lists.values() for row in rows}
    assert set(data["records"]) == set(examples)


def test_nothing_of_other_evaluations_is_told(
    ws: mp.Workspace, ev: mp.Evaluation, bundle: Path, tmp_path: Path
) -> None:
    frame = ev.rows(limit=ev.n, columns=["patient", "prediction"]).to_frame()
    ws.add_predictions("secret", "patients", frame[["patient", "prediction"]])
    path = export_html(ev, tmp_path / "e.html", rows=1, bundle=bundle)
    data, _ = contents(path)
    assert [item["ref"] for item in data["workspace"]["evaluations"]] == ["tumours@1/patients@1"]
    assert [item["ref"] for item in data["workspace"]["models"]] == ["tumours@1"]


def test_long_texts_are_cut(ws: mp.Workspace, bundle: Path, tmp_path: Path) -> None:
    import pandas as pd

    rows = range(40)
    frame = pd.DataFrame(
        {"id": list(rows), "said": [f"{n} {LONG}" for n in rows], "y": [n % 2 for n in rows]}
    )
    ws.add_dataset("texts", frame, id="id", label="y", types={"said": "text"})
    said = pd.DataFrame({"id": list(rows), "prediction": [n % 3 % 2 for n in rows]})
    ev = ws.add_predictions("m", "texts", said)
    data, examples = contents(export_html(ev, tmp_path / "e.html", rows=5, bundle=bundle))
    column = data["columns"].index("said")
    assert len(data["records"]["0"][column]) == LONGEST_TEXT + 1
    shown = next(item["value"] for item in examples["0"]["values"] if item["column"] == "said")
    assert shown.endswith("…")
    assert data["lists"][0]["rows"] == [n for n in rows if n % 2 != n % 3 % 2][:5]


def test_works_inside_a_running_loop(ev: mp.Evaluation, bundle: Path, tmp_path: Path) -> None:
    import asyncio

    async def cell() -> Path:
        return export_html(ev, tmp_path / "e.html", rows=0, bundle=bundle)

    assert asyncio.run(cell()).exists()


def test_without_pages_it_says_how_to_build_them(ev: mp.Evaluation, tmp_path: Path) -> None:
    with pytest.raises(NotBuilt) as raised:
        export_html(ev, tmp_path / "e.html", bundle=tmp_path / "nothing")
    assert raised.value.problem == "an export needs the web pages, which are not built here."
    assert "app.js" in raised.value.known
    assert raised.value.hint.startswith("make ui")


@pytest.mark.parametrize("place", [".", "no/such/folder.html"], ids=["a folder", "no folder"])
def test_a_path_that_cannot_be_written(
    ev: mp.Evaluation, bundle: Path, tmp_path: Path, place: str
) -> None:
    with pytest.raises(NotWritable, match="the export cannot be written to") as raised:
        export_html(ev, tmp_path / place, bundle=bundle)
    assert raised.value.known
    assert raised.value.hint


@pytest.mark.parametrize("rows", [-1, 1_000_000], ids=["negative", "too many"])
def test_a_number_of_rows_that_cannot_be(ev: mp.Evaluation, tmp_path: Path, rows: int) -> None:
    with pytest.raises(BadOption, match="rows"):
        ev.export_html(tmp_path / "e.html", rows=rows)


def test_a_path_that_is_none(ev: mp.Evaluation) -> None:
    with pytest.raises(BadOption, match="is not a path"):
        ev.export_html(5)  # type: ignore[arg-type]
