"""Charts of lines: reliability, ROC, precision-recall and the cost of thresholds."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from mispredict.report.charts.svg import Frame, element, line, picture, polyline, text
from mispredict.report.shapes import CalibrationPart, CurvePart, ThresholdPart
from mispredict.report.wording import brief, count, number, share

_UNIT = (0.0, 1.0)


def reliability(part: CalibrationPart) -> Markup:
    """Accuracy against confidence in bins, with intervals, over the number of rows."""
    frame = Frame(_UNIT, _UNIT, height=310, bottom=96)
    drawn = [
        frame.axes("", "right", _percent, _percent),
        line(frame.px(0), frame.py(0), frame.px(1), frame.py(1), "ideal"),
    ]
    most = max(item.n for item in part.bins)
    base = 292.0
    for item in part.bins:
        x = frame.px(item.confidence)
        low, high = frame.px(item.low), frame.px(item.high)
        tall = 46 * item.n / most
        says = (
            f"confidence {share(item.confidence)}: right {share(item.accuracy)} of {count(item.n)}"
        )
        drawn += [
            element(
                "rect", element("title", f"{count(item.n)} rows"), x=low + 1, y=base - tall,
                width=high - low - 2, height=max(tall, 0.6), class_="count",
            ),
            line(x, frame.py(item.accuracy_low), x, frame.py(item.accuracy_high), "range"),
            element(
                "circle", element("title", says), cx=x, cy=frame.py(item.accuracy), r=4,
                class_="dot",
            ),
        ]  # fmt: skip
    drawn.append(
        text("confidence, and rows", (frame.px(0) + frame.px(1)) / 2, 306, "title",
             text_anchor="middle")
    )  # fmt: skip
    label = f"Reliability over {count(part.n)} rows"
    return picture(label, frame.width, frame.height, *drawn)


def curves(parts: Sequence[CurvePart], kind: str) -> Markup:
    """The curves of one kind, each class in its own tone."""
    frame = Frame(_UNIT, _UNIT)
    is_roc = kind == "roc"
    titles = ("false-positive rate", "true-positive rate") if is_roc else ("recall", "precision")
    drawn = [frame.axes(*titles, _percent, _percent)]
    if is_roc:
        drawn.append(line(frame.px(0), frame.py(0), frame.px(1), frame.py(1), "ideal"))
    elif len(parts) == 1 and parts[0].n:
        chance = frame.py(parts[0].positives / parts[0].n)
        drawn.append(line(frame.px(0), chance, frame.px(1), chance, "ideal"))
    for index, part in enumerate(parts):
        points = ((frame.px(x), frame.py(y)) for x, y in zip(part.x, part.y, strict=True))
        drawn.append(polyline(points, f"curve tone{index}"))
    name = "ROC curve" if is_roc else "Precision-recall curve"
    return picture(name, frame.width, frame.height, *drawn)


def threshold_costs(part: ThresholdPart) -> Markup:
    """Errors in 1,000 rows at each threshold, with the best, the usual and the decided one."""
    costs = [1000 * cost for cost in part.costs]
    frame = Frame(_UNIT, (0.0, max(costs) * 1.05 or 1.0))
    drawn = [frame.axes("threshold", "errors in 1,000 rows", brief, brief)]
    points = [(frame.px(t), frame.py(c)) for t, c in zip(part.thresholds, costs, strict=True)]
    drawn.append(polyline((p for p in points if p[0] <= frame.px(1)), "curve tone0"))
    marks = [("0.5", part.usual.threshold, part.usual.cost, "hollow")]
    marks.append(("best", part.best.threshold, part.best.cost, "dot"))
    for name, at, cost, class_ in marks:
        x, y = frame.px(min(at, 1.0)), frame.py(1000 * cost)
        says = f"{name}: threshold {brief(at)}, {number(1000 * cost)} errors in 1,000 rows"
        drawn.append(element("circle", element("title", says), cx=x, cy=y, r=5, class_=class_))
    if part.decision is not None:
        x = frame.px(part.decision.threshold)
        drawn.append(line(x, frame.py(0), x, frame.top, "decided"))
    label = f"Cost of thresholds over {count(part.n)} rows"
    return picture(label, frame.width, frame.height, *drawn)


def _percent(value: float) -> str:
    return share(value, 0)
