"""The chart docs/images/drift-bank-accuracy.svg, from the bank's calls; run it to draw it.

It fetches the data of `mispredict.demo.data.bank_marketing` where they are not kept yet. The
numbers that stand in docs/guide/drift.md are held by tests/workspace/test_drifting_real.py.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier

import mispredict as mp
from mispredict.data.estimated.results import EstimatedRow
from mispredict.demo.data import bank_marketing

CHART = Path(__file__).parent / "images" / "drift-bank-accuracy.svg"

_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 570, 18, 290
_LEAST = 0.4  # accuracy at the bottom; 1 is at the top
_GREY, _BLUE, _ORANGE = "#57606a", "#1f6feb", "#bc4c00"


def estimates() -> list[EstimatedRow]:
    """Estimated and real accuracy of each quarter of 2009 and 2010."""
    with tempfile.TemporaryDirectory() as folder, mp.open(folder) as workspace:
        ev = _evaluated(workspace)
        found = ev.estimated_performance(
            reference_where="time < '2009-01-01'",
            where="time >= '2009-01-01'",
            windows="quarter",
            metrics="accuracy",
        )
        return [row for row in found.rows if row.window != "all"]


def _evaluated(workspace: mp.Workspace) -> mp.Evaluation:
    """Half of the calls of 2008 fit a model; what it says of all others."""
    frame = bank_marketing()
    names = [name for name in frame.columns if name not in ("y", "date", "duration")]
    inputs = frame[names].copy()
    for name in inputs.select_dtypes(exclude="number"):
        inputs[name] = inputs[name].astype("category")
    is_train = (frame["date"] < "2009-01-01") & (np.random.default_rng(0).random(len(frame)) < 0.5)
    model = HistGradientBoostingClassifier(random_state=0)
    model.fit(inputs[is_train], frame["y"][is_train])
    chance = model.predict_proba(inputs[~is_train])[:, 1]
    rows = frame[~is_train].drop(columns="duration").reset_index(drop=True)
    workspace.add_dataset("bank", rows, label="y", time="date", positive="yes")
    said = {"prediction": np.where(chance > 0.5, "yes", "no"), "yes": chance, "no": 1 - chance}
    return workspace.add_predictions("gbm", "bank", pd.DataFrame(said))


def chart(rows: list[EstimatedRow]) -> str:
    """The rows as a chart: two lines with bands, one point per quarter."""
    step = (_RIGHT - _LEFT) / len(rows)
    places = [_LEFT + step * (at + 0.5) for at in range(len(rows))]
    lines = [*_frame(), *_reference(rows[0].reference)]
    estimated = [(row.value, row.low, row.high) for row in rows]
    real = [(row.real, row.real_low, row.real_high) for row in rows]
    names = [row.window for row in rows]
    lines += [_band(places, estimated, _BLUE), _band(places, real, _ORANGE)]
    lines += [_line(places, estimated, names, _BLUE), _line(places, real, names, _ORANGE)]
    lines.append(_text(_RIGHT + 8, _y(estimated[-1][0]) + 4, "estimated (CBPE)", _BLUE))
    lines.append(_text(_RIGHT + 8, _y(real[-1][0]) + 14, "real, by labels", _ORANGE))
    for place, name in zip(places, names, strict=True):
        lines.append(_text(place, _BOTTOM + 24, name, _GREY, "middle"))
    return "\n".join([*lines, "</svg>"]) + "\n"


def _frame() -> Iterator[str]:
    yield (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 330" width="720" height="330" '
        'font-family="system-ui, sans-serif" font-size="12" role="img" aria-label="Estimated and '
        'real accuracy by quarter, bank marketing 2009 to 2010">'
    )
    yield '<rect width="100%" height="100%" fill="#ffffff"/>'
    for share in np.arange(_LEAST, 1.01, 0.1):
        y = _y(share)
        yield f'<line x1="{_LEFT}" x2="{_RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="#e3e6ea"/>'
        yield _text(_LEFT - 8, y + 4, f"{share:.0%}".replace("%", " %"), _GREY, "end")


def _reference(value: float) -> Iterator[str]:
    y = _y(value)
    yield (
        f'<line x1="{_LEFT}" x2="{_RIGHT}" y1="{y:.1f}" y2="{y:.1f}" stroke="{_GREY}" '
        'stroke-dasharray="4 4"/>'
    )
    yield _text(_RIGHT + 8, y - 2, f"2008: {100 * value:.1f} %", _GREY)


def _band(places: list[float], values: list[tuple[float, float, float]], colour: str) -> str:
    lower = [(x, low) for x, (_, low, _) in zip(places, values, strict=True)]
    upper = [(x, high) for x, (_, _, high) in zip(places, values, strict=True)]
    points = " ".join(f"{x:.1f},{_y(value):.1f}" for x, value in [*lower, *reversed(upper)])
    return f'<polygon points="{points}" fill="{colour}" opacity="0.18"/>'


def _line(
    places: list[float], values: list[tuple[float, float, float]], names: list[str], colour: str
) -> str:
    points = [(x, _y(value)) for x, (value, _, _) in zip(places, values, strict=True)]
    joined = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    circles = "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}">'
        f"<title>{name}: {100 * value:.1f} %</title></circle>"
        for (x, y), (value, _, _), name in zip(points, values, names, strict=True)
    )
    return (
        f'<polyline points="{joined}" fill="none" stroke="{colour}" stroke-width="2"/>\n{circles}'
    )


def _text(x: float, y: float, words: str, colour: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">{words}</text>'


def _y(share: float) -> float:
    return float(_BOTTOM - (share - _LEAST) / (1 - _LEAST) * (_BOTTOM - _TOP))


if __name__ == "__main__":
    CHART.write_text(chart(estimates()), encoding="utf-8")
