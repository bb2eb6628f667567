"""The confusion of classes as a heat map."""

from __future__ import annotations

from markupsafe import Markup

from mispredict.report.charts.svg import element, picture, text
from mispredict.report.shapes import ConfusionPart
from mispredict.report.wording import count, share

_CHARACTER = 6.4  # width of one, in pixels, at the size of the labels


def heat_map(part: ConfusionPart) -> Markup:
    """Rows are labels, columns predictions; a cell's depth is its share of the label."""
    size, names = len(part.classes), [_cut(name) for name in part.classes]
    cell = 76 if size <= 4 else 56 if size <= 8 else 36 if size <= 14 else 24
    widest = max(len(name) for name in names)
    left = max(62, 24 + _CHARACTER * widest)
    is_upright = size <= 8 and widest * _CHARACTER < cell
    top = 44 if is_upright else 34 + _CHARACTER * widest * 0.75
    tall = cell if cell < 50 else cell * 0.75
    drawn = [
        _column(name, left + (j + 0.5) * cell, top, is_upright) for j, name in enumerate(names)
    ]
    for i, name in enumerate(names):
        y = top + (i + 0.5) * tall
        drawn.append(text(name, left - 8, y + 4, "label", text_anchor="end"))
        drawn += _cells(part, i, left, top + i * tall, (cell, tall))
    drawn.append(text("prediction →", left, 14, "title"))
    drawn.append(text("label ↓", left - 8, top - 8, "title", text_anchor="end"))
    slant = 0 if is_upright else _CHARACTER * widest * 0.75
    label = f"Confusion of {size} classes over {count(part.n)} rows"
    return picture(label, left + size * cell + max(8, slant), top + size * tall + 4, *drawn)


def _cells(
    part: ConfusionPart, i: int, left: float, y: float, size: tuple[float, float]
) -> list[Markup]:
    row, total, (wide, tall) = part.counts[i], sum(part.counts[i]), size
    drawn = []
    for j, n in enumerate(row):
        portion = n / total if total else 0.0
        kind = "right" if i == j else "wrong"
        depth = 0.08 + 0.92 * portion**0.6 if n else 0.03
        says = (
            f"{part.classes[i]} → {part.classes[j]}: {count(n)} rows, "
            f"{share(portion)} of {count(total)}"
        )
        x = left + j * wide
        drawn.append(
            element(
                "rect",
                element("title", says),
                x=x + 1,
                y=y + 1,
                width=wide - 2,
                height=tall - 2,
                rx=3,
                class_=kind,
                fill_opacity=depth,
            )
        )
        drawn += _numbers(n, portion, depth, (x + wide / 2, y + tall / 2), wide)
    return drawn


def _numbers(
    n: float, portion: float, depth: float, at: tuple[float, float], wide: float
) -> list[Markup]:
    """The count, and the share where there is room for it."""
    if not n or (wide < 30 and n > 9999):
        return []
    tone = "deep" if depth > 0.72 else "mid" if depth > 0.6 else "faint"
    x, y = at
    if wide < 50:
        return [text(count(n), x, y + 3.5, f"small {tone}", text_anchor="middle")]
    return [
        text(count(n), x, y, f"big {tone}", text_anchor="middle"),
        text(share(portion, 0), x, y + 15, f"small {tone}", text_anchor="middle"),
    ]


def _column(name: str, x: float, top: float, is_upright: bool) -> Markup:
    if is_upright:
        return text(name, x, top - 8, "label", text_anchor="middle")
    return text(name, 0, 0, "label", transform=f"translate({x:.1f} {top - 8:.1f}) rotate(-50)")


def _cut(name: str) -> str:
    return name if len(name) <= 18 else name[:17] + "…"
