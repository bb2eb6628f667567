"""What is stored: damage is found, and names never collide."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import mispredict as mp
from mispredict.core.errors import BadOption, CorruptPart, StoreError

LONG = "n" * 100


def flip(path: Path, place: int) -> None:
    """Change one bit of a file."""
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(bytes(data))


def predictions(frame: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame({"user_id": frame["user_id"], "prediction": "no"})


@pytest.fixture
def small(ws: mp.Workspace, frame: pd.DataFrame) -> mp.Evaluation:
    ws.add_dataset("people", frame, label="churn")
    return ws.add_predictions("never", "people", predictions(frame))


@pytest.mark.parametrize("role", ["codes_", "codebooks"])
@pytest.mark.parametrize("of", ["dataset", "evaluation"])
def test_a_flipped_bit_in_the_codes_is_found(
    ws: mp.Workspace, small: mp.Evaluation, role: str, of: str
) -> None:
    version = small.version if of == "evaluation" else small.dataset.version
    part = next(item for item in version.parts if item.role.startswith(role))
    flip(ws.store.path(part), -20)
    again = ws.evaluation()
    with pytest.raises(CorruptPart, match="other bytes") as caught:
        again.metrics(by="city" if of == "dataset" else "error_class")
    assert caught.value.hint


def test_tags_of_different_names_and_datasets_are_different(
    ws: mp.Workspace, frame: pd.DataFrame
) -> None:
    for dataset in ("b.on.c", "c"):
        ws.add_dataset(dataset, frame, label="churn")
        ws.add_predictions("never", dataset, predictions(frame))
    ws.evaluation("never/b.on.c").tag("a", rows=[0])
    ws.evaluation("never/c").tag("a.on.b", rows=[1, 2])
    masks = ws.tag_masks(ws.dataset("b.on.c"))
    assert {name: int(mask.sum()) for name, mask in masks.items()} == {"a": 1}
    assert list(ws.tag_masks(ws.dataset("c"))) == ["a.on.b"]
    assert {(row.name, row.dataset, row.n) for row in ws.tags().rows} == {
        ("a", "b.on.c", 1),
        ("a.on.b", "c", 2),
    }


def test_evaluations_of_alike_names_are_different(ws: mp.Workspace, frame: pd.DataFrame) -> None:
    for model, dataset in (("m", "x-v1.on.y"), ("m-v1.on.x", "y")):
        ws.add_dataset(dataset, frame, label="churn")
        ws.add_predictions(model, dataset, predictions(frame))
    assert len({item.version.name for item in map(ws.evaluation, ("m", "m-v1.on.x"))}) == 2


def test_long_names_work_together(ws: mp.Workspace, frame: pd.DataFrame) -> None:
    ws.add_dataset(LONG, frame, label="churn")
    ev = ws.add_predictions(LONG, LONG, predictions(frame))
    other = ws.add_predictions(LONG[:-1], LONG, predictions(frame))
    assert ev.version.name != other.version.name
    assert max(len(ev.version.name), len(other.version.name)) <= 100
    ev.tag(LONG, rows=[3])
    assert int(ev.mask(f"tag('{LONG}')").sum()) == 1
    assert [row.name for row in ws.tags().rows] == [LONG]


def test_no_model_is_left_behind(ws: mp.Workspace, frame: pd.DataFrame) -> None:
    ws.add_dataset("people", frame, label="churn")
    drafts = ws.store.layout.tmp
    drafts.rmdir()
    drafts.write_text("in the way of every part")
    with pytest.raises((OSError, StoreError)):
        ws.add_predictions("never", "people", predictions(frame))
    assert "never" not in ws.models()


@pytest.mark.parametrize("ref", ["people@" + "9" * 5000, "people@" + "9" * 30])
def test_a_version_of_many_digits_is_refused(ws: mp.Workspace, small: object, ref: str) -> None:
    with pytest.raises(BadOption, match="no valid version") as caught:
        ws.dataset(ref)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize("name", ["a/b", "a//b", "a@1"])
def test_separators_are_not_for_people(ws: mp.Workspace, frame: pd.DataFrame, name: str) -> None:
    with pytest.raises(BadOption):
        ws.add_dataset(name, frame, label="churn")
