"""Pages of rows: by cursor, by offset, in order."""

from __future__ import annotations

import base64
from contextlib import suppress
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mispredict.core.errors import BadOption
from mispredict.server.cursors import cursor_of, offset_of

E = "/api/v1/evaluations/tumours@1/patients@1"


@pytest.mark.parametrize("where", [None, "radius > 14", "tag('rough')"])
@pytest.mark.parametrize("order_by", [None, "loss DESC", "texture, row DESC"])
def test_pages_by_cursor_are_all_rows_once_and_in_order(
    shared: Any, ws: Any, where: str | None, order_by: str | None
) -> None:
    asked = {"where": where, "order_by": order_by, "limit": 97, "columns": "row"}
    params = {name: value for name, value in asked.items() if value is not None}
    found, cursor, pages = [], None, 0
    while pages == 0 or cursor is not None:
        asked_for = params | ({"cursor": cursor} if cursor else {})
        page = shared.get(f"{E}/rows", params=asked_for).json()
        assert page["offset"] == len(found)
        found += [row["row"] for row in page["rows"]]
        cursor, pages = page["next"], pages + 1
    expected = ws.evaluation().rows(where, order_by, limit=1000, columns=["row"]).to_frame()
    assert found == expected["row"].tolist()
    assert page["total"] == len(found)


def test_a_page_by_offset_is_that_part_of_the_whole(shared: Any) -> None:
    params = {"order_by": "radius DESC", "columns": "row"}
    whole = shared.get(f"{E}/rows", params=params | {"limit": 569}).json()
    part = shared.get(f"{E}/rows", params=params | {"limit": 10, "offset": 500}).json()
    assert part["rows"] == whole["rows"][500:510]
    assert whole["next"] is None
    behind = shared.get(f"{E}/rows", params=params | {"offset": 10**9}).json()
    assert (behind["rows"], behind["next"], behind["total"]) == ([], None, 569)


@pytest.mark.parametrize(
    "change",
    [
        {"where": "radius > 15"},
        {"order_by": "radius"},
        {"columns": "patient"},
        {"offset": 5},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_cursor_is_of_its_rows_order_and_columns(shared: Any, change: dict[str, Any]) -> None:
    params: dict[str, Any] = {"where": "radius > 14", "order_by": "loss", "columns": "row"}
    cursor = shared.get(f"{E}/rows", params=params | {"limit": 5}).json()["next"]
    assert shared.get(f"{E}/rows", params=params | {"cursor": cursor}).status_code == 200
    answer = shared.get(f"{E}/rows", params=params | {"cursor": cursor} | change)
    assert answer.status_code == 400
    assert "cursor" in answer.json()["message"]


def test_a_cursor_is_of_the_cohort_however_it_is_written(shared: Any) -> None:
    cursor = shared.get(f"{E}/rows", params={"where": "radius > 14", "limit": 5}).json()["next"]
    same = {"where": '("radius">14.0)', "cursor": cursor}
    assert shared.get(f"{E}/rows", params=same).status_code == 200


@given(st.integers(0, 2**40), st.text(), st.none() | st.text())
def test_a_cursor_says_its_offset_to_who_asks_for_the_same(
    offset: int, where: str, order: str | None
) -> None:
    cursor = cursor_of(offset, where, order)
    assert offset_of(cursor, where, order) == offset
    with pytest.raises(BadOption, match="the cursor cannot be used"):
        offset_of(cursor, where, f"{order}x")


@given(st.text() | st.binary().map(lambda data: data.hex()) | st.just("W" * 10_000))
def test_what_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(BadOption, match="the cursor cannot be used"):
        offset_of(text, "where")


@given(st.integers(0, 2**40), st.integers(0, 60), st.sampled_from("abcXYZ019_-"))
def test_a_cursor_that_was_changed_is_refused_or_says_the_same(
    offset: int, place: int, sign: str
) -> None:
    cursor = cursor_of(offset, "where")
    other = cursor[:place] + sign + cursor[place + 1 :]
    with suppress(BadOption):
        assert offset_of(other, "where") == offset


@pytest.mark.parametrize("mode", ["replace", "add", "clear"])
def test_a_page_after_an_edit_is_that_of_the_cohort_it_makes(shared: Any, mode: str) -> None:
    edit = {"where": "radius > 14", "column": "radius", "codes": [40, 41], "mode": mode}
    made = shared.get(f"{E}/explore", params=edit).json()["where"]
    asked = {"order_by": "loss DESC", "columns": "row"}
    page = shared.get(f"{E}/rows", params=edit | asked).json()
    assert page == shared.get(f"{E}/rows", params=asked | {"where": made}).json()
    assert page["source"]["where"] == made


@pytest.mark.parametrize("where", ["", "radius > 14", "tag('rough')", "radius > 1e9"])
def test_a_mask_is_the_rows_of_the_cohort_as_bits(shared: Any, ws: Any, where: str) -> None:
    found = shared.get(f"{E}/mask", params={"where": where}).json()
    packed = np.frombuffer(base64.b64decode(found["bits"]), np.uint8)
    bits = np.unpackbits(packed, bitorder="little")[: found["n"]]
    expected = ws.evaluation().mask(where or None)
    assert bits.tolist() == expected.tolist()
    assert found["rows"] == expected.sum()
