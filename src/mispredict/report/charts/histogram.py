"""How a number is spread over rows."""

from __future__ import annotations

from markupsafe import Markup

from mispredict.report.charts.svg import Frame, element, line, picture
from mispredict.report.shapes import Histogram
from mispredict.report.wording import brief, count, number


def histogram(part: Histogram, title: str) -> Markup:
    """Rows by bins; wrong rows stand at the foot of each bar."""
    frame = Frame((part.edges[0], part.edges[-1]), (0.0, max(part.counts) * 1.05), left=70)
    drawn = [frame.axes(title, "rows", brief, count)]
    wrong = part.wrong or (0,) * len(part.counts)
    for low, high, n, bad in zip(part.edges, part.edges[1:], part.counts, wrong, strict=False):
        x, wide = frame.px(low), frame.px(high) - frame.px(low)
        says = f"{number(low)} to {number(high)}: {count(n)} rows"
        says += f", {count(bad)} wrong" if part.wrong else ""
        middle, top = frame.py(bad), frame.py(n)
        drawn.append(_bar(says, x, top, wide, middle - top, "right" if part.wrong else "plain"))
        drawn.append(_bar(says, x, middle, wide, frame.py(0) - middle, "wrong"))
    if part.edges[0] < 0 < part.edges[-1]:
        drawn.append(line(frame.px(0), frame.py(0), frame.px(0), frame.top, "ideal"))
    label = f"Distribution of {part.column} over {count(part.n)} rows"
    return picture(label, frame.width, frame.height, *drawn)


def _bar(says: str, x: float, y: float, wide: float, tall: float, class_: str) -> Markup:
    if tall <= 0:
        return Markup("")
    return element(
        "rect", element("title", says), x=x + 0.5, y=y, width=max(0.5, wide - 1), height=tall,
        class_=class_,
    )  # fmt: skip
