"""Slices of a real evaluation: planted ones are found and read well, noise stays silent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import mispredict as mp
from mispredict.cohorts.slices import ScoredSlices, Slices
from mispredict.core.errors import BadOption, UnknownColumn

WORDS = ["the", "service", "was", "quick", "and", "staff", "friendly", "room", "clean", "food"]


def people(rows: int, seed: int) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    text = [" ".join(random.choice(WORDS, 8)) for _ in range(rows)]
    noisy = random.random(rows) < 0.1
    return pd.DataFrame(
        {
            "city": random.choice(["Rome", "Oslo", "Bern", "Kyiv"], rows),
            "age": random.integers(18, 90, rows),
            "income": np.where(random.random(rows) < 0.1, np.nan, random.lognormal(10, 1, rows)),
            "member": random.random(rows) < 0.5,
            "since": pd.Timestamp("2024-01-01")
            + pd.to_timedelta(random.integers(0, 700, rows), "D"),
            "text": [t + (" refund please" if x else "") for t, x in zip(text, noisy, strict=True)],
            "y": random.choice(["no", "yes"], rows),
        }
    )


PLANTED = {
    "a value": lambda f: f["city"] == "Kyiv",
    "a range": lambda f: f["age"].between(40, 47),
    "missing": lambda f: f["income"].isna(),
    "a time": lambda f: f["since"] >= "2025-09-01",
    "two": lambda f: (f["city"] == "Oslo") & f["member"] & (f["age"] >= 60),
    "a token": lambda f: f["text"].str.contains("refund"),
}


def evaluated(
    folder: Path, frame: pd.DataFrame, wrong: np.ndarray[Any, Any], **options: Any
) -> mp.Evaluation:
    flipped = frame["y"].map({"no": "yes", "yes": "no"})
    with mp.open(folder / "ws") as ws:
        ws.add_dataset("people", frame, label="y", types={"text": "text"}, **options)
        answers = pd.DataFrame({"prediction": frame["y"].where(~wrong, flipped)})
        return ws.add_predictions("model", "people", answers)


def planted(
    folder: Path, name: str, seed: int = 0, rows: int = 12_000
) -> tuple[Any, mp.Evaluation]:
    frame = people(rows, seed)
    inside = PLANTED[name](frame).to_numpy()
    rate = np.where(inside, 0.4, 0.1)
    return inside, evaluated(folder, frame, np.random.default_rng(seed).random(rows) < rate)


@pytest.mark.parametrize("name", PLANTED)
def test_planted_slices_are_found_and_read_as_cohorts(tmp_path: Path, name: str) -> None:
    inside, ev = planted(tmp_path, name)
    result = ev.slices()
    assert isinstance(result, Slices)
    assert len(result) == 1, str(result)
    row = result.rows[0]
    mask = ev.mask(row.where)
    assert (mask & inside).sum() / (mask | inside).sum() > 0.9, row.where
    assert mask.sum() == row.n
    assert ev.target[mask].sum() == row.errors
    assert row.low < 0.3 < row.high
    assert row.p_adjusted < 1e-6
    assert row.value == pytest.approx(0.4, abs=0.05)
    assert row.gain == pytest.approx(row.n * row.difference)
    rate = f"{100 * row.value:.1f} % of {row.confirmed_n:,} held-out rows"
    assert rate in row.sentence, "the rate says on which rows it stands"
    assert f"{row.n:,} rows in all" in row.sentence
    assert result.exhausted
    assert result.searched > 1000


def test_a_wide_slice_is_searched_inside(tmp_path: Path) -> None:
    frame = people(12_000, 1)
    wide = (frame["city"] == "Kyiv").to_numpy()
    worst = wide & frame["member"].to_numpy()
    rate = np.where(worst, 0.6, np.where(wide, 0.3, 0.1))
    ev = evaluated(tmp_path, frame, np.random.default_rng(1).random(12_000) < rate)
    wheres = [row.where for row in ev.slices().rows]
    assert wheres[0] == "city = 'Kyiv'"
    masks = [ev.mask(where) for where in wheres]
    assert max((mask & worst).sum() / (mask | worst).sum() for mask in masks) > 0.95, wheres
    assert len(wheres) == 2


def test_columns_of_the_frame_are_as_promised(tmp_path: Path) -> None:
    _, ev = planted(tmp_path, "a value")
    columns = list(ev.slices().to_frame().columns)
    assert columns[:12] == [
        "where", "n", "share", "errors", "value", "rest", "difference", "low", "high",
        "p_adjusted", "share_of_errors", "gain",
    ]  # fmt: skip
    assert "sentence" in columns
    scored = ev.slices(scoring="sliceline", columns=["city", "member"], conditions=2)
    assert isinstance(scored, ScoredSlices)
    assert list(scored.to_frame().columns) == [
        "where",
        "score",
        "n",
        "errors",
        "value",
        "max_error",
    ]
    first = scored.rows[0]
    assert first.where == "city = 'Kyiv'"
    rate, n = ev.target.mean(), ev.n
    expected = 0.95 * (first.value / rate - 1) - 0.05 * (n / first.n - 1)
    assert first.score == pytest.approx(expected)


@pytest.mark.parametrize("seed", range(4))
def test_noise_stays_silent(tmp_path: Path, seed: int) -> None:
    frame = people(5_000, seed)
    ev = evaluated(tmp_path, frame, np.random.default_rng(seed + 99).random(5_000) < 0.15)
    result = ev.slices()
    assert len(result) == 0, str(result)
    assert "Nothing significant" in result.note
    assert "Nothing significant" in str(result)


def test_too_little_data_says_so(tmp_path: Path) -> None:
    frame = people(60, 0)
    ev = evaluated(tmp_path, frame, np.arange(60) < 6)
    assert "Not enough data: 60 rows" in ev.slices().note
    frame = people(2_000, 0)
    ev = evaluated(tmp_path / "few", frame, np.arange(2_000) < 4)
    assert "Not enough data: 4 errors" in ev.slices().note


def test_a_cohort_is_searched_alone_and_columns_are_chosen(tmp_path: Path) -> None:
    _, ev = planted(tmp_path, "a value")
    assert len(ev.slices(where="city <> 'Kyiv'")) == 0
    assert len(ev.slices(skip=["city"])) == 0
    assert len(ev.slices(columns=["city"])) == 1
    with pytest.raises(UnknownColumn, match="no column 'town'"):
        ev.slices(columns=["town"])


def test_objectives(tmp_path: Path) -> None:
    frame = people(12_000, 3)
    wrong = (
        (frame["city"] == "Oslo") & (frame["y"] == "no") & (np.arange(12_000) % 2 == 0)
    ).to_numpy(copy=True)
    wrong |= np.random.default_rng(0).random(12_000) < 0.05
    ev = evaluated(tmp_path, frame, wrong)
    false_positive = ev.slices(objective="false_positive[yes]", columns=["city", "age"])
    assert [row.where for row in false_positive.rows] == ["city = 'Oslo'"]
    assert false_positive.rows[0].rest == pytest.approx(0.05, abs=0.02)
    assert len(ev.slices(objective="false_negative[yes]")) == 0
    for name in ("surprise", "false_positive[maybe]", "error[yes]"):
        with pytest.raises(BadOption, match="is not a choice"):
            ev.slices(objective=name)
    with pytest.raises(BadOption, match="needs the column 'residual'"):
        ev.slices(objective="overprediction")
    with pytest.raises(BadOption, match="needs the column 'confidence'"):
        ev.slices(objective="overconfidence")


def test_residuals_of_a_regression(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    frame = people(8_000, 0).assign(y=random.normal(size=8_000))
    shift = np.where((frame["age"] > 70) & frame["member"], 1.0, 0.0)
    with mp.open(tmp_path / "ws") as ws:
        ws.add_dataset("people", frame, label="y")
        answers = pd.DataFrame({"prediction": frame["y"] + random.normal(0, 0.5, 8_000) + shift})
        ev = ws.add_predictions("model", "people", answers)
    found = ev.slices(objective="overprediction", columns=["age", "member", "city"])
    mask = ev.mask(found.rows[0].where)
    assert (mask & (shift > 0)).sum() / (mask | (shift > 0)).sum() > 0.85
    assert len(ev.slices(objective="underprediction", columns=["city", "income"])) == 0


def test_weights_decide_what_is_common(tmp_path: Path) -> None:
    frame = people(10_000, 5)
    frame["w"] = np.where(frame["city"] == "Bern", 5.0, 1.0)
    wrong = np.random.default_rng(1).random(10_000) < np.where(frame["city"] == "Bern", 0.4, 0.1)
    ev = evaluated(tmp_path, frame, wrong, weight="w")
    row = ev.slices(columns=["city", "age"]).rows[0]
    assert row.where == "city = 'Bern'"
    assert row.share == pytest.approx(
        frame.loc[frame["city"] == "Bern", "w"].sum() / frame["w"].sum()
    )


def test_searches_can_be_stopped_and_watched(tmp_path: Path) -> None:
    _, ev = planted(tmp_path, "two")
    seen: list[tuple[int, int, int]] = []
    ev.slices(progress=lambda *step: seen.append(step))
    assert seen
    stopped = ev.slices(cancel=lambda: True)
    assert not stopped.exhausted
    assert "not exhausted" in stopped.note or "Nothing" in stopped.note
    with pytest.raises(BadOption, match="conditions=9"):
        ev.slices(conditions=9)


def test_numba_and_numpy_give_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import subprocess
    import sys

    _, ev = planted(tmp_path, "two", rows=4_000)
    code = (
        "import mispredict as mp, sys\n"
        f"ev = mp.open({str(ev.workspace.store.root)!r}).evaluation()\n"
        "print([row.where for row in ev.slices().rows])"
    )
    plain = [
        subprocess.run(
            [sys.executable, "-c", code],
            env={"MISPREDICT_NUMBA": flag, "PATH": "", "HOME": str(Path.home())},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for flag in "01"
    ]
    assert plain[0] == plain[1]
    assert "Oslo" in plain[0]
